//! Other tabs of the same person: who does the work, and telling each other what changed.

use super::pulse;
use super::{Signings, watched::Watched};
use crate::draft;
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;
use wasm_bindgen::prelude::{Closure, JsCast as _, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

const CHANNEL: &str = "ho-so-ky-so/ky";

thread_local! {
    static TOLD: Option<BroadcastChannel> = BroadcastChannel::new(CHANNEL).ok();
}

/// Tells the other tabs that something about a signing changed on the device.
pub(super) fn tell(id: Uuid) {
    TOLD.with(|channel| {
        if let Some(channel) = channel {
            let _ = channel.post_message(&id.to_string().into());
        }
    });
}

/// Listens to the other tabs, and to what makes waiting longer useless.
pub(super) fn listen(signings: Signings) {
    TOLD.with(|channel| {
        let Some(channel) = channel else { return };
        let receive = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let id = event.data().as_string().and_then(|text| text.parse().ok());
            if let Some(id) = id {
                spawn_local(signings.read_again(id));
            }
        });
        channel.set_onmessage(Some(receive.as_ref().unchecked_ref()));
        // Lives as long as the page.
        receive.forget();
    });
    let woken = Closure::<dyn FnMut()>::new(pulse::wake);
    let listener = woken.as_ref().unchecked_ref();
    let window = window();
    let _ = window.add_event_listener_with_callback("online", listener);
    let _ = window.add_event_listener_with_callback("offline", listener);
    let _ = document().add_event_listener_with_callback("visibilitychange", listener);
    woken.forget();
}

impl Signings {
    /// Takes over what another tab wrote.
    async fn read_again(self, id: Uuid) {
        let Ok(Some(kept)) = draft::find_signing(id).await else {
            // Put away there; this page keeps what it shows.
            return;
        };
        let own = self.session.account_now();
        if own.is_none_or(|account| account.id != kept.pending.account) {
            return;
        }
        if self.get(id).is_none() {
            self.watch(kept);
            return;
        }
        self.change(id, |watched: &mut Watched| {
            watched.stored = kept.progress.stored;
            watched.seen |= kept.progress.seen;
        });
        if let Some(view) = kept.progress.view {
            self.take(id, view);
        }
    }
}

/// A lock no other tab has meanwhile. The browser lets it go when the tab is closed or crashes.
pub struct Lock {
    release: Option<js_sys::Function>,
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(release) = self.release.take() {
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

fn promise() -> (js_sys::Promise, Option<js_sys::Function>) {
    let mut settle = None;
    let promise = js_sys::Promise::new(&mut |resolve, _| settle = Some(resolve));
    (promise, settle)
}

/// Takes a lock: waits for another tab, or gives none when `at_once`. Browsers without locks give one always; what is done
/// under a lock is right without it, only done twice.
pub async fn lock(name: &str, at_once: bool) -> Option<Lock> {
    let free = Some(Lock { release: None });
    let navigator = window().navigator();
    let Ok(locks) = js_sys::Reflect::get(&navigator, &"locks".into()) else {
        return free;
    };
    let Ok(request) = js_sys::Reflect::get(&locks, &"request".into())
        .unwrap_or_default()
        .dyn_into::<js_sys::Function>()
    else {
        return free;
    };
    let (held, release) = promise();
    let (answer, answered) = promise();
    let refused = answered.clone();
    let granted = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        let got = !lock.is_null() && !lock.is_undefined();
        if let Some(answered) = answered {
            let _ = answered.call1(&JsValue::UNDEFINED, &got.into());
        }
        if got { held.into() } else { JsValue::NULL }
    });
    let options = js_sys::Object::new();
    let _ = js_sys::Reflect::set(&options, &"ifAvailable".into(), &at_once.into());
    let Ok(asked) = request.call3(&locks, &name.into(), &options, &granted) else {
        return free;
    };
    // A refusal of the browser itself must not hold anything up.
    let broken = Closure::once_into_js(move |_: JsValue| {
        if let Some(refused) = refused {
            let _ = refused.call1(&JsValue::UNDEFINED, &true.into());
        }
    });
    if let (Ok(asked), Ok(broken)) = (
        asked.dyn_into::<js_sys::Promise>(),
        broken.dyn_into::<js_sys::Function>(),
    ) {
        let catch = js_sys::Reflect::get(&asked, &"catch".into())
            .unwrap_or_default()
            .dyn_into::<js_sys::Function>();
        if let Ok(catch) = catch {
            let _ = catch.call1(&asked, &broken);
        }
    }
    let got = wasm_bindgen_futures::JsFuture::from(answer)
        .await
        .is_ok_and(|got| got.is_truthy());
    got.then_some(Lock { release })
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    async fn a_lock_is_had_once_and_again_when_it_was_let_go() {
        let first = lock("a-name", true).await;
        assert!(first.is_some());
        assert!(lock("a-name", true).await.is_none(), "somebody has it");
        assert!(lock("another-name", true).await.is_some());
        drop(first);
        assert!(lock("a-name", false).await.is_some());
    }
}
