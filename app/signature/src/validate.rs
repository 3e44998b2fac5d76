//! Validation (ISO 32000-2, 12.8; EN 319 102-1): what a file proves about its signatures. Never fails, never panics: what cannot be
//! read is a finding, and what is not understood is never called valid.

mod appearance;
mod chain;
mod changes;
mod cms;
mod fields;
mod permission;
mod range;

use crate::certificate::Facts;
use crate::pdf::file::File;
use chain::Path;
use cms::SignedData;
use contract::provider::Trust;
use contract::validation::{
    Coverage, Finding, Integrity, Level, Modifications, Severity, SignatureReport, TrustStatus,
    ValidationReport, Verdict,
};
use contract::value::{Serial, Sha256, Timestamp};
use fields::Field;
use permission::Permissions;
use sha2::Digest as _;

/// Validates every signature of a PDF against trusted roots, as of `now`.
#[must_use]
pub fn validate(bytes: &[u8], trust: &Trust, now: Timestamp) -> ValidationReport {
    let claims_signature = find(bytes, b"/ByteRange").is_some();
    let file = match File::open(bytes) {
        Ok(file) => file,
        Err(_) if claims_signature => {
            return whole_file(
                Verdict::Indeterminate,
                finding(
                    "structure-unreadable",
                    "Cấu trúc tệp bị hỏng, được mã hóa hoặc không đúng chuẩn nên không thể xác định chữ ký phủ những gì.",
                    Severity::Error,
                ),
            );
        }
        Err(_) => {
            return whole_file(
                Verdict::Unsigned,
                finding(
                    "no-signature-found",
                    "Không tìm thấy chữ ký số trong tệp, và cấu trúc tệp không đọc được trọn vẹn.",
                    Severity::Warning,
                ),
            );
        }
    };
    let found = fields::signed(&file);
    let mut findings = Vec::new();
    if found.is_empty() && claims_signature {
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
    let certification = Certification::of(&file, &found);
    let mut signatures: Vec<SignatureReport> = found
        .iter()
        .map(|field| one(&file, field, &certification, trust, now))
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

/// Findings that leave a signature undecided although nothing of it is broken.
const UNDECIDED: [&str; 2] = ["wrong-key-usage", "signed-outside-validity"];

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
            && !signature.findings.iter().any(|found| {
                found.severity == Severity::Error || UNDECIDED.contains(&found.code.as_str())
            })
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

/// First position of a pattern.
pub(crate) fn find(bytes: &[u8], pattern: &[u8]) -> Option<usize> {
    bytes
        .windows(pattern.len())
        .position(|window| window == pattern)
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

/// One signature.
fn one(
    file: &File<'_>,
    field: &Field,
    certification: &Certification,
    trust: &Trust,
    now: Timestamp,
) -> SignatureReport {
    let mut report = empty(field);
    if certification.again.contains(&field.name) {
        report.findings.push(finding(
            "second-certification",
            "Tài liệu đã được chứng nhận trước đó; chỉ chữ ký chứng nhận đầu tiên có giá trị.",
            Severity::Error,
        ));
    }
    let covered = match range::read(file.data(), field) {
        Ok(covered) => covered,
        Err(wrong) => {
            report.findings.push(wrong);
            report.findings.push(finding(
                "unverifiable",
                "Trường chữ ký có dữ liệu nhưng không kiểm tra được.",
                Severity::Error,
            ));
            return report;
        }
    };
    report.revision_end = u64::try_from(covered.end).ok();
    report.coverage = covered.coverage(file.data());
    if report.coverage == Coverage::Partial {
        report.findings.push(finding(
            "partial-coverage",
            "Chữ ký không phủ trọn một phiên bản của tệp.",
            Severity::Error,
        ));
    }
    // What follows the value is padding, found by its length: a value may end in zero bytes of its own.
    let value = crate::ber::definite(&covered.contents).map(|(value, padding)| {
        if padding.iter().any(|byte| *byte != 0) {
            report.findings.push(finding(
                "padding-not-zero",
                "Phần đệm sau nội dung chữ ký có dữ liệu lạ, trái với chuẩn PAdES.",
                Severity::Warning,
            ));
        }
        value
    });
    match value.as_deref().and_then(SignedData::read) {
        None => report.findings.push(finding(
            "cms-unreadable",
            "Nội dung chữ ký (CMS) không đọc được.",
            Severity::Error,
        )),
        Some(signed) => cryptography(&mut report, &signed, &covered, field, trust, now),
    }
    if matches!(report.coverage, Coverage::WholeRevision) {
        let (class, told) = changes::since(
            file,
            covered.end,
            field,
            &field.permissions.under(certification.first.as_ref()),
        );
        report.modifications = class;
        report.findings.extend(told);
    }
    report
        .findings
        .sort_by_key(|found| std::cmp::Reverse(found.severity));
    report
}

fn empty(field: &Field) -> SignatureReport {
    SignatureReport {
        field: field.name.clone(),
        timestamp: field.is_timestamp(),
        signer: String::new(),
        signer_id: None,
        serial: Serial::unknown(),
        issuer: String::new(),
        certificate_from: None,
        certificate_to: None,
        signed_at: field.signed_at,
        level: Level::None,
        algorithm: String::new(),
        integrity: Integrity::Unverifiable,
        coverage: Coverage::None,
        modifications: Modifications::None,
        trust: TrustStatus::Unknown,
        findings: Vec::new(),
        signed_attributes_sha256: None,
        revision_end: None,
        page: field.page,
    }
}

/// Digests, value, certificate, chain.
fn cryptography(
    report: &mut SignatureReport,
    signed: &SignedData<'_>,
    covered: &range::Covered<'_>,
    field: &Field,
    trust: &Trust,
    now: Timestamp,
) {
    report.signed_attributes_sha256 = signed
        .attributes
        .as_ref()
        .map(|attributes| Sha256(sha2::Sha256::digest(&attributes.as_set).into()));
    report.integrity = if field.is_timestamp() {
        signed.timestamp_integrity(covered)
    } else {
        signed.integrity(covered, &field.sub_filter)
    };
    report.algorithm = signed.algorithm();
    match report.integrity {
        Integrity::Intact => {}
        Integrity::Broken => report.findings.push(finding(
            "digest-or-value-mismatch",
            "Nội dung đã ký hoặc giá trị chữ ký không khớp: tài liệu đã bị sửa hoặc chữ ký không phải của tài liệu này.",
            Severity::Error,
        )),
        Integrity::Unverifiable => report.findings.push(finding(
            "unsupported",
            "Thuật toán hoặc dạng chữ ký chưa được hỗ trợ nên không kiểm tra được.",
            Severity::Error,
        )),
    }
    if signed.uses_sha1() || signed.wraps_sha1(&field.sub_filter) {
        report.findings.push(finding(
            "weak-digest",
            "Chữ ký dùng SHA-1: không đạt Thông tư 15/2025/TT-BKHCN.",
            Severity::Warning,
        ));
    }
    report.level = level(signed, field);
    let Some(certificate) = signed.signer else {
        report.findings.push(finding(
            "no-certificate",
            "Chữ ký không kèm chứng thư số của người ký.",
            Severity::Error,
        ));
        return;
    };
    if let Ok(facts) = Facts::read(certificate) {
        trusted(report, signed, certificate, &facts, trust, now);
        report.signer = facts.subject;
        report.signer_id = facts.citizen_id.map(String::from);
        report.serial = facts.serial;
        report.issuer = facts.issuer;
        report.certificate_from = Some(facts.valid_from);
        report.certificate_to = Some(facts.valid_to);
    } else {
        report.findings.push(finding(
            "certificate-unreadable",
            "Chứng thư số của người ký không đọc được.",
            Severity::Error,
        ));
    }
}

fn trusted(
    report: &mut SignatureReport,
    signed: &SignedData<'_>,
    certificate: &[u8],
    facts: &Facts,
    trust: &Trust,
    now: Timestamp,
) {
    report.trust = match chain::build(certificate, &signed.certificates, trust, now) {
        Path::Trusted => TrustStatus::Trusted,
        Path::Expired => {
            report.findings.push(finding(
                "certificate-expired",
                "Chứng thư số không còn hoặc chưa trong thời hạn, và không có dấu thời gian chứng minh tài liệu được ký khi còn hạn.",
                Severity::Warning,
            ));
            TrustStatus::Expired
        }
        Path::Untrusted => {
            report.findings.push(finding(
                "untrusted-issuer",
                "Chứng thư số không dẫn tới gốc nào trong kho tin cậy.",
                Severity::Warning,
            ));
            TrustStatus::Untrusted
        }
    };
    if !report.timestamp && !facts.may_sign() {
        report.findings.push(finding(
            "wrong-key-usage",
            "Chứng thư số không được cấp để ký số.",
            Severity::Warning,
        ));
    }
    if !signed.binds(certificate) {
        report.findings.push(finding(
            "certificate-not-bound",
            "Chữ ký gắn với một chứng thư số khác.",
            Severity::Error,
        ));
    }
    if let Some(at) = report.signed_at
        && (at < facts.valid_from || at > facts.valid_to)
    {
        report.findings.push(finding(
            "signed-outside-validity",
            "Thời điểm ký ghi trong tệp nằm ngoài thời hạn chứng thư số.",
            Severity::Warning,
        ));
    }
    report.findings.push(finding(
        "revocation-not-checked",
        "Chưa kiểm tra tình trạng thu hồi chứng thư số (không có dữ liệu OCSP/CRL).",
        Severity::Info,
    ));
}

/// PAdES level by structure: B-B asks for the sub-filter, signing-certificate-v2 and no CMS signing-time (EN 319 142-1, 6.3).
fn level(signed: &SignedData<'_>, field: &Field) -> Level {
    if field.sub_filter != b"ETSI.CAdES.detached"
        || !signed.is_baseline()
        || field.signed_at.is_none()
    {
        Level::None
    } else if signed.has_timestamp {
        Level::BT
    } else {
        Level::BB
    }
}
