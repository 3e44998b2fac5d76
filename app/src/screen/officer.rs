//! The officer's screens.

pub mod admin;
mod allowed;
pub mod audit;
pub mod dossier;
pub mod feedback;
pub mod inbox;
mod keys;
pub mod paper;
pub mod result_signing;
mod wrong;
