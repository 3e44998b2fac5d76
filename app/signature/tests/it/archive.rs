//! Timestamps over whole files (B-LTA): made in two steps, permitted after everything, renewed before they end.

use crate::support::authority::{Party, Says, purposes, usage};
use crate::support::base::signable;
use crate::support::begun::{Begun, NONCE, NOW, base};
use crate::support::handmade::certified;
use crate::support::judged::{checked, codes};
use crate::support::people::{PEOPLE, People, STAMPER, STAMPING};
use crate::support::signing::BOX;
use contract::validation::{Coverage, Level, Modifications, Verdict};
use contract::value::{Base64, Timestamp};
use contract::worker::SigningEvidence;
use signature::archive::{
    Archived, PreparedTimestamp, chains, complete_timestamp, prepare_timestamp, store_evidence,
};
use signature::timestamp::{TimestampError, digest_query, read_timestamp};
use signature::{SignError, validate};

/// Later than every signature of these tests.
const ARCHIVED: &str = "20261115000000Z";

fn answered(people: &People, prepared: &PreparedTimestamp, at: &str) -> Vec<u8> {
    let query = digest_query(&prepared.digest, &NONCE);
    let reply = people
        .stamper
        .answer(&query, at, &people.root, STAMPER, &[]);
    read_timestamp(&query, &reply, &[]).unwrap();
    reply
}

fn archived(bytes: &[u8]) -> Result<Archived, SignError> {
    let (prepared, room) = prepare_timestamp(bytes)?;
    let reply = answered(&PEOPLE, &prepared, ARCHIVED);
    complete_timestamp(room, &prepared, &reply, &PEOPLE.trust(), NOW)
}

#[test]
fn every_kind_of_document_is_archived_and_its_signatures_reach_the_highest_level() {
    for (name, base) in signable() {
        let begun = Begun::new(&base, true, BOX);
        let signed = begun.complete(&begun.at_level(Level::BLt)).unwrap();
        let done = archived(&signed.bytes).unwrap();
        assert!(done.bytes.starts_with(&signed.bytes), "{name}");
        assert_eq!(
            done.report.verdict,
            Verdict::Valid,
            "{name}: {:#?}",
            done.report
        );
        let [own, stamp] = done.report.signatures.as_slice() else {
            panic!("{name}: {:#?}", done.report);
        };
        assert_eq!(own.level, Level::BLta, "{name}");
        assert_eq!(own.modifications, Modifications::Lta, "{name}");
        assert!(
            stamp.timestamp && stamp.coverage == Coverage::WholeFile,
            "{name}"
        );
        lopdf::Document::load_mem(&done.bytes).unwrap();
    }
}

#[test]
fn a_timestamp_is_permitted_where_nothing_else_is() {
    for level in [1, 2, 3] {
        let paper = certified(level);
        let stored = store_evidence(
            paper.bytes,
            &Begun::new(&base(), true, BOX).at_level(Level::BLt),
        )
        .unwrap();
        let done = archived(&stored).unwrap();
        assert_eq!(
            done.report.verdict,
            Verdict::Valid,
            "{level}: {:#?}",
            done.report
        );
        assert_eq!(
            done.report.signatures[0].modifications,
            Modifications::Lta,
            "{level}"
        );
    }
}

#[test]
fn a_file_that_nobody_signed_can_be_archived_too() {
    let done = archived(&base()).unwrap();
    assert_eq!(done.report.signatures.len(), 1);
    assert!(done.report.signatures[0].timestamp);
}

#[test]
fn signing_after_archiving_and_archiving_again_hurt_nothing() {
    let first = Begun::new(&base(), true, BOX);
    let once = first.complete(&first.at_level(Level::BLt)).unwrap();
    let once = archived(&once.bytes).unwrap();
    let second = Begun::new(
        &once.bytes,
        true,
        contract::geometry::Rect { y: 140.0, ..BOX },
    );
    let twice = second.complete(&second.at_level(Level::BLt)).unwrap();
    assert_eq!(twice.report.verdict, Verdict::Valid, "{:#?}", twice.report);
    let twice = archived(&twice.bytes).unwrap();
    assert_eq!(twice.report.verdict, Verdict::Valid, "{:#?}", twice.report);
    let levels: Vec<(bool, Level)> = twice
        .report
        .signatures
        .iter()
        .map(|one| (one.timestamp, one.level))
        .collect();
    let (person, stamp) = ((false, Level::BLta), (true, Level::None));
    assert_eq!(levels, [person, stamp, person, stamp]);
}

#[test]
fn a_renewed_file_outlives_the_certificates_in_it() {
    // Signer until the end of 2026, first authority until the end of 2028, second one until 2040; looked at in 2035.
    let until = |name, serial, to, extensions| {
        PEOPLE.root.issue(&Says {
            to,
            ..Says::new(name, serial, extensions)
        })
    };
    let stamps = || vec![usage(0x80), purposes(true, &[STAMPING])];
    let signer = until(
        "Nguoi ky ngan han",
        40,
        "20261231000000Z",
        vec![usage(0xc0)],
    );
    let first = until("Dau thoi gian cu", 41, "20281231000000Z", stamps());
    let list = |from, next| vec![Base64(PEOPLE.root.crl(from, next, &[]))];
    let reply = |party: &Party, serial, query: &[u8], at| {
        Base64(party.answer(query, at, &PEOPLE.root, serial, &[]))
    };
    let begun = Begun::by(&signer, &base(), BOX, |asked| asked.timestamped = true).unwrap();
    let evidence = SigningEvidence {
        timestamp: Some(reply(&first, 41, &begun.query(), "20261101000000Z")),
        crls: list("20261101000100Z", "20261201000000Z"),
        ..SigningEvidence::default()
    };
    let signed = begun.complete(&evidence).unwrap();
    let in_2035 = Timestamp(2_051_222_400_000);
    let judged = validate(&signed.bytes, &PEOPLE.trust(), in_2035);
    assert_eq!(
        judged.verdict,
        Verdict::Indeterminate,
        "its authority's certificate ended"
    );

    let (prepared, room) = prepare_timestamp(&signed.bytes).unwrap();
    let answer = reply(
        &first,
        41,
        &digest_query(&prepared.digest, &NONCE),
        "20261102000000Z",
    );
    let once = complete_timestamp(room, &prepared, &answer.0, &PEOPLE.trust(), NOW).unwrap();

    // In 2028: fresh data about the first authority, and a timestamp by the second one.
    let in_2028 = Timestamp(1_840_000_000_000);
    let fresh = SigningEvidence {
        crls: list("20280401000000Z", "20280701000000Z"),
        ..SigningEvidence::default()
    };
    let stored = store_evidence(once.bytes, &fresh).unwrap();
    let (prepared, room) = prepare_timestamp(&stored).unwrap();
    let answer = reply(
        &PEOPLE.stamper,
        STAMPER,
        &digest_query(&prepared.digest, &NONCE),
        "20280415000000Z",
    );
    let renewed = complete_timestamp(room, &prepared, &answer.0, &PEOPLE.trust(), in_2028).unwrap();
    let judged = validate(&renewed.bytes, &PEOPLE.trust(), in_2035);
    assert_eq!(judged.verdict, Verdict::Valid, "{judged:#?}");
    assert_eq!(judged.signatures[0].level, Level::BLta);
}

#[test]
fn what_a_file_needs_data_about_is_found_in_it() {
    let begun = Begun::new(&base(), true, BOX);
    let signed = begun.complete(&begun.at_level(Level::BLt)).unwrap();
    let root = Base64(PEOPLE.root.certificate.clone());
    let chain = |party: &Party| vec![Base64(party.certificate.clone()), root.clone()];
    let expected = [chain(&PEOPLE.signer), chain(&PEOPLE.stamper)];
    assert_eq!(chains(&signed.bytes).unwrap(), expected);
    assert_eq!(
        chains(&archived(&signed.bytes).unwrap().bytes).unwrap(),
        expected
    );
    assert!(chains(&base()).unwrap().is_empty());
    assert_eq!(
        store_evidence(signed.bytes.clone(), &begun.at_level(Level::BLt)).unwrap(),
        signed.bytes,
        "nothing new"
    );
}

#[test]
fn a_timestamp_that_does_not_fit_is_not_embedded() {
    let (prepared, room) = prepare_timestamp(&base()).unwrap();
    let (other, _) = prepare_timestamp(&signable()[2].1).unwrap();
    let complete = |reply: &[u8]| {
        complete_timestamp(room.clone(), &prepared, reply, &PEOPLE.trust(), NOW).unwrap_err()
    };
    let wrong = answered(&PEOPLE, &other, ARCHIVED);
    assert_eq!(
        complete(&wrong),
        SignError::Timestamp(TimestampError::OtherDigest)
    );
    let strangers = People::strangers();
    let unknown = answered(&strangers, &prepared, ARCHIVED);
    assert_eq!(
        complete(&unknown),
        SignError::SelfCheckFailed("the authority is not trusted")
    );
    let reply = answered(&PEOPLE, &prepared, ARCHIVED);
    let mut touched = room.clone();
    touched[40] ^= 1;
    let error = complete_timestamp(touched, &prepared, &reply, &PEOPLE.trust(), NOW).unwrap_err();
    assert_eq!(error, SignError::PreparedMismatch);
    // One that is changed afterwards is told.
    let mut done = complete_timestamp(room, &prepared, &reply, &PEOPLE.trust(), NOW)
        .unwrap()
        .bytes;
    let at = done
        .windows(7)
        .position(|bytes| bytes == b"To khai")
        .unwrap();
    done[at] = b'X';
    let report = checked(&done);
    assert_ne!(report.verdict, Verdict::Valid);
    assert!(
        codes(&report).contains(&"digest-or-value-mismatch"),
        "{report:#?}"
    );
}
