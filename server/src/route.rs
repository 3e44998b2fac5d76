//! HTTP in, HTTP out: one file a resource.

pub mod conversion;
pub mod device;
pub mod dossier;
pub mod evidence;
pub mod feedback;
pub mod news;
pub mod kept;
pub mod officer;
pub mod procedure;
pub mod profile;
pub mod provider;
pub mod session;
pub mod signing;
pub mod upload;
pub mod unit;
