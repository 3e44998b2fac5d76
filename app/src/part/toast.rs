//! Something small that was done, said once and gone after a while. Never the only place where something is told.

use crate::text::t;
use leptos::prelude::*;
use std::time::Duration;

/// Long enough to read a short sentence twice.
const SHOWN: Duration = Duration::from_secs(7);

/// Shows what stands in `said` and clears it. A screen keeps one and sets it.
#[component]
pub fn Toast(said: RwSignal<Option<String>>) -> impl IntoView {
    let told = StoredValue::new(0_u32);
    Effect::new(move |_| {
        if said.with(Option::is_none) {
            return;
        }
        told.update_value(|count| *count = count.wrapping_add(1));
        let this = told.get_value();
        set_timeout(
            move || {
                // A later one stays as long as it would have by itself; the screen may be gone.
                if told.try_get_value() == Some(this) {
                    let _ = said.try_set(None);
                }
            },
            SHOWN,
        );
    });
    view! {
        <div class="toast-place" role="status">
            {move || said.get().map(|sentence| view! {
                <p class="toast">
                    <span>{sentence}</span>
                    <button type="button" on:click=move |_| said.set(None)>{t("Đóng")}</button>
                </p>
            })}
        </div>
    }
}
