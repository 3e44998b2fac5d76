//! What browser and server agree on.
//!
//! Requests and answers by subject, values that are valid by construction, the messages between page and worker,
//! the problem document of the wire and the one `fold` behind every search. Serde only: no I/O, no clock, no randomness.

pub mod appearance;
pub mod circular;
pub mod document;
pub mod dossier;
pub mod evidence;
pub mod fold;
pub mod geometry;
pub mod problem;
pub mod procedure;
pub mod profile;
pub mod provider;
pub mod report;
pub mod session;
pub mod signing;
pub mod text;
pub mod validation;
pub mod value;
pub mod worker;
