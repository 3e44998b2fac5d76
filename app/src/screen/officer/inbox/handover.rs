//! Giving chosen dossiers to somebody else, e.g. before an absence; and what came of an act on many, line by line.

use super::desk::Desk;
use crate::api;
use crate::part::dialog::Dialog;
use crate::part::field::{ChoiceField, LongField};
use crate::part::notice::{Notice, Tone};
use crate::part::toast::say;
use crate::screen::officer::wrong::Wrong;
use crate::text::{self, fill, t};
use contract::dossier::DossierStatus;
use contract::inbox::{ActedOnMany, InboxLine};
use contract::problem::ProblemCode;
use contract::work::{Colleague, HandOver as Asked};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Chosen lines that somebody works on, or could.
fn given(desk: Desk) -> Vec<InboxLine> {
    let chosen = desk.chosen.get();
    desk.lines.with(|lines| {
        let lines = lines.iter().filter(|line| {
            chosen.contains(&line.summary.id) && line.summary.status == DossierStatus::Processing
        });
        lines.cloned().collect()
    })
}

/// The button and its dialog; nothing when no chosen dossier is worked on.
#[component]
pub fn HandOver(desk: Desk) -> impl IntoView {
    let open = RwSignal::new(false);
    let number = move || given(desk).len();
    view! {
        <Show when=move || { number() > 0 }>
            <button type="button" class="button small" on:click=move |_| open.set(true)>
                {t("Bàn giao cho người khác")}" ("{number}")"
            </button>
        </Show>
        <Dialog open title=t("Bàn giao hồ sơ")><Form desk open/></Dialog>
    }
}

#[component]
fn Form(desk: Desk, open: RwSignal<bool>) -> impl IntoView {
    let lines = untrack(|| given(desk));
    let number = lines.len();
    let lines = StoredValue::new(lines);
    let (to, note) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let busy = RwSignal::new(false);
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let report: RwSignal<Option<ActedOnMany>> = RwSignal::new(None);
    let colleagues: RwSignal<Vec<Colleague>> = RwSignal::new(Vec::new());
    let wrong = Wrong::none();
    spawn_local(async move {
        match api::inbox::colleagues().await {
            Ok(list) => {
                let _ = colleagues.try_set(list);
            }
            Err(error) => {
                let _ = trouble.try_set(Some(text::api(&error)));
            }
        }
    });
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let Ok(to) = to.get_untracked().parse() else {
            return wrong.at("handover-to", t("Vui lòng chọn người nhận việc."));
        };
        let asked = Asked {
            to,
            note: note.get_untracked().trim().to_owned(),
            dossiers: lines.with_value(|lines| {
                let lines = lines.iter();
                lines.map(|line| (line.summary.id, line.version)).collect()
            }),
        };
        busy.set(true);
        spawn_local(async move {
            match api::inbox::hand_over(&asked).await {
                Ok(done) => {
                    desk.chosen.update(|chosen| {
                        for id in &done.done {
                            chosen.remove(id);
                        }
                    });
                    if done.refused.is_empty() {
                        let _ = open.try_set(false);
                        say(fill("Đã bàn giao {} hồ sơ.", &[&done.done.len()]));
                    } else {
                        let _ = report.try_set(Some(done));
                    }
                    desk.again();
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(text::api(&error)));
                }
            }
            let _ = busy.try_set(false);
        });
    };
    let options = Signal::derive(move || {
        colleagues.with(|list| {
            let list = list.iter();
            list.map(|one| (one.id.to_string(), one.name.clone()))
                .collect()
        })
    });
    view! {
        {move || report.get().map(|done| view! {
            <Notice tone=Tone::Attention>
                <p>{fill("Đã bàn giao {} hồ sơ, {} hồ sơ chưa bàn giao được.", &[&done.done.len(), &done.refused.len()])}</p>
                <Outcomes lines=lines.get_value() done words=|code| match code {
                    ProblemCode::Invalid => t("Người này không được giao quyền xử lý bước hiện tại của hồ sơ."),
                    ProblemCode::Forbidden => t("Chỉ người đang giữ hồ sơ hoặc lãnh đạo được bàn giao."),
                    code => text::problem(code),
                }/>
            </Notice>
        })}
        <form novalidate on:submit=send>
            <p>{fill("Giao {} hồ sơ đang xử lý cho một người khác. Hồ sơ nào bạn không giữ mà cũng không phải lãnh đạo thì được bỏ qua và nêu tên.", &[&number])}</p>
            <ChoiceField id="handover-to" label=t("Người nhận việc") options value=to required=true error=wrong.of("handover-to")
                on_input=move |text| { wrong.clear(); to.set(text); }/>
            <LongField id="handover-note" label=t("Ghi chú") hint=t("Chỉ cán bộ đọc được, ví dụ thời gian vắng mặt và việc cần lưu ý.") value=note on_input=move |text| note.set(text)/>
            {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
            <p class="row end">
                <button type="submit" class="button primary" aria-busy=move || busy.get().to_string() disabled=move || busy.get()>{t("Bàn giao")}</button>
                <button type="button" class="button" on:click=move |_| open.set(false)>{t("Đóng")}</button>
            </p>
        </form>
    }
}

/// What came of an act on many: those that did not go with their reasons, then those that did.
#[component]
pub fn Outcomes(
    lines: Vec<InboxLine>,
    done: ActedOnMany,
    /// The reason in words.
    words: impl Fn(ProblemCode) -> &'static str + 'static,
) -> impl IntoView {
    let code = move |id: uuid::Uuid| {
        let line = lines.iter().find(|line| line.summary.id == id);
        line.map(|line| line.summary.code.to_string())
            .unwrap_or_default()
    };
    let went: Vec<String> = done.done.iter().map(|id| code(*id)).collect();
    view! {
        <ul>
            {done.refused.iter().map(|(id, why)| view! { <li><span class="code">{code(*id)}</span>": "{words(*why)}</li> }).collect_view()}
        </ul>
        {(!went.is_empty()).then(|| view! {
            <details>
                <summary>{fill("{} hồ sơ đã xong", &[&went.len()])}</summary>
                <ul>{went.iter().map(|code| view! { <li class="code">{code.clone()}</li> }).collect_view()}</ul>
            </details>
        })}
    }
}
