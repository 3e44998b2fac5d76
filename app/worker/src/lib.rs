//! The engine in a Web Worker: answers the page with the document and signature crates.
//!
//! Messages are those of `contract::worker`. One ask is worked on at a time, what is seen first; what was cancelled before its turn is dropped.

#![cfg(target_arch = "wasm32")]

mod ahead;
mod archive;
mod arithmetic;
mod check;
mod desk;
mod digest;
mod look;
mod pack;
mod protocol;
mod queue;
mod search;
mod sign;

/// Begins to listen. The entry script calls it once and hands over what arrived before.
#[cfg_attr(not(test), wasm_bindgen::prelude::wasm_bindgen(start))]
pub fn start() {
    std::panic::set_hook(Box::new(|information| {
        web_sys::console::error_1(&format!("engine: {information}").into());
    }));
    protocol::listen();
}
