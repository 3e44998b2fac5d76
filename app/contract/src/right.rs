//! What an officer may do to which dossier: duties by agency and procedure as data, and the one function that decides. The server
//! asks it before everything an officer sees or does; the page asks it to offer nothing that would be refused.

mod rule;
#[cfg(test)]
mod tests;

pub use rule::{Action, Refusal, Subject, duties, may, may_at_desk};

use serde::{Deserialize, Serialize};

/// What a person is employed for. Somebody may have several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Duty {
    /// `Cán bộ tiếp nhận`: receives, refuses, asks for supplements, takes money, returns results.
    Reception,
    /// `Cán bộ xử lý`: works on what was received.
    Processing,
    /// `Lãnh đạo`: approves and signs results, stops, gives work to others.
    Leader,
    /// `Quản trị`: gives rights. Sees no dossiers.
    Administrator,
    /// `Kiểm tra, giám sát`: reads the journal. Sees no dossiers.
    Auditor,
}

impl Duty {
    /// All of them, in the order the screen shows them.
    pub const ALL: [Self; 5] = [
        Self::Reception,
        Self::Processing,
        Self::Leader,
        Self::Administrator,
        Self::Auditor,
    ];
}

/// In a [`Grant`]: every agency, every procedure. An empty list is none.
pub const EVERY: &str = "*";

/// A duty, and for what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// What.
    pub duty: Duty,
    /// Agencies by name, as their procedures name them, or [`EVERY`].
    pub agencies: Vec<String>,
    /// Codes of procedures, or [`EVERY`].
    pub procedures: Vec<String>,
}

impl Grant {
    /// Whether it is for a procedure of an agency.
    #[must_use]
    pub fn covers(&self, agency: &str, procedure: &str) -> bool {
        let within = |list: &[String], one: &str| list.iter().any(|is| is == EVERY || is == one);
        within(&self.agencies, agency) && within(&self.procedures, procedure)
    }

    /// Whether it leaves nothing out.
    #[must_use]
    pub fn is_everywhere(&self) -> bool {
        let every = |list: &[String]| list.iter().any(|is| is == EVERY);
        every(&self.agencies) && every(&self.procedures)
    }
}

/// Most grants of one officer.
pub const GRANTS_MAX: usize = 50;

/// A line of `GET /api/officer/rights`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficerRights {
    /// Account.
    pub id: uuid::Uuid,
    /// The name they sign in with.
    pub user_name: String,
    /// Name.
    pub name: String,
    /// Agency they belong to; what they may do stands in `grants`.
    pub agency: String,
    /// Rights.
    pub grants: Vec<Grant>,
}

/// `PUT /api/officer/rights/{account}`: rights in place of those there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GiveRights {
    /// Rights.
    pub grants: Vec<Grant>,
}
