//! Validation (ISO 32000-2, 12.8; EN 319 102-1): what a file proves about its signatures. Never fails, never panics: what cannot be
//! read is a finding, and what is not understood is never called valid.

pub(crate) mod account;
pub(crate) mod appearance;
mod asked;
mod brought;
pub(crate) mod chain;
mod changes;
pub(crate) mod cms;
mod conclusion;
pub(crate) mod fields;
mod level;
pub(crate) mod material;
mod moment;
mod one;
mod permission;
mod proof;
pub(crate) mod range;
pub(crate) mod revocation;
mod strength;

use crate::digests::{Digests, Hashes};
use crate::error::SignError;
use crate::known::Known;
use crate::pdf::file::File;
use crate::values::Values;
pub use asked::asked;
pub use brought::{added, brought};
use contract::provider::Trust;
use contract::validation::{
    Coverage, Finding, Indication, Integrity, Modifications, Severity, SignatureReport,
    TrustStatus, ValidationReport, Verdict,
};
use contract::value::Timestamp;
use contract::worker::Signability;
use fields::Field;
use material::Material;
use permission::Permissions;
use proof::Proof;
use std::rc::Rc;

/// Validates every signature of a PDF against trusted roots, as of `now`.
#[must_use]
pub fn validate(bytes: &[u8], trust: &Trust, now: Timestamp) -> ValidationReport {
    validate_with(bytes, "", trust, now)
}

/// Validates an encrypted file that needs a password to be read.
#[must_use]
pub fn validate_with(
    bytes: &[u8],
    password: &str,
    trust: &Trust,
    now: Timestamp,
) -> ValidationReport {
    validate_knowing(bytes, password, trust, now, &Digests::default())
}

/// Validates a file of which some digests are known, as [`asked`] tells them.
#[must_use]
pub fn validate_knowing(
    bytes: &[u8],
    password: &str,
    trust: &Trust,
    now: Timestamp,
    known: &Digests,
) -> ValidationReport {
    validate_asking(bytes, password, trust, now, known, &Rc::default())
}

/// The same with values that others know of, or that are to be believed. What was believed has to be true for what is told to be.
#[must_use]
pub fn validate_asking(
    bytes: &[u8],
    password: &str,
    trust: &Trust,
    now: Timestamp,
    known: &Digests,
    values: &Rc<Values>,
) -> ValidationReport {
    let hashes = Rc::new(Hashes::default());
    hashes.know(known);
    go_on(bytes, password, trust, now, hashes, values.clone())
}

/// The same, going on with what was hashed of the file already.
pub(crate) fn go_on(
    bytes: &[u8],
    password: &str,
    trust: &Trust,
    now: Timestamp,
    hashes: Rc<Hashes>,
    values: Rc<Values>,
) -> ValidationReport {
    match File::open_with(bytes, password) {
        Ok(mut file) => {
            file.go_on(hashes);
            of_file(&file, trust, now, values)
        }
        Err(SignError::NotSignable(Signability::PasswordRequired)) => whole_file(
            Verdict::Indeterminate,
            finding(
                "password-required",
                "Tệp có mật khẩu nên chưa đọc được để kiểm tra chữ ký.",
                Severity::Error,
            ),
        ),
        Err(_) if claims_signature(bytes) => whole_file(
            Verdict::Indeterminate,
            finding(
                "structure-unreadable",
                "Cấu trúc tệp bị hỏng, được mã hóa hoặc không đúng chuẩn nên không thể xác định chữ ký phủ những gì.",
                Severity::Error,
            ),
        ),
        Err(_) => whole_file(
            Verdict::Unsigned,
            finding(
                "no-signature-found",
                "Không tìm thấy chữ ký số trong tệp, và cấu trúc tệp không đọc được trọn vẹn.",
                Severity::Warning,
            ),
        ),
    }
}

/// Whether a file holds what looks like a signature dictionary.
fn claims_signature(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, b"/ByteRange").is_some()
}

/// Validates every signature of an open file.
pub(crate) fn of_file(
    file: &File<'_>,
    trust: &Trust,
    now: Timestamp,
    values: Rc<Values>,
) -> ValidationReport {
    let bytes = file.data();
    let found = fields::signed(file);
    let mut findings = Vec::new();
    if found.is_empty() && claims_signature(bytes) {
        findings.push(finding(
            "orphan-signature",
            "Tệp chứa dữ liệu chữ ký nhưng không trường chữ ký nào dẫn tới nó.",
            Severity::Error,
        ));
    }
    if let Some(position) = range::bytes_after_end(bytes) {
        findings.push(finding(
            "unaccounted-bytes",
            &format!("Có dữ liệu lạ sau dấu kết thúc tệp (từ vị trí {position})."),
            Severity::Error,
        ));
    }
    let (empty, found): (Vec<Field>, Vec<Field>) = found
        .into_iter()
        .partition(|field| field.empty && !field.visible);
    for field in empty {
        findings.push(finding(
            "signature-empty",
            &format!("Trường {} có khung chữ ký rỗng: chưa được ký.", field.name),
            Severity::Warning,
        ));
    }
    let first_end = found
        .iter()
        .filter_map(|field| usize::try_from(field.end()).ok())
        .filter(|end| *end <= bytes.len())
        .min();
    if let Some(position) = first_end.and_then(|end| account::stray(file, end)) {
        findings.push(finding(
            "unaccounted-bytes",
            &format!(
                "Có dữ liệu không thuộc phần nào của tệp sau phần đã ký (từ vị trí {position})."
            ),
            Severity::Error,
        ));
    }
    // However the fields are ordered, the longest beginning is hashed once.
    let heads = found.iter().filter_map(Field::ranges);
    let heads = heads.filter_map(|[_, head, _, _]| usize::try_from(head).ok());
    file.hashes().expect(heads);
    let case = Case::new(file, &found, trust, now, values);
    let mut signatures: Vec<SignatureReport> = found
        .iter()
        .map(|field| one::report(&case, field))
        .collect();
    signatures.sort_by_key(|signature| signature.revision_end.unwrap_or(u64::MAX));
    let verdict = verdict(&signatures, &findings);
    ValidationReport {
        verdict,
        signatures,
        findings,
    }
}

fn whole_file(verdict: Verdict, told: Finding) -> ValidationReport {
    ValidationReport {
        verdict,
        signatures: Vec::new(),
        findings: vec![told],
    }
}

/// The worst of the signatures, and what concerns the whole file.
fn verdict(signatures: &[SignatureReport], findings: &[Finding]) -> Verdict {
    let grave = findings
        .iter()
        .any(|found| found.severity == Severity::Error);
    if signatures.is_empty() {
        return if grave {
            Verdict::Indeterminate
        } else {
            Verdict::Unsigned
        };
    }
    let broken = |signature: &SignatureReport| {
        signature.integrity == Integrity::Broken
            || matches!(signature.coverage, Coverage::Partial | Coverage::None)
            || signature.modifications == Modifications::Other
            || signature.trust == TrustStatus::Revoked
    };
    let good = |signature: &SignatureReport| {
        signature.integrity == Integrity::Intact
            && signature.trust == TrustStatus::Trusted
            && signature.indication == Indication::TotalPassed
            && !signature
                .findings
                .iter()
                .any(|found| found.severity == Severity::Error)
    };
    if grave || signatures.iter().any(broken) {
        Verdict::Invalid
    } else if signatures.iter().all(good) {
        Verdict::Valid
    } else {
        Verdict::Indeterminate
    }
}

pub(crate) fn finding(code: &str, message: &str, severity: Severity) -> Finding {
    Finding {
        code: code.to_owned(),
        message: message.to_owned(),
        severity,
    }
}

/// What every signature of a file is judged by.
struct Case<'c> {
    /// Certificates and values that were looked at.
    known: Known,
    file: &'c File<'c>,
    trust: &'c Trust,
    now: Timestamp,
    material: Material,
    certification: Certification,
    /// What document timestamps prove, newest first.
    proofs: Vec<Proof>,
    /// Where the range of each document timestamp ends, whether it holds or not.
    stamped: Vec<usize>,
}

impl<'c> Case<'c> {
    fn new(
        file: &'c File<'c>,
        found: &[Field],
        trust: &'c Trust,
        now: Timestamp,
        values: Rc<Values>,
    ) -> Self {
        let mut case = Self {
            known: Known::with(values),
            file,
            trust,
            now,
            material: Material::read(file),
            certification: Certification::of(file, found),
            proofs: Vec::new(),
            stamped: Vec::new(),
        };
        proof::of_documents(&mut case, found);
        case
    }
}

/// The file's certification (12.8.2.2): the first one binds the whole file.
struct Certification {
    first: Option<Permissions>,
    /// Fields that certify again.
    again: Vec<String>,
}

impl Certification {
    fn of(file: &File<'_>, found: &[Field]) -> Self {
        let mut certifying: Vec<&Field> = found
            .iter()
            .filter(|field| field.permissions.certified)
            .collect();
        certifying.sort_by_key(|field| field.end());
        let named = fields::certification(file);
        let first = match (named, certifying.first()) {
            (Some(named), Some(first)) => Some(named.under(Some(&first.permissions))),
            (named, first) => named.or_else(|| first.map(|field| field.permissions.clone())),
        };
        Self {
            first,
            again: certifying
                .iter()
                .skip(1)
                .map(|field| field.name.clone())
                .collect(),
        }
    }
}
