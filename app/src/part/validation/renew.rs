//! `Gia hạn bằng chứng`: what a signed file lacks to be checked for a long time, and a timestamp over all of it (PAdES B-LTA). The file
//! stays on this device; digests and certificates go to the portal, which asks the authorities.

use super::kept::KeptFile;
use crate::engine;
use crate::part::notice::{Notice, Tone};
use crate::screen::my_dossier::{blob, save_blob};
use crate::session::{session, signed_in};
use crate::signing::Trouble;
use crate::text::t;
use crate::{api, text};
use contract::evidence::AskEvidence;
use contract::validation::{Level, ValidationReport, Verdict};
use contract::value::Base64;
use contract::worker::{Answer, Ask, SigningEvidence, WorkerProblem};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Random bytes of a query.
const NONCE: usize = 16;

/// The lowest level of the file's signatures, timestamps left out.
pub fn level(report: &ValidationReport) -> Option<Level> {
    report
        .signatures
        .iter()
        .filter(|signature| !signature.timestamp)
        .map(|signature| signature.level)
        .min()
}

/// Offered for a valid file, to people who are signed in, where the portal has a timestamp authority.
#[component]
pub fn Renew(report: ValidationReport, kept: KeptFile) -> impl IntoView {
    let before = level(&report);
    let fits = report.verdict == Verdict::Valid && before.is_some_and(|level| level > Level::None);
    if !fits
        || signed_in().is_none()
        || kept.with_value(|kept| kept.as_ref().is_none_or(|kept| kept.password.is_some()))
    {
        return ().into_any();
    }
    let offered = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let done: RwSignal<Option<Result<Option<Level>, Trouble>>> = RwSignal::new(None);
    spawn_local(async move {
        let offer = api::evidence_offer()
            .await
            .is_ok_and(|offer| offer.timestamps);
        let _ = offered.try_set(offer);
    });
    let now = session();
    let renew = move |_| {
        busy.set(true);
        done.set(None);
        spawn_local(async move {
            let outcome = renewed(kept, now).await;
            let _ = done.try_set(Some(outcome));
            let _ = busy.try_set(false);
        });
    };
    view! {
        <Show when=move || offered.get()>
            <div class="renew">
                <p class="row">
                    <button type="button" class="button" disabled=move || busy.get() aria-busy=move || busy.get().to_string() on:click=renew>
                        {move || if busy.get() { t("Đang lấy bằng chứng…") } else { t("Gia hạn bằng chứng") }}
                    </button>
                </p>
                <p class="hint">{t("Thêm dữ liệu kiểm tra và dấu thời gian lưu trữ vào tệp, để chữ ký còn kiểm tra được nhiều năm sau. Có thể làm lại sau này. Tệp không rời máy của bạn.")}</p>
                <div role="status">
                    {move || done.get().map(|done| match done {
                        Ok(level) => view! {
                            <Notice tone=Tone::Good>
                                <p>{t("Đã thêm bằng chứng và tải tệp mới về máy của bạn. Hãy giữ tệp mới này.")}</p>
                                {level.map(|level| view! { <p>{text::level(level)}</p> })}
                            </Notice>
                        }.into_any(),
                        Err(trouble) => view! { <Notice tone=Tone::Bad>{trouble.sentence()}</Notice> }.into_any(),
                    })}
                </div>
            </div>
        </Show>
    }
    .into_any()
}

/// Makes the new file and saves it; its level.
async fn renewed(
    kept: KeptFile,
    now: crate::session::SessionState,
) -> Result<Option<Level>, Trouble> {
    let Some(file) = kept.get_value() else {
        return Err(WorkerProblem::NotOpen.into());
    };
    let bytes = file.bytes(None).await?;
    let (Answer::EvidenceWanted { chains }, _) =
        engine::ask(Ask::ArchiveChains, vec![bytes.clone()]).await?
    else {
        return Err(WorkerProblem::Crashed.into());
    };
    let asked = AskEvidence { chains };
    let found = api::evidence(&asked).await?;
    let evidence = SigningEvidence {
        timestamp: None,
        certificates: asked.chains.into_iter().flatten().collect(),
        ocsp: found.ocsp,
        crls: found.crls,
    };
    let mut nonce = [0; NONCE];
    let filled = web_sys::window()
        .and_then(|window| window.crypto().ok())
        .is_some_and(|crypto| crypto.get_random_values_with_u8_array(&mut nonce).is_ok());
    if !filled {
        return Err(WorkerProblem::Unavailable.into());
    }
    let ask = Ask::PrepareArchive {
        evidence,
        nonce: Base64(nonce.to_vec()),
    };
    let (answer, mut parcels) = engine::ask(ask, vec![bytes]).await?;
    let (Answer::ArchivePrepared { prepared, query }, Some(bytes)) = (answer, parcels.files.pop())
    else {
        return Err(WorkerProblem::Crashed.into());
    };
    let reply = Base64(api::timestamp(&query.0).await?);
    let ask = Ask::FinishArchive {
        prepared,
        query,
        reply,
        roots: file.roots.clone(),
        now: now.now(),
    };
    let (answer, mut parcels) = engine::ask(ask, vec![bytes]).await?;
    let (Answer::Finished { report, .. }, Some(bytes)) = (answer, parcels.files.pop()) else {
        return Err(WorkerProblem::Crashed.into());
    };
    let made = blob(&bytes).ok_or(WorkerProblem::Crashed)?;
    save_blob(&made, &file.name);
    Ok(level(&report))
}
