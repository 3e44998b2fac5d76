//! Secrets of the environment.

use secrecy::SecretString;

/// A variable's value, or that of the file that `…_FILE` names; none when neither is set.
pub(super) fn secret(
    name: &str,
    variable: &impl Fn(&str) -> Option<String>,
) -> Result<Option<SecretString>, String> {
    let found = match (variable(name), variable(&format!("{name}_FILE"))) {
        (Some(value), _) => value,
        (None, Some(path)) => std::fs::read_to_string(&path)
            .map_err(|error| format!("{name}_FILE: {path}: {error}"))?,
        (None, None) => return Ok(None),
    };
    let found = found.trim_end();
    if found.is_empty() {
        return Err(format!("{name} is empty"));
    }
    Ok(Some(found.to_owned().into()))
}
