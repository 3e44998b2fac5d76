//! The way into a dossier: a new draft, unless there is one of the same procedure already.

use crate::draft::{self, DraftError};
use contract::procedure::Procedure;
use contract::session::Account;
use contract::value::Timestamp;
use uuid::Uuid;

/// Where to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// A new draft.
    New(Uuid),
    /// One that was there, and when it was changed last.
    Known(Uuid, Timestamp),
}

/// Finds the person's draft of a procedure, or begins one; `fresh` begins one in any case.
pub async fn begin(
    account: Account,
    procedure: Procedure,
    now: Timestamp,
    fresh: bool,
) -> Result<Begun, DraftError> {
    if !fresh {
        let known = draft::list(account.id).await.unwrap_or_default();
        if let Some(known) = known
            .into_iter()
            .find(|draft| draft.procedure.summary.code == procedure.summary.code)
        {
            return Ok(Begun::Known(known.id, known.updated_at));
        }
    }
    Ok(Begun::New(draft::begin(&account, procedure, now).await?.id))
}
