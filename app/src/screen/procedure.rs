//! One procedure, and the way into a dossier.

use crate::part::notice::{Loading, Notice, Tone};
use crate::part::{load, title};
use crate::screen::dossier::begin::Begun;
use crate::session::session;
use crate::{api, chunk, format, text};
use contract::procedure::Procedure as Definition;
use contract::session::Role;
use contract::value::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::{use_navigate, use_params_map};
use uuid::Uuid;

/// The screen.
#[component]
pub fn Procedure() -> impl IntoView {
    title("Thủ tục hành chính");
    let code = use_params_map().with_untracked(|map| map.get("code").unwrap_or_default());
    let found = load(async move { api::procedure(&code).await });
    view! {
        <div class="wrap">
            {move || match found.get() {
                None => view! { <Loading/> }.into_any(),
                Some(Err(error)) => view! { <h1>"Thủ tục hành chính"</h1><Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
                Some(Ok(procedure)) => view! { <Whole procedure/> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Whole(procedure: Definition) -> impl IntoView {
    title(&procedure.summary.name);
    let state = session();
    let navigate = use_navigate();
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let existing: RwSignal<Option<(Uuid, Timestamp)>> = RwSignal::new(None);
    let definition = StoredValue::new(procedure.clone());
    let begin = move |fresh: bool| {
        let navigate = navigate.clone();
        let Some(account) = state.account_now() else {
            let here = format!(
                "/thu-tuc/{}",
                definition.with_value(|procedure| procedure.summary.code.clone())
            );
            navigate(
                &format!("/dang-nhap?tiep={here}"),
                leptos_router::NavigateOptions::default(),
            );
            return;
        };
        if account.role == Role::Officer {
            trouble.set(Some(
                "Tài khoản cán bộ không nộp hồ sơ. Vui lòng đăng nhập bằng tài khoản công dân."
                    .into(),
            ));
            return;
        }
        spawn_local(async move {
            let begin = match chunk::begin().await {
                Ok(begin) => begin,
                Err(missing) => {
                    let _ = trouble.try_set(Some(text::chunk(missing).to_owned()));
                    return;
                }
            };
            match begin(account, definition.get_value(), state.now(), fresh).await {
                Ok(Begun::Known(id, changed)) => {
                    let _ = existing.try_set(Some((id, changed)));
                }
                Ok(Begun::New(id)) => navigate(
                    &format!("/ho-so/{id}/thong-tin"),
                    leptos_router::NavigateOptions::default(),
                ),
                Err(error) => {
                    let _ = trouble.try_set(Some(text::draft(error).to_owned()));
                }
            }
        });
    };
    let (first, again) = (begin.clone(), StoredValue::new(begin));
    let list = |heading: &'static str, items: Vec<String>| {
        (!items.is_empty()).then(|| view! { <h2>{heading}</h2><ul>{items.into_iter().map(|item| view! { <li>{item}</li> }).collect_view()}</ul> })
    };
    view! {
        <p class="meta">{procedure.summary.field}" · Mã "{procedure.summary.code}</p>
        <h1>{procedure.summary.name}</h1>
        <p class="lead">{procedure.description}</p>
        {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
        {move || existing.get().map(|(id, changed)| view! {
            <Notice tone=Tone::Info>
                <p>{format!("Bạn đã có 1 bản nháp của thủ tục này, sửa lần cuối {}.", format::moment(changed))}</p>
                <p class="row">
                    <A href=format!("/ho-so/{id}/thong-tin") attr:class="button primary">"Mở lại"</A>
                    <button type="button" class="button" on:click=move |_| again.get_value()(true)>"Tạo mới"</button>
                </p>
            </Notice>
        })}
        <Show when=move || existing.get().is_none()>
            <p><button type="button" class="button primary" on:click={let first = first.clone(); move |_| first(false)}>"Nộp hồ sơ trực tuyến"</button></p>
        </Show>
        <dl class="facts">
            <div><dt>"Cơ quan thực hiện"</dt><dd>{procedure.summary.agency}</dd></div>
            <div><dt>"Cấp thực hiện"</dt><dd>{super::procedures::level(procedure.summary.level)}</dd></div>
            <div><dt>"Mức độ"</dt><dd>{super::procedures::service(procedure.summary.service)}</dd></div>
            <div><dt>"Thời hạn giải quyết"</dt><dd>{procedure.deadline.text}</dd></div>
        </dl>
        <h2>"Thành phần hồ sơ"</h2>
        <ul class="components">
            {procedure.components.into_iter().map(|component| view! {
                <li>
                    <strong>{component.name}</strong>
                    {component.required.then_some(" (bắt buộc)")}
                    {component.signature_required.then(|| view! { <span class="chip seal">"Cần ký số"</span> })}
                    <span class="hint">{component.note}</span>
                </li>
            }).collect_view()}
        </ul>
        <h2>"Phí, lệ phí"</h2>
        {if procedure.fees.is_empty() {
            view! { <p>"Không thu phí, lệ phí."</p> }.into_any()
        } else {
            view! {
                <ul>
                    {procedure.fees.into_iter().map(|fee| view! {
                        <li><strong>{fee.name}": "{format::money(fee.amount)}" / "{fee.unit}</strong><span class="hint">{fee.note}</span></li>
                    }).collect_view()}
                </ul>
            }.into_any()
        }}
        {list("Trình tự thực hiện", procedure.steps)}
        {list("Kết quả", procedure.results)}
        {list("Căn cứ pháp lý", procedure.legal_basis)}
    }
}
