//! BER for reading (X.690, 8.1.3.6): indefinite lengths and strings in segments become definite and whole; everything else stays
//! byte for byte, because certificates and signed attributes inside are hashed as they were issued.

use crate::tlv::{self, OCTET_STRING};
use std::borrow::Cow;

/// Deepest nesting that is followed.
const DEPTH_MAX: u32 = 64;
/// Bit of a tag that says the content is made of values.
const CONSTRUCTED: u8 = 0x20;
/// An `OCTET STRING` in segments (8.7.3).
const SEGMENTED: u8 = OCTET_STRING | CONSTRUCTED;

/// The first value of the input with definite lengths throughout, and what follows it.
pub(crate) fn definite(input: &[u8]) -> Option<(Cow<'_, [u8]>, &[u8])> {
    // Nearly all are definite already: that is found out without taking them apart.
    match after(input, 0) {
        Ok(rest) => {
            let length = input.len().saturating_sub(rest?.len());
            Some((Cow::Borrowed(input.get(..length)?), rest?))
        }
        Err(Loose) => value(input, 0),
    }
}

/// Something is written in a way that has to be rewritten.
struct Loose;

/// What follows the first value of the input, when all in it is definite and whole; none when it is no value.
fn after(input: &[u8], depth: u32) -> Result<Option<&[u8]>, Loose> {
    let Some((&tag, length)) = input.split_first() else {
        return Ok(None);
    };
    if depth > DEPTH_MAX {
        return Ok(None);
    }
    if length.first() == Some(&0x80) || tag == SEGMENTED {
        return Err(Loose);
    }
    let Some((found, rest)) = tlv::read(input) else {
        return Ok(None);
    };
    if tag & CONSTRUCTED != 0 {
        let mut content = found.content;
        while !content.is_empty() {
            // What is not made of values although its tag says so stays as it is.
            match after(content, depth + 1)? {
                Some(next) => content = next,
                None => break,
            }
        }
    }
    Ok(Some(rest))
}

/// Values, each borrowed when it already had a definite length.
type Values<'a> = Vec<Cow<'a, [u8]>>;

fn value(input: &[u8], depth: u32) -> Option<(Cow<'_, [u8]>, &[u8])> {
    if depth > DEPTH_MAX {
        return None;
    }
    let (&tag, after_tag) = input.split_first()?;
    if after_tag.first() == Some(&0x80) {
        if tag & CONSTRUCTED == 0 || tag & 0x1f == 0x1f {
            return None;
        }
        let (parts, rest) = until_end(after_tag.get(1..)?, depth)?;
        return Some((Cow::Owned(whole(tag, &parts)?), rest));
    }
    let (found, rest) = tlv::read(input)?;
    if tag & CONSTRUCTED == 0 {
        return Some((Cow::Borrowed(found.whole), rest));
    }
    let parts = all(found.content, depth);
    let untouched = tag != SEGMENTED
        && parts
            .as_ref()
            .is_none_or(|parts| parts.iter().all(|part| matches!(part, Cow::Borrowed(_))));
    if untouched {
        // Also what is not made of values although its tag says so: whoever needs it will refuse it.
        return Some((Cow::Borrowed(found.whole), rest));
    }
    Some((Cow::Owned(whole(tag, &parts?)?), rest))
}

/// The values of definite content.
fn all(mut content: &[u8], depth: u32) -> Option<Values<'_>> {
    let mut parts = Vec::new();
    while !content.is_empty() {
        let (part, rest) = value(content, depth + 1)?;
        parts.push(part);
        content = rest;
    }
    Some(parts)
}

/// The values before the end-of-contents octets (8.1.5).
fn until_end(mut content: &[u8], depth: u32) -> Option<(Values<'_>, &[u8])> {
    let mut parts = Vec::new();
    loop {
        if let Some(rest) = content.strip_prefix(&[0, 0]) {
            return Some((parts, rest));
        }
        let (part, rest) = value(content, depth + 1)?;
        parts.push(part);
        content = rest;
    }
}

fn whole(tag: u8, parts: &[Cow<'_, [u8]>]) -> Option<Vec<u8>> {
    if tag != SEGMENTED {
        let parts: Vec<&[u8]> = parts.iter().map(AsRef::as_ref).collect();
        return Some(tlv::write(tag, &parts));
    }
    // Inner segments in segments are already whole here.
    let segments: Vec<&[u8]> = parts
        .iter()
        .map(|part| Some(tlv::expect(part, OCTET_STRING)?.0.content))
        .collect::<Option<_>>()?;
    Some(tlv::write(OCTET_STRING, &segments))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A value as a tree, to be written in both ways.
    #[derive(Debug, Clone)]
    enum Tree {
        Leaf(Vec<u8>),
        Node(Vec<(bool, Self)>),
    }

    fn tree() -> impl Strategy<Value = Tree> {
        let leaf = proptest::collection::vec(any::<u8>(), 0..300).prop_map(Tree::Leaf);
        leaf.prop_recursive(6, 40, 5, |inner| {
            proptest::collection::vec((any::<bool>(), inner), 0..5).prop_map(Tree::Node)
        })
    }

    fn der(tree: &Tree) -> Vec<u8> {
        match tree {
            Tree::Leaf(bytes) => tlv::write(OCTET_STRING, &[bytes]),
            Tree::Node(kids) => {
                let kids: Vec<Vec<u8>> = kids.iter().map(|(_, kid)| der(kid)).collect();
                let kids: Vec<&[u8]> = kids.iter().map(Vec::as_slice).collect();
                tlv::write(0x30, &kids)
            }
        }
    }

    fn ber(tree: &Tree, loose: bool) -> Vec<u8> {
        let indefinite = |tag: u8, parts: Vec<Vec<u8>>| {
            let mut out = vec![tag, 0x80];
            out.extend(parts.concat());
            out.extend([0, 0]);
            out
        };
        match tree {
            Tree::Leaf(bytes) if loose => {
                let segments = bytes
                    .chunks(7)
                    .map(|part| tlv::write(OCTET_STRING, &[part]));
                indefinite(SEGMENTED, segments.collect())
            }
            Tree::Leaf(_) => der(tree),
            Tree::Node(kids) => {
                let kids: Vec<Vec<u8>> = kids.iter().map(|(loose, kid)| ber(kid, *loose)).collect();
                if loose {
                    return indefinite(0x30, kids);
                }
                let kids: Vec<&[u8]> = kids.iter().map(Vec::as_slice).collect();
                tlv::write(0x30, &kids)
            }
        }
    }

    proptest! {
        #[test]
        fn every_way_to_write_a_value_reads_as_the_same_der(tree in tree(), loose in any::<bool>()) {
            let mut written = ber(&tree, loose);
            written.extend([0; 5]);
            let (read, rest) = definite(&written).expect("just written");
            let plain = der(&tree);
            prop_assert_eq!(read.as_ref(), plain.as_slice());
            prop_assert_eq!(rest.len(), 5);
            let (same, _) = definite(&plain).expect("DER is BER");
            prop_assert!(matches!(same, Cow::Borrowed(_)), "DER stays as it is");
        }

        #[test]
        fn any_bytes_are_read_or_refused(input in proptest::collection::vec(
            prop_oneof![any::<u8>(), Just(0x30), Just(0x80), Just(0x24), Just(0)], 0..200)) {
            if let Some((_, rest)) = definite(&input) {
                prop_assert!(rest.len() < input.len());
            }
        }
    }

    #[test]
    fn endless_nesting_ends() {
        let deep = [0x30, 0x80].repeat(100_000);
        assert_eq!(definite(&deep), None);
    }
}
