//! Marks on other pages: drawn by stamps in the signed revision, refused where an earlier signature would be hurt.

use crate::support::base::{Draft, signable};
use crate::support::pki::PKI;
use crate::support::signing::{BOX, request, sign};
use contract::appearance::AppearanceMode;
use contract::geometry::Rect;
use contract::provider::Trust;
use contract::validation::{Coverage, Integrity, Modifications};
use contract::value::{Base64, Timestamp};
use contract::worker::WorkerProblem;
use document::Document;
use lopdf::Object;
use signature::{SignError, finish, inspect, prepare, validate};

/// Signs page 1 and marks others.
fn signed_with(base: &[u8], copies: Vec<(u32, Rect)>) -> Vec<u8> {
    let signer = &PKI.p256;
    let mut asked = request(signer, 0, BOX);
    asked.copies = copies;
    let (prepared, bytes) = prepare(base, &asked, None).unwrap();
    let value = signer.sign(&prepared.digest);
    let issuers = signer.issuers();
    finish(bytes, &prepared, &signer.certificate, &issuers, &value).unwrap()
}

/// The stamps of a page as lopdf sees them.
fn stamps(file: &lopdf::Document, page: u32) -> Vec<lopdf::Dictionary> {
    let follow = |object: &Object| file.dereference(object).unwrap().1.clone();
    let id = *file.get_pages().get(&page).unwrap();
    let Ok(list) = file.get_dictionary(id).unwrap().get(b"Annots") else {
        return Vec::new();
    };
    follow(list)
        .as_array()
        .map(|list| list.iter().map(follow).collect::<Vec<_>>())
        .unwrap_or_default()
        .into_iter()
        .filter_map(|annotation| annotation.as_dict().ok().cloned())
        .filter(|annotation| annotation.get(b"Subtype").unwrap().as_name().unwrap() == b"Stamp")
        .collect()
}

#[test]
fn marks_stand_on_their_pages_and_the_signature_covers_them() {
    let below = Rect { y: 400.0, ..BOX };
    for (name, base) in signable() {
        let pages = lopdf::Document::load_mem(&base).unwrap().get_pages().len();
        let last = u32::try_from(pages).unwrap() - 1;
        let signed = signed_with(&base, vec![(0, below), (last, Rect { x: 60.0, ..BOX })]);
        assert!(signed.starts_with(&base), "{name}");
        let file = lopdf::Document::load_mem(&signed).unwrap();
        assert_eq!(file.get_pages().len(), pages, "{name}");
        let first = stamps(&file, 1);
        assert_eq!(first.len(), if last == 0 { 2 } else { 1 }, "{name}");
        for stamp in first.iter().chain(&stamps(&file, last + 1)) {
            assert_eq!(stamp.get(b"F").unwrap().as_i64().unwrap(), 132, "{name}");
            assert!(stamp.has(b"NM") && stamp.has(b"Contents"), "{name}");
        }
        let roots = Trust {
            roots: vec![Base64(PKI.root.clone())],
        };
        let report = validate(&signed, &roots, Timestamp(1_795_000_000_000));
        let [only] = report.signatures.as_slice() else {
            panic!("{name}: {} signatures", report.signatures.len());
        };
        assert_eq!(only.integrity, Integrity::Intact, "{name}");
        assert_eq!(only.coverage, Coverage::WholeFile, "{name}");
        assert_eq!(only.modifications, Modifications::None, "{name}");
        assert_eq!(
            inspect(&signed).unwrap().boxes.len(),
            1,
            "{name}: marks are no signatures"
        );
    }
}

#[test]
fn a_further_signature_leaves_marks_and_the_first_signature_whole() {
    let signed = signed_with(&Draft::new(&["", ""]).table(), vec![(1, BOX)]);
    let (_, twice) = sign(&signed, &PKI.rsa, Rect { y: 300.0, ..BOX });
    let roots = Trust {
        roots: vec![Base64(PKI.root.clone())],
    };
    let report = validate(&twice, &roots, Timestamp(1_795_000_000_000));
    assert_eq!(report.signatures.len(), 2);
    for signature in &report.signatures {
        assert!(
            signature.modifications <= Modifications::FormFill,
            "{:?}",
            signature.modifications
        );
    }
    assert_eq!(
        stamps(&lopdf::Document::load_mem(&twice).unwrap(), 2).len(),
        1
    );
}

#[test]
fn a_signed_or_certified_document_takes_no_marks() {
    let (_, signed) = sign(&Draft::new(&["", ""]).table(), &PKI.p256, BOX);
    let mut asked = request(&PKI.p256, 0, Rect { y: 300.0, ..BOX });
    asked.copies = vec![(1, BOX)];
    let error = prepare(&signed, &asked, None).unwrap_err();
    assert_eq!(error, SignError::MarksRefused);
    assert_eq!(error.problem(), WorkerProblem::MarksRefused);
    // A certification that permits filling, named by the catalog alone.
    let certified = Draft::new(&["", ""])
        .with(40, "<</Type/Sig/Filter/Adobe.PPKLite/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P 2/V/1.2>>>>]>>")
        .catalog("/Perms<</DocMDP 40 0 R>>")
        .table();
    let refused = |asked: &_| prepare(&certified, asked, None).unwrap_err();
    assert_eq!(refused(&asked), SignError::BoxForbidden);
    asked.copies = Vec::new();
    assert_eq!(refused(&asked), SignError::BoxForbidden);
}

#[test]
fn marks_off_the_page_or_of_another_shape_are_refused() {
    let base = Draft::new(&["", ""]).table();
    for (place, expected) in [
        ((1, Rect { x: 590.0, ..BOX }), SignError::BoxUnusable),
        (
            (
                1,
                Rect {
                    width: 100.0,
                    ..BOX
                },
            ),
            SignError::BoxUnusable,
        ),
        ((2, BOX), SignError::PageMissing),
    ] {
        let mut asked = request(&PKI.p256, 0, BOX);
        asked.copies = vec![place];
        assert_eq!(prepare(&base, &asked, None).unwrap_err(), expected);
    }
}

/// Share of dark pixels of a box of a page, in per cent of each of its four quarters: tells how the picture is turned.
fn quarters(document: &Document, page: u32, rect: &Rect) -> Vec<u32> {
    let picture = document.render(page, 2.0).unwrap();
    let at = |points: f64| format!("{:.0}", points * 2.0).parse::<u32>().unwrap();
    let (left, top) = (at(rect.x), at(rect.y));
    let (wide, high) = (at(rect.width), at(rect.height));
    let mut dark = vec![0_u32; 4];
    for y in 0..high {
        for x in 0..wide {
            let index = usize::try_from(((top + y) * picture.width + left + x) * 4).unwrap();
            if picture.rgba[index] < 128 {
                let quarter = usize::from(y >= high / 2) * 2 + usize::from(x >= wide / 2);
                dark[quarter] += 1;
            }
        }
    }
    dark
}

#[test]
fn marks_stand_upright_on_pages_that_are_turned_otherwise() {
    for first in [0, 90, 180, 270] {
        let turns: Vec<String> = [first, 0, 90, 180, 270]
            .iter()
            .map(|turn| format!("/Rotate {turn}"))
            .collect();
        let turns: Vec<&str> = turns.iter().map(String::as_str).collect();
        let base = Draft::new(&turns).table();
        // Away from the words the test pages have, whichever way they are turned.
        let middle = Rect {
            x: 250.0,
            y: 300.0,
            ..BOX
        };
        let copies = (1..5).map(|page| (page, middle)).collect();
        let mut asked = request(&PKI.p256, 0, middle);
        asked.copies = copies;
        let (_, bytes) = prepare(&base, &asked, None).unwrap();
        let document = Document::open(bytes, None).unwrap();
        let own = quarters(&document, 0, &middle);
        assert!(own.iter().sum::<u32>() > 500, "something is drawn: {own:?}");
        for page in 1..5 {
            let mark = quarters(&document, page, &middle);
            for (here, there) in own.iter().zip(&mark) {
                assert!(
                    here.abs_diff(*there) <= 30 + here / 12,
                    "first page turned {first}, page {page}: {own:?} {mark:?}"
                );
            }
        }
    }
}

#[test]
fn marks_of_a_tagged_document_are_read_out() {
    for (name, base) in signable()
        .into_iter()
        .filter(|(name, _)| name.starts_with("tagged"))
    {
        let signed = signed_with(&base, vec![(1, BOX)]);
        let file = lopdf::Document::load_mem(&signed).unwrap();
        let stamp = stamps(&file, 2).pop().unwrap();
        assert_eq!(
            stamp.get(b"StructParent").unwrap().as_i64().unwrap(),
            2,
            "{name}"
        );
        let spoken = file
            .objects
            .values()
            .filter_map(|object| object.as_dict().ok())
            .any(|element| {
                element
                    .get(b"S")
                    .is_ok_and(|role| role.as_name().is_ok_and(|role| role == b"Annot"))
                    && element.has(b"Alt")
            });
        assert!(spoken, "{name}");
        let follow = |object: &Object| file.dereference(object).unwrap().1.clone();
        let root = follow(file.catalog().unwrap().get(b"StructTreeRoot").unwrap());
        assert_eq!(
            root.as_dict()
                .unwrap()
                .get(b"ParentTreeNextKey")
                .unwrap()
                .as_i64()
                .unwrap(),
            3,
            "{name}"
        );
    }
}

#[test]
fn an_invisible_signature_has_no_picture_and_takes_no_marks() {
    let base = Draft::new(&["", ""]).table();
    let mut asked = request(
        &PKI.p256,
        1,
        Rect {
            x: -9.0,
            y: 0.0,
            width: 0.0,
            height: 0.0,
        },
    );
    asked.appearance.mode = AppearanceMode::Invisible;
    let (prepared, bytes) = prepare(&base, &asked, None).unwrap();
    let value = PKI.p256.sign(&prepared.digest);
    let signed = finish(
        bytes,
        &prepared,
        &PKI.p256.certificate,
        &PKI.p256.issuers(),
        &value,
    )
    .unwrap();
    let file = lopdf::Document::load_mem(&signed).unwrap();
    let widget = file
        .objects
        .values()
        .filter_map(|object| object.as_dict().ok())
        .find(|dictionary| dictionary.has(b"TU"))
        .unwrap();
    assert!(!widget.has(b"AP"));
    let corners = widget.get(b"Rect").unwrap().as_array().unwrap();
    assert!(
        corners
            .iter()
            .all(|corner| corner.as_float().unwrap() == 0.0)
    );
    let found = inspect(&signed).unwrap();
    assert_eq!((found.fields.len(), found.boxes.len()), (1, 0));
    let report = validate(
        &signed,
        &Trust {
            roots: vec![Base64(PKI.root.clone())],
        },
        Timestamp(1_795_000_000_000),
    );
    assert_eq!(report.signatures[0].integrity, Integrity::Intact);
    asked.copies = vec![(0, BOX)];
    assert_eq!(
        prepare(&base, &asked, None).unwrap_err(),
        SignError::BoxUnusable
    );
}
