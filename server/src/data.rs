//! TOML files that an administrator edits: whole folders of them, and what is wrong in one, line by line.

use anyhow::{Context as _, Result};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// One thing that is wrong in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Line from 1.
    pub line: usize,
    /// What, in English; `edition::words` has it in Vietnamese.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.line, self.what)
    }
}

impl Fault {
    /// A fault at a value, wherever that stands in the text.
    #[must_use]
    pub fn at(text: &str, value: &str, what: String) -> Self {
        Self {
            line: line(text, value),
            what,
        }
    }
}

/// The line in which a value stands, 1 when it stands nowhere as it is.
#[must_use]
pub fn line(text: &str, value: &str) -> usize {
    text.find(value)
        .and_then(|at| text.get(..at))
        .map_or(1, |before| before.matches('\n').count() + 1)
}

/// Reads a text by its type.
///
/// # Errors
/// Where the text or a type in it is wrong first.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    toml::from_str(text).map_err(|error| Fault {
        line: error
            .span()
            .and_then(|span| text.get(..span.start))
            .map_or(1, |before| before.matches('\n').count() + 1),
        what: error.message().to_owned(),
    })
}

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
