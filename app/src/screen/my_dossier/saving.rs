//! Files that the browser keeps or gives to the person.

use leptos::prelude::document;
use wasm_bindgen::JsCast as _;

/// What a PDF calls itself.
const PDF: &str = "application/pdf";

/// Saves PDF bytes under a name.
pub fn download(bytes: &[u8], name: &str) {
    if let Some(file) = blob(bytes) {
        save_blob(&file, name);
    }
}

/// Saves something the browser keeps under a name.
pub fn save_blob(file: &web_sys::Blob, name: &str) {
    let link = document()
        .create_element("a")
        .ok()
        .and_then(|link| link.dyn_into::<web_sys::HtmlAnchorElement>().ok());
    let address = web_sys::Url::create_object_url_with_blob(file).ok();
    if let (Some(link), Some(address)) = (link, address) {
        link.set_href(&address);
        link.set_download(name);
        link.click();
        let _ = web_sys::Url::revoke_object_url(&address);
    }
}

/// PDF bytes for the browser to keep.
pub fn blob(bytes: &[u8]) -> Option<web_sys::Blob> {
    blob_as(bytes, PDF)
}

/// Bytes for the browser to keep, as what they are.
pub fn blob_as(bytes: &[u8], media: &str) -> Option<web_sys::Blob> {
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(media);
    web_sys::Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()
}
