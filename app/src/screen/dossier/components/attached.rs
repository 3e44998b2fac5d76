//! One attached file of a component: what it is, how its signing stands, and what can be done with it.

use crate::draft::{self, DraftAttachment};
use crate::format;
use crate::part::reader::Reader;
use crate::screen::dossier::Open;
use crate::signing::signings;
use contract::dossier::CopyKind;
use contract::worker::DocumentId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use uuid::Uuid;

/// The engine's name for an attachment that is read on this screen, away from those of other screens.
fn document_of(id: Uuid) -> DocumentId {
    let (head, ..) = id.as_fields();
    DocumentId(head | 0x8000_0000)
}

#[component]
pub fn Attached(open: Open, id: Uuid) -> impl IntoView {
    let signings = signings();
    let draft_id = open.draft.with_untracked(|draft| draft.id);
    let file = Memo::new(move |_| {
        open.draft
            .with(|draft| draft.attachments.iter().find(|file| file.id == id).cloned())
    });
    // A signing that finished while this screen is open changes the file on the device: read it again.
    Effect::new(move |_| {
        let finished = signings.all.with(|all| {
            all.values()
                .filter(|watched| watched.finished && watched.pending.file(id).is_some())
                .count()
        });
        if finished > 0 {
            let account = open.draft.with_untracked(|draft| draft.account);
            spawn_local(async move {
                if let Ok(newest) = draft::load(account, draft_id).await {
                    let _ = open
                        .draft
                        .try_update(|draft| draft.attachments = newest.attachments);
                }
            });
        }
    });
    // Between request and signed file nobody replaces it.
    let waiting = move || signings.of(id).is_some_and(|watched| watched.holds(id));
    let update = move |edit: fn(&mut DraftAttachment, u8), value: u8| {
        open.change(move |draft| {
            if let Some(file) = draft.attachments.iter_mut().find(|file| file.id == id) {
                edit(file, value);
            }
        });
    };
    let remove = move |_| {
        open.change(move |draft| draft.attachments.retain(|file| file.id != id));
        spawn_local(async move {
            open.save().await;
            let _ = draft::remove_bytes(id).await;
        });
    };
    let save_file = move |_| {
        let Some(name) =
            file.with_untracked(|file| file.as_ref().map(|file| file.file_name.to_string()))
        else {
            return;
        };
        spawn_local(async move {
            if let Ok(bytes) = draft::attachment_bytes(id).await {
                crate::screen::my_dossier::download(&bytes, &name);
            }
        });
    };
    let reading = RwSignal::new(false);
    view! {
        {move || file.get().map(|file| {
            let signed = !file.signings.is_empty();
            let (original, name) = (file.copy_kind == CopyKind::Original, format!("copy-{id}"));
            let shown = file.file_name.to_string();
            view! {
                <li class="file-row">
                    <p class="name">{file.file_name.to_string()}<span class="hint">{format::size(file.size)}</span></p>
                    <p>
                        {move || if waiting() {
                            view! { <span class="chip attention">"Đang chờ ký"</span> }.into_any()
                        } else if signed {
                            view! { <span class="chip good">"Đã ký số"</span> }.into_any()
                        } else {
                            view! { <span class="chip">"Chưa ký"</span> }.into_any()
                        }}
                    </p>
                    <fieldset class="kind">
                        <legend class="visually-hidden">"Loại bản"</legend>
                        <label><input type="radio" name=name.clone() prop:checked=original on:change=move |_| update(|file, _| file.copy_kind = CopyKind::Original, 0)/>"Bản chính"</label>
                        <label><input type="radio" name=name prop:checked=!original on:change=move |_| update(|file, _| file.copy_kind = CopyKind::Copy, 0)/>"Bản sao"</label>
                        <label>"Số lượng"<input type="number" min="1" max="99" inputmode="numeric" prop:value=file.count.to_string()
                            on:change=move |event| update(|file, count| file.count = count.clamp(1, 99), event_target_value(&event).parse().unwrap_or(1))/></label>
                    </fieldset>
                    <p class="row">
                        <A href=format!("/ho-so/{draft_id}/ky/{id}") attr:class="button seal">{move || if waiting() { "Xem yêu cầu ký" } else { "Ký số NEAC" }}</A>
                        <button type="button" class="button" aria-expanded=move || reading.get().to_string() on:click=move |_| reading.update(|reading| *reading = !*reading)>
                            {move || if reading.get() { "Đóng tệp" } else { "Xem" }}
                        </button>
                        <button type="button" class="button" on:click=save_file>"Tải về"</button>
                        <Show when=move || !waiting()>
                            <button type="button" class="button" on:click=remove>"Xóa"</button>
                        </Show>
                    </p>
                    <Show when=waiting>
                        <p class="hint">"Tệp đang chờ xác nhận trên điện thoại nên chưa thay hay xóa được."</p>
                    </Show>
                    {move || reading.get().then(|| {
                        let load = move || async move { Ok(draft::attachment_bytes(id).await?) };
                        view! { <Reader document=document_of(id) name=shown.clone() load/> }
                    })}
                </li>
            }
        })}
    }
}
