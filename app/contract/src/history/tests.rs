//! One file whose record and proof agree, and each way in which they can differ.

use super::*;
use crate::validation::{
    Coverage, Indication, Integrity, Level, Modifications, Revocation, SignatureReport,
    TrustStatus, ValidationReport, Verdict,
};

const START: i64 = 1_795_000_000_000;
const MINUTE: i64 = 60_000;

fn at(minutes: i64) -> Timestamp {
    Timestamp(START + minutes * MINUTE)
}

fn digest(of: u8) -> Sha256 {
    Sha256([of; 32])
}

fn signature() -> SignatureReport {
    SignatureReport {
        field: "Signature1".into(),
        timestamp: false,
        signer: "Nguyễn Văn Mẫu".into(),
        signer_id: Some("062099000011".into()),
        serial: "5401".parse().expect("a serial"),
        issuer: "CA Mẫu".into(),
        certificate_from: None,
        certificate_to: None,
        signed_at: Some(at(-1)),
        level: Level::BT,
        algorithm: String::new(),
        integrity: Integrity::Intact,
        coverage: Coverage::WholeFile,
        modifications: Modifications::None,
        trust: TrustStatus::Trusted,
        findings: Vec::new(),
        signed_attributes_sha256: Some(digest(1)),
        revision_end: None,
        page: None,
        proven_at: Some(at(2)),
        revocation: Revocation::Good,
        chain: Vec::new(),
        indication: Indication::TotalPassed,
        sub_indication: None,
        unit: None,
        chain_sha256: vec![digest(9)],
        sub_filter: String::new(),
        byte_range: None,
        timestamps: Vec::new(),
        revocation_word: None,
        changed_pages: Vec::new(),
    }
}

fn report() -> ValidationReport {
    ValidationReport {
        verdict: Verdict::Valid,
        signatures: vec![signature()],
        findings: Vec::new(),
    }
}

fn signing() -> RecordedSigning {
    let event = |minutes, what, actor: &str| RecordedEvent {
        at: at(minutes),
        what,
        actor: actor.into(),
    };
    RecordedSigning {
        id: Uuid::from_u128(1),
        asked_by: "Nguyễn Văn Mẫu".into(),
        origin: Origin::Public("14.225.0.0/16".into()),
        provider: ProviderCode::try_from("vnpt-ca".to_owned()).expect("a code"),
        provider_name: "VNPT-CA".into(),
        account: "0620•••011".into(),
        serial: "5401".parse().expect("a serial"),
        owner: "Nguyễn Văn Mẫu".into(),
        issuer: "CA Mẫu".into(),
        certificate_sha256: digest(9),
        state: SigningState::Done,
        failure: None,
        started_at: at(0),
        provider_transaction: Some("T-1".into()),
        digest: Some(digest(1)),
        document_sha256: Some(digest(2)),
        has_value: true,
        files: 1,
        announced: true,
        events: vec![
            event(0, SigningEventKind::Requested, "Nguyễn Văn Mẫu"),
            event(0, SigningEventKind::Sent, ""),
            event(1, SigningEventKind::Confirmed, ""),
            event(3, SigningEventKind::Completed, "Nguyễn Văn Mẫu"),
            event(10, SigningEventKind::Received, "Nguyễn Văn Mẫu"),
        ],
    }
}

fn recorded() -> RecordedFile {
    RecordedFile {
        kind: PaperKind::Component,
        seal: String::new(),
        attachment: Uuid::from_u128(2),
        file_name: "to-khai_signed.pdf".parse().expect("a name"),
        component: "Tờ khai".into(),
        sha256: digest(7),
        verdict: Some(Verdict::Valid),
        handed_in_at: Some(at(11)),
        former: false,
        signings: vec![signing()],
    }
}

/// What differs after a change to proof or record.
fn differs(change: impl FnOnce(&mut SignatureReport, &mut RecordedSigning)) -> Vec<Disagreement> {
    let (mut report, mut recorded) = (report(), recorded());
    change(&mut report.signatures[0], &mut recorded.signings[0]);
    let history = merge(&report, Some(digest(7)), &recorded);
    for what in &history.disagreements {
        let sentence = words::disagreement(what, &report, &recorded);
        assert!(!sentence.contains("không rõ"), "{what:?}: {sentence}");
    }
    history.disagreements
}

#[test]
fn what_agrees_is_paired_and_says_nothing() {
    let history = merge(&report(), Some(digest(7)), &recorded());
    assert_eq!(history.disagreements, []);
    assert_eq!(history.pairs, [(0, 0)]);
}

#[test]
fn everything_stands_in_one_row_of_time_whoever_says_it() {
    let (report, recorded) = (report(), recorded());
    let history = merge(&report, None, &recorded);
    let told: Vec<_> = history.entries.iter().map(|entry| entry.what).collect();
    let recorded_event = |event| Happening::Recorded { signing: 0, event };
    assert_eq!(
        told,
        [
            Happening::Signed { signature: 0 },
            recorded_event(0),
            recorded_event(1),
            recorded_event(2),
            Happening::Proven { signature: 0 },
            recorded_event(3),
            recorded_event(4),
            Happening::HandedIn,
        ]
    );
    for entry in &history.entries {
        let line = words::line(entry.what, &report, &recorded).expect("it is there");
        assert!(!line.title.is_empty());
    }
}

#[test]
fn other_bytes_than_those_handed_in_are_told() {
    let found = digest(8);
    let history = merge(&report(), Some(found), &recorded());
    assert_eq!(history.disagreements, [Disagreement::OtherFile { found }]);
}

#[test]
fn a_signature_that_is_not_there_is_missed() {
    let (mut report, recorded) = (report(), recorded());
    report.signatures.clear();
    let history = merge(&report, None, &recorded);
    let count = Disagreement::Count {
        recorded: 1,
        found: 0,
    };
    assert_eq!(
        history.disagreements,
        [Disagreement::Missing { signing: 0 }, count]
    );
}

#[test]
fn a_seal_that_was_recorded_is_no_signature_from_elsewhere_unless_nobody_vouches_for_it() {
    let (mut report, mut recorded) = (report(), recorded());
    recorded.kind = PaperKind::Result;
    recorded.seal = "UBND Mẫu".into();
    let seal = SignatureReport {
        signer: "UBND Mẫu".into(),
        signer_id: None,
        signed_attributes_sha256: Some(digest(6)),
        serial: "88".parse().expect("a serial"),
        ..signature()
    };
    report.signatures.push(seal);
    let history = merge(&report, Some(digest(7)), &recorded);
    assert_eq!(
        (history.disagreements, history.pairs),
        (vec![], vec![(0, 0)])
    );
    // It was added without them: nothing says that it had the seal, or these bytes, at that time.
    let line = words::line(Happening::HandedIn, &report, &recorded).expect("a line");
    let labels: Vec<_> = line.facts.iter().map(|(label, _)| *label).collect();
    assert_eq!(labels.len(), 3);
    assert!(labels.iter().all(|label| label.ends_with("bản đang lưu")));
    report.signatures[1].trust = TrustStatus::Untrusted;
    let told = merge(&report, Some(digest(7)), &recorded).disagreements;
    let count = Disagreement::Count {
        recorded: 1,
        found: 2,
    };
    let unrecorded = Disagreement::Unrecorded { signature: 1 };
    assert_eq!(told, [Disagreement::SealMissing, unrecorded, count]);
    let sentence = words::disagreement(&told[0], &report, &recorded);
    assert!(sentence.contains("UBND Mẫu"));
}

#[test]
fn an_attempt_that_came_to_nothing_is_missed_by_nobody() {
    for state in [SigningState::Rejected, SigningState::Expired] {
        let (report, mut recorded) = (report(), recorded());
        recorded.signings.push(RecordedSigning {
            state,
            digest: Some(digest(5)),
            has_value: false,
            announced: false,
            ..signing()
        });
        let history = merge(&report, None, &recorded);
        assert_eq!(history.disagreements, [], "{state:?}");
    }
}

#[test]
fn a_signature_that_no_signing_made_is_told_though_it_may_be_from_elsewhere() {
    let (mut report, recorded) = (report(), recorded());
    report.signatures.push(SignatureReport {
        signer: "Trần Thị Khác".into(),
        signed_attributes_sha256: Some(digest(4)),
        serial: "77".parse().expect("a serial"),
        ..signature()
    });
    let history = merge(&report, None, &recorded);
    let count = Disagreement::Count {
        recorded: 1,
        found: 2,
    };
    assert_eq!(
        history.disagreements,
        [Disagreement::Unrecorded { signature: 1 }, count]
    );
    assert!(
        history
            .disagreements
            .iter()
            .all(|what| what.weight() == Weight::Attention)
    );
}

#[test]
fn a_file_signed_elsewhere_only_is_told_once_and_a_document_timestamp_is_nobodys_signature() {
    let (mut report, mut recorded) = (report(), recorded());
    recorded.signings.clear();
    report.signatures.push(SignatureReport {
        timestamp: true,
        ..signature()
    });
    let history = merge(&report, None, &recorded);
    assert_eq!(
        history.disagreements,
        [Disagreement::Unrecorded { signature: 0 }]
    );
}

#[test]
fn a_signing_that_does_not_name_the_file_is_told() {
    let wrong = differs(|_, record| record.digest = None);
    assert!(
        wrong.contains(&Disagreement::NotNamed { signing: 0 }),
        "{wrong:?}"
    );
}

#[test]
fn a_signature_of_a_refused_signing_is_told() {
    let not_confirmed = Disagreement::NotConfirmed {
        signing: 0,
        signature: 0,
    };
    let wrong = differs(|_, record| record.state = SigningState::Rejected);
    assert_eq!(wrong, [not_confirmed]);
}

#[test]
fn another_digest_is_told_from_a_missing_signature() {
    let wrong = differs(|proof, _| proof.signed_attributes_sha256 = Some(digest(3)));
    let other = Disagreement::OtherDigest {
        signing: 0,
        signature: 0,
    };
    assert_eq!(wrong, [other]);
}

#[test]
fn another_serial_another_certificate_and_another_person_are_told_apart() {
    let (signing, signature) = (0, 0);
    let wrong = differs(|proof, _| proof.serial = "77".parse().expect("a serial"));
    assert_eq!(wrong, [Disagreement::OtherSerial { signing, signature }]);
    let wrong = differs(|proof, _| proof.chain_sha256 = vec![digest(8)]);
    assert_eq!(
        wrong,
        [Disagreement::OtherCertificate { signing, signature }]
    );
    let wrong = differs(|proof, _| proof.signer_id = Some("062099000099".into()));
    assert_eq!(wrong, [Disagreement::OtherPerson { signing, signature }]);
}

#[test]
fn a_time_outside_of_the_signing_is_told_and_what_clocks_differ_is_not() {
    let outside = |minutes| Disagreement::OutsideSigning {
        signing: 0,
        signature: 0,
        at: at(minutes),
    };
    for minutes in [-16, 4, 60 * 24] {
        let wrong = differs(|proof, _| proof.signed_at = Some(at(minutes)));
        assert_eq!(wrong, [outside(minutes)]);
    }
    for minutes in [-15, 0, 3] {
        let wrong = differs(|proof, _| proof.signed_at = Some(at(minutes)));
        assert_eq!(wrong, [], "{minutes}");
    }
    let wrong = differs(|proof, _| proof.signed_at = Some(Timestamp(i64::MAX)));
    assert_eq!(wrong.len(), 1);
}

#[test]
fn a_proven_time_before_the_request_or_after_the_receipt_is_told() {
    let (signing, signature) = (0, 0);
    let wrong = differs(|proof, _| proof.proven_at = Some(at(-3)));
    assert_eq!(
        wrong,
        [Disagreement::ProvenBefore {
            signing,
            signature,
            at: at(-3)
        }]
    );
    let wrong = differs(|proof, _| proof.proven_at = Some(at(13)));
    assert_eq!(
        wrong,
        [Disagreement::ProvenAfter {
            signing,
            signature,
            at: at(13)
        }]
    );
}

#[test]
fn a_verdict_that_changed_since_is_told() {
    let (mut report, recorded) = (report(), recorded());
    report.verdict = Verdict::Indeterminate;
    let history = merge(&report, None, &recorded);
    let (then, now) = (Verdict::Valid, Verdict::Indeterminate);
    assert_eq!(
        history.disagreements,
        [Disagreement::OtherVerdict { then, now }]
    );
}

#[test]
fn the_gravest_stands_first() {
    let (mut report, mut recorded) = (report(), recorded());
    report.verdict = Verdict::Invalid;
    report.signatures[0].serial = "77".parse().expect("a serial");
    recorded.sha256 = digest(6);
    let history = merge(&report, Some(digest(7)), &recorded);
    let weights: Vec<_> = history
        .disagreements
        .iter()
        .map(Disagreement::weight)
        .collect();
    assert_eq!(
        weights,
        [Weight::Grave, Weight::Grave, Weight::Attention],
        "{:?}",
        history.disagreements
    );
}

#[test]
fn a_network_is_named_and_no_connection() {
    let of = |text: &str| Origin::of(text.parse().expect("an address"));
    assert_eq!(of("14.225.7.9"), Origin::Public("14.225.0.0/16".into()));
    assert_eq!(
        of("2001:db8:1:2::3"),
        Origin::Public("2001:db8::/32".into())
    );
    assert_eq!(of("192.168.1.9"), Origin::Private);
    assert_eq!(of("fd00::1"), Origin::Private);
    assert_eq!(of("127.0.0.1"), Origin::Local);
    assert_eq!(of("::"), Origin::Unknown);
}
