//! The crate's integration tests as one program: linking each file by itself costs minutes and gigabytes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    missing_docs
)]

mod adversary;
mod archive;
mod believing;
mod cautions;
mod conformance;
mod confusion;
mod corpus;
mod creating;
mod encoding;
mod encrypted;
mod formats;
mod knowing;
mod later;
mod levels;
mod looks;
mod marks;
mod matrix;
mod permission;
mod photo;
mod poisoned;
mod report;
mod sections;
mod shadow;
mod status;
mod support;
mod terms;
mod times;
mod validating;
mod wrapping;
mod writers;
