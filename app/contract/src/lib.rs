//! What browser and server agree on.
//!
//! Requests and answers by subject, values that are valid by construction, the messages between page and worker,
//! the problem document of the wire and the one `fold` behind every search. Serde only: no I/O, no clock, no randomness.

pub mod access;
pub mod appearance;
pub mod audit;
pub mod blank;
pub mod caution;
pub mod circular;
pub mod content;
pub mod conversion;
pub mod date;
pub mod difference;
pub mod document;
pub mod dossier;
pub mod edition;
pub mod evidence;
pub mod feedback;
pub mod fold;
pub mod form;
pub mod geometry;
pub mod history;
pub mod inbox;
pub mod kept;
pub mod life;
pub mod message;
pub mod news;
pub mod notice;
pub mod oidc;
pub mod paper;
pub mod pattern;
pub mod payment;
pub mod presence;
pub mod problem;
pub mod procedure;
pub mod profile;
pub mod provider;
pub mod report;
pub mod right;
#[cfg(feature = "schema")]
mod schema;
pub mod search;
pub mod session;
pub mod signing;
pub mod spreadsheet;
pub mod statistics;
pub mod supplement;
pub mod text;
pub mod unit;
pub mod upload;
pub mod validation;
pub mod value;
pub mod waiting;
pub mod work;
pub mod worker;
