//! What waits to be sent, dossiers and answers to supplement requests: exactly what the person handed in, kept until the portal has it.

use super::database::{self, Store};
use super::{DraftError, record};
use crate::signing::tabs::{Lock, lock};
use contract::dossier::{AttachmentManifest, DossierManifest, Receipt};
use contract::problem::{FieldProblem, ProblemCode};
use contract::supplement::SupplementAnswer;
use contract::value::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What is sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Parcel {
    /// The answer to a supplement request of a dossier that was submitted.
    Supplement {
        /// That dossier.
        to: Uuid,
        /// The answer.
        answer: SupplementAnswer,
    },
    /// A new dossier.
    Dossier(Box<DossierManifest>),
}

impl Parcel {
    /// Its files.
    pub fn files(&self) -> &[AttachmentManifest] {
        match self {
            Self::Supplement { answer, .. } => &answer.attachments,
            Self::Dossier(manifest) => &manifest.attachments,
        }
    }

    /// The submitted dossier that it is added to.
    pub const fn added_to(&self) -> Option<Uuid> {
        match self {
            Self::Supplement { to, .. } => Some(*to),
            Self::Dossier(_) => None,
        }
    }
}

/// How a parcel in the outbox stands.
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
    /// The portal has the answer to the supplement request.
    Supplied,
}

impl Standing {
    /// Whether the portal has all of it.
    pub const fn is_over(&self) -> bool {
        matches!(self, Self::Done { .. } | Self::Supplied)
    }
}

/// A parcel in the outbox.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Posted {
    /// Whose.
    pub account: Uuid,
    /// The draft that was handed in; the dossier it becomes has the same identifier.
    #[serde(rename = "dossier")]
    pub draft: Uuid,
    /// The procedure's name.
    pub name: String,
    /// What was handed in; nothing else is ever sent.
    #[serde(rename = "manifest")]
    pub parcel: Parcel,
    /// When.
    pub at: Timestamp,
    /// How it stands.
    pub standing: Standing,
}

async fn turn(draft: Uuid) -> Option<Lock> {
    lock(&format!("ho-so-ky-so/posted/{draft}"), false).await
}

/// Puts a parcel into the outbox; what was there of the draft is replaced.
pub async fn post(posted: &Posted) -> Result<(), DraftError> {
    let _turn = turn(posted.draft).await;
    let at = posted.draft.to_string();
    record::write(posted.account, Store::Outbox, &at, posted).await
}

/// One parcel in the outbox.
pub async fn find(draft: Uuid) -> Result<Option<Posted>, DraftError> {
    record::read(Store::Outbox, &draft.to_string()).await
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

/// Notes how a parcel stands. What is done stays done, whatever another window says.
pub async fn note(draft: Uuid, standing: Standing) -> Result<(), DraftError> {
    let _turn = turn(draft).await;
    let mut posted = find(draft).await?.ok_or(DraftError::Missing)?;
    if !posted.standing.is_over() {
        posted.standing = standing;
        let at = draft.to_string();
        record::write(posted.account, Store::Outbox, &at, &posted).await?;
    }
    Ok(())
}

/// Takes a parcel out of the outbox.
pub async fn take_out(draft: Uuid) -> Result<(), DraftError> {
    let _turn = turn(draft).await;
    database::delete(Store::Outbox, &draft.to_string()).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_browser);

    fn posted(account: Uuid) -> Posted {
        Posted {
            account,
            draft: Uuid::new_v4(),
            name: "Đăng ký khai sinh".into(),
            parcel: serde_json::from_value(serde_json::json!({
                "procedure": "1.001193", "form": contract::dossier::DossierForm::default(), "attachments": [],
                "payment": "none", "declared": true,
            }))
            .expect("a manifest"),
            at: Timestamp(1),
            standing: Standing::Queued,
        }
    }

    #[wasm_bindgen_test]
    fn what_an_older_version_handed_in_is_read_and_an_answer_stays_an_answer() {
        let old = serde_json::json!({
            "account": Uuid::nil(), "dossier": Uuid::nil(), "name": "Đăng ký khai sinh", "at": 1, "standing": { "state": "queued" },
            "manifest": {
                "procedure": "1.001193", "form": contract::dossier::DossierForm::default(), "attachments": [], "payment": "none",
                "declared": true,
            },
        });
        let old: Posted = serde_json::from_value(old).expect("read");
        assert_eq!(old.parcel, posted(Uuid::nil()).parcel);
        let answer = Posted {
            parcel: Parcel::Supplement {
                to: Uuid::new_v4(),
                answer: SupplementAnswer {
                    request: Uuid::new_v4(),
                    attachments: Vec::new(),
                    fields: [("/applicant/address".to_owned(), "Thôn 1".to_owned())].into(),
                },
            },
            ..old
        };
        let kept = serde_json::to_string(&answer).expect("written");
        assert_eq!(serde_json::from_str::<Posted>(&kept).expect("read"), answer);
    }

    #[wasm_bindgen_test]
    async fn a_dossier_waits_in_its_owners_outbox_until_it_is_done_for_good() {
        let account = Uuid::new_v4();
        let one = posted(account);
        post(&one).await.expect("posted");
        assert_eq!(all(account).await, Ok(vec![one.clone()]));
        assert_eq!(all(Uuid::new_v4()).await, Ok(Vec::new()));
        note(one.draft, Standing::Paused).await.expect("noted");
        let standing = async || {
            find(one.draft)
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
        note(one.draft, done.clone()).await.expect("noted");
        note(one.draft, Standing::Queued).await.expect("too late");
        assert_eq!(standing().await, done);
        take_out(one.draft).await.expect("out");
        assert_eq!(find(one.draft).await, Ok(None));
        assert_eq!(note(one.draft, done).await, Err(DraftError::Missing));
    }
}
