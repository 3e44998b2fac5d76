//! A running worker and what is said to it.

use super::Parcels;
use contract::worker::{Answer, Ask, WorkerProblem};
use js_sys::{Array, ArrayBuffer, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::{Closure, JsCast as _, JsValue};
use web_sys::{ImageBitmap, MessageEvent, Worker, WorkerOptions, WorkerType};

/// A file that goes to the worker.
pub(super) enum File {
    /// Ours: copied once, then transferred.
    Own(Vec<u8>),
    /// Kept to be opened again: the browser copies it.
    Kept(ArrayBuffer),
}

impl File {
    /// Length in bytes.
    pub(super) fn length(&self) -> usize {
        match self {
            Self::Own(bytes) => bytes.len(),
            Self::Kept(buffer) => usize::try_from(buffer.byte_length()).unwrap_or(usize::MAX),
        }
    }
}

/// What the worker says.
pub(super) enum Word {
    /// It listens.
    Ready,
    /// It could not be started.
    Failed,
    /// It starts with an ask.
    Begun(u32),
    /// It waits for the network.
    Fetching(u32),
    /// It answers.
    Answer(Box<Answered>),
}

/// An answer as it arrived.
pub(super) struct Answered {
    pub(super) id: u32,
    pub(super) body: Result<Answer, WorkerProblem>,
    buffers: Array,
    /// Size of the worker's memory in bytes.
    pub(super) memory: f64,
}

impl Answered {
    /// The file that came back with [`Answer::Opened`].
    pub(super) fn file(&self) -> Option<ArrayBuffer> {
        self.buffers.get(0).dyn_into().ok()
    }

    /// Everything that came along.
    pub(super) fn parcels(&self) -> Parcels {
        let mut parcels = Parcels::default();
        for parcel in self.buffers.iter() {
            match parcel.dyn_into::<ImageBitmap>() {
                Ok(picture) => parcels.picture = Some(picture),
                Err(buffer) => parcels.files.push(Uint8Array::new(&buffer).to_vec()),
            }
        }
        parcels
    }
}

fn read(data: &JsValue) -> Option<Word> {
    let member = |name: &str| Reflect::get(data, &name.into()).unwrap_or(JsValue::UNDEFINED);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // our own numbers come back
    let number = |name: &str| member(name).as_f64().map(|number| number as u32);
    if let Some(id) = number("id") {
        let body = match serde_wasm_bindgen::from_value(member("body")) {
            Ok(Answer::Failed { problem }) => Err(problem),
            Ok(answer) => Ok(answer),
            Err(error) => Err(WorkerProblem::Other {
                detail: error.to_string(),
            }),
        };
        return Some(Word::Answer(Box::new(Answered {
            id,
            body,
            buffers: Array::from(&member("buffers")),
            memory: member("memory").as_f64().unwrap_or_default(),
        })));
    }
    if let Some(id) = number("begun") {
        return Some(Word::Begun(id));
    }
    if let Some(id) = number("fetching") {
        return Some(Word::Fetching(id));
    }
    if member("ready").is_truthy() {
        return Some(Word::Ready);
    }
    member("failed").is_truthy().then_some(Word::Failed)
}

/// A worker; it ends with this value.
pub(super) struct Link {
    worker: Worker,
    // Kept alive as long as the worker.
    _hear: Closure<dyn FnMut(MessageEvent)>,
    _fail: Closure<dyn FnMut(JsValue)>,
}

impl Link {
    /// Starts a worker. `hear` gets what it says, `fail` is called when it dies.
    pub(super) fn start(hear: impl Fn(Word) + 'static, fail: impl Fn() + 'static) -> Option<Self> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(
            &format!("{}/worker-entry.js", crate::api::release()),
            &options,
        )
        .ok()?;
        let hear = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(word) = read(&event.data()) {
                hear(word);
            }
        });
        worker.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        let fail = Closure::<dyn FnMut(JsValue)>::new(move |_| fail());
        worker.set_onerror(Some(fail.as_ref().unchecked_ref()));
        Some(Self {
            worker,
            _hear: hear,
            _fail: fail,
        })
    }

    /// Sends an ask; `false` when the browser refused.
    pub(super) fn ask(&self, id: u32, ask: &Ask, files: &[File]) -> bool {
        let (buffers, transfer) = (Array::new(), Array::new());
        for file in files {
            match file {
                File::Own(bytes) => {
                    let buffer = Uint8Array::from(bytes.as_slice()).buffer();
                    buffers.push(&buffer);
                    transfer.push(&buffer);
                }
                File::Kept(buffer) => {
                    buffers.push(buffer);
                }
            }
        }
        let Ok(body) = serde_wasm_bindgen::to_value(ask) else {
            return false;
        };
        let message = Object::new();
        for (name, value) in [
            ("id", JsValue::from(id)),
            ("body", body),
            ("buffers", buffers.into()),
        ] {
            let _ = Reflect::set(&message, &name.into(), &value);
        }
        self.worker
            .post_message_with_transfer(&message, &transfer)
            .is_ok()
    }

    /// Takes an ask back.
    pub(super) fn cancel(&self, id: u32) {
        let message = Object::new();
        let _ = Reflect::set(&message, &"cancel".into(), &id.into());
        let _ = self.worker.post_message(&message);
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        // What it said last and nobody has heard yet is not heard any more.
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}
