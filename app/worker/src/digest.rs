//! Digests of large files by the browser: its hashes use what the processor has for them, wasm cannot. Where the browser offers none (a
//! page that did not come over HTTPS), nothing is told and `signature` hashes by itself.

use js_sys::{Promise, Uint8Array};
use signature::key::DigestKind;
use signature::{Digests, Parts};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use web_sys::{SubtleCrypto, WorkerGlobalScope};

/// Fewer bytes are hashed here sooner than the browser answers.
pub(crate) const LEAST: usize = 512 * 1024;
/// The browser hashes each signature's part from the beginning; `signature` hashes what they share once. With more than so many times
/// the file's length to hash, that is faster.
const TIMES_MAX: usize = 4;

/// The browser's hashes and arithmetic.
pub(crate) fn subtle() -> Option<SubtleCrypto> {
    let scope = js_sys::global().dyn_into::<WorkerGlobalScope>().ok()?;
    let subtle = scope.crypto().ok()?.subtle();
    (!subtle.is_undefined() && !subtle.is_null()).then_some(subtle)
}

/// The digests that the signatures of a file take, and one more, where they are worth asking the browser for. While it copies them the
/// parts are moved together, so `bytes` has to be writable; it is given back as it was.
pub(crate) async fn of_file(bytes: &mut [u8], password: &str, more: Option<Parts>) -> Digests {
    let mut known = Digests::default();
    if bytes.len() >= LEAST {
        let mut asked = signature::asked(bytes, password);
        asked.extend(more.map(|parts| (DigestKind::Sha256, parts)));
        of_parts(&mut known, bytes, &asked).await;
    }
    known
}

/// Adds those of these parts that would take long here.
pub(crate) async fn of_parts(known: &mut Digests, bytes: &mut [u8], asked: &[(DigestKind, Parts)]) {
    let worth = |(kind, parts): &&(DigestKind, Parts)| known.left(*kind, parts) >= LEAST;
    let asked: Vec<_> = asked.iter().filter(worth).collect();
    let total = asked.iter().fold(0_usize, |sum, (_, parts)| {
        sum.saturating_add(parts.length())
    });
    if total > bytes.len().saturating_mul(TIMES_MAX) {
        return;
    }
    for (kind, parts) in asked {
        if let Some(digest) = of(bytes, *kind, parts).await {
            known.insert(*kind, parts, digest);
        }
    }
}

/// The digest of parts.
async fn of(bytes: &mut [u8], kind: DigestKind, parts: &Parts) -> Option<Vec<u8>> {
    let digest = begun(&subtle()?, bytes, kind, parts)?;
    taken(digest).await
}

/// The same of a whole file.
pub(crate) async fn of_whole(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.len() < LEAST {
        return None;
    }
    let digest = subtle()?.digest_with_str_and_u8_array(name(DigestKind::Sha256), bytes);
    taken(digest.ok()?).await
}

/// What the browser calls it.
pub(crate) const fn name(kind: DigestKind) -> &'static str {
    match kind {
        DigestKind::Sha1 => "SHA-1",
        DigestKind::Sha256 => "SHA-256",
        DigestKind::Sha384 => "SHA-384",
        DigestKind::Sha512 => "SHA-512",
    }
}

/// Asks for the digest of parts. The browser copies its input before it returns.
fn begun(
    subtle: &SubtleCrypto,
    bytes: &mut [u8],
    kind: DigestKind,
    parts: &Parts,
) -> Option<Promise> {
    let tail = bytes.get(parts.tail.clone())?.to_vec();
    let end = parts.head.checked_add(tail.len())?;
    let gap = bytes.get(parts.head..end)?.to_vec();
    bytes.get_mut(parts.head..end)?.copy_from_slice(&tail);
    let digest = subtle.digest_with_str_and_u8_array(name(kind), bytes.get(..end)?);
    bytes.get_mut(parts.head..end)?.copy_from_slice(&gap);
    digest.ok()
}

async fn taken(digest: Promise) -> Option<Vec<u8>> {
    let digest = JsFuture::from(digest).await.ok()?;
    Some(Uint8Array::new(&digest).to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_dedicated_worker);

    #[wasm_bindgen_test]
    async fn the_browser_and_the_crate_hash_alike_and_the_file_stays_as_it_is() {
        let length = u32::try_from(3 * LEAST).unwrap_or_default();
        let file: Vec<u8> = (0..length).map(|place| place.to_le_bytes()[1]).collect();
        let mut bytes = file.clone();
        let end = file.len();
        let asked: Vec<(DigestKind, Parts)> = [
            (DigestKind::Sha1, LEAST, LEAST + 1000..end),
            (DigestKind::Sha256, end - 500, end - 100..end),
            (DigestKind::Sha384, 0, 5..end),
            (DigestKind::Sha512, LEAST + 3, end - LEAST..end),
        ]
        .into_iter()
        .map(|(kind, head, tail)| (kind, Parts { head, tail }))
        .collect();
        for (kind, parts) in &asked {
            let whole = [&file[..parts.head], &file[parts.tail.clone()]].concat();
            let digest = of(&mut bytes, *kind, parts).await;
            assert_eq!(digest, Some(kind.digest(&whole)));
            assert!(bytes == file, "given back as it was");
        }
        let whole = of_whole(&file).await;
        assert_eq!(whole, Some(DigestKind::Sha256.digest(&file)));
        let mut known = Digests::default();
        of_parts(&mut known, &mut bytes, &asked).await;
        for (kind, parts) in &asked {
            let short = parts.length() < LEAST;
            assert_eq!(
                known.left(*kind, parts),
                if short { parts.length() } else { 0 }
            );
        }
    }

    #[wasm_bindgen_test]
    async fn a_small_file_is_not_worth_asking_and_what_lies_outside_is_not_asked() {
        let mut bytes = vec![1; 3 * LEAST];
        assert_eq!(of_whole(&bytes[..LEAST - 1]).await, None);
        let outside = Parts {
            head: 2 * LEAST,
            tail: 3 * LEAST..4 * LEAST,
        };
        assert_eq!(of(&mut bytes, DigestKind::Sha256, &outside).await, None);
    }
}
