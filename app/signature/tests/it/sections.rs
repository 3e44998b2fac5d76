//! Tricks with cross-reference sections behind a signature: readers follow them, search the file, count words or count bytes, and must not
//! come to see different documents.

use crate::support::handmade::{Paper, certified, signed, stream};
use crate::support::judged::{checked, codes};
use contract::validation::Verdict;

const FORGED: &str = "BT /F1 24 Tf 60 700 Td (So tien 9000) Tj ET";
/// What the page shows when it is signed.
const HONEST: &str = "BT /F1 24 Tf 60 700 Td (So tien 1000) Tj ET";

/// Appends raw bytes of a last section.
fn tail(paper: &Paper, body: impl FnOnce(usize) -> (String, usize)) -> Vec<u8> {
    let mut bytes = paper.bytes.clone();
    let (text, start) = body(bytes.len());
    bytes.extend_from_slice(text.as_bytes());
    bytes.extend_from_slice(format!("startxref\n{start}\n%%EOF\n").as_bytes());
    bytes
}

fn previous(paper: &Paper) -> usize {
    let text = String::from_utf8_lossy(&paper.bytes);
    let last = text.rsplit("startxref").next().unwrap();
    last.split_whitespace().next().unwrap().parse().unwrap()
}

#[test]
fn tricks_with_sections_are_never_valid() {
    let paper = signed();
    let before = previous(&paper);
    let trailer = |more: &str| format!("trailer\n<</Size 200/Root 1 0 R/Prev {before}{more}>>\n");
    let mut cases: Vec<(&str, Vec<u8>)> = Vec::new();
    cases.push((
        "the content freed",
        tail(&paper, |at| {
            (
                format!("xref\n5 1\n0000000000 00001 f \n{}", trailer("")),
                at,
            )
        }),
    ));
    cases.push((
        "another generation",
        tail(&paper, |at| {
            let object = format!("5 1 obj\n{}\nendobj\n", stream("", FORGED));
            let start = at + object.len();
            (
                format!("{object}xref\n5 1\n{at:010} 00001 n \n{}", trailer("")),
                start,
            )
        }),
    ));
    cases.push(("the content in an object stream", tail(&paper, |at| {
        // Three objects: a stream with the page written anew, and the section as a stream.
        let inner = "3 0 <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 60 0 R/Annots[7 0 R 20 0 R]>>";
        let packed = format!("70 0 obj\n<</Type/ObjStm/N 1/First 4/Length {}>>stream\n{inner}\nendstream\nendobj\n", inner.len());
        let content = format!("60 0 obj\n{}\nendobj\n", stream("", FORGED));
        let (second, section) = (at + packed.len(), at + packed.len() + content.len());
        let row = |kind: u8, value: usize, third: u8| format!("{kind:02x}{value:08x}{third:02x}");
        let rows = [row(2, 70, 0), row(1, second, 0), row(1, at, 0), row(1, section, 0)].concat();
        let entries = format!("/Type/XRef/W[1 4 1]/Index[3 1 60 1 70 2]/Size 200/Root 1 0 R/Prev {before}/Filter/ASCIIHexDecode");
        let text = format!("{packed}{content}71 0 obj\n<<{entries}/Length {}>>stream\n{rows}\nendstream\nendobj\n", rows.len());
        (text, section)
    })));
    cases.push(("a hidden section", tail(&paper, |at| {
        let content = format!("5 0 obj\n{}\nendobj\n", stream("", FORGED));
        let hidden = at + content.len();
        let rows = format!("01{at:08x}00");
        let section = format!("71 0 obj\n<</Type/XRef/W[1 4 1]/Index[5 1]/Size 200/Root 1 0 R/Filter/ASCIIHexDecode/Length {}>>stream\n{rows}\nendstream\nendobj\n", rows.len());
        let start = hidden + section.len();
        (format!("{content}{section}xref\n0 0\n{}", trailer(&format!("/XRefStm {hidden}"))), start)
    })));
    cases.push(("another catalog", tail(&paper, |at| {
        let object = "90 0 obj\n<</Type/Catalog/Pages 91 0 R/AcroForm 6 0 R>>\nendobj\n91 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n";
        let second = at + object.find("91 0 obj").unwrap();
        let start = at + object.len();
        (format!("{object}xref\n90 2\n{at:010} 00000 n \n{second:010} 00000 n \ntrailer\n<</Size 200/Root 90 0 R/Prev {before}>>\n"), start)
    })));
    cases.push((
        "a section without the earlier ones",
        tail(&paper, |at| {
            (
                "xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 200/Root 1 0 R>>\n".to_owned(),
                at,
            )
        }),
    ));
    cases.push((
        "a chain that bites its tail",
        tail(&paper, |at| {
            (
                format!(
                    "xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 200/Root 1 0 R/Prev {at}>>\n"
                ),
                at,
            )
        }),
    ));
    // The last word leads back to the file before it was signed.
    let text = String::from_utf8_lossy(&paper.bytes).into_owned();
    let first: usize = text
        .split("startxref\n")
        .nth(1)
        .unwrap()
        .lines()
        .next()
        .unwrap()
        .parse()
        .unwrap();
    cases.push((
        "back to before the signature",
        tail(&paper, |_| (String::new(), first)),
    ));
    cases.push((
        "encryption added",
        tail(&paper, |at| {
            (
                format!(
                    "xref\n0 0\n{}",
                    trailer("/Encrypt<</Filter/Standard/V 1/R 2/P -4/O(x)/U(x)>>")
                ),
                at,
            )
        }),
    ));
    cases.push(("a comment that other readers take for an object", {
        let mut bytes = paper.bytes.clone();
        bytes.extend_from_slice(b"%\n5 0 obj\n<</Length 0>>stream\n\nendstream\nendobj\n");
        bytes
    }));
    let mut passed = Vec::new();
    for (name, bytes) in cases {
        let report = checked(&bytes);
        if report.verdict == Verdict::Valid {
            passed.push((
                name,
                format!("{:?} {:?}", report.findings, report.signatures[0].findings),
            ));
        }
    }
    assert!(passed.is_empty(), "{passed:#?}");
}

/// An object's text and where the next begins.
fn object(number: u32, body: &str) -> String {
    format!("{number} 0 obj\n{body}\nendobj\n")
}

/// Where the first of a pattern stands.
fn place(bytes: &[u8], pattern: &str) -> usize {
    let pattern = pattern.as_bytes();
    bytes
        .windows(pattern.len())
        .position(|window| window == pattern)
        .unwrap()
}

#[test]
fn sections_that_mean_another_thing_to_another_reader_are_never_valid() {
    let paper = signed();
    let before = previous(&paper);
    let forged = object(5, &stream("", FORGED));
    let old = place(&paper.bytes, "\n5 0 obj") + 1;
    let trailer = |more: &str| format!("trailer\n<</Size 200/Root 1 0 R/Prev {before}{more}>>\n");
    let entry = |at: usize| format!("{at:010} 00000 n \n");
    let mut cases: Vec<(&str, Vec<u8>)> = Vec::new();
    cases.push((
        "a number twice in a section, the honest place first",
        tail(&paper, |at| {
            (
                format!(
                    "{forged}xref\n5 1\n{}5 1\n{}{}",
                    entry(old),
                    entry(at),
                    trailer("")
                ),
                at + forged.len(),
            )
        }),
    ));
    cases.push((
        "a number twice in a section, the forged place first",
        tail(&paper, |at| {
            (
                format!(
                    "{forged}xref\n5 1\n{}5 1\n{}{}",
                    entry(at),
                    entry(old),
                    trailer("")
                ),
                at + forged.len(),
            )
        }),
    ));
    cases.push(("a comment that holds a whole object", {
        let mut bytes = paper.bytes.clone();
        bytes.extend(format!("%{}\n", object(5, "<<>>").replace('\n', " ")).bytes());
        bytes
    }));
    cases.push(("a comment that names another section", {
        let mut bytes = paper.bytes.clone();
        bytes.extend(format!("% startxref {before} %%EOF\n").bytes());
        bytes
    }));
    cases.push((
        "a comment among the entries",
        tail(&paper, |at| {
            (
                format!("xref\n5 1 % 6 1\n{}{}", entry(old), trailer("")),
                at,
            )
        }),
    ));
    cases.push(("a smaller size", tail(&paper, |at| {
        (format!("xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 4/Root 1 0 R/Prev {before}>>\n"), at)
    })));
    cases.push(("an end that leads nowhere, before the last", {
        let mut bytes = paper.bytes.clone();
        bytes.extend(b"startxref\n9\n%%EOF\n");
        let mut next = paper.clone();
        next.bytes = bytes;
        tail(&next, |at| {
            (
                format!("xref\n0 1\n0000000000 65535 f \n{}", trailer("")),
                at,
            )
        })
    }));
    cases.push((
        "numbers beyond all bounds",
        tail(&paper, |at| {
            (
                format!("xref\n99999999999 1\n{}{}", entry(at), trailer("")),
                at,
            )
        }),
    ));
    cases.push((
        "a place beyond the file",
        tail(&paper, |at| {
            (
                format!("xref\n5 1\n{}{}", entry(9_999_999), trailer("")),
                at,
            )
        }),
    ));
    cases.push(("a negative way back", tail(&paper, |at| {
        (format!("xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 200/Root 1 0 R/Prev -{before}>>\n"), at)
    })));
    // Written anew and taken back by a section that leads to the old place: whoever searches from the end finds the forged one.
    let mut back = paper.clone();
    back.revise(&[(5, stream("", FORGED))]);
    let newest = previous(&back);
    cases.push((
        "an object taken back",
        tail(&back, |at| {
            (
                format!(
                    "xref\n5 1\n{}trailer\n<</Size 200/Root 1 0 R/Prev {newest}>>\n",
                    entry(old)
                ),
                at,
            )
        }),
    ));
    cases.push(("a hidden section beside the table's own entry", tail(&paper, |at| {
        let hidden = at + forged.len();
        let rows = format!("01{at:08x}00");
        let section = format!("71 0 obj\n<</Type/XRef/W[1 4 1]/Index[5 1]/Size 200/Root 1 0 R/Filter/ASCIIHexDecode/Length {}>>stream\n{rows}\nendstream\nendobj\n", rows.len());
        (format!("{forged}{section}xref\n5 1\n{}{}", entry(old), trailer(&format!("/XRefStm {hidden}"))), hidden + section.len())
    })));
    cases.push(("a stream of sections that bites its tail", tail(&paper, |at| {
        let rows = format!("01{at:08x}00");
        (format!("71 0 obj\n<</Type/XRef/W[1 4 1]/Index[71 1]/Size 200/Root 1 0 R/Prev {at}/Filter/ASCIIHexDecode/Length {}>>stream\n{rows}\nendstream\nendobj\n", rows.len()), at)
    })));
    cases.push(("two ends, the first of a forged revision", {
        let mut forged = paper.clone();
        forged.revise(&[(5, stream("", FORGED))]);
        forged
            .bytes
            .extend(format!("startxref\n{before}\n%%EOF\n").bytes());
        forged.bytes
    }));
    for (name, bytes) in [
        ("bytes after the end", b"x".as_slice()),
        ("another header", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"),
        (
            "a second file",
            b"%%EOF\n%PDF-1.4\ntrailer\n<</Root 1 0 R>>\n%%EOF\n",
        ),
        ("a null byte and a word", b"\0\0endobj\n%%EOF"),
    ] {
        let mut all = paper.bytes.clone();
        all.extend_from_slice(bytes);
        cases.push((name, all));
    }
    let mut passed = Vec::new();
    for (name, bytes) in cases {
        let report = checked(&bytes);
        if report.verdict == Verdict::Valid {
            passed.push((name, format!("{:?}", codes(&report))));
        }
    }
    assert!(passed.is_empty(), "{passed:#?}");
}

#[test]
fn honest_sections_behind_a_signature_stay_valid() {
    // The same object written in two revisions, the last one counting; a freed object; an empty section.
    let mut paper = signed();
    paper.revise(&[(5, stream("", HONEST)), (80, "(a)".into())]);
    paper.revise(&[(5, stream("", HONEST)), (80, "(b)".into())]);
    paper.revise(&[]);
    let report = checked(&paper.bytes);
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    for level in 1..=3 {
        let mut paper = certified(level);
        paper.revise(&[(80, "(a)".into())]);
        assert_eq!(checked(&paper.bytes).verdict, Verdict::Valid);
    }
}
