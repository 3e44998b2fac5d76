//! Compose an appearance of any strings, image and size: what comes out opens, has the size asked for and can be drawn.
#![no_main]

use contract::appearance::{Appearance, AppearanceMode};
use contract::geometry::Size;
use contract::value::Timestamp;
use document::Document;
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;

/// What the fuzzer chooses.
#[derive(Debug, Arbitrary)]
struct Input<'a> {
    mode: u8,
    width: f32,
    height: f32,
    signer: &'a str,
    signed_at: i64,
    shows_time: bool,
    issuer: Option<&'a str>,
    masked_id: Option<&'a str>,
    serial: Option<&'a str>,
    reason: Option<&'a str>,
    location: Option<&'a str>,
    image_kind: u8,
    image: &'a [u8],
}

fuzz_target!(|input: Input<'_>| {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let mode = [
        AppearanceMode::TextOnly,
        AppearanceMode::ImageOnly,
        AppearanceMode::ImageAndText,
        AppearanceMode::Invisible,
    ][usize::from(input.mode % 4)];
    let shown = Appearance {
        mode,
        signer: input.signer.to_owned(),
        signed_at: Timestamp(input.signed_at),
        shows_time: input.shows_time,
        issuer: owned(input.issuer),
        masked_id: owned(input.masked_id),
        serial: owned(input.serial),
        reason: owned(input.reason),
        location: owned(input.location),
    };
    // Most bytes are no image: a sound beginning takes the fuzzer further.
    let image = match input.image_kind % 4 {
        0 => input.image.to_vec(),
        1 => [b"\x89PNG\r\n\x1a\n", input.image].concat(),
        2 => [b"\xff\xd8\xff", input.image].concat(),
        _ => PIXEL.to_vec(),
    };
    let size = Size {
        width: f64::from(input.width),
        height: f64::from(input.height),
    };
    let Ok(bytes) = signature::preview(&shown, size, Some(&image)) else {
        return;
    };
    let document = Document::open(bytes, None).expect("a preview opens");
    assert_eq!(document.page_count(), 1);
    let seen = document.geometry(0).expect("its page exists").view_size();
    let close = |a: f64, b: f64| (a - b).abs() <= 0.01 + b * 1e-3;
    assert!(
        close(seen.width, size.width) && close(seen.height, size.height),
        "{seen:?} for {size:?}"
    );
    let scale = 80.0 / size.width.max(size.height);
    let picture = document
        .render_transparent(0, scale)
        .expect("its page can be drawn");
    if mode == AppearanceMode::Invisible {
        assert!(
            picture.rgba.iter().all(|part| *part == 0),
            "nothing is seen"
        );
    }
});

/// A gray pixel as PNG.
const PIXEL: &[u8] = b"\x89PNG\x0d\x0a\x1a\x0a\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU\x00\x00\x00\x0aIDATx\x9cc\xd8\x01\x00\x00\xba\x00\xb9\x9e\x9e\xe2\x05\x00\x00\x00\x00IEND\xaeB`\x82";
