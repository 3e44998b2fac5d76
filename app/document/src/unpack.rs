//! Whether a stream unpacks to more than is allowed, found out without unpacking it into memory.

use flate2::{Decompress, FlushDecompress, Status};
use hayro_syntax::Filter;
use hayro_syntax::object::Stream;
use memchr::memmem;

/// Longest output of one byte of input (zlib: one bit may stand for 258 bytes).
const DEFLATE_RATIO: usize = 1_032;
/// Longest output of one byte of input: codes of 9 to 12 bits stand for up to 4,096 bytes.
const LZW_RATIO: usize = 2_800;
/// So much of a stream tells how well the rest is packed.
const SAMPLE: usize = 32 * 1024;

/// Whether a stream unpacks to `most` bytes or fewer.
///
/// Small streams cannot do harm and are not looked at. Of a larger one the beginning is unpacked, and only when it is packed suspiciously well
/// is the rest counted to the end; so a stream that begins badly packed and goes on extremely well is believed (the worker that dies of it
/// is started again).
pub(crate) fn unpacks_within(stream: &Stream<'_>, most: usize) -> bool {
    let raw = stream.raw_data();
    let filters = stream.filters();
    let mut longest = raw.len();
    let mut packed = 0;
    for filter in &filters {
        let ratio = match filter {
            Filter::FlateDecode => DEFLATE_RATIO,
            Filter::LzwDecode => LZW_RATIO,
            Filter::RunLengthDecode => 64,
            Filter::Ascii85Decode => 4,
            _ => 1,
        };
        packed += usize::from(ratio >= 64);
        longest = longest.saturating_mul(ratio);
    }
    if longest <= most {
        return true;
    }
    match filters.as_slice() {
        [Filter::FlateDecode, ..] if packed == 1 => {
            let sample = raw.get(..raw.len().min(SAMPLE)).unwrap_or_default();
            let Some(length) = inflated_length(sample, most) else {
                return false;
            };
            // Twice what the beginning foretells still fits, or else it is counted.
            length / sample.len().max(1) < most / raw.len().max(1) / 2
                || inflated_length(&raw, most).is_some()
        }
        // Packed twice: hardly anybody does that but to harm.
        _ if packed > 1 => {
            matches!(filters.as_slice(), [Filter::FlateDecode, ..])
                && inflated_length(&raw, most / DEFLATE_RATIO).is_some()
        }
        // LZW and the like: those who still use them have small streams.
        _ => raw.len() <= most / 16,
    }
}

/// Whether the streams that hold objects and cross-references (ISO 32000-2, 7.5.7 and 7.5.8), which are unpacked on opening, each unpack to
/// `most` bytes or fewer.
///
/// They are looked for by their names, before anything of the file is believed. In an encrypted file the former cannot be looked into.
pub(crate) fn objects_unpack_within(bytes: &[u8], most: usize) -> bool {
    let kinds: [&[u8]; 2] = [b"/ObjStm", b"/XRef"];
    kinds.iter().all(|kind| {
        memmem::find_iter(bytes, kind).all(|at| {
            let rest = bytes.get(at..).unwrap_or_default();
            let head = rest.get(..rest.len().min(4 * 1024)).unwrap_or_default();
            let Some(start) = memmem::find(head, b"stream") else {
                return true;
            };
            let data = rest.get(start + 6..).unwrap_or_default().trim_ascii_start();
            let end = memmem::find(data, b"endstream").unwrap_or(data.len());
            let data = data.get(..end).unwrap_or_default();
            data.len().saturating_mul(DEFLATE_RATIO) <= most
                || inflated_length(data, most).is_some()
        })
    })
}

/// Length of the data a zlib stream unpacks to, as far as it can be read; nothing when it is more than `most`.
fn inflated_length(raw: &[u8], most: usize) -> Option<usize> {
    let most = u64::try_from(most).unwrap_or(u64::MAX);
    let mut window = vec![0; 64 * 1024];
    // Some producers leave the header away (RFC 1950, 2.2).
    let has_header = matches!(raw, [first, second, ..] if first & 15 == 8 && u16::from_be_bytes([*first, *second]) % 31 == 0);
    let mut inflate = Decompress::new(has_header);
    loop {
        let (read, written) = (inflate.total_in(), inflate.total_out());
        let rest = raw
            .get(usize::try_from(read).unwrap_or(usize::MAX)..)
            .unwrap_or_default();
        let status = inflate.decompress(rest, &mut window, FlushDecompress::None);
        if inflate.total_out() > most {
            return None;
        }
        let stuck = inflate.total_in() == read && inflate.total_out() == written;
        if stuck || !matches!(status, Ok(Status::Ok)) {
            return usize::try_from(inflate.total_out()).ok();
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn packed(data: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn what_a_stream_unpacks_to_is_counted_without_unpacking() {
        let bomb = packed(&vec![7; 1_000_000]);
        assert_eq!(inflated_length(&bomb, 1_000_000), Some(1_000_000));
        assert_eq!(inflated_length(&bomb, 999_999), None);
        let bare = bomb.get(2..).unwrap();
        assert_eq!(inflated_length(bare, 1_000_000), Some(1_000_000));
        assert!(inflated_length(b"no deflate", 10).is_none_or(|length| length < 10));
        let cut = bomb.get(..bomb.len() / 2).unwrap();
        assert!(inflated_length(cut, 1_000_000).is_some_and(|length| length > 100_000));
    }
}
