//! Who is signed in.

use crate::access::SignInMethod;
use crate::date::Date;
use crate::dossier::{Applicant, FormFault, check_applicant};
use crate::form::Fault;
use crate::value::{CitizenId, Name, Phone, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Prepares, signs and submits dossiers (công dân).
    Citizen,
    /// Receives dossiers and checks signatures (công chức một cửa).
    Officer,
}

/// `POST /api/session`: sign in with a local account.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignIn {
    /// User name: for citizens their identity number.
    pub user_name: String,
    /// Password; never logged.
    pub password: String,
}

/// `PUT /api/account/password`: changes the password of a local account.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChangePassword {
    /// The one that holds now; never logged.
    pub current: String,
    /// The one that is to hold; never logged.
    pub wanted: String,
}

/// A new password has at least so many characters (NIST SP 800-63B-4 §3.1.1 for passwords beside other factors).
pub const PASSWORD_MIN: usize = 8;
/// A new password has at most so many characters: hashing is no work without bound.
pub const PASSWORD_MAX: usize = 128;

/// Why a new password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordFault {
    /// Fewer than [`PASSWORD_MIN`] characters.
    TooShort,
    /// More than [`PASSWORD_MAX`] characters.
    TooLong,
    /// Digits only: a date, a telephone or an identity number.
    DigitsOnly,
    /// The one that holds already.
    Same,
}

/// What is wrong with a new password; page and server ask the same.
#[must_use]
pub fn password_fault(asked: &ChangePassword) -> Option<PasswordFault> {
    let length = asked.wanted.chars().count();
    if length < PASSWORD_MIN {
        Some(PasswordFault::TooShort)
    } else if length > PASSWORD_MAX {
        Some(PasswordFault::TooLong)
    } else if asked.wanted.chars().all(|letter| letter.is_ascii_digit()) {
        Some(PasswordFault::DigitsOnly)
    } else if asked.wanted == asked.current {
        Some(PasswordFault::Same)
    } else {
        None
    }
}

/// `GET /api/session` and the answer to `POST`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Session {
    /// Who.
    pub account: Account,
    /// The server's clock when it answered: the page signs by this clock, not by the device's.
    pub server_time: Timestamp,
    /// When the session ends without further use.
    pub expires_at: Timestamp,
    /// How the person signed in; none from a server of an older release.
    #[serde(default)]
    pub method: Option<SignInMethod>,
    /// The provider of identities it began at, by code; told by `GET`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// Codes of an authenticator app have to be set up before anything else can be done.
    #[serde(default)]
    pub needs_second_factor: bool,
}

/// An account and what the portal knows of its owner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// The officer's rights.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grants: Vec<crate::right::Grant>,
}

/// Personal data (`Thông tin cá nhân`); `PUT /api/account` replaces what the person may edit.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// `Nam`, `Nữ` or `Khác`.
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
    /// District of residence, where the units have three levels.
    #[serde(default)]
    pub district: Option<String>,
    /// Commune or ward of residence.
    #[serde(default)]
    pub ward: Option<String>,
    /// House number, street, hamlet.
    #[serde(default)]
    pub address: Option<String>,
    /// Fax.
    #[serde(default)]
    pub fax: Option<String>,
    /// Name of the organisation the person acts for.
    #[serde(default)]
    pub organisation: Option<String>,
}

impl Person {
    /// As an applicant's fields hold it; what is not known is empty.
    #[must_use]
    pub fn applicant(&self) -> Applicant {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        Applicant {
            citizen_id: self
                .citizen_id
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            id_issued_on: text(&self.id_issued_on),
            id_issued_by: text(&self.id_issued_by),
            born_on: text(&self.born_on),
            sex: text(&self.sex),
            nationality: text(&self.nationality),
            phone: self
                .phone
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            email: text(&self.email),
            province: text(&self.province),
            district: text(&self.district),
            ward: text(&self.ward),
            address: text(&self.address),
            fax: text(&self.fax),
            organisation: text(&self.organisation),
            ..Applicant::default()
        }
    }

    /// What an applicant's fields say of a person; fields that cannot be kept are empty, see [`check_person`]. The number stays away: it belongs to the account.
    #[must_use]
    pub fn of(applicant: &Applicant) -> Self {
        let text = |value: &str| Some(value.trim().to_owned()).filter(|value| !value.is_empty());
        Self {
            citizen_id: None,
            id_issued_on: text(&applicant.id_issued_on),
            id_issued_by: text(&applicant.id_issued_by),
            born_on: text(&applicant.born_on),
            sex: text(&applicant.sex),
            nationality: text(&applicant.nationality),
            phone: applicant.phone.parse().ok(),
            email: text(&applicant.email),
            province: text(&applicant.province),
            district: text(&applicant.district),
            ward: text(&applicant.ward),
            address: text(&applicant.address),
            fax: text(&applicant.fax),
            organisation: text(&applicant.organisation),
        }
    }
}

/// Checks personal data as typed on a day: what a dossier would refuse is refused here, but nothing has to be filled in.
/// Pointers are `/phone`, `/born_on` …
#[must_use]
pub fn check_person(applicant: &Applicant, today: Date) -> Vec<FormFault> {
    check_applicant(applicant, today)
        .into_iter()
        .filter(|wrong| wrong.fault != Fault::Required)
        .map(|wrong| FormFault {
            pointer: wrong.pointer.trim_start_matches("/applicant").to_owned(),
            fault: wrong.fault,
        })
        .collect()
}

/// `GET /api/demo`: the invented people one may sign in as; 404 outside demo mode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_password_is_long_enough_not_a_number_and_new() {
        let fault = |wanted: &str| {
            password_fault(&ChangePassword {
                current: "mật khẩu cũ".into(),
                wanted: wanted.into(),
            })
        };
        // Characters are counted, not bytes: seven letters with accents are seven.
        assert_eq!(fault("ngắnquá"), Some(PasswordFault::TooShort));
        assert_eq!(fault(&"a".repeat(129)), Some(PasswordFault::TooLong));
        assert_eq!(fault("062099000011"), Some(PasswordFault::DigitsOnly));
        assert_eq!(fault("mật khẩu cũ"), Some(PasswordFault::Same));
        assert_eq!(fault("mật khẩu mới"), None);
    }

    #[test]
    fn personal_data_may_be_missing_but_not_wrong() {
        let today = "2026-11-25".parse().expect("a day");
        let mut applicant = Person::default().applicant();
        assert_eq!(check_person(&applicant, today), []);
        applicant.born_on = "2030-01-01".into();
        applicant.phone = "12".into();
        let wrong: Vec<_> = check_person(&applicant, today)
            .into_iter()
            .map(|wrong| wrong.pointer)
            .collect();
        assert_eq!(wrong, ["/born_on", "/phone"]);
    }

    #[test]
    fn a_person_comes_through_the_form_unchanged() {
        let person = Person {
            born_on: Some("1990-01-31".into()),
            phone: "0912345678".parse().ok(),
            ward: Some("Xã Ví Dụ".into()),
            fax: Some("0260".into()),
            ..Person::default()
        };
        assert_eq!(Person::of(&person.applicant()), person);
    }
}
