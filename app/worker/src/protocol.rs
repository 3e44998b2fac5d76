//! Messages in, messages out: `{ id, body, buffers }`, `{ cancel: id }`.

use crate::desk::Desk;
use contract::worker::{Answer, Ask, WorkerProblem};
use js_sys::{Array, ArrayBuffer, Object, Reflect, Uint8Array};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::prelude::{Closure, JsCast as _, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// What an ask was answered with: the answer, and what travels beside it.
pub(crate) struct Reply {
    pub(crate) answer: Answer,
    pub(crate) parcels: Vec<Parcel>,
}

/// Something that is transferred instead of copied.
pub(crate) enum Parcel {
    /// Bytes of a file.
    Bytes(Vec<u8>),
    /// A drawn picture.
    Picture(web_sys::ImageBitmap),
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Self {
        Self {
            answer,
            parcels: Vec::new(),
        }
    }
}

/// An ask that waits for its turn.
struct Waiting {
    id: f64,
    ask: Ask,
    buffers: Vec<Vec<u8>>,
}

#[derive(Default)]
struct Engine {
    queue: VecDeque<Waiting>,
    desk: Desk,
    busy: bool,
}

/// Takes messages from now on.
pub(crate) fn listen() {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else {
        return;
    };
    let engine = Rc::new(RefCell::new(Engine::default()));
    let inner = scope.clone();
    let receive = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        take(&engine, &inner, &event.data());
    });
    scope.set_onmessage(Some(receive.as_ref().unchecked_ref()));
    // Listens for as long as the worker lives.
    receive.forget();
}

fn take(engine: &Rc<RefCell<Engine>>, scope: &DedicatedWorkerGlobalScope, data: &JsValue) {
    let member = |name: &str| Reflect::get(data, &name.into()).unwrap_or(JsValue::UNDEFINED);
    if let Some(id) = member("cancel").as_f64() {
        // Only looking is dropped: a signature that is being made is never lost half-way.
        engine
            .borrow_mut()
            .queue
            .retain(|waiting| waiting.id.total_cmp(&id).is_ne() || !is_looking(&waiting.ask));
        return;
    }
    let Some(id) = member("id").as_f64() else {
        return;
    };
    let buffers = Array::from(&member("buffers"))
        .iter()
        .map(|buffer| Uint8Array::new(&buffer).to_vec())
        .collect();
    match serde_wasm_bindgen::from_value::<Ask>(member("body")) {
        Ok(ask) => {
            let mut locked = engine.borrow_mut();
            locked.queue.push_back(Waiting { id, ask, buffers });
            if !locked.busy {
                locked.busy = true;
                drop(locked);
                schedule(engine.clone(), scope.clone());
            }
        }
        Err(error) => send(
            scope,
            id,
            failed(WorkerProblem::Other {
                detail: error.to_string(),
            }),
        ),
    }
}

const fn is_looking(ask: &Ask) -> bool {
    matches!(
        ask,
        Ask::Render { .. } | Ask::Text { .. } | Ask::Find { .. } | Ask::Preview { .. }
    )
}

/// Works on one ask a task, so that cancellations that arrived meanwhile are seen between two.
fn schedule(engine: Rc<RefCell<Engine>>, scope: DedicatedWorkerGlobalScope) {
    let again = scope.clone();
    let work = Closure::once_into_js(move || {
        let next = engine.borrow_mut().queue.pop_front();
        if let Some(Waiting { id, ask, buffers }) = next {
            let reply = engine.borrow_mut().desk.answer(ask, buffers);
            send(&scope, id, reply.unwrap_or_else(failed));
        }
        let mut locked = engine.borrow_mut();
        if locked.queue.is_empty() {
            locked.busy = false;
        } else {
            drop(locked);
            schedule(engine.clone(), scope);
        }
    });
    let _ = again.set_timeout_with_callback(work.unchecked_ref());
}

fn failed(problem: WorkerProblem) -> Reply {
    Answer::Failed { problem }.into()
}

fn send(scope: &DedicatedWorkerGlobalScope, id: f64, reply: Reply) {
    let message = Object::new();
    let (buffers, transfer) = (Array::new(), Array::new());
    for parcel in reply.parcels {
        match parcel {
            Parcel::Bytes(bytes) => {
                let buffer: ArrayBuffer = Uint8Array::from(bytes.as_slice()).buffer();
                buffers.push(&buffer);
                transfer.push(&buffer);
            }
            Parcel::Picture(bitmap) => {
                buffers.push(&bitmap);
                transfer.push(&bitmap);
            }
        }
    }
    let body = serde_wasm_bindgen::to_value(&reply.answer).unwrap_or(JsValue::NULL);
    for (name, value) in [
        ("id", JsValue::from_f64(id)),
        ("body", body),
        ("buffers", buffers.into()),
    ] {
        let _ = Reflect::set(&message, &name.into(), &value);
    }
    if scope
        .post_message_with_transfer(&message, &transfer)
        .is_err()
    {
        web_sys::console::error_1(&"engine: an answer could not be sent".into());
    }
}
