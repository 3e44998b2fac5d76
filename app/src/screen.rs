//! One file a screen.

pub mod account;
pub mod check;
pub mod dossier;
pub mod help;
pub mod home;
pub mod my_dossier;
pub mod my_dossiers;
pub mod not_found;
pub mod officer;
pub mod procedure;
pub mod procedures;
pub mod profiles;
pub mod sign;
pub mod sign_in;
pub mod track;
