//! Waiting: some time, until something happens, or no longer than something may take.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use wasm_bindgen::JsValue;

thread_local! {
    static SLEEPER: RefCell<Option<js_sys::Function>> = const { RefCell::new(None) };
}

async fn sleep(milliseconds: i32, wakeable: bool) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            let _ = window
                .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
        }
        if wakeable {
            SLEEPER.set(Some(resolve));
        }
    });
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}

/// Waits some milliseconds.
pub async fn pause(milliseconds: i32) {
    sleep(milliseconds, false).await;
}

/// Waits some milliseconds, or until [`wake`].
pub(super) async fn doze(milliseconds: i32) {
    sleep(milliseconds, true).await;
}

/// Ends [`doze`].
pub(super) fn wake() {
    if let Some(resolve) = SLEEPER.take() {
        let _ = resolve.call0(&JsValue::UNDEFINED);
    }
}

/// What the work gives, or none when it takes longer.
pub(crate) async fn within<T>(milliseconds: i32, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let mut limit = pin!(pause(milliseconds));
    poll_fn(|context| {
        if let Poll::Ready(result) = work.as_mut().poll(context) {
            return Poll::Ready(Some(result));
        }
        limit.as_mut().poll(context).map(|()| None)
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    async fn what_takes_too_long_gives_nothing_and_what_is_quick_its_result() {
        assert_eq!(within(60_000, async { 7 }).await, Some(7));
        assert_eq!(within(1, std::future::pending::<()>()).await, None);
    }

    #[wasm_bindgen_test]
    async fn who_dozes_can_be_woken() {
        wasm_bindgen_futures::spawn_local(async {
            pause(1).await;
            wake();
        });
        // Would otherwise outlast the test's time.
        doze(600_000).await;
    }
}
