//! The crate's integration tests as one program: linking each file by itself costs minutes and gigabytes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    missing_docs
)]

mod annotations;
mod broken;
mod budget;
mod corpus;
mod details;
mod drawing;
mod encrypted;
mod fonts;
mod forms;
mod locate_corpus;
mod propose;
mod reading;
mod support;
mod text;
mod text_agreement;
mod unseen;
