//! Revise a signed file: what is written is `NUMBER BODY` objects behind a signed base, with sections that hold, so that every input reaches
//! the comparison of revisions. Where nobody may tell a change, every page looks as it did when it was signed.
#![no_main]

use contract::provider::Trust;
use contract::validation::{Headline, Modifications, Verdict};
use contract::value::{Base64, Timestamp};
use document::Document;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

const NOW: Timestamp = Timestamp(1_795_000_000_000);
/// What stands between two objects of an input.
const BETWEEN: &[u8] = b"\n--\n";

/// A signed file and its pages as they look.
struct Base {
    bytes: Vec<u8>,
    previous: String,
    pictures: Vec<Vec<u8>>,
}

/// The bases of `examples/seeds.rs`, in the order of their names, and who is trusted.
static BASES: LazyLock<(Vec<Base>, Trust)> = LazyLock::new(|| {
    let read = |path: std::path::PathBuf| std::fs::read(path).expect("cargo xtask fuzz writes the bases");
    let mut paths: Vec<_> = std::fs::read_dir("corpus/base")
        .expect("cargo xtask fuzz writes the bases")
        .map(|entry| entry.expect("listed").path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "pdf"))
        .collect();
    paths.sort();
    let trust = Trust {
        roots: vec![Base64(read("corpus/base/root.der".into()))],
    };
    let bases = paths.into_iter().map(|path| {
        let bytes = read(path);
        let report = signature::validate(&bytes, &trust, NOW);
        assert_eq!(report.verdict, Verdict::Valid, "{report:?}");
        let text = String::from_utf8_lossy(&bytes);
        let previous = text.rsplit("startxref").next().unwrap_or_default();
        let previous = previous.split_whitespace().next().unwrap_or_default().to_owned();
        let pictures = pictures(bytes.clone()).expect("a base can be drawn");
        Base { bytes, previous, pictures }
    });
    (bases.collect(), trust)
});

fuzz_target!(|data: &[u8]| {
    let (bases, trust) = &*BASES;
    let Some((chosen, rest)) = data.split_first() else {
        return;
    };
    let base = &bases[usize::from(*chosen) % bases.len()];
    let bytes = revised(base, rest);
    let report = signature::validate(&bytes, trust, NOW);
    assert_ne!(report.verdict, Verdict::Unsigned, "the signature is still there");
    // Filling in and signing are seen; anything less is not.
    let unseen = report
        .signatures
        .iter()
        .any(|signature| signature.modifications <= Modifications::Lta && signature.changed_pages.is_empty());
    if report.headline() == Headline::Valid && unseen {
        let seen = pictures(bytes).expect("what is valid can be drawn");
        assert!(seen == base.pictures, "plainly valid, but it looks different: {report:?}");
    }
});

/// The base with one more revision.
fn revised(base: &Base, objects: &[u8]) -> Vec<u8> {
    let mut out = base.bytes.clone();
    let mut table = String::from("xref\n");
    let (mut rest, mut size, mut more) = (objects, 200_u32, Vec::new());
    while !rest.is_empty() {
        let end = rest
            .windows(BETWEEN.len())
            .position(|window| window == BETWEEN)
            .unwrap_or(rest.len());
        let (object, after) = rest.split_at(end);
        rest = after.get(BETWEEN.len()..).unwrap_or_default();
        let digits = object.iter().take_while(|byte| byte.is_ascii_digit()).count().min(4);
        let (number, body) = object.split_at(digits);
        let Ok(number) = std::str::from_utf8(number).unwrap_or_default().parse::<u32>() else {
            continue;
        };
        if number == 0 {
            more.extend_from_slice(body);
            continue;
        }
        size = size.max(number + 1);
        table.push_str(&format!("{number} 1\n{:010} 00000 n \n", out.len()));
        out.extend(format!("{number} 0 obj\n").bytes());
        out.extend_from_slice(body);
        out.extend(b"\nendobj\n");
    }
    let start = out.len();
    out.extend(format!("{table}trailer\n<</Size {size}/Root 1 0 R/Prev {}", base.previous).bytes());
    out.extend(more);
    out.extend(format!(">>\nstartxref\n{start}\n%%EOF\n").bytes());
    out
}

/// Every page, small.
fn pictures(bytes: Vec<u8>) -> Option<Vec<Vec<u8>>> {
    let document = Document::open(bytes, None).ok()?;
    (0..document.page_count())
        .map(|page| Some(document.render(page, 0.25).ok()?.rgba))
        .collect()
}
