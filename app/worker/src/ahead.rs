//! Hashing a large document while a person looks at it and places the box. When they sign, only the new revision is left to hash: what
//! they wait for with the phone in their hand does not depend on the document's length.

use crate::digest::LEAST;
use signature::key::DigestKind;

/// How much is hashed between two asks: some milliseconds.
const PIECE: usize = 1024 * 1024;
/// Bytes that are compared at once: wide, and not far beyond the first difference.
const BLOCK: usize = 4096;

/// What is hashed of a document.
#[derive(Default)]
pub(crate) struct Ahead(Option<signature::Ahead>);

impl Ahead {
    /// From now on, if it is worth it. Where it was signed already, the states that its signatures need are kept on the way; signed with
    /// another digest, it is left to the browser.
    pub(crate) fn begin(&mut self, bytes: &[u8], password: Option<&str>) {
        if self.0.is_some() || bytes.len() < LEAST {
            return;
        }
        let asked = signature::asked(bytes, password.unwrap_or_default());
        if asked.iter().all(|(kind, _)| *kind == DigestKind::Sha256) {
            self.0 = Some(signature::Ahead::of(bytes.len(), &asked));
        }
    }

    /// Whether there is something left to hash.
    pub(crate) fn is_behind(&self) -> bool {
        self.0.as_ref().is_some_and(|ahead| !ahead.is_done())
    }

    /// Hashes a piece of the document, which is the same each time.
    pub(crate) fn go_on(&mut self, bytes: &[u8]) {
        if let Some(ahead) = &mut self.0 {
            ahead.go_on(bytes, PIECE);
        }
    }

    /// What was hashed, when all of it was.
    pub(crate) fn done(&self) -> Option<&signature::Ahead> {
        self.0.as_ref().filter(|ahead| ahead.is_done())
    }
}

/// Whether a file begins with another. Byte by byte, as comparing slices does in wasm, 20 MB take as long as hashing them.
pub(crate) fn begins_with(file: &[u8], other: &[u8]) -> bool {
    let (Some(head), Some(_)) = (file.get(..other.len()), other.first()) else {
        return false;
    };
    let differs = |(a, b): (&[u8], &[u8])| {
        let bits = a.iter().zip(b).fold(0, |bits, (a, b)| bits | (a ^ b));
        bits != 0
    };
    !head.chunks(BLOCK).zip(other.chunks(BLOCK)).any(differs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_dedicated_worker);

    #[wasm_bindgen_test]
    fn a_file_begins_with_another_only_if_each_byte_agrees() {
        let other: Vec<u8> = (0..u8::MAX).cycle().take(2 * BLOCK + 77).collect();
        let file = [other.as_slice(), b"more"].concat();
        assert!(begins_with(&file, &other) && begins_with(&other, &other));
        assert!(!begins_with(&other, &file), "shorter");
        assert!(!begins_with(&file, &[]), "nothing is no beginning");
        for place in [0, 31, BLOCK - 1, BLOCK, 2 * BLOCK, other.len() - 1] {
            let mut changed = file.clone();
            changed[place] ^= 4;
            assert!(!begins_with(&changed, &other), "{place}");
        }
    }

    #[wasm_bindgen_test]
    fn only_what_is_large_is_hashed_and_only_once() {
        let mut ahead = Ahead::default();
        ahead.begin(&[1; LEAST - 1], None);
        assert!(!ahead.is_behind() && ahead.done().is_none());
        let large = vec![1; 2 * PIECE + 5];
        ahead.begin(&large, None);
        for _ in 0..3 {
            assert!(ahead.is_behind() && ahead.done().is_none());
            ahead.go_on(&large);
            ahead.begin(&large, None);
        }
        assert!(!ahead.is_behind() && ahead.done().is_some());
    }
}
