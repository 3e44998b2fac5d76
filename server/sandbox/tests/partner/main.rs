//! The sandbox as a partner for other teams: strict reading, faults, callbacks, status of certificates, timestamps, and load.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, missing_docs)]

mod callbacks;
mod faults;
mod folder;
mod load;
mod page;
mod pki;
mod pyhanko;
mod refusals;
mod stage;
