//! One file a screen.

pub mod account;
pub mod check;
pub mod design;
pub mod dossier;
pub mod help;
pub mod feedback;
pub mod home;
pub mod my_dossier;
pub mod my_dossiers;
pub mod news;
pub mod not_found;
pub mod officer;
pub mod password;
pub mod procedure;
pub mod procedures;
pub mod profiles;
pub mod sign;
pub mod sign_in;
pub mod survey;
pub mod track;
