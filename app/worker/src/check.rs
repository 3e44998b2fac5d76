//! Validating a file.

use crate::protocol::Reply;
use contract::provider::Trust;
use contract::value::{Base64, Timestamp};
use contract::worker::Answer;

/// The verdict on a file.
pub(crate) fn validate(bytes: &[u8], roots: Vec<Base64>, now: Timestamp) -> Reply {
    Answer::Validated {
        report: signature::validate(bytes, &Trust { roots }, now),
    }
    .into()
}
