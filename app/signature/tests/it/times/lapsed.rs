//! Timestamp authorities that ended, or were taken back, since they stamped: what they said holds only while somebody newer vouches for it.

use super::{signed, stamp_document, stamped, store};
use crate::support::authority::{Party, Says, purposes, stamp_attribute, usage};
use crate::support::judged::{checked, codes};
use crate::support::people::{FORMER, PEOPLE, STAMPER, STAMPING};
use contract::validation::{TimestampStatus, Verdict};

const ENDED: u8 = 7;

/// An authority for the year 2025 alone.
fn ended() -> Party {
    PEOPLE.root.issue(&Says {
        from: "20250101000000Z",
        to: "20251231000000Z",
        ..Says::new(
            "Dau thoi gian cu",
            ENDED,
            vec![usage(0x80), purposes(true, &[STAMPING])],
        )
    })
}

#[test]
fn a_timestamp_outlives_its_authority_only_under_a_newer_one_made_in_time() {
    let authority = ended();
    let token = |value: &[u8]| {
        stamp_attribute(&authority.stamp(value, "20250601000000Z", &PEOPLE.root, ENDED, &[]))
    };
    let paper = signed(&PEOPLE.former, FORMER, &token);
    let alone = checked(&paper.bytes);
    assert_eq!(alone.verdict, Verdict::Indeterminate);
    let told = &alone.signatures[0].timestamps[0];
    assert_eq!(told.status, TimestampStatus::Untrusted);
    assert!(codes(&alone).contains(&"timestamp-untrusted"));

    for (made, verdict) in [
        ("20250601000000Z", Verdict::Valid),
        ("20260601000000Z", Verdict::Indeterminate),
    ] {
        let mut renewed = paper.clone();
        stamp_document(&mut renewed, 30, made, "20 0 R", "");
        let report = checked(&renewed.bytes);
        assert_eq!(report.verdict, verdict, "{made}: {:?}", codes(&report));
    }
}

#[test]
fn a_timestamp_of_an_authority_that_was_taken_back_proves_nothing() {
    let paper = || {
        let token = stamped(&PEOPLE.stamper, STAMPER, "20250601000000Z");
        signed(&PEOPLE.former, FORMER, &token)
    };
    assert_eq!(checked(&paper().bytes).verdict, Verdict::Valid);
    let list = |revoked: &[(u8, &str)]| {
        PEOPLE
            .root
            .crl("20261101000100Z", "20270101000000Z", revoked)
    };
    for (revoked, believed) in [
        (vec![], true),
        (vec![(STAMPER, "20250501000000Z")], false),
        // After it stamped, but nobody proves that the stamp is older than that.
        (vec![(STAMPER, "20260601000000Z")], false),
    ] {
        let mut paper = paper();
        store(&mut paper, &[], &[list(&revoked)]);
        let report = checked(&paper.bytes);
        let signature = &report.signatures[0];
        assert_eq!(
            signature.proven_at.is_some(),
            believed,
            "{revoked:?}: {:?}",
            codes(&report)
        );
        assert_eq!(report.verdict == Verdict::Valid, believed, "{revoked:?}");
    }
}
