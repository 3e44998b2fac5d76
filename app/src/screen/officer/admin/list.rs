//! `Quản trị danh mục`: all documents, found by words; drafts that wait; files in and out.

use super::import::Import;
use super::publish::{Publishing, Wanted};
use super::{Only, address, kind_name};
use crate::part::dialog::Dialog;
use crate::part::field::{ChoiceField, TextField};
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::title;
use crate::part::toast::say;
use crate::screen::my_dossier::{blob_as, save_blob};
use crate::text::{fill, t};
use crate::{api, format, text};
use contract::edition::{
    DocumentKind, DocumentLine, DraftName, Outcome, SaveDraft, Source, is_procedure_code,
};
use contract::fold::fold;
use contract::right::Action;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;

/// Lines that are shown at once; the rest is found by words.
const SHOWN: usize = 120;

/// The screen.
#[component]
pub fn Catalogue() -> impl IntoView {
    title(t("Quản trị danh mục"));
    view! { <Only action=Action::Catalogue><h1>{t("Quản trị danh mục")}</h1><Documents/></Only> }
}

type Lines = RwSignal<Option<api::Answer<Vec<DocumentLine>>>>;

fn fetch(lines: Lines) {
    spawn_local(async move {
        let answer = api::admin::documents().await;
        let _ = lines.try_set(Some(answer));
    });
}

#[component]
fn Documents() -> impl IntoView {
    let lines: Lines = RwSignal::new(None);
    fetch(lines);
    let importing = RwSignal::new(false);
    let adding = RwSignal::new(false);
    // Outside the dialog: what was read in is here also when it was closed meanwhile.
    let read_in = Callback::new(move |()| fetch(lines));
    let export = move |_| {
        spawn_local(async move {
            match api::admin::export(None).await {
                Ok(bytes) => {
                    if let Some(file) = blob_as(&bytes, "application/zip") {
                        save_blob(&file, "danh-muc.zip");
                    }
                }
                Err(error) => say(text::api(&error)),
            }
        });
    };
    view! {
        <p class="lead">{t("Sửa danh mục ở đây: mỗi lần sửa là một phiên bản có ngày hiệu lực. Hồ sơ đã nộp giữ phiên bản lúc nộp.")}</p>
        <p class="row">
            <button type="button" class="button" on:click=move |_| adding.set(true)>{t("Thêm thủ tục")}</button>
            <button type="button" class="button" on:click=move |_| importing.set(true)>{t("Nhập từ tệp")}</button>
            <button type="button" class="button" on:click=export>{t("Xuất toàn bộ danh mục")}</button>
        </p>
        <Dialog open=importing title=t("Nhập từ tệp")><Import done=read_in/></Dialog>
        {move || match lines.get() {
            None => view! { <Loading/> }.into_any(),
            Some(Err(error)) => view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
            Some(Ok(list)) => {
                let procedures: Vec<_> = list.iter().filter(|line| line.kind == DocumentKind::Procedure).cloned().collect();
                let others: Vec<_> = list.iter().filter(|line| line.kind != DocumentKind::Procedure).cloned().collect();
                let drafts: Vec<_> = list.iter().filter(|line| line.draft.is_some()).cloned().collect();
                let from = procedures.clone();
                view! {
                    <Dialog open=adding title=t("Thêm thủ tục")><Add from=from.clone()/></Dialog>
                    {(!drafts.is_empty()).then(|| view! { <Drafts drafts done=move |()| fetch(lines)/> })}
                    <section>
                        <h2>{t("Dùng chung")}</h2>
                        <ul class="cards admin-singles">
                            {others.into_iter().map(|line| view! {
                                <li class="card">
                                    <A href=address(line.kind, &line.code)>{t(kind_name(line.kind))}</A>
                                    <p class="hint">{standing(&line)}</p>
                                    {marks(&line)}
                                </li>
                            }).collect_view()}
                        </ul>
                    </section>
                    <Procedures list=procedures/>
                }.into_any()
            }
        }}
    }
}

/// Which version is in force.
fn standing(line: &DocumentLine) -> String {
    match (line.number, line.since) {
        (None, _) => t("Chưa áp dụng").to_owned(),
        (Some(0), _) => t("Bản gốc").to_owned(),
        (Some(number), Some(since)) => fill(
            "Phiên bản {}, từ {}",
            &[&number, &format::date(&since.to_string())],
        ),
        (Some(number), None) => fill("Phiên bản {}", &[&number]),
    }
}

fn marks(line: &DocumentLine) -> impl IntoView + use<> {
    let next = line.next.map(|next| format::date(&next.to_string()));
    view! {
        {line.draft.map(|_| view! { <span class="chip attention">{t("Có bản nháp")}</span> })}
        {next.map(|next| view! { <span class="chip">{fill("Bản mới từ {}", &[&next])}</span> })}
    }
}

/// Drafts that wait, published one or many at once.
#[component]
fn Drafts(drafts: Vec<DocumentLine>, #[prop(into)] done: Callback<()>) -> impl IntoView {
    let chosen: RwSignal<Vec<DraftName>> = RwSignal::new(Vec::new());
    let wanted: RwSignal<Option<Wanted>> = RwSignal::new(None);
    view! {
        <section class="card">
            <h2>{fill("Bản nháp chờ ban hành ({})", &[&drafts.len()])}</h2>
            <ul class="plain">
                {drafts.into_iter().map(|line| {
                    let draft = DraftName { kind: line.kind, code: line.code.clone(), version: line.draft.unwrap_or_default() };
                    let name = if line.kind == DocumentKind::Procedure { format!("{} · {}", line.code, line.name) } else { t(kind_name(line.kind)).to_owned() };
                    view! {
                        <li class="draft">
                            <label class="option">
                                <input type="checkbox" on:change=move |event| {
                                    let ticked = event_target_checked(&event);
                                    chosen.update(|chosen| {
                                        chosen.retain(|other| other != &draft);
                                        if ticked {
                                            chosen.push(draft.clone());
                                        }
                                    });
                                }/>
                                <span>{name}</span>
                            </label>
                            <A href=address(line.kind, &line.code)>{t("Mở")}</A>
                        </li>
                    }
                }).collect_view()}
            </ul>
            <p class="row">
                <button type="button" class="button primary" disabled=move || chosen.with(Vec::is_empty)
                    on:click=move |_| wanted.set(Some(Wanted { drafts: chosen.get_untracked(), from: None }))>
                    {t("Ban hành các bản đã chọn…")}
                </button>
            </p>
            <Publishing wanted done/>
        </section>
    }
}

#[component]
fn Procedures(list: Vec<DocumentLine>) -> impl IntoView {
    let word = RwSignal::new(String::new());
    let all = list.len();
    let list = StoredValue::new(
        list.into_iter()
            .map(|line| {
                let words = fold(&format!(
                    "{} {} {} {}",
                    line.code, line.name, line.field, line.agency
                ));
                (words, line)
            })
            .collect::<Vec<_>>(),
    );
    let found = Memo::new(move |_| {
        let word = fold(&word.get());
        let words: Vec<&str> = word.split_whitespace().collect();
        list.with_value(|list| {
            list.iter()
                .filter(|(known, _)| words.iter().all(|word| known.contains(word)))
                .map(|(_, line)| line.clone())
                .collect::<Vec<_>>()
        })
    });
    view! {
        <section>
            <h2>{t("Thủ tục hành chính")}</h2>
            <TextField id="admin-search" label=t("Tìm thủ tục") hint=t("Mã, tên, lĩnh vực hoặc cơ quan; không cần gõ dấu.") value=word on_input=move |text| word.set(text)/>
            <p class="hint" role="status">{move || fill("{} trong {} thủ tục", &[&found.with(Vec::len), &all])}</p>
            <table class="responsive">
                <caption class="visually-hidden">{t("Thủ tục hành chính")}</caption>
                <thead><tr>
                    <th scope="col">{t("Mã")}</th><th scope="col">{t("Tên thủ tục")}</th><th scope="col">{t("Lĩnh vực")}</th>
                    <th scope="col">{t("Cơ quan thực hiện")}</th><th scope="col">{t("Phiên bản")}</th>
                </tr></thead>
                <tbody>
                    {move || found.with(|found| found.iter().take(SHOWN).cloned().map(|line| { let (standing, marks) = (standing(&line), marks(&line)); view! {
                        <tr>
                            <td data-label=t("Mã") class="code">{line.code.clone()}</td>
                            <td data-label=t("Tên thủ tục")><A href=address(line.kind, &line.code)>{line.name.clone()}</A></td>
                            <td data-label=t("Lĩnh vực")>{line.field.clone()}</td>
                            <td data-label=t("Cơ quan thực hiện")>{line.agency.clone()}</td>
                            <td data-label=t("Phiên bản")><span>{standing}</span>" "{marks}</td>
                        </tr>
                    }}).collect_view())}
                </tbody>
            </table>
            {move || (found.with(Vec::len) > SHOWN).then(|| view! { <p class="hint">{t("Danh sách dài: hãy gõ thêm từ để tìm.")}</p> })}
        </section>
    }
}

/// A new procedure begins as a copy of another, since most belongs to every procedure.
#[component]
fn Add(from: Vec<DocumentLine>) -> impl IntoView {
    let code = RwSignal::new(String::new());
    let copied = RwSignal::new(String::new());
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let navigate = StoredValue::new(use_navigate());
    let taken: Vec<String> = from.iter().map(|line| line.code.clone()).collect();
    let options: Vec<(String, String)> = from
        .iter()
        .filter(|line| line.number.is_some())
        .map(|line| (line.code.clone(), format!("{} · {}", line.code, line.name)))
        .collect();
    let add = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let (new, old) = (
            code.get_untracked().trim().to_owned(),
            copied.get_untracked(),
        );
        if !is_procedure_code(&new) {
            trouble.set(Some(
                t("Mã gồm một chữ số, dấu chấm và sáu chữ số, ví dụ 1.001193.").to_owned(),
            ));
            return;
        }
        if taken.contains(&new) {
            trouble.set(Some(t("Mã này đã có trong danh mục.").to_owned()));
            return;
        }
        if old.is_empty() {
            trouble.set(Some(t("Hãy chọn thủ tục để chép.").to_owned()));
            return;
        }
        busy.set(true);
        // The dialog may be closed by the time there is an answer.
        let go = navigate.get_value();
        spawn_local(async move {
            let made = async {
                let view = api::admin::document(DocumentKind::Procedure, &old).await?;
                let number = view.number.unwrap_or_default();
                let text = api::admin::edition(DocumentKind::Procedure, &old, number)
                    .await?
                    .text;
                let draft = SaveDraft {
                    source: Source::Text(text.replacen(&old, &new, 1)),
                    note: fill("Chép từ thủ tục {}", &[&old]),
                    effective_from: None,
                    version: 0,
                };
                api::admin::save(DocumentKind::Procedure, &new, &draft).await
            }
            .await;
            let _ = busy.try_set(false);
            match made {
                Ok(Outcome::Done(_)) => go(
                    &address(DocumentKind::Procedure, &new),
                    leptos_router::NavigateOptions::default(),
                ),
                Ok(Outcome::Refused(_)) => {
                    let _ = trouble.try_set(Some(
                        t("Thủ tục được chép có lỗi; hãy chọn thủ tục khác.").to_owned(),
                    ));
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(text::api(&error)));
                }
            }
        });
    };
    view! {
        <form on:submit=add>
            {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
            <TextField id="new-code" label=t("Mã thủ tục mới") value=code on_input=move |text| code.set(text) required=true width="middle"/>
            <ChoiceField id="new-from" label=t("Chép từ") options=Signal::stored(options.clone()) value=copied on_input=move |text| copied.set(text) required=true/>
            <p class="row"><button type="submit" class="button primary" aria-busy=move || busy.get().to_string()>{t("Tạo bản nháp")}</button></p>
        </form>
    }
}
