//! `Xử lý`: the steps between "received" and "done", whose turn it is, what may be done now, and what officers did so far.

use super::Shown;
use crate::part::dialog::Dialog;
use crate::part::field::{ChoiceField, LongField, TextField};
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::toast::say;
use crate::screen::officer::wrong::Wrong;
use crate::session::session;
use crate::text::desk::{done, duty, work as name};
use crate::text::{fill, t};
use crate::{api, format, text};
use contract::dossier::Dossier;
use contract::work::{APOLOGY_DAYS, DoWork, Work, WorkAct, WorkEntry};
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

type Read = RwSignal<Option<Result<Work, api::ApiError>>>;

/// The tab.
#[component]
pub fn Processing(dossier: Dossier, found: Shown) -> impl IntoView {
    let id = dossier.summary.id;
    let state: Read = RwSignal::new(None);
    spawn_local(async move {
        let work = api::desk::work(id).await;
        let _ = state.try_set(Some(work));
    });
    move || match state.get() {
        None => view! { <Loading/> }.into_any(),
        Some(Err(error)) => {
            view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any()
        }
        Some(Ok(work)) => view! { <Steps id work found/> }.into_any(),
    }
}

#[component]
fn Steps(id: Uuid, work: Work, found: Shown) -> impl IntoView {
    let here = work.step;
    let entries = work.entries.clone();
    let due = work.step_due_at.map(format::moment).unwrap_or_default();
    let who = work.assignee.as_ref().map(|one| one.name.clone());
    let stands = here.map(|_| {
        view! {
            <dl class="facts">
                <div><dt>{t("Hạn của bước")}</dt><dd>{due}</dd></div>
                <div><dt>{t("Người xử lý")}</dt><dd>{who.unwrap_or_else(|| t("Chưa ai nhận").to_owned())}</dd></div>
            </dl>
        }
    });
    view! {
        <section aria-labelledby="steps">
            <h2 id="steps">{t("Các bước xử lý")}</h2>
            {here.is_none().then(|| view! { <p class="hint">{t("Hồ sơ không ở bước xử lý nào. Các bước bắt đầu khi hồ sơ được chuyển xử lý.")}</p> })}
            <ol class="work-steps">
                {work.steps.iter().enumerate().map(|(position, step)| {
                    let class = match here {
                        Some(now) if position < now => "done",
                        Some(now) if position == now => "now",
                        _ => "",
                    };
                    let current = (here == Some(position)).then_some("step");
                    let days = fill("{} · {} ngày làm việc", &[&t(duty(step.duty)), &step.working_days]);
                    view! {
                        <li class=class aria-current=current>
                            <span class="name">{step.name.clone()}</span>
                            <span class="meta">{days}</span>
                        </li>
                    }
                }).collect_view()}
            </ol>
            {stands}
            <Deeds id work found/>
        </section>
        <Lines entries/>
    }
}

/// What may be done now; each asks for what it needs in a dialog.
#[component]
fn Deeds(id: Uuid, work: Work, found: Shown) -> impl IntoView {
    let open = RwSignal::new(false);
    let chosen = RwSignal::new(WorkAct::Advance);
    if work.work.is_empty() {
        return ().into_any();
    }
    let acts = work.work.clone();
    let work = StoredValue::new(work);
    view! {
        <p class="row work-acts">
            {acts.into_iter().map(|act| {
                let class = if act == WorkAct::Advance { "button primary" } else { "button" };
                let choose = move |_| {
                    chosen.set(act);
                    open.set(true);
                };
                view! { <button type="button" class=class on:click=choose>{t(name(act))}</button> }
            }).collect_view()}
        </p>
        {move || {
            let act = chosen.get();
            view! {
                <Dialog open title=t(name(act))>
                    <Ask id act work=work.get_value() open found/>
                </Dialog>
            }
        }}
    }
    .into_any()
}

/// The dialog of one act.
#[component]
fn Ask(id: Uuid, act: WorkAct, work: Work, open: RwSignal<bool>, found: Shown) -> impl IntoView {
    let note = RwSignal::new(String::new());
    let days = RwSignal::new("5".to_owned());
    let to = RwSignal::new(String::new());
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let wrong = Wrong::none();
    let version = work.version;
    // Why a step took longer than it may is kept with it.
    let late = act == WorkAct::Advance && work.is_late(session().now());
    let explains = act.needs_reason() || late;
    let colleagues: Vec<(String, String)> = work
        .colleagues
        .into_iter()
        .map(|one| (one.id.to_string(), one.name))
        .collect();
    let colleagues = Signal::derive(move || colleagues.clone());
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        trouble.set(None);
        let working_days = days.get_untracked().trim().parse().unwrap_or(0);
        if act == WorkAct::Apologise && !APOLOGY_DAYS.contains(&working_days) {
            return wrong.at("work-days", t("Số ngày làm việc phải từ 1 đến 60."));
        }
        let to: Option<Uuid> = to.get_untracked().parse().ok();
        if act == WorkAct::Assign && to.is_none() {
            return wrong.at("work-to", t("Vui lòng chọn người nhận việc."));
        }
        if explains && note.with_untracked(|note| note.trim().is_empty()) {
            let sentence = if late && !act.needs_reason() {
                t("Bước này đã trễ hạn. Vui lòng ghi lý do trễ.")
            } else {
                t("Vui lòng ghi lý do.")
            };
            return wrong.at("work-note", sentence);
        }
        let asked = DoWork {
            act,
            note: note.get_untracked(),
            to,
            working_days: if act == WorkAct::Apologise {
                working_days
            } else {
                0
            },
            version,
        };
        busy.set(true);
        spawn_local(async move {
            let answer = match api::desk::do_work(id, &asked).await {
                Ok(_) => api::officer_dossier(id).await,
                Err(error) => Err(error),
            };
            match answer {
                Ok(newest) => {
                    let _ = open.try_set(false);
                    say(t("Đã ghi nhận."));
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
    let label = match act {
        _ if late => t("Lý do trễ hạn của bước này"),
        act if act.needs_reason() => t("Lý do"),
        _ => t("Ghi chú"),
    };
    let hint = match act {
        WorkAct::AllowSupplement => t(
            "Theo cách tính hiện hành, yêu cầu bổ sung từ lần thứ hai làm hồ sơ bị tính quá hạn. Chỉ cán bộ đọc được lý do này.",
        ),
        WorkAct::Apologise => t("Công dân đọc được lý do và ngày hẹn mới."),
        _ => t("Chỉ cán bộ đọc được."),
    };
    view! {
        <form novalidate on:submit=send>
            {(act == WorkAct::Assign).then(|| view! {
                <ChoiceField id="work-to" label=t("Người nhận việc") options=colleagues value=to required=true error=wrong.of("work-to")
                    on_input=move |text| { wrong.clear(); to.set(text); }/>
            })}
            {(act == WorkAct::Apologise).then(|| view! {
                <TextField id="work-days" label=t("Hẹn trả sau số ngày làm việc") kind="number" width="short" value=days required=true error=wrong.of("work-days")
                    on_input=move |text| { wrong.clear(); days.set(text); }/>
            })}
            <LongField id="work-note" label=label hint=hint value=note required=explains error=wrong.of("work-note")
                on_input=move |text| { wrong.clear(); note.set(text); }/>
            {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
            <p class="row">
                <button type="submit" class="button primary" aria-busy=move || busy.get().to_string() disabled=move || busy.get()>{t("Xác nhận")}</button>
                <button type="button" class="button" on:click=move |_| open.set(false)>{t("Bỏ qua")}</button>
            </p>
        </form>
    }
}

/// What officers did, newest first.
#[component]
fn Lines(entries: Vec<WorkEntry>) -> impl IntoView {
    if entries.is_empty() {
        return ().into_any();
    }
    view! {
        <section aria-labelledby="work-lines">
            <h2 id="work-lines">{t("Việc đã làm")}</h2>
            <p class="hint">{t("Chỉ cán bộ đọc được.")}</p>
            <ol class="timeline">
                {entries.into_iter().rev().map(|entry| view! {
                    <li>
                        <strong>{t(done(entry.act))}</strong>
                        <span>{format::moment_exact(entry.at)}" · "{entry.actor}</span>
                        {(!entry.step.is_empty()).then(|| view! { <span>{fill("Bước: {}", &[&entry.step])}</span> })}
                        {(!entry.to.is_empty()).then(|| view! { <span>{fill("Giao cho: {}", &[&entry.to])}</span> })}
                        {entry.due_at.map(|due| view! { <span>{fill("Hạn: {}", &[&format::moment(due)])}</span> })}
                        {entry.late.then(|| view! { <span class="chip attention">{t("Bước trước bị trễ hạn")}</span> })}
                        {(!entry.note.is_empty()).then_some(view! { <p class="words-of">{entry.note}</p> })}
                    </li>
                }).collect_view()}
            </ol>
        </section>
    }
    .into_any()
}
