//! Earlier versions of a component that a supplement replaced: read, and compared with the one that stands now, in words and pictures.

use crate::part::notice::{Notice, Tone};
use crate::part::validation::{Names, sides};
use crate::screen::my_dossier::download;
use crate::text::{fill, n, t};
use crate::{api, format, text};
use contract::life::FormerFile;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

/// The list; nothing where nothing was replaced.
#[component]
pub fn Versions(dossier: Uuid, current: (Uuid, String), former: Vec<FormerFile>) -> impl IntoView {
    if former.is_empty() {
        return ().into_any();
    }
    let list = former
        .into_iter()
        .map(|one| view! { <One dossier current=current.0 former=one/> })
        .collect_view();
    view! {
        <details class="versions">
            <summary>{t("Bản trước khi bổ sung")}</summary>
            <ul class="files">{list}</ul>
        </details>
    }
    .into_any()
}

#[component]
fn One(dossier: Uuid, current: Uuid, former: FormerFile) -> impl IntoView {
    let id = former.manifest.id;
    let name = former.manifest.file_name.to_string();
    let saved = name.clone();
    let comparing = RwSignal::new(false);
    let trouble: RwSignal<Option<api::ApiError>> = RwSignal::new(None);
    let save = move |_| {
        let name = saved.clone();
        spawn_local(async move {
            match api::file(true, dossier, id).await {
                Ok(bytes) => download(&bytes, &name),
                Err(error) => {
                    let _ = trouble.try_set(Some(error));
                }
            }
        });
    };
    let replaced = fill("Thay lúc {}", &[&format::moment(former.replaced_at)]);
    let comparable = former.manifest.original_of.is_none();
    view! {
        <li class="file-row">
            <p class="name">{name}<span class="hint">{format::size(former.manifest.size)}" · "{replaced}</span></p>
            <p class="row">
                <button type="button" class="button" on:click=save>{t("Tải bản này")}</button>
                {comparable.then(|| view! {
                    <button type="button" class="button" aria-expanded=move || comparing.get().to_string() on:click=move |_| comparing.update(|comparing| *comparing = !*comparing)>
                        {move || if comparing.get() { t("Đóng so sánh") } else { t("So sánh với bản hiện tại") }}
                    </button>
                })}
            </p>
            {move || trouble.get().map(|error| view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> })}
            {move || comparing.get().then(|| view! { <Sides dossier old=id new=current/> })}
        </li>
    }
}

/// A former file beside the one that took its place.
#[component]
fn Sides(dossier: Uuid, old: Uuid, new: Uuid) -> impl IntoView {
    let load = move || async move {
        let old = api::file(true, dossier, old).await?;
        Ok((old, api::file(true, dossier, new).await?, None))
    };
    let names = Names {
        old_page: n("Bản trước, trang {}"),
        new_page: n("Bản hiện tại, trang {}"),
        only_old: n("Chỉ bản trước có:"),
        only_new: n("Chỉ bản hiện tại có:"),
    };
    sides(load, names, Vec::new())
}
