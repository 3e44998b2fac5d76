//! Read an authority's answer: what is accepted says the time and the token that was given.
#![no_main]

use libfuzzer_sys::fuzz_target;
use signature::timestamp::{TOKEN_MAX, read_timestamp, timestamp_query};

fuzz_target!(|data: &[u8]| {
    // The seeds answer this query.
    let value: Vec<u8> = (0..=255).collect();
    let query = timestamp_query(&value, &[0xf1, 2, 3, 4, 5, 6, 7, 8]);
    if let Ok(stamped) = read_timestamp(&query, data, &[data]) {
        assert!(stamped.token.len() <= TOKEN_MAX && !stamped.chain.is_empty());
    }
    let _ = read_timestamp(data, data, &[]);
});
