//! Dossiers that wait to be sent: exactly what the person declared and handed in, kept until the portal has it.

use super::database::{self, Store};
use super::{DraftError, record};
use crate::signing::tabs::{Lock, lock};
use contract::dossier::{DossierManifest, Receipt};
use contract::problem::{FieldProblem, ProblemCode};
use contract::value::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How a dossier in the outbox stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Standing {
    /// It is sent as soon as it can be.
    Queued,
    /// The person stopped it.
    Paused,
    /// The draft is not what was handed in any more: the person has to look at it again.
    Changed,
    /// The portal refused it, or it cannot be read here.
    Refused {
        /// Why.
        code: ProblemCode,
        /// Which answers.
        #[serde(default)]
        fields: Vec<FieldProblem>,
    },
    /// The portal has it.
    Done {
        /// What it gave.
        receipt: Box<Receipt>,
    },
}

/// A dossier in the outbox.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Posted {
    /// Whose.
    pub account: Uuid,
    /// The dossier; the draft has the same identifier.
    pub dossier: Uuid,
    /// The procedure's name.
    pub name: String,
    /// What was handed in; nothing else is ever sent.
    pub manifest: DossierManifest,
    /// When.
    pub at: Timestamp,
    /// How it stands.
    pub standing: Standing,
}

async fn turn(dossier: Uuid) -> Option<Lock> {
    lock(&format!("ho-so-ky-so/posted/{dossier}"), false).await
}

/// Puts a dossier into the outbox; what was there of it is replaced.
pub async fn post(posted: &Posted) -> Result<(), DraftError> {
    let _turn = turn(posted.dossier).await;
    let at = posted.dossier.to_string();
    record::write(posted.account, Store::Outbox, &at, posted).await
}

/// One dossier in the outbox.
pub async fn find(dossier: Uuid) -> Result<Option<Posted>, DraftError> {
    record::read(Store::Outbox, &dossier.to_string()).await
}

/// An account's outbox, in the order of handing in.
pub async fn all(account: Uuid) -> Result<Vec<Posted>, DraftError> {
    let mut all: Vec<Posted> = record::list(account, Store::Outbox)
        .await?
        .into_iter()
        .map(|(_, posted)| posted)
        .collect();
    all.sort_by_key(|posted| posted.at);
    Ok(all)
}

/// Notes how a dossier stands. What is done stays done, whatever another window says.
pub async fn note(dossier: Uuid, standing: Standing) -> Result<(), DraftError> {
    let _turn = turn(dossier).await;
    let mut posted = find(dossier).await?.ok_or(DraftError::Missing)?;
    if !matches!(posted.standing, Standing::Done { .. }) {
        posted.standing = standing;
        let at = dossier.to_string();
        record::write(posted.account, Store::Outbox, &at, &posted).await?;
    }
    Ok(())
}

/// Takes a dossier out of the outbox.
pub async fn take_out(dossier: Uuid) -> Result<(), DraftError> {
    let _turn = turn(dossier).await;
    database::delete(Store::Outbox, &dossier.to_string()).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_browser);

    fn posted(account: Uuid) -> Posted {
        Posted {
            account,
            dossier: Uuid::new_v4(),
            name: "Đăng ký khai sinh".into(),
            manifest: serde_json::from_value(serde_json::json!({
                "procedure": "1.001193", "form": contract::dossier::DossierForm::default(), "attachments": [],
                "payment": "none", "declared": true,
            }))
            .expect("a manifest"),
            at: Timestamp(1),
            standing: Standing::Queued,
        }
    }

    #[wasm_bindgen_test]
    async fn a_dossier_waits_in_its_owners_outbox_until_it_is_done_for_good() {
        let account = Uuid::new_v4();
        let one = posted(account);
        post(&one).await.expect("posted");
        assert_eq!(all(account).await, Ok(vec![one.clone()]));
        assert_eq!(all(Uuid::new_v4()).await, Ok(Vec::new()));
        note(one.dossier, Standing::Paused).await.expect("noted");
        let standing = async || {
            find(one.dossier)
                .await
                .expect("read")
                .expect("there")
                .standing
        };
        assert_eq!(standing().await, Standing::Paused);
        let receipt = serde_json::from_value(serde_json::json!({
            "code": "000.00.00.H34-261125-0001", "submitted_at": 5, "procedure_name": "", "agency": "", "applicant": "", "files": 0,
            "fee_total": 0, "payment": "none",
        }));
        let done = Standing::Done {
            receipt: Box::new(receipt.expect("a receipt")),
        };
        note(one.dossier, done.clone()).await.expect("noted");
        note(one.dossier, Standing::Queued).await.expect("too late");
        assert_eq!(standing().await, done);
        take_out(one.dossier).await.expect("out");
        assert_eq!(find(one.dossier).await, Ok(None));
        assert_eq!(note(one.dossier, done).await, Err(DraftError::Missing));
    }
}
