//! What a document says of itself: facts, outline, links, attached files, form fields, and files that lie about them.

use crate::support::{deflated, pdf_with, stream};
use contract::document::{FieldKind, LinkTarget, Spot};
use contract::geometry::Rect;
use document::{AttachmentError, Document};
use proptest::prelude::*;

/// Two pages, 5 upright and 6 as `second` has it; further entries of the catalog; objects from 7 on.
fn file(catalog: &str, second: &str, further: &[Vec<u8>]) -> Vec<u8> {
    let mut objects: Vec<Vec<u8>> = vec![
        format!("<</Type/Catalog/Pages 2 0 R{catalog}>>").into(),
        b"<</Type/Pages/Kids[5 0 R 6 0 R]/Count 2>>".to_vec(),
        b"<</Producer(\xfe\xff\x01\x10\x1e\xa1)/Title(\\200 \\351)/Author(B\xe1\xba\xa1n)/Creator()>>".to_vec(),
        b"null".to_vec(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Annots 7 0 R>>".to_vec(),
        format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]{second}>>").into(),
    ];
    objects.extend_from_slice(further);
    pdf_with(&objects, "/Info 3 0 R")
}

fn open(bytes: Vec<u8>) -> Document {
    Document::open(bytes, None).expect("opens")
}

#[test]
fn facts_are_read_in_every_encoding() {
    let document = open(file(
        "/Version/1.7/Lang(vi-VN)/MarkInfo<</Marked true>>",
        "",
        &[],
    ));
    let details = document.details();
    assert_eq!(details.version, "1.7");
    assert_eq!(details.producer.as_deref(), Some("Đạ"));
    assert_eq!(details.author.as_deref(), Some("Bạn"));
    assert_eq!(details.creator, None);
    assert_eq!(document.title().as_deref(), Some("• é"));
    assert_eq!(details.language.as_deref(), Some("vi-VN"));
    assert!(details.tagged && !details.encrypted);
    let plain = open(file("", "", &[])).details();
    assert_eq!(plain.version, "1.6");
    assert!(!plain.tagged);
}

/// The outline of a file whose only entry has this destination.
fn leads(destination: &str, catalog: &str, second: &str) -> Option<Spot> {
    let bytes = file(
        &format!("/Outlines<</First 8 0 R>>{catalog}"),
        second,
        &[b"[]".to_vec(), format!("<</Title(a){destination}>>").into()],
    );
    open(bytes).details().outline[0].spot
}

#[test]
fn every_kind_of_destination_is_where_people_see_it() {
    let turned = "/Rotate 90/CropBox[50 100 550 700]";
    let names = "/Names<</Dests<</Kids[<</Names[(a)[6 0 R/XYZ 0 300 0]]>><</Names[(b)<</D[6 0 R/FitH 200]>>]>>]>>>>";
    let cases = [
        ("/Dest[6 0 R/XYZ null 600 null]", "", "", 1, 200.0),
        ("/Dest[6 0 R/Fit]", "", "", 1, 0.0),
        ("/Dest[6 0 R/FitR 0 0 100 500]", "", "", 1, 300.0),
        ("/Dest[1/FitBH 100]", "", "", 1, 700.0),
        ("/Dest[6 0 R/XYZ 0 99999 0]", "", "", 1, 0.0),
        ("/A<</S/GoTo/D[5 0 R/FitH 790]>>", "", "", 0, 10.0),
        // A quarter turn: what was left is above.
        ("/Dest[6 0 R/XYZ 150 300 0]", "", turned, 1, 100.0),
        ("/Dest[6 0 R/FitH 300]", "", turned, 1, 0.0),
        ("/Dest[6 0 R/XYZ 0 600 0]", "", "/UserUnit 2", 1, 400.0),
        ("/Dest(a)", names, "", 1, 500.0),
        ("/Dest(b)", names, "", 1, 600.0),
        ("/Dest/c", "/Dests<</c[6 0 R/FitH 700]>>", "", 1, 100.0),
    ];
    for (destination, catalog, second, page, y) in cases {
        let spot = leads(destination, catalog, second).unwrap_or_else(|| panic!("{destination}"));
        assert!(
            spot.page == page && (spot.y - y).abs() < 0.01,
            "{destination}: {spot:?} instead of {y}"
        );
    }
    for nowhere in [
        "",
        "/Dest(c)",
        "/Dest[2 0 R/Fit]",
        "/Dest[7/Fit]",
        "/Dest[-1/Fit]",
        "/A<</S/Launch/D[5 0 R/Fit]>>",
        "/Dest/d",
    ] {
        assert_eq!(leads(nowhere, "/Dests<</d/d>>", ""), None, "{nowhere}");
    }
}

#[test]
fn an_outline_that_loops_ends() {
    let bytes = file(
        "/Outlines<</First 8 0 R>>",
        "",
        &[
            b"[]".to_vec(),
            b"<</Title(M\xe1\xbb\xa5c 1)/First 9 0 R/Next 10 0 R>>".to_vec(),
            b"<</Title(1.1)/First 8 0 R/Next 9 0 R>>".to_vec(),
            b"<</Next 8 0 R>>".to_vec(),
        ],
    );
    let outline = open(bytes).details().outline;
    let lines: Vec<_> = outline
        .iter()
        .map(|entry| (entry.title.as_str(), entry.level))
        .collect();
    assert_eq!(lines, [("Mục 1", 0), ("1.1", 1), ("–", 0)]);
}

#[test]
fn an_outline_without_end_is_cut() {
    let objects: Vec<Vec<u8>> = [b"[]".to_vec()]
        .into_iter()
        .chain((8..9_000).map(|number| {
            // Ever deeper and ever longer.
            format!(
                "<</Title(a)/First {} 0 R/Next {} 0 R>>",
                number + 1,
                number + 2
            )
            .into()
        }))
        .collect();
    let outline = open(file("/Outlines<</First 8 0 R>>", "", &objects))
        .details()
        .outline;
    assert_eq!(outline.len(), 5_000);
    assert!(outline.iter().all(|entry| entry.level <= 31));
}

#[test]
fn links_lead_into_the_document_or_to_the_web_and_nowhere_else() {
    let link = |rest: &str| format!("<</Subtype/Link/Rect[110 600 10 620]{rest}>>");
    let annotations = [
        link("/A<</S/URI/URI(https://example.vn)>>"),
        link("/Dest[6 0 R/FitH 700]"),
        link("/A<</S/JavaScript/JS(1)>>"),
        link("/A<</S/URI/URI(javascript:1)>>"),
        link("/F 2/Dest[6 0 R/Fit]"),
        "<</Subtype/Link/Rect[900 900 950 950]/Dest[6 0 R/Fit]>>".into(),
        "<</Subtype/Text/Rect[0 0 9 9]/Dest[6 0 R/Fit]>>".into(),
    ];
    let bytes = file("", "", &[format!("[{}]", annotations.join(" ")).into()]);
    let document = open(bytes);
    let links = document.links(0).expect("a page");
    assert_eq!(links.len(), 2, "{links:?}");
    assert_eq!(
        links[0].rect,
        Rect {
            x: 10.0,
            y: 180.0,
            width: 100.0,
            height: 20.0
        }
    );
    assert_eq!(
        links[0].target,
        LinkTarget::Address {
            address: "https://example.vn".into()
        }
    );
    assert_eq!(
        links[1].target,
        LinkTarget::Spot {
            spot: Spot { page: 1, y: 100.0 }
        }
    );
    assert!(document.links(1).expect("a page").is_empty());
    assert!(document.links(2).is_err());
}

#[test]
fn attached_files_have_safe_names_and_their_bytes() {
    let bytes = file(
        "/Names<</EmbeddedFiles<</Names[(k)8 0 R(again)8 0 R(x)12 0 R]>>>>",
        "",
        &[
            b"[<</Subtype/FileAttachment/Rect[0 0 9 9]/FS 10 0 R>>]".to_vec(),
            "<</F(x)/UF(\u{feff}../a/Bản\u{202e} sao.docx)/Desc(Gốc)/EF<</F 9 0 R>>>>".into(),
            stream(
                "/Filter/FlateDecode/Params<</Size 9>>",
                &deflated(b"nguyen van"),
            ),
            b"<</F(.)/EF<</F 11 0 R>>>>".to_vec(),
            stream("", b"plain"),
            b"<</F(http://elsewhere)/FS/URL>>".to_vec(),
        ],
    );
    let document = open(bytes);
    let attached = document.details().attachments;
    assert_eq!(attached.len(), 2, "{attached:?}");
    assert_eq!(attached[0].name, "Bản sao.docx");
    assert_eq!(attached[0].description.as_deref(), Some("Gốc"));
    assert_eq!(attached[0].size, Some(9));
    assert_eq!(attached[1].name, "tep-dinh-kem-2");
    assert_eq!(document.attachment(0).as_deref(), Ok(&b"nguyen van"[..]));
    assert_eq!(document.attachment(1).as_deref(), Ok(&b"plain"[..]));
    assert_eq!(document.attachment(2), Err(AttachmentError::Missing));
}

#[test]
fn a_bomb_is_not_unpacked() {
    // Three filters on top of each other could make 100 GB of a hundred bytes: nobody needs that.
    let data = deflated(&deflated(&[0; 10_000]));
    for filters in [
        "[/FlateDecode/FlateDecode/FlateDecode]",
        "[/LZWDecode/RunLengthDecode/FlateDecode]",
    ] {
        let bytes = file(
            "/Names<</EmbeddedFiles<</Names[(k)8 0 R]>>>>",
            "",
            &[
                b"[]".to_vec(),
                b"<</F(a)/EF<</F 9 0 R>>>>".to_vec(),
                stream(&format!("/Filter{filters}"), &data),
            ],
        );
        assert!(
            matches!(open(bytes).attachment(0), Err(AttachmentError::TooLarge)),
            "{filters}"
        );
    }
}

#[test]
fn form_fields_inherit_and_stand_where_their_widgets_are() {
    let bytes = file(
        "/AcroForm<</Fields[8 0 R 11 0 R 12 0 R]>>",
        "",
        &[
            b"[9 0 R 10 0 R 11 0 R]".to_vec(),
            b"<</T(nguoi)/FT/Tx/V(chung)/Kids[9 0 R 10 0 R 8 0 R]>>".to_vec(),
            "<</Subtype/Widget/T(ten)/V(Nguyễn Văn A)/Rect[10 600 110 620]/Parent 8 0 R>>".into(),
            b"<</Subtype/Widget/T(tuoi)/Rect[10 500 110 520]/Parent 8 0 R>>".to_vec(),
            b"<</Subtype/Widget/T(ky)/FT/Sig/V<<>>/F 2/Rect[0 0 90 90]>>".to_vec(),
            b"<</T(chon)/FT/Ch/V[(a)(b)]/Kids[]>>".to_vec(),
        ],
    );
    let fields = open(bytes).details().fields;
    let seen: Vec<_> = fields
        .iter()
        .map(|field| {
            (
                field.name.as_str(),
                field.kind,
                field.value.as_deref(),
                field.place,
            )
        })
        .collect();
    let at = |y: f64| {
        Some((
            0,
            Rect {
                x: 10.0,
                y,
                width: 100.0,
                height: 20.0,
            },
        ))
    };
    assert_eq!(
        seen,
        [
            (
                "nguoi.ten",
                FieldKind::Text,
                Some("Nguyễn Văn A"),
                at(180.0)
            ),
            ("nguoi.tuoi", FieldKind::Text, Some("chung"), at(280.0)),
            ("ky", FieldKind::Signature, None, None),
            ("chon", FieldKind::Choice, Some("a, b"), None),
        ]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// References between objects drawn at random: trees that loop, share, lead nowhere or to the wrong kind.
    #[test]
    fn tangled_trees_are_read_to_an_end(
        knots in prop::collection::vec((0_usize..8, 1_u32..24, 1_u32..24, 1_u32..24), 16),
    ) {
        let objects: Vec<Vec<u8>> = knots.iter().map(|(kind, a, b, c)| match kind {
            0 => format!("[{a} 0 R {b} 0 R {c} 0 R]"),
            1 => format!("<</Title(a)/First {a} 0 R/Next {b} 0 R/Dest {c} 0 R>>"),
            2 => format!("<</Kids[{a} 0 R {b} 0 R]/Names[(a){c} 0 R]>>"),
            3 => format!("<</T(a)/FT/Tx/V {a} 0 R/Kids[{b} 0 R {c} 0 R]>>"),
            4 => format!("<</Subtype/Link/Rect[0 0 9 9]/Dest {a} 0 R/A<</S/GoTo/D {b} 0 R>>>>"),
            5 => format!("<</F(a)/EF<</F {a} 0 R>>/D {b} 0 R>>"),
            6 => format!("[{a} 0 R/XYZ {b} {c} null]"),
            _ => format!("{a} 0 R"),
        }.into()).collect();
        let catalog = "/Outlines 8 0 R/Dests 9 0 R/Names<</Dests 10 0 R/EmbeddedFiles 11 0 R>>/AcroForm<</Fields 12 0 R>>";
        let document = open(file(catalog, "/Annots 13 0 R", &objects));
        let details = document.details();
        prop_assert!(details.outline.len() <= 24 && details.fields.len() <= 24);
        prop_assert!(document.links(0).is_ok() && document.links(1).is_ok());
        let _ = document.attachment(0);
    }
}

#[test]
fn a_tree_that_names_itself_a_thousand_times_ends() {
    let kids = "10 0 R ".repeat(1_000);
    let inline = "<</Kids[10 0 R]>>".repeat(1_000);
    let bytes = file(
        "/Names<</Dests 10 0 R/EmbeddedFiles 10 0 R>>/Outlines<</First 8 0 R>>/AcroForm<</Fields 9 0 R>>",
        "",
        &[
            b"[]".to_vec(),
            b"<</Dest(nowhere)>>".to_vec(),
            format!("[{kids}]").into(),
            format!("<</Kids[{inline}{kids}]>>").into(),
        ],
    );
    let details = open(bytes).details();
    assert_eq!(details.outline.len(), 1);
    assert!(details.attachments.is_empty());
}
