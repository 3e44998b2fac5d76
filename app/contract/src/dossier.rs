//! Dossiers (hồ sơ). Drafts live in the browser only; the server first hears of a dossier when it is submitted:
//! `PUT /api/dossiers/{id}` (manifest) → `PUT /api/dossiers/{id}/attachments/{attachment}` (bytes, each) →
//! `POST /api/dossiers/{id}/submission` (code and receipt). Every step may be repeated without harm.

use crate::problem::FieldProblem;
use crate::procedure::Procedure;
use crate::signing::SigningEvent;
use crate::value::{
    CitizenId, Dong, DossierCode, FileName, Name, Phone, Sha256, Timestamp, ValueError,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Largest attachment, in bytes.
pub const ATTACHMENT_BYTES_MAX: u64 = 50 * 1024 * 1024;
/// Most attachments of one dossier.
pub const ATTACHMENTS_MAX: usize = 50;

/// What step 1 (`Thông tin hồ sơ`) gathers, as typed: a draft may hold anything, [`check_form`] says what is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DossierForm {
    /// The applicant's fields.
    pub applicant: Applicant,
    /// The procedure's own fields by key.
    #[serde(default)]
    pub detail: BTreeMap<String, String>,
}

/// Applicant fields as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
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
    let mut parts = text.split('-');
    let (Some(year), Some(month), Some(day), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let number = |part: &str, length: usize| {
        (part.len() == length && part.bytes().all(|b| b.is_ascii_digit()))
            .then(|| part.parse::<u16>().unwrap_or(0))
    };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2))
    else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    year >= 1850 && (1..=length).contains(&day)
}

/// Checks step 1 against the procedure; empty when all is right. Page and server use the same rule.
#[must_use]
pub fn check_form(form: &DossierForm, procedure: &Procedure) -> Vec<FieldProblem> {
    let person = &form.applicant;
    let mut wrong = Vec::new();
    let mut note = |pointer: String, result: Result<(), ValueError>| {
        if let Err(error) = result {
            wrong.push(FieldProblem { pointer, error });
        }
    };
    let applicant = |field: &str| format!("/applicant/{field}");
    note(applicant("name"), person.name.parse::<Name>().map(|_| ()));
    note(
        applicant("citizen_id"),
        person.citizen_id.parse::<CitizenId>().map(|_| ()),
    );
    note(
        applicant("phone"),
        person.phone.parse::<Phone>().map(|_| ()),
    );
    for (field, text) in [
        ("province", &person.province),
        ("ward", &person.ward),
        ("address", &person.address),
    ] {
        note(applicant(field), text.parse::<Name>().map(|_| ()));
    }
    for (field, text) in [
        ("id_issued_on", &person.id_issued_on),
        ("born_on", &person.born_on),
    ] {
        if !text.is_empty() && !is_date(text) {
            note(applicant(field), Err(ValueError::Malformed));
        }
    }
    if !person.email.is_empty() && !looks_like_email(&person.email) {
        note(applicant("email"), Err(ValueError::Malformed));
    }
    for (field, text, most) in [
        ("id_issued_by", &person.id_issued_by, 200),
        ("nationality", &person.nationality, 100),
        ("sex", &person.sex, 20),
        ("fax", &person.fax, 30),
        ("organisation", &person.organisation, 200),
        ("content", &person.content, 1000),
        ("note", &person.note, 2000),
    ] {
        if text.chars().count() > most {
            note(applicant(field), Err(ValueError::TooLong));
        }
    }
    if person.content.trim().is_empty() {
        note(applicant("content"), Err(ValueError::Required));
    }
    for field in &procedure.fields {
        let answer = form.detail.get(&field.key).map_or("", String::as_str);
        note(format!("/detail/{}", field.key), field.check(answer));
    }
    wrong
}

fn looks_like_email(text: &str) -> bool {
    text.len() <= 254
        && !text.chars().any(char::is_whitespace)
        && text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty()
                && domain.contains('.')
                && !domain.starts_with('.')
                && !domain.ends_with('.')
        })
}

/// `Bản chính` or `Bản sao`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
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
}

/// How the fees are paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FeePayment {
    /// At the one-stop counter.
    #[default]
    AtCounter,
    /// By bank transfer.
    BankTransfer,
    /// Nothing to pay.
    None,
}

/// `PUT /api/dossiers/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DossierManifest {
    /// Procedure code.
    pub procedure: String,
    /// Step 1.
    pub form: DossierForm,
    /// Step 2.
    pub attachments: Vec<AttachmentManifest>,
    /// Step 3.
    pub payment: FeePayment,
    /// Step 4: the declaration that everything is true was ticked.
    pub declared: bool,
}

/// Answer to the manifest: what still has to be uploaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestAccepted {
    /// Attachments whose bytes the server does not hold yet.
    pub missing: Vec<Uuid>,
}

/// `POST /api/dossiers/{id}/submission`: the receipt; asking again gives the same one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

/// A line of `GET /api/dossiers` (own ones) and `GET /api/officer/dossiers` (the agency's).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

/// `GET /api/officer/dossiers`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbox {
    /// This page of dossiers, newest first.
    pub dossiers: Vec<DossierSummary>,
    /// Ask for the next page with `?after=`; none on the last.
    #[serde(default)]
    pub next: Option<String>,
    /// How many there are by status.
    pub counts: Vec<(DossierStatus, u64)>,
}

/// `GET /api/dossiers/{id}` and `GET /api/officer/dossiers/{id}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
}

/// A submitted file; its bytes are at `…/attachments/{id}` below the dossier's address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
pub struct Decide {
    /// What is decided: receive or refuse a new dossier.
    pub decision: Decision,
    /// Reason; required for a refusal.
    #[serde(default)]
    pub note: String,
    /// The version the officer saw.
    pub version: i64,
}

/// What a reception officer decides on a new dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// `Tiếp nhận`.
    Receive,
    /// `Không tiếp nhận`.
    Refuse,
}

/// `GET /api/officer/dossiers/{id}/attachments/{attachment}/history`: the portal's side of `Xem lịch sử ký số`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningHistory {
    /// Every event of every signing of this file, oldest first.
    pub events: Vec<SigningEvent>,
}

/// `GET /api/tracking/{code}`: what anybody may know who has the code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

    #[test]
    fn dates_are_calendar_dates() {
        assert!(is_date("2024-02-29"));
        assert!(!is_date("2023-02-29"));
        assert!(!is_date("2024-2-9"));
        assert!(!is_date("29/02/2024"));
    }
}
