//! Read a certificate, where its status is asked, and whether it issued itself.
#![no_main]

use libfuzzer_sys::fuzz_target;
use signature::certificate::{Facts, issued_by};
use signature::{key, status, verify_value};

fuzz_target!(|data: &[u8]| {
    let read = Facts::read(data);
    let _ = status::sources(data);
    let _ = issued_by(data, data);
    let _ = verify_value(data, &contract::value::Sha256([7; 32]), data);
    if let Ok(facts) = read {
        assert!(facts.key.is_none_or(|kind| kind != key::KeyKind::Rsa(0)));
    }
});
