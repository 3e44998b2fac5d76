//! The file that was checked and by what: reports and pictures are made of the same bytes, the same roots and the same moment.

use crate::screen::my_dossier::blob;
use crate::signing::{Trouble, pulse};
use crate::{api, engine};
use contract::problem::ProblemCode;
use contract::validation::ValidationReport;
use contract::value::{Base64, Timestamp};
use contract::worker::{Answer, Ask, WorkerProblem};
use leptos::prelude::*;
use web_sys::Blob;

/// One checked file.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Its name.
    pub name: String,
    /// Its bytes, with the browser.
    pub file: Blob,
    /// Its password, when it has one; it stays in this page.
    pub password: Option<String>,
    /// Trusted roots it was checked against.
    pub roots: Vec<Base64>,
    /// When.
    pub now: Timestamp,
}

/// Where a screen keeps the file it has checked last.
pub type KeptFile = StoredValue<Option<Kept>, LocalStorage>;

impl Kept {
    /// The file, or its first so many bytes: an earlier revision.
    pub async fn bytes(&self, end: Option<u64>) -> Result<Vec<u8>, Trouble> {
        let part = match end {
            // Files have at most some 50 MB: exact in a float.
            #[allow(clippy::cast_precision_loss)]
            Some(end) => self.file.slice_with_f64_and_f64(0.0, end as f64).ok(),
            None => Some(self.file.clone()),
        };
        match part {
            Some(part) => crate::screen::check::bytes_of(&part).await,
            None => None,
        }
        .ok_or(WorkerProblem::Damaged.into())
    }
}

/// Where the trusted roots are kept for checks without a network.
const ROOTS: &str = "trusted-roots";
/// How long newer roots are waited for, milliseconds.
const PATIENCE: i32 = 4_000;

/// The portal's trusted roots; without a network, or when it is slow, those of last time.
async fn trusted_roots() -> Result<Vec<Base64>, Trouble> {
    let storage = web_sys::window().and_then(|window| window.local_storage().ok()?);
    let kept: Option<Vec<Base64>> = storage
        .as_ref()
        .and_then(|storage| storage.get_item(ROOTS).ok()?)
        .and_then(|text| serde_json::from_str(&text).ok());
    let answer = match &kept {
        Some(_) => pulse::within(PATIENCE, api::trust()).await,
        // Nothing stands in for them: a slow network is waited for.
        None => Some(api::trust().await),
    };
    match answer {
        Some(Ok(trust)) => {
            if let (Some(storage), Ok(text)) = (&storage, serde_json::to_string(&trust.roots)) {
                // A device that keeps nothing asks again next time.
                let _ = storage.set_item(ROOTS, &text);
            }
            Ok(trust.roots)
        }
        failed => kept.ok_or_else(|| match failed {
            Some(Err(error)) => error.into(),
            _ => api::ApiError::from(ProblemCode::Offline).into(),
        }),
    }
}

/// Fetches the trusted roots, so that files can be checked later without a network.
pub async fn know_roots() {
    // Whoever checks a file hears what went wrong.
    let _ = trusted_roots().await;
}

/// The verdict on some bytes, with the portal's trusted roots.
pub async fn validate(
    name: String,
    bytes: Vec<u8>,
    now: Timestamp,
) -> Result<(ValidationReport, Kept), Trouble> {
    validate_with(name, bytes, None, now).await
}

/// The same of a file that may have a password.
pub async fn validate_with(
    name: String,
    bytes: Vec<u8>,
    password: Option<String>,
    now: Timestamp,
) -> Result<(ValidationReport, Kept), Trouble> {
    let roots = trusted_roots().await?;
    let file = blob(&bytes).ok_or(WorkerProblem::Damaged)?;
    let ask = Ask::Validate {
        password: password.clone(),
        roots: roots.clone(),
        now,
    };
    match engine::ask(ask, vec![bytes]).await? {
        (Answer::Validated { report }, _) => {
            let kept = Kept {
                name,
                file,
                password,
                roots,
                now,
            };
            Ok((report, kept))
        }
        _ => Err(WorkerProblem::Crashed.into()),
    }
}
