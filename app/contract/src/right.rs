//! What an officer may do to which dossier: duties by agency and procedure as data, and the one function that decides. The server
//! asks it before everything an officer sees or does; the page asks it to offer nothing that would be refused.

mod rule;
#[cfg(test)]
mod tests;

pub use rule::{Action, Refusal, Subject, duties, may, may_at_desk, works_on_dossiers};

use serde::{Deserialize, Serialize};

/// What a person is employed for. Somebody may have several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

/// Where an officer begins: at the dossiers, or at what a duty without dossiers is about.
#[must_use]
pub fn home(grants: &[Grant]) -> &'static str {
    if works_on_dossiers(grants) {
        "/can-bo"
    } else if may_at_desk(grants, Action::Catalogue) {
        "/can-bo/quan-tri"
    } else if may_at_desk(grants, Action::Audit) {
        "/can-bo/nhat-ky"
    } else {
        "/can-bo"
    }
}

/// In a [`Grant`]: every agency, every procedure. An empty list is none.
pub const EVERY: &str = "*";

/// A duty, and for what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

/// `POST /api/officer/rights`: officers, a page at a time. In a body, since names stay out of addresses.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct OfficerQuery {
    /// Words of name, user name or agency, folded when compared; empty for all.
    pub word: String,
    /// Only officers who have no rights.
    pub without: bool,
    /// Those behind this officer.
    pub after: Option<uuid::Uuid>,
}

/// Answer to [`OfficerQuery`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OfficerPage {
    /// By name.
    pub officers: Vec<OfficerRights>,
    /// Ask again with this `after` for more; none at the end.
    #[serde(default)]
    pub next: Option<uuid::Uuid>,
    /// How many officers have no rights at all.
    pub without: i64,
}

/// A line of [`OfficerPage`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// Whether codes of an authenticator app are asked for when they sign in.
    #[serde(default)]
    pub second_factor: bool,
}

/// `PUT /api/officer/rights/{account}`: rights in place of those there are; answers [`OfficerRights`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GiveRights {
    /// Rights.
    pub grants: Vec<Grant>,
    /// The rights as they were read: refused when somebody changed them since. None: whatever they are.
    #[serde(default)]
    pub before: Option<Vec<Grant>>,
}
