//! Files that embed no fonts, with the fonts built in and with those that are fetched when they are missed.

use crate::support::{pdf, stream};
use document::{Document, Picture, Resources, builtin_packs};

/// A page whose only font is this one, not embedded, and shows this text two bytes a letter, each its UTF-16 code.
fn page(base_font: &str, text: &str) -> Vec<u8> {
    let codes: String = text
        .encode_utf16()
        .map(|unit| format!("{unit:04x}"))
        .collect();
    let map: String = text
        .encode_utf16()
        .map(|unit| format!("<{unit:04x}> <{unit:04x}>\n"))
        .collect();
    let count = text.encode_utf16().count();
    pdf(&[
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 500 100]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>".to_vec(),
        stream("", format!("BT /F 24 Tf 10 40 Td <{codes}> Tj ET").as_bytes()),
        format!("<</Type/Font/Subtype/Type0/BaseFont/{base_font}/Encoding/Identity-H/DescendantFonts[6 0 R]/ToUnicode 7 0 R>>").into_bytes(),
        format!("<</Type/Font/Subtype/CIDFontType2/BaseFont/{base_font}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 500/FontDescriptor<</Type/FontDescriptor/FontName/{base_font}/Flags 34>>>>").into_bytes(),
        stream("", format!("/CIDInit /ProcSet findresource begin begincmap {count} beginbfchar\n{map}endbfchar endcmap end").as_bytes()),
    ])
}

fn ink(picture: &Picture) -> usize {
    picture
        .rgba
        .chunks_exact(4)
        .filter(|pixel| pixel[0] < 128)
        .count()
}

const VIETNAMESE: &str = "ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹđĐƠƯơư";

#[test]
fn every_vietnamese_letter_is_drawn_where_no_font_is_embedded() {
    for font in [
        "TimesNewRomanPSMT",
        "TimesNewRomanPS-BoldMT",
        "TimesNewRomanPS-ItalicMT",
        "ArialMT",
        "Arial-BoldMT",
        "Calibri",
    ] {
        // The box that stands for a letter the font has not.
        let drawn = |text: &str| {
            let document = Document::open(page(font, text), None).expect("opens");
            document.render(0, 1.0).expect("drawn")
        };
        let no_letter = drawn("\u{4e00}");
        for letter in VIETNAMESE.chars() {
            let letter = letter.to_string();
            let picture = drawn(&letter);
            assert!(
                ink(&picture) > 15,
                "{font} {letter}: {} dark pixels",
                ink(&picture)
            );
            assert_ne!(picture, no_letter, "{font} {letter}");
        }
    }
}

#[test]
fn what_is_missing_is_told_fetched_and_seen() {
    let resources = Resources::bare();
    let document =
        Document::open_with(page("TimesNewRomanPSMT", "Nguyễn"), None, &resources).expect("opens");
    assert_eq!(ink(&document.render(0, 1.0).expect("drawn")), 0);
    // And the one that stands in for any.
    assert_eq!(
        resources.take_missing(),
        ["font-Helvetica", "font-Times-Roman"]
    );
    assert!(resources.take_missing().is_empty());
    let packs = builtin_packs();
    let (name, bytes) = packs
        .iter()
        .find(|(name, _)| name == "font-Times-Roman")
        .expect("a pack");
    resources.provide(name, bytes.clone());
    assert!(ink(&document.render(0, 1.0).expect("drawn")) > 100);
    assert!(resources.take_missing().is_empty());
    // What does not exist is asked for until it is said so.
    let other = Document::open_with(page("ArialMT", "Nguyễn"), None, &resources).expect("opens");
    let _ = other.render(0, 1.0);
    assert_eq!(resources.take_missing(), ["font-Helvetica"]);
    resources.provide("font-Helvetica", Vec::new());
    let _ = other.render(0, 1.0);
    assert!(resources.take_missing().is_empty());
}

#[test]
fn a_cmap_that_was_fetched_reads_like_the_one_built_in() {
    let bytes = pdf(&[
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 500 100]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>".to_vec(),
        stream("", b"BT /F 24 Tf 10 40 Td <82a082a28abf> Tj ET"),
        b"<</Type/Font/Subtype/Type0/BaseFont/Ryumin-Light/Encoding/90ms-RKSJ-H/DescendantFonts[6 0 R]>>".to_vec(),
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/Ryumin-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)/Supplement 2>>/FontDescriptor<</Type/FontDescriptor/FontName/Ryumin-Light/Flags 4>>>>".to_vec(),
    ]);
    let read = |document: &Document| -> String {
        let text = document.text(0).expect("read");
        text.lines.into_iter().map(|line| line.text).collect()
    };
    let whole = Document::open(bytes.clone(), None).expect("opens");
    assert_eq!(read(&whole), "あい漢");
    let resources = Resources::bare();
    let document = Document::open_with(bytes, None, &resources).expect("opens");
    let packs = builtin_packs();
    for _ in 0..4 {
        let _ = read(&document);
        for missing in resources.take_missing() {
            let pack = packs
                .iter()
                .find(|(name, _)| *name == missing)
                .unwrap_or_else(|| panic!("{missing}"));
            resources.provide(&pack.0, pack.1.clone());
        }
    }
    assert_eq!(read(&document), "あい漢");
}
