//! Messages in, messages out: what the page asks waits in a queue, one ask is worked on at a time.

use crate::desk::Desk;
use crate::pack;
use crate::queue::{Queue, Waiting};
use crate::search::{self, Found};
use contract::worker::{Answer, Ask, WorkerProblem};
use js_sys::{Array, ArrayBuffer, Object, Promise, Reflect, Uint8Array};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::{Closure, JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessageEvent, MessagePort};

/// What an ask was answered with: the answer, and what travels beside it.
pub(crate) struct Reply {
    pub(crate) answer: Answer,
    pub(crate) parcels: Vec<Parcel>,
}

/// Something that is transferred instead of copied.
pub(crate) enum Parcel {
    /// Bytes of a file.
    Bytes(Vec<u8>),
    /// A picture that the browser is making: an `ImageBitmap` in the end.
    Picture(Promise),
    /// A file that goes back to where it came from.
    Return(ArrayBuffer),
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Self {
        Self {
            answer,
            parcels: Vec::new(),
        }
    }
}

/// What came with an ask, and what a search found so far. Files stay outside of our memory until their turn.
#[derive(Default)]
struct Load {
    files: Vec<ArrayBuffer>,
    found: Found,
    /// What it missed was fetched.
    fetched: bool,
}

/// An ask that cannot be answered well without these fonts and tables.
struct Missing {
    waiting: Waiting<Load>,
    names: Vec<String>,
}

struct Engine {
    scope: DedicatedWorkerGlobalScope,
    queue: RefCell<Queue<Load>>,
    desk: RefCell<Desk>,
    busy: Cell<bool>,
    /// A message to ourselves is a task of its own that no timer delays: what the page sent meanwhile is read first.
    turn: MessagePort,
}

/// Takes messages from now on.
pub(crate) fn listen() {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else {
        return;
    };
    let Ok(channel) = MessageChannel::new() else {
        return;
    };
    let engine = Rc::new(Engine {
        scope,
        queue: RefCell::default(),
        desk: RefCell::default(),
        busy: Cell::new(false),
        turn: channel.port2(),
    });
    let working = engine.clone();
    let work = Closure::<dyn FnMut()>::new(move || working.work());
    channel
        .port1()
        .set_onmessage(Some(work.as_ref().unchecked_ref()));
    let taking = engine.clone();
    let receive = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        taking.take(&event.data());
    });
    engine
        .scope
        .set_onmessage(Some(receive.as_ref().unchecked_ref()));
    // Both listen for as long as the worker lives.
    work.forget();
    receive.forget();
    engine.tell("ready", JsValue::TRUE);
}

fn member(data: &JsValue, name: &str) -> JsValue {
    Reflect::get(data, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// A number of the page's; it counts from 0 in whole steps.
fn number(data: &JsValue, name: &str) -> Option<u32> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // the page's own u32
    member(data, name).as_f64().map(|number| number as u32)
}

impl Engine {
    fn take(&self, data: &JsValue) {
        if let Some(id) = number(data, "cancel") {
            if self.queue.borrow_mut().cancel(id) {
                self.send(id, failed(WorkerProblem::Cancelled));
            }
            return;
        }
        let Some(id) = number(data, "id") else {
            return;
        };
        let ask = match serde_wasm_bindgen::from_value::<Ask>(member(data, "body")) {
            Ok(ask) => ask,
            Err(error) => {
                let detail = error.to_string();
                return self.send(id, failed(WorkerProblem::Other { detail }));
            }
        };
        let files = Array::from(&member(data, "buffers"))
            .iter()
            .filter_map(|buffer| buffer.dyn_into().ok())
            .collect();
        let load = Load {
            files,
            ..Load::default()
        };
        let dropped = self.queue.borrow_mut().push(Waiting { id, ask, load });
        for useless in dropped {
            self.send(useless, failed(WorkerProblem::Cancelled));
        }
        if !self.busy.replace(true) {
            self.next_turn();
        }
    }

    fn next_turn(&self) {
        let _ = self.turn.post_message(&JsValue::NULL);
    }

    /// One ask, or one step of it.
    fn work(self: &Rc<Self>) {
        let next = self.queue.borrow_mut().pop();
        if let Some(waiting) = next {
            // Who was at work when a worker dies is the one who killed it.
            self.tell("begun", waiting.id.into());
            let engine = self.clone();
            spawn_local(async move {
                match engine.answer(waiting).await {
                    Some(missing) => engine.fetch(missing),
                    None => engine.go_on(),
                }
            });
            return;
        }
        // Nobody asks for anything: time for what will be asked.
        self.desk.borrow_mut().hash_ahead();
        self.go_on();
    }

    fn go_on(&self) {
        if self.queue.borrow().is_empty() && !self.desk.borrow().is_behind() {
            self.busy.set(false);
        } else {
            self.next_turn();
        }
    }

    /// Fetches what an ask misses, then works on it again. Nobody else's turn comes meanwhile: most would miss the same.
    fn fetch(self: &Rc<Self>, Missing { waiting, names }: Missing) {
        self.tell("fetching", waiting.id.into());
        let engine = self.clone();
        spawn_local(async move {
            let resources = engine.desk.borrow().resources.clone();
            pack::fetch(&engine.scope, &names, &resources).await;
            engine.queue.borrow_mut().resume(waiting);
            engine.next_turn();
        });
    }

    /// Answers, or tells what is missing for a good answer.
    async fn answer(&self, waiting: Waiting<Load>) -> Option<Missing> {
        let Waiting { id, ask, mut load } = waiting;
        let again = (is_looking(&ask) && !load.fetched).then(|| ask.clone());
        let pages = ask
            .document()
            .map_or(0, |document| self.desk.borrow().page_count(document));
        let (ask, rest) = search::step(ask, pages);
        let files: Vec<Vec<u8>> = load
            .files
            .iter()
            .map(|file| Uint8Array::new(file).to_vec())
            .collect();
        let searching = matches!(ask, Ask::Find { .. });
        // The desk is with who is at work: nobody else comes to it before the answer is there.
        let mut desk = self.desk.take();
        let reply = desk.answer(ask, files).await;
        self.desk.replace(desk);
        let names = self.desk.borrow().resources.take_missing();
        if let (false, Some(ask)) = (names.is_empty(), again) {
            load.fetched = true;
            let waiting = Waiting { id, ask, load };
            return Some(Missing { waiting, names });
        }
        match reply {
            Err(problem) => self.send(id, failed(problem)),
            Ok(reply) if searching => {
                let more = load.found.add(reply.answer);
                match rest {
                    Some(ask) if more => {
                        load.fetched = false;
                        self.queue.borrow_mut().resume(Waiting { id, ask, load });
                    }
                    _ => self.send(id, load.found.answer().into()),
                }
            }
            Ok(mut reply) => {
                if matches!(reply.answer, Answer::Opened { .. }) {
                    reply
                        .parcels
                        .extend(load.files.into_iter().map(Parcel::Return));
                }
                self.send(id, reply);
            }
        }
        None
    }

    /// One word about how it goes.
    fn tell(&self, what: &str, value: JsValue) {
        let message = Object::new();
        let _ = Reflect::set(&message, &what.into(), &value);
        let _ = self.scope.post_message(&message);
    }

    fn send(&self, id: u32, reply: Reply) {
        let body = serde_wasm_bindgen::to_value(&reply.answer).unwrap_or(JsValue::NULL);
        let (buffers, mut pictures) = (Array::new(), Vec::new());
        for parcel in reply.parcels {
            match parcel {
                Parcel::Bytes(bytes) => {
                    buffers.push(&Uint8Array::from(bytes.as_slice()).buffer());
                }
                Parcel::Return(file) => {
                    buffers.push(&file);
                }
                Parcel::Picture(picture) => pictures.push(picture),
            }
        }
        let scope = self.scope.clone();
        if pictures.is_empty() {
            return post(&scope, id, &body, &buffers);
        }
        spawn_local(async move {
            for picture in pictures {
                match JsFuture::from(picture).await {
                    Ok(picture) => buffers.push(&picture),
                    // The browser has no memory for it.
                    Err(_) => {
                        let answer = failed(WorkerProblem::PageUnreadable).answer;
                        let body = serde_wasm_bindgen::to_value(&answer).unwrap_or(JsValue::NULL);
                        return post(&scope, id, &body, &Array::new());
                    }
                };
            }
            post(&scope, id, &body, &buffers);
        });
    }
}

/// Whether an ask reads pages and so may miss fonts and tables.
const fn is_looking(ask: &Ask) -> bool {
    matches!(
        ask,
        Ask::Render { .. }
            | Ask::Cautions { .. }
            | Ask::Text { .. }
            | Ask::Find { .. }
            | Ask::Propose { .. }
    )
}

fn failed(problem: WorkerProblem) -> Reply {
    Answer::Failed { problem }.into()
}

/// Size of our memory in bytes: it only ever grows.
fn memory() -> u32 {
    wasm_bindgen::memory()
        .dyn_into::<js_sys::WebAssembly::Memory>()
        .ok()
        .and_then(|memory| memory.buffer().dyn_into::<ArrayBuffer>().ok())
        .map_or(0, |buffer| buffer.byte_length())
}

/// An answer; everything in `buffers` is transferred.
fn post(scope: &DedicatedWorkerGlobalScope, id: u32, body: &JsValue, buffers: &Array) {
    let message = Object::new();
    for (name, value) in [
        ("id", &id.into()),
        ("body", body),
        ("buffers", buffers.as_ref()),
        ("memory", &memory().into()),
    ] {
        let _ = Reflect::set(&message, &name.into(), value);
    }
    if scope.post_message_with_transfer(&message, buffers).is_err() {
        web_sys::console::error_1(&"engine: an answer could not be sent".into());
    }
}
