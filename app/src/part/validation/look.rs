//! A button in a list of files: checks one of them here and shows what it proves.

use super::{KeptFile, Validation, validate};
use crate::part::notice::{Notice, Tone};
use crate::session::session;
use crate::signing::Trouble;
use crate::text::{fill, t};
use contract::validation::ValidationReport;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::future::Future;

/// Checks what `load` gives.
#[component]
pub fn Look<F, L>(
    /// The file's name.
    #[prop(into)]
    name: String,
    load: F,
) -> impl IntoView
where
    F: Fn() -> L + 'static,
    L: Future<Output = Result<Vec<u8>, Trouble>> + 'static,
{
    let state = session();
    let busy = RwSignal::new(false);
    let checked: KeptFile = StoredValue::new_local(None);
    let found: RwSignal<Option<Result<ValidationReport, Trouble>>> = RwSignal::new(None);
    // The name a screen reader says begins with the words on the button.
    let called = name.clone();
    let label = move || {
        if found.with(Option::is_some) {
            fill("Đóng kết quả của {}", &[&called])
        } else {
            fill("Kiểm tra chữ ký của {}", &[&called])
        }
    };
    let look = move |_| {
        if found.with_untracked(Option::is_some) {
            return found.set(None);
        }
        busy.set(true);
        let (name, loading) = (name.clone(), load());
        spawn_local(async move {
            let told = match loading.await {
                Ok(bytes) => validate(name, bytes, state.now()).await,
                Err(trouble) => Err(trouble),
            };
            let told = told.map(|(report, file)| {
                let _ = checked.try_set_value(Some(file));
                report
            });
            let _ = found.try_set(Some(told));
            let _ = busy.try_set(false);
        });
    };
    view! {
        <p class="row">
            <button type="button" class="button" aria-label=label aria-expanded=move || found.with(Option::is_some).to_string() disabled=move || busy.get() on:click=look>
                {move || if found.with(Option::is_some) { t("Đóng kết quả") } else { t("Kiểm tra chữ ký") }}
            </button>
        </p>
        <div aria-live="polite">
            <Show when=move || busy.get()><p>{t("Đang kiểm tra…")}</p></Show>
            {move || found.get().map(|found| match found {
                Ok(report) => view! { <Validation report kept=checked/> }.into_any(),
                Err(trouble) => view! { <Notice tone=Tone::Bad>{trouble.sentence()}</Notice> }.into_any(),
            })}
        </div>
    }
}
