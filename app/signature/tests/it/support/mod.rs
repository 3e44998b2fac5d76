//! Shared by the tests and by `examples/sign.rs`: a small certification authority and base documents.
#![allow(
    dead_code,
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

pub mod authority;
pub mod base;
pub mod begun;
pub mod forged;
pub mod handmade;
pub mod judged;
pub mod matrix;
pub mod people;
pub mod pki;
pub mod signing;
