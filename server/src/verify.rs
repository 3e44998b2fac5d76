//! `server verify`: the validator natively, reports that can be kept, and reading trusted roots from a folder.

mod terminal;

use anyhow::{Context as _, Result, ensure};
use contract::provider::Trust;
use contract::report::FileReport;
use contract::validation::Verdict;
use contract::value::Base64;
use signature::report;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
pub use terminal::Language;
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

/// Shape of a kept report, as the command line names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Shape {
    /// `contract::report::FileReport`.
    Json,
    /// ETSI TS 119 102-2.
    Xml,
    /// A page for people.
    Pdf,
}

/// What is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// Words on the terminal.
    Words(Language),
    /// What the validator found, as JSON.
    Json,
    /// A report that can be kept, in a file or on standard output.
    Report(Shape, Option<PathBuf>),
}

/// Tells the verdict; it is the exit status, too (see [`status`]).
///
/// # Errors
/// When the file or the roots cannot be read, or the report cannot be written.
pub fn run(file: &Path, folder: &Path, wanted: &Wanted) -> Result<ExitCode> {
    let trust = roots(folder)?;
    let bytes = std::fs::read(file).with_context(|| file.display().to_string())?;
    let name = file.file_name().map(|name| name.to_string_lossy());
    let name = name.unwrap_or_default().into_owned();
    let told = report::of(&bytes, name, &trust, crate::state::now());
    match wanted {
        Wanted::Words(language) => print!("{}", terminal::words(&told, *language)),
        Wanted::Json => println!("{}", serde_json::to_string_pretty(&told.report)?),
        Wanted::Report(shape, out) => {
            let made = made(*shape, &told, &bytes, &trust)?;
            match out {
                Some(out) => {
                    std::fs::write(out, made).with_context(|| out.display().to_string())?;
                }
                None => std::io::stdout().write_all(&made)?,
            }
        }
    }
    Ok(status(told.report.verdict))
}

fn made(shape: Shape, told: &FileReport, bytes: &[u8], trust: &Trust) -> Result<Vec<u8>> {
    Ok(match shape {
        Shape::Json => serde_json::to_vec_pretty(told)?,
        Shape::Xml => report::xml(told, bytes, trust).into_bytes(),
        Shape::Pdf => report::pdf(told)?,
    })
}

/// 0 for `valid`, 1 for `invalid`, 3 for what cannot be concluded, 4 without a signature; 2 is the command line's own, for wrong arguments.
#[must_use]
pub fn status(verdict: Verdict) -> ExitCode {
    ExitCode::from(match verdict {
        Verdict::Valid => 0,
        Verdict::Invalid => 1,
        Verdict::Indeterminate => 3,
        Verdict::Unsigned => 4,
    })
}
