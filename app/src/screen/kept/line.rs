//! A file of the personal store.

use super::{Room, shelf, words};
use crate::format;
use crate::part::reader::Reader;
use crate::session::session;
use crate::text::{fill, t};
use contract::kept::KeptFile;
use contract::validation::Verdict;
use contract::worker::DocumentId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;

/// The engine's name for a kept file, away from those of other screens.
fn document_of(file: &KeptFile) -> DocumentId {
    let [one, two, three, ..] = file.sha256.0;
    DocumentId(u32::from_be_bytes([0x20, one, two, three]))
}

/// The line.
#[component]
pub(super) fn Line(room: Room, file: KeptFile, reachable: bool, offline: bool) -> impl IntoView {
    let digest = file.sha256;
    let reading = Memo::new(move |_| room.reading.get() == Some(digest));
    let name = file.file_name.to_string();
    let document = document_of(&file);
    let (edited, left) = (file.clone(), file.clone());
    let (saved, read) = (name.clone(), name.clone());
    let save = move |_| {
        let name = saved.clone();
        spawn_local(async move {
            match shelf::bytes(room.account, &digest).await {
                Ok(bytes) => crate::screen::my_dossier::download(&bytes, &name),
                Err(error) => room.complain(error.sentence()),
            }
        });
    };
    let chip = match file.verdict {
        Verdict::Valid => "chip good",
        Verdict::Unsigned => "chip quiet",
        Verdict::Indeterminate | Verdict::Invalid => "chip attention",
    };
    let now = session().now();
    let expiry = words::expiry(&file, now).map(|said| {
        let class = if words::is_over(&file, now) {
            "chip attention"
        } else {
            "chip"
        };
        view! { <span class=class>{said}</span> }
    });
    let kept = if file.on_purpose {
        fill("Lưu ngày {}", &[&format::day(file.kept_at)])
    } else {
        fill("Nộp ngày {}", &[&format::day(file.kept_at)])
    };
    view! {
        <li class="card kept-file">
            <div class="kept-head">
                <h2 class="name">{name}</h2>
                <p class="chips">
                    <span class=chip>{words::verdict(&file)}</span>
                    {expiry}
                    {(offline && reachable).then(|| view! { <span class="chip">{t("có trên thiết bị này")}</span> })}
                    {(!reachable).then(|| view! { <span class="chip attention">{t("cần có mạng")}</span> })}
                </p>
            </div>
            <p class="hint">{format::size(file.size)}" · "{kept}</p>
            <Used file=file.clone()/>
            <div class="file-actions">
                <button type="button" class="button" disabled=!reachable aria-expanded=move || reading.get().to_string()
                    on:click=move |_| room.reading.set((!reading.get_untracked()).then_some(digest))>{move || if reading.get() { t("Đóng tệp") } else { t("Xem") }}</button>
                <span class="text-buttons">
                    <button type="button" class="text-button" disabled=!reachable on:click=save>{t("Tải về")}</button>
                    <button type="button" class="text-button" id=format!("edit-{digest}") disabled=offline on:click=move |_| room.editing.set(Some(edited.clone()))>{t("Đổi tên, ghi hạn dùng")}</button>
                    <button type="button" class="text-button danger" disabled=offline on:click=move |_| room.leaving.set(Some(left.clone()))>{t("Xóa khỏi kho")}</button>
                </span>
            </div>
            {move || reading.get().then(|| {
                let load = move || async move { shelf::bytes(room.account, &digest).await };
                view! { <Reader document name=read.clone() load/> }
            })}
        </li>
    }
}

/// The dossiers that hold it, and its fingerprint for who wants to compare.
#[component]
fn Used(file: KeptFile) -> impl IntoView {
    let uses = file.used_in.len();
    view! {
        {(uses == 0).then(|| view! { <p class="hint">{t("Chưa dùng trong hồ sơ nào.")}</p> })}
        <details class="uses">
            <summary>{if uses == 0 { t("Mã băm của tệp").to_owned() } else { fill("Đã dùng trong {} hồ sơ", &[&uses]) }}</summary>
            <ul>
                {file.used_in.into_iter().map(|used| view! {
                    <li>
                        <A href=format!("/quan-ly-ho-so/{}", used.dossier)>{used.code.to_string()}</A>
                        " · "{used.procedure_name}" · "{format::day(used.submitted_at)}
                    </li>
                }).collect_view()}
            </ul>
            <p class="hint">"SHA-256: "<span class="code">{file.sha256.to_string()}</span></p>
        </details>
    }
}
