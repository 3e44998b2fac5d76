//! Officers sign results and slips with their own profiles: the paper goes to the signing screen, its signed form to the dossier.

use super::allowed::allowed;
use crate::api::{self, ApiError};
use crate::draft::{self, Draft, DraftError, desk};
use crate::part::notice::{Notice, Tone};
use crate::part::toast::say;
use crate::screen::dossier::components::sha256;
use crate::session::{SessionState, session};
use crate::signing::Trouble;
use crate::text::{fill, t};
use contract::dossier::Dossier;
use contract::life::ResultFile;
use contract::paper::Hands;
use contract::problem::ProblemCode;
use contract::right::Action;
use contract::value::FileName;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;
use uuid::Uuid;

/// What the portal recorded of who signed a paper; whether it holds is checked in the file itself.
#[component]
pub fn Signed(hands: Hands) -> impl IntoView {
    if hands.is_empty() {
        return ().into_any();
    }
    let people =
        (!hands.signers.is_empty()).then(|| fill("Người ký: {}", &[&hands.signers.join(", ")]));
    let seal = (!hands.seal.is_empty()).then(|| fill("Con dấu điện tử: {}", &[&hands.seal]));
    view! {
        <ul class="hands">
            {people.map(|line| view! { <li>{line}</li> })}
            {seal.map(|line| view! { <li class="stamped">{line}</li> })}
        </ul>
    }
    .into_any()
}

/// Takes a paper to the signing screen.
async fn take(
    state: SessionState,
    dossier: &Dossier,
    (id, slip): (Uuid, bool),
    file_name: FileName,
) -> Result<String, Trouble> {
    let account = state
        .account_now()
        .ok_or_else(|| ApiError::from(ProblemCode::SignInRequired))?;
    state.open_device().await;
    let of = dossier.summary.id;
    let bytes = if slip {
        api::paper::unsealed(of, id).await?
    } else {
        api::after::result(true, of, id).await?
    };
    let sha256 = sha256(&bytes)
        .await
        .ok_or_else(|| ApiError::from(ProblemCode::Internal))?;
    let paper = desk::Paper {
        id,
        slip,
        file_name,
        bytes,
        sha256,
    };
    let draft = desk::begin(account.id, dossier, paper, state.now()).await?;
    Ok(format!("/ho-so/{draft}/ky/{id}"))
}

/// `Ký số`: to the signing screen.
#[component]
pub fn SignPaper(
    dossier: Dossier,
    /// The paper's number.
    id: Uuid,
    /// A slip, else a file of the result.
    slip: bool,
    file_name: FileName,
    /// What the button says.
    label: &'static str,
) -> impl IntoView {
    let (state, navigate) = (session(), use_navigate());
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let spoken = format!("{label} {file_name}");
    let (dossier, name) = (StoredValue::new(dossier), StoredValue::new(file_name));
    let press = move |_| {
        let navigate = navigate.clone();
        busy.set(true);
        trouble.set(None);
        let (dossier, name) = (dossier.get_value(), name.get_value());
        spawn_local(async move {
            match take(state, &dossier, (id, slip), name).await {
                Ok(address) => navigate(&address, leptos_router::NavigateOptions::default()),
                Err(error) => {
                    let _ = trouble.try_set(Some(error.sentence()));
                    let _ = busy.try_set(false);
                }
            }
        });
    };
    view! {
        <button type="button" class="button seal" aria-label=spoken aria-busy=move || busy.get().to_string() disabled=move || busy.get() on:click=press>{label}</button>
        {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
    }
}

/// What may be done by hand with a file of the result: a leader signs it, then the organisation's seal comes.
#[component]
pub fn Hand(
    dossier: Dossier,
    file: ResultFile,
    found: super::dossier::Shown,
    busy: RwSignal<bool>,
    trouble: RwSignal<Option<String>>,
) -> impl IntoView {
    let allowed = allowed(&dossier);
    let open = file.hands.seal.is_empty();
    let signs = open && allowed(Action::SignResult);
    let seals = open && !file.hands.signers.is_empty() && allowed(Action::SealResult);
    let (id, of) = (file.id, dossier.summary.id);
    let label = if file.hands.signers.is_empty() {
        t("Ký số kết quả")
    } else {
        t("Ký thêm")
    };
    let seal = move |_| {
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            match api::paper::seal_result(of, id).await {
                Ok(newest) => {
                    say(t("Đã đóng dấu số."));
                    let _ = found.try_set(Some(Ok(newest)));
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(crate::text::api(&error)));
                    let _ = busy.try_set(false);
                }
            }
        });
    };
    let name = file.file_name;
    let spoken = fill("Đóng dấu số {}", &[&name]);
    view! {
        {seals.then(|| view! { <button type="button" class="button seal" aria-label=spoken disabled=move || busy.get() on:click=seal>{t("Đóng dấu số")}</button> })}
        {signs.then(|| view! { <SignPaper dossier id slip=false file_name=name label/> })}
    }
}

/// Brings the signed form of a draft's paper to its dossier, and puts the draft away. What was brought already is not brought twice.
pub async fn deliver(account: Uuid, draft: Uuid) -> Result<(), Trouble> {
    let draft = match draft::load(account, draft).await {
        // Another window brought it.
        Err(DraftError::Missing) => return Ok(()),
        other => other?,
    };
    let Some(paper) = draft.desk else {
        return Err(DraftError::Missing.into());
    };
    for file in &draft.attachments {
        let Some(signing) = file.signings.last() else {
            continue;
        };
        let bytes = draft::attachment_bytes(file.id).await?;
        if paper.slip {
            api::paper::sign_slip(paper.dossier, file.id, *signing, &bytes).await?;
        } else {
            api::paper::sign_result(paper.dossier, file.id, *signing, &bytes).await?;
        }
    }
    draft::delete(account, draft.id).await?;
    Ok(())
}

/// Whether sending it again cannot help: the paper is another by now, or not this officer's to sign.
const fn is_final(trouble: &Trouble) -> bool {
    let Trouble::Api(error) = trouble else {
        return false;
    };
    matches!(
        error.code,
        ProblemCode::Conflict
            | ProblemCode::Forbidden
            | ProblemCode::NotFound
            | ProblemCode::SignatureInvalid
            | ProblemCode::SignatureMismatch
    )
}

/// After a signing: the signed form is brought to the dossier at once, and again when that failed.
#[component]
pub fn Delivered(draft: Uuid, dossier: Uuid) -> impl IntoView {
    let state = session();
    let done: RwSignal<Option<Result<(), Trouble>>> = RwSignal::new(None);
    let send = move || {
        let Some(account) = state.account_now() else {
            return;
        };
        done.set(None);
        spawn_local(async move {
            let sent = deliver(account.id, draft).await;
            let _ = done.try_set(Some(sent));
        });
    };
    send();
    view! {
        <div role="status">
            {move || match done.get() {
                None => view! { <p>{t("Đang đưa bản đã ký vào hồ sơ…")}</p> }.into_any(),
                Some(Ok(())) => view! { <Notice tone=Tone::Good>{t("Bản đã ký đã nằm trong hồ sơ.")}</Notice> }.into_any(),
                Some(Err(trouble)) => view! {
                    <Notice tone=Tone::Bad>
                        <p>{trouble.sentence()}</p>
                        <p>{t("Bản đã ký vẫn được giữ trên thiết bị này.")}</p>
                    </Notice>
                    <p><button type="button" class="button" on:click=move |_| send()>{t("Gửi lại vào hồ sơ")}</button></p>
                }.into_any(),
            }}
        </div>
        <div class="row"><A href=format!("/can-bo/ho-so/{dossier}") attr:class="button primary">{t("Về hồ sơ")}</A></div>
    }
}

/// Papers of a dossier that were signed on this device and are not in it yet: a window was closed, or the network was away.
#[component]
pub fn Undelivered(dossier: Uuid, found: super::dossier::Shown) -> impl IntoView {
    let state = session();
    let waiting: RwSignal<Vec<Draft>> = RwSignal::new(Vec::new());
    let trouble: RwSignal<Option<(Uuid, Trouble)>> = RwSignal::new(None);
    let busy = RwSignal::new(false);
    spawn_local(async move {
        let Some(account) = state.account_now() else {
            return;
        };
        let mut drafts = desk::of(account.id, dossier).await.unwrap_or_default();
        let signed = |draft: &Draft| {
            draft
                .attachments
                .iter()
                .any(|file| !file.signings.is_empty())
        };
        drafts.retain(signed);
        let _ = waiting.try_set(drafts);
    });
    let send = move |_| {
        let Some(account) = state.account_now() else {
            return;
        };
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            for draft in waiting.try_get_untracked().unwrap_or_default() {
                if let Err(error) = deliver(account.id, draft.id).await {
                    let _ = trouble.try_set(Some((draft.id, error)));
                    let _ = busy.try_set(false);
                    return;
                }
            }
            let newest = api::officer_dossier(dossier).await;
            let _ = waiting.try_set(Vec::new());
            let _ = found.try_set(Some(newest));
        });
    };
    // What the dossier will never take would stand in the way of signing it as it is now.
    let discard = move |draft: Uuid| {
        let Some(account) = state.account_now() else {
            return;
        };
        trouble.set(None);
        spawn_local(async move {
            match draft::delete(account.id, draft).await {
                Ok(()) => {
                    let _ = waiting.try_update(|all| all.retain(|one| one.id != draft));
                }
                Err(error) => {
                    let _ = trouble.try_set(Some((draft, error.into())));
                }
            }
        });
    };
    move || {
        let count = waiting.with(Vec::len);
        (count > 0).then(|| view! {
            <Notice tone=Tone::Attention>
                <p>{fill("Có {} bản đã ký trên thiết bị này chưa được đưa vào hồ sơ.", &[&count])}</p>
                {move || trouble.get().map(|(draft, trouble)| view! {
                    <p>{trouble.sentence()}</p>
                    {is_final(&trouble).then(|| view! {
                        <p>{t("Hồ sơ không nhận bản này nữa, ví dụ vì tệp đã được ký hoặc thay bằng tệp khác. Nếu vẫn cần ký, hãy bỏ bản này rồi ký lại.")}</p>
                        <p><button type="button" class="button danger" on:click=move |_| discard(draft)>{t("Bỏ bản đã ký này")}</button></p>
                    })}
                })}
                <p><button type="button" class="button" disabled=move || busy.get() on:click=send>{t("Gửi lại vào hồ sơ")}</button></p>
            </Notice>
        })
    }
}
