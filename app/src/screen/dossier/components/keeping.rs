//! `Lưu vào kho`: a file of the draft goes to the personal store, once the person said so.

use super::board::Board;
use crate::draft;
use crate::part::dialog::Dialog;
use crate::part::notice::{Notice, Tone};
use crate::screen::kept::shelf;
use crate::signing::Trouble;
use crate::text::{fill, t};
use contract::kept::KeepFile;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

/// Sends a file of the draft to the store.
async fn keep(board: Board, id: Uuid) -> Result<String, Trouble> {
    let found = board.open.draft.with_untracked(|draft| {
        let file = draft.attachments.iter().find(|file| file.id == id).cloned();
        file.map(|file| (draft.account, file))
    });
    let Some((account, file)) = found else {
        return Err(draft::DraftError::Missing.into());
    };
    let bytes = draft::attachment_bytes(id).await?;
    let keep = KeepFile {
        file_name: file.file_name.clone(),
        size: file.size,
        expires_on: None,
        signed_as: (!file.signings.is_empty()).then_some(file.signed_as.unwrap_or(id)),
        signings: file.signings,
    };
    shelf::keep(account, &file.sha256, &keep, &bytes, &|_| {}).await?;
    Ok(file.file_name.to_string())
}

/// The question.
#[component]
pub fn Keeping(board: Board) -> impl IntoView {
    let open = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let trouble: RwSignal<Option<Trouble>> = RwSignal::new(None);
    let done: RwSignal<Option<String>> = RwSignal::new(None);
    Effect::new(move |_| {
        if board.keeping.get().is_some() {
            trouble.set(None);
            done.set(None);
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() {
            board.keeping.set(None);
        }
    });
    let yes = move |_| {
        let Some(id) = board.keeping.get_untracked() else {
            return;
        };
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            let outcome = keep(board, id).await;
            let _ = busy.try_set(false);
            match outcome {
                Ok(name) => {
                    let _ = done.try_set(Some(name));
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(error));
                }
            }
        });
    };
    view! {
        <Dialog open title=t("Lưu vào kho dữ liệu cá nhân")>
            {move || match done.get() {
                Some(name) => view! {
                    <Notice tone=Tone::Good>{fill("Đã lưu “{}” vào kho. Lần sau bạn chọn Lấy từ kho là dùng lại được.", &[&name])}</Notice>
                    <div class="row end"><button type="button" class="button primary" on:click=move |_| open.set(false)>{t("Đóng")}</button></div>
                }.into_any(),
                None => view! {
                    <p>{t("Tệp được gửi tới và lưu trên máy chủ của Cổng để bạn dùng lại cho hồ sơ khác. Chỉ bạn xem được, và bạn xóa khỏi kho lúc nào cũng được.")}</p>
                    {move || trouble.get().map(|error| view! { <Notice tone=Tone::Bad>{error.sentence()}</Notice> })}
                    <p role="status">{move || if busy.get() { t("Đang lưu…") } else { "" }}</p>
                    <div class="row end">
                        <button type="button" class="button" on:click=move |_| open.set(false)>{t("Để sau")}</button>
                        <button type="button" class="button primary" disabled=move || busy.get() on:click=yes>{t("Đồng ý lưu")}</button>
                    </div>
                }.into_any(),
            }}
        </Dialog>
    }
}
