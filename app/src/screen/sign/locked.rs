//! A file with a password: opened for reading on this device, and told that it cannot be signed as it is.

use crate::draft;
use crate::engine;
use crate::part::notice::{Notice, Tone};
use crate::part::viewer::Viewer;
use crate::signing::Trouble;
use crate::text::t;
use contract::geometry::PageGeometry;
use contract::worker::{Answer, Ask, DocumentId, WorkerProblem};
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

async fn unlock(
    attachment: Uuid,
    document: DocumentId,
    password: String,
) -> Result<Vec<PageGeometry>, Trouble> {
    let bytes = draft::attachment_bytes(attachment).await?;
    let ask = Ask::Open {
        document,
        password: Some(password),
    };
    match engine::ask(ask, vec![bytes]).await? {
        (Answer::Opened { facts }, _) => Ok(facts.pages),
        _ => Err(WorkerProblem::Damaged.into()),
    }
}

/// Password, then the pages. The password goes to the worker of this page and nowhere else.
#[component]
pub fn Locked(attachment: Uuid, document: DocumentId) -> impl IntoView {
    let password = RwSignal::new(String::new());
    let opened: RwSignal<Option<Result<Vec<PageGeometry>, Trouble>>> = RwSignal::new(None);
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let typed = password.get_untracked();
        spawn_local(async move {
            let pages = unlock(attachment, document, typed).await;
            let _ = opened.try_set(Some(pages));
        });
    };
    view! {
        <form class="unlock" on:submit=submit>
            <label for="file-password">{t("Mật khẩu của tệp")}</label>
            <p class="hint" id="file-password-hint">{t("Nhập mật khẩu để xem; mật khẩu không được gửi đi. Tệp có mật khẩu chưa ký số được: hãy lưu một bản không mật khẩu rồi thay tệp.")}</p>
            <div class="row">
                <input
                    id="file-password"
                    type="password"
                    autocomplete="off"
                    aria-describedby="file-password-hint"
                    prop:value=move || password.get()
                    on:input=move |event| password.set(event_target_value(&event))
                />
                <button type="submit" class="button">{t("Mở để xem")}</button>
            </div>
        </form>
        {move || match opened.get() {
            None => ().into_any(),
            Some(Err(Trouble::Engine(WorkerProblem::PasswordRequired))) => view! { <Notice tone=Tone::Bad>{t("Mật khẩu chưa đúng. Vui lòng nhập lại.")}</Notice> }.into_any(),
            Some(Err(trouble)) => view! { <Notice tone=Tone::Bad>{trouble.sentence()}</Notice> }.into_any(),
            Some(Ok(pages)) => view! { <div class="reader"><Viewer document pages/></div> }.into_any(),
        }}
    }
}
