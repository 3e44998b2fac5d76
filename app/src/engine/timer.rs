//! Something that happens later unless the timer is dropped.

use wasm_bindgen::prelude::{Closure, JsCast as _};

/// A running timer.
pub(super) struct Timer {
    handle: i32,
    _work: Closure<dyn FnMut()>,
}

impl Timer {
    /// Does `work` once after so many milliseconds.
    pub(super) fn start(milliseconds: u32, work: impl FnMut() + 'static) -> Option<Self> {
        let work = Closure::<dyn FnMut()>::new(work);
        let handle = web_sys::window()?
            .set_timeout_with_callback_and_timeout_and_arguments_0(
                work.as_ref().unchecked_ref(),
                i32::try_from(milliseconds).unwrap_or(i32::MAX),
            )
            .ok()?;
        Some(Self {
            handle,
            _work: work,
        })
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            window.clear_timeout_with_handle(self.handle);
        }
    }
}
