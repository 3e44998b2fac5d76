//! The pages of a document: drawn by the engine when they come near, with their text for readers and screen readers.

mod find;
mod gesture;
mod keys;
mod layout;
mod menu;
mod panel;
mod picture;
mod print;
mod sheet;
mod toolbar;
mod viewing;
mod words;

pub use picture::{draw, release, show};
pub use sheet::point_on;
pub use viewing::{Viewing, Zoom};

use crate::text::{fill, t};
use contract::geometry::PageGeometry;
use contract::worker::DocumentId;
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen::prelude::{Closure, JsCast as _};

/// What is drawn over a page.
pub type Overlay = Arc<dyn Fn(u32, Signal<f64>) -> AnyView + Send + Sync>;

/// Somebody pointed at a page: the page, and the point in points as seen, from the upper left.
pub type OnTap = Arc<dyn Fn(u32, f64, f64) + Send + Sync>;

/// A place to show.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    /// Page, from 0.
    pub page: u32,
    /// Its middle below the page's upper edge, in points as seen.
    pub y: f64,
}

/// What the side panel shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// Small pictures of the pages.
    Pages,
    /// The outline.
    Outline,
    /// Attached files.
    Files,
    /// What the document says of itself.
    Facts,
}

/// Windows at least this wide show the small pages from the start, in CSS pixels.
const ROOMY: f64 = 1000.0;

/// Pages of a selection that are all kept; of a longer one only those near the window.
const SELECTED: u32 = 40;

/// A document as continuous pages.
#[component]
pub fn Viewer(
    /// The open document.
    document: DocumentId,
    /// Boxes of its pages.
    pages: Vec<PageGeometry>,
    /// How it is looked at, where the screen wants to know or to change it.
    #[prop(optional)]
    viewing: Option<Viewing>,
    /// Something over each page that is near; gets the page and CSS pixels per point.
    #[prop(optional)]
    overlay: Option<Overlay>,
    /// Pages that stay in the document however far they are, because of what the overlay puts on them.
    #[prop(optional, into)]
    keep: Signal<Vec<u32>>,
    /// Called when a page is clicked or tapped, not when text is selected.
    #[prop(optional)]
    on_tap: Option<OnTap>,
    /// Scroll there.
    #[prop(optional, into)]
    go_to: MaybeProp<Target>,
    /// Saves the file on the device.
    #[prop(optional)]
    save: Option<Callback<()>>,
) -> impl IntoView {
    let viewing = viewing.unwrap_or_else(|| Viewing::new(document, &pages));
    drop(pages);
    let root = NodeRef::<leptos::html::Div>::new();
    watch_size(viewing);
    find::follow(viewing);
    Effect::new(move |_| {
        // The sheet follows zoom, turn and window.
        let _ = (viewing.look(), viewing.room.get());
        viewing.stretch();
    });
    Effect::new(move |_| {
        if let Some(target) = go_to.get()
            && viewing.room.with(|room| room.0 > 0.0)
        {
            untrack(move || viewing.show(target));
        }
    });
    let focused: RwSignal<Option<u32>> = RwSignal::new(None);
    let selected = selected_pages(viewing);
    let mounted = Memo::new(move |_| {
        if viewing.room.with(|room| room.0 < 1.0) {
            return Vec::new();
        }
        let (first, last) = viewing.near.get();
        let mut all: Vec<u32> = (first..=last).collect();
        all.extend(keep.get());
        all.extend(focused.get());
        all.extend(selected.get().into_iter().flat_map(|(from, to)| from..=to));
        all.retain(|page| *page < viewing.count());
        all.sort_unstable();
        all.dedup();
        all
    });
    let focus_in = move |event: web_sys::FocusEvent| {
        let element = event.target().and_then(|target| target.dyn_into().ok());
        focused.set(sheet::page_of(element));
    };
    let controls = menu::Controls {
        viewing,
        root,
        help: RwSignal::new(false),
        more: RwSignal::new(false),
        print: print::Printing::new(),
        save,
    };
    keys::listen(controls);
    let label = move || {
        fill(
            "Trang {} / {}",
            &[&(viewing.current.get() + 1), &viewing.count()],
        )
    };
    view! {
        <div class="viewer" node_ref=root class:with-panel=move || viewing.panel.get().is_some()>
            {toolbar::toolbar(controls)}
            {find::bar(viewing)}
            <div class="body">
                {panel::panel(viewing)}
                <div
                    class="pages"
                    node_ref=viewing.frame
                    tabindex="0"
                    role="region"
                    aria-label=t("Các trang của tài liệu")
                    on:scroll=move |_| viewing.scrolled()
                    on:wheel=move |event| gesture::wheel(viewing, &event)
                    on:touchstart=move |event| gesture::touch_start(viewing, &event)
                    on:touchmove=move |event| gesture::touch_move(viewing, &event)
                    on:touchend=move |event| gesture::touch_end(viewing, &event)
                    on:touchcancel=move |event| gesture::touch_end(viewing, &event)
                    on:pointerdown=move |_| controls.more.set(false)
                    on:focusin=focus_in
                    on:focusout=move |_| focused.set(None)
                >
                    <div class="sheets" role="list" node_ref=viewing.sheet>
                        <For each=move || mounted.get() key=|page| *page children=move |page| sheet::sheet(viewing, page, overlay.as_ref(), on_tap.clone())/>
                    </div>
                </div>
            </div>
            <span class="visually-hidden" role="status">{label}</span>
            {keys::help(controls)}
            {print::dialog(controls)}
        </div>
    }
}

/// Follows the size of the window with the pages.
fn watch_size(viewing: Viewing) {
    let watching = StoredValue::new_local(None);
    Effect::new(move |_| {
        let Some(frame) = viewing.frame.get() else {
            return;
        };
        untrack(|| viewing.measured());
        if untrack(move || viewing.room.get()).0 >= ROOMY && viewing.count() > 1 {
            viewing.panel.set(Some(Tab::Pages));
        }
        let told = Closure::<dyn FnMut()>::new(move || viewing.measured());
        if let Ok(observer) = web_sys::ResizeObserver::new(told.as_ref().unchecked_ref()) {
            observer.observe(&frame);
            watching.set_value(Some((observer, told)));
        }
    });
    on_cleanup(move || {
        let _ = watching.try_update_value(|watching| {
            if let Some((observer, _)) = watching.take() {
                observer.disconnect();
            }
        });
    });
}

/// Pages with selected text: they stay while they are scrolled away, or the selection would be lost.
fn selected_pages(viewing: Viewing) -> RwSignal<Option<(u32, u32)>> {
    let selected = RwSignal::new(None);
    let changed = Closure::<dyn FnMut()>::new(move || {
        let frame = viewing.frame.try_get_untracked().flatten();
        let selection = window().get_selection().ok().flatten();
        let pages = frame.zip(selection).and_then(|(frame, selection)| {
            let (from, to) = (selection.anchor_node()?, selection.focus_node()?);
            let inside = frame.contains(Some(&from)) && frame.contains(Some(&to));
            let (from, to) = (
                sheet::page_of(from.parent_element())?,
                sheet::page_of(to.parent_element())?,
            );
            let (from, to) = (from.min(to), from.max(to));
            (inside && !selection.is_collapsed() && to - from < SELECTED).then_some((from, to))
        });
        if selected.try_get_untracked() != Some(pages) {
            let _ = selected.try_set(pages);
        }
    });
    let _ = document()
        .add_event_listener_with_callback("selectionchange", changed.as_ref().unchecked_ref());
    let changed = StoredValue::new_local(changed);
    on_cleanup(move || {
        let _ = changed.try_with_value(|changed| {
            document().remove_event_listener_with_callback(
                "selectionchange",
                changed.as_ref().unchecked_ref(),
            )
        });
    });
    selected
}

/// Waits a little.
async fn pause(milliseconds: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let _ =
            window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
    });
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}

/// A line drawing for a button.
fn icon(path: &'static str) -> AnyView {
    view! { <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=path></path></svg> }
        .into_any()
}
