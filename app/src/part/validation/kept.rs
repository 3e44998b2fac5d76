//! The file that was checked and by what: reports and pictures are made of the same bytes, the same roots and the same moment.

use crate::screen::my_dossier::blob;
use crate::signing::Trouble;
use crate::{api, engine};
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

/// The verdict on some bytes, with the portal's trusted roots.
pub async fn validate(
    name: String,
    bytes: Vec<u8>,
    now: Timestamp,
) -> Result<(ValidationReport, Kept), Trouble> {
    let roots = api::trust().await?.roots;
    let file = blob(&bytes).ok_or(WorkerProblem::Damaged)?;
    let ask = Ask::Validate {
        roots: roots.clone(),
        now,
    };
    match engine::ask(ask, vec![bytes]).await? {
        (Answer::Validated { report }, _) => {
            let kept = Kept {
                name,
                file,
                roots,
                now,
            };
            Ok((report, kept))
        }
        _ => Err(WorkerProblem::Crashed.into()),
    }
}
