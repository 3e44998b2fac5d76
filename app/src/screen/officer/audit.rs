//! `Nhật ký`: who did what to whose data, for auditors: filters that combine, pages, a copy to keep, and whether the chain holds.

use crate::part::field::{DateField, TextField};
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::{load, title};
use crate::screen::my_dossier::{blob_as, save_blob};
use crate::screen::officer::wrong::Wrong;
use crate::session::{Who, session};
use crate::text::desk::audited;
use crate::text::{fill, t};
use crate::{api, format, text};
use contract::audit::{AuditAction, AuditQuery, AuditRecord};
use contract::date::Date;
use contract::problem::ProblemCode;
use contract::right::{Action, may_at_desk};
use contract::value::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;

const HALF_DAY_MS: i64 = 12 * 3_600_000;
const DAY_MS: i64 = 24 * 3_600_000;

/// The moment a day of a date field begins in Vietnam.
fn begins(day: &str) -> Option<Timestamp> {
    let date: Date = day.parse().ok()?;
    Some(Timestamp(date.noon().0 - HALF_DAY_MS))
}

fn action(word: &str) -> Option<AuditAction> {
    AuditAction::ALL
        .into_iter()
        .find(|action| audited(*action) == word)
}

/// The screen.
#[component]
pub fn Audit() -> impl IntoView {
    title(t("Nhật ký"));
    let state = session();
    view! {
        <div class="wrap audit">
            <h1>{t("Nhật ký")}</h1>
            {move || match state.who.get() {
                Who::Asking => view! { <Loading/> }.into_any(),
                Who::Nobody => view! { <crate::screen::dossier::SignInFirst/> }.into_any(),
                Who::Somebody(account) if !may_at_desk(&account.grants, Action::Audit) => {
                    view! { <Notice tone=Tone::Bad>{text::problem(ProblemCode::Forbidden)}</Notice> }.into_any()
                }
                Who::Somebody(_) => view! { <Records/> }.into_any(),
            }}
        </div>
    }
}

/// What auditors search in.
#[component]
fn Records() -> impl IntoView {
    let person = RwSignal::new(String::new());
    let dossier = RwSignal::new(String::new());
    let what = RwSignal::new(String::new());
    let from = RwSignal::new(String::new());
    let until = RwSignal::new(String::new());
    let records: RwSignal<Option<Vec<AuditRecord>>> = RwSignal::new(None);
    let next: RwSignal<Option<i64>> = RwSignal::new(None);
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let wrong = Wrong::none();
    let query = move |before: Option<i64>| AuditQuery {
        person: person.get_untracked(),
        dossier: dossier.get_untracked(),
        action: action(&what.get_untracked()),
        from: begins(&from.get_untracked()),
        // To the end of the day that was chosen.
        until: begins(&until.get_untracked()).map(|at| Timestamp(at.0 + DAY_MS)),
        before,
    };
    // A day that is none is told, not left out.
    let days_are_right = move || {
        for (id, day) in [("audit-from", from), ("audit-until", until)] {
            let day = day.get_untracked();
            if !day.trim().is_empty() && begins(&day).is_none() {
                wrong.at(
                    id,
                    t("Ngày chưa đúng. Vui lòng nhập theo dạng ngày/tháng/năm."),
                );
                return false;
            }
        }
        match (
            begins(&from.get_untracked()),
            begins(&until.get_untracked()),
        ) {
            (Some(first), Some(last)) if last < first => {
                wrong.at("audit-until", t("Đến ngày phải từ ngày bắt đầu trở đi."));
                false
            }
            _ => true,
        }
    };
    let look = move |before: Option<i64>| {
        if !days_are_right() {
            return;
        }
        busy.set(true);
        trouble.set(None);
        let query = query(before);
        spawn_local(async move {
            match api::desk::audit(&query).await {
                Ok(page) => {
                    let _ = next.try_set(page.next);
                    let _ = records.try_update(|known| match (known, before) {
                        (Some(known), Some(_)) => known.extend(page.records),
                        (known, _) => *known = Some(page.records),
                    });
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(text::api(&error)));
                }
            }
            let _ = busy.try_set(false);
        });
    };
    look(None);
    let export = move |_| {
        if !days_are_right() {
            return;
        }
        busy.set(true);
        trouble.set(None);
        let query = query(None);
        spawn_local(async move {
            match api::desk::export_audit(&query).await {
                Ok(bytes) => {
                    if let Some(file) = blob_as(&bytes, "text/csv") {
                        save_blob(&file, "nhat-ky.csv");
                    }
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(text::api(&error)));
                }
            }
            let _ = busy.try_set(false);
        });
    };
    view! {
        <p>{t("Ai đã làm gì với hồ sơ và thông tin của ai. Nhật ký chỉ được ghi thêm; mỗi dòng gắn với dòng trước nên không ai sửa hay xóa mà không bị phát hiện. Việc tra cứu nhật ký cũng được ghi lại.")}</p>
        <Chain/>
        <form class="card audit-filter" on:submit=move |event| { event.prevent_default(); look(None); }>
            <TextField id="audit-person" label=t("Người thực hiện") hint=t("Tên đăng nhập; với công dân là số CCCD.") value=person on_input=move |text| person.set(text)/>
            <TextField id="audit-dossier" label=t("Mã hồ sơ") value=dossier on_input=move |text| dossier.set(text)/>
            <div class="field">
                <label for="audit-action">{t("Việc đã làm")}</label>
                <select id="audit-action" on:change=move |event| what.set(event_target_value(&event))>
                    <option value="">{t("Tất cả")}</option>
                    {AuditAction::ALL.into_iter().map(|action| view! { <option value=audited(action)>{t(audited(action))}</option> }).collect_view()}
                </select>
            </div>
            <DateField id="audit-from" label=t("Từ ngày") value=from error=wrong.of("audit-from") on_input=move |text| { wrong.clear(); from.set(text); }/>
            <DateField id="audit-until" label=t("Đến ngày") value=until error=wrong.of("audit-until") on_input=move |text| { wrong.clear(); until.set(text); }/>
            <p class="row">
                <button type="submit" class="button primary" aria-busy=move || busy.get().to_string()>{t("Tra cứu")}</button>
                <button type="button" class="button" disabled=move || busy.get() on:click=export>{t("Tải bảng CSV")}</button>
            </p>
        </form>
        {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
        {move || match records.get() {
            None if trouble.with(Option::is_some) => ().into_any(),
            None => view! { <Loading/> }.into_any(),
            Some(list) if list.is_empty() => view! { <p class="hint" role="status">{t("Không có dòng nào khớp.")}</p> }.into_any(),
            Some(list) => view! { <Table list/> }.into_any(),
        }}
        {move || next.get().map(|before| view! {
            <p><button type="button" class="button" disabled=move || busy.get() on:click=move |_| look(Some(before))>{t("Xem các dòng cũ hơn")}</button></p>
        })}
    }
}

/// Whether the chain holds.
#[component]
fn Chain() -> impl IntoView {
    let state = load(api::desk::audit_state());
    move || {
        match state.get() {
        None => view! { <p class="hint" role="status">{t("Đang kiểm tra chuỗi nhật ký…")}</p> }.into_any(),
        Some(Err(error)) => view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
        Some(Ok(state)) => match state.broken_at {
            None => view! {
                <Notice tone=Tone::Good>
                    <p>{fill("Chuỗi nguyên vẹn: {} dòng đã được kiểm tra.", &[&state.records])}</p>
                    <p class="hint">{t("Ghi lại mã này ở nơi khác để sau này đối chiếu:")}" "<code class="hash">{state.hash}</code></p>
                </Notice>
            }
            .into_any(),
            Some(number) => view! {
                <Notice tone=Tone::Bad>{fill("Chuỗi bị đứt ở dòng {}: nhật ký đã bị sửa hoặc xóa ngoài hệ thống. Hãy giữ nguyên máy chủ và báo người phụ trách an toàn thông tin.", &[&number])}</Notice>
            }
            .into_any(),
        },
    }
    }
}

#[component]
fn Table(list: Vec<AuditRecord>) -> impl IntoView {
    view! {
        <table class="responsive audit-table">
            <caption class="visually-hidden">{t("Các dòng nhật ký")}</caption>
            <thead><tr>
                <th scope="col">{t("Số")}</th><th scope="col">{t("Thời gian")}</th><th scope="col">{t("Người thực hiện")}</th>
                <th scope="col">{t("Việc đã làm")}</th><th scope="col">{t("Hồ sơ")}</th><th scope="col">{t("Chi tiết")}</th>
            </tr></thead>
            <tbody>
                {list.into_iter().map(|record| view! {
                    <tr>
                        <td data-label=t("Số")>{record.number}</td>
                        <td data-label=t("Thời gian")>{format::moment_exact(record.at)}</td>
                        <td data-label=t("Người thực hiện")>{match (record.actor, record.name.is_empty()) {
                            (None, _) => t("Hệ thống").to_owned(),
                            (Some(_), true) => t("Công dân").to_owned(),
                            (Some(_), false) => record.name,
                        }}</td>
                        <td data-label=t("Việc đã làm")>{t(audited(record.action))}</td>
                        <td data-label=t("Hồ sơ") class="code">{(!record.code.is_empty()).then_some(record.code)}</td>
                        <td data-label=t("Chi tiết") class="code">{(!record.detail.is_empty()).then_some(record.detail)}</td>
                    </tr>
                }).collect_view()}
            </tbody>
        </table>
    }
}
