//! The officer's screens.

pub mod dossier;
pub mod feedback;
pub mod inbox;
