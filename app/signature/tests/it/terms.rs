//! Signing on terms: in fields that wait, with their locks and seed values, certifying, locking; and what later signatures may do then.

use crate::support::base::Draft;
use crate::support::begun::{Begun, NONCE, NOW, answer};
use crate::support::handmade::revise;
use crate::support::judged::{checked, codes};
use crate::support::people::{PEOPLE, STAMPER};
use crate::support::signing::BOX;
use contract::appearance::AppearanceMode;
use contract::geometry::Rect;
use contract::validation::{Level, Modifications, Verdict};
use contract::worker::{FieldRefusal, PrepareRequest, SeedConstraint, Signability};
use signature::archive::{complete_timestamp, prepare_timestamp};
use signature::timestamp::digest_query;
use signature::{FieldLock, Permitted, SignError, Terms, inspect};

const WIDGET: &str = "/Type/Annot/Subtype/Widget/Rect[60 500 260 560]/P 10 0 R/F 4";
const TEXT: &str = "<</Type/Annot/Subtype/Widget/FT/Tx/T(Ten)/Rect[60 600 260 620]/P 10 0 R/F 4>>";

/// A form with a text field `Ten` and a signature field `ky_ten` that waits, with more entries.
fn form(field: &str) -> Draft {
    Draft::new(&["/Annots[20 0 R 22 0 R]"])
        .with(20, &format!("<</FT/Sig/T(ky_ten){WIDGET}{field}>>"))
        .with(22, TEXT)
        .with(19, "<</Fields[20 0 R 22 0 R]/DA(/Helv 0 Tf 0 g)>>")
        .catalog("/AcroForm 19 0 R")
}

/// The same with the field apart from its widget, below another field.
fn apart() -> Draft {
    Draft::new(&["/Annots[20 0 R 22 0 R]"])
        .with(20, &format!("<</Parent 21 0 R{WIDGET}>>"))
        .with(21, "<</T(ky_ten)/Parent 23 0 R/Kids[20 0 R]>>")
        .with(22, TEXT)
        .with(23, "<</FT/Sig/T(phan)/Kids[21 0 R]>>")
        .catalog("/AcroForm<</Fields[23 0 R 22 0 R]/DA(/Helv 0 Tf 0 g)>>")
}

fn in_field(name: &str) -> Terms {
    Terms {
        field: Some(name.into()),
        ..Terms::default()
    }
}

fn begun(base: &[u8], terms: &Terms) -> Result<Begun, SignError> {
    Begun::on(&PEOPLE.signer, base, BOX, terms, |asked| {
        asked.timestamped = true;
    })
}

/// Signed at B-LT, and valid.
fn signed(base: &[u8], terms: &Terms) -> Vec<u8> {
    let begun = begun(base, terms).unwrap();
    let done = begun.complete(&begun.at_level(Level::BLt)).unwrap();
    assert_eq!(done.report.verdict, Verdict::Valid, "{:#?}", done.report);
    done.bytes
}

fn unseen(base: &[u8]) -> Result<Vec<u8>, SignError> {
    let hide = |asked: &mut PrepareRequest| asked.appearance.mode = AppearanceMode::Invisible;
    let begun = Begun::by(&PEOPLE.signer, base, BOX, hide)?;
    Ok(begun.complete(&begun.at_level(Level::BB))?.bytes)
}

fn seen(base: &[u8]) -> Result<Vec<u8>, SignError> {
    let place = Rect { y: 140.0, ..BOX };
    let begun = Begun::by(&PEOPLE.signer, base, place, |_| {})?;
    Ok(begun.complete(&begun.at_level(Level::BB))?.bytes)
}

/// The text field filled.
fn filled(bytes: &[u8]) -> Vec<u8> {
    revise(bytes, &[(22, &TEXT.replace(">>", "/V(An)>>"))])
}

#[test]
fn a_field_that_waits_is_found_and_signed_where_it_stands() {
    let cases = [
        ("table", "ky_ten", form("").table()),
        ("stream", "ky_ten", form("").stream()),
        ("hybrid", "ky_ten", form("").hybrid()),
        ("apart, table", "phan.ky_ten", apart().table()),
        ("apart, stream", "phan.ky_ten", apart().stream()),
    ];
    for (case, name, base) in cases {
        let before = inspect(&base).unwrap();
        let [waiting] = before.waiting.as_slice() else {
            panic!("{case}: {before:?}");
        };
        assert_eq!(waiting.name, name, "{case}");
        let (page, rect) = waiting.place.unwrap();
        assert_eq!((page, rect.x, rect.y), (0, 60.0, 842.0 - 560.0), "{case}");

        let bytes = signed(&base, &in_field(name));
        let after = inspect(&bytes).unwrap();
        assert_eq!(after.waiting, [], "{case}");
        assert_eq!(after.fields, [name], "{case}: no field was added");
        assert_eq!(after.boxes, [(0, rect)], "{case}");
        let file = lopdf::Document::load_mem(&bytes).unwrap();
        let widget = file.get_dictionary((20, 0)).unwrap();
        assert_eq!(
            widget.get(b"F").unwrap().as_i64().unwrap(),
            4 | 128,
            "{case}"
        );
        assert!(widget.has(b"AP"), "{case}");

        // Signed without a picture.
        let hide = |asked: &mut PrepareRequest| asked.appearance.mode = AppearanceMode::Invisible;
        let quiet = Begun::on(&PEOPLE.signer, &base, BOX, &in_field(name), hide).unwrap();
        let quiet = quiet.complete(&quiet.at_level(Level::BB)).unwrap();
        assert_eq!(quiet.report.verdict, Verdict::Valid, "{case}");
        let file = lopdf::Document::load_mem(&quiet.bytes).unwrap();
        assert!(!file.get_dictionary((20, 0)).unwrap().has(b"AP"), "{case}");
    }
}

#[test]
fn fields_that_cannot_be_signed_are_refused_with_the_reason() {
    let refused = |base: &[u8], name: &str| match begun(base, &in_field(name)).map(|_| ()) {
        Err(SignError::FieldRefused(why)) => why,
        other => panic!("{other:?}"),
    };
    let base = form("").table();
    assert_eq!(refused(&base, "Ten"), FieldRefusal::Missing);
    assert_eq!(refused(&base, "ky"), FieldRefusal::Missing);
    let once = signed(&base, &in_field("ky_ten"));
    assert_eq!(refused(&once, "ky_ten"), FieldRefusal::Taken);
    let twins = form("")
        .with(20, &format!("<</Parent 24 0 R{WIDGET}>>"))
        .with(21, &format!("<</Parent 24 0 R{WIDGET}>>"))
        .with(24, "<</FT/Sig/T(doi)/Kids[20 0 R 21 0 R]>>")
        .catalog("/AcroForm<</Fields[24 0 R]>>")
        .table();
    assert_eq!(refused(&twins, "doi"), FieldRefusal::Unusable);
    for lock in [FieldLock::All, FieldLock::Only(vec!["ky_ten".into()])] {
        let locking = Terms {
            lock: Some(lock),
            ..Terms::default()
        };
        assert_eq!(
            refused(&signed(&base, &locking), "ky_ten"),
            FieldRefusal::Locked
        );
    }
}

#[test]
fn the_lock_of_a_field_binds_once_it_is_signed() {
    for (lock, locked) in [
        ("/Action/Include/Fields[(Ten)]", true),
        ("/Action/Include/Fields[(Khac)]", false),
        ("/Action/Exclude/Fields[(Ten)]", false),
        ("/Action/All", true),
    ] {
        let base = form("/Lock 25 0 R").with(25, &format!("<</Type/SigFieldLock{lock}>>"));
        let bytes = signed(&base.table(), &in_field("ky_ten"));
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(text.contains("/FieldMDP"), "{lock}");
        let report = checked(&filled(&bytes));
        let verdict = if locked {
            Verdict::Invalid
        } else {
            Verdict::Valid
        };
        assert_eq!(report.verdict, verdict, "{lock}: {report:#?}");
        assert_eq!(
            codes(&report).contains(&"locked-field-changed"),
            locked,
            "{lock}"
        );
    }
    // A lock of the whole document.
    let base = form("/Lock 25 0 R").with(25, "<</Type/SigFieldLock/Action/Include/Fields[]/P 1>>");
    let bytes = signed(&base.table(), &in_field("ky_ten"));
    assert_eq!(
        inspect(&bytes).unwrap().signability,
        Signability::CertifiedNoChanges
    );
    assert_eq!(checked(&filled(&bytes)).verdict, Verdict::Invalid);
}

#[test]
fn what_the_author_requires_is_kept_or_the_field_is_refused() {
    let hex = |der: &[u8]| hex::encode(der);
    let own = hex(&PEOPLE.signer.certificate);
    let other = hex(&PEOPLE.former.certificate);
    let root = hex(&PEOPLE.root.certificate);
    let cases = [
        (
            "/Ff 3/Filter/Adobe.PPKLite/SubFilter[/adbe.pkcs7.detached/ETSI.CAdES.detached]",
            None,
        ),
        (
            "/Ff 2/SubFilter[/adbe.pkcs7.detached]",
            Some(SeedConstraint::Format),
        ),
        ("/SubFilter[/adbe.pkcs7.detached]", None), // recommended only
        ("/Ff 1/Filter/Entrust.PPKEF", Some(SeedConstraint::Format)),
        ("/Ff 64/DigestMethod[/SHA256/SHA512]", None),
        ("/Ff 64/DigestMethod[(sha256)]", None), // as pyHanko writes it
        ("/Ff 64/DigestMethod[/SHA512]", Some(SeedConstraint::Format)),
        ("/Ff 4/V 2", None),
        ("/Ff 4/V 9", Some(SeedConstraint::Other)),
        (
            "/Ff 8/Reasons[<feff0110 1ed3 006e 0067 0020 00fd>(Khac)]",
            None,
        ),
        ("/Ff 8/Reasons[(Khac)]", Some(SeedConstraint::Reason)),
        ("/Ff 8/Reasons[(.)]", Some(SeedConstraint::Reason)),
        ("/Ff 8", Some(SeedConstraint::Reason)),
        ("/Reasons[(Khac)]", None),
        (
            "/Ff 32/AddRevInfo true",
            Some(SeedConstraint::RevocationData),
        ),
        ("/Ff 32/AddRevInfo false", None),
        ("/Ff 16/LegalAttestation[(x)]", Some(SeedConstraint::Other)),
        ("/Ff 128/LockDocument/true", Some(SeedConstraint::Other)),
        ("/Ff 128/LockDocument/false", None),
        ("/Ff 256/AppearanceFilter(x)", Some(SeedConstraint::Other)),
        ("/TimeStamp<</URL(http://tsa.test)/Ff 1>>", None),
        (&format!("/Cert<</Ff 1/Subject[<{own}>]>>"), None),
        (
            &format!("/Cert<</Ff 1/Subject[<{other}>]>>"),
            Some(SeedConstraint::Certificate),
        ),
        (&format!("/Cert<</Subject[<{other}>]>>"), None),
        (&format!("/Cert<</Ff 2/Issuer[<{other}><{root}>]>>"), None),
        (
            &format!("/Cert<</Ff 2/Issuer[<{own}>]>>"),
            Some(SeedConstraint::Certificate),
        ),
        (
            "/Cert<</Ff 4/OID[(1.2.3)]>>",
            Some(SeedConstraint::Certificate),
        ),
    ];
    for (seed, expected) in cases {
        let base = form("/SV 26 0 R")
            .with(26, &format!("<</Type/SV{seed}>>"))
            .table();
        let outcome = begun(&base, &in_field("ky_ten")).map(|_| ());
        let expected = expected.map_or(Ok(()), |why| {
            Err(SignError::FieldRefused(FieldRefusal::Constrained(why)))
        });
        assert_eq!(outcome, expected, "{seed}");
    }
    let base = form("/SV<</TimeStamp<</Ff 1>>>>").table();
    let hurried = Begun::on(&PEOPLE.signer, &base, BOX, &in_field("ky_ten"), |_| {});
    let why = FieldRefusal::Constrained(SeedConstraint::Timestamp);
    assert_eq!(
        hurried.map(|_| ()).unwrap_err(),
        SignError::FieldRefused(why)
    );
}

#[test]
fn a_certification_binds_the_file_and_leaves_what_it_permits() {
    for permitted in [Permitted::Nothing, Permitted::Forms, Permitted::Annotations] {
        let certifying = Terms {
            certify: Some(permitted),
            ..Terms::default()
        };
        for (style, base) in [("table", form("").table()), ("stream", form("").stream())] {
            let bytes = signed(&base, &certifying);
            let nothing = permitted == Permitted::Nothing;
            let expected = if nothing {
                Signability::CertifiedNoChanges
            } else {
                Signability::Ready
            };
            assert_eq!(
                inspect(&bytes).unwrap().signability,
                expected,
                "{permitted:?} {style}"
            );
            if style == "table" {
                let report = checked(&filled(&bytes));
                let verdict = if nothing {
                    Verdict::Invalid
                } else {
                    Verdict::Valid
                };
                assert_eq!(report.verdict, verdict, "{permitted:?}: {report:#?}");
            }
            // What this crate makes afterwards is what its validator takes.
            let refused = if nothing {
                SignError::NotSignable(Signability::CertifiedNoChanges)
            } else {
                SignError::BoxForbidden
            };
            assert_eq!(seen(&bytes).unwrap_err(), refused, "{permitted:?}");
            if nothing {
                continue;
            }
            for later in [unseen(&bytes).unwrap(), signed(&bytes, &in_field("ky_ten"))] {
                let report = checked(&later);
                assert_eq!(report.verdict, Verdict::Valid, "{permitted:?}: {report:#?}");
                assert_eq!(report.signatures[0].modifications, Modifications::FormFill);
            }
            let again = begun(
                &bytes,
                &Terms {
                    field: Some("ky_ten".into()),
                    ..certifying.clone()
                },
            );
            assert_eq!(again.map(|_| ()).unwrap_err(), SignError::CertifiedLate);
        }
    }
    let once = seen(&form("").table()).unwrap();
    let late = Terms {
        certify: Some(Permitted::Forms),
        ..in_field("ky_ten")
    };
    assert_eq!(
        begun(&once, &late).map(|_| ()).unwrap_err(),
        SignError::CertifiedLate
    );
}

#[test]
fn a_field_whose_author_asks_for_it_certifies() {
    let base = form("/SV<</MDP<</P 2>>>>").table();
    let bytes = signed(&base, &in_field("ky_ten"));
    assert_eq!(seen(&bytes).unwrap_err(), SignError::BoxForbidden);
    assert_eq!(checked(&filled(&bytes)).verdict, Verdict::Valid);
    let other = Terms {
        certify: Some(Permitted::Annotations),
        ..in_field("ky_ten")
    };
    let why = FieldRefusal::Constrained(SeedConstraint::Certification);
    assert_eq!(
        begun(&base, &other).map(|_| ()).unwrap_err(),
        SignError::FieldRefused(why)
    );
    let plain = form("/SV<</MDP<</P 0>>>>").table();
    assert!(
        seen(&signed(&plain, &in_field("ky_ten"))).is_ok(),
        "an approval"
    );
}

#[test]
fn a_signature_that_locks_fields_keeps_them_and_takes_no_other_where_all_are_locked() {
    for (lock, fills, takes) in [
        (FieldLock::All, false, false),
        (FieldLock::Only(vec!["Ten".into()]), false, true),
        (FieldLock::AllBut(vec!["Ten".into()]), true, false),
        (FieldLock::Only(vec!["Họ".into()]), true, true),
    ] {
        let terms = Terms {
            lock: Some(lock.clone()),
            ..Terms::default()
        };
        let bytes = signed(&form("").table(), &terms);
        let report = checked(&filled(&bytes));
        let verdict = if fills {
            Verdict::Valid
        } else {
            Verdict::Invalid
        };
        assert_eq!(report.verdict, verdict, "{lock:?}: {report:#?}");
        // No field is added where it would be locked, and the validator says so of one that somebody else adds.
        let closed = SignError::NotSignable(Signability::CertifiedNoChanges);
        for later in [seen(&bytes), unseen(&bytes)] {
            match later {
                Ok(later) => {
                    assert!(takes, "{lock:?}");
                    assert_eq!(checked(&later).verdict, Verdict::Valid, "{lock:?}");
                }
                Err(error) => assert_eq!((takes, &error), (false, &closed), "{lock:?}"),
            }
        }
        let file = lopdf::Document::load_mem(&bytes).unwrap();
        let own = file.objects.iter().find(|(_, object)| {
            let name = object.as_dict().and_then(|field| field.get(b"T")?.as_str());
            name.is_ok_and(|name| name == b"Signature1")
        });
        let ((own, _), _) = own.unwrap();
        let form =
            format!("<</Fields[20 0 R 22 0 R {own} 0 R 90 0 R]/DA(/Helv 0 Tf 0 g)/SigFlags 3>>");
        let added = "<</FT/Sig/T(La)/V<</Type/Sig>>>>";
        let strange = revise(&bytes, &[(19, &form), (90, added)]);
        let told = checked(&strange);
        assert_eq!(
            codes(&told).contains(&"locked-field-changed"),
            !takes,
            "{lock:?}: {told:#?}"
        );
        let open = inspect(&bytes).unwrap().signability == Signability::Ready;
        assert_eq!(open, takes, "{lock:?}");
    }
}

#[test]
fn a_timestamp_is_added_where_all_fields_are_locked() {
    let terms = Terms {
        lock: Some(FieldLock::All),
        ..Terms::default()
    };
    let bytes = signed(&form("").table(), &terms);
    let (prepared, room) = prepare_timestamp(&bytes).unwrap();
    let query = digest_query(&prepared.digest, &NONCE);
    let reply = answer(&PEOPLE.stamper, STAMPER, &query, &[]);
    let done = complete_timestamp(room, &prepared, &reply, &PEOPLE.trust(), NOW).unwrap();
    assert_eq!(done.report.verdict, Verdict::Valid, "{:#?}", done.report);
}

#[test]
fn a_field_that_is_left_out_of_a_lock_can_still_be_signed() {
    let terms = Terms {
        lock: Some(FieldLock::AllBut(vec!["ky_ten".into()])),
        ..Terms::default()
    };
    let bytes = signed(&form("").table(), &terms);
    assert_eq!(inspect(&bytes).unwrap().signability, Signability::Ready);
    assert!(seen(&bytes).is_err());
    signed(&bytes, &in_field("ky_ten"));
}
