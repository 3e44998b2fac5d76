//! The inbox.

use crate::part::notice::{Loading, Notice, Tone};
use crate::part::title;
use crate::session::{Who, session};
use crate::text::after::tone;
use crate::text::{n, t};
use crate::{api, format, text};
use contract::dossier::{DossierStatus, DossierSummary, Inbox as Page};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;

/// What stands on the desk, in the order in which it is worked on.
const TABS: [(&str, Option<DossierStatus>, &str); 8] = [
    ("", None, n("Tất cả")),
    ("new", Some(DossierStatus::New), n("Chờ tiếp nhận")),
    ("received", Some(DossierStatus::Received), n("Đã tiếp nhận")),
    (
        "processing",
        Some(DossierStatus::Processing),
        n("Đang xử lý"),
    ),
    (
        "supplement-requested",
        Some(DossierStatus::SupplementRequested),
        n("Chờ bổ sung"),
    ),
    ("done", Some(DossierStatus::Done), n("Chờ trả kết quả")),
    (
        "returned",
        Some(DossierStatus::Returned),
        n("Đã trả kết quả"),
    ),
    (
        "refused",
        Some(DossierStatus::Refused),
        n("Không tiếp nhận"),
    ),
];

/// The screen.
#[component]
pub fn Inbox() -> impl IntoView {
    title(t("Hộp hồ sơ"));
    let state = session();
    let (status, query) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let page: RwSignal<Option<Result<Page, api::ApiError>>> = RwSignal::new(None);
    let rows: RwSignal<Vec<DossierSummary>> = RwSignal::new(Vec::new());
    // Answers may overtake each other: only that of the newest question is shown.
    let asked = StoredValue::new(0_u32);
    let fetch = move |after: Option<String>| {
        asked.update_value(|asked| *asked = asked.wrapping_add(1));
        let this = asked.get_value();
        let mut address = format!(
            "?q={}",
            js_sys::encode_uri_component(&query.get_untracked())
        );
        let chosen = status.get_untracked();
        if !chosen.is_empty() {
            address.push_str(&format!("&status={chosen}"));
        }
        if let Some(after) = &after {
            address.push_str(&format!("&after={after}"));
        }
        spawn_local(async move {
            let answer = api::inbox(&address).await;
            if asked.try_get_value() != Some(this) {
                return;
            }
            if let Ok(found) = &answer {
                let _ = rows.try_update(|rows| {
                    if after.is_none() {
                        rows.clear();
                    }
                    rows.extend(found.dossiers.clone());
                });
            }
            let _ = page.try_set(Some(answer));
        });
    };
    Effect::new(move |_| {
        if state.is_officer() {
            status.track();
            query.track();
            fetch(None);
        }
    });
    let count = move |wanted: Option<DossierStatus>| {
        page.with(|page| match page {
            Some(Ok(page)) => page
                .counts
                .iter()
                .filter(|(status, _)| wanted.is_none_or(|wanted| wanted == *status))
                .map(|(_, number)| number)
                .sum::<u64>(),
            _ => 0,
        })
    };
    let next = move || {
        page.with(|page| {
            page.as_ref()
                .and_then(|page| page.as_ref().ok())
                .and_then(|page| page.next.clone())
        })
    };
    view! {
        <div class="wrap">
            <h1>{t("Hộp hồ sơ")}</h1>
            {move || match state.who.get() {
                Who::Nobody => Some(view! { <crate::screen::dossier::SignInFirst/> }.into_any()),
                Who::Somebody(_) if !state.is_officer() => Some(view! { <Notice tone=Tone::Bad>{t("Trang này dành cho cán bộ.")}</Notice> }.into_any()),
                _ => None,
            }}
            <Show when=move || state.is_officer()>
                <div class="tabs" role="group" aria-label=t("Lọc theo trạng thái")>
                    {TABS.into_iter().map(|(value, wanted, label)| view! {
                        <button type="button" aria-pressed=move || (status.get() == value).to_string() on:click=move |_| status.set(value.to_owned())>
                            {t(label)}" ("{move || count(wanted)}")"
                        </button>
                    }).collect_view()}
                </div>
                <form role="search" class="filters" on:submit=|event| event.prevent_default()>
                    <div class="field grow">
                        <label for="inbox-search">{t("Tìm theo mã, tên, số CCCD, điện thoại hoặc thủ tục (không cần dấu)")}</label>
                        <input id="inbox-search" type="search" autocomplete="off" prop:value=move || query.get() on:input=move |event| query.set(event_target_value(&event))/>
                    </div>
                </form>
                {move || match page.get() {
                    None => view! { <Loading/> }.into_any(),
                    Some(Err(error)) => view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
                    Some(Ok(_)) if rows.get().is_empty() => view! { <p class="empty">{t("Không có hồ sơ nào khớp bộ lọc.")}</p> }.into_any(),
                    Some(Ok(_)) => view! {
                        <table class="responsive">
                            <thead><tr><th scope="col">{t("Mã hồ sơ")}</th><th scope="col">{t("Thủ tục")}</th><th scope="col">{t("Người nộp")}</th><th scope="col">{t("Trạng thái")}</th><th scope="col">{t("Nộp lúc")}</th><th scope="col">{t("Tệp ký số")}</th></tr></thead>
                            <tbody>
                                {rows.get().into_iter().map(|line| view! {
                                    <tr>
                                        <td data-label=t("Mã hồ sơ")><A href=format!("/can-bo/ho-so/{}", line.id)><span class="code">{line.code.to_string()}</span></A></td>
                                        <td data-label=t("Thủ tục")>{line.procedure_name}</td>
                                        <td data-label=t("Người nộp")>{line.applicant}</td>
                                        <td data-label=t("Trạng thái")><span class=tone(line.status)>{text::status(line.status)}</span></td>
                                        <td data-label=t("Nộp lúc")>{format::moment(line.submitted_at)}</td>
                                        <td data-label=t("Tệp ký số")>{format!("{}/{}", line.signed_files, line.files)}</td>
                                    </tr>
                                }).collect_view()}
                            </tbody>
                        </table>
                    }.into_any(),
                }}
                <Show when=move || next().is_some()>
                    <p><button type="button" class="button" on:click=move |_| fetch(next())>{t("Xem thêm")}</button></p>
                </Show>
            </Show>
        </div>
    }
}
