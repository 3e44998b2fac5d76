//! Creating every level: what is embedded, what the crate's own validator says of it, and what is refused.

use crate::support::authority::{der, seq};
use crate::support::base::signable;
use crate::support::begun::{Begun, NONCE, STAMPED, answer, answered, base, list};
use crate::support::people::{JACK, PEOPLE, SIGNER, STAMPER};
use crate::support::signing::BOX;
use contract::geometry::Rect;
use contract::validation::{Coverage, Level, Modifications, Revocation, Verdict};
use contract::value::{Base64, Timestamp};
use contract::worker::{SigningEvidence, WorkerProblem};
use signature::timestamp::{self, TOKEN_MAX, TimestampError, read_timestamp, timestamp_query};
use signature::{SignError, finish};

#[test]
fn without_evidence_the_bytes_are_those_of_finishing() {
    for timestamped in [false, true] {
        let begun = Begun::new(&base(), timestamped, BOX);
        let done = begun.complete(&SigningEvidence::default()).unwrap();
        let finished = finish(
            begun.bytes.clone(),
            &begun.prepared,
            &begun.signer.certificate,
            &begun.signer.issuers(),
            &begun.value,
        )
        .unwrap();
        assert_eq!(done.bytes, finished);
        assert_eq!(
            (done.level, done.report.verdict),
            (Level::BB, Verdict::Valid)
        );
    }
}

#[test]
fn every_kind_of_document_reaches_every_level() {
    for (name, base) in signable() {
        let begun = Begun::new(&base, true, BOX);
        for level in [Level::BB, Level::BT, Level::BLt] {
            let done = begun.complete(&begun.at_level(level)).unwrap();
            let own = &done.report.signatures[0];
            assert_eq!(
                done.report.verdict,
                Verdict::Valid,
                "{name}: {:#?}",
                done.report
            );
            assert_eq!((done.level, own.level), (level, level), "{name}");
            assert!(done.bytes.starts_with(&base), "{name}");
            lopdf::Document::load_mem(&done.bytes).unwrap();
            if level == Level::BLt {
                assert_eq!(own.coverage, Coverage::WholeRevision, "{name}");
                assert_eq!(own.modifications, Modifications::Lta, "{name}");
                assert_eq!(own.revocation, Revocation::Good, "{name}");
            } else {
                assert_eq!(own.coverage, Coverage::WholeFile, "{name}");
            }
        }
    }
}

#[test]
fn a_second_signature_and_its_evidence_leave_the_first_as_it_was() {
    let first = Begun::new(&base(), true, BOX);
    let once = first.complete(&first.at_level(Level::BLt)).unwrap();
    let second = Begun::new(&once.bytes, true, Rect { y: 140.0, ..BOX });
    let mut evidence = second.at_level(Level::BLt);
    // What the store holds already is not written again.
    let known = evidence.crls[0].clone();
    evidence.ocsp.push(Base64(answered(STAMPER)));
    let twice = second.complete(&evidence).unwrap();
    assert!(twice.bytes.starts_with(&once.bytes));
    assert_eq!(twice.report.verdict, Verdict::Valid, "{:#?}", twice.report);
    let levels: Vec<Level> = twice
        .report
        .signatures
        .iter()
        .map(|one| one.level)
        .collect();
    assert_eq!(levels, [Level::BLt, Level::BLt]);
    let streams = |bytes: &[u8]| {
        let file = lopdf::Document::load_mem(bytes).unwrap();
        let held = |object: &lopdf::Object| {
            object
                .as_stream()
                .ok()
                .and_then(|stream| stream.decompressed_content().ok())
                .is_some_and(|content| content == known.0)
        };
        file.objects.values().filter(|object| held(object)).count()
    };
    assert_eq!((streams(&once.bytes), streams(&twice.bytes)), (1, 1));

    let third = Begun::new(&twice.bytes, false, Rect { y: 240.0, ..BOX });
    let thrice = third.complete(&SigningEvidence::default()).unwrap();
    let levels: Vec<Level> = thrice
        .report
        .signatures
        .iter()
        .map(|one| one.level)
        .collect();
    assert_eq!(levels, [Level::BLt, Level::BLt, Level::BB]);
    assert_eq!(thrice.report.verdict, Verdict::Valid);
}

#[test]
fn evidence_that_leaves_a_certificate_out_is_kept_but_makes_no_long_term_level() {
    let begun = Begun::new(&base(), true, BOX);
    let mut evidence = begun.at_level(Level::BT);
    evidence.ocsp = vec![Base64(answered(SIGNER))];
    let done = begun.complete(&evidence).unwrap();
    assert_eq!(done.level, Level::BT, "nothing is said of the authority");
    assert_eq!(done.report.signatures[0].revocation, Revocation::Good);
    evidence.ocsp.push(Base64(answered(STAMPER)));
    assert_eq!(begun.complete(&evidence).unwrap().level, Level::BLt);
    // Without a timestamp, the data still helps whoever checks next month.
    evidence.timestamp = None;
    let done = begun.complete(&evidence).unwrap();
    assert_eq!(done.level, Level::BB);
    assert_eq!(done.report.signatures[0].revocation, Revocation::Good);
    // What is no DER goes nowhere.
    let noise = SigningEvidence {
        ocsp: vec![Base64(b"<html>".to_vec())],
        ..SigningEvidence::default()
    };
    let done = begun.complete(&noise).unwrap();
    assert!(!done.bytes.windows(6).any(|bytes| bytes == b"<html>"));
}

#[test]
fn a_revoked_certificate_is_told_and_nothing_comes_out() {
    let begun = Begun::new(&base(), true, BOX);
    let mut evidence = begun.at_level(Level::BT);
    evidence.crls = vec![Base64(list(&[(SIGNER, "20261001000000Z")]))];
    let error = begun.complete(&evidence).unwrap_err();
    assert_eq!(error, SignError::Revoked);
    assert_eq!(error.problem(), WorkerProblem::CertificateRevoked);
}

#[test]
fn the_room_kept_for_a_timestamp_holds_the_largest_and_not_a_byte_more() {
    let begun = Begun::new(&base(), true, BOX);
    let padded = |size: usize| {
        let filler = seq(&[&der(4, &[&vec![7; size]])]);
        answer(&PEOPLE.stamper, STAMPER, &begun.query(), &[&filler])
    };
    let bare = padded(10_000);
    let length = |reply: &[u8]| {
        read_timestamp(&begun.query(), reply, &[])
            .unwrap()
            .token
            .len()
    };
    let size = 10_000 + TOKEN_MAX - length(&bare);
    let fits = padded(size);
    assert_eq!(length(&fits), TOKEN_MAX);
    let mut evidence = begun.at_level(Level::BT);
    evidence.timestamp = Some(Base64(fits));
    assert_eq!(begun.complete(&evidence).unwrap().level, Level::BT);
    evidence.timestamp = Some(Base64(padded(size + 1)));
    assert_eq!(
        begun.complete(&evidence).unwrap_err(),
        SignError::Timestamp(TimestampError::TooLarge(TOKEN_MAX + 1))
    );

    // No room at all: told, and finishing without works.
    let narrow = Begun::new(&base(), false, BOX);
    let error = narrow.complete(&narrow.at_level(Level::BT)).unwrap_err();
    assert!(
        matches!(error, SignError::TimestampTooLarge { .. }),
        "{error}"
    );
    assert_eq!(error.problem(), WorkerProblem::TimestampRefused);
    assert!(narrow.complete(&SigningEvidence::default()).is_ok());
}

#[test]
fn a_timestamp_is_read_with_its_time_and_its_path() {
    let begun = Begun::new(&base(), true, BOX);
    let root = PEOPLE.root.certificate.as_slice();
    let stamped = read_timestamp(&begun.query(), &begun.stamped(), &[root]).unwrap();
    assert_eq!(
        stamped.chain,
        [PEOPLE.stamper.certificate.clone(), root.to_vec()]
    );
    assert_eq!(stamped.at, Timestamp(1_793_491_200_000), "{STAMPED}");
    // As the provider returned it, raw or DER: the query is over what will be embedded.
    let raw = begun.signer.sign_otherwise(&begun.prepared.digest);
    let der = signature::normalize_value(&begun.signer.certificate, &raw);
    assert_ne!(raw, der);
    assert_eq!(timestamp_query(&raw, &NONCE), timestamp_query(&der, &NONCE));
}

#[test]
fn answers_that_do_not_fit_are_refused_with_the_reason() {
    let begun = Begun::new(&base(), true, BOX);
    let query = begun.query();
    let refused = |reply: &[u8]| read_timestamp(&query, reply, &[]).unwrap_err();
    let stamper = |query: &[u8]| answer(&PEOPLE.stamper, STAMPER, query, &[]);
    assert_eq!(
        refused(&stamper(&timestamp_query(b"another value", &NONCE))),
        TimestampError::OtherDigest
    );
    assert_eq!(
        refused(&stamper(&timestamp_query(&begun.value, &[9; 8]))),
        TimestampError::OtherNonce
    );
    assert_eq!(
        refused(&stamper(&timestamp_query(&begun.value, &[]))),
        TimestampError::OtherNonce
    );
    assert_eq!(
        refused(&answer(&PEOPLE.jack, JACK, &query, &[])),
        TimestampError::NotAuthority
    );
    assert_eq!(
        refused(&answer(&PEOPLE.signer, SIGNER, &query, &[])),
        TimestampError::NotAuthority
    );
    let early = PEOPLE
        .stamper
        .answer(&query, "20191231235959Z", &PEOPLE.root, STAMPER, &[]);
    assert_eq!(refused(&early), TimestampError::NotAuthority);
    let mut broken = begun.stamped();
    let last = broken.len() - 1;
    broken[last] ^= 1;
    assert_eq!(refused(&broken), TimestampError::Broken);
    assert_eq!(
        refused(&seq(&[&seq(&[&der(2, &[&[2]])])])),
        TimestampError::NotGranted(2)
    );
    assert_eq!(refused(b"<html>"), TimestampError::Unreadable);
    let unread = read_timestamp(b"", &begun.stamped(), &[]).unwrap_err();
    assert_eq!(unread, TimestampError::QueryUnreadable);

    // A timestamp of another value is not embedded, whoever says it was checked.
    let mut evidence = begun.at_level(Level::BT);
    evidence.timestamp = Some(Base64(stamper(&timestamp::timestamp_query(b"x", &NONCE))));
    assert_eq!(
        begun.complete(&evidence).unwrap_err(),
        SignError::Timestamp(TimestampError::OtherDigest)
    );
    // One of an unknown root is embedded: others may know it.
    let mut evidence = begun.at_level(Level::BT);
    let strange = crate::support::people::People::strangers();
    evidence.timestamp = Some(Base64(strange.stamper.answer(
        &begun.query(),
        STAMPED,
        &strange.root,
        STAMPER,
        &[],
    )));
    let done = begun.complete(&evidence).unwrap();
    assert_eq!(done.report.signatures[0].proven_at, None);
}

#[test]
fn the_answer_of_another_program_is_read() {
    // Made by OpenSSL 3.0.19 (`openssl ts -reply -chain`, RSA) for this very value and nonce.
    let value: Vec<u8> = (0..=255).collect();
    let query = timestamp_query(&value, &NONCE);
    let reply = include_bytes!("data/openssl.tsr");
    let stamped = read_timestamp(&query, reply, &[]).unwrap();
    assert_eq!(stamped.chain.len(), 2);
    let name = |der: &[u8]| signature::certificate::Facts::read(der).unwrap().subject;
    assert_eq!(name(&stamped.chain[0]), "Dau thoi gian OpenSSL");
    assert_eq!(name(&stamped.chain[1]), "Goc dau thoi gian");
}
