//! Documents as one ZIP file: written by hand, since it needs no more than names and text; read within bounds, since anybody may have
//! made it.

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use std::io::{Read as _, Write as _};

/// Most bytes that the texts of an archive have together.
const UNPACKED_MAX: u64 = 32 * 1024 * 1024;
const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
/// Longest comment that a ZIP file may end with, and the fixed end before it.
const TAIL: usize = 65_535 + 22;
/// 1 January 1980, the first day such files know: the same texts make the same bytes.
const DAY: u16 = 0x21;
/// Names are UTF-8.
const UTF8: u16 = 1 << 11;

/// Why an archive was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveError {
    /// It is no ZIP file, or a broken one.
    #[error("no ZIP file that can be read")]
    Broken,
    /// It holds more files or bytes than allowed.
    #[error("more files or bytes than allowed")]
    TooLarge,
    /// It is packed or encrypted in a way that is not read here.
    #[error("packed in a way that is not read here")]
    Unknown,
}

struct Member {
    name: String,
    crc: u32,
    packed: u32,
    size: u32,
    at: u32,
}

fn put16(bytes: &mut Vec<u8>, values: &[u16]) {
    for value in values {
        bytes.extend(value.to_le_bytes());
    }
}

fn put32(bytes: &mut Vec<u8>, values: &[u32]) {
    for value in values {
        bytes.extend(value.to_le_bytes());
    }
}

/// Packs files.
///
/// # Errors
/// [`ArchiveError::TooLarge`] for what a plain ZIP file cannot hold.
pub fn pack(files: &[(String, &str)]) -> Result<Vec<u8>, ArchiveError> {
    let small = |length: usize| u32::try_from(length).map_err(|_| ArchiveError::TooLarge);
    let short = |length: usize| u16::try_from(length).map_err(|_| ArchiveError::TooLarge);
    let mut bytes = Vec::new();
    let mut members = Vec::new();
    for (name, text) in files {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        let packed = encoder
            .write_all(text.as_bytes())
            .and_then(|()| encoder.finish())
            .map_err(|_| ArchiveError::TooLarge)?;
        let mut crc = Crc::new();
        crc.update(text.as_bytes());
        let member = Member {
            name: name.clone(),
            crc: crc.sum(),
            packed: small(packed.len())?,
            size: small(text.len())?,
            at: small(bytes.len())?,
        };
        put32(&mut bytes, &[LOCAL]);
        put16(&mut bytes, &[20, UTF8, 8, 0, DAY]);
        put32(&mut bytes, &[member.crc, member.packed, member.size]);
        put16(&mut bytes, &[short(name.len())?, 0]);
        bytes.extend(name.as_bytes());
        bytes.extend(packed);
        members.push(member);
    }
    let start = small(bytes.len())?;
    for member in &members {
        put32(&mut bytes, &[CENTRAL]);
        put16(&mut bytes, &[20, 20, UTF8, 8, 0, DAY]);
        put32(&mut bytes, &[member.crc, member.packed, member.size]);
        put16(&mut bytes, &[short(member.name.len())?, 0, 0, 0, 0]);
        put32(&mut bytes, &[0, member.at]);
        bytes.extend(member.name.as_bytes());
    }
    let length = small(bytes.len())? - start;
    let count = short(members.len())?;
    put32(&mut bytes, &[END]);
    put16(&mut bytes, &[0, 0, count, count]);
    put32(&mut bytes, &[length, start]);
    put16(&mut bytes, &[0]);
    Ok(bytes)
}

/// Reads little-endian numbers.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], ArchiveError> {
        let end = self.at.checked_add(length).ok_or(ArchiveError::Broken)?;
        let taken = self.bytes.get(self.at..end).ok_or(ArchiveError::Broken)?;
        self.at = end;
        Ok(taken)
    }

    fn u16(&mut self) -> Result<u16, ArchiveError> {
        let taken = self.take(2)?;
        Ok(u16::from_le_bytes(
            taken.try_into().map_err(|_| ArchiveError::Broken)?,
        ))
    }

    fn u32(&mut self) -> Result<u32, ArchiveError> {
        let taken = self.take(4)?;
        Ok(u32::from_le_bytes(
            taken.try_into().map_err(|_| ArchiveError::Broken)?,
        ))
    }

    fn length(&mut self) -> Result<usize, ArchiveError> {
        usize::try_from(self.u32()?).map_err(|_| ArchiveError::TooLarge)
    }
}

/// The files of an archive with their bytes, in its order; folders are left out.
///
/// # Errors
/// See [`ArchiveError`].
pub fn unpack(bytes: &[u8], files_max: usize) -> Result<Vec<(String, Vec<u8>)>, ArchiveError> {
    let from = bytes.len().saturating_sub(TAIL);
    let tail = bytes.get(from..).unwrap_or_default();
    let end = tail
        .windows(4)
        .rposition(|window| window == END.to_le_bytes())
        .ok_or(ArchiveError::Broken)?;
    let mut reader = Reader {
        bytes,
        at: from + end + 8,
    };
    reader.take(2)?;
    let count = usize::from(reader.u16()?);
    reader.take(4)?;
    let start = reader.length()?;
    if count > files_max {
        return Err(ArchiveError::TooLarge);
    }
    let mut central = Reader { bytes, at: start };
    let (mut files, mut left) = (Vec::new(), UNPACKED_MAX);
    for _ in 0..count {
        if central.u32()? != CENTRAL {
            return Err(ArchiveError::Broken);
        }
        central.take(4)?;
        let (flags, method) = (central.u16()?, central.u16()?);
        central.take(4)?;
        let crc = central.u32()?;
        let (packed, size) = (central.length()?, central.length()?);
        let (name, extra, comment) = (central.u16()?, central.u16()?, central.u16()?);
        central.take(8)?;
        let at = central.length()?;
        let name = String::from_utf8_lossy(central.take(name.into())?).into_owned();
        central.take(usize::from(extra) + usize::from(comment))?;
        if name.ends_with('/') {
            continue;
        }
        if flags & 1 != 0 || !matches!(method, 0 | 8) {
            return Err(ArchiveError::Unknown);
        }
        left = left
            .checked_sub(u64::try_from(size).unwrap_or(u64::MAX))
            .ok_or(ArchiveError::TooLarge)?;
        let mut local = Reader { bytes, at };
        if local.u32()? != LOCAL {
            return Err(ArchiveError::Broken);
        }
        local.take(22)?;
        let skipped = usize::from(local.u16()?) + usize::from(local.u16()?);
        local.take(skipped)?;
        let data = local.take(packed)?;
        let content = if method == 0 {
            data.to_vec()
        } else {
            let mut content = Vec::new();
            // One byte more than it says would be a lie.
            let bound = u64::try_from(size).unwrap_or(u64::MAX).saturating_add(1);
            flate2::read::DeflateDecoder::new(data)
                .take(bound)
                .read_to_end(&mut content)
                .map_err(|_| ArchiveError::Broken)?;
            content
        };
        let mut sum = Crc::new();
        sum.update(&content);
        if content.len() != size || sum.sum() != crc {
            return Err(ArchiveError::Broken);
        }
        files.push((name, content));
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_was_packed_is_unpacked() {
        let long = "Đăng ký khai sinh\n".repeat(500);
        let files = [
            ("1.001193.toml".to_owned(), long.as_str()),
            ("rỗng.toml".to_owned(), ""),
        ];
        let bytes = pack(&files).expect("packed");
        assert!(bytes.len() < long.len());
        let back = unpack(&bytes, 10).expect("read");
        let texts: Vec<(String, &str)> = back
            .iter()
            .map(|(name, bytes)| (name.clone(), std::str::from_utf8(bytes).expect("text")))
            .collect();
        assert_eq!(texts, files);
        assert_eq!(unpack(&bytes, 1), Err(ArchiveError::TooLarge));
    }

    #[test]
    fn other_programs_read_it() {
        let bytes = pack(&[("a/units.toml".to_owned(), "levels = []")]).expect("packed");
        let folder = tempfile::tempdir().expect("folder");
        let file = folder.path().join("danh-muc.zip");
        std::fs::write(&file, bytes).expect("written");
        let script = "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(z.read('a/units.toml').decode())";
        let read = std::process::Command::new("python3")
            .args(["-c", script])
            .arg(&file)
            .output()
            .expect("python");
        assert_eq!(String::from_utf8_lossy(&read.stdout).trim(), "levels = []");
    }

    #[test]
    fn an_archive_that_says_less_than_it_holds_is_refused() {
        let mut bytes = pack(&[("a.toml".to_owned(), "một hai ba bốn")]).expect("packed");
        let central = bytes
            .windows(4)
            .position(|window| window == CENTRAL.to_le_bytes())
            .expect("there");
        bytes[central + 24] = 1;
        assert_eq!(unpack(&bytes, 10), Err(ArchiveError::Broken));
    }

    proptest! {
        #[test]
        fn nothing_that_is_read_panics(
            cut in 0usize..200,
            place in 0usize..200,
            value in any::<u8>(),
        ) {
            let mut bytes = pack(&[("a.toml".to_owned(), "x = 1"), ("b.toml".to_owned(), "y = 2")]).expect("packed");
            let end = bytes.len().saturating_sub(cut);
            bytes.truncate(end);
            if let Some(byte) = bytes.get_mut(place) {
                *byte = value;
            }
            let _ = unpack(&bytes, 10);
        }
    }
}
