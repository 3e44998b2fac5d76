//! The file that is looked at: its pages with the boxes, what is told about the place, and the settings beside it.

use super::cautions::Cautions;
use super::files::{Files, SigningFile, Stage};
use super::keys::Keys;
use super::locked::Locked;
use super::look::{Look, LookSettings};
use super::offers::Offers;
use super::seen;
use super::told::{BringBack, Told};
use super::waiting_field::WaitingFields;
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::placement::{self, Numbers, PageBoxes, Picture, Placement};
use crate::part::viewer::{OnTap, Overlay, Viewer, Viewing};
use crate::text::{self, fill, t};
use contract::worker::DocumentFacts;
use leptos::prelude::*;
use std::sync::Arc;

/// What all files share.
#[derive(Clone, Copy)]
pub struct Standard {
    /// The files.
    pub files: Files,
    /// What the signatures show, as chosen.
    pub look: RwSignal<Look>,
    /// The same as the engine wants it.
    pub shown: Signal<Option<placement::Look>>,
    /// Whether the profile has an image.
    pub has_image: Signal<bool>,
    /// Nothing is shown on the pages.
    pub invisible: Memo<bool>,
    /// Whether the settings are open, on a phone.
    pub sheet: RwSignal<bool>,
    /// The picture in the boxes that are looked at.
    pub picture: RwSignal<Option<Picture>>,
    /// How the file is looked at.
    pub viewing: RwSignal<Option<Viewing>>,
    /// Keeps what the profile's signature shows.
    pub keep_look: Callback<()>,
    /// The file whose pages can be drawn now.
    pub desk_shown: RwSignal<Option<usize>>,
    /// Opens a file with a password.
    pub unlock: Callback<(usize, String)>,
}

/// The file that is looked at, once the engine has it open.
#[component]
pub fn Shown(standard: Standard) -> impl IntoView {
    let files = standard.files;
    let ready = Memo::new(move |_| {
        let index = files.current.get();
        (standard.desk_shown.get() == Some(index)).then_some(index)
    });
    move || {
        let file = ready.get().and_then(|index| files.get(index));
        let Some(file) = file else {
            return blank(view! { <Loading/> }.into_any());
        };
        match file.stage.get() {
            Stage::Opening => blank(view! { <Loading/> }.into_any()),
            Stage::Failed(trouble) => blank(
                view! {
                    <Notice tone=Tone::Bad>{trouble.sentence()}</Notice>
                    <Locked file=file.clone() unlock=standard.unlock/>
                }
                .into_any(),
            ),
            Stage::Unsignable { facts } => unsignable(&file, &facts, standard.unlock),
            Stage::Open { facts, placement } => {
                view! { <OneFile standard file facts placement/> }.into_any()
            }
        }
    }
}

/// Where the pages would be.
fn blank(inner: AnyView) -> AnyView {
    view! { <div class="viewer blank">{inner}</div> <div class="notes"></div> }.into_any()
}

/// It can be read; the others can be signed without it.
fn unsignable(
    file: &SigningFile,
    facts: &DocumentFacts,
    unlock: Callback<(usize, String)>,
) -> AnyView {
    let why = text::signability(facts.signability);
    view! {
        <Viewer document=file.document pages=facts.pages.clone()/>
        <div class="notes">
            <Notice tone=Tone::Bad>
                <p>{why}</p>
                <p>{t("Các tệp khác vẫn ký được; tệp này được giữ nguyên.")}</p>
            </Notice>
            <Locked file=file.clone() unlock/>
        </div>
    }
    .into_any()
}

#[component]
fn OneFile(
    standard: Standard,
    file: SigningFile,
    facts: Arc<DocumentFacts>,
    placement: Placement,
) -> impl IntoView {
    let Standard {
        files,
        look,
        invisible,
        sheet,
        ..
    } = standard;
    let picture = Picture::of(placement, standard.shown);
    let viewing = Viewing::new(file.document, &facts.pages);
    standard.picture.set(Some(picture));
    standard.viewing.set(Some(viewing));
    seen::gather(viewing, file.seen);
    let undrawn = file.undrawn;
    Effect::new(move |_| undrawn.set(picture.problem.with(Option::is_some)));
    let hides = {
        let file = file.clone();
        Memo::new(move |_| file.hides())
    };
    let overlay: Overlay = Arc::new(move |page, scale| {
        view! {
            <Show when=move || !invisible.get() && !hides.get()>
                <PageBoxes placement page scale picture/>
            </Show>
        }
        .into_any()
    });
    let on_tap: OnTap = Arc::new(move |page, x, y| {
        if !invisible.get_untracked() && !hides.get_untracked() {
            placement.put_around(page, x, y);
        }
    });
    // The box can be reached by Tab however far away its page is.
    let keep = Signal::derive(move || {
        placement
            .placed()
            .map(|placed| placed.page)
            .into_iter()
            .collect::<Vec<_>>()
    });
    let signatures = facts.signatures.len();
    let unlocks = facts.unlocks;
    let (offered, skipped) = (file.offered, file.skipped);
    view! {
        <Viewer document=file.document pages=facts.pages.clone() viewing=viewing overlay=overlay keep=keep on_tap=on_tap go_to=placement.follow/>
        <div class="notes">
            <Show when=move || skipped.get()>
                <p class="told">{t("Tệp này không được ký cùng lần này. ")}<button type="button" class="link" on:click=move |_| skipped.set(false)>{t("Ký cả tệp này")}</button></p>
            </Show>
            {(signatures > 0).then(|| view! {
                <p class="told">{fill("Tài liệu đã có {} chữ ký số. Chữ ký của bạn sẽ được thêm vào, không làm mất chữ ký cũ.", &[&signatures])}</p>
            })}
            {unlocks.then(|| view! { <p class="told">{t("Tệp có mật khẩu. Bản đã ký sẽ không có mật khẩu để cơ quan mở được; nội dung không đổi.")}</p> })}
            <Cautions file=file.clone() pages=file.pages_now() viewing/>
            <WaitingFields file=file.clone() facts=facts.clone() placement/>
            <Show when=move || !invisible.get() && !hides.get() fallback=|| view! { <p class="told">{t("Ký không hiện hình: không có ô ký trên trang.")}</p> }>
                <Show when=move || !placement.fixed.get()><Offers placement offered/></Show>
                <Told placement picture/>
            </Show>
        </div>
        <aside class="panel" id="sign-panel" class:open=move || sheet.get() aria-label=t("Tùy chọn chữ ký")>
            <LookSettings look placement has_image=standard.has_image changed=standard.keep_look/>
            <Show when=move || !invisible.get() && !hides.get() && !placement.fixed.get()>
                <Numbers placement/>
            </Show>
            <Keys several=files.are_several()/>
        </aside>
        <BringBack placement/>
        <p class="visually-hidden" role="status" id="said">{move || placement.said.get()}</p>
    }
}
