//! One file a screen.

pub mod account;
pub mod check;
pub mod design;
pub mod dossier;
pub mod feedback;
pub mod help;
pub mod home;
pub mod kept;
pub mod my_dossier;
pub mod my_dossiers;
pub mod news;
pub mod not_found;
pub mod notices;
pub mod officer;
pub mod password;
pub mod payment;
pub mod procedure;
pub mod procedures;
pub mod profiles;
pub mod reminders;
pub mod sign;
pub mod sign_in;
pub mod sign_kind;
pub mod statistics;
pub mod survey;
pub mod track;
