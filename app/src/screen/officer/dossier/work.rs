//! `Xử lý`: the steps between "received" and "done", whose turn it is, what may be done now, and what officers did so far.

use super::Shown;
use crate::part::dialog::Dialog;
use crate::part::field::{LongField, TextField};
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::toast::say;
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
    let version = work.version;
    let colleagues = work.colleagues;
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if act.needs_reason() && note.with_untracked(|note| note.trim().is_empty()) {
            return trouble.set(Some(t("Vui lòng ghi lý do.").to_owned()));
        }
        let working_days = days.get_untracked().trim().parse().unwrap_or(0);
        if act == WorkAct::Apologise && !APOLOGY_DAYS.contains(&working_days) {
            return trouble.set(Some(t("Số ngày làm việc phải từ 1 đến 60.").to_owned()));
        }
        let to: Option<Uuid> = to.get_untracked().parse().ok();
        if act == WorkAct::Assign && to.is_none() {
            return trouble.set(Some(t("Vui lòng chọn người nhận việc.").to_owned()));
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
                    let _ = trouble.try_set(Some(text::api(&error)));
                    let _ = busy.try_set(false);
                }
            }
        });
    };
    let hint = match act {
        WorkAct::Apologise => t("Công dân đọc được lý do và ngày hẹn mới."),
        _ => t("Chỉ cán bộ đọc được."),
    };
    view! {
        <form novalidate on:submit=send>
            {(act == WorkAct::Assign).then(|| view! {
                <div class="field">
                    <label for="work-to">{t("Người nhận việc")}</label>
                    <select id="work-to" on:change=move |event| to.set(event_target_value(&event))>
                        <option value="">{t("Chọn…")}</option>
                        {colleagues.into_iter().map(|one| view! { <option value=one.id.to_string()>{one.name}</option> }).collect_view()}
                    </select>
                </div>
            })}
            {(act == WorkAct::Apologise).then(|| view! {
                <TextField id="work-days" label=t("Hẹn trả sau số ngày làm việc") kind="number" width="short" value=days on_input=move |text| days.set(text) required=true/>
            })}
            <LongField id="work-note" label=if act.needs_reason() { t("Lý do") } else { t("Ghi chú") } hint=hint value=note on_input=move |text| note.set(text) required=act.needs_reason()/>
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
