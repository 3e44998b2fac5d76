//! Sends the answer to a supplement request: announced, files, off. Every step may be repeated.

use crate::api;
use crate::draft::{self, Draft};
use crate::outbox::send_kept;
use crate::signing::Trouble;
use crate::text::fill;
use contract::dossier::Dossier;
use contract::problem::ProblemCode;
use contract::supplement::SupplementAnswer;
use leptos::prelude::*;

/// Sends; the dossier as it is then. The draft goes once the server has all of it.
pub async fn send(draft: &Draft, progress: RwSignal<String>) -> Result<Dossier, Trouble> {
    let answering = draft
        .supplement
        .as_ref()
        .ok_or_else(|| api::ApiError::from(ProblemCode::NotFound))?;
    let answer = SupplementAnswer {
        request: answering.request,
        attachments: draft
            .attachments
            .iter()
            .flat_map(draft::DraftAttachment::announced)
            .collect(),
        fields: answering.fields.clone(),
    };
    let accepted = api::after::announce_supplement(answering.dossier, &answer).await?;
    let all = accepted.missing.len();
    for (position, file) in accepted.missing.into_iter().enumerate() {
        let _ = progress.try_set(fill("Đang gửi tệp {}/{}…", &[&(position + 1), &all]));
        if let Some(announced) = answer.attachments.iter().find(|one| one.id == file) {
            send_kept(file, announced.sha256, &|_| {}).await?;
            api::upload::attach(answering.dossier, file).await?;
        }
    }
    let newest = api::after::submit_supplement(answering.dossier).await?;
    // What the server has is not needed here; a draft that cannot be removed does no harm.
    let _ = draft::delete(draft.account, draft.id).await;
    Ok(newest)
}
