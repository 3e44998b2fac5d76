//! `server verify`: the validator natively, and reading trusted roots from a folder.

use anyhow::{Context as _, Result, ensure};
use contract::provider::Trust;
use contract::validation::{Coverage, Integrity, TrustStatus, ValidationReport, Verdict};
use contract::value::{Base64, Timestamp, VietnamTime};
use std::path::Path;
use std::process::ExitCode;
use x509_cert::der::{Decode as _, Document};

/// A certificate file, PEM or DER, as DER.
///
/// # Errors
/// When it cannot be read or is no certificate.
pub fn certificate_file(path: &Path) -> Result<Vec<u8>> {
    let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
    // The bytes stay as they were issued: others know the certificate by them.
    let der = match std::str::from_utf8(&bytes) {
        Ok(text) if text.contains("-----BEGIN") => Document::from_pem(text)
            .with_context(|| path.display().to_string())?
            .1
            .as_bytes()
            .to_vec(),
        _ => bytes,
    };
    x509_cert::Certificate::from_der(&der).with_context(|| path.display().to_string())?;
    Ok(der)
}

/// Every certificate of a folder (`.pem`, `.crt`, `.cer`, `.der`).
///
/// # Errors
/// When the folder or one of its certificates cannot be read, or there is none.
pub fn roots(folder: &Path) -> Result<Trust> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .with_context(|| folder.display().to_string())?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.extension().is_some_and(|ending| {
                ["pem", "crt", "cer", "der"]
                    .iter()
                    .any(|known| ending.eq_ignore_ascii_case(known))
            })
        })
        .collect();
    files.sort();
    let roots = files
        .iter()
        .map(|path| certificate_file(path).map(Base64))
        .collect::<Result<Vec<_>>>()?;
    ensure!(
        !roots.is_empty(),
        "{}: no certificate (.pem, .crt, .cer, .der)",
        folder.display()
    );
    Ok(Trust { roots })
}

/// Prints the verdict; the exit status is 0 only for `valid`.
///
/// # Errors
/// When the file or the roots cannot be read.
pub fn run(file: &Path, folder: &Path, json: bool) -> Result<ExitCode> {
    let trust = roots(folder)?;
    let bytes = std::fs::read(file).with_context(|| file.display().to_string())?;
    let report = signature::validate(&bytes, &trust, crate::state::now());
    if json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print!("{}", in_words(&report));
    }
    Ok(if report.verdict == Verdict::Valid {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// `06/05/2023 14:53:12`, Vietnamese time.
fn moment(at: Timestamp) -> String {
    let time = VietnamTime::from(at);
    format!(
        "{:02}/{:02}/{} {:02}:{:02}:{:02}",
        time.day, time.month, time.year, time.hour, time.minute, time.second
    )
}

fn in_words(report: &ValidationReport) -> String {
    let mut text = String::from(match report.verdict {
        Verdict::Valid => "Hợp lệ\n",
        Verdict::Invalid => "Không hợp lệ\n",
        Verdict::Indeterminate => "Chưa xác định được\n",
        Verdict::Unsigned => "Không có chữ ký số\n",
    });
    for signature in &report.signatures {
        let integrity = match signature.integrity {
            Integrity::Intact => "toàn vẹn",
            Integrity::Broken => "nội dung hoặc chữ ký đã bị sửa",
            Integrity::Unverifiable => "không kiểm tra được",
        };
        let coverage = match signature.coverage {
            Coverage::WholeFile => "phủ cả tệp",
            Coverage::WholeRevision => "phủ trọn phiên bản đã ký",
            Coverage::Partial => "chỉ phủ một phần",
            Coverage::None => "không phủ tệp",
        };
        let trust = match signature.trust {
            TrustStatus::Trusted => "đáng tin cậy",
            TrustStatus::Untrusted => "không dẫn tới gốc tin cậy",
            TrustStatus::Revoked => "đã bị thu hồi",
            TrustStatus::Expired => "ngoài thời hạn",
            TrustStatus::Unknown => "chưa xác định",
        };
        text.push_str(&format!(
            "- {}: {} (số {}), {integrity}, {coverage}, chứng thư {trust}\n",
            signature.field, signature.signer, signature.serial
        ));
        if let Some(at) = signature.proven_at {
            text.push_str(&format!(
                "    dấu thời gian chứng minh: có trước {}\n",
                moment(at)
            ));
        }
        if !signature.chain.is_empty() {
            text.push_str(&format!(
                "    đường dẫn chứng thư: {}\n",
                signature.chain.join(" ← ")
            ));
        }
        for finding in &signature.findings {
            text.push_str(&format!("    {}: {}\n", finding.code, finding.message));
        }
    }
    for finding in &report.findings {
        text.push_str(&format!("  {}: {}\n", finding.code, finding.message));
    }
    text
}
