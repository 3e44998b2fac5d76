//! The officer's screens.

pub mod admin;
pub mod audit;
pub mod dossier;
pub mod feedback;
pub mod inbox;
pub mod paper;
pub mod result_signing;
mod wrong;
