//! Something small that was done, said at the foot of the page. Never the only place where something is told.

use crate::text::t;
use leptos::prelude::*;
use std::cell::OnceCell;
use std::time::Duration;

/// Long enough to read a short sentence twice.
const SHOWN: Duration = Duration::from_secs(7);

thread_local! {
    static SAID: OnceCell<RwSignal<Option<String>>> = const { OnceCell::new() };
}

/// Says that something was done; it goes by itself, also when the screen was left meanwhile.
pub fn say(sentence: impl Into<String>) {
    SAID.with(|said| {
        if let Some(said) = said.get() {
            said.set(Some(sentence.into()));
        }
    });
}

/// A line over the foot of the page, for as long as `said` says something, with what can still be done about it.
#[component]
pub fn Toast(
    /// The sentence.
    #[prop(into)]
    said: Signal<Option<String>>,
    /// Somebody who listens has heard it elsewhere.
    #[prop(optional)]
    heard: bool,
    /// Buttons.
    children: ChildrenFn,
) -> impl IntoView {
    view! {
        <div class="toast-place" role=(!heard).then_some("status")>
            <Show when=move || said.with(Option::is_some)>
                <p class="toast"><span>{move || said.get()}</span>{children()}</p>
            </Show>
        </div>
    }
}

/// The place where [`say`] is read and heard, on every page once.
#[component]
pub fn Toasts() -> impl IntoView {
    let said = SAID.with(|cell| *cell.get_or_init(|| RwSignal::new(None)));
    let told = StoredValue::new(0_u32);
    Effect::new(move |_| {
        if said.with(Option::is_none) {
            return;
        }
        told.update_value(|count| *count = count.wrapping_add(1));
        let this = told.get_value();
        set_timeout(
            move || {
                // A later one stays as long as it would have by itself.
                if told.get_value() == this {
                    said.set(None);
                }
            },
            SHOWN,
        );
    });
    view! {
        <Toast said>
            <button type="button" on:click=move |_| said.set(None)>{t("Đóng")}</button>
        </Toast>
    }
}
