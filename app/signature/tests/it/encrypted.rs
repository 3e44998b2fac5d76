//! Encrypted files: read and signed with their own handler where their owner permits it, refused with the reason where not.

use crate::support::base::Draft;
use crate::support::begun::{Begun, NOW};
use crate::support::people::PEOPLE;
use crate::support::signing::{BOX, request};
use contract::geometry::Rect;
use contract::validation::{Level, Modifications, Verdict};
use contract::worker::{Signability, SigningEvidence, WorkerProblem};
use document::Document;
use signature::{
    Completed, SignError, Signed, Terms, complete, inspect_with, prepare_on, unlock, validate_with,
};
use std::path::PathBuf;
use std::process::Command;

/// Name, file, reader's password, owner's password. The first four were made with `qpdf --encrypt USER OWNER BITS`.
type Sample = (String, Vec<u8>, &'static str, &'static str);

fn kept() -> Vec<Sample> {
    let file = |name: &str| {
        let folder =
            PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../document/tests/it/encrypted");
        std::fs::read(folder.join(name)).unwrap()
    };
    [
        ("rc4-128.pdf", "nguoi", "chu"),
        ("aes-128.pdf", "nguoi", "chu"),
        ("aes-256.pdf", "người", "chủ"),
        ("aes-256-open.pdf", "", "chu"),
    ]
    .map(|(name, user, owner)| (name.to_owned(), file(name), user, owner))
    .to_vec()
}

/// qpdf's encryption of a file; `None` where there is no qpdf.
fn qpdf(bytes: &[u8], arguments: &[&str]) -> Option<Vec<u8>> {
    let number = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_nanos();
    let folder = std::env::temp_dir().join(format!("encrypted-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (from, to) = (folder.join("from.pdf"), folder.join("to.pdf"));
    std::fs::write(&from, bytes).unwrap();
    let ran = Command::new("qpdf")
        .args(arguments)
        .args(["--", from.to_str().unwrap(), to.to_str().unwrap()])
        .status();
    let made = ran.ok().map(|status| {
        assert!(status.success(), "{arguments:?}");
        std::fs::read(&to).unwrap()
    });
    std::fs::remove_dir_all(&folder).unwrap();
    made
}

fn made() -> Vec<Sample> {
    let base = Draft::new(&["", ""]).table();
    let kinds: [(&str, &[&str]); 7] = [
        (
            "RC4 40",
            &["--allow-weak-crypto", "--encrypt", "nguoi", "chu", "40"],
        ),
        (
            "RC4 128",
            &[
                "--allow-weak-crypto",
                "--encrypt",
                "nguoi",
                "chu",
                "128",
                "--use-aes=n",
            ],
        ),
        (
            "AESV2",
            &[
                "--allow-weak-crypto",
                "--encrypt",
                "nguoi",
                "chu",
                "128",
                "--use-aes=y",
            ],
        ),
        (
            "metadata in the clear",
            &[
                "--allow-weak-crypto",
                "--encrypt",
                "nguoi",
                "chu",
                "128",
                "--use-aes=y",
                "--cleartext-metadata",
            ],
        ),
        ("R5", &["--encrypt", "nguoi", "chu", "256", "--force-R5"]),
        ("R6", &["--encrypt", "nguoi", "chu", "256"]),
        (
            "R6, object streams",
            &[
                "--object-streams=generate",
                "--encrypt",
                "nguoi",
                "chu",
                "256",
            ],
        ),
    ];
    kinds
        .into_iter()
        .filter_map(|(name, arguments)| {
            Some((name.to_owned(), qpdf(&base, arguments)?, "nguoi", "chu"))
        })
        .collect()
}

/// Signs with a password.
fn signed(base: &[u8], password: &'static str, level: Level) -> Result<Completed, SignError> {
    signed_in(base, password, level, BOX)
}

fn signed_in(
    base: &[u8],
    password: &'static str,
    level: Level,
    place: Rect,
) -> Result<Completed, SignError> {
    let terms = Terms {
        password: Some(password.into()),
        ..Terms::default()
    };
    let begun = Begun::on(&PEOPLE.signer, base, place, &terms, |asked| {
        asked.timestamped = level > Level::BB;
        asked.appearance.reason = Some("Nộp hồ sơ".into());
    })?;
    let evidence = if level > Level::BB {
        begun.at_level(level)
    } else {
        SigningEvidence::default()
    };
    let signed = Signed {
        password,
        prepared: &begun.prepared,
        certificate: &begun.signer.certificate,
        chain: &begun.signer.issuers(),
        value: &begun.value,
    };
    complete(
        begun.bytes.clone(),
        &signed,
        &evidence,
        &PEOPLE.trust(),
        NOW,
    )
}

fn verdict(bytes: &[u8], password: &str) -> Verdict {
    validate_with(bytes, password, &PEOPLE.trust(), NOW).verdict
}

#[test]
fn every_kind_of_encryption_is_signed_and_validated_and_stays_encrypted() {
    for (name, base, user, owner) in kept().into_iter().chain(made()) {
        for password in [user, owner] {
            if password == user && name == "aes-256-open.pdf" {
                continue; // see the next tests
            }
            if password == owner && !name.ends_with(".pdf") {
                continue; // once is enough
            }
            let done = signed(&base, password, Level::BLt)
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(done.level, Level::BLt, "{name}");
            assert_eq!(&done.bytes[..base.len()], base, "{name}: the base stays");
            for opened in [user, owner] {
                assert_eq!(verdict(&done.bytes, opened), Verdict::Valid, "{name}");
                let document = Document::open(done.bytes.clone(), Some(opened)).expect("opens");
                assert!(document.details().encrypted);
                assert!(document.render(0, 0.2).is_ok(), "{name}");
                let inspection = inspect_with(&done.bytes, opened).unwrap();
                assert_eq!(inspection.fields, ["Signature1"], "{name}");
            }
            let added = &done.bytes[base.len()..];
            let shows = |text: &[u8]| added.windows(text.len()).any(|window| window == text);
            assert!(
                !shows(b"Signature1") && !shows(b"D:2026"),
                "{name}: strings are encrypted"
            );
        }
    }
}

#[test]
fn a_second_signature_in_an_encrypted_file_leaves_the_first_valid() {
    let (_, base, user, _) = kept().swap_remove(2);
    let once = signed(&base, user, Level::BB).unwrap().bytes;
    let place = Rect { y: 140.0, ..BOX };
    let twice = signed_in(&once, user, Level::BB, place).unwrap();
    assert_eq!(twice.report.verdict, Verdict::Valid);
    assert_eq!(
        twice.report.signatures[0].modifications,
        Modifications::FormFill
    );
}

#[test]
fn the_same_inputs_give_the_same_encrypted_bytes() {
    for (name, base, user, _) in kept() {
        let once = || signed(&base, user, Level::BB).map(|done| done.bytes);
        assert_eq!(once(), once(), "{name}");
    }
}

#[test]
fn no_password_or_another_one_opens_nothing() {
    for (name, base, ..) in kept().into_iter().chain(made()) {
        for password in ["", "khac"] {
            if name == "aes-256-open.pdf" && password.is_empty() {
                continue;
            }
            let why = SignError::NotSignable(Signability::PasswordRequired);
            assert_eq!(signed(&base, "khac", Level::BB).unwrap_err(), why, "{name}");
            assert_eq!(unlock(&base, password).unwrap_err(), why, "{name}");
            assert_eq!(
                inspect_with(&base, password).unwrap().signability,
                Signability::PasswordRequired
            );
        }
    }
    let (_, base, user, _) = kept().swap_remove(1);
    let done = signed(&base, user, Level::BB).unwrap().bytes;
    let report = validate_with(&done, "khac", &PEOPLE.trust(), NOW);
    assert_eq!(report.verdict, Verdict::Indeterminate);
    assert_eq!(report.findings[0].code, "password-required");
}

fn permitting(what: &str, base: &[u8]) -> Option<Vec<u8>> {
    let modify = format!("--modify={what}");
    qpdf(base, &["--encrypt", "", "chu", "256", &modify])
}

#[test]
fn what_the_owner_forbids_only_the_owner_does() {
    let base = Draft::new(&[""]).table();
    let forbidden = SignError::NotSignable(Signability::OwnerForbids);
    for what in ["none", "assembly", "form", "annotate"] {
        let Some(locked) = permitting(what, &base) else {
            return;
        };
        assert_eq!(
            signed(&locked, "", Level::BB).unwrap_err(),
            forbidden,
            "{what}"
        );
        assert_eq!(
            inspect_with(&locked, "").unwrap().signability,
            Signability::OwnerForbids
        );
        assert_eq!(unlock(&locked, "").unwrap_err(), forbidden);
        let done = signed(&locked, "chu", Level::BB).expect("the owner may");
        assert_eq!(verdict(&done.bytes, ""), Verdict::Valid);
    }
    let open = permitting("all", &base).unwrap();
    assert!(signed(&open, "", Level::BLt).is_ok());
}

/// An empty signature field on the page.
fn waiting() -> Vec<u8> {
    Draft::new(&["/Annots [20 0 R]"])
        .catalog("/AcroForm 21 0 R")
        .with(
            20,
            "<</Type/Annot/Subtype/Widget/FT/Sig/T(ky_ten)/F 4/Rect[300 100 470 160]>>",
        )
        .with(21, "<</Fields[20 0 R]/SigFlags 1>>")
        .table()
}

#[test]
fn a_waiting_field_is_signed_where_only_filling_in_is_permitted() {
    let signer = PEOPLE.signing(&PEOPLE.signer);
    let asked = request(&signer, 0, BOX);
    for (what, may) in [
        ("none", false),
        ("assembly", false),
        ("form", true),
        ("annotate", true),
    ] {
        let Some(locked) = permitting(what, &waiting()) else {
            return;
        };
        let terms = Terms {
            field: Some("ky_ten".into()),
            ..Terms::default()
        };
        assert_eq!(
            prepare_on(&locked, &asked, None, &terms).is_ok(),
            may,
            "{what}"
        );
        let signability = inspect_with(&locked, "").unwrap().signability;
        assert_eq!(signability == Signability::Ready, may, "{what}");
    }
}

#[test]
fn an_unlocked_copy_says_the_same_without_a_password() {
    for (name, base, user, owner) in kept().into_iter().chain(made()) {
        let password = if user.is_empty() { owner } else { user };
        let copy = unlock(&base, password).unwrap_or_else(|error| panic!("{name}: {error}"));
        let (was, is) = (
            Document::open(base.clone(), Some(password)).unwrap(),
            Document::open(copy.clone(), None).unwrap(),
        );
        assert!(!is.details().encrypted, "{name}");
        assert_eq!(was.page_count(), is.page_count());
        assert_eq!(was.title(), is.title());
        assert_eq!(was.text(0).unwrap(), is.text(0).unwrap(), "{name}");
        assert_eq!(
            was.render(0, 0.3).unwrap().rgba,
            is.render(0, 0.3).unwrap().rgba
        );
        let done = signed(&copy, "", Level::BB).unwrap();
        assert_eq!(verdict(&done.bytes, ""), Verdict::Valid, "{name}");
        if let Some(checked) = qpdf(&copy, &["--static-id"]) {
            assert!(!checked.is_empty());
        }
    }
}

#[test]
fn an_unlocked_copy_names_no_cipher() {
    let base = Draft::new(&[""])
        .catalog("/Metadata 30 0 R")
        .with(
            30,
            "<</Type/Metadata/Subtype/XML/Held_s/Crypt/Length 6>>stream\n<xmp/>\nendstream",
        )
        .table();
    let arguments = [
        "--allow-weak-crypto",
        "--encrypt",
        "nguoi",
        "chu",
        "128",
        "--use-aes=y",
        "--cleartext-metadata",
    ];
    let Some(mut locked) = qpdf(&base, &arguments) else {
        return;
    };
    // qpdf writes no such filter, other programs do.
    let at = locked.windows(7).position(|part| part == b"/Held_s");
    let at = at.unwrap();
    locked[at..at + 7].copy_from_slice(b"/Filter");
    let shows = |bytes: &[u8], text: &[u8]| bytes.windows(text.len()).any(|part| part == text);
    assert!(shows(&locked, b"/Filter /Crypt"));
    let copy = unlock(&locked, "nguoi").unwrap();
    assert!(shows(&copy, b"<xmp/>") && !shows(&copy, b"/Crypt"));
}

#[test]
fn a_copy_that_would_lose_what_others_read_is_not_made() {
    let (_, mut base, user, _) = kept().swap_remove(0);
    let header = b"\n5 0 obj"; // what the page paints
    let at = base.windows(8).position(|part| part == header).unwrap();
    // Another generation than the table says: some readers do not look.
    base[at + 3] = b'1';
    assert_eq!(
        unlock(&base, user).unwrap_err(),
        SignError::NotSignable(Signability::DamagedStructure)
    );
}

#[test]
fn a_signed_file_keeps_its_password() {
    let (_, base, user, owner) = kept().swap_remove(2);
    let done = signed(&base, user, Level::BB).unwrap().bytes;
    for password in [user, owner] {
        let error = unlock(&done, password).unwrap_err();
        assert_eq!(error, SignError::UnlockBreaksSignatures);
        assert_eq!(error.problem(), WorkerProblem::UnlockBreaksSignatures);
    }
}

#[test]
fn a_later_revision_without_the_key_or_with_another_is_never_valid() {
    let (_, base, user, _) = kept().swap_remove(3);
    let done = signed(&base, "chu", Level::BB).unwrap().bytes;
    assert_eq!(verdict(&done, user), Verdict::Valid);
    let page = crate::support::handmade::revise(
        &done,
        &[(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>")],
    );
    assert_ne!(
        verdict(&page, user),
        Verdict::Valid,
        "the new trailer names no key"
    );
    let mut other = page;
    let end = other
        .windows(7)
        .rposition(|bytes| bytes == b"trailer")
        .unwrap();
    let encrypt = b" /Encrypt <</Filter/Standard/V 1/R 2/P -4/O()/U()>>";
    let at = end
        + other[end..]
            .windows(2)
            .position(|bytes| bytes == b"<<")
            .unwrap()
        + 2;
    other.splice(at..at, encrypt.iter().copied());
    assert_ne!(verdict(&other, user), Verdict::Valid);
}
