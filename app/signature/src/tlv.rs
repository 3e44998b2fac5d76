//! The few DER moves that keep bytes exactly as they were issued (X.690): cutting a value out of its parent and
//! wrapping bytes in a tag. Names, serial numbers and signed parts are hashed and compared as bytes, so they are never re-encoded.

/// `SEQUENCE`.
pub(crate) const SEQUENCE: u8 = 0x30;
/// `SET`.
pub(crate) const SET: u8 = 0x31;
/// `INTEGER`.
pub(crate) const INTEGER: u8 = 0x02;
/// `OCTET STRING`.
pub(crate) const OCTET_STRING: u8 = 0x04;
/// `OBJECT IDENTIFIER`.
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;

/// One value: its tag byte, its content, and the whole encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tlv<'a> {
    /// The tag byte; only single-byte tags occur in what we read.
    pub tag: u8,
    /// Content octets.
    pub content: &'a [u8],
    /// Tag, length and content.
    pub whole: &'a [u8],
}

/// Reads one value of definite length; gives it and what follows it.
pub(crate) fn read(input: &[u8]) -> Option<(Tlv<'_>, &[u8])> {
    let (&tag, after_tag) = input.split_first()?;
    let (&first, after_first) = after_tag.split_first()?;
    if tag & 0x1f == 0x1f {
        return None;
    }
    let (length, body) = if first < 0x80 {
        (usize::from(first), after_first)
    } else {
        let count = usize::from(first & 0x7f);
        if count == 0 || count > 4 {
            return None;
        }
        let octets = after_first.get(..count)?;
        let length = octets
            .iter()
            .fold(0_usize, |sum, octet| (sum << 8) | usize::from(*octet));
        (length, after_first.get(count..)?)
    };
    let content = body.get(..length)?;
    let rest = body.get(length..)?;
    let whole = input.get(..input.len() - rest.len())?;
    Some((
        Tlv {
            tag,
            content,
            whole,
        },
        rest,
    ))
}

/// Reads one value that must have this tag.
pub(crate) fn expect(input: &[u8], tag: u8) -> Option<(Tlv<'_>, &[u8])> {
    read(input).filter(|(value, _)| value.tag == tag)
}

/// The encoding of a value from its content in parts.
pub(crate) fn write(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut out = Vec::with_capacity(length + 6);
    out.push(tag);
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            let octets = length.to_be_bytes();
            let significant: Vec<u8> = octets
                .iter()
                .copied()
                .skip_while(|octet| *octet == 0)
                .collect();
            out.push(0x80 | u8::try_from(significant.len()).unwrap_or(0x7f));
            out.extend_from_slice(&significant);
        }
    }
    for part in parts {
        out.extend_from_slice(part);
    }
    out
}

/// A `SET OF` in DER order: members sorted by their encodings (X.690, 11.6).
pub(crate) fn write_set_of(tag: u8, mut members: Vec<Vec<u8>>) -> Vec<u8> {
    members.sort();
    let parts: Vec<&[u8]> = members.iter().map(Vec::as_slice).collect();
    write(tag, &parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_back(tag in 0_u8..0x1f, content in proptest::collection::vec(any::<u8>(), 0..70_000)) {
            let der = write(tag, &[&content]);
            let (value, rest) = read(&der).expect("just written");
            prop_assert_eq!(value.tag, tag);
            prop_assert_eq!(value.content, content.as_slice());
            prop_assert_eq!(value.whole, der.as_slice());
            prop_assert!(rest.is_empty());
        }

        #[test]
        fn any_bytes_are_read_or_refused(input in proptest::collection::vec(any::<u8>(), 0..64)) {
            if let Some((value, rest)) = read(&input) {
                prop_assert_eq!(value.whole.len() + rest.len(), input.len());
            }
        }
    }

    #[test]
    fn lengths_take_the_fewest_octets() {
        assert_eq!(write(4, &[&[0; 127]]).get(..2), Some([4, 127].as_slice()));
        assert_eq!(
            write(4, &[&[0; 128]]).get(..3),
            Some([4, 0x81, 128].as_slice())
        );
        assert_eq!(
            write(4, &[&[0; 256]]).get(..4),
            Some([4, 0x82, 1, 0].as_slice())
        );
    }
}
