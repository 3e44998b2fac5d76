//! Whether bytes are a PNG that can be an icon. Only its frame is looked at: browsers draw it, the server never does.

/// What every PNG begins with.
const BEGINNING: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Smallest and largest side, in pixels: what browsers want of an installed app, and what is enough for every screen.
const SIDE: std::ops::RangeInclusive<u32> = 192..=1024;

/// Whether they say that they are one.
pub(super) fn begins(bytes: &[u8]) -> bool {
    bytes.starts_with(BEGINNING)
}

/// How many pixels it is wide and high.
pub(super) fn check(bytes: &[u8]) -> Result<u32, String> {
    let damaged = || "is a damaged PNG".to_owned();
    let mut rest = bytes.strip_prefix(BEGINNING).ok_or_else(damaged)?;
    let mut side = None;
    loop {
        let (kind, data, after) = chunk(rest).ok_or_else(damaged)?;
        rest = after;
        match (kind, side) {
            (b"IHDR", None) => {
                let (width, data) = number(data).ok_or_else(damaged)?;
                let (height, _) = number(data).ok_or_else(damaged)?;
                if width != height || !SIDE.contains(&width) {
                    return Err(format!(
                        "is {width} × {height} pixels; a square of {} to {} is wanted",
                        SIDE.start(),
                        SIDE.end()
                    ));
                }
                side = Some(width);
            }
            // Nothing may stand before the first chunk, and nothing behind the last.
            (b"IHDR", Some(_)) | (_, None) => return Err(damaged()),
            (b"IEND", Some(side)) if rest.is_empty() => return Ok(side),
            (b"IEND", _) => return Err(damaged()),
            _ => {}
        }
    }
}

/// The first four bytes as a number, and the rest.
fn number(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (number, rest) = bytes.split_first_chunk::<4>()?;
    Some((u32::from_be_bytes(*number), rest))
}

/// A chunk's kind and data, and what stands behind it.
fn chunk(bytes: &[u8]) -> Option<(&[u8; 4], &[u8], &[u8])> {
    let (length, rest) = number(bytes)?;
    let (kind, rest) = rest.split_first_chunk::<4>()?;
    let (data, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
    let (_sum, rest) = number(rest)?;
    Some((kind, data, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_square_one_of_a_size_is_taken_and_no_part_of_it() {
        let whole = include_bytes!("../../../../public/icon-192.png");
        assert_eq!(check(whole), Ok(192));
        for end in [0, 8, 20, 33, whole.len() / 2, whole.len() - 1] {
            assert!(check(&whole[..end]).is_err(), "{end}");
        }
        let mut more = whole.to_vec();
        more.extend(b"<script>");
        assert!(check(&more).is_err(), "nothing behind it");
        let mut wide = whole.to_vec();
        wide[19] = 200;
        assert!(check(&wide).expect_err("no square").contains("200 × 192"));
        let mut small = whole.to_vec();
        (small[19], small[23]) = (16, 16);
        assert!(check(&small).is_err());
        let mut endless = whole.to_vec();
        endless[8..12].copy_from_slice(&u32::MAX.to_be_bytes());
        assert!(check(&endless).is_err());
    }
}
