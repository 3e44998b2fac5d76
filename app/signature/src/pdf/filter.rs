//! Decoding of the two kinds of stream an update has to read: cross-reference and object streams (ISO 32000-2, 7.4.4).

use super::object::{Dictionary, Object};
use std::io::Read as _;

/// Most bytes a cross-reference or object stream may unfold to.
const DECODED_MAX: u64 = 128 * 1024 * 1024;

/// Decodes a stream that has no filter, `ASCIIHexDecode`, or `FlateDecode` with an optional predictor. `None` for everything else: other
/// filters are permitted by the standard, yet no known writer uses them for these streams.
/// `dictionary` must be resolved: its filter keys hold no references.
pub(crate) fn decode(dictionary: &Dictionary, raw: &[u8]) -> Option<Vec<u8>> {
    let filters: Vec<&[u8]> = match dictionary.get("Filter") {
        None | Some(Object::Null) => Vec::new(),
        Some(Object::Name(name)) => vec![name],
        Some(Object::Array(names)) => names.iter().map(Object::as_name).collect::<Option<_>>()?,
        Some(_) => return None,
    };
    match filters.as_slice() {
        [] => Some(raw.to_vec()),
        [b"ASCIIHexDecode" | b"AHx"] => hexadecimal(raw),
        [b"FlateDecode" | b"Fl"] => {
            let parameters = match dictionary
                .get("DecodeParms")
                .or_else(|| dictionary.get("DP"))
            {
                Some(Object::Dictionary(parameters)) => Some(parameters),
                Some(Object::Array(items)) => match items.first() {
                    Some(Object::Dictionary(parameters)) => Some(parameters),
                    _ => None,
                },
                _ => None,
            };
            predict(parameters, inflate(raw)?)
        }
        _ => None,
    }
}

/// Digits up to `>` or the end, white space between them left out (7.4.2).
fn hexadecimal(raw: &[u8]) -> Option<Vec<u8>> {
    let mut digits: Vec<u8> = raw
        .iter()
        .copied()
        .take_while(|byte| *byte != b'>')
        .filter(|byte| !super::parse::is_space(*byte))
        .collect();
    if digits.len() % 2 == 1 {
        digits.push(b'0');
    }
    hex::decode(digits).ok()
}

fn inflate(raw: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let read = flate2::read::ZlibDecoder::new(raw)
        .take(DECODED_MAX + 1)
        .read_to_end(&mut out);
    let too_long = u64::try_from(out.len()).is_ok_and(|length| length > DECODED_MAX);
    (read.is_ok() && !too_long).then_some(out)
}

/// Undoes a PNG predictor (table 10: 10 to 15); 1 is none, TIFF's 2 does not occur in these streams.
fn predict(parameters: Option<&Dictionary>, data: Vec<u8>) -> Option<Vec<u8>> {
    let number = |key: &str, default: i64| {
        parameters
            .and_then(|parameters| parameters.get(key))
            .map_or(Some(default), Object::as_integer)
            .and_then(|value| usize::try_from(value).ok())
    };
    match number("Predictor", 1)? {
        1 => return Some(data),
        10..=15 => {}
        _ => return None,
    }
    let bits = number("Colors", 1)?.checked_mul(number("BitsPerComponent", 8)?)?;
    let width = bits.checked_mul(number("Columns", 1)?)?.checked_add(7)? / 8;
    let pixel = bits.div_ceil(8).max(1);
    if width == 0 || width > 1 << 20 {
        return None;
    }
    let mut out = Vec::with_capacity(data.len());
    let mut above = vec![0_u8; width];
    for row in data.chunks(width + 1) {
        let (kind, encoded) = row.split_first()?;
        let mut line = vec![0_u8; width];
        for (index, byte) in encoded.iter().enumerate() {
            let left = index
                .checked_sub(pixel)
                .and_then(|at| line.get(at))
                .copied()
                .unwrap_or(0);
            let up = above.get(index).copied().unwrap_or(0);
            let corner = index
                .checked_sub(pixel)
                .and_then(|at| above.get(at))
                .copied()
                .unwrap_or(0);
            let guess = match kind {
                0 => 0,
                1 => left,
                2 => up,
                3 => left.midpoint(up),
                4 => paeth(left, up, corner),
                _ => return None,
            };
            *line.get_mut(index)? = byte.wrapping_add(guess);
        }
        out.extend_from_slice(line.get(..encoded.len())?);
        above = line;
    }
    Some(out)
}

/// PNG's Paeth predictor.
fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let (a, b, c) = (i16::from(left), i16::from(up), i16::from(corner));
    let (to_left, to_up, to_corner) = ((b - c).abs(), (a - c).abs(), (a + b - 2 * c).abs());
    if to_left <= to_up && to_left <= to_corner {
        left
    } else if to_up <= to_corner {
        up
    } else {
        corner
    }
}
