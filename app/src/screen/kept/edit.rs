//! The two questions of the store: a new name with a date, and whether a file shall really go.

use super::{Room, shelf};
use crate::api;
use crate::part::dialog::Dialog;
use crate::part::notice::{Notice, Tone};
use crate::part::toast::say;
use crate::text::{self, fill, t};
use contract::kept::KeepFile;
use contract::value::FileName;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Both dialogs.
#[component]
pub(super) fn Edit(room: Room) -> impl IntoView {
    view! { <Rename room/> <Leave room/> }
}

/// A dialog that is open while a signal has something.
fn follows<T: Clone + Send + Sync + 'static>(asked: RwSignal<Option<T>>) -> RwSignal<bool> {
    let open = RwSignal::new(false);
    Effect::new(move |_| {
        if asked.with(Option::is_some) {
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() {
            asked.set(None);
        }
    });
    open
}

#[component]
fn Rename(room: Room) -> impl IntoView {
    let open = follows(room.editing);
    let (name, day) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let busy = RwSignal::new(false);
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    Effect::new(move |_| {
        if let Some(file) = room.editing.get() {
            name.set(file.file_name.to_string());
            day.set(file.expires_on.unwrap_or_default());
            trouble.set(None);
        }
    });
    let save = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let Some(file) = room.editing.get_untracked() else {
            return;
        };
        let wanted = name.get_untracked();
        let wanted = wanted.trim();
        let stem = wanted
            .strip_suffix(".pdf")
            .or_else(|| wanted.strip_suffix(".PDF"))
            .unwrap_or(wanted)
            .trim();
        let parsed = (!stem.is_empty()).then(|| format!("{stem}.pdf").parse::<FileName>());
        let Some(Ok(file_name)) = parsed else {
            trouble.set(Some(t("Vui lòng nhập tên tệp.").to_owned()));
            return;
        };
        let day = day.get_untracked();
        let keep = KeepFile {
            file_name,
            size: file.size,
            expires_on: (!day.is_empty()).then_some(day),
            signings: file.signings,
            signed_as: file.signed_as,
        };
        busy.set(true);
        spawn_local(async move {
            let outcome = api::kept::keep(&file.sha256, &keep).await;
            let _ = busy.try_set(false);
            match outcome {
                Ok(_) => {
                    let _ = open.try_set(false);
                    room.refresh();
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(text::api(&error)));
                }
            }
        });
    };
    view! {
        <Dialog open title=t("Đổi tên, ghi hạn dùng")>
            <form on:submit=save>
                {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
                <p class="field">
                    <label for="kept-name">{t("Tên tệp")}</label>
                    <input id="kept-name" type="text" maxlength="180" autocomplete="off" required prop:value=move || name.get() on:input=move |event| name.set(event_target_value(&event))/>
                </p>
                <div class="field">
                    <label for="kept-day">{t("Dùng được đến ngày")}</label>
                    <p class="hint" id="kept-day-hint">{t("Không bắt buộc. Ví dụ giấy xác nhận tình trạng hôn nhân dùng được 6 tháng kể từ ngày cấp.")}</p>
                    <input id="kept-day" type="date" aria-describedby="kept-day-hint" prop:value=move || day.get() on:input=move |event| day.set(event_target_value(&event))/>
                </div>
                <div class="row end">
                    <button type="button" class="button" on:click=move |_| open.set(false)>{t("Hủy")}</button>
                    <button type="submit" class="button primary" disabled=move || busy.get()>{t("Lưu lại")}</button>
                </div>
            </form>
        </Dialog>
    }
}

#[component]
fn Leave(room: Room) -> impl IntoView {
    let open = follows(room.leaving);
    let busy = RwSignal::new(false);
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let go = move |_| {
        let Some(file) = room.leaving.get_untracked() else {
            return;
        };
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            let outcome = shelf::forget(&file.sha256).await;
            let _ = busy.try_set(false);
            match outcome {
                Ok(()) => {
                    let _ = open.try_set(false);
                    say(fill("Đã xóa “{}” khỏi kho.", &[&file.file_name]));
                    // The line goes, and the button that asked with it.
                    crate::part::focus("store-add");
                    room.refresh();
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(error.sentence()));
                }
            }
        });
    };
    let sentence = move || {
        room.leaving
            .get()
            .map(|file| {
                fill(
                    "Xóa “{}” khỏi kho? Hồ sơ đã nộp vẫn giữ tệp này.",
                    &[&file.file_name],
                )
            })
            .unwrap_or_default()
    };
    view! {
        <Dialog open title=t("Xóa khỏi kho")>
            <p>{sentence}</p>
            {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
            <div class="row end">
                <button type="button" class="button" on:click=move |_| open.set(false)>{t("Giữ lại")}</button>
                <button type="button" class="button danger" disabled=move || busy.get() on:click=go>{t("Xóa khỏi kho")}</button>
            </div>
        </Dialog>
    }
}
