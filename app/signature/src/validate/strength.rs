//! Which algorithms are strong enough, and until when (ETSI TS 119 312; Thông tư 15/2025/TT-BKHCN asks for SHA-256 and RSA of 2048 bits).

use crate::key::{DigestKind, KeyKind, Scheme};
use crate::known::Known;
use contract::value::Timestamp;

/// SHA-1 was given up for new signatures at the end of 2011.
const SHA_1_UNTIL: Timestamp = Timestamp(1_325_376_000_000);
/// RSA below 2048 bits at the end of 2013.
const SHORT_RSA_UNTIL: Timestamp = Timestamp(1_388_534_400_000);

/// A weakness at a proven time: code and sentence.
pub(crate) fn weakness(
    key: Option<KeyKind>,
    uses_sha1: bool,
    at: Timestamp,
) -> Option<(&'static str, &'static str)> {
    if uses_sha1 && at >= SHA_1_UNTIL {
        return Some((
            "weak-digest",
            "Chữ ký dùng SHA-1: không đạt Thông tư 15/2025/TT-BKHCN.",
        ));
    }
    match key {
        Some(KeyKind::Rsa(bits) | KeyKind::RsaPss(bits))
            if bits < 2048 && at >= SHORT_RSA_UNTIL =>
        {
            Some((
                "weak-key",
                "Khóa RSA ngắn hơn 2048 bit: không đạt Thông tư 15/2025/TT-BKHCN.",
            ))
        }
        _ => None,
    }
}

/// What of a path was given up at a proven time: code and sentence. A root is trusted for itself, whatever signed it.
pub(crate) fn path_weakness(
    known: &Known,
    certificates: &[Vec<u8>],
    at: Timestamp,
) -> Option<(&'static str, &'static str)> {
    let (_root, below) = certificates.split_last()?;
    let sha1 = below.iter().any(|certificate| {
        known
            .read(certificate)
            .certificate()
            .is_some_and(|certificate| {
                let scheme = Scheme::from_identifier(certificate.signature_algorithm(), None);
                scheme.and_then(Scheme::digest) == Some(DigestKind::Sha1)
            })
    });
    if sha1 && weakness(None, true, at).is_some() {
        return Some((
            "weak-digest",
            "Một chứng thư số trên đường dẫn được ký bằng SHA-1: không đạt Thông tư 15/2025/TT-BKHCN.",
        ));
    }
    let short = certificates.iter().skip(1).any(|issuer| {
        known
            .read(issuer)
            .key()
            .is_some_and(|key| weakness(Some(key.kind()), false, at).is_some())
    });
    short.then_some((
        "weak-key",
        "Khóa RSA của một tổ chức cấp ngắn hơn 2048 bit: không đạt Thông tư 15/2025/TT-BKHCN.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_weak_depends_on_the_time() {
        let code = |key, sha1, at| weakness(key, sha1, Timestamp(at)).map(|(code, _)| code);
        let (old, new) = (1_300_000_000_000, 1_795_000_000_000);
        assert_eq!(code(None, true, old), None);
        assert_eq!(code(None, true, new), Some("weak-digest"));
        assert_eq!(code(Some(KeyKind::Rsa(1024)), false, old), None);
        assert_eq!(code(Some(KeyKind::Rsa(1024)), false, new), Some("weak-key"));
        assert_eq!(code(Some(KeyKind::Rsa(2048)), false, new), None);
        assert_eq!(code(Some(KeyKind::P256), false, new), None);
    }
}
