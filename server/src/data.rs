//! Folders of TOML files that an administrator edits: procedures, units, news.

use anyhow::{Context as _, Result};
use std::path::Path;

/// Every `.toml` file of a folder by its path, with its text, in the order of the names.
///
/// # Errors
/// When the folder or one of the files cannot be read.
pub fn toml_files(folder: &Path) -> Result<Vec<(String, String)>> {
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .with_context(|| folder.display().to_string())?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let text =
                std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            Ok((path.display().to_string(), text))
        })
        .collect()
}
