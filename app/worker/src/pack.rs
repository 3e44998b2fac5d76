//! Fonts and tables that a file needs without having them: fetched when they are missed.

use document::Resources;
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DedicatedWorkerGlobalScope, Response};

/// Most files that one ask fetches: a page that names all tables there are does not load a megabyte.
const FETCHED_MAX: usize = 20;

/// Fetches what was missed; whether anything came, so that the page is worth drawing again.
///
/// What the server does not have is taken as nothing and not asked for again; without a network the next ask tries again.
pub(crate) async fn fetch(
    scope: &DedicatedWorkerGlobalScope,
    missing: &[String],
    resources: &Resources,
) -> bool {
    let asked: Vec<_> = missing
        .iter()
        .take(FETCHED_MAX)
        .map(|name| {
            // Beside this release's worker: its address is that of the entry script.
            let own = scope.location().href();
            let folder = own.rsplit_once('/').map_or("", |(folder, _)| folder);
            let answer = scope.fetch_with_str(&format!("{folder}/pack/{name}"));
            (name, answer)
        })
        .collect();
    let mut came = false;
    for (name, answer) in asked {
        if let Ok(bytes) = read(answer).await {
            came |= !bytes.is_empty();
            resources.provide(name, bytes);
        }
    }
    came
}

async fn read(answer: js_sys::Promise) -> Result<Vec<u8>, JsValue> {
    let response = JsFuture::from(answer).await?.dyn_into::<Response>()?;
    if !response.ok() {
        return Ok(Vec::new());
    }
    let bytes = JsFuture::from(response.array_buffer()?).await?;
    Ok(Uint8Array::new(&bytes).to_vec())
}
