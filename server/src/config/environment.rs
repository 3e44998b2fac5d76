//! Secrets of the environment. One place looks them up, so that a tenant gets its own and never another's.

use secrecy::SecretString;
use std::sync::Arc;

/// What reads a variable.
type Read = dyn Fn(&str) -> Option<String> + Send + Sync;

/// Where secrets come from: variables of the process, a tenant's behind its own prefix.
#[derive(Clone)]
pub struct Environment {
    prefix: String,
    read: Arc<Read>,
}

impl Environment {
    /// That of a process with one portal: names are as they are.
    #[must_use]
    pub fn process() -> Self {
        Self::of(|name| std::env::var(name).ok())
    }

    /// The variables that a function knows.
    #[must_use]
    pub fn of(read: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self {
            prefix: String::new(),
            read: Arc::new(read),
        }
    }

    /// A tenant's part of it: for `ha-noi` every name begins with `HA_NOI_`. What stands there without the prefix is not its own and is
    /// not looked at.
    #[must_use]
    pub fn of_tenant(&self, tenant: &str) -> Self {
        Self {
            prefix: format!("{}_", tenant.replace('-', "_").to_ascii_uppercase()),
            read: self.read.clone(),
        }
    }

    /// Whether it is a tenant's part.
    #[must_use]
    pub const fn is_tenants(&self) -> bool {
        !self.prefix.is_empty()
    }

    /// A variable as an operator writes it.
    #[must_use]
    pub fn name(&self, variable: &str) -> String {
        format!("{}{variable}", self.prefix)
    }

    /// A variable's value, or that of the file that `…_FILE` names; none when neither is set.
    ///
    /// # Errors
    /// When the file cannot be read or nothing stands there; the value is not told.
    pub fn secret(&self, variable: &str) -> Result<Option<SecretString>, String> {
        let name = self.name(variable);
        let found = match ((self.read)(&name), (self.read)(&format!("{name}_FILE"))) {
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

    /// A secret that has to be there.
    ///
    /// # Errors
    /// As [`Environment::secret`], and when neither variable is set.
    pub fn needed(&self, variable: &str) -> Result<SecretString, String> {
        let name = self.name(variable);
        self.secret(variable)?
            .ok_or_else(|| format!("neither {name} nor {name}_FILE is set"))
    }
}

impl std::fmt::Debug for Environment {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "Environment({}…)", self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret as _;

    #[test]
    fn a_tenant_gets_its_own_secret_and_never_one_without_its_prefix() {
        let folder = tempfile::tempdir().expect("folder");
        let file = folder.path().join("kek");
        std::fs::write(&file, "of-a\n").expect("written");
        let file = file.display().to_string();
        let process = Environment::of(move |name| match name {
            "PORTAL_KEK" => Some("of-all".to_owned()),
            "A_1_PORTAL_KEK_FILE" => Some(file.clone()),
            "B_PORTAL_KEK" => Some(" \n".to_owned()),
            "C_PORTAL_KEK_FILE" => Some("/khong/co".to_owned()),
            _ => None,
        });
        let of = |tenant: &str| process.of_tenant(tenant).secret("PORTAL_KEK");
        let value = |found: Option<SecretString>| found.expect("there").expose_secret().to_owned();
        assert_eq!(value(process.secret("PORTAL_KEK").expect("read")), "of-all");
        assert_eq!(value(of("a-1").expect("read")), "of-a");
        assert_eq!(of("b").expect_err("empty"), "B_PORTAL_KEK is empty");
        assert!(
            of("c")
                .expect_err("no file")
                .starts_with("C_PORTAL_KEK_FILE: ")
        );
        assert!(of("d").expect("read").is_none());
        let wrong = process.of_tenant("d").needed("PORTAL_KEK");
        assert_eq!(
            wrong.expect_err("refused"),
            "neither D_PORTAL_KEK nor D_PORTAL_KEK_FILE is set"
        );
        assert_eq!(format!("{:?}", process.of_tenant("d")), "Environment(D_…)");
    }
}
