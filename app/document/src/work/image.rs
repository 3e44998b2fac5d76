//! How much work a picture of the file is: by what its dictionary says and by what its own header says.

use super::Work;
use crate::limits::IMAGE_PIXELS_MAX;
use crate::unpack::unpacks_within;
use hayro_syntax::Filter;
use hayro_syntax::object::Stream;

/// Nanoseconds of every picture, however small.
const IMAGE: u64 = 20_000;

/// Decoding and scaling a picture, with its masks.
pub(super) fn image_work(image: &Stream<'_>) -> Work {
    let mut work = Work {
        paints: 1,
        ..Work::default()
    };
    let masks = [b"SMask".as_slice(), b"Mask"]
        .into_iter()
        .filter_map(|key| image.dict().get::<Stream<'_>>(key));
    for part in std::iter::once(image.clone()).chain(masks) {
        let (pixels, each) = pixels(&part);
        if pixels > IMAGE_PIXELS_MAX || !unpacks_within(&part, bytes_of(pixels)) {
            return Work::REFUSED;
        }
        work.spend(IMAGE + pixels.saturating_mul(each));
    }
    work
}

/// Most bytes a picture of so many pixels unpacks to: four parts of 16 bits each, and twice that where a producer was careless.
fn bytes_of(pixels: u64) -> usize {
    usize::try_from(pixels.saturating_mul(16))
        .unwrap_or(usize::MAX)
        .saturating_add(16 * 1024 * 1024)
}

/// How many pixels a picture has, by its dictionary or by its own header, whichever says more, and the nanoseconds for each.
fn pixels(image: &Stream<'_>) -> (u64, u64) {
    let side = |long: &[u8], short: &[u8]| {
        let dict = image.dict();
        dict.get::<u32>(short)
            .or_else(|| dict.get::<u32>(long))
            .map_or(0, u64::from)
    };
    let told = side(b"Width", b"W").saturating_mul(side(b"Height", b"H"));
    let filters = image.filters();
    let (own, each) = match filters.last() {
        Some(Filter::JpxDecode) => (jpeg2000(&image.raw_data()), 90),
        Some(Filter::Jbig2Decode) => (jbig2(&image.raw_data()), 20),
        Some(Filter::DctDecode) => (None, 15),
        Some(Filter::CcittFaxDecode) => (None, 8),
        _ => (None, 20),
    };
    (told.max(own.unwrap_or(0)), each)
}

fn number(bytes: &[u8], at: usize) -> Option<u64> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    Some(u64::from(u32::from_be_bytes(bytes.try_into().ok()?)))
}

/// Pixels by the `SIZ` marker of a JPEG 2000 codestream (ISO/IEC 15444-1, A.5.1).
fn jpeg2000(data: &[u8]) -> Option<u64> {
    let head = data.get(..data.len().min(64 * 1024))?;
    let siz = head
        .windows(4)
        .position(|window| window == [0xff, 0x4f, 0xff, 0x51])?;
    // Marker, length and capabilities stand before the size and the offset of the grid.
    let at = |index: usize| number(head, siz + 8 + index * 4);
    let width = at(0)?.saturating_sub(at(2)?);
    let height = at(1)?.saturating_sub(at(3)?);
    Some(width.saturating_mul(height))
}

/// Pixels by the page information segment of JBIG2 data (ITU-T T.88, 7.2 and 7.4.8).
fn jbig2(data: &[u8]) -> Option<u64> {
    let mut at = 0;
    // The page information comes first, or after a few dictionaries.
    for _ in 0..16 {
        let segment = number(data, at)?;
        let flags = *data.get(at + 4)?;
        let referred = *data.get(at + 5)?;
        let (count, mut head) = if referred >> 5 == 7 {
            let count = usize::try_from(number(data, at + 5)? & 0x1fff_ffff).ok()?;
            (count, 4 + count.checked_add(8)? / 8)
        } else {
            (usize::from(referred >> 5), 1)
        };
        let each = match segment {
            0..=256 => 1,
            257..=65_536 => 2,
            _ => 4,
        };
        head += count.checked_mul(each)? + if flags & 0x40 == 0 { 1 } else { 4 };
        let body = at.checked_add(5)?.checked_add(head)?;
        let length = usize::try_from(number(data, body)?).ok()?;
        let body = body + 4;
        if flags & 0x3f == 48 {
            let (width, height) = (number(data, body)?, number(data, body + 4)?);
            // An unknown height grows with its stripes; the dictionary tells it then.
            return (height != u64::from(u32::MAX)).then(|| width.saturating_mul(height));
        }
        at = body.checked_add(length)?;
    }
    None
}
