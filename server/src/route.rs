//! HTTP in, HTTP out: one file a resource.

pub mod conversion;
pub mod device;
pub mod dossier;
pub mod evidence;
pub mod feedback;
pub mod kept;
pub mod life;
pub mod message;
pub mod news;
pub mod notice;
pub mod officer;
pub mod payment;
pub mod procedure;
pub mod profile;
pub mod provider;
pub mod reminder;
pub mod returned;
pub mod session;
pub mod signing;
pub mod supplement;
pub mod tracking;
pub mod unit;
pub mod upload;
