//! What a signature this crate makes is held to, judged by other readers: lopdf for the file, `cms` and the key crates for the signature.

use crate::support::base::{Draft, signable};
use crate::support::pki::{PKI, Pki, Signer};
use crate::support::signing::{BOX, request, sign};
use cms::content_info::ContentInfo;
use cms::signed_data::SignedData;
use contract::appearance::AppearanceMode;
use contract::geometry::Rect;
use contract::value::{Base64, Timestamp};
use contract::worker::{PrepareRequest, PreparedSignature, Signability, WorkerProblem};
use der::{Decode, Encode};
use lopdf::Object;
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use signature::{SignError, VerifyError, finish, inspect, prepare, preview};

/// Reads the CMS out of `/Contents` by `/ByteRange` alone and checks it with other crates than the one under test.
fn check_signature(signed: &[u8], range: [u64; 4], signer: &Signer) -> SignedData {
    let [start, before, after, length] = range.map(|number| usize::try_from(number).unwrap());
    assert_eq!(start, 0);
    assert_eq!(after + length, signed.len(), "the range ends with the file");
    let token = std::str::from_utf8(&signed[before..after]).unwrap();
    let padded = hex::decode(token.strip_prefix('<').unwrap().strip_suffix('>').unwrap()).unwrap();
    let mut reader = der::SliceReader::new(&padded).unwrap();
    let info = ContentInfo::decode(&mut reader).unwrap();
    let used = info.to_der().unwrap().len();
    assert!(
        padded.len() - used < 100,
        "{} bytes of padding",
        padded.len() - used
    );
    assert!(padded[used..].iter().all(|byte| *byte == 0));
    let data = info.content.decode_as::<SignedData>().unwrap();
    assert_eq!(data.signer_infos.0.len(), 1);
    let info = data.signer_infos.0.iter().next().unwrap();

    let attributes = info.signed_attrs.as_ref().unwrap();
    let names: Vec<String> = attributes
        .iter()
        .map(|attribute| attribute.oid.to_string())
        .collect();
    assert!(
        !names.contains(&"1.2.840.113549.1.9.5".to_owned()),
        "signing-time is forbidden"
    );
    let mut hasher = Sha256::new();
    hasher.update(&signed[..before]);
    hasher.update(&signed[after..]);
    let digest = attributes
        .iter()
        .find(|attribute| attribute.oid.to_string() == "1.2.840.113549.1.9.4")
        .and_then(|attribute| attribute.values.iter().next())
        .map(|value| value.value().to_vec());
    assert_eq!(digest.as_deref(), Some(hasher.finalize().as_slice()));

    let message = Sha256::digest(attributes.to_der().unwrap());
    let digest = contract::value::Sha256(message.into());
    signature::verify_value(&signer.certificate, &digest, info.signature.as_bytes()).unwrap();
    data
}

/// The file as lopdf sees it: pages, and the names of the form's signature fields with their pages.
fn seen(bytes: &[u8]) -> (usize, Vec<(String, usize)>) {
    let file = lopdf::Document::load_mem(bytes).unwrap();
    let pages = file.get_pages();
    let follow = |object: &Object| file.dereference(object).unwrap().1.clone();
    let catalog = file.catalog().unwrap();
    let mut fields = Vec::new();
    if let Ok(form) = catalog.get(b"AcroForm") {
        let form = follow(form);
        let form = form.as_dict().unwrap();
        let listed = follow(form.get(b"Fields").unwrap());
        for field in listed.as_array().unwrap() {
            let id = field.as_reference().unwrap();
            let widget = file.get_dictionary(id).unwrap();
            if widget.get(b"FT").unwrap().as_name().unwrap() != b"Sig" {
                continue;
            }
            let on: Vec<usize> = pages
                .values()
                .enumerate()
                .filter(|(_, page)| {
                    let page = file.get_dictionary(**page).unwrap();
                    page.get(b"Annots").is_ok_and(|annotations| {
                        follow(annotations)
                            .as_array()
                            .is_ok_and(|list| list.contains(&Object::Reference(id)))
                    })
                })
                .map(|(index, _)| index)
                .collect();
            assert_eq!(on.len(), 1, "a widget stands on one page");
            let name = widget.get(b"T").unwrap().as_str().unwrap();
            fields.push((String::from_utf8(name.to_vec()).unwrap(), on[0]));
        }
    }
    (pages.len(), fields)
}

#[test]
fn every_kind_of_document_is_signed_and_keeps_its_bytes_pages_and_style() {
    for (name, base) in signable() {
        let before = seen(&base);
        let (prepared, signed) = sign(&base, &PKI.p256, BOX);
        assert!(
            signed.starts_with(&base),
            "{name}: the original is a prefix"
        );
        check_signature(&signed, prepared.byte_range, &PKI.p256);
        let after = seen(&signed);
        assert_eq!(after.0, before.0, "{name}: pages");
        assert_eq!(after.1, [("Signature1".to_owned(), 0)], "{name}");
        let style = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes).into_owned();
            let start: usize = text
                .rsplit("startxref")
                .next()
                .unwrap()
                .split_whitespace()
                .next()
                .unwrap()
                .parse()
                .unwrap();
            bytes[start..].starts_with(b"xref")
        };
        assert_eq!(
            style(&signed),
            style(&base),
            "{name}: table after table, stream after stream"
        );
        let inspection = inspect(&signed).unwrap();
        assert_eq!(inspection.fields, ["Signature1"], "{name}");
        let (page, rect) = inspection.boxes[0];
        assert_eq!(page, 0);
        for (found, asked) in [
            (rect.x, BOX.x),
            (rect.y, BOX.y),
            (rect.width, BOX.width),
            (rect.height, BOX.height),
        ] {
            assert!(
                (found - asked).abs() < 0.01,
                "{name}: {rect:?} where {BOX:?} was asked"
            );
        }
    }
}

#[test]
fn further_signatures_leave_the_earlier_ones_as_they_are() {
    for (name, base) in signable() {
        let (first, once) = sign(&base, &PKI.p256, BOX);
        let (second, twice) = sign(&once, &PKI.p384, Rect { y: 140.0, ..BOX });
        let (third, thrice) = sign(&twice, &PKI.p256, Rect { y: 230.0, ..BOX });
        assert!(
            thrice.starts_with(&twice) && twice.starts_with(&once),
            "{name}"
        );
        check_signature(&once, first.byte_range, &PKI.p256);
        check_signature(&twice, second.byte_range, &PKI.p384);
        check_signature(&thrice, third.byte_range, &PKI.p256);
        let names: Vec<String> = seen(&thrice).1.into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["Signature1", "Signature2", "Signature3"], "{name}");
        assert_eq!(inspect(&thrice).unwrap().boxes.len(), 3, "{name}");
    }
}

#[test]
fn rsa_values_may_be_v15_or_pss_and_ecdsa_values_der_or_raw() {
    let base = Draft::new(&[""]).table();
    for signer in [&PKI.rsa, &PKI.p256, &PKI.p384] {
        let (prepared, bytes) = prepare(&base, &request(signer, 0, BOX), None).unwrap();
        for value in [
            signer.sign(&prepared.digest),
            signer.sign_otherwise(&prepared.digest),
        ] {
            signature::verify_value(&signer.certificate, &prepared.digest, &value).unwrap();
            let signed = finish(
                bytes.clone(),
                &prepared,
                &signer.certificate,
                &signer.issuers(),
                &value,
            )
            .unwrap();
            let data = check_signature(&signed, prepared.byte_range, signer);
            assert_eq!(
                data.certificates.unwrap().0.len(),
                3,
                "signer, issuing authority, root"
            );
        }
    }
}

#[test]
fn the_same_inputs_give_the_same_bytes_and_others_give_others() {
    let base = Draft::new(&[""]).stream();
    let asked = request(&PKI.p256, 0, BOX);
    let (one, first) = prepare(&base, &asked, None).unwrap();
    let (two, second) = prepare(&base, &asked, None).unwrap();
    assert_eq!((&one, &first), (&two, &second));
    let mut later = asked;
    later.appearance.signed_at.0 += 1000;
    let (three, _) = prepare(&base, &later, None).unwrap();
    assert_ne!(one.digest, three.digest);
}

#[test]
fn what_cannot_be_signed_is_refused_with_the_reason() {
    let certified = |level: &str| {
        Draft::new(&["/Annots[20 0 R]"])
            .with(20, "<</FT/Sig/T(S)/V 21 0 R/Type/Annot/Subtype/Widget/Rect[0 0 0 0]/P 10 0 R>>")
            .with(
                21,
                &format!(
                    "<</Type/Sig/Filter/Adobe.PPKLite/Contents<00>/ByteRange[0 1 2 3]\
                     /Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</P {level}/V/1.2>>>>]>>"
                ),
            )
            .catalog("/AcroForm<</Fields[20 0 R]/SigFlags 3>>/Perms<</DocMDP 21 0 R>>")
            .table()
    };
    let plain = Draft::new(&[""]);
    let mut shifted = b"junk\n".to_vec();
    shifted.extend(plain.table());
    let wrong_start =
        String::from_utf8_lossy(&plain.table()).replace("startxref\n", "startxref\n9");
    let cases = [
        (certified("1"), Signability::CertifiedNoChanges),
        (certified("2"), Signability::Ready),
        (
            plain.table_with("1.7", "/Encrypt 99 0 R"),
            Signability::Encrypted,
        ),
        (
            plain
                .clone()
                .catalog("/AcroForm<</Fields[]/XFA[(x)4 0 R]>>")
                .table(),
            Signability::XfaForm,
        ),
        (shifted, Signability::JunkBeforeHeader),
        (wrong_start.into_bytes(), Signability::DamagedStructure),
        (
            plain.clone().with(1, "<</Type/Catalog>>").table(),
            Signability::DamagedStructure,
        ),
        (
            plain
                .clone()
                .with(2, "<</Type/Pages/Kids[2 0 R 2 0 R]>>")
                .table(),
            Signability::DamagedStructure,
        ),
    ];
    for (bytes, expected) in cases {
        assert_eq!(inspect(&bytes).unwrap().signability, expected);
        let prepared = prepare(&bytes, &request(&PKI.p256, 0, BOX), None);
        if expected == Signability::Ready {
            // Certified for forms: what is not seen may come, a new box may not.
            assert_eq!(prepared.unwrap_err(), SignError::BoxForbidden);
            let mut unseen = request(&PKI.p256, 0, BOX);
            unseen.appearance.mode = AppearanceMode::Invisible;
            assert!(prepare(&bytes, &unseen, None).is_ok());
        } else {
            assert_eq!(
                prepared.unwrap_err().problem(),
                WorkerProblem::NotSignable { why: expected }
            );
        }
    }
    assert_eq!(inspect(b"PK\x03\x04"), Err(SignError::NotPdf));
    assert_eq!(inspect(b""), Err(SignError::NotPdf));
}

#[test]
fn boxes_pages_and_images_that_cannot_be_used_are_refused() {
    let base = Draft::new(&[""]).table();
    let outcome = |request: &PrepareRequest, image: Option<&[u8]>| {
        prepare(&base, request, image).map(|_| ()).unwrap_err()
    };
    for rect in [
        Rect { x: 590.0, ..BOX },
        Rect { y: -30.0, ..BOX },
        Rect { width: 0.0, ..BOX },
        Rect { width: 11.0, ..BOX },
        Rect {
            height: f64::NAN,
            ..BOX
        },
        Rect {
            x: f64::INFINITY,
            ..BOX
        },
    ] {
        assert_eq!(
            outcome(&request(&PKI.p256, 0, rect), None),
            SignError::BoxUnusable,
            "{rect:?}"
        );
    }
    assert_eq!(
        outcome(&request(&PKI.p256, 1, BOX), None),
        SignError::PageMissing
    );
    let mut pictured = request(&PKI.p256, 0, BOX);
    pictured.appearance.mode = AppearanceMode::ImageAndText;
    assert_eq!(outcome(&pictured, None), SignError::ImageMissing);
    assert_eq!(
        outcome(&pictured, Some(b"GIF89a")),
        SignError::ImageUnreadable
    );
    assert_eq!(
        outcome(&pictured, Some(b"\x89PNG\r\n\x1a\n....")),
        SignError::ImageUnreadable
    );
    assert_eq!(
        outcome(&pictured, Some(&[0xff, 0xd8, 0xff, 0xe0, 0])),
        SignError::ImageUnreadable
    );
    let mut unreadable = request(&PKI.p256, 0, BOX);
    unreadable.certificate = Base64(vec![0x30, 0]);
    assert_eq!(
        outcome(&unreadable, None).problem(),
        WorkerProblem::CertificateUnreadable
    );
}

#[test]
fn a_value_that_does_not_fit_is_never_embedded() {
    let base = Draft::new(&[""]).table();
    let signer = &PKI.p256;
    let (prepared, bytes) = prepare(&base, &request(signer, 0, BOX), None).unwrap();
    let value = signer.sign(&prepared.digest);
    let attempt =
        |bytes: Vec<u8>, prepared: &PreparedSignature, certificate: &[u8], value: &[u8]| {
            finish(bytes, prepared, certificate, &signer.issuers(), value).unwrap_err()
        };
    let mut broken = value.clone();
    *broken.last_mut().unwrap() ^= 1;
    for wrong in [broken.as_slice(), &[], &PKI.rsa.sign(&prepared.digest)] {
        let error = attempt(bytes.clone(), &prepared, &signer.certificate, wrong);
        assert_eq!(error, SignError::Value(VerifyError::Mismatch));
        assert_eq!(error.problem(), WorkerProblem::ValueMismatch);
    }
    let error = attempt(bytes.clone(), &prepared, &PKI.rsa.certificate, &value);
    assert_eq!(error.problem(), WorkerProblem::ValueMismatch);
    // The document changed while the phone was asked.
    let mut changed = bytes.clone();
    changed[100] ^= 1;
    assert_eq!(
        attempt(changed, &prepared, &signer.certificate, &value),
        SignError::PreparedMismatch
    );
    let mut longer = bytes.clone();
    longer.push(b'\n');
    assert_eq!(
        attempt(longer, &prepared, &signer.certificate, &value),
        SignError::PreparedMismatch
    );
    let mut other = prepared.clone();
    other.signed_attributes.0[20] ^= 1;
    assert_eq!(
        attempt(bytes.clone(), &other, &signer.certificate, &value),
        SignError::PreparedMismatch
    );
    // A longer chain than the one the place was measured for.
    let stranger = Pki::from_seed(3);
    let mut chain = signer.issuers();
    chain.push(&stranger.issuing);
    let error = finish(bytes, &prepared, &signer.certificate, &chain, &value).unwrap_err();
    assert!(matches!(error, SignError::SpaceExceeded { .. }), "{error}");
}

/// Where a corner of the form lands on the page, by ISO 32000-2, 12.5.5: the turned `/BBox` is fitted to `/Rect`.
fn landing(signed: &[u8], corner: (f64, f64)) -> contract::geometry::Point {
    let file = lopdf::Document::load_mem(signed).unwrap();
    let page = file
        .get_dictionary(*file.get_pages().get(&1).unwrap())
        .unwrap();
    let follow = |object: &Object| file.dereference(object).unwrap().1.clone();
    let list = follow(page.get(b"Annots").unwrap());
    let widget = follow(list.as_array().unwrap().last().unwrap());
    let widget = widget.as_dict().unwrap();
    let numbers = |object: &Object| -> Vec<f64> {
        object
            .as_array()
            .unwrap()
            .iter()
            .map(|number| f64::from(number.as_float().unwrap()))
            .collect()
    };
    let rect = numbers(widget.get(b"Rect").unwrap());
    let form = follow(
        widget
            .get(b"AP")
            .unwrap()
            .as_dict()
            .unwrap()
            .get(b"N")
            .unwrap(),
    );
    let form = &form.as_stream().unwrap().dict;
    let (area, turn) = (
        numbers(form.get(b"BBox").unwrap()),
        numbers(form.get(b"Matrix").unwrap()),
    );
    let turned = |x: f64, y: f64| {
        (
            turn[0] * x + turn[2] * y + turn[4],
            turn[1] * x + turn[3] * y + turn[5],
        )
    };
    let corners = [turned(area[0], area[1]), turned(area[2], area[3])];
    let (left, right) = (
        corners[0].0.min(corners[1].0),
        corners[0].0.max(corners[1].0),
    );
    let (low, high) = (
        corners[0].1.min(corners[1].1),
        corners[0].1.max(corners[1].1),
    );
    let (x, y) = turned(area[2] * corner.0, area[3] * corner.1);
    contract::geometry::Point {
        x: rect[0] + (x - left) / (right - left) * (rect[2] - rect[0]),
        y: rect[1] + (y - low) / (high - low) * (rect[3] - rect[1]),
    }
}

#[test]
fn the_appearance_stands_upright_on_turned_cropped_and_scaled_pages() {
    use contract::geometry::{PageGeometry, Rotation};
    let crop = Rect {
        x: 100.0,
        y: 50.0,
        width: 500.0,
        height: 700.0,
    };
    for degrees in [0, 90, 180, 270] {
        for unit in [1.0, 2.0] {
            let extra = format!(
                "/MediaBox[0 0 800 900]/CropBox[100 50 600 750]/Rotate {degrees}/UserUnit {unit}"
            );
            let (_, signed) = sign(&Draft::new(&[&extra]).table(), &PKI.p256, BOX);
            let geometry = PageGeometry {
                crop_box: crop,
                rotation: Rotation::from_degrees(degrees),
                user_unit: unit,
            };
            for (corner, x, y) in [
                ((0.0, 0.0), BOX.x, BOX.far()),
                ((1.0, 0.0), BOX.right(), BOX.far()),
                ((0.0, 1.0), BOX.x, BOX.y),
            ] {
                let shown = geometry.point_to_view(landing(&signed, corner));
                assert!(
                    (shown.x - x).abs() < 0.01 && (shown.y - y).abs() < 0.01,
                    "/Rotate {degrees} /UserUnit {unit}: corner {corner:?} is seen at {shown:?}, not at {x} {y}"
                );
            }
        }
    }
}

#[test]
fn a_preview_has_the_size_of_the_box_and_the_same_drawing() {
    let asked = request(&PKI.p256, 0, BOX);
    let size = contract::geometry::Size {
        width: BOX.width,
        height: BOX.height,
    };
    let form = |bytes: &[u8]| {
        let file = lopdf::Document::load_mem(bytes).unwrap();
        file.objects
            .values()
            .filter_map(|object| object.as_stream().ok())
            .find(|stream| {
                stream
                    .dict
                    .get(b"Subtype")
                    .is_ok_and(|kind| kind.as_name().is_ok_and(|kind| kind == b"Form"))
            })
            .map(|stream| stream.content.clone())
            .unwrap()
    };
    let shown = preview(&asked.appearance, size, None).unwrap();
    let (_, signed) = sign(&Draft::new(&[""]).table(), &PKI.p256, BOX);
    assert_eq!(form(&shown), form(&signed));
    assert_eq!(
        lopdf::Document::load_mem(&shown).unwrap().get_pages().len(),
        1
    );
}

/// A PNG of one colour, with opacity.
fn png(width: u32, height: u32, pixel: [u8; 4]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().unwrap();
    writer
        .write_image_data(&pixel.repeat((width * height) as usize))
        .unwrap();
    writer.finish().unwrap();
    out
}

#[test]
fn images_are_embedded_with_their_transparency() {
    let base = Draft::new(&[""]).table();
    for (mode, opacity, masks) in [
        (AppearanceMode::ImageOnly, 128, 1),
        (AppearanceMode::ImageAndText, 128, 1),
        (AppearanceMode::ImageAndText, 255, 0),
    ] {
        let mut asked = request(&PKI.p256, 0, BOX);
        asked.appearance.mode = mode;
        let (_, bytes) = prepare(&base, &asked, Some(&png(40, 20, [10, 20, 30, opacity]))).unwrap();
        let file = lopdf::Document::load_mem(&bytes).unwrap();
        let images: Vec<_> = file
            .objects
            .values()
            .filter_map(|object| object.as_stream().ok())
            .filter(|stream| {
                stream
                    .dict
                    .get(b"Subtype")
                    .is_ok_and(|kind| kind.as_name().is_ok_and(|kind| kind == b"Image"))
            })
            .collect();
        assert_eq!(images.len(), 1 + masks, "{mode:?}");
        assert_eq!(
            images
                .iter()
                .filter(|image| image.dict.has(b"SMask"))
                .count(),
            masks
        );
    }
}

/// The smallest gray JPEG Pillow makes: 8 by 8 pixels.
const JPEG: &str = "ffd8ffe000104a46494600010100000100010000ffdb004300ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
    ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc0000b080008000801011100ffc40014000100000000000000000000\
    000000000000ffc40014100100000000000000000000000000000000ffda0008010100003f003fffd9";

#[test]
fn a_jpeg_is_embedded_as_it_is_and_a_damaged_one_refused() {
    let base = Draft::new(&[""]).table();
    let mut asked = request(&PKI.p256, 0, BOX);
    asked.appearance.mode = AppearanceMode::ImageOnly;
    let jpeg = hex::decode(JPEG).unwrap();
    let (_, bytes) = prepare(&base, &asked, Some(&jpeg)).unwrap();
    assert!(bytes.windows(jpeg.len()).any(|window| window == jpeg));
    for cut in [4, 60, 100] {
        assert_eq!(
            prepare(&base, &asked, Some(&jpeg[..cut])).unwrap_err(),
            SignError::ImageUnreadable
        );
    }
}

#[test]
fn small_boxes_give_up_whole_lines_and_never_part_of_a_number() {
    // Codes differ by subset, so what is shown is counted by the letters of /ToUnicode: the serial's dots are in or out.
    let base = Draft::new(&[""]).table();
    let letters = |height: f64| {
        let (_, bytes) =
            prepare(&base, &request(&PKI.p256, 0, Rect { height, ..BOX }), None).unwrap();
        let file = lopdf::Document::load_mem(&bytes).unwrap();
        file.objects
            .values()
            .filter_map(|object| object.as_stream().ok()?.decompressed_content().ok())
            .filter_map(|content| String::from_utf8(content).ok())
            .filter(|content| content.contains("begincmap"))
            .collect::<String>()
    };
    let dot = "<2022>";
    assert!(letters(80.0).contains(dot), "all lines fit");
    assert!(
        !letters(24.0).contains(dot),
        "three lines do not leave room for the fourth"
    );
    let error = prepare(
        &base,
        &request(
            &PKI.p256,
            0,
            Rect {
                width: 13.0,
                height: 12.0,
                ..BOX
            },
        ),
        None,
    )
    .unwrap_err();
    assert_eq!(error, SignError::BoxUnusable);
}

#[test]
fn a_form_of_fields_with_the_same_name_gets_another_one() {
    let base = Draft::new(&["/Annots[20 0 R]"])
        .with(
            20,
            "<</FT/Tx/T(Signature1)/Type/Annot/Subtype/Widget/Rect[50 50 150 70]/P 10 0 R>>",
        )
        .catalog("/AcroForm<</Fields[20 0 R]>>")
        .table();
    assert_eq!(sign(&base, &PKI.p256, BOX).0.field, "Signature2");
}

#[test]
fn a_tagged_document_gets_a_form_element_that_leads_to_the_widget_and_back() {
    for (name, base) in signable()
        .into_iter()
        .filter(|(name, _)| name.starts_with("tagged"))
    {
        let (_, signed) = sign(&base, &PKI.p256, BOX);
        let file = lopdf::Document::load_mem(&signed).unwrap();
        let follow = |object: &Object| file.dereference(object).unwrap().1.clone();
        let (widget_id, widget) = file
            .objects
            .iter()
            .filter_map(|(id, object)| Some((*id, object.as_dict().ok()?)))
            .find(|(_, dictionary)| dictionary.has(b"TU"))
            .unwrap();
        let key = widget.get(b"StructParent").unwrap().as_i64().unwrap();
        assert_eq!(key, 1, "{name}");
        let root = follow(file.catalog().unwrap().get(b"StructTreeRoot").unwrap());
        let root = root.as_dict().unwrap();
        assert_eq!(root.get(b"ParentTreeNextKey").unwrap().as_i64().unwrap(), 2);
        // Through the parent tree: the last pair of the last leaf.
        let mut node = follow(root.get(b"ParentTree").unwrap());
        while let Ok(kids) = node.as_dict().unwrap().get(b"Kids") {
            node = follow(kids.as_array().unwrap().last().unwrap());
        }
        let pairs = node
            .as_dict()
            .unwrap()
            .get(b"Nums")
            .unwrap()
            .as_array()
            .unwrap()
            .clone();
        assert_eq!(pairs[pairs.len() - 2].as_i64().unwrap(), key, "{name}");
        let element_id = pairs[pairs.len() - 1].as_reference().unwrap();
        let element = file.get_dictionary(element_id).unwrap();
        assert_eq!(element.get(b"S").unwrap().as_name().unwrap(), b"Form");
        assert!(element.has(b"Alt"));
        assert_eq!(
            element
                .get(b"K")
                .unwrap()
                .as_dict()
                .unwrap()
                .get(b"Obj")
                .unwrap()
                .as_reference()
                .unwrap(),
            widget_id
        );
        // And from above: the parent names it among its kids.
        let parent = follow(element.get(b"P").unwrap());
        let kids = follow(parent.as_dict().unwrap().get(b"K").unwrap());
        assert!(
            kids.as_array()
                .unwrap()
                .contains(&Object::Reference(element_id)),
            "{name}"
        );
        // A second signature leaves the tree alone.
        let (_, twice) = sign(&signed, &PKI.p256, Rect { y: 140.0, ..BOX });
        assert!(
            !String::from_utf8_lossy(&twice[signed.len()..]).contains("StructTreeRoot"),
            "{name}"
        );
    }
}

#[test]
fn certificates_say_who_they_belong_to_and_who_issued_them() {
    use signature::certificate::{Facts, issued_by};
    use signature::key::KeyKind;
    let facts = Facts::read(&PKI.rsa.certificate).unwrap();
    assert_eq!(facts.subject, "Nguyễn Văn Mẫu");
    assert_eq!(facts.issuer, "CA thử nghiệm");
    assert_eq!(facts.serial.as_str(), "5401");
    assert_eq!(
        facts.citizen_id.as_ref().map(|id| id.as_str()),
        Some("062099000011")
    );
    assert_eq!(facts.key, Some(KeyKind::Rsa(2048)));
    assert_eq!(facts.valid_from, Timestamp(1_767_225_600_000));
    assert!(facts.may_sign() && !facts.is_ca);
    let issuing = Facts::read(&PKI.issuing).unwrap();
    assert!(issuing.is_ca && !issuing.may_sign());
    assert!(issued_by(&PKI.rsa.certificate, &PKI.issuing));
    assert!(issued_by(&PKI.issuing, &PKI.root));
    assert!(issued_by(&PKI.root, &PKI.root));
    assert!(!issued_by(&PKI.rsa.certificate, &PKI.root));
    // The same names, other keys.
    let stranger = Pki::from_seed(3);
    assert!(!issued_by(&PKI.rsa.certificate, &stranger.issuing));
    for cut in [0, 1, 10, 200] {
        assert!(Facts::read(&PKI.rsa.certificate[..cut]).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_mutated_document_is_signed_or_refused(
        which in 0_usize..64,
        edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let all = signable();
        let mut bytes = all[which % all.len()].1.clone();
        for (at, byte) in edits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = inspect(&bytes);
        if let Ok((prepared, made)) = prepare(&bytes, &request(&PKI.p256, 0, BOX), None) {
            prop_assert!(made.starts_with(&bytes));
            let value = PKI.p256.sign(&prepared.digest);
            let signed = finish(made, &prepared, &PKI.p256.certificate, &PKI.p256.issuers(), &value);
            prop_assert!(signed.is_ok());
        }
    }

    #[test]
    fn a_mutated_certificate_is_read_or_refused(edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut certificate = PKI.p256.certificate.clone();
        for (at, byte) in edits {
            let at = at.index(certificate.len());
            certificate[at] = byte;
        }
        let _ = signature::certificate::Facts::read(&certificate);
        let _ = signature::certificate::issued_by(&certificate, &PKI.issuing);
        let _ = signature::verify_value(&certificate, &contract::value::Sha256([7; 32]), &[1; 64]);
    }

    #[test]
    fn a_mutated_image_is_drawn_or_refused(
        jpeg in any::<bool>(),
        edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut image = if jpeg { hex::decode(JPEG).unwrap() } else { png(9, 7, [1, 2, 3, 100]) };
        for (at, byte) in edits {
            let at = at.index(image.len());
            image[at] = byte;
        }
        let mut asked = request(&PKI.p256, 0, BOX).appearance;
        asked.mode = AppearanceMode::ImageOnly;
        let size = contract::geometry::Size { width: 90.0, height: 50.0 };
        let shown = preview(&asked, size, Some(&image));
        prop_assert!(matches!(shown, Ok(_) | Err(SignError::ImageUnreadable)), "{:?}", shown.err());
    }

    #[test]
    fn any_size_of_box_is_drawn_or_refused(width in 0.0..700.0_f64, height in 0.0..900.0_f64, name in "\\PC{0,60}") {
        let mut asked = request(&PKI.p256, 0, BOX).appearance;
        asked.signer = name;
        let size = contract::geometry::Size { width, height };
        let shown = preview(&asked, size, None);
        prop_assert!(matches!(shown, Ok(_) | Err(SignError::BoxUnusable)), "{:?}", shown.err());
    }
}
