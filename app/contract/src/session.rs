//! Who is signed in.

use crate::value::{CitizenId, Name, Phone, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Prepares, signs and submits dossiers (công dân).
    Citizen,
    /// Receives dossiers and checks signatures (công chức một cửa).
    Officer,
}

/// `POST /api/session`: sign in with a local account.
#[derive(Clone, Serialize, Deserialize)]
pub struct SignIn {
    /// User name: for citizens their identity number.
    pub user_name: String,
    /// Password; never logged.
    pub password: String,
}

/// `GET /api/session` and the answer to `POST`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// Who.
    pub account: Account,
    /// The server's clock when it answered: the page signs by this clock, not by the device's.
    pub server_time: Timestamp,
    /// When the session ends without further use.
    pub expires_at: Timestamp,
}

/// An account and what the portal knows of its owner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Account {
    /// Stable identifier.
    pub id: Uuid,
    /// Role.
    pub role: Role,
    /// Full name.
    pub name: Name,
    /// Personal data for filling forms; empty for officers.
    pub person: Person,
    /// The officer's agency, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
}

/// Personal data (`Thông tin cá nhân`); `PUT /api/account` replaces what the person may edit.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Person {
    /// Identity card number.
    #[serde(default)]
    pub citizen_id: Option<CitizenId>,
    /// Date the card was issued, `YYYY-MM-DD`.
    #[serde(default)]
    pub id_issued_on: Option<String>,
    /// Who issued the card.
    #[serde(default)]
    pub id_issued_by: Option<String>,
    /// Date of birth, `YYYY-MM-DD`.
    #[serde(default)]
    pub born_on: Option<String>,
    /// `nam`, `nữ` or `khác`.
    #[serde(default)]
    pub sex: Option<String>,
    /// Nationality, e.g. `Việt Nam`.
    #[serde(default)]
    pub nationality: Option<String>,
    /// Telephone.
    #[serde(default)]
    pub phone: Option<Phone>,
    /// E-mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// Province of residence.
    #[serde(default)]
    pub province: Option<String>,
    /// Commune or ward of residence.
    #[serde(default)]
    pub ward: Option<String>,
    /// House number, street, hamlet.
    #[serde(default)]
    pub address: Option<String>,
}

/// `GET /api/demo`: the invented people one may sign in as; 404 outside demo mode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoAccount {
    /// User name.
    pub user_name: String,
    /// Password, public by nature: it exists in demo mode only.
    pub password: String,
    /// Full name.
    pub name: String,
    /// Role.
    pub role: Role,
}
