//! The files that are served: of the site that was built last, or as many bytes.

use super::home;
use crate::process::target;
use anyhow::{Context as _, Result};
use std::path::{Path, PathBuf};

/// What a release's files weigh, plain and in brotli: the first of the page's modules, the engine, the style sheet.
const SIZES: [(&str, usize, usize); 3] = [
    ("pkg/0123456789abcdef/app_bg.wasm", 662_000, 209_000),
    ("pkg/0123456789abcdef/worker_bg.wasm", 5_383_000, 1_366_000),
    ("pkg/0123456789abcdef/main.css", 41_000, 8_000),
];

/// The folder, and the files in it that are asked for.
pub fn folder() -> Result<(PathBuf, Vec<String>)> {
    let built = target().join("site");
    if let Some(files) = built_files(&built) {
        return Ok((built, files));
    }
    let made = home().join("site");
    for (name, plain, packed) in SIZES {
        let file = made.join(name);
        std::fs::create_dir_all(file.parent().context("no folder")?)?;
        std::fs::write(&file, noise(plain))?;
        std::fs::write(made.join(format!("{name}.br")), noise(packed))?;
    }
    let page = "<!doctype html><title>bench</title>";
    std::fs::write(made.join("index.html"), page)?;
    Ok((made, SIZES.map(|(name, ..)| name.to_owned()).to_vec()))
}

/// The same files of a built site, when all are there in brotli too.
fn built_files(site: &Path) -> Option<Vec<String>> {
    let releases = std::fs::read_dir(site.join("pkg")).ok()?;
    let release = releases
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.is_dir())?;
    SIZES
        .iter()
        .map(|(name, ..)| {
            let file = release.join(Path::new(name).file_name()?);
            let packed = PathBuf::from(format!("{}.br", file.display()));
            packed.is_file().then_some(())?;
            Some(file.strip_prefix(site).ok()?.display().to_string())
        })
        .collect()
}

/// Bytes that look like nothing, the same each time.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[0]
    };
    (0..length).map(|_| next()).collect()
}
