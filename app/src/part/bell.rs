//! The bell in the header: how many notices are not read. Asked once a minute while the page is seen, and when it is seen again.

use crate::api;
use crate::text::{fill, t};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use std::time::Duration;

/// How often is asked.
const PAUSE: Duration = Duration::from_secs(60);
/// Tells the bell that something was read.
const CHANGED: &str = "notices-changed";

/// Something was read or written: the bell asks at once.
pub fn changed() {
    if let Ok(event) = web_sys::Event::new(CHANGED) {
        let _ = window().dispatch_event(&event);
    }
}

/// The bell of somebody who is signed in.
#[component]
pub fn Bell() -> impl IntoView {
    let unread = RwSignal::new(0_u64);
    let ask = move || {
        spawn_local(async move {
            // Without a network the last number stays.
            if let Ok(told) = api::after::unread().await {
                let _ = unread.try_set(told.unread);
            }
        });
    };
    ask();
    let timer = set_interval_with_handle(
        move || {
            if !document().hidden() {
                ask();
            }
        },
        PAUSE,
    );
    let handles =
        [CHANGED, "focus"].map(|name| window_event_listener_untyped(name, move |_| ask()));
    on_cleanup(move || {
        handles
            .into_iter()
            .for_each(leptos::prelude::WindowListenerHandle::remove);
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
    view! {
        <A href="/thong-bao" attr:class="bell">
            <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 4a5.500 5.500 0 0 0-5.500 5.500c0 5-2 6.500-2 6.500h15s-2-1.500-2-6.500A5.500 5.500 0 0 0 12 4zM10 19a2 2 0 0 0 4 0"/></svg>
            <span class="visually-hidden">{move || match unread.get() {
                0 => t("Thông báo").to_owned(),
                number => fill("Thông báo, {} chưa đọc", &[&number]),
            }}</span>
            {move || (unread.get() > 0).then(|| view! { <span class="count" aria-hidden="true">{unread.get().min(99)}</span> })}
        </A>
    }
}
