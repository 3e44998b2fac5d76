//! `Nộp hồ sơ trực tuyến`: the way from a procedure into a dossier.

use crate::part::notice::{Notice, Tone};
use crate::screen::dossier::begin::Begun;
use crate::session::{Who, session};
use crate::text::{fill, t};
use crate::{chunk, format, text};
use contract::procedure::Procedure;
use contract::session::Role;
use contract::value::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;
use uuid::Uuid;

/// The button, and what stands in its way.
#[component]
pub fn Start(procedure: Procedure) -> impl IntoView {
    let state = session();
    let navigate = use_navigate();
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let existing: RwSignal<Option<(Uuid, Timestamp)>> = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let definition = StoredValue::new(procedure);
    let begin = move |fresh: bool| {
        let navigate = navigate.clone();
        let Some(account) = state.account_now() else {
            let code = definition.with_value(|procedure| procedure.summary.code.clone());
            navigate(
                &format!("/dang-nhap?tiep=/thu-tuc/{code}"),
                NavigateOptions::default(),
            );
            return;
        };
        if account.role == Role::Officer {
            trouble.set(Some(
                t("Tài khoản cán bộ không nộp hồ sơ. Vui lòng đăng nhập bằng tài khoản công dân.")
                    .to_owned(),
            ));
            return;
        }
        busy.set(true);
        let procedure = definition.get_value();
        spawn_local(async move {
            let result = match chunk::begin().await {
                Ok(begin) => begin(account, procedure, state.now(), fresh)
                    .await
                    .map_err(|error| text::draft(error).to_owned()),
                Err(missing) => Err(text::chunk(missing).to_owned()),
            };
            let _ = busy.try_set(false);
            match result {
                Ok(Begun::Known(id, changed)) => {
                    let _ = existing.try_set(Some((id, changed)));
                }
                Ok(Begun::New(id)) => navigate(
                    &format!("/ho-so/{id}/thong-tin"),
                    NavigateOptions::default(),
                ),
                Err(sentence) => {
                    let _ = trouble.try_set(Some(sentence));
                }
            }
        });
    };
    // Pressed before it is known who is there: nobody who is signed in is sent to sign in.
    let wanted: RwSignal<Option<bool>> = RwSignal::new(None);
    Effect::new(move |_| {
        let asking = state.who.with(|who| matches!(who, Who::Asking));
        let Some(fresh) = wanted.get() else { return };
        busy.set(asking);
        if !asking {
            wanted.set(None);
            begin(fresh);
        }
    });
    view! {
        {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
        {move || existing.get().map(|(id, changed)| view! {
            <Notice tone=Tone::Info>
                <p>{fill("Bạn đã có 1 bản nháp của thủ tục này, sửa lần cuối {}.", &[&format::moment(changed)])}</p>
                <p class="row">
                    <A href=format!("/ho-so/{id}/thong-tin") attr:class="button primary">{t("Mở lại")}</A>
                    <button type="button" class="button" on:click=move |_| wanted.set(Some(true))>{t("Tạo mới")}</button>
                </p>
            </Notice>
        })}
        <Show when=move || existing.get().is_none()>
            <p class="start">
                <button type="button" class="button primary" aria-busy=move || busy.get().to_string()
                    on:click=move |_| if !busy.get_untracked() { wanted.set(Some(false)); }>
                    {t("Nộp hồ sơ trực tuyến")}
                </button>
            </p>
        </Show>
    }
}
