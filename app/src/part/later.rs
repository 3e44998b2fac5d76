//! A screen of another chunk: a calm line while it is fetched, another try when it did not arrive.

use crate::chunk::{Fetch, Missing, Screen};
use crate::part::held;
use crate::part::notice::{Notice, Tone};
use crate::text::{self, t};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Fetches something small beside the screen; until it is here, and when it does not come, nothing is shown.
pub fn beside(fetch: Fetch) -> AnyView {
    let part = crate::part::load(fetch());
    (move || part.get().and_then(Result::ok).map(|make| make())).into_any()
}

/// Fetches a screen and shows it.
pub fn later(fetch: Fetch) -> AnyView {
    let screen: RwSignal<Option<Result<Screen, Missing>>> = RwSignal::new(None);
    let ask = move || {
        screen.set(None);
        spawn_local(async move {
            let fetched = fetch().await;
            // Somebody may have gone on to another screen.
            let _ = screen.try_set(Some(fetched));
        });
    };
    ask();
    (move || match screen.get() {
        None => held::waiting(),
        Some(Ok(make)) => {
            held::follow();
            let view = make();
            held::taken();
            view
        }
        Some(Err(missing)) => view! {
            <div class="wrap">
                <Notice tone=Tone::Bad>{text::chunk(missing)}</Notice>
                <p><button type="button" class="button primary" on:click=move |_| ask()>{t("Thử lại")}</button></p>
            </div>
        }
        .into_any(),
    })
    .into_any()
}
