//! The card of one component: what the law asks for, its files, and the ways to add one.

use super::attached::Attached;
use super::board::{Board, NewFile};
use super::filled::Filled;
use super::from_store::Store;
use super::intake::{self, Chosen, Reading};
use super::office::Desk;
use super::photos::Sheet;
use super::wanting::{Want, anchor, wanting};
use crate::part::notice::{Notice, Tone};
use crate::text::{fill, t};
use contract::procedure::Component;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;
use wasm_bindgen::JsCast as _;
use web_sys::{File, HtmlInputElement};

/// How a row is named while it is dragged.
pub const DRAGGED: &str = "application/x-attachment";

/// Where a chosen file goes.
#[derive(Clone)]
pub struct Target {
    /// Component's code.
    pub component: String,
    /// Its name, for the PDF made of photos.
    pub name: String,
    /// The file it takes the place of.
    pub replaces: Option<Uuid>,
    /// What is being read, for the card to show.
    reading: RwSignal<Option<Reading>>,
    /// What could not be taken.
    trouble: RwSignal<Vec<String>>,
}

/// The ways a file comes in.
#[derive(Clone, Copy)]
pub struct Sources {
    /// Photos.
    pub sheet: Sheet,
    /// Word files.
    pub desk: Desk,
    /// The personal store.
    pub store: Store,
    /// Who opened the camera or asked for a replacement.
    pub asked: StoredValue<Option<Target>>,
}

impl Sources {
    /// Takes chosen files, one after the other.
    fn take(self, board: Board, target: Target, files: Vec<File>) {
        target.trouble.set(Vec::new());
        spawn_local(async move {
            let (mut photos, mut words) = (Vec::new(), Vec::new());
            let mut replaces = target.replaces;
            for file in files {
                let outcome = match intake::read(file, target.reading).await {
                    Ok(Chosen::Pdf(name, bytes)) => board
                        .add(
                            target.component.clone(),
                            NewFile::plain(name, bytes),
                            replaces.take(),
                        )
                        .await
                        .map(|_| ()),
                    Ok(Chosen::Photo(file, kind)) => {
                        photos.push((file, kind));
                        Ok(())
                    }
                    Ok(Chosen::Word(name, bytes)) => {
                        words.push((name, bytes));
                        Ok(())
                    }
                    Err(sentence) => Err(sentence),
                };
                if let Err(sentence) = outcome {
                    let _ = target.trouble.try_update(|all| all.push(sentence));
                }
            }
            let _ = target.reading.try_set(None);
            if !words.is_empty() {
                let refused = self
                    .desk
                    .begin(target.component.clone(), replaces, words)
                    .await;
                let _ = target.trouble.try_update(|all| all.extend(refused));
            }
            if !photos.is_empty() {
                self.sheet
                    .begin(target.component, target.name, replaces, photos);
            }
        });
    }
}

/// The inputs that all cards share: the camera, and the replacement of a file. They stand outside of the cards.
#[component]
pub fn Inputs(board: Board, sources: Sources) -> impl IntoView {
    let taken = move |event: web_sys::Event| {
        let input = event_target::<HtmlInputElement>(&event);
        let files = super::files_of(input.files());
        if let Some(target) = sources.asked.get_value() {
            sources.take(board, target, files);
        }
        input.set_value("");
    };
    view! {
        <input id="camera" type="file" accept="image/*" capture="environment" multiple hidden on:change=taken/>
        <input id="replacement" type="file" accept=ACCEPT hidden on:change=taken/>
    }
}

/// What the browser offers to choose from; the content decides.
const ACCEPT: &str = "application/pdf,.pdf,.doc,.docx,application/msword,application/vnd.openxmlformats-officedocument.wordprocessingml.document,image/jpeg,image/png,image/heic,image/heif,.heic";

/// Opens one of the shared inputs.
pub fn press(id: &str) {
    if let Some(input) = document()
        .get_element_by_id(id)
        .and_then(|found| found.dyn_into::<HtmlInputElement>().ok())
    {
        input.click();
    }
}

/// The card.
#[component]
pub fn One(board: Board, sources: Sources, component: Component) -> impl IntoView {
    let open = board.open;
    let target = Target {
        component: component.code.clone(),
        name: component.name.clone(),
        replaces: None,
        reading: RwSignal::new(None),
        trouble: RwSignal::new(Vec::new()),
    };
    let (reading, trouble) = (target.reading, target.trouble);
    let target = StoredValue::new(target);
    let (input, own) = (format!("file-{}", component.code), component.code.clone());
    let files = Memo::new(move |_| {
        open.draft.with(|draft| {
            let files = draft.attachments.iter();
            files
                .filter(|file| file.component == own)
                .map(|file| file.id)
                .collect::<Vec<_>>()
        })
    });
    let code = component.code.clone();
    let want = Memo::new(move |_| {
        let left = open.draft.with(wanting);
        left.into_iter()
            .find(|wanting| wanting.component == code)
            .map(|wanting| wanting.what)
    });
    let over = RwSignal::new(false);
    let hovering = move |event: web_sys::DragEvent| {
        event.prevent_default();
        let carries_files = event
            .data_transfer()
            .is_some_and(|data| data.types().includes(&"Files".into(), 0));
        over.set(carries_files);
    };
    let card = NodeRef::<html::Section>::new();
    let leaving = move |event: web_sys::DragEvent| {
        let into = event
            .related_target()
            .and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        if !card
            .get_untracked()
            .is_some_and(|card| card.contains(into.as_ref()))
        {
            over.set(false);
        }
    };
    let dropped = move |event: web_sys::DragEvent| {
        event.prevent_default();
        over.set(false);
        let files = super::files_of(event.data_transfer().and_then(|data| data.files()));
        if !files.is_empty() {
            sources.take(board, target.get_value(), files);
        }
    };
    let chosen = move |event: web_sys::Event| {
        let input = event_target::<HtmlInputElement>(&event);
        let files = super::files_of(input.files());
        input.set_value("");
        sources.take(board, target.get_value(), files);
    };
    let camera = move |_| {
        sources.asked.set_value(Some(target.get_value()));
        press("camera");
    };
    let replace = Callback::new(move |id: Uuid| {
        sources.asked.set_value(Some(Target {
            replaces: Some(id),
            ..target.get_value()
        }));
        press("replacement");
    });
    let from_store = move |_| {
        let target = target.get_value();
        sources.store.begin(target.component);
    };
    let counts = fill(
        "Bản chính: {} · Bản sao: {}.",
        &[&component.originals, &component.copies],
    );
    let label = component.name.clone();
    let filled = component.code.clone();
    let required = component.required;
    view! {
        <section class="card component" class:over=move || over.get() id=anchor(&component.code) tabindex="-1" aria-label=label node_ref=card
            on:dragover=hovering on:dragleave=leaving on:drop=dropped>
            <div class="component-head">
                <h2>
                    {component.name}
                    {required.then(|| view! { <span class="star">" *"</span> })}
                </h2>
                {move || match (want.get(), files.with(Vec::is_empty)) {
                    (Some(Want::File), _) => view! { <span class="chip attention">{t("Chưa có tệp")}</span> }.into_any(),
                    (Some(Want::Signature), _) => view! { <span class="chip attention">{t("Cần ký số")}</span> }.into_any(),
                    (None, true) => view! { <span class="chip quiet">{t("Không bắt buộc")}</span> }.into_any(),
                    (None, false) => view! { <span class="chip good">{t("Đã đủ")}</span> }.into_any(),
                }}
            </div>
            <p class="hint">
                {counts}" "{component.note}
                {component.signature_required.then(|| view! { " "{t("Thành phần này cần ký số trước khi nộp.")} })}
            </p>
            {move || trouble.get().into_iter().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> }).collect_view()}
            <ul class="files">
                <For each=move || files.get() key=|id| *id children=move |id| view! { <Attached board id replace/> }/>
            </ul>
            {move || reading.get().map(|reading| view! {
                <p class="reading-in" role="status">
                    <progress class="progress" max="1" prop:value=reading.share aria-label=t("Đang đọc tệp")></progress>
                    {fill("Đang đọc “{}”…", &[&reading.name])}
                </p>
            })}
            <div class="pick">
                    <label class="button" for=input.clone()>{t("Chọn tệp tin")}</label>
                    <input id=input type="file" accept=ACCEPT multiple class="visually-hidden" on:change=chosen/>
                    <Filled board component=filled trouble/>
                    <button type="button" class="button camera" on:click=camera>{t("Chụp ảnh")}</button>
                    <button type="button" class="text-button" on:click=from_store>{t("Lấy từ kho")}</button>
            </div>
        </section>
    }
}
