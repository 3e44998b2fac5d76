//! Signature wrapping and universal forgery (pdf-insecurity.org, 2018): what is signed is moved, what is read stands in the gap, or there is
//! nothing to check; each built here from a signed file.

use crate::support::handmade::{cms, signed, stream};
use crate::support::judged::{checked, codes};
use contract::validation::{Headline, Verdict};

/// Where the gap of the one signature begins and ends.
fn gap(bytes: &[u8]) -> (usize, usize) {
    let open = place(bytes, b"/Contents<") + 9;
    let close = open + bytes[open..].iter().position(|byte| *byte == b'>').unwrap() + 1;
    (open, close)
}

fn place(bytes: &[u8], pattern: &[u8]) -> usize {
    bytes
        .windows(pattern.len())
        .rposition(|window| window == pattern)
        .unwrap()
}

/// The file with another `/ByteRange`, padded to the room there is; what stands behind does not move.
fn ranged(bytes: &[u8], range: &str) -> Vec<u8> {
    let at = place(bytes, b"/ByteRange[");
    let end = at + bytes[at..].iter().position(|byte| *byte == b']').unwrap() + 1;
    let room = end - at;
    let mut written = format!("/ByteRange{range}");
    assert!(written.len() <= room, "{range}");
    written.push_str(&" ".repeat(room - written.len()));
    [&bytes[..at], written.as_bytes(), &bytes[end..]].concat()
}

#[test]
fn ranges_that_are_not_exactly_the_file_but_for_the_value_are_never_valid() {
    let bytes = signed().bytes;
    assert_eq!(checked(&bytes).headline(), Headline::Valid);
    let (open, close) = gap(&bytes);
    let rest = bytes.len() - close;
    let cases = [
        format!("[0 {} {close} {rest}]", open - 10),
        format!("[0 {open} {} {}]", close + 10, rest - 10),
        format!("[10 {} {close} {rest}]", open - 10),
        format!("[0 {open} {close} {}]", rest - 1),
        format!("[0 {open} {close} {}]", rest + 1),
        format!("[0 {open} {close} 0]"),
        format!("[0 0 {close} {rest}]"),
        format!("[0 {open}]"),
        format!("[0 {open} {close}]"),
        format!("[0 {open} {close} {rest} 0 0]"),
        format!("[-0 -1 {close} {rest}]"),
        format!("[0 {open} -5 {rest}]"),
        "[0 9 9223372036854775807 9]".to_owned(),
        "[0 1 18446744073709551615 2]".to_owned(),
        format!("[0 {} 0 {}]", bytes.len(), 9),
        format!("[0 {open} {} {rest}]", open - 5),
        "[]".to_owned(),
        "[(0)(1)(2)(3)]".to_owned(),
        "null".to_owned(),
        "(0 1 2 3)".to_owned(),
        "[[0 1 2 3]]".to_owned(),
        "21 0 R".to_owned(),
    ];
    for range in cases {
        let report = checked(&ranged(&bytes, &range));
        assert_ne!(report.verdict, Verdict::Valid, "{range}");
        assert_ne!(report.verdict, Verdict::Unsigned, "{range}");
    }
}

#[test]
fn values_that_are_not_one_even_hex_string_are_never_valid() {
    let bytes = signed().bytes;
    let (open, close) = gap(&bytes);
    let digits = &bytes[open + 1..close - 1];
    let room = close - open;
    let padded = |mut value: Vec<u8>| {
        value.resize(room, b' ');
        [&bytes[..open], &value, &bytes[close..]].concat()
    };
    let half = digits.len() / 2;
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", padded(b"<>".to_vec())),
        ("null", padded(b"null".to_vec())),
        (
            "zeros",
            padded([b"<", "0".repeat(digits.len()).as_bytes(), b">"].concat()),
        ),
        ("a number", padded(b"0".to_vec())),
        ("a reference to another value", padded(b"5 0 R".to_vec())),
        ("a literal string", padded(b"(x)".to_vec())),
        (
            "one digit less",
            padded([b"<", &digits[..digits.len() - 1], b">"].concat()),
        ),
        (
            "objects behind a shorter value",
            padded([b"<".as_slice(), &digits[..half], b">/Reason(x)"].concat()),
        ),
        (
            "a second value",
            padded([b"<".as_slice(), &digits[..half], b">/Contents<00>"].concat()),
        ),
        (
            "an object in the gap",
            padded(
                [
                    b"<".as_slice(),
                    &digits[..half],
                    b">>>\nendobj\n5 0 obj\n<<>>\nendobj\n",
                ]
                .concat(),
            ),
        ),
        (
            "a letter that is none",
            padded([b"<".as_slice(), &digits[..digits.len() - 2], b"zz>"].concat()),
        ),
    ];
    for (name, bytes) in cases {
        let report = checked(&bytes);
        assert_ne!(
            report.verdict,
            Verdict::Valid,
            "{name}: {:?}",
            codes(&report)
        );
    }
}

#[test]
fn a_signed_file_wrapped_in_another_is_never_valid() {
    // What was signed is moved behind a forged beginning; the range still leads to the very bytes that were signed.
    let bytes = signed().bytes;
    let (open, close) = gap(&bytes);
    let front = b"%PDF-1.7\n5 0 obj\n<</Length 0>>stream\n\nendstream\nendobj\n";
    let shift = front.len();
    let moved = [front.as_slice(), &bytes].concat();
    let range = format!("[{shift} {open} {} {}]", close + shift, bytes.len() - close);
    for candidate in [moved.clone(), ranged(&moved, &range)] {
        assert_ne!(checked(&candidate).verdict, Verdict::Valid);
    }
    // A second dictionary with the same value and range takes the first one's place, and the page says something else.
    let again = |more: &str| {
        let old = place(&bytes, b"21 0 obj\n<<");
        let end = old
            + bytes[old..]
                .windows(6)
                .position(|part| part == b"endobj")
                .unwrap();
        let body = String::from_utf8(bytes[old + 9..end].to_vec()).unwrap();
        body.trim_end().replacen("<<", &format!("<<{more}"), 1)
    };
    for (name, objects) in [
        (
            "the same dictionary elsewhere",
            vec![(21, again("")), (5, stream("", "BT (9000) Tj ET"))],
        ),
        ("another reason", vec![(21, again("/Reason(khac)"))]),
        (
            "another place of signing",
            vec![(21, again("/Location(khac)/Name(khac)"))],
        ),
    ] {
        let mut paper = signed();
        paper.revise(&objects);
        let report = checked(&paper.bytes);
        assert_ne!(
            report.verdict,
            Verdict::Valid,
            "{name}: {:?}",
            codes(&report)
        );
    }
    // The signature alone, without the file it is of.
    let alone = cms(b"x");
    assert_eq!(checked(&alone).verdict, Verdict::Unsigned);
}
