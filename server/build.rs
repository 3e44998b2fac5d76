//! Makes source of data: the list of the built-in procedures, and the words about handlers out of their doc comments, so that the API's
//! document says what the code says.

use std::fmt::Write as _;
use std::io::Result;
use std::path::Path;

/// The lines of a doc comment with this mark, as one text; an empty line divides paragraphs.
fn text(lines: &[&str], mark: &str) -> String {
    let mut out = String::new();
    for line in lines {
        let line = line.strip_prefix(mark).unwrap_or(line).trim();
        if line.is_empty() {
            out.push_str("\n\n");
        } else {
            if !out.is_empty() && !out.ends_with('\n') {
                out.push(' ');
            }
            out.push_str(line);
        }
    }
    out
}

/// What handlers and resources say of themselves: `src/api/document.rs`.
fn words() -> Result<()> {
    let folder = Path::new("src/route");
    println!("cargo::rerun-if-changed=src/route");
    let mut files: Vec<_> = std::fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    files.retain(|file| file.extension().is_some_and(|of| of == "rs"));
    files.sort();
    let (mut handlers, mut resources) = (String::new(), String::new());
    for file in files {
        let source = std::fs::read_to_string(&file)?;
        let stem = file.file_stem().unwrap_or_default().to_string_lossy();
        let head: Vec<&str> = source
            .lines()
            .take_while(|line| line.starts_with("//!"))
            .collect();
        writeln!(resources, "    ({stem:?}, {:?}),", text(&head, "//!"))
            .map_err(std::io::Error::other)?;
        let mut said: Vec<&str> = Vec::new();
        for line in source.lines() {
            if line.starts_with("///") {
                said.push(line);
            } else if let Some(rest) = line.strip_prefix("pub async fn ") {
                let name = rest.split(['(', '<']).next().unwrap_or_default();
                writeln!(
                    handlers,
                    "    (\"{stem}::{name}\", {:?}),",
                    text(&said, "///")
                )
                .map_err(std::io::Error::other)?;
                said.clear();
            } else if !line.starts_with("#[") {
                said.clear();
            }
        }
    }
    let out = std::env::var_os("OUT_DIR").unwrap_or_default();
    std::fs::write(
        Path::new(&out).join("words.rs"),
        format!(
            "/// What handlers say of themselves.\npub const HANDLERS: &[(&str, &str)] = &[\n{handlers}];\n\
             /// What resources say of themselves.\npub const RESOURCES: &[(&str, &str)] = &[\n{resources}];\n"
        ),
    )
}

/// Lists the files of `data/procedures`, so that adding one is all there is to do.
fn procedures() -> Result<()> {
    let folder = std::env::current_dir()?.join("data/procedures");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut paths: Vec<_> = std::fs::read_dir(&folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    paths.sort();
    let mut list = String::from("[\n");
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        writeln!(list, "({name:?}, include_str!({:?})),", path.display())
            .map_err(std::io::Error::other)?;
    }
    list.push_str("]\n");
    let out = std::env::var_os("OUT_DIR").unwrap_or_default();
    std::fs::write(Path::new(&out).join("procedures.rs"), list)
}

fn main() -> Result<()> {
    procedures()?;
    words()
}
