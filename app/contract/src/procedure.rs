//! The catalogue of administrative procedures (thủ tục hành chính).
//!
//! `GET /api/procedures` lists [`ProcedureSummary`]; `GET /api/procedures/{code}` gives a [`Procedure`].

use crate::blank::BlankForm;
pub use crate::form::{FieldDefinition, FieldKind};
use crate::payment::{Exemption, FeeCount, Further};
use crate::value::Dong;
use serde::{Deserialize, Serialize};

/// A line of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProcedureSummary {
    /// National code, e.g. `1.001193`.
    pub code: String,
    /// Name.
    pub name: String,
    /// `Lĩnh vực`, e.g. `Hộ tịch`.
    pub field: String,
    /// `Cấp thực hiện`.
    pub level: Level,
    /// `Mức độ`.
    pub service: Service,
    /// `Cơ quan thực hiện`.
    pub agency: String,
    /// For whom.
    pub audience: Vec<Audience>,
    /// `Sự kiện` of life or business it belongs to.
    pub life_events: Vec<String>,
    /// Further words people search by.
    #[serde(default)]
    pub keywords: Vec<String>,
}

/// An event of life or of a business's life under which procedures are found (`Sự kiện`); `GET /api/events` lists them in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LifeEvent {
    /// Name, e.g. `Có con nhỏ`; [`ProcedureSummary::life_events`] names it.
    pub name: String,
    /// For whom.
    pub audience: Audience,
    /// Name of a drawing, e.g. `child`.
    pub icon: String,
    /// What is found there, in a few words.
    #[serde(default)]
    pub description: String,
}

/// A whole procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Procedure {
    /// What the catalogue shows.
    #[serde(flatten)]
    pub summary: ProcedureSummary,
    /// What it is, in plain words.
    pub description: String,
    /// `Thời hạn giải quyết`.
    pub deadline: Deadline,
    /// `Phí, lệ phí`; empty when there is none.
    #[serde(default)]
    pub fees: Vec<Fee>,
    /// `Thành phần hồ sơ`.
    pub components: Vec<Component>,
    /// `Mẫu đơn, tờ khai`.
    #[serde(default)]
    pub forms: Vec<BlankForm>,
    /// The procedure's own fields (`Thông tin chi tiết`).
    #[serde(default)]
    pub fields: Vec<FieldDefinition>,
    /// `Trình tự thực hiện`.
    #[serde(default)]
    pub steps: Vec<String>,
    /// `Kết quả thực hiện`.
    #[serde(default)]
    pub results: Vec<String>,
    /// `Căn cứ pháp lý`.
    #[serde(default)]
    pub legal_basis: Vec<String>,
    /// How it is worked on once received; empty for the usual steps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub work: Vec<crate::work::Step>,
    /// A dossier is finished only with a result that carries a valid signature (`Bắt buộc ký số kết quả`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub signed_result: bool,
    /// How long its dossiers are kept; without it for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention: Option<Retention>,
}

/// How long dossiers are kept after their end. A term that is not said is for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Retention {
    /// Years after a dossier was finished, its result returned, or it was not received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_years: Option<u16>,
    /// Months after it was withdrawn or its processing stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawn_months: Option<u16>,
}

/// `Cấp thực hiện`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Bộ.
    Ministry,
    /// Tỉnh.
    Province,
    /// Huyện (until June 2025).
    District,
    /// Xã.
    Commune,
}

impl Level {
    /// As it stands in addresses and files.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Ministry => "ministry",
            Self::Province => "province",
            Self::District => "district",
            Self::Commune => "commune",
        }
    }
}

/// `Mức độ` of online service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Service {
    /// Cung cấp thông tin.
    Information,
    /// Một phần.
    Partial,
    /// Toàn trình.
    Full,
}

impl Service {
    /// As it stands in addresses and files.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Information => "information",
            Self::Partial => "partial",
            Self::Full => "full",
        }
    }
}

/// For whom a procedure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// `CÔNG DÂN`.
    Citizen,
    /// `DOANH NGHIỆP`.
    Business,
}

impl Audience {
    /// As it stands in addresses and files.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Citizen => "citizen",
            Self::Business => "business",
        }
    }
}

/// How long the agency may take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Deadline {
    /// Working days; 0 = on the day of receipt.
    pub working_days: u16,
    /// The official wording.
    pub text: String,
}

/// One fee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Fee {
    /// Code within the procedure.
    pub code: String,
    /// `Phí …` or `Lệ phí …`.
    pub name: String,
    /// Amount in đồng for one unit; 0 when free online.
    pub amount: Dong,
    /// What one unit is, e.g. `hồ sơ`, `bản sao`.
    pub unit: String,
    /// Exemptions and conditions, verbatim.
    #[serde(default)]
    pub note: String,
    /// The price when submitted online, where that is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub online_amount: Option<Dong>,
    /// How many units there are (of one copy).
    #[serde(default)]
    pub count: FeeCount,
    /// How many copies, each with so many units.
    #[serde(default)]
    pub copies: FeeCount,
    /// Units from a certain one on cost otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub further: Option<Further>,
    /// Most that one copy costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<Dong>,
    /// Who pays less, or nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exemptions: Vec<Exemption>,
}

/// A component: one document a dossier of this procedure holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Component {
    /// Code within the procedure.
    pub code: String,
    /// Name.
    pub name: String,
    /// Must have a file before submission.
    pub required: bool,
    /// Must be signed digitally by the applicant before submission.
    #[serde(default)]
    pub signature_required: bool,
    /// How many originals the law asks for.
    #[serde(default)]
    pub originals: u8,
    /// How many copies.
    #[serde(default)]
    pub copies: u8,
    /// When it is needed, what to watch.
    #[serde(default)]
    pub note: String,
}
