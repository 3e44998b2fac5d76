//! A QR code drawn as crisp squares, dark on white in every mode so that every camera reads it, and as an image to keep.

use leptos::prelude::*;
use qrcodegen::{QrCode, QrCodeEcc};
use wasm_bindgen::JsCast as _;
use web_sys::{CanvasRenderingContext2d, HtmlAnchorElement, HtmlCanvasElement};

/// Light squares around the code (ISO/IEC 18004, 6.3.8).
const QUIET: i32 = 4;
/// Pixels of one square in a kept image.
const PIXELS: i32 = 12;
/// Height of a line below the code in a kept image, in pixels.
const LINE: i32 = 40;

/// The code of a text; none when it is too long for any.
pub fn code(text: &str) -> Option<QrCode> {
    QrCode::encode_text(text, QrCodeEcc::Medium).ok()
}

/// Dark squares as one path, a piece for each run in a row.
fn path(code: &QrCode) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let begin = x;
            while x < code.size() && code.get_module(x, y) {
                x += 1;
            }
            if x > begin {
                let width = x - begin;
                path.push_str(&format!(
                    "M{} {}h{width}v1h-{width}z",
                    begin + QUIET,
                    y + QUIET
                ));
            }
            x += 1;
        }
    }
    path
}

/// The code; `label` says what it holds to who cannot see it.
#[component]
pub fn Qr(#[prop(into)] text: String, #[prop(into)] label: String) -> impl IntoView {
    code(&text).map(|code| {
        let side = code.size() + 2 * QUIET;
        view! {
            <svg class="qr" viewBox=format!("0 0 {side} {side}") role="img" aria-label=label shape-rendering="crispEdges">
                <rect width=side height=side fill="#fff"></rect>
                <path d=path(&code) fill="#000"></path>
            </svg>
        }
    })
}

/// Saves the code as a PNG with lines of text below it.
pub fn save(text: &str, lines: &[String], name: &str) -> Option<()> {
    let code = code(text)?;
    let side = (code.size() + 2 * QUIET) * PIXELS;
    let below = LINE * i32::try_from(lines.len()).ok()?;
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(u32::try_from(side).ok()?);
    canvas.set_height(u32::try_from(side + below).ok()?);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context.set_fill_style_str("#ffffff");
    context.fill_rect(0.0, 0.0, f64::from(side), f64::from(side + below));
    context.set_fill_style_str("#000000");
    for y in 0..code.size() {
        for x in 0..code.size() {
            if code.get_module(x, y) {
                let at = |square: i32| f64::from((square + QUIET) * PIXELS);
                context.fill_rect(at(x), at(y), f64::from(PIXELS), f64::from(PIXELS));
            }
        }
    }
    context.set_font("24px sans-serif");
    context.set_text_align("center");
    for (position, line) in lines.iter().enumerate() {
        let down = side - PIXELS + LINE * i32::try_from(position).ok()?;
        context
            .fill_text(line, f64::from(side) / 2.0, f64::from(down + LINE / 2))
            .ok()?;
    }
    let address = canvas.to_data_url_with_type("image/png").ok()?;
    let link: HtmlAnchorElement = document().create_element("a").ok()?.dyn_into().ok()?;
    link.set_href(&address);
    link.set_download(name);
    link.click();
    Some(())
}
