//! HTTP in, HTTP out: one file a resource.

pub mod dossier;
pub mod evidence;
pub mod officer;
pub mod procedure;
pub mod profile;
pub mod provider;
pub mod session;
pub mod signing;
