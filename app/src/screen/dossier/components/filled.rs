//! `Tạo tờ khai từ thông tin đã nhập`: a component's form, filled in on this device with what was typed in step 1.

use super::board::{Board, NewFile};
use crate::engine;
use crate::text::{self, t};
use contract::blank::{self, BlankForm};
use contract::value::FileName;
use contract::worker::{Answer, Ask};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The button; nothing where the procedure has no form for this component.
#[component]
pub fn Filled(
    board: Board,
    /// Code of the component.
    component: String,
    /// What could not be done.
    trouble: RwSignal<Vec<String>>,
) -> impl IntoView {
    let form = board.open.draft.with_untracked(|draft| {
        let forms = draft.procedure.forms.iter();
        forms
            .into_iter()
            .find(|form| form.component == component)
            .cloned()
    });
    let busy = RwSignal::new(false);
    form.map(|form| {
        let make = move |_| {
            if busy.get_untracked() {
                return;
            }
            busy.set(true);
            trouble.set(Vec::new());
            let form = form.clone();
            spawn_local(async move {
                let added = match filled(board, &form).await {
                    Ok((name, bytes)) => {
                        board
                            .add(form.component.clone(), NewFile::plain(name, bytes), None)
                            .await
                    }
                    Err(sentence) => Err(sentence),
                };
                match added {
                    Ok(id) => board.show_made(id),
                    Err(sentence) => {
                        let _ = trouble.try_update(|all| all.push(sentence));
                    }
                }
                let _ = busy.try_set(false);
            });
        };
        view! {
            <button type="button" class="button" aria-busy=move || busy.get().to_string() on:click=make>
                {t("Tạo từ thông tin đã nhập")}
            </button>
        }
    })
}

async fn filled(board: Board, form: &BlankForm) -> Result<(FileName, Vec<u8>), String> {
    let failed = || t("Không tạo được PDF. Vui lòng thử lại.").to_owned();
    let (code, answers) = board.open.draft.with_untracked(|draft| {
        let answers = blank::answers(&draft.procedure.fields, &draft.form);
        (draft.procedure.summary.code.clone(), answers)
    });
    let ask = Ask::FillForm {
        form: form.clone(),
        code,
        answers: answers.into_iter().collect(),
    };
    let name = form.name.parse().map_err(|_| failed())?;
    match engine::ask(ask, Vec::new()).await {
        Ok((Answer::Bound { .. }, parcels)) => parcels
            .files
            .into_iter()
            .next()
            .map(|bytes| (name, bytes))
            .ok_or_else(failed),
        Ok(_) => Err(failed()),
        Err(problem) => Err(text::worker(&problem).to_owned()),
    }
}
