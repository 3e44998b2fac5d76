//! A document to read: opened by the engine, with its password where it has one, shown by the viewer, forgotten when it leaves the screen.

use crate::engine;
use crate::part::notice::{Notice, Tone};
use crate::part::viewer::Viewer;
use crate::screen::my_dossier::save_blob;
use crate::signing::Trouble;
use crate::text::t;
use contract::geometry::PageGeometry;
use contract::worker::{Answer, Ask, DocumentId, WorkerProblem};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::future::Future;
use web_sys::Blob;

/// How far it is.
#[derive(Clone)]
enum Stage {
    Loading,
    /// A password is needed; whether one was tried.
    Locked {
        tried: bool,
    },
    Failed(Trouble),
    Open(Vec<PageGeometry>),
}

/// Opens a file that the browser keeps.
async fn open(document: DocumentId, file: &Blob, password: Option<String>) -> Stage {
    let tried = password.is_some();
    let Some(bytes) = crate::screen::check::bytes_of(file).await else {
        return Stage::Failed(WorkerProblem::Damaged.into());
    };
    match engine::ask(Ask::Open { document, password }, vec![bytes]).await {
        Ok((Answer::Opened { facts }, _)) => Stage::Open(facts.pages),
        Ok(_) => Stage::Failed(WorkerProblem::Damaged.into()),
        Err(WorkerProblem::PasswordRequired) => Stage::Locked { tried },
        Err(problem) => Stage::Failed(problem.into()),
    }
}

/// Shows what `load` gives.
#[component]
pub fn Reader<L>(
    /// A number no other document on this screen has.
    document: DocumentId,
    /// Its name, for saving it on the device.
    #[prop(into)]
    name: String,
    /// What opens it, when the person told already.
    #[prop(optional_no_strip)]
    password: Option<String>,
    load: impl FnOnce() -> L,
) -> impl IntoView
where
    L: Future<Output = Result<Vec<u8>, Trouble>> + 'static,
{
    let stage = RwSignal::new(Stage::Loading);
    let kept: StoredValue<Option<Blob>, LocalStorage> = StoredValue::new_local(None);
    let loading = load();
    spawn_local(async move {
        let next = match loading.await {
            Ok(bytes) => match crate::screen::my_dossier::blob(&bytes) {
                Some(file) => {
                    drop(bytes);
                    let next = open(document, &file, password).await;
                    let _ = kept.try_set_value(Some(file));
                    next
                }
                None => Stage::Failed(WorkerProblem::Damaged.into()),
            },
            Err(trouble) => Stage::Failed(trouble),
        };
        // The screen may be gone by now.
        let _ = stage.try_set(next);
    });
    on_cleanup(move || {
        spawn_local(async move {
            let _ = engine::ask(Ask::Close { document }, Vec::new()).await;
        });
    });
    let unlock = Callback::new(move |password: String| {
        let Some(file) = kept.get_value() else { return };
        spawn_local(async move {
            let next = open(document, &file, Some(password)).await;
            let _ = stage.try_set(next);
        });
    });
    let save = Callback::new(move |()| {
        if let Some(file) = kept.get_value() {
            save_blob(&file, &name);
        }
    });
    move || match stage.get() {
        Stage::Loading => opening(),
        Stage::Locked { tried } => locked(document, tried, unlock),
        Stage::Failed(trouble) => {
            view! { <Notice tone=Tone::Bad>{trouble.sentence()}</Notice> }.into_any()
        }
        Stage::Open(pages) => {
            view! { <div class="reader"><Viewer document pages save/></div> }.into_any()
        }
    }
}

/// While it is opened: an empty sheet where the first page will be.
fn opening() -> AnyView {
    view! {
        <div class="reader opening" role="status">
            <p>{t("Đang mở tài liệu…")}</p>
            <div class="blank-page" aria-hidden="true"></div>
        </div>
    }
    .into_any()
}

/// The password box. What is typed goes to the worker of this page and nowhere else.
fn locked(document: DocumentId, tried: bool, unlock: Callback<String>) -> AnyView {
    let field = NodeRef::<html::Input>::new();
    let id = "password-".to_owned() + &document.0.to_string();
    let (hint, wrong) = (id.clone() + "-hint", id.clone() + "-wrong");
    let described = if tried {
        hint.clone() + " " + &wrong
    } else {
        hint.clone()
    };
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if let Some(field) = field.get_untracked() {
            unlock.run(field.value());
        }
    };
    view! {
        <form class="unlock" on:submit=submit>
            <label for=id.clone()>{t("Mật khẩu của tệp")}</label>
            <p class="hint" id=hint>{t("Tệp có mật khẩu. Nhập mật khẩu để xem; mật khẩu không được gửi đi.")}</p>
            {tried.then(|| view! { <p class="error" role="alert" id=wrong>{t("Mật khẩu chưa đúng. Vui lòng nhập lại.")}</p> })}
            <div class="row">
                <input id=id node_ref=field type="password" autocomplete="off" aria-describedby=described aria-invalid=tried.then_some("true")/>
                <button type="submit" class="button primary">{t("Mở để xem")}</button>
            </div>
        </form>
    }
    .into_any()
}
