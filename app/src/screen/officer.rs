//! The officer's screens.

pub mod audit;
pub mod dossier;
pub mod feedback;
pub mod inbox;
