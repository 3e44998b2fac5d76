//! The result while it is prepared: PDF files, signed elsewhere or not, checked by the server when they arrive.

use super::Shown;
use super::checks::Checks;
use super::timeline::{SeeHistory, SigningHistory};
use crate::part::notice::{Notice, Tone};
use crate::screen::check::read;
use crate::screen::my_dossier::download;
use crate::screen::officer::result_signing::{Hand, Signed};
use crate::text::{fill, t};
use crate::{api, format, text};
use contract::dossier::Dossier;
use contract::history::PaperKind;
use contract::life::ResultFile;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;
use web_sys::HtmlInputElement;

/// The files of the result.
#[component]
pub fn ResultFiles(
    dossier: Dossier,
    editable: bool,
    found: Shown,
    checks: Checks,
) -> impl IntoView {
    let id = dossier.summary.id;
    let busy = RwSignal::new(false);
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let finished = move |answer: Result<Dossier, api::ApiError>| match answer {
        Ok(newest) => {
            let _ = found.try_set(Some(Ok(newest)));
        }
        Err(error) => {
            let _ = trouble.try_set(Some(text::api(&error)));
            let _ = busy.try_set(false);
        }
    };
    let chosen = move |event: web_sys::Event| {
        let input = event_target::<HtmlInputElement>(&event);
        let Some(file) = input.files().and_then(|files| files.get(0)) else {
            return;
        };
        // The same file may be chosen again after it was refused.
        input.set_value("");
        trouble.set(None);
        busy.set(true);
        spawn_local(async move {
            let name = file.name();
            match read(&file).await {
                Some(bytes) => {
                    finished(api::after::add_result(id, Uuid::new_v4(), name, &bytes).await)
                }
                None => {
                    let _ = trouble.try_set(Some(fill(
                        "Không đọc được “{}”. Vui lòng chọn lại.",
                        &[&name],
                    )));
                    let _ = busy.try_set(false);
                }
            }
        });
    };
    let remove = move |file: Uuid| {
        busy.set(true);
        spawn_local(async move { finished(api::after::remove_result(id, file).await) });
    };
    let whole = dossier.clone();
    view! {
        <section class="card" aria-label=t("Kết quả")>
            <h2>{t("Kết quả")}</h2>
            <ul class="files">
                {dossier.after.results.into_iter().map(|file| view! { <One dossier=id whole=whole.clone() file editable busy trouble remove found checks/> }).collect_view()}
            </ul>
            {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
            {editable.then(|| view! {
                <div class="pick">
                    <label class="button" for="result-file">{t("Thêm tệp kết quả")}</label>
                    <input id="result-file" type="file" accept="application/pdf,.pdf" class="visually-hidden" disabled=move || busy.get() on:change=chosen/>
                    <span class="hint" role="status">{move || if busy.get() { t("Đang gửi và kiểm tra tệp…") } else { t("PDF, tối đa 50 MB; có thể đã ký số ở nơi khác. Công dân thấy khi bạn trả kết quả.") }}</span>
                </div>
            })}
        </section>
    }
}

#[component]
fn One(
    dossier: Uuid,
    whole: Dossier,
    file: ResultFile,
    editable: bool,
    busy: RwSignal<bool>,
    trouble: RwSignal<Option<String>>,
    remove: impl Fn(Uuid) + Copy + Send + Sync + 'static,
    found: Shown,
    checks: Checks,
) -> impl IntoView {
    let (id, name) = (file.id, file.file_name.to_string());
    let (saved, told) = (name.clone(), name.clone());
    let code = whole.summary.code.to_string();
    let looking = RwSignal::new(false);
    let save = move |_| {
        let name = saved.clone();
        spawn_local(async move {
            match api::after::result(true, dossier, id).await {
                Ok(bytes) => download(&bytes, &name),
                Err(error) => {
                    let _ = trouble.try_set(Some(text::api(&error)));
                }
            }
        });
    };
    view! {
        <li class="file-row">
            <p class="name">{name}<span class="hint">{format::size(file.size)}" · "{format::moment(file.added_at)}</span></p>
            <p><span class="chip">{text::verdict(file.verdict)}</span></p>
            <Signed hands=file.hands.clone()/>
            <div class="row">
                <SeeHistory looking/>
                <button type="button" class="button" on:click=save>{t("Tải về")}</button>
                {editable.then(|| view! { <button type="button" class="button" disabled=move || busy.get() on:click=move |_| remove(id)>{t("Bỏ tệp này")}</button> })}
                <Hand dossier=whole file=file.clone() found busy trouble/>
            </div>
            {move || looking.get().then(|| view! {
                <SigningHistory checks file=id name=told.clone() kind=PaperKind::Result applicant=None code=code.clone()/>
            })}
        </li>
    }
}
