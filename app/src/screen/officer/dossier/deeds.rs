//! What an officer can do to a dossier now: buttons of the acts its state allows, with a note.

use super::Shown;
use super::supplement::AskForm;
use crate::part::notice::{Notice, Tone};
use crate::session::session;
use crate::text::after::act as name;
use crate::text::t;
use crate::{api, text};
use contract::dossier::{Decide, Dossier};
use contract::life::{Act, Party, acts};
use contract::right::{Action, Subject, may};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The main act of a state stands first and is filled; the rest is quiet.
const fn class(act: Act) -> &'static str {
    match act {
        Act::Receive | Act::Process | Act::Finish | Act::Return => "button primary",
        _ => "button",
    }
}

/// The buttons.
#[component]
pub fn Deeds(dossier: Dossier, found: Shown) -> impl IntoView {
    let note = RwSignal::new(String::new());
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let asking = RwSignal::new(false);
    let (id, version) = (dossier.summary.id, dossier.version);
    let results = dossier.after.results.len();
    let before = dossier.after.open().map(|request| request.before);
    let grants = session()
        .account_now()
        .map(|account| account.grants)
        .unwrap_or_default();
    let subject = Subject {
        agency: &dossier.definition.summary.agency,
        procedure: &dossier.definition.summary.code,
        status: dossier.summary.status,
        before,
        step: None,
    };
    let open: Vec<Act> = acts(dossier.summary.status, Party::Officer, before)
        .filter(|act| may(&grants, Action::Act(*act), &subject).is_ok())
        .collect();
    if open.is_empty() {
        let waits = t("Hồ sơ đang ở bước của người khác. Xem thẻ Xử lý để biết đang chờ ai.");
        return view! { <p class="hint">{waits}</p> }.into_any();
    }
    let decide = move |decision: Act| {
        let written = note.get_untracked();
        if decision.needs_reason() && written.trim().is_empty() {
            trouble.set(Some(
                if decision == Act::Refuse {
                    t("Vui lòng ghi lý do không tiếp nhận để công dân biết cần làm gì.")
                } else {
                    t("Vui lòng ghi lý do dừng xử lý để công dân biết vì sao.")
                }
                .to_owned(),
            ));
            return;
        }
        if decision == Act::Return && results == 0 && written.trim().is_empty() {
            trouble.set(Some(
                t("Vui lòng thêm tệp kết quả, hoặc ghi chú nơi và cách nhận bản giấy.").to_owned(),
            ));
            return;
        }
        let body = Decide {
            decision,
            note: written,
            version,
        };
        busy.set(true);
        spawn_local(async move {
            match api::decide(id, &body).await {
                Ok(newest) => {
                    let _ = found.try_set(Some(Ok(newest)));
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(text::api(&error)));
                    let _ = busy.try_set(false);
                }
            }
        });
    };
    view! {
        <section class="card deeds" aria-label=t("Xử lý")>
            {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
            <Show when=move || !asking.get()>
                <div class="field">
                    <label for="note">{t("Ghi chú hoặc lý do")}</label>
                    <p class="hint" id="note-hint">{t("Công dân đọc được.")}</p>
                    <textarea id="note" rows="2" aria-describedby="note-hint" prop:value=move || note.get() on:input=move |event| note.set(event_target_value(&event))></textarea>
                </div>
                <p class="row">
                    {open.clone().into_iter().map(|act| view! {
                        <button type="button" class=class(act) disabled=move || busy.get()
                            on:click=move |_| if act == Act::AskSupplement { asking.set(true) } else { decide(act) }>{t(name(act))}</button>
                    }).collect_view()}
                </p>
            </Show>
            <Show when=move || asking.get()><AskForm dossier=dossier.clone() asking found/></Show>
        </section>
    }
    .into_any()
}
