//! One signature: range, digests, certificate, chain, time, revocation, what followed.

use super::chain::{self, Outcome, Path};
use super::changes;
use super::cms::SignedData;
use super::conclusion;
use super::fields::Field;
use super::level;
use super::proof;
use super::range::{self, Covered};
use super::revocation::{self, Standing};
use super::strength;
use super::{Case, finding};
use crate::certificate::Facts;
use contract::validation::{
    Coverage, Indication, Integrity, Level, Modifications, Revocation, RevocationSource,
    RevocationWord, Severity, SignatureReport, TrustStatus,
};
use contract::value::{Serial, Sha256, Timestamp};
use sha2::Digest as _;

/// The report of a field.
pub(crate) fn report(case: &Case<'_>, field: &Field) -> SignatureReport {
    let mut report = empty(field);
    if case.certification.again.contains(&field.name) {
        report.findings.push(finding(
            "second-certification",
            "Tài liệu đã được chứng nhận trước đó; chỉ chữ ký chứng nhận đầu tiên có giá trị.",
            Severity::Error,
        ));
    }
    let covered = match range::read(case.file, field) {
        Ok(covered) => covered,
        Err(wrong) => {
            report.findings.push(wrong);
            report.findings.push(finding(
                "unverifiable",
                "Trường chữ ký có dữ liệu nhưng không kiểm tra được.",
                Severity::Error,
            ));
            conclusion::draw(&mut report);
            return report;
        }
    };
    report.revision_end = u64::try_from(covered.end).ok();
    report.coverage = covered.coverage(case.file);
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
            // Another value behind the first: somebody may read that one.
            let severity = if padding.first() == Some(&crate::tlv::SEQUENCE) {
                Severity::Error
            } else {
                Severity::Warning
            };
            report.findings.push(finding(
                "padding-not-zero",
                "Phần đệm sau nội dung chữ ký có dữ liệu lạ, trái với chuẩn PAdES.",
                severity,
            ));
        }
        value
    });
    match value
        .as_deref()
        .and_then(|value| SignedData::of_field(value, field))
    {
        None => report.findings.push(finding(
            "cms-unreadable",
            "Nội dung chữ ký (CMS) không đọc được.",
            Severity::Error,
        )),
        Some(signed) => cryptography(case, &mut report, &signed, &covered, field),
    }
    if matches!(report.coverage, Coverage::WholeRevision) {
        let permissions = field.permissions.under(case.certification.first.as_ref());
        let since = changes::since(case.file, covered.end, &field.name, &permissions);
        report.modifications = since.class;
        report.changed_pages = since.pages;
        report.findings.extend(since.told);
    }
    conclusion::draw(&mut report);
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
        proven_at: None,
        revocation: Revocation::NotChecked,
        chain: Vec::new(),
        indication: Indication::Indeterminate,
        sub_indication: None,
        unit: None,
        chain_sha256: Vec::new(),
        sub_filter: String::from_utf8_lossy(&field.sub_filter).into_owned(),
        byte_range: field.ranges(),
        timestamps: Vec::new(),
        revocation_word: None,
        changed_pages: Vec::new(),
    }
}

/// Digests, value, times, certificate, chain.
fn cryptography(
    case: &Case<'_>,
    report: &mut SignatureReport,
    signed: &SignedData<'_>,
    covered: &Covered<'_>,
    field: &Field,
) {
    report.signed_attributes_sha256 = signed
        .attributes
        .as_ref()
        .map(|attributes| Sha256(sha2::Sha256::digest(&attributes.as_set).into()));
    report.integrity = if report.timestamp {
        signed.timestamp_integrity(&case.known, covered)
    } else {
        signed.integrity(&case.known, covered, &field.sub_filter)
    };
    report.algorithm = signed.algorithm(&case.known);
    let named = report.timestamp || field.sub_filter == b"ETSI.CAdES.detached";
    for (code, message) in signed.faults(named, report.timestamp) {
        report
            .findings
            .push(finding(code, message, Severity::Error));
    }
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
    let stamped = signed.stamp().map(|stamp| stamp.at);
    report.signed_at = if report.timestamp {
        // What the authority states; the dictionary's own time may be anything.
        stamped.or(report.signed_at)
    } else {
        report
            .signed_at
            .or_else(|| signed.signing_time())
            .or(stamped)
    };
    report.level = level::reached(case, signed, field, covered.end);

    // The time at which everything about the certificate is judged: the earliest that is proven, else now.
    let before = proof::at(case, covered.end);
    report.proven_at = before;
    if !report.timestamp {
        let stamps = proof::of_signature(case, signed, before.unwrap_or(case.now));
        report.findings.extend(stamps.findings);
        report.timestamps = stamps.told;
        report.proven_at = [before, stamps.proven].into_iter().flatten().min();
    }
    let at = report.proven_at.unwrap_or(case.now);
    let sha1 = signed.uses_sha1() || signed.wraps_sha1(&field.sub_filter);
    if let Some((code, message)) = strength::weakness(signed.key(&case.known), sha1, at) {
        report
            .findings
            .push(finding(code, message, Severity::Warning));
    }

    let Some(certificate) = signed.signer else {
        report.findings.push(finding(
            "no-certificate",
            "Chữ ký không kèm chứng thư số của người ký.",
            Severity::Error,
        ));
        return;
    };
    if let Ok(facts) = case.known.facts(certificate) {
        usage(case, report, signed, certificate, &facts);
        trusted(case, report, signed, certificate, at);
        report.signer = facts.subject;
        report.unit = facts.unit;
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

/// What the certificate may be used for, and whether it is the one that was meant.
fn usage(
    case: &Case<'_>,
    report: &mut SignatureReport,
    signed: &SignedData<'_>,
    certificate: &[u8],
    facts: &Facts,
) {
    let read = case.known.read(certificate);
    if report.timestamp && !chain::may_stamp(&read) {
        report.findings.push(finding(
            "not-a-timestamp-authority",
            "Chứng thư số của dấu thời gian không được cấp riêng cho việc cấp dấu thời gian.",
            Severity::Warning,
        ));
    }
    let meant = facts.may_sign() && chain::may_sign_documents(&read);
    if !report.timestamp && !meant {
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
}

/// Everything that may stand in a path: what the signature brings and what the file brings.
pub(crate) fn path(
    case: &Case<'_>,
    signed: &SignedData<'_>,
    certificate: &[u8],
    at: Timestamp,
) -> Path {
    let mut offered = signed.certificates.clone();
    offered.extend(case.material.certificates.iter().map(Vec::as_slice));
    chain::build(&case.known, certificate, &offered, case.trust, at)
}

/// How each certificate of a path but the root stands at a time, from the signer's on.
pub(crate) fn standings(
    case: &Case<'_>,
    signed: &SignedData<'_>,
    path: &Path,
    at: Timestamp,
) -> Vec<Standing> {
    let mut answers = signed.answers.clone();
    answers.extend(case.material.answers.iter().map(Vec::as_slice));
    let mut lists = signed.lists.clone();
    lists.extend(case.material.lists.iter().map(Vec::as_slice));
    path.certificates
        .windows(2)
        .filter_map(|pair| match pair {
            [child, issuer] => Some(revocation::standing(
                &case.known,
                child,
                issuer,
                &answers,
                &lists,
                at,
            )),
            _ => None,
        })
        .collect()
}

/// The newest believed word of the issuer about the signer's certificate.
fn newest_word(case: &Case<'_>, signed: &SignedData<'_>, path: &Path) -> Option<RevocationWord> {
    let [certificate, issuer, ..] = path.certificates.as_slice() else {
        return None;
    };
    let answers = signed.answers.iter().copied();
    let answers = answers.chain(case.material.answers.iter().map(Vec::as_slice));
    let lists = signed.lists.iter().copied();
    let lists = lists.chain(case.material.lists.iter().map(Vec::as_slice));
    answers
        .map(|data| (RevocationSource::Ocsp, data))
        .chain(lists.map(|data| (RevocationSource::Crl, data)))
        .filter_map(|(source, data)| {
            let is_list = source == RevocationSource::Crl;
            let (revoked_since, stated_at, until) =
                revocation::newest(&case.known, certificate, issuer, data, is_list)?;
            Some(RevocationWord {
                source,
                stated_at,
                until,
                revoked_since,
            })
        })
        // Whoever says that it is revoked is not outdone by a later silence.
        .max_by_key(|word| (word.revoked_since.is_some(), word.stated_at))
}

fn trusted(
    case: &Case<'_>,
    report: &mut SignatureReport,
    signed: &SignedData<'_>,
    certificate: &[u8],
    at: Timestamp,
) {
    let path = path(case, signed, certificate, at);
    report.chain = path
        .certificates
        .iter()
        .filter_map(|link| case.known.facts(link).ok())
        .map(|facts| facts.subject)
        .collect();
    report.chain_sha256 = path
        .certificates
        .iter()
        .map(|link| Sha256(sha2::Sha256::digest(link).into()))
        .collect();
    report.revocation_word = newest_word(case, signed, &path);
    if let Some((code, message)) = strength::path_weakness(&case.known, &path.certificates, at) {
        report
            .findings
            .push(finding(code, message, Severity::Warning));
    }
    report.trust = match path.outcome {
        Outcome::Trusted => TrustStatus::Trusted,
        Outcome::Expired => {
            report.findings.push(finding(
                "certificate-expired",
                "Chứng thư số không còn hoặc chưa trong thời hạn, và không có dấu thời gian chứng minh tài liệu được ký khi còn hạn.",
                Severity::Warning,
            ));
            TrustStatus::Expired
        }
        Outcome::Untrusted => {
            report.findings.push(finding(
                "untrusted-issuer",
                "Chứng thư số không dẫn tới gốc nào trong kho tin cậy.",
                Severity::Warning,
            ));
            TrustStatus::Untrusted
        }
    };
    let standings = standings(case, signed, &path, at);
    let revoked = standings
        .iter()
        .any(|standing| matches!(standing, Standing::Revoked(_)));
    report.revocation = match standings.first() {
        _ if revoked => Revocation::Revoked,
        Some(Standing::Good) => Revocation::Good,
        Some(Standing::Stale) => Revocation::Unknown,
        _ => Revocation::NotChecked,
    };
    match report.revocation {
        Revocation::Revoked => {
            report.trust = TrustStatus::Revoked;
            report.findings.push(finding(
                "certificate-revoked",
                "Chứng thư số của người ký hoặc của tổ chức cấp đã bị thu hồi trước thời điểm được chứng minh.",
                Severity::Error,
            ));
        }
        Revocation::Good if standings.iter().all(|one| *one == Standing::Good) => {}
        Revocation::Good => report.findings.push(finding(
            "issuer-revocation-not-checked",
            "Chứng thư số của người ký chưa bị thu hồi; tình trạng của tổ chức cấp chưa kiểm tra được.",
            Severity::Info,
        )),
        Revocation::Unknown => report.findings.push(finding(
            "revocation-stale",
            "Dữ liệu OCSP/CRL kèm theo không nói gì về thời điểm cần xét: chưa kiểm tra được tình trạng thu hồi.",
            Severity::Warning,
        )),
        Revocation::NotChecked => report.findings.push(finding(
            "revocation-not-checked",
            "Chưa kiểm tra được tình trạng thu hồi chứng thư số (không có dữ liệu OCSP/CRL).",
            Severity::Warning,
        )),
    }
}
