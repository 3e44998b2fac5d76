//! A photographed or scanned signature becomes a small transparent PNG, in the browser.

use crate::screen::check::read;
use crate::text::n;
use contract::profile::{IMAGE_BYTES_MAX, IMAGE_SIDE_MAX};
use leptos::prelude::*;
use wasm_bindgen::{Clamped, JsCast as _, JsValue};
use web_sys::{CanvasRenderingContext2d, File, HtmlCanvasElement, ImageBitmap, ImageData};

const BAD: &str = n("Ảnh không đọc được. Vui lòng chọn ảnh PNG hoặc JPEG khác.");
const NOT_IMAGE: &str = n("Tệp không phải là ảnh PNG hoặc JPEG. Vui lòng chọn ảnh khác.");
const LARGE: &str = n("Ảnh quá lớn. Vui lòng chọn ảnh nhỏ hơn.");

/// Checked by content, decoded, white made transparent, trimmed, made small, encoded as PNG.
pub async fn prepare(file: &File) -> Result<Vec<u8>, &'static str> {
    let bytes = read(file).await.ok_or(BAD)?;
    if !(bytes.starts_with(b"\x89PNG\r\n\x1a\n") || bytes.starts_with(b"\xff\xd8\xff")) {
        return Err(NOT_IMAGE);
    }
    let promise = window()
        .create_image_bitmap_with_blob(file)
        .map_err(|_| BAD)?;
    let bitmap: ImageBitmap = wasm_bindgen_futures::JsFuture::from(promise)
        .await
        .map_err(|_| BAD)?
        .dyn_into()
        .map_err(|_| BAD)?;
    let mut side = f64::from(IMAGE_SIDE_MAX) / 2.0;
    loop {
        let png = draw(&bitmap, side).await.ok_or(BAD)?;
        if png.len() <= IMAGE_BYTES_MAX {
            return Ok(png);
        }
        side *= 0.7;
        if side < 100.0 {
            return Err(LARGE);
        }
    }
}

fn canvas(width: u32, height: u32) -> Option<(HtmlCanvasElement, CanvasRenderingContext2d)> {
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(width);
    canvas.set_height(height);
    let context = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    Some((canvas, context))
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // pixels of a picture that was just made small
async fn draw(bitmap: &ImageBitmap, side: f64) -> Option<Vec<u8>> {
    let (width, height) = (f64::from(bitmap.width()), f64::from(bitmap.height()));
    let scale = (side / width.max(height)).min(1.0);
    let (width, height) = (
        (width * scale).max(1.0) as u32,
        (height * scale).max(1.0) as u32,
    );
    let (_, context) = canvas(width, height)?;
    context
        .draw_image_with_image_bitmap_and_dw_and_dh(
            bitmap,
            0.0,
            0.0,
            f64::from(width),
            f64::from(height),
        )
        .ok()?;
    let mut pixels = context
        .get_image_data(0.0, 0.0, f64::from(width), f64::from(height))
        .ok()?
        .data()
        .0;
    clear_paper(&mut pixels);
    let (left, top, right, bottom) = ink(&pixels, width)?;
    let data = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&pixels), width, height).ok()?;
    let (trimmed, context) = canvas(right - left, bottom - top)?;
    context
        .put_image_data(&data, -f64::from(left), -f64::from(top))
        .ok()?;
    encode(&trimmed).await
}

/// Paper becomes transparent with a soft edge; ink keeps its colour. A picture that is transparent already stays as it is.
fn clear_paper(pixels: &mut [u8]) {
    let transparent = pixels
        .chunks_exact(4)
        .filter(|pixel| pixel.get(3) == Some(&0))
        .count();
    if transparent * 20 > pixels.len() / 4 {
        return;
    }
    for pixel in pixels.chunks_exact_mut(4) {
        if let [red, green, blue, alpha] = pixel {
            let light = (u16::from(*red) + u16::from(*green) + u16::from(*blue)) / 3;
            let kept = match light {
                0..=170 => 255,
                171..=225 => (225 - light) * 255 / 55,
                _ => 0,
            };
            *alpha = u8::try_from(u16::from(*alpha) * kept / 255).unwrap_or(255);
        }
    }
}

/// The box around everything that is not transparent.
fn ink(pixels: &[u8], width: u32) -> Option<(u32, u32, u32, u32)> {
    let mut found: Option<(u32, u32, u32, u32)> = None;
    for (position, pixel) in (0_u32..).zip(pixels.chunks_exact(4)) {
        if pixel.get(3).is_some_and(|alpha| *alpha > 12) {
            let (x, y) = (position % width, position / width);
            let (left, top, right, bottom) = found.unwrap_or((x, y, x + 1, y + 1));
            found = Some((left.min(x), top.min(y), right.max(x + 1), bottom.max(y + 1)));
        }
    }
    found
}

async fn encode(canvas: &HtmlCanvasElement) -> Option<Vec<u8>> {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let callback = wasm_bindgen::prelude::Closure::once_into_js(move |blob: JsValue| {
            let _ = resolve.call1(&JsValue::NULL, &blob);
        });
        let _ = canvas.to_blob_with_type(callback.unchecked_ref(), "image/png");
    });
    let blob: web_sys::Blob = wasm_bindgen_futures::JsFuture::from(promise)
        .await
        .ok()?
        .dyn_into()
        .ok()?;
    let buffer = wasm_bindgen_futures::JsFuture::from(blob.array_buffer())
        .await
        .ok()?;
    Some(js_sys::Uint8Array::new(&buffer).to_vec())
}
