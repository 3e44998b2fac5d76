//! Folders of TOML files that an administrator edits: procedures, news.

use anyhow::{Context as _, Result};
use std::collections::BTreeMap;
use std::path::Path;

/// The text of every `.toml` file of a folder by the file's name.
///
/// # Errors
/// When the folder or one of the files cannot be read.
pub fn toml_files(folder: &Path) -> Result<BTreeMap<String, String>> {
    let shown = || folder.display().to_string();
    let mut texts = BTreeMap::new();
    for entry in std::fs::read_dir(folder).with_context(shown)? {
        let path = entry.with_context(shown)?.path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let text =
                std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            texts.insert(name.into_owned(), text);
        }
    }
    Ok(texts)
}
