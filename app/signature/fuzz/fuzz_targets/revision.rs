//! Judge any file, look what it takes, and append to it: what is appended leaves every byte of it in place.
#![no_main]

use contract::provider::Trust;
use contract::validation::Verdict;
use contract::value::Timestamp;
use contract::worker::SigningEvidence;
use libfuzzer_sys::fuzz_target;
use signature::archive::{chains, prepare_timestamp, store_evidence};

fuzz_target!(|data: &[u8]| {
    let trust = Trust { roots: Vec::new() };
    let report = signature::validate(data, &trust, Timestamp(1_795_000_000_000));
    assert_ne!(report.verdict, Verdict::Valid, "nobody is trusted");
    let _ = signature::inspect(data);
    let _ = chains(data);
    if let Ok((prepared, made)) = prepare_timestamp(data) {
        assert!(made.starts_with(data));
        let [zero, _, start, length] = prepared.byte_range;
        assert_eq!((zero, start + length), (0, made.len() as u64));
    }
    let evidence = SigningEvidence {
        crls: vec![contract::value::Base64(vec![0x30, 0])],
        ..SigningEvidence::default()
    };
    if let Ok(stored) = store_evidence(data.to_vec(), &evidence) {
        assert!(stored.starts_with(data));
    }
});
