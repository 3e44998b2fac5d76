//! What the server told last, read without a network: sealed on the device, and said to be old wherever it is shown.

use super::notice::{Notice, Tone};
use crate::api::{Answer, ApiError};
use crate::draft::habit::{Habit, recall, remember};
use crate::format;
use crate::network;
use crate::session::SessionState;
use crate::text::fill;
use contract::problem::ProblemCode;
use contract::value::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::future::Future;
use uuid::Uuid;

/// What lies on the device.
#[derive(Serialize, Deserialize)]
struct Kept<T> {
    at: Timestamp,
    value: T,
}

/// An answer of the server.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen<T> {
    /// What it says.
    pub value: T,
    /// When it said so, if it cannot be asked now.
    pub kept_at: Option<Timestamp>,
}

impl<T> Seen<T> {
    /// What the server says now.
    pub const fn now(value: T) -> Self {
        Self {
            value,
            kept_at: None,
        }
    }
}

/// Asks the server and keeps what it says; without a network what it said last. `what` names it among what the account sees.
pub async fn seen<T: Serialize + DeserializeOwned + Clone + 'static>(
    state: SessionState,
    what: &str,
    ask: impl Future<Output = Answer<T>>,
) -> Answer<Seen<T>> {
    let Some(account) = state.account_now().map(|account| account.id) else {
        return Err(ProblemCode::SignInRequired.into());
    };
    match ask.await {
        Ok(value) => {
            put(account, state.now(), what, &value);
            Ok(Seen::now(value))
        }
        Err(error) if error.code == ProblemCode::Offline => {
            let kept: Option<Kept<T>> = recall(Habit::Seen { account, what }).await;
            kept.map(|kept| Seen {
                value: kept.value,
                kept_at: Some(kept.at),
            })
            .ok_or(error)
        }
        Err(error) => Err(error),
    }
}

/// Keeps what the server just said without having been asked through [`seen`].
pub fn keep<T: Serialize + Clone + 'static>(state: SessionState, what: &str, value: &T) {
    if let Some(account) = state.account_now() {
        put(account.id, state.now(), what, value);
    }
}

/// Nobody waits for it, and without room it is there with a network only.
fn put<T: Serialize + Clone + 'static>(account: Uuid, at: Timestamp, what: &str, value: &T) {
    let (what, value) = (what.to_owned(), value.clone());
    spawn_local(async move {
        let habit = Habit::Seen {
            account,
            what: &what,
        };
        let _ = remember(habit, &Kept { at, value }).await;
    });
}

/// Calls when a citizen is signed in, and again when the server is reached after it was not.
pub fn when_reached(state: SessionState, ask: impl Fn() + 'static) {
    let line = network::line();
    Effect::new(move |before: Option<bool>| {
        let (reached, here) = (line.reached.get(), state.account().is_some());
        // Lost meanwhile: what is shown stays.
        if here && (reached || before != Some(true)) {
            ask();
        }
        here
    });
}

/// What to put on the screen when another answer came: what is shown stays if it is the same, or if this one is only a failure.
pub fn take<T: PartialEq + Send + Sync + 'static>(
    shown: RwSignal<Option<Result<Seen<T>, ApiError>>>,
    answer: Answer<Seen<T>>,
) {
    let _ = shown.try_maybe_update(|shown| {
        let stays = match (&*shown, &answer) {
            (Some(Ok(_)), Err(error)) => error.code == ProblemCode::Offline,
            (Some(before), answer) => before == answer,
            (None, _) => false,
        };
        if !stays {
            *shown = Some(answer);
        }
        (!stays, ())
    });
}

/// What is shown, without its age.
pub fn value<T: Clone + PartialEq + Send + Sync + 'static>(
    shown: RwSignal<Option<Result<Seen<T>, ApiError>>>,
) -> Memo<Option<Answer<T>>> {
    Memo::new(move |_| {
        shown.with(|shown| {
            let shown = shown.as_ref()?;
            Some(match shown {
                Ok(seen) => Ok(seen.value.clone()),
                Err(error) => Err(error.clone()),
            })
        })
    })
}

/// How old what is shown is.
pub fn kept_at<T: Send + Sync + 'static>(
    shown: RwSignal<Option<Result<Seen<T>, ApiError>>>,
) -> Memo<Option<Timestamp>> {
    Memo::new(move |_| {
        shown.with(|shown| match shown {
            Some(Ok(seen)) => seen.kept_at,
            _ => None,
        })
    })
}

/// Says that what is shown is old.
#[component]
pub fn Old(
    /// When the server said it; nothing is shown for what it said just now.
    #[prop(into)]
    kept_at: Signal<Option<Timestamp>>,
) -> impl IntoView {
    move || {
        kept_at.get().map(|at| {
            view! {
                <Notice tone=Tone::Info>{fill("Cập nhật lúc {}. Đang mất kết nối mạng nên có thể đã có thay đổi; trang tự cập nhật khi có mạng.", &[&format::moment(at)])}</Notice>
            }
        })
    }
}
