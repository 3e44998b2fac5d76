//! RSA public keys (RFC 8017): read at once, made ready for arithmetic when something is verified with them. That takes a division, which is
//! slow where the machine has no wide one, and most keys are only looked at.

use super::DigestKind;
use der::{Decode as _, Reader as _, SliceReader};
use rsa::{BoxedUint, Pkcs1v15Sign, Pss};
use std::sync::OnceLock;

/// Shortest modulus, in bits; the longest is [`rsa::PublicKey::MAX_SIZE`].
const BITS_MIN: usize = 1024;

/// An RSA key of 1024 to 8192 bits.
#[derive(Debug, Clone)]
pub struct RsaKey {
    /// Big-endian, without zeros in front.
    modulus: Vec<u8>,
    exponent: u64,
    ready: OnceLock<Option<rsa::PublicKey>>,
}

impl RsaKey {
    /// `RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }` (RFC 8017, A.1.1).
    pub(crate) fn read(bits: &[u8]) -> Option<Self> {
        let mut reader = SliceReader::new(bits).ok()?;
        let (modulus, exponent) = reader
            .sequence(|inner: &mut SliceReader<'_>| -> der::Result<_> {
                Ok((
                    der::asn1::UintRef::decode(inner)?,
                    der::asn1::UintRef::decode(inner)?,
                ))
            })
            .ok()?;
        Self::of(modulus.as_bytes(), exponent.as_bytes())
    }

    /// What [`rsa::PublicKey::new_with_size_limits`] takes, it takes, and nothing else.
    fn of(modulus: &[u8], exponent: &[u8]) -> Option<Self> {
        let modulus = significant(modulus);
        let exponent = significant(exponent).iter().try_fold(0_u64, |sum, byte| {
            Some(sum.checked_mul(256)? + u64::from(*byte))
        })?;
        let size = usize::try_from(width(modulus)).ok()?;
        let range = rsa::PublicKey::MIN_PUB_EXPONENT..=rsa::PublicKey::MAX_PUB_EXPONENT;
        let is_odd = modulus.last().is_some_and(|byte| byte % 2 == 1);
        let fits = (BITS_MIN..=rsa::PublicKey::MAX_SIZE).contains(&size);
        (fits && is_odd && exponent % 2 == 1 && range.contains(&exponent)).then(|| Self {
            modulus: modulus.to_vec(),
            exponent,
            ready: OnceLock::new(),
        })
    }

    /// Bits of the modulus.
    pub(crate) fn size(&self) -> u32 {
        width(&self.modulus)
    }

    fn ready(&self) -> Option<&rsa::PublicKey> {
        let made = || {
            let modulus = BoxedUint::from_be_slice_vartime(&self.modulus);
            let exponent = BoxedUint::from(self.exponent);
            let sizes = BITS_MIN..=rsa::PublicKey::MAX_SIZE;
            rsa::PublicKey::new_with_size_limits(modulus, exponent, sizes).ok()
        };
        self.ready.get_or_init(made).as_ref()
    }

    /// RSASSA-PKCS1-v1_5 (RFC 8017, 8.2.2).
    pub(crate) fn verifies_pkcs1(&self, kind: DigestKind, digest: &[u8], value: &[u8]) -> bool {
        let scheme = match kind {
            DigestKind::Sha1 => Pkcs1v15Sign::new::<sha1::Sha1>(),
            DigestKind::Sha256 => Pkcs1v15Sign::new::<sha2::Sha256>(),
            DigestKind::Sha384 => Pkcs1v15Sign::new::<sha2::Sha384>(),
            DigestKind::Sha512 => Pkcs1v15Sign::new::<sha2::Sha512>(),
        };
        self.ready()
            .is_some_and(|key| key.verify(scheme, digest, value).is_ok())
    }

    /// RSASSA-PSS (RFC 8017, 8.1.2) with a salt of so many bytes.
    pub(crate) fn verifies_pss(
        &self,
        kind: DigestKind,
        salt: usize,
        digest: &[u8],
        value: &[u8],
    ) -> bool {
        // A salt that cannot fit the modulus would never verify; refused here so that no length reaches the padding code unchecked.
        if salt > self.modulus.len() {
            return false;
        }
        let Some(key) = self.ready() else {
            return false;
        };
        match kind {
            DigestKind::Sha1 => key.verify(Pss::<sha1::Sha1>::new_with_salt(salt), digest, value),
            DigestKind::Sha256 => {
                key.verify(Pss::<sha2::Sha256>::new_with_salt(salt), digest, value)
            }
            DigestKind::Sha384 => {
                key.verify(Pss::<sha2::Sha384>::new_with_salt(salt), digest, value)
            }
            DigestKind::Sha512 => {
                key.verify(Pss::<sha2::Sha512>::new_with_salt(salt), digest, value)
            }
        }
        .is_ok()
    }
}

/// A number without zeros in front.
fn significant(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}

/// Bits of a number without zeros in front.
fn width(number: &[u8]) -> u32 {
    let Some(first) = number.first() else {
        return 0;
    };
    let bits = number.len().saturating_mul(8);
    u32::try_from(bits).map_or(u32::MAX, |bits| bits - first.leading_zeros())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_key_is_read_exactly_when_it_can_be_used(
            modulus in (1..1100_usize).prop_flat_map(|length| proptest::collection::vec(any::<u8>(), length)),
            exponent in prop_oneof![
                Just(vec![1, 0, 1]),
                Just(vec![3]),
                Just(vec![2]),
                proptest::collection::vec(any::<u8>(), 0..11),
                (0..4_u64).prop_map(|more| ((1_u64 << 33) - 2 + more).to_be_bytes().to_vec()),
            ],
            odd in any::<bool>(),
        ) {
            let mut modulus = modulus;
            if let Some(last) = modulus.last_mut() {
                *last |= u8::from(odd);
            }
            let usable = rsa::PublicKey::new_with_size_limits(
                BoxedUint::from_be_slice_vartime(&modulus),
                BoxedUint::from_be_slice_vartime(&exponent),
                BITS_MIN..=rsa::PublicKey::MAX_SIZE,
            );
            let read = RsaKey::of(&modulus, &exponent);
            prop_assert_eq!(read.is_some(), usable.is_ok());
            if let (Some(read), Ok(usable)) = (read, usable) {
                use rsa::traits::PublicKeyParts as _;
                prop_assert_eq!(read.size(), usable.n().bit_width());
                prop_assert!(read.ready() == Some(&usable));
            }
        }
    }

    #[test]
    fn the_shortest_and_the_longest_modulus() {
        for (bits, fits) in [(1023, false), (1024, true), (8192, true), (8193, false)] {
            let mut modulus = vec![0xff; bits / 8 + 1];
            modulus[0] = u8::try_from((1_u32 << (bits % 8)) - 1).expect("a byte");
            let key = RsaKey::of(&modulus, &[3]);
            assert_eq!(key.is_some(), fits, "{bits}");
        }
    }
}
