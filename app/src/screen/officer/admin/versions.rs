//! The versions of a document: since when which counts, what each changes, and taking one back.

use super::Faults;
use super::difference::Difference;
use super::document::Place;
use crate::part::dialog::Dialog;
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::toast::say;
use crate::text::{fill, n, t};
use crate::{api, format, text};
use contract::edition::{DocumentText, DocumentView, EditionLine, EditionState, Outcome};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// How a version stands, in words.
const fn state(state: EditionState) -> &'static str {
    match state {
        EditionState::Draft => n("Bản nháp"),
        EditionState::Published => n("Đã ban hành"),
        EditionState::Withdrawn => n("Đã thu hồi"),
    }
}

/// The table, with what can be done.
#[component]
pub fn Versions(place: Place, view: DocumentView) -> impl IntoView {
    let compared: RwSignal<Option<api::Answer<DocumentText>>> = RwSignal::new(None);
    let comparing = RwSignal::new(false);
    let taken: RwSignal<Option<EditionLine>> = RwSignal::new(None);
    let taking = RwSignal::new(false);
    let compare = move |number: i64| {
        compared.set(None);
        comparing.set(true);
        spawn_local(async move {
            let answer = api::admin::edition(place.kind, &place.code.get_value(), number).await;
            let _ = compared.try_set(Some(answer));
        });
    };
    let take = move |line: EditionLine| {
        taken.set(Some(line));
        taking.set(true);
    };
    let current = view.number;
    let base = view.base;
    view! {
        <section>
            <h2>{t("Các phiên bản")}</h2>
            <table class="responsive">
                <caption class="visually-hidden">{t("Các phiên bản")}</caption>
                <thead><tr>
                    <th scope="col">{t("Phiên bản")}</th><th scope="col">{t("Trạng thái")}</th><th scope="col">{t("Hiệu lực từ")}</th>
                    <th scope="col">{t("Người soạn")}</th><th scope="col">{t("Ghi chú")}</th><th scope="col">{t("Thao tác")}</th>
                </tr></thead>
                <tbody>
                    {view.editions.into_iter().map(|line| {
                        let number = line.number;
                        let again = line.clone();
                        let past = line.state == EditionState::Withdrawn;
                        view! {
                            <tr>
                                <td data-label=t("Phiên bản")>{number}</td>
                                <td data-label=t("Trạng thái")>
                                    <span>{t(state(line.state))}</span>
                                    {(current == Some(number)).then(|| view! { <span class="chip good">{t("Đang áp dụng")}</span> })}
                                    {line.ends.then(|| view! { <span class="chip attention">{t("Bãi bỏ")}</span> })}
                                </td>
                                <td data-label=t("Hiệu lực từ")>{line.effective_from.map(|from| format::date(&from.to_string()))}</td>
                                <td data-label=t("Người soạn")><span>{line.author}", "{format::moment(line.changed_at)}</span></td>
                                <td data-label=t("Ghi chú")>{line.note}</td>
                                <td data-label=t("Thao tác")>
                                    <span class="row tight">
                                        <button type="button" class="button small" aria-label=fill("So sánh phiên bản {}", &[&number]) on:click=move |_| compare(number)>{t("So sánh")}</button>
                                        {(!past).then(|| view! {
                                            <button type="button" class="button small" aria-label=fill("Thu hồi phiên bản {}", &[&number]) on:click=move |_| take(again.clone())>{t("Thu hồi")}</button>
                                        })}
                                    </span>
                                </td>
                            </tr>
                        }
                    }).collect_view()}
                    {base.then(|| view! {
                        <tr>
                            <td data-label=t("Phiên bản")>"0"</td>
                            <td data-label=t("Trạng thái")>
                                <span>{t("Bản gốc trên máy chủ")}</span>
                                {(current == Some(0)).then(|| view! { <span class="chip good">{t("Đang áp dụng")}</span> })}
                            </td>
                            <td></td><td></td><td></td>
                            <td data-label=t("Thao tác")><button type="button" class="button small" aria-label=fill("So sánh phiên bản {}", &[&0]) on:click=move |_| compare(0)>{t("So sánh")}</button></td>
                        </tr>
                    })}
                </tbody>
            </table>
        </section>
        <Dialog open=comparing title=t("So với bản đang áp dụng")>
            {move || match compared.get() {
                None => view! { <Loading/> }.into_any(),
                Some(Err(error)) => view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
                Some(Ok(text)) => view! { <Difference pieces=text.difference/> }.into_any(),
            }}
            <p class="row"><button type="button" class="button" on:click=move |_| comparing.set(false)>{t("Đóng")}</button></p>
        </Dialog>
        <Dialog open=taking title=t("Thu hồi phiên bản")>
            {move || taken.get().map(|line| view! { <Take place line open=taking/> })}
        </Dialog>
    }
}

/// Asked before a version is taken back.
#[component]
fn Take(place: Place, line: EditionLine, open: RwSignal<bool>) -> impl IntoView {
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let faults = RwSignal::new(Vec::new());
    let busy = RwSignal::new(false);
    let (number, version) = (line.number, line.version);
    let take = move |_| {
        busy.set(true);
        spawn_local(async move {
            let code = place.code.get_value();
            let answer = api::admin::withdraw(place.kind, &code, number, version).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(Outcome::Done(_)) => {
                    let _ = open.try_set(false);
                    say(t("Đã thu hồi."));
                    place.fetch();
                }
                Ok(Outcome::Refused(list)) => {
                    let _ = faults.try_set(list);
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(text::api(&error)));
                }
            }
        });
    };
    let sentence = if line.state == EditionState::Draft {
        t("Bản nháp này sẽ không được ban hành nữa. Nội dung vẫn xem lại được trong danh sách.")
    } else {
        t("Phiên bản này thôi áp dụng ngay; bản trước nó áp dụng lại. Hồ sơ đã nộp không thay đổi.")
    };
    view! {
        <p>{fill("Phiên bản {}:", &[&number])}" "{sentence}</p>
        {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
        {move || { let list = faults.get(); (!list.is_empty()).then(|| view! { <Faults list/> }) }}
        <p class="row">
            <button type="button" class="button danger" aria-busy=move || busy.get().to_string() on:click=take>{t("Thu hồi")}</button>
            <button type="button" class="button" on:click=move |_| open.set(false)>{t("Bỏ qua")}</button>
        </p>
    }
}
