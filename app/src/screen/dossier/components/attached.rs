//! One attached file of a component: what it is, how its signing stands, and what can be done with it.

use super::board::Board;
use super::one::DRAGGED;
use crate::draft::{self, DraftAttachment};
use crate::format;
use crate::part::notice::{Notice, Tone};
use crate::part::reader::Reader;
use crate::signing::signings;
use crate::text::{fill, t};
use contract::dossier::CopyKind;
use contract::worker::DocumentId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use uuid::Uuid;
use wasm_bindgen::JsCast as _;

/// The engine's name for an attachment that is read on this screen, away from those of other screens.
fn document_of(id: Uuid) -> DocumentId {
    let (head, ..) = id.as_fields();
    DocumentId(head | 0x8000_0000)
}

/// A signing that finished while this screen is open changes the file on the device: it is read again.
fn follow(board: Board, id: Uuid) {
    let signings = signings();
    let open = board.open;
    Effect::new(move |before: Option<usize>| {
        let finished = signings.all.with(|all| {
            all.values()
                .filter(|watched| watched.finished && watched.pending.file(id).is_some())
                .count()
        });
        if finished > before.unwrap_or(0) {
            spawn_local(async move { open.look_again().await });
        }
        finished
    });
}

/// Saves the bytes of a file on the device.
fn save_as(board: Board, id: Uuid, name: String) {
    spawn_local(async move {
        match draft::attachment_bytes(id).await {
            Ok(bytes) => crate::screen::my_dossier::download(&bytes, &name),
            Err(error) => {
                let _ = board.open.trouble.try_set(Some(error));
            }
        }
    });
}

/// The row.
#[component]
pub fn Attached(board: Board, id: Uuid, replace: Callback<Uuid>) -> impl IntoView {
    let signings = signings();
    let open = board.open;
    let draft_id = open.draft.with_untracked(|draft| draft.id);
    follow(board, id);
    let file = Memo::new(move |_| {
        open.draft
            .with(|draft| draft.attachments.iter().find(|file| file.id == id).cloned())
    });
    // Between request and signed file nobody replaces it.
    let waiting = Memo::new(move |_| signings.of(id).is_some_and(|watched| watched.holds(id)));
    let reading = Memo::new(move |_| board.reading.get() == Some(id));
    let (over, dragging) = (RwSignal::new(false), RwSignal::new(false));
    let lifted = move |event: web_sys::DragEvent| {
        if let Some(data) = event.data_transfer() {
            let _ = data.set_data(DRAGGED, &id.to_string());
            // The whole row is seen on its way, not only the handle.
            let row = event
                .current_target()
                .and_then(|row| row.dyn_into::<web_sys::Element>().ok());
            if let Some(row) = row {
                data.set_drag_image(&row, 24, 24);
            }
            data.set_effect_allowed("move");
            dragging.set(true);
        }
    };
    let carried = |event: &web_sys::DragEvent| {
        let data = event.data_transfer()?;
        let kinds = data.types();
        kinds.includes(&DRAGGED.into(), 0).then_some(data)
    };
    let hovering = move |event: web_sys::DragEvent| {
        if carried(&event).is_some() {
            event.prevent_default();
            over.set(true);
        }
    };
    let dropped = move |event: web_sys::DragEvent| {
        over.set(false);
        let Some(data) = carried(&event) else { return };
        event.prevent_default();
        event.stop_propagation();
        let moved = data.get_data(DRAGGED).ok();
        if let Some(moved) = moved.and_then(|text| text.parse().ok()) {
            board.drop_on(moved, id);
        }
    };
    view! {
        <li class="file-row" class:over=move || over.get() class:dragging=move || dragging.get()
            on:dragstart=lifted on:dragend=move |_| dragging.set(false) on:dragover=hovering on:dragleave=move |_| over.set(false) on:drop=dropped>
            {move || file.get().map(|file| view! { <Shown board file waiting reading replace draft_id/> })}
            {move || (reading.get() && board.made.with(|made| made.contains(&id))).then(|| view! {
                <Notice tone=Tone::Attention>{t("Đã chuyển sang PDF. Vui lòng kiểm tra nội dung trước khi ký.")}</Notice>
            })}
            {move || reading.get().then(|| {
                let load = move || async move { Ok(draft::attachment_bytes(id).await?) };
                let name = file.with_untracked(|file| file.as_ref().map(|file| file.file_name.to_string()).unwrap_or_default());
                view! { <Reader document=document_of(id) name load/> }
            })}
        </li>
    }
}

/// Everything of the row but the reader.
#[component]
fn Shown(
    board: Board,
    file: DraftAttachment,
    waiting: Memo<bool>,
    reading: Memo<bool>,
    replace: Callback<Uuid>,
    draft_id: Uuid,
) -> impl IntoView {
    let id = file.id;
    let signed = !file.signings.is_empty();
    let shown = file.file_name.to_string();
    let name = StoredValue::new(shown.clone());
    let label = format!("name-{id}");
    let described = label.clone();
    let original = file
        .original
        .as_ref()
        .map(|original| (original.id, original.file_name.to_string()));
    // Vermilion calls for what has to be signed; what may be signed keeps quiet.
    let component = file.component.clone();
    let wants_signature = Memo::new(move |_| {
        !signed
            && board.open.draft.with(|draft| {
                let mut components = draft.procedure.components.iter();
                components.any(|one| one.code == component && one.signature_required)
            })
    });
    let toggle = move |_| {
        let next = (!reading.get_untracked()).then_some(id);
        board.reading.set(next);
    };
    view! {
        <p class="name" id=label>{shown}</p>
        <p class="state-of-file">
            {move || if waiting.get() {
                view! { <span class="chip attention">{t("Đang chờ ký")}</span> }.into_any()
            } else if signed {
                view! { <span class="chip good">{t("Đã ký số")}</span> }.into_any()
            } else {
                view! { <span class="chip quiet">{t("Chưa ký")}</span> }.into_any()
            }}
        </p>
        <p class="hint file-facts">
            {format::size(file.size)}
            {move || board.looked.with(|looked| looked.get(&id).and_then(|looked| looked.pages)).map(|pages| fill(" · {} trang", &[&pages]))}
            {original.clone().map(|(_, word)| fill(" · chuyển từ “{}”", &[&word]))}
        </p>
        {move || board.looked.with(|looked| looked.get(&id).and_then(|looked| looked.refusal.clone())).filter(|_| !signed).map(|why| view! {
            <p class="refusal">{why}</p>
        })}
        <Copies board file=file.clone()/>
        <div class="file-actions">
            <A href=format!("/ho-so/{draft_id}/ky/{id}") attr:class=move || if wants_signature.get() || waiting.get() { "button seal" } else { "button seal-line" } attr:aria-describedby=described.clone()>
                {move || if waiting.get() { t("Xem yêu cầu ký") } else { t("Ký số NEAC") }}
            </A>
            <button type="button" class="button" aria-expanded=move || reading.get().to_string() on:click=toggle>
                {move || if reading.get() { t("Đóng tệp") } else { t("Xem") }}
            </button>
            <span class="text-buttons">
                <button type="button" class="text-button" on:click=move |_| save_as(board, id, name.get_value())>{t("Tải về")}</button>
                {original.map(|(original, word)| view! {
                    <button type="button" class="text-button" on:click=move |_| save_as(board, original, word.clone())>{t("Tải tệp Word gốc")}</button>
                })}
                <Show when=move || !waiting.get()>
                    <button type="button" class="text-button" on:click=move |_| replace.run(id)>{t("Thay tệp")}</button>
                </Show>
                <button type="button" class="text-button" on:click=move |_| board.keeping.set(Some(id))>{t("Lưu vào kho")}</button>
                <Show when=move || !waiting.get()>
                    <button type="button" class="text-button danger" on:click=move |_| { board.remove(id); crate::part::focus("undo-removal"); }>{t("Xóa")}</button>
                </Show>
                <Moves board id/>
            </span>
        </div>
        <Show when=move || waiting.get()>
            <p class="hint">{t("Tệp đang chờ xác nhận trên điện thoại nên chưa thay hay xóa được.")}</p>
        </Show>
    }
}

/// `Bản chính` or `Bản sao`, and how many.
#[component]
fn Copies(board: Board, file: DraftAttachment) -> impl IntoView {
    let id = file.id;
    let (original, name) = (file.copy_kind == CopyKind::Original, format!("copy-{id}"));
    let update = move |edit: fn(&mut DraftAttachment, u8), value: u8| {
        board.open.change(move |draft| {
            if let Some(file) = draft.attachments.iter_mut().find(|file| file.id == id) {
                edit(file, value);
            }
        });
    };
    view! {
        <fieldset class="kind">
            <legend class="visually-hidden">{t("Loại bản")}</legend>
            <label><input type="radio" name=name.clone() prop:checked=original on:change=move |_| update(|file, _| file.copy_kind = CopyKind::Original, 0)/>{t("Bản chính")}</label>
            <label><input type="radio" name=name prop:checked=!original on:change=move |_| update(|file, _| file.copy_kind = CopyKind::Copy, 0)/>{t("Bản sao")}</label>
            <label>{t("Số lượng")}<input type="number" min="1" max="99" inputmode="numeric" prop:value=file.count.to_string()
                on:change=move |event| update(|file, count| file.count = count.clamp(1, 99), event_target_value(&event).parse().unwrap_or(1))/></label>
        </fieldset>
    }
}

/// Up and down among the files of the component; nothing where there is one.
#[component]
fn Moves(board: Board, id: Uuid) -> impl IntoView {
    let place = Memo::new(move |_| {
        board.open.draft.with(|draft| {
            let own = draft.attachments.iter().find(|file| file.id == id)?;
            let mut before = 0;
            let mut all = 0;
            let mut seen = false;
            for file in &draft.attachments {
                if file.component == own.component {
                    seen |= file.id == id;
                    before += usize::from(!seen);
                    all += 1;
                }
            }
            (all > 1).then_some((before, all))
        })
    });
    // The row is set elsewhere in the page, and the end of the way is no reason either to lose the focus.
    let step = move |down: bool| {
        board.step(id, down);
        crate::part::focus(move_button(id, down));
    };
    move || {
        place.get().map(|(before, all)| {
            let last = before + 1 == all;
            view! {
                <span class="tool-row">
                    <span class="grip" draggable="true" aria-hidden="true" title=t("Kéo để đổi thứ tự")>"⠿"</span>
                    <button type="button" class="tool" id=move_button(id, false) aria-label=t("Chuyển lên") title=t("Chuyển lên") aria-disabled=(before == 0).to_string() on:click=move |_| step(false)>"↑"</button>
                    <button type="button" class="tool" id=move_button(id, true) aria-label=t("Chuyển xuống") title=t("Chuyển xuống") aria-disabled=last.to_string() on:click=move |_| step(true)>"↓"</button>
                </span>
            }
        })
    }
}

/// The id of a button that moves a file.
fn move_button(id: Uuid, down: bool) -> String {
    format!("{}-{id}", if down { "down" } else { "up" })
}
