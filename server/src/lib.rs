//! The portal server: proxies provider calls, persists dossiers, serves the page.
//!
//! Data flows one way: `route` (HTTP in, HTTP out) → `identity`, `signing`, `receive`, `catalogue` → `store`, `provider`.

pub mod catalogue;
pub mod config;
pub mod conversion;
mod data;
mod demo;
pub mod evidence;
mod headers;
mod identity;
mod kept;
mod limit;
pub mod news;
pub mod pace;
mod problem;
mod receive;
mod route;
mod router;
mod signing;
mod state;
mod upload;
mod units;
pub mod verify;

pub use router::router;
pub use state::Portal;
