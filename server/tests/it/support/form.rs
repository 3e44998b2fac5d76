//! What a citizen hands in: a filled form, and the smallest document.
#![allow(dead_code)] // The load takes it too.

use contract::date::Date;
use contract::dossier::{Applicant, DossierForm};
use contract::form::{ADDRESS_PARTS, FieldDefinition, FieldKind, Format, YES, shown};
use contract::procedure::Procedure;
use contract::value::{Sha256, Timestamp};
use sha2::Digest as _;
use std::collections::BTreeMap;

/// A filled form for a procedure.
pub fn form(procedure: &Procedure, account: &str) -> DossierForm {
    DossierForm {
        applicant: Applicant {
            name: "Nguyễn Văn Mẫu".into(),
            citizen_id: account.into(),
            phone: "0900000011".into(),
            province: "Tỉnh Thử Nghiệm".into(),
            ward: "Xã Ví Dụ".into(),
            address: "Số 1".into(),
            content: "Đăng ký khai sinh cho con".into(),
            ..Applicant::default()
        },
        detail: answers(&procedure.fields),
    }
}

/// An answer to every field, the first choice of each; fields that stay hidden then have none.
fn answers(fields: &[FieldDefinition]) -> BTreeMap<String, String> {
    let today = Date::in_vietnam(now());
    let mut detail = BTreeMap::new();
    // What an answer shows is asked in the next round.
    for _ in 0..4 {
        for field in shown(fields, &detail) {
            let key = field.key();
            let answer = match &field.definition.kind {
                FieldKind::Address => {
                    for part in ADDRESS_PARTS {
                        detail.insert(format!("{key}.{part}"), "Ví dụ".into());
                    }
                    continue;
                }
                FieldKind::Repeat { min, .. } => (*min).max(1).to_string(),
                FieldKind::Choice { options } | FieldKind::Choices { options, .. } => {
                    options.first().cloned().unwrap_or_default()
                }
                FieldKind::YesNo => YES.into(),
                FieldKind::Number { min, .. } => (*min).max(1).to_string(),
                FieldKind::Phone => "0900000011".into(),
                FieldKind::Email => "mau@example.vn".into(),
                FieldKind::CitizenId => "062099000011".into(),
                FieldKind::Date { age_min, .. } => today
                    .plus_months(-12 * i32::from(age_min.unwrap_or(0)))
                    .plus_days(-1)
                    .to_string(),
                FieldKind::Text { format, .. } => match format {
                    Some(Format::TaxCode | Format::Digits) => "0100000001".into(),
                    Some(Format::CitizenId) => "062099000011".into(),
                    Some(Format::Phone) => "0900000011".into(),
                    Some(Format::Email) => "mau@example.vn".into(),
                    Some(Format::LicencePlate) => "82A-123.45".into(),
                    None => "Ví dụ".into(),
                },
                FieldKind::LongText { .. } => "Ví dụ".into(),
            };
            detail.insert(key, answer);
        }
    }
    detail
}

pub fn digest(bytes: &[u8]) -> Sha256 {
    Sha256(sha2::Sha256::digest(bytes).into())
}

pub fn now() -> Timestamp {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// The smallest document worth signing.
pub fn pdf() -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> >>",
    ];
    let mut bytes = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut table = String::from("xref\n0 4\n0000000000 65535 f \n");
    for (number, body) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", bytes.len()));
        bytes.extend(format!("{} 0 obj\n{body}\nendobj\n", number + 1).bytes());
    }
    let start = bytes.len();
    bytes.extend(
        format!("{table}trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").bytes(),
    );
    bytes
}
