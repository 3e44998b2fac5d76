//! One document: its versions, and the place where its draft is written.

use super::editor::Editor;
use super::versions::Versions;
use super::{Only, kind_name};
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::title;
use crate::part::toast::say;
use crate::screen::my_dossier::{blob_as, save_blob};
use crate::text::{fill, t};
use crate::{api, text};
use contract::edition::{DocumentKind, DocumentText, DocumentView, EditionState};
use contract::problem::ProblemCode;
use contract::right::Action;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;

/// What the screen needs at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// The document and its versions.
    pub view: DocumentView,
    /// The draft, or what is in force, or the newest version.
    pub text: DocumentText,
    /// The draft's version for writing; 0 when there is none.
    pub draft: i64,
}

/// Its name for people, while it is edited.
#[derive(Clone, Copy)]
pub struct Place {
    /// Kind.
    pub kind: DocumentKind,
    /// Code.
    pub code: StoredValue<String>,
    /// What was opened; none while it is on its way.
    pub opened: RwSignal<Option<api::Answer<Opened>>>,
}

async fn open(kind: DocumentKind, code: &str) -> api::Answer<Opened> {
    let view = api::admin::document(kind, code).await?;
    let draft = view
        .editions
        .iter()
        .find(|edition| edition.state == EditionState::Draft);
    let number = draft
        .map(|draft| draft.number)
        .or(view.number)
        .or_else(|| view.editions.first().map(|edition| edition.number))
        .unwrap_or_default();
    Ok(Opened {
        draft: draft.map_or(0, |draft| draft.version),
        text: api::admin::edition(kind, code, number).await?,
        view,
    })
}

impl Place {
    /// Reads it again.
    pub fn fetch(self) {
        // The screen may be gone by now.
        let Some(code) = self.code.try_get_value() else {
            return;
        };
        spawn_local(async move {
            let answer = open(self.kind, &code).await;
            let _ = self.opened.try_set(Some(answer));
        });
    }
}

/// The screen.
#[component]
pub fn Document() -> impl IntoView {
    title(t("Quản trị danh mục"));
    let (kind, code) = use_params_map().with_untracked(|map| {
        (
            map.get("kind").and_then(|kind| DocumentKind::of_tag(&kind)),
            map.get("code").unwrap_or_default(),
        )
    });
    let code = StoredValue::new(code);
    view! {
        <Only action=Action::Catalogue>
            {match kind {
                None => view! { <Notice tone=Tone::Bad>{text::problem(ProblemCode::NotFound)}</Notice> }.into_any(),
                Some(kind) => {
                    let place = Place { kind, code, opened: RwSignal::new(None) };
                    place.fetch();
                    view! { <Whole place/> }.into_any()
                }
            }}
        </Only>
    }
}

fn name(kind: DocumentKind, opened: &Opened) -> String {
    match &opened.text.document {
        Some(contract::edition::Document::Procedure(procedure)) => procedure.summary.name.clone(),
        _ => t(kind_name(kind)).to_owned(),
    }
}

#[component]
fn Whole(place: Place) -> impl IntoView {
    let export = move |_| {
        spawn_local(async move {
            let code = place.code.get_value();
            match api::admin::export(Some((place.kind, &code))).await {
                Ok(bytes) => {
                    if let Some(file) = blob_as(&bytes, "application/toml") {
                        save_blob(&file, &place.kind.file_name(&code));
                    }
                }
                Err(error) => say(text::api(&error)),
            }
        });
    };
    view! {
        <p class="meta crumbs"><A href="/can-bo/quan-tri">{t("‹ Quản trị danh mục")}</A></p>
        {move || match place.opened.get() {
            None => view! { <Loading/> }.into_any(),
            Some(Err(error)) => view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
            Some(Ok(opened)) => {
                let name = name(place.kind, &opened);
                title(&name);
                let code = (place.kind == DocumentKind::Procedure).then(|| place.code.get_value());
                let state = if opened.view.number.is_none() {
                    t("Chưa áp dụng").to_owned()
                } else if opened.draft != 0 {
                    t("Đang sửa bản nháp.").to_owned()
                } else {
                    fill("Đang xem phiên bản {}; sửa và lưu sẽ tạo bản nháp.", &[&opened.text.number])
                };
                let export_button = opened.view.number.is_some();
                view! {
                    <h1>{name}</h1>
                    <p class="meta">{code.map(|code| view! { <span class="code">{code}</span>" · " })}{state}</p>
                    <Editor place opened=opened.clone()/>
                    <Versions place view=opened.view/>
                    {export_button.then(|| view! { <p><button type="button" class="button" on:click=export>{t("Xuất bản đang áp dụng")}</button></p> })}
                }.into_any()
            }
        }}
    }
}
