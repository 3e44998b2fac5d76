//! The officer's screens.

pub mod dossier;
pub mod inbox;
