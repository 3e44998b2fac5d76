//! A file with a password, or one that only its owner may sign: the password is asked for here and stays on this device.

use super::files::{SigningFile, Stage};
use crate::signing::Trouble;
use crate::text::t;
use contract::worker::{Signability, WorkerProblem};
use leptos::html;
use leptos::prelude::*;

/// Whether a password could help, and whether it is the owner's that is wanted.
fn wanted(stage: &Stage) -> Option<bool> {
    match stage {
        Stage::Failed(Trouble::Engine(WorkerProblem::PasswordRequired)) => Some(false),
        Stage::Unsignable { facts } if facts.signability == Signability::OwnerForbids => Some(true),
        _ => None,
    }
}

/// The password box, where one helps. What is typed goes to the worker of this page and nowhere else.
#[component]
pub fn Locked(
    file: SigningFile,
    /// Opens a file by its place in the list.
    unlock: Callback<(usize, String)>,
) -> impl IntoView {
    let Some(owner) = file.stage.with_untracked(wanted) else {
        return ().into_any();
    };
    let tried = file.tried.get_value();
    let field = NodeRef::<html::Input>::new();
    let (tries, index) = (file.tried, file.index);
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if let Some(field) = field.get_untracked() {
            tries.set_value(true);
            unlock.run((index, field.value()));
        }
    };
    let label = if owner {
        t("Mật khẩu của người lập tệp")
    } else {
        t("Mật khẩu của tệp")
    };
    let hint = if owner {
        t("Nhập để được ký vào tệp này; mật khẩu không được gửi đi.")
    } else {
        t("Nhập mật khẩu để xem và ký; mật khẩu không được gửi đi. Bản đã ký sẽ không có mật khẩu.")
    };
    view! {
        <form class="unlock" on:submit=submit>
            <label for="file-password">{label}</label>
            <p class="hint" id="file-password-hint">{hint}</p>
            {tried.then(|| view! { <p class="error" role="alert" id="file-password-wrong">{t("Mật khẩu chưa đúng. Vui lòng nhập lại.")}</p> })}
            <div class="row">
                <input id="file-password" node_ref=field type="password" autocomplete="off" aria-describedby="file-password-hint" aria-invalid=tried.then_some("true")/>
                <button type="submit" class="button primary">{t("Mở tệp")}</button>
            </div>
        </form>
    }
    .into_any()
}
