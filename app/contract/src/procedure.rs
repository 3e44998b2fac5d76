//! The catalogue of administrative procedures (thủ tục hành chính).
//!
//! `GET /api/procedures` lists [`ProcedureSummary`]; `GET /api/procedures/{code}` gives a [`Procedure`].

use crate::value::{Dong, ValueError};
use serde::{Deserialize, Serialize};

/// A line of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

/// A whole procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
}

/// `Cấp thực hiện`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
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

/// `Mức độ` of online service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Service {
    /// Cung cấp thông tin.
    Information,
    /// Một phần.
    Partial,
    /// Toàn trình.
    Full,
}

/// For whom a procedure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// `CÔNG DÂN`.
    Citizen,
    /// `DOANH NGHIỆP`.
    Business,
}

/// How long the agency may take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// Working days; 0 = on the day of receipt.
    pub working_days: u16,
    /// The official wording.
    pub text: String,
}

/// One fee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
}

/// A component: one document a dossier of this procedure holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

/// One field of a procedure's own form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldDefinition {
    /// Key in [`crate::dossier::DossierForm::detail`].
    pub key: String,
    /// Label.
    pub label: String,
    /// Kind and its limits.
    #[serde(flatten)]
    pub kind: FieldKind,
    /// Must be filled.
    #[serde(default)]
    pub required: bool,
    /// What to write here, below the label.
    #[serde(default)]
    pub hint: String,
}

/// What a field takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum FieldKind {
    /// One line, at most 200 characters.
    Text,
    /// Several lines, at most 2000 characters.
    LongText,
    /// A whole number within bounds.
    Number {
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
    },
    /// A date, kept as `YYYY-MM-DD`.
    Date,
    /// One of these.
    Choice {
        /// The choices as shown and kept.
        options: Vec<String>,
    },
}

impl FieldDefinition {
    /// Checks one answer; page and server use the same rule.
    ///
    /// # Errors
    /// [`ValueError`] naming what is wrong; an empty answer to a field that is not required is right.
    pub fn check(&self, answer: &str) -> Result<(), ValueError> {
        let answer = answer.trim();
        if answer.is_empty() {
            return if self.required {
                Err(ValueError::Required)
            } else {
                Ok(())
            };
        }
        let most = match &self.kind {
            FieldKind::LongText => 2000,
            _ => 200,
        };
        if answer.chars().count() > most {
            return Err(ValueError::TooLong);
        }
        let well_formed = match &self.kind {
            FieldKind::Text | FieldKind::LongText => true,
            FieldKind::Number { min, max } => answer
                .parse::<i64>()
                .is_ok_and(|number| (*min..=*max).contains(&number)),
            FieldKind::Date => crate::dossier::is_date(answer),
            FieldKind::Choice { options } => options.iter().any(|option| option == answer),
        };
        if well_formed {
            Ok(())
        } else {
            Err(ValueError::Malformed)
        }
    }
}
