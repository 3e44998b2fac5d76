//! The only door to the worker: ask, wait, take back.
//!
//! The engine is loaded when it is first asked. A worker that dies or hangs is replaced, what was open is opened again by itself
//! and what else was asked is asked again; only the ask that it died of fails.

mod link;
mod patience;
mod state;
mod timer;

use contract::worker::{Answer, Ask, WorkerProblem};
use futures_channel::oneshot;
use state::State;
use std::cell::RefCell;
use web_sys::ImageBitmap;

/// What came with an answer.
#[derive(Debug, Default)]
pub struct Parcels {
    /// Files.
    pub files: Vec<Vec<u8>>,
    /// A picture.
    pub picture: Option<ImageBitmap>,
}

/// An answer and its parcels.
pub type Asked = Result<(Answer, Parcels), WorkerProblem>;

thread_local! {
    static STATE: RefCell<State> = RefCell::default();
}

/// Asks the engine. Who drops the future takes the ask back: it is not worked on any more when its turn has not come.
///
/// # Errors
/// [`WorkerProblem`]. [`WorkerProblem::Cancelled`] when a newer ask made this one useless: nothing is wrong then.
pub async fn ask(ask: Ask, files: Vec<Vec<u8>>) -> Asked {
    let (sender, receiver) = oneshot::channel();
    let Some(id) = STATE.with_borrow_mut(|state| state.ask(ask, files, sender)) else {
        return receiver.await.unwrap_or(Err(WorkerProblem::Crashed));
    };
    let _taken_back = TakeBack(id);
    receiver.await.unwrap_or(Err(WorkerProblem::Crashed))
}

/// Takes an ask back when it is dropped before the answer came.
struct TakeBack(u32);

impl Drop for TakeBack {
    fn drop(&mut self) {
        STATE.with(|state| {
            if let Ok(mut state) = state.try_borrow_mut() {
                state.take_back(self.0);
            }
        });
    }
}
