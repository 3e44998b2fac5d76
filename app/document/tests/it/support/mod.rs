//! Files made by hand, object by object, and the published ones.
#![allow(missing_docs, clippy::indexing_slicing, dead_code)]

use std::path::{Path, PathBuf};

/// Objects 1, 2, … and entries of the trailer as a whole file. Object 1 is the catalog.
pub fn pdf(objects: &[impl AsRef<[u8]>]) -> Vec<u8> {
    pdf_with(objects, "")
}

/// The same with further entries of the trailer.
pub fn pdf_with(objects: &[impl AsRef<[u8]>], trailer: &str) -> Vec<u8> {
    let mut bytes = b"%PDF-1.6\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, body) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", bytes.len()));
        bytes.extend(format!("{} 0 obj\n", number + 1).bytes());
        bytes.extend(body.as_ref());
        bytes.extend(b"\nendobj\n");
    }
    let start = bytes.len();
    bytes.extend(
        format!(
            "{table}trailer\n<</Size {}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n",
            objects.len() + 1
        )
        .bytes(),
    );
    bytes
}

/// A stream with these further entries.
pub fn stream(entries: &str, data: &[u8]) -> Vec<u8> {
    let mut body = format!("<</Length {}{entries}>>stream\n", data.len()).into_bytes();
    body.extend(data);
    body.extend(b"\nendstream");
    body
}

/// Deflated with a zlib header.
pub fn deflated(data: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(data).unwrap_or_default();
    encoder.finish().unwrap_or_default()
}

/// Files of the shared corpus, one of five (`cargo xtask corpus` looks at all of them); where it is not there, says so.
pub fn published() -> Option<Vec<PathBuf>> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let mut found = Vec::new();
    files(&corpus, &mut found);
    if found.is_empty() {
        println!("the corpus is not here: nothing was looked at");
        return None;
    }
    let every = if std::env::var("CORPUS").as_deref() == Ok("all") {
        1
    } else {
        5
    };
    Some(found.into_iter().step_by(every).collect())
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            files(&entry, found);
        } else if entry.extension().is_some_and(|end| end == "pdf") {
            found.push(entry);
        }
    }
}
