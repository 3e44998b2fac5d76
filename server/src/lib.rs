//! The portal server: proxies provider calls, persists dossiers, serves the page.
//!
//! Data flows one way: `route` (HTTP in, HTTP out) → `identity`, `signing`, `receive`, `catalogue` → `store`, `provider`.

mod api;
pub mod audit;
mod brand;
pub mod catalogue;
mod clock;
pub mod config;
pub mod conversion;
mod data;
mod demo;
mod edition;
pub mod evidence;
mod hands;
mod headers;
mod history;
pub mod hook;
mod house;
pub mod identity;
mod inbox;
mod limit;
pub mod news;
pub mod notify;
pub mod operate;
pub mod pace;
mod page;
pub mod payment;
mod plain;
mod problem;
mod receipt;
mod receive;
pub mod retention;
pub mod rights;
mod route;
mod router;
pub mod scan;
pub mod seal;
mod signing;
mod site;
mod slip;
mod state;
pub mod storage;
mod tagged;
mod units;
pub mod unused;
mod upload;
pub mod verify;
mod workflow;

pub use api::Operation;
pub use house::service;
pub use router::{operations, router};
pub use state::Portal;
