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
pub struct Digests {
    known: BTreeMap<Key, Vec<u8>>,
    /// States of SHA-256, by how many bytes from the beginning went into each.
    begun: BTreeMap<usize, sha2::Sha256>,
}

impl Digests {
    /// Adds one; what is no digest of this kind by its length is left out.
    pub fn insert(&mut self, kind: DigestKind, parts: &Parts, digest: Vec<u8>) {
        if digest.len() == kind.length() {
            self.known.insert(parts.key(kind), digest);
        }
    }

    /// Adds what was hashed of the file, or of another one that it begins with.
    pub fn go_on_from(&mut self, ahead: &Ahead) {
        let states = ahead.states.iter();
        self.begun
            .extend(states.map(|(at, state)| (*at, state.clone())));
    }

    /// How many bytes are left to hash for the digest of these parts.
    #[must_use]
    pub fn left(&self, kind: DigestKind, parts: &Parts) -> usize {
        if self.known.contains_key(&parts.key(kind)) {
            return 0;
        }
        let begun = match kind {
            DigestKind::Sha256 => self.begun.range(..=parts.head).next_back(),
            _ => None,
        };
        parts.length() - begun.map_or(0, |(at, _)| *at)
    }
}

/// SHA-256 of a file, computed a piece at a time before anybody asks for it, while a person reads.
#[derive(Debug, Clone, Default)]
pub struct Ahead {
    state: sha2::Sha256,
    at: usize,
    /// Where to keep a state, still to come.
    stops: BTreeSet<usize>,
    states: BTreeMap<usize, sha2::Sha256>,
}

impl Ahead {
    /// For a file of so many bytes of which these parts will be asked about: states are kept where their heads end, and at its end.
    pub fn of(length: usize, asked: &[(DigestKind, Parts)]) -> Self {
        let heads = asked.iter().map(|(_, parts)| parts.head);
        let stops = heads.filter(|head| (1..length).contains(head));
        Self {
            stops: stops.chain([length]).collect(),
            ..Self::default()
        }
    }

    /// Hashes on, so many bytes at most. `file` is the same each time.
    pub fn go_on(&mut self, file: &[u8], most: usize) {
        let last = self.at.saturating_add(most);
        while let Some(stop) = self.stops.first().copied() {
            let to = stop.min(last);
            self.state.update(file.get(self.at..to).unwrap_or_default());
            self.at = to;
            if to < stop {
                return;
            }
            self.stops.remove(&stop);
            self.states.insert(stop, self.state.clone());
        }
    }

    /// Whether the whole file was hashed.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.stops.is_empty()
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
    known: RefCell<BTreeMap<Key, Vec<u8>>>,
    stops: RefCell<BTreeSet<usize>>,
    sha1: Begun<sha1::Sha1>,
    sha256: Begun<sha2::Sha256>,
    sha384: Begun<sha2::Sha384>,
    sha512: Begun<sha2::Sha512>,
}

impl Hashes {
    /// Takes digests as known.
    pub(crate) fn know(&self, digests: &Digests) {
        let new = digests.known.iter();
        let new = new.map(|(key, digest)| (*key, digest.clone()));
        self.known.borrow_mut().extend(new);
        let begun = digests.begun.iter();
        let begun = begun.map(|(at, state)| (*at, state.clone()));
        self.sha256.0.borrow_mut().extend(begun);
    }

    /// Says where heads end that will be asked about: the longest one then passes all others, in whichever order they are asked about.
    pub(crate) fn expect(&self, heads: impl IntoIterator<Item = usize>) {
        self.stops.borrow_mut().extend(heads);
    }

    /// The digest of parts of `data`, which is the same file each time. What lies outside of it counts as nothing.
    pub(crate) fn digest(&self, data: &[u8], kind: DigestKind, parts: &Parts) -> Vec<u8> {
        let key = parts.key(kind);
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        let stops = self.stops.borrow();
        let digest = match kind {
            DigestKind::Sha1 => self.sha1.digest(data, parts, &stops).to_vec(),
            DigestKind::Sha256 => self.sha256.digest(data, parts, &stops).to_vec(),
            DigestKind::Sha384 => self.sha384.digest(data, parts, &stops).to_vec(),
            DigestKind::Sha512 => self.sha512.digest(data, parts, &stops).to_vec(),
        };
        self.known.borrow_mut().insert(key, digest.clone());
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

    proptest! {
        #[test]
        fn what_was_hashed_ahead_is_not_hashed_again(
            (data, asked, _) in asked(),
            more in proptest::collection::vec(any::<u8>(), 0..90),
            piece in 1..400_usize,
        ) {
            let asked: Vec<(DigestKind, Parts)> = asked
                .into_iter()
                .map(|(kind, parts)| (KINDS[kind], parts))
                .collect();
            let mut ahead = Ahead::of(data.len(), &asked);
            for _ in 0..data.len() / piece + 1 {
                ahead.go_on(&data, piece);
            }
            prop_assert!(ahead.is_done());
            let mut told = Digests::default();
            told.go_on_from(&ahead);
            let longer = [data.as_slice(), &more].concat();
            let whole = Parts::whole(longer.len());
            prop_assert_eq!(told.left(DigestKind::Sha256, &whole), more.len());
            let hashes = Hashes::default();
            hashes.know(&told);
            prop_assert_eq!(hashes.sha256(&longer, &whole).to_vec(), DigestKind::Sha256.digest(&longer));
            for (kind, parts) in &asked {
                let whole = [&data[..parts.head], &data[parts.tail.clone()]].concat();
                prop_assert_eq!(hashes.digest(&longer, *kind, parts), kind.digest(&whole));
                if *kind == DigestKind::Sha256 {
                    prop_assert_eq!(told.left(*kind, parts), parts.tail.len());
                } else {
                    prop_assert_eq!(told.left(*kind, parts), parts.length());
                }
            }
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
