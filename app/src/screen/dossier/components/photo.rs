//! A photo of a phone becomes a page of paper: upright, no larger than a printer sees, JPEG.

use crate::text::{fill, t};
use contract::content::FileKind;
use leptos::prelude::*;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Blob, CanvasRenderingContext2d, File, HtmlCanvasElement, ImageBitmap};

/// A4 without its margins at 200 dots an inch, short and long side: small print stays readable, twelve megapixels become three.
const SHORT: f64 = 1496.0;
const LONG: f64 = 2181.0;
/// Quality of the JPEG: letters keep their edges.
const QUALITY: f64 = 0.82;

/// Decodes a photo the way its camera was held, makes it as large as a page needs, encodes it.
pub async fn prepare(file: &File, kind: FileKind) -> Result<Blob, String> {
    let bitmap = decode(file)
        .await
        .ok_or_else(|| unreadable(kind, &file.name()))?;
    let drawn = draw(&bitmap);
    bitmap.close();
    let canvas = drawn.ok_or_else(too_little)?;
    let jpeg = encode(&canvas).await;
    // Gives the pixels back at once: phones have little memory.
    canvas.set_width(0);
    jpeg.ok_or_else(too_little)
}

fn too_little() -> String {
    t("Thiết bị không đủ bộ nhớ để xử lý ảnh này. Vui lòng đóng bớt ứng dụng, hoặc chụp ảnh ở độ phân giải thấp hơn.").to_owned()
}

fn unreadable(kind: FileKind, name: &str) -> String {
    if kind == FileKind::Heic {
        fill(
            "“{}” là ảnh HEIC mà trình duyệt này không mở được. Trên iPhone, hãy vào Cài đặt → Camera → Định dạng, chọn “Tương thích nhất” rồi chụp lại; hoặc lưu ảnh thành JPEG rồi chọn lại.",
            &[&name],
        )
    } else {
        fill(
            "Ảnh “{}” bị hỏng nên không mở được. Vui lòng chụp lại hoặc chọn ảnh khác.",
            &[&name],
        )
    }
}

/// The browser turns it as its EXIF says.
async fn decode(file: &File) -> Option<ImageBitmap> {
    let promise = window().create_image_bitmap_with_blob(file).ok()?;
    wasm_bindgen_futures::JsFuture::from(promise)
        .await
        .ok()?
        .dyn_into()
        .ok()
}

fn draw(bitmap: &ImageBitmap) -> Option<HtmlCanvasElement> {
    let (width, height) = (f64::from(bitmap.width()), f64::from(bitmap.height()));
    if width < 1.0 || height < 1.0 {
        return None;
    }
    let scale = (LONG / width.max(height))
        .min(SHORT / width.min(height))
        .min(1.0);
    let (width, height) = (
        (width * scale).round().max(1.0),
        (height * scale).round().max(1.0),
    );
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // at most LONG
    {
        canvas.set_width(width as u32);
        canvas.set_height(height as u32);
    }
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    // What is transparent in a PNG is paper.
    context.set_fill_style_str("#fff");
    context.fill_rect(0.0, 0.0, width, height);
    context
        .draw_image_with_image_bitmap_and_dw_and_dh(bitmap, 0.0, 0.0, width, height)
        .ok()?;
    Some(canvas)
}

async fn encode(canvas: &HtmlCanvasElement) -> Option<Blob> {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let callback = wasm_bindgen::prelude::Closure::once_into_js(move |blob: JsValue| {
            let _ = resolve.call1(&JsValue::NULL, &blob);
        });
        let _ = canvas.to_blob_with_type_and_encoder_options(
            callback.unchecked_ref(),
            "image/jpeg",
            &JsValue::from_f64(QUALITY),
        );
    });
    wasm_bindgen_futures::JsFuture::from(promise)
        .await
        .ok()?
        .dyn_into()
        .ok()
}
