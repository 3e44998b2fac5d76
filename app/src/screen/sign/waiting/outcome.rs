//! How a signing ended: every file signed, some, or none; what is kept, and what can be done.

use crate::draft;
use crate::format::clock;
use crate::part::notice::{Notice, Tone};
use crate::screen::officer::result_signing::Delivered;
use crate::signing::pending::{PendingSigning, Proof};
use crate::signing::signings;
use crate::signing::watched::{Phase, Unusable, Watched};
use crate::text::signing as text;
use crate::text::{fill, t};
use contract::signing::{SigningFailure, SigningState};
use contract::value::FileName;
use contract::worker::WorkerProblem;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;
use uuid::Uuid;

fn components(watched: &Watched) -> String {
    crate::screen::sign::back_to(watched.pending.draft, watched.pending.desk)
}

/// What the way back is called.
fn components_name(watched: &Watched) -> &'static str {
    if watched.pending.desk.is_some() {
        t("Về hồ sơ")
    } else {
        t("Thành phần hồ sơ")
    }
}

/// Saves the file as it lies on the device.
fn save(attachment: Uuid, name: String) {
    spawn_local(async move {
        if let Ok(bytes) = draft::attachment_bytes(attachment).await {
            crate::screen::my_dossier::download(&bytes, &name);
        }
    });
}

fn name_of(watched: &Watched, attachment: Uuid) -> Option<FileName> {
    let items = &watched.pending.start.items;
    let item = items.iter().find(|item| item.attachment == attachment)?;
    Some(item.file_name.clone())
}

/// Every file with its state.
fn files(watched: &Watched) -> impl IntoView + use<> {
    let rows = watched.pending.files.iter().filter_map(|file| {
        let attachment = file.attachment;
        let name = name_of(watched, attachment)?;
        if !watched.has_stored(attachment) {
            let refused = watched.refused.iter().find(|known| known.attachment == attachment);
            let why = text::unsigned(refused.map(|refused| &refused.why));
            return Some(view! {
                <li class="missing"><span class="mark" aria-hidden="true">"–"</span><span><strong>{name.to_string()}</strong><span>{why}</span></span></li>
            }.into_any());
        }
        let signed = name.signed().to_string();
        let saved = signed.clone();
        Some(view! {
            <li>
                <span class="mark" aria-hidden="true">"✓"</span>
                <span><strong>{signed}</strong><span>{t("Chữ ký đã được kiểm tra hợp lệ trên máy của bạn")}</span></span>
                <button type="button" class="button small" aria-label=fill("Tải về {}", &[&saved]) on:click=move |_| save(attachment, saved.clone())>{t("Tải về")}</button>
            </li>
        }.into_any())
    });
    view! { <ul class="signed-files">{rows.collect_view()}</ul> }
}

/// What the weakest of the files carries.
fn proof(watched: &Watched) -> Option<&'static str> {
    let weakest: Option<Proof> = watched.stored.iter().map(|file| file.proof).min();
    weakest.and_then(text::proof)
}

/// Everything signed.
#[component]
pub(super) fn Done(watched: Watched) -> impl IntoView {
    if let Some(dossier) = watched.pending.desk {
        return view! {
            <div class="seal-mark" aria-hidden="true">"✓"</div>
            <h1 id="waiting-title" tabindex="-1">{text::done(watched.pending.files.len())}</h1>
            <p>{watched.pending.start.items.iter().map(|item| item.file_name.signed().to_string()).collect::<Vec<_>>().join(", ")}</p>
            <Delivered draft=watched.pending.draft dossier/>
            {proof(&watched).map(|sentence| view! { <p class="proof">{sentence}</p> })}
        }
        .into_any();
    }
    let (navigate, address) = (use_navigate(), components(&watched));
    view! {
        <div class="seal-mark" aria-hidden="true">"✓"</div>
        <h1 id="waiting-title" tabindex="-1">{text::done(watched.pending.files.len())}</h1>
        <p>{t("Tệp đã ký thay cho tệp chưa ký trong hồ sơ; bản gốc được giữ trên thiết bị này tới khi nộp.")}</p>
        {files(&watched)}
        {proof(&watched).map(|sentence| view! { <p class="proof">{sentence}</p> })}
        <div class="row"><button type="button" class="button primary" on:click=move |_| navigate(&address, leptos_router::NavigateOptions::default())>{t("Tiếp tục hồ sơ")}</button></div>
    }
    .into_any()
}

/// Some signed.
#[component]
pub(super) fn Partial(watched: Watched, on_again: Callback<PendingSigning>) -> impl IntoView {
    let (stored, all) = (watched.stored.len(), watched.pending.files.len());
    let rest = StoredValue::new(watched.rest());
    view! {
        <div class="part-mark" aria-hidden="true">{format!("{stored}/{all}")}</div>
        <h1 id="waiting-title" tabindex="-1">{text::partly(stored, all)}</h1>
        <p>{t("Các tệp đã ký được giữ lại, không cần ký lại. Vị trí ký của tệp còn thiếu vẫn như cũ.")}</p>
        {files(&watched)}
        {proof(&watched).map(|sentence| view! { <p class="proof">{sentence}</p> })}
        <div class="row">
            <button type="button" class="button seal" on:click=move |_| on_again.run(rest.get_value())>{fill("Ký lại {} tệp còn thiếu", &[&(all - stored)])}</button>
            <A href=components(&watched) attr:class="button">{components_name(&watched)}</A>
        </div>
    }
}

/// Values came, none could be used.
#[component]
pub(super) fn Refused(watched: Watched, on_again: Callback<PendingSigning>) -> impl IntoView {
    let signings = signings();
    let id = watched.pending.start.id;
    let rest = StoredValue::new(watched.rest());
    let why = watched
        .refused
        .first()
        .map_or(Unusable::Lost, |refused| refused.why.clone());
    let (heading, sentence) = text::unusable(&why);
    let another_try = why == Unusable::Engine(WorkerProblem::Crashed);
    view! {
        <div class="part-mark bad" aria-hidden="true">"!"</div>
        <h1 id="waiting-title" tabindex="-1">{heading}</h1>
        <Notice tone=Tone::Bad>{sentence}</Notice>
        <div class="row">
            {another_try.then(|| view! { <button type="button" class="button primary" on:click=move |_| signings.try_refused_again(id)>{t("Thử lại")}</button> })}
            <button type="button" class="button seal" on:click=move |_| on_again.run(rest.get_value())>{t("Ký lại")}</button>
            <A href=components(&watched) attr:class="button">{components_name(&watched)}</A>
        </div>
    }
}

/// Whether another profile (another account, another provider) would help.
const fn another_profile_helps(state: SigningState, failure: Option<SigningFailure>) -> bool {
    match failure {
        Some(SigningFailure::Interrupted) => false,
        Some(_) => true,
        None => matches!(state, SigningState::Rejected | SigningState::Expired),
    }
}

/// No signature.
#[component]
pub(super) fn Ended(
    watched: Watched,
    phase: Phase,
    on_again: Callback<PendingSigning>,
) -> impl IntoView {
    let view = watched.view.as_ref();
    let failure = view.and_then(|view| view.failure);
    let state = match phase {
        Phase::Ended(state) => Some(state),
        _ => None,
    };
    let (heading, sentence) = state.map_or(
        (t(text::NEVER_ARRIVED.0), t(text::NEVER_ARRIVED.1)),
        |state| text::end(state, failure),
    );
    let heading = match (state, view) {
        (Some(SigningState::Expired), Some(view)) => {
            fill("{} lúc {}", &[&heading, &clock(view.expires_at)])
        }
        _ => heading.to_owned(),
    };
    let mismatch = state == Some(SigningState::Mismatch);
    let rest = StoredValue::new(watched.rest());
    let again = move |_| on_again.run(rest.get_value());
    let again_text = if state == Some(SigningState::Expired) {
        t("Gửi lại yêu cầu")
    } else {
        t("Ký lại")
    };
    view! {
        <div class="part-mark" class:bad=mismatch aria-hidden="true">{if mismatch { "!" } else { "–" }}</div>
        <h1 id="waiting-title" tabindex="-1">{heading}</h1>
        <Notice tone=if mismatch { Tone::Bad } else { Tone::Attention }>{sentence}</Notice>
        <div class="row">
            <button type="button" class="button seal" on:click=again>{again_text}</button>
            {state.is_some_and(|state| another_profile_helps(state, failure)).then(|| view! {
                <button type="button" class="button" on:click=move |_| on_again.run(rest.get_value().for_another_profile())>{t("Đổi mẫu chữ ký")}</button>
            })}
            {(failure == Some(SigningFailure::NoCertificate)).then(|| view! { <A href="/chu-ky" attr:class="button">{t("Sửa số giấy tờ")}</A> })}
            {mismatch.then(|| view! { <A href="/ho-tro" attr:class="button">{t("Liên hệ hỗ trợ")}</A> })}
            <A href=components(&watched) attr:class="button">{components_name(&watched)}</A>
        </div>
        {(state == Some(SigningState::Rejected)).then(|| view! {
            <p class="hint">{t("Bạn không gửi yêu cầu này? ")}<A href="/ho-tro">{t("Báo cho bộ phận hỗ trợ")}</A>{t(" và đổi mật khẩu đăng nhập cổng.")}</p>
        })}
    }
}
