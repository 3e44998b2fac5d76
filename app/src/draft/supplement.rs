//! The answer to a supplement request while it is prepared: a draft of just the components that were asked for.

use super::{Draft, DraftError, list_all, turn, write};
use contract::dossier::Dossier;
use contract::supplement::{Supplement, SupplementTarget};
use contract::value::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What makes a draft the answer to a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answering {
    /// The submitted dossier.
    pub dossier: Uuid,
    /// The request.
    pub request: Uuid,
    /// Corrected fields by pointer.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
}

/// The draft that answers a request, if one was begun on this device.
pub async fn find(account: Uuid, request: Uuid) -> Result<Option<Draft>, DraftError> {
    let found = list_all(account).await?.into_iter().find(|draft| {
        draft
            .supplement
            .as_ref()
            .is_some_and(|answering| answering.request == request)
    });
    Ok(found)
}

/// Finds the draft that answers a request, or begins it: only the components that were asked for, each with its reason.
pub async fn begin(
    account: Uuid,
    dossier: &Dossier,
    request: &Supplement,
    now: Timestamp,
) -> Result<Draft, DraftError> {
    // Two presses, or two letters typed quickly, begin one draft.
    let _turn = turn(request.id).await;
    if let Some(known) = find(account, request.id).await? {
        return Ok(known);
    }
    let mut procedure = dossier.definition.clone();
    procedure
        .components
        .retain(|component| request.unlocks(&component.code));
    for component in &mut procedure.components {
        component.required = true;
        let asked = request.items.iter().find(|item| {
            matches!(&item.target, SupplementTarget::Component { code } if *code == component.code)
        });
        if let Some(item) = asked {
            component.note.clone_from(&item.reason);
        }
    }
    let draft = Draft {
        id: Uuid::new_v4(),
        account,
        procedure,
        form: dossier.form.clone(),
        attachments: Vec::new(),
        payment: dossier.payment,
        fees: contract::payment::FeeChoices::default(),
        declared: true,
        desk: None,
        updated_at: now,
        version: 0,
        supplement: Some(Answering {
            dossier: dossier.summary.id,
            request: request.id,
            fields: BTreeMap::new(),
        }),
    };
    write(&draft).await?;
    Ok(draft)
}
