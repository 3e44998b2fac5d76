//! Judge a file whose `/Contents` is anything: a person's signature, or a timestamp over the file.
#![no_main]

use contract::provider::Trust;
use contract::validation::Verdict;
use contract::value::Timestamp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((kind, contents)) = data.split_first() else {
        return;
    };
    let kind = if kind % 2 == 0 {
        "/Type/Sig/SubFilter/ETSI.CAdES.detached/M(D:20261101000000Z)"
    } else {
        "/Type/DocTimeStamp/SubFilter/ETSI.RFC3161"
    };
    let file = file(kind, contents);
    let report = signature::validate(
        &file,
        &Trust { roots: Vec::new() },
        Timestamp(1_795_000_000_000),
    );
    assert_eq!(
        report.signatures.len(),
        usize::from(contents.iter().any(|byte| *byte != 0))
    );
    assert_ne!(report.verdict, Verdict::Valid, "nobody is trusted");
    let _ = signature::archive::chains(&file);
});

/// A page with one signature field that nobody sees.
fn file(kind: &str, contents: &[u8]) -> Vec<u8> {
    const RANGE: &str = "[0 0000000000 0000000000 0000000000]";
    let mut out = b"%PDF-1.7\n".to_vec();
    let digits: String = contents.iter().map(|byte| format!("{byte:02x}")).collect();
    let objects = [
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]/SigFlags 3>>>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Annots[4 0 R]>>".to_owned(),
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(S)/Rect[0 0 0 0]/P 3 0 R/V 5 0 R>>".to_owned(),
        format!("<<{kind}/ByteRange{RANGE}/Contents<{digits}>>>"),
    ];
    let mut table = String::from("xref\n0 6\n0000000000 65535 f \n");
    for (number, body) in (1..).zip(&objects) {
        table.push_str(&format!("{:010} 00000 n \n", out.len()));
        out.extend(format!("{number} 0 obj\n{body}\nendobj\n").bytes());
    }
    let start = out.len();
    out.extend(
        format!("{table}trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").bytes(),
    );
    let find = |pattern: &str| {
        let pattern = pattern.as_bytes();
        out.windows(pattern.len())
            .position(|window| window == pattern)
            .expect("written")
    };
    let (at, open) = (find(RANGE), find("/Contents<") + 9);
    let close = open + digits.len() + 2;
    let range = format!("[0 {open:010} {close:010} {:010}]", out.len() - close);
    out[at..at + range.len()].copy_from_slice(range.as_bytes());
    out
}
