//! Dossiers (hồ sơ). Drafts live in the browser only; the server first hears of a dossier when it is submitted:
//! `PUT /api/dossiers/{id}` (manifest) → `PUT /api/dossiers/{id}/attachments/{attachment}` (bytes, each) →
//! `POST /api/dossiers/{id}/submission` (code and receipt). Every step may be repeated without harm.

use crate::date::Date;
use crate::form::{Fault, Format, check_line};
use crate::payment::FeeChoices;
use crate::procedure::Procedure;
use crate::value::{Dong, DossierCode, FileName, Sha256, Timestamp, ValueError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Largest attachment, in bytes.
pub const ATTACHMENT_BYTES_MAX: u64 = 50 * 1024 * 1024;
/// Most attachments of one dossier.
pub const ATTACHMENTS_MAX: usize = 50;
/// Most signings one file names.
pub const SIGNINGS_MAX: usize = 50;

/// What step 1 (`Thông tin hồ sơ`) gathers, as typed: a draft may hold anything, [`check_form`] says what is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DossierForm {
    /// The applicant's fields.
    pub applicant: Applicant,
    /// The procedure's own fields by key.
    #[serde(default)]
    pub detail: BTreeMap<String, String>,
}

/// Applicant fields as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Applicant {
    /// `Họ và tên *`.
    pub name: String,
    /// `Số CMND/CCCD *`.
    pub citizen_id: String,
    /// `Ngày cấp`, `YYYY-MM-DD`.
    pub id_issued_on: String,
    /// `Nơi cấp`.
    pub id_issued_by: String,
    /// `Quốc tịch`.
    pub nationality: String,
    /// `Ngày sinh`, `YYYY-MM-DD`.
    pub born_on: String,
    /// `Giới tính`.
    pub sex: String,
    /// `Số điện thoại *`.
    pub phone: String,
    /// `Tỉnh/Thành phố *`.
    pub province: String,
    /// `Quận/Huyện`, only where the units have three levels.
    pub district: String,
    /// `Phường/Xã *`.
    pub ward: String,
    /// `Địa chỉ *`.
    pub address: String,
    /// `Fax`.
    pub fax: String,
    /// `Email`.
    pub email: String,
    /// `Tên tổ chức`.
    pub organisation: String,
    /// `Nội dung yêu cầu giải quyết *`.
    pub content: String,
    /// `Ghi chú`.
    pub note: String,
}

/// Whether text is a calendar date `YYYY-MM-DD`.
#[must_use]
pub fn is_date(text: &str) -> bool {
    text.parse::<Date>().is_ok()
}

/// One thing that is wrong with step 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormFault {
    /// JSON pointer into the form, e.g. `/applicant/phone`, `/detail/con.0.ho_ten`.
    pub pointer: String,
    /// What.
    pub fault: Fault,
}

/// Checks step 1 against the procedure on a day, in the form's order; empty when all is right. Page and server use the same rule.
#[must_use]
pub fn check_form(form: &DossierForm, procedure: &Procedure, today: Date) -> Vec<FormFault> {
    let mut wrong = check_applicant(&form.applicant, today);
    wrong.extend(
        crate::form::check(&procedure.fields, &form.detail, today)
            .into_iter()
            .map(|(key, fault)| FormFault {
                pointer: format!("/detail/{key}"),
                fault,
            }),
    );
    wrong
}

/// Checks the applicant's fields, in the form's order.
#[must_use]
pub fn check_applicant(person: &Applicant, today: Date) -> Vec<FormFault> {
    let line = |text: &str, required, most| check_line(text, required, most);
    let format = |text: &str, required, format: Format| {
        if text.trim().is_empty() {
            check_line(text, required, 1)
        } else {
            format.check(text)
        }
    };
    let day = |text: &str| match text {
        "" => Ok(None),
        text => match text.parse::<Date>() {
            Err(_) => Err(Fault::NotADate),
            Ok(day) if day > today => Err(Fault::AfterToday),
            Ok(day) => Ok(Some(day)),
        },
    };
    let born = day(&person.born_on);
    let issued = day(&person.id_issued_on).and_then(|issued| match (born, issued) {
        (Ok(Some(born)), Some(issued)) if issued < born => Err(Fault::Before(born)),
        _ => Ok(()),
    });
    let long = |text: &str, required, most: u16| {
        if text.trim().is_empty() && required {
            Err(Fault::Required)
        } else if text.chars().count() > usize::from(most) {
            Err(Fault::TooLong(most))
        } else {
            Ok(())
        }
    };
    [
        ("name", line(&person.name, true, 200)),
        (
            "citizen_id",
            format(&person.citizen_id, true, Format::CitizenId),
        ),
        ("id_issued_on", issued),
        ("id_issued_by", line(&person.id_issued_by, false, 200)),
        ("born_on", born.map(|_| ())),
        ("sex", line(&person.sex, false, 20)),
        ("nationality", line(&person.nationality, false, 100)),
        ("phone", format(&person.phone, true, Format::Phone)),
        ("email", format(&person.email, false, Format::Email)),
        ("fax", line(&person.fax, false, 30)),
        ("province", line(&person.province, true, 200)),
        ("district", line(&person.district, false, 200)),
        ("ward", line(&person.ward, true, 200)),
        ("address", line(&person.address, true, 200)),
        ("organisation", line(&person.organisation, false, 200)),
        ("content", long(&person.content, true, 1000)),
        ("note", long(&person.note, false, 2000)),
    ]
    .into_iter()
    .filter_map(|(field, result)| {
        Some(FormFault {
            pointer: format!("/applicant/{field}"),
            fault: result.err()?,
        })
    })
    .collect()
}

/// `Bản chính` or `Bản sao`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum CopyKind {
    /// `Bản chính`.
    #[default]
    Original,
    /// `Bản sao`.
    Copy,
}

/// One file of a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AttachmentManifest {
    /// Chosen by the browser.
    pub id: Uuid,
    /// Code of the component it belongs to.
    pub component: String,
    /// Original or copy.
    pub copy_kind: CopyKind,
    /// How many on paper, 1 by default.
    pub count: u8,
    /// Its name, `…_signed.pdf` once signed here.
    pub file_name: FileName,
    /// Length in bytes.
    pub size: u64,
    /// SHA-256 of the bytes that will be uploaded.
    pub sha256: Sha256,
    /// Signing transactions whose signatures the file carries, oldest first.
    #[serde(default)]
    pub signings: Vec<Uuid>,
    /// The attachment's identifier under which earlier signings were made: the file comes from the personal document store.
    #[serde(default)]
    pub signed_as: Option<Uuid>,
    /// This file is the DOC or DOCX that the named attachment was converted from; it goes along and is not signed itself.
    #[serde(default)]
    pub original_of: Option<Uuid>,
}

impl AttachmentManifest {
    /// What is wrong with a file among those that come with it, by field. The original of a conversion stands beside the PDF made of
    /// it, of the same component, and claims no signature: nobody looks for one in it.
    #[must_use]
    pub fn faults(&self, among: &[Self]) -> Vec<(&'static str, ValueError)> {
        let mut wrong = Vec::new();
        if self.size == 0 || self.size > ATTACHMENT_BYTES_MAX {
            wrong.push(("size", ValueError::TooLong));
        }
        if self.signings.len() > SIGNINGS_MAX {
            wrong.push(("signings", ValueError::TooLong));
        }
        let goes_along = self.original_of.is_none_or(|converted| {
            self.signings.is_empty()
                && among.iter().any(|other| {
                    other.id == converted
                        && other.original_of.is_none()
                        && other.component == self.component
                })
        });
        if !goes_along {
            wrong.push(("original_of", ValueError::Malformed));
        }
        wrong
    }
}

/// How the fees are paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FeePayment {
    /// At the one-stop counter.
    #[default]
    AtCounter,
    /// By bank transfer.
    BankTransfer,
    /// Online, through a payment gateway.
    Online,
    /// Nothing to pay.
    None,
}

/// `PUT /api/dossiers/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DossierManifest {
    /// Procedure code.
    pub procedure: String,
    /// Step 1.
    pub form: DossierForm,
    /// Step 2.
    pub attachments: Vec<AttachmentManifest>,
    /// Step 3.
    pub payment: FeePayment,
    /// Step 3: counts and the exemption that is claimed.
    #[serde(default)]
    pub fees: FeeChoices,
    /// Step 4: the declaration that everything is true was ticked.
    pub declared: bool,
}

/// Answer to the manifest: what still has to be uploaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ManifestAccepted {
    /// Attachments whose bytes the server does not hold yet.
    pub missing: Vec<Uuid>,
}

/// `POST /api/dossiers/{id}/submission`: the receipt; asking again gives the same one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Receipt {
    /// Code.
    pub code: DossierCode,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// Procedure's name.
    pub procedure_name: String,
    /// Who receives it.
    pub agency: String,
    /// Applicant's name.
    pub applicant: String,
    /// Number of files.
    pub files: usize,
    /// Sum of the fees.
    pub fee_total: Dong,
    /// How they are paid.
    pub payment: FeePayment,
}

/// National status codes 1-10 (`Trạng thái hồ sơ`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DossierStatus {
    /// 1 `Mới đăng ký`.
    New,
    /// 2 `Được tiếp nhận`.
    Received,
    /// 3 `Không được tiếp nhận`.
    Refused,
    /// 4 `Đang xử lý`.
    Processing,
    /// 5 `Yêu cầu bổ sung giấy tờ`.
    SupplementRequested,
    /// 6 `Yêu cầu thực hiện nghĩa vụ tài chính`.
    PaymentRequested,
    /// 7 `Công dân yêu cầu rút hồ sơ`.
    Withdrawn,
    /// 8 `Dừng xử lý`.
    Stopped,
    /// 9 `Đã xử lý xong`.
    Done,
    /// 10 `Đã trả kết quả`.
    Returned,
}

/// Most lines of one answer of `GET /api/dossiers`; with as many there may be older ones, which `?behind=` the last one asks for.
pub const DOSSIERS_PAGE: usize = 500;

/// A line of `GET /api/dossiers` (own ones); in the officers' inbox with more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DossierSummary {
    /// Identifier.
    pub id: Uuid,
    /// Code.
    pub code: DossierCode,
    /// Procedure's code.
    pub procedure: String,
    /// Procedure's name.
    pub procedure_name: String,
    /// Applicant's name.
    pub applicant: String,
    /// Status.
    pub status: DossierStatus,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// When the result is due; none before it is received.
    #[serde(default)]
    pub due_at: Option<Timestamp>,
    /// Number of files.
    pub files: usize,
    /// Number of files with at least one signature made on this portal.
    pub signed_files: usize,
}

/// `GET /api/dossiers/{id}` and `GET /api/officer/dossiers/{id}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Dossier {
    /// Its line.
    #[serde(flatten)]
    pub summary: DossierSummary,
    /// Step 1 as submitted.
    pub form: DossierForm,
    /// Its procedure as it was when submitted.
    pub definition: Procedure,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// Sum of the fees.
    pub fee_total: Dong,
    /// How they are paid.
    pub payment: FeePayment,
    /// What happened, oldest first.
    pub events: Vec<DossierEvent>,
    /// Grows with every change; decisions name the version they saw.
    pub version: i64,
    /// What came after submission.
    #[serde(default)]
    pub after: crate::life::After,
}

/// A submitted file; its bytes are at `…/attachments/{id}` below the dossier's address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Attachment {
    /// As announced.
    #[serde(flatten)]
    pub manifest: AttachmentManifest,
    /// Component's name.
    pub component_name: String,
    /// The server's own verdict at receipt.
    pub verdict: crate::validation::Verdict,
}

/// One entry of a dossier's life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DossierEvent {
    /// When.
    pub at: Timestamp,
    /// Who, by name.
    pub actor: String,
    /// New status.
    pub status: DossierStatus,
    /// Note for the citizen.
    #[serde(default)]
    pub note: String,
}

/// `POST /api/officer/dossiers/{id}/decision`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Decide {
    /// What is done; what needs more than a note has its own address.
    pub decision: crate::life::Act,
    /// Note for the citizen; where [`crate::life::Act::needs_reason`] it is required.
    #[serde(default)]
    pub note: String,
    /// The version the officer saw.
    pub version: i64,
}

/// `GET /api/tracking/{code}`: what anybody may know who has the code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Tracking {
    /// Code.
    pub code: DossierCode,
    /// Procedure's name.
    pub procedure_name: String,
    /// Agency.
    pub agency: String,
    /// Status.
    pub status: DossierStatus,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// When the result is due.
    #[serde(default)]
    pub due_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(id: u128, original_of: Option<u128>, signings: usize) -> AttachmentManifest {
        AttachmentManifest {
            id: Uuid::from_u128(id),
            component: "to-khai".into(),
            copy_kind: CopyKind::Original,
            count: 1,
            file_name: "tệp.pdf".parse().expect("a name"),
            size: 9,
            sha256: Sha256([0; 32]),
            signings: vec![Uuid::from_u128(7); signings],
            signed_as: None,
            original_of: original_of.map(Uuid::from_u128),
        }
    }

    #[test]
    fn the_original_of_a_conversion_stands_beside_its_pdf_and_claims_nothing() {
        let pdf = file(1, None, 1);
        let wrong = |one: &AttachmentManifest, other: &AttachmentManifest| -> Vec<&str> {
            let among = [one.clone(), other.clone()];
            one.faults(&among)
                .into_iter()
                .map(|(field, _)| field)
                .collect()
        };
        assert!(wrong(&file(2, Some(1), 0), &pdf).is_empty());
        assert_eq!(wrong(&file(2, Some(1), 1), &pdf), ["original_of"]);
        assert_eq!(wrong(&file(2, Some(2), 0), &pdf), ["original_of"]);
        assert_eq!(wrong(&file(2, Some(3), 0), &pdf), ["original_of"]);
        assert_eq!(
            wrong(&file(2, Some(3), 0), &file(3, Some(2), 0)),
            ["original_of"]
        );
        let elsewhere = AttachmentManifest {
            component: "khac".into(),
            ..file(2, Some(1), 0)
        };
        assert_eq!(wrong(&elsewhere, &pdf), ["original_of"]);
        assert_eq!(wrong(&file(2, None, SIGNINGS_MAX + 1), &pdf), ["signings"]);
    }

    #[test]
    fn dates_are_calendar_dates() {
        assert!(is_date("2024-02-29"));
        assert!(!is_date("2023-02-29"));
        assert!(!is_date("2024-2-9"));
        assert!(!is_date("29/02/2024"));
    }
}
