//! What an officer can do to a dossier now: buttons of the acts its state allows, with a note.

use super::Shown;
use super::supplement::AskForm;
use crate::api;
use crate::part::field::LongField;
use crate::part::notice::{Notice, Tone};
use crate::screen::officer::allowed::allowed;
use crate::screen::officer::paper::PreviewOf;
use crate::screen::officer::wrong::Wrong;
use crate::text::after::act as name;
use crate::text::t;
use contract::dossier::{Decide, Dossier};
use contract::life::{Act, Party, acts};
use contract::paper::{PreviewSlip, SlipForm};
use contract::right::Action;
use contract::statistics::REFUSALS;
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
    let allowed = allowed(&dossier);
    let open: Vec<Act> = acts(dossier.summary.status, Party::Officer, before)
        .filter(|act| allowed(Action::Act(*act)))
        .collect();
    if open.is_empty() {
        let waits = t("Hồ sơ đang ở bước của người khác. Xem thẻ Xử lý để biết đang chờ ai.");
        return view! { <p class="hint">{waits}</p> }.into_any();
    }
    let refusable = open.contains(&Act::Refuse);
    let wrong = Wrong::none();
    let decide = move |decision: Act| {
        let written = note.get_untracked();
        if decision.needs_reason() && written.trim().is_empty() {
            return wrong.at(
                "note",
                if decision == Act::Refuse {
                    t("Vui lòng ghi lý do không tiếp nhận để công dân biết cần làm gì.")
                } else {
                    t("Vui lòng ghi lý do dừng xử lý để công dân biết vì sao.")
                },
            );
        }
        if decision == Act::Return && results == 0 && written.trim().is_empty() {
            return wrong.at(
                "note",
                t("Vui lòng thêm tệp kết quả, hoặc ghi chú nơi và cách nhận bản giấy."),
            );
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
                    let sentence = super::conflict::sentence(id, &error).await;
                    let _ = trouble.try_set(Some(sentence));
                    let _ = busy.try_set(false);
                }
            }
        });
    };
    view! {
        <section class="card deeds" aria-label=t("Xử lý")>
            {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
            <Show when=move || !asking.get()>
                {refusable.then(|| view! { <Sentences note/> })}
                <LongField id="note" label=t("Ghi chú hoặc lý do") hint=t("Công dân đọc được.") value=note error=wrong.of("note")
                    on_input=move |text| { wrong.clear(); note.set(text); }/>
                <p class="row">
                    {open.clone().into_iter().map(|act| view! {
                        <button type="button" class=class(act) disabled=move || busy.get()
                            on:click=move |_| if act == Act::AskSupplement { asking.set(true) } else { decide(act) }>{t(name(act))}</button>
                    }).collect_view()}
                </p>
                {open.clone().into_iter().filter(|act| matches!(act, Act::Receive | Act::Refuse)).map(|act| {
                    let asked = Callback::new(move |()| PreviewSlip {
                        form: SlipForm::of(act).unwrap_or(SlipForm::Reception),
                        note: note.get_untracked(),
                        items: Vec::new(),
                        working_days: 0,
                    });
                    view! { <PreviewOf dossier=id act asked/> }
                }).collect_view()}
            </Show>
            <Show when=move || asking.get()><AskForm dossier=dossier.clone() asking found/></Show>
        </section>
    }
    .into_any()
}

/// Sentences a reason may begin with: quicker to write, and counted in the statistics.
#[component]
fn Sentences(note: RwSignal<String>) -> impl IntoView {
    view! {
        <div class="field">
            <label for="refusal">{t("Lý do không tiếp nhận (mẫu câu)")}</label>
            <select id="refusal" on:change=move |event| {
                let sentence = event_target_value(&event);
                if !sentence.is_empty() {
                    note.update(|note| {
                        let own = REFUSALS.iter().find_map(|known| note.strip_prefix(known)).unwrap_or(note).trim();
                        *note = format!("{sentence} {own}").trim().to_owned();
                    });
                }
            }>
                <option value="">{t("Chọn…")}</option>
                {REFUSALS.into_iter().map(|sentence| view! { <option value=sentence>{sentence}</option> }).collect_view()}
            </select>
        </div>
    }
}
