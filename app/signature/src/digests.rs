//! Digests of what the signatures of a file cover. Revisions share their beginning, so the state of a hash is kept at the end of each
//! covered beginning and no byte before it is hashed twice. Who has a faster hash than ours may bring digests along.

use crate::key::DigestKind;
use sha2::Digest;
use sha2::digest::Output;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What a signature covers of a file: everything before `/Contents`, and a part behind it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Parts {
    /// Bytes from the beginning of the file.
    pub head: usize,
    /// The part behind.
    pub tail: Range<usize>,
}

impl Parts {
    /// A file of so many bytes.
    #[must_use]
    pub const fn whole(length: usize) -> Self {
        Self {
            head: length,
            tail: length..length,
        }
    }

    /// How many bytes that are.
    #[must_use]
    pub const fn length(&self) -> usize {
        self.head
            .saturating_add(self.tail.end.saturating_sub(self.tail.start))
    }

    fn key(&self, kind: DigestKind) -> Key {
        (kind, self.head, self.tail.start, self.tail.end)
    }
}

type Key = (DigestKind, usize, usize, usize);

/// Digests of parts of one file that are known already. Whoever brings them answers for them: a wrong one makes a signature that holds
/// look broken, or the other way round.
#[derive(Debug, Clone, Default)]
pub struct Digests(BTreeMap<Key, Vec<u8>>);

impl Digests {
    /// Adds one; what is no digest of this kind by its length is left out.
    pub fn insert(&mut self, kind: DigestKind, parts: &Parts, digest: Vec<u8>) {
        if digest.len() == kind.length() {
            self.0.insert(parts.key(kind), digest);
        }
    }
}

/// States of one kind of hash, by how many bytes from the beginning went into each.
#[derive(Debug)]
struct Begun<D>(RefCell<BTreeMap<usize, D>>);

impl<D> Default for Begun<D> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<D: Digest + Clone> Begun<D> {
    /// The state after so many bytes, going on from the nearest one that is known; states are kept at all `stops` on the way.
    fn after(&self, data: &[u8], head: usize, stops: &BTreeSet<usize>) -> D {
        let mut known = self.0.borrow_mut();
        let begun = known.range(..=head).next_back();
        let (mut at, mut state) =
            begun.map_or_else(|| (0, D::new()), |(at, state)| (*at, state.clone()));
        if at < head {
            for stop in stops.range(at + 1..head).chain([&head]) {
                state.update(data.get(at..*stop).unwrap_or_default());
                at = *stop;
                known.insert(at, state.clone());
            }
        }
        state
    }

    fn digest(&self, data: &[u8], parts: &Parts, stops: &BTreeSet<usize>) -> Output<D> {
        let mut state = self.after(data, parts.head, stops);
        state.update(data.get(parts.tail.clone()).unwrap_or_default());
        state.finalize()
    }
}

/// The hashes of a file.
#[derive(Debug, Default)]
pub(crate) struct Hashes {
    known: RefCell<Digests>,
    stops: RefCell<BTreeSet<usize>>,
    sha1: Begun<sha1::Sha1>,
    sha256: Begun<sha2::Sha256>,
    sha384: Begun<sha2::Sha384>,
    sha512: Begun<sha2::Sha512>,
}

impl Hashes {
    /// Takes digests as known.
    pub(crate) fn know(&self, digests: &Digests) {
        let new = digests.0.iter().map(|(key, digest)| (*key, digest.clone()));
        self.known.borrow_mut().0.extend(new);
    }

    /// Says where heads end that will be asked about: the longest one then passes all others, in whichever order they are asked about.
    pub(crate) fn expect(&self, heads: impl IntoIterator<Item = usize>) {
        self.stops.borrow_mut().extend(heads);
    }

    /// The digest of parts of `data`, which is the same file each time. What lies outside of it counts as nothing.
    pub(crate) fn digest(&self, data: &[u8], kind: DigestKind, parts: &Parts) -> Vec<u8> {
        let key = parts.key(kind);
        if let Some(known) = self.known.borrow().0.get(&key) {
            return known.clone();
        }
        let stops = self.stops.borrow();
        let digest = match kind {
            DigestKind::Sha1 => self.sha1.digest(data, parts, &stops).to_vec(),
            DigestKind::Sha256 => self.sha256.digest(data, parts, &stops).to_vec(),
            DigestKind::Sha384 => self.sha384.digest(data, parts, &stops).to_vec(),
            DigestKind::Sha512 => self.sha512.digest(data, parts, &stops).to_vec(),
        };
        self.known.borrow_mut().0.insert(key, digest.clone());
        digest
    }

    /// SHA-256 of parts of `data`.
    pub(crate) fn sha256(&self, data: &[u8], parts: &Parts) -> [u8; 32] {
        let digest = self.digest(data, DigestKind::Sha256, parts);
        // What is known has its kind's length; computing once more is never needed.
        let again = |_| self.sha256.digest(data, parts, &self.stops.borrow()).into();
        digest.try_into().unwrap_or_else(again)
    }

    /// SHA-256 of `data`, when a beginning of it was hashed here.
    pub(crate) fn sha256_at_hand(&self, data: &[u8]) -> Option<[u8; 32]> {
        let begun = !self.sha256.0.borrow().is_empty();
        begun.then(|| self.sha256(data, &Parts::whole(data.len())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KINDS: [DigestKind; 4] = [
        DigestKind::Sha1,
        DigestKind::Sha256,
        DigestKind::Sha384,
        DigestKind::Sha512,
    ];

    /// A file, and parts of it that are asked about one after the other.
    fn asked() -> impl Strategy<Value = (Vec<u8>, Vec<(usize, Parts)>, Vec<usize>)> {
        proptest::collection::vec(any::<u8>(), 0..700).prop_flat_map(|data| {
            let end = data.len() + 1;
            let parts = (0..4_usize, 0..end, 0..end, 0..end).prop_map(|(kind, head, a, b)| {
                let tail = a.min(b)..a.max(b);
                (kind, Parts { head, tail })
            });
            let asked = proptest::collection::vec(parts, 1..12);
            let stops = proptest::collection::vec(0..end, 0..6);
            (Just(data), asked, stops)
        })
    }

    proptest! {
        #[test]
        fn a_digest_by_pieces_is_that_of_the_whole((data, asked, stops) in asked()) {
            let hashes = Hashes::default();
            hashes.expect(stops);
            for (kind, parts) in &asked {
                let kind = KINDS[*kind];
                let whole = [&data[..parts.head], &data[parts.tail.clone()]].concat();
                prop_assert_eq!(hashes.digest(&data, kind, parts), kind.digest(&whole));
            }
            let whole = hashes.sha256(&data, &Parts::whole(data.len()));
            prop_assert_eq!(whole.to_vec(), DigestKind::Sha256.digest(&data));
        }
    }

    #[test]
    fn the_longest_beginning_leaves_states_for_the_shorter_ones() {
        let (data, hashes) = ([7; 100], Hashes::default());
        hashes.expect([10, 40]);
        let parts = Parts {
            head: 90,
            tail: 95..100,
        };
        let _ = hashes.digest(&data, DigestKind::Sha256, &parts);
        let kept: Vec<usize> = hashes.sha256.0.borrow().keys().copied().collect();
        assert_eq!(kept, [10, 40, 90]);
    }

    #[test]
    fn what_is_known_is_not_computed() {
        let parts = Parts {
            head: 3,
            tail: 5..9,
        };
        let mut told = Digests::default();
        told.insert(DigestKind::Sha512, &parts, vec![1; 64]);
        told.insert(DigestKind::Sha256, &parts, vec![1; 64]);
        let hashes = Hashes::default();
        hashes.know(&told);
        assert_eq!(hashes.digest(&[0; 9], DigestKind::Sha512, &parts), [1; 64]);
        // What cannot be a digest of its kind was left out.
        let other = DigestKind::Sha256.digest(&[0; 7]);
        assert_eq!(hashes.digest(&[0; 9], DigestKind::Sha256, &parts), other);
    }
}
