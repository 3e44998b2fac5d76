//! What was submitted before the newest page, once somebody asks for it.

use crate::part::notice::{Notice, Tone};
use crate::text::t;
use crate::{api, text};
use contract::dossier::{DOSSIERS_PAGE, DossierSummary};
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;

const BUTTON: &str = "older";

/// The lines behind the first page.
#[derive(Clone, Copy)]
pub struct Older {
    /// Those that were asked for.
    pub lines: RwSignal<Vec<DossierSummary>>,
    /// The last line there is, if others may come behind it.
    last: RwSignal<Option<Uuid>>,
    busy: RwSignal<bool>,
    trouble: RwSignal<Option<api::ApiError>>,
}

/// A page that is not full is the last one.
fn goes_on(page: &[DossierSummary]) -> Option<Uuid> {
    let full = page.len() >= DOSSIERS_PAGE;
    page.last().filter(|_| full).map(|line| line.id)
}

impl Older {
    /// None yet.
    pub fn new() -> Self {
        Self {
            lines: RwSignal::new(Vec::new()),
            last: RwSignal::new(None),
            busy: RwSignal::new(false),
            trouble: RwSignal::new(None),
        }
    }

    /// The first page came, perhaps with new lines: what was behind the one before is asked for anew. Whether it is all there is.
    pub fn begin(self, first: &[DossierSummary]) -> bool {
        let last = goes_on(first);
        let _ = self.lines.try_set(Vec::new());
        let _ = self.last.try_set(last);
        let _ = self.trouble.try_set(None);
        last.is_none()
    }

    fn ask(self) {
        let Some(behind) = self.last.get_untracked() else {
            return;
        };
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.trouble.set(None);
        spawn_local(async move {
            let page = api::dossiers(Some(behind)).await;
            // Another first page came meanwhile.
            let stale = self.last.try_get_untracked().flatten() != Some(behind);
            match page {
                _ if stale => {}
                Ok(page) => {
                    let first = page.first().map(|line| line.id);
                    let _ = self.last.try_set(goes_on(&page));
                    let _ = self.lines.try_update(|lines| lines.extend(page));
                    request_animation_frame(move || keyboard_to(first));
                }
                Err(error) => {
                    let _ = self.trouble.try_set(Some(error));
                }
            }
            let _ = self.busy.try_set(false);
        });
    }
}

/// Who pressed the button goes on at the first of the new lines: the button is behind all of them now, or gone. While somebody searches
/// the line may not be shown, and what hides it has the keyboard.
fn keyboard_to(line: Option<Uuid>) {
    let elsewhere = document()
        .active_element()
        .is_some_and(|at| at.tag_name() != "BODY" && at.id() != BUTTON);
    if elsewhere {
        return;
    }
    let link = line.and_then(|line| {
        let link = format!(".mine a[href$='/{line}']");
        document().query_selector(&link).ok().flatten()
    });
    let found = link.or_else(|| document().get_element_by_id(super::SEARCH));
    if let Some(found) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        let _ = found.focus();
    }
}

/// The button below the list, and who searches is told what was not looked through.
#[component]
pub fn OlderButton(
    /// What is behind the first page.
    older: Older,
    /// Whether somebody searches.
    #[prop(into)]
    searching: Signal<bool>,
) -> impl IntoView {
    view! {
        {move || older.trouble.get().map(|error| view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> })}
        <Show when=move || older.last.with(Option::is_some)>
            <p class="hint" role="status">{move || searching.get().then(|| t("Mới tìm trong các hồ sơ đã tải về; hồ sơ cũ hơn chưa được tìm."))}</p>
            <p><button type="button" class="button" id=BUTTON aria-busy=move || older.busy.get().to_string() on:click=move |_| older.ask()>{t("Xem hồ sơ cũ hơn")}</button></p>
        </Show>
    }
}
