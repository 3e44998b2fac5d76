//! The only file that speaks to the worker: ask, time out, restart. The engine is loaded when it is first asked.

use contract::worker::{Answer, Ask, WorkerProblem};
use futures_channel::oneshot;
use js_sys::{Array, ArrayBuffer, Object, Reflect, Uint8Array};
use std::cell::RefCell;
use std::collections::HashMap;
use wasm_bindgen::prelude::{Closure, JsCast as _, JsValue};
use web_sys::{ImageBitmap, MessageEvent, Worker, WorkerOptions, WorkerType};

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

struct Engine {
    worker: Worker,
    next: u32,
    waiting: HashMap<u32, oneshot::Sender<Asked>>,
    // Kept alive as long as the worker.
    _receive: Closure<dyn FnMut(MessageEvent)>,
    _fail: Closure<dyn FnMut(JsValue)>,
}

thread_local! {
    static ENGINE: RefCell<Option<Engine>> = const { RefCell::new(None) };
}

fn base() -> String {
    web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| {
            document
                .query_selector("meta[name=base-path]")
                .ok()
                .flatten()
        })
        .and_then(|meta| meta.get_attribute("content"))
        .unwrap_or_default()
}

fn start() -> Option<Engine> {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let worker = Worker::new_with_options(&format!("{}/worker-entry.js", base()), &options).ok()?;
    let receive =
        Closure::<dyn FnMut(MessageEvent)>::new(|event: MessageEvent| received(&event.data()));
    worker.set_onmessage(Some(receive.as_ref().unchecked_ref()));
    let fail = Closure::<dyn FnMut(JsValue)>::new(|_| crashed());
    worker.set_onerror(Some(fail.as_ref().unchecked_ref()));
    Some(Engine {
        worker,
        next: 0,
        waiting: HashMap::new(),
        _receive: receive,
        _fail: fail,
    })
}

fn received(data: &JsValue) {
    let member = |name: &str| Reflect::get(data, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let Some(number) = member("id").as_f64() else {
        return;
    };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // our own numbers come back
    let id = number as u32;
    let sender = ENGINE.with_borrow_mut(|engine| {
        engine
            .as_mut()
            .and_then(|engine| engine.waiting.remove(&id))
    });
    let Some(sender) = sender else { return };
    let mut parcels = Parcels::default();
    for parcel in Array::from(&member("buffers")).iter() {
        match parcel.dyn_into::<ImageBitmap>() {
            Ok(picture) => parcels.picture = Some(picture),
            Err(buffer) => parcels.files.push(Uint8Array::new(&buffer).to_vec()),
        }
    }
    let answer = match serde_wasm_bindgen::from_value(member("body")) {
        Ok(Answer::Failed { problem }) => Err(problem),
        Ok(answer) => Ok((answer, parcels)),
        Err(error) => Err(WorkerProblem::Other {
            detail: error.to_string(),
        }),
    };
    let _ = sender.send(answer);
}

/// The worker died: everybody who waits is told, the next ask starts a new one.
fn crashed() {
    let engine = ENGINE.with_borrow_mut(Option::take);
    if let Some(engine) = engine {
        engine.worker.terminate();
        for (_, sender) in engine.waiting {
            let _ = sender.send(Err(WorkerProblem::Crashed));
        }
    }
}

/// How long an ask may take, in milliseconds: drawing a page of a hostile file may never end.
const fn patience(ask: &Ask) -> i32 {
    match ask {
        Ask::Render { .. } | Ask::Text { .. } | Ask::Preview { .. } | Ask::Close { .. } => 30_000,
        _ => 120_000,
    }
}

/// Asks the engine.
pub async fn ask(ask: Ask, files: Vec<Vec<u8>>) -> Asked {
    let (sender, receiver) = oneshot::channel();
    let limit = patience(&ask);
    let sent = ENGINE.with_borrow_mut(|engine| {
        if engine.is_none() {
            *engine = start();
        }
        let engine = engine.as_mut()?;
        engine.next += 1;
        let id = engine.next;
        let (buffers, transfer) = (Array::new(), Array::new());
        for file in files {
            let buffer: ArrayBuffer = Uint8Array::from(file.as_slice()).buffer();
            buffers.push(&buffer);
            transfer.push(&buffer);
        }
        let message = Object::new();
        let body = serde_wasm_bindgen::to_value(&ask).ok()?;
        for (name, value) in [
            ("id", JsValue::from(id)),
            ("body", body),
            ("buffers", buffers.into()),
        ] {
            Reflect::set(&message, &name.into(), &value).ok()?;
        }
        engine
            .worker
            .post_message_with_transfer(&message, &transfer)
            .ok()?;
        engine.waiting.insert(id, sender);
        Some(id)
    });
    let Some(id) = sent else {
        return Err(WorkerProblem::Crashed);
    };
    let timer = later(limit, move || {
        let late = ENGINE.with_borrow(|engine| {
            engine
                .as_ref()
                .is_some_and(|engine| engine.waiting.contains_key(&id))
        });
        if late {
            crashed();
        }
    });
    let answer = receiver.await.unwrap_or(Err(WorkerProblem::Crashed));
    drop(timer);
    answer
}

/// Runs something later unless dropped.
struct Timer {
    handle: i32,
    _work: Closure<dyn FnMut()>,
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            window.clear_timeout_with_handle(self.handle);
        }
    }
}

fn later(milliseconds: i32, work: impl FnMut() + 'static) -> Option<Timer> {
    let work = Closure::<dyn FnMut()>::new(work);
    let handle = web_sys::window()?
        .set_timeout_with_callback_and_timeout_and_arguments_0(
            work.as_ref().unchecked_ref(),
            milliseconds,
        )
        .ok()?;
    Some(Timer {
        handle,
        _work: work,
    })
}
