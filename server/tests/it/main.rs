//! The crate's integration tests as one program: linking each file by itself costs minutes and gigabytes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    missing_docs
)]

mod account;
mod after;
mod backup;
mod callback;
mod editions;
mod evidence;
mod faults;
mod gone;
mod hook;
mod inbox;
mod instances;
mod killed;
mod officers;
mod oidc;
mod operate;
mod page;
mod paper;
mod payment;
mod portal;
mod presence;
mod rights;
mod scan;
mod signing;
mod storage;
mod stream;
mod support;
mod tenants;
mod unused;
mod upload;
