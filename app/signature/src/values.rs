//! Signature values, for those who have a faster arithmetic than ours: a browser's `crypto.subtle`. It answers later than it is asked, so
//! a validation may believe every value at first and tell afterwards what it believed. Where all of that holds, what came out is what
//! would have come out of verifying each; where one does not, it is validated once more with what is known by then.

use crate::key::{DigestKind, KeyKind, PublicKey, Scheme};
use der::Decode as _;
use spki::SubjectPublicKeyInfoOwned;
use std::cell::RefCell;
use std::collections::HashMap;

/// Most values that are believed, and most bytes of their messages together: a hostile file names more, and the others are verified here.
const BELIEVED_MAX: usize = 256;
const MESSAGES_MAX: usize = 16 * 1024 * 1024;

/// That a value is a signature of a message by a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The key: `subjectPublicKeyInfo` in DER (RFC 5280, 4.1.2.7).
    pub key: Vec<u8>,
    /// Its kind.
    pub kind: KeyKind,
    /// How the value is computed.
    pub scheme: Scheme,
    /// What was signed.
    pub message: Vec<u8>,
    /// The value, as it stands in CMS and certificates.
    pub value: Vec<u8>,
}

impl Claim {
    /// The value as the Web Cryptography API takes it: `r || s` for ECDSA, each as long as the curve's order (IEEE P1363); as it is for all
    /// others. `None` where it cannot be a value of such a key.
    #[must_use]
    pub fn plain_value(&self) -> Option<Vec<u8>> {
        match (self.scheme, self.kind) {
            (Scheme::Ecdsa(_), KeyKind::P256) => {
                let value = p256::ecdsa::Signature::from_der(&self.value).ok()?;
                Some(value.to_bytes().to_vec())
            }
            (Scheme::Ecdsa(_), KeyKind::P384) => {
                let value = p384::ecdsa::Signature::from_der(&self.value).ok()?;
                Some(value.to_bytes().to_vec())
            }
            (Scheme::Ecdsa(_), _) => None,
            _ => Some(self.value.clone()),
        }
    }

    /// The key, if it is of a kind that is supported.
    fn public_key(&self) -> Option<PublicKey> {
        let info = SubjectPublicKeyInfoOwned::from_der(&self.key).ok()?;
        PublicKey::from_info(&info)
    }

    /// Whether it is true, by our own arithmetic.
    #[must_use]
    pub fn holds(&self) -> bool {
        let key = self.public_key();
        key.is_some_and(|key| key.verifies(self.scheme, &self.message, &self.value))
    }

    fn name(&self) -> Name {
        let digest = self.scheme.digest().unwrap_or(DigestKind::Sha512);
        let digest = digest.digest(&self.message);
        (self.key.clone(), self.scheme, digest, self.value.clone())
    }
}

/// What tells one claim from another: the key, how, over which digest, and the value.
type Name = (Vec<u8>, Scheme, Vec<u8>, Vec<u8>);

/// What is known of values, and what is only believed. Without anything known, and unless it shall believe, all is verified here.
#[derive(Debug, Default)]
pub struct Values(RefCell<State>);

#[derive(Debug, Default)]
struct State {
    known: HashMap<Name, bool>,
    /// What was believed, while anything is.
    believed: Option<Vec<Claim>>,
    /// Bytes of the messages that were believed.
    messages: usize,
}

impl Values {
    /// From now on what is not known is believed, as far as there is room for it.
    pub fn believe(&self) {
        let mut state = self.0.borrow_mut();
        state.messages = 0;
        state.believed = Some(Vec::new());
    }

    /// What was believed so far; from now on nothing is.
    #[must_use]
    pub fn believed(&self) -> Vec<Claim> {
        self.0.borrow_mut().believed.take().unwrap_or_default()
    }

    /// Tells whether something is true. Whoever tells it answers for it.
    pub fn know(&self, claim: &Claim, holds: bool) {
        self.0.borrow_mut().known.insert(claim.name(), holds);
    }

    /// What was told about it; none when nobody did.
    #[must_use]
    pub fn known(&self, claim: &Claim) -> Option<bool> {
        self.0.borrow().known.get(&claim.name()).copied()
    }

    /// Whether it is true: as it is known, or by our own arithmetic.
    pub(crate) fn holds(&self, claim: &Claim) -> bool {
        self.known(claim).unwrap_or_else(|| claim.holds())
    }

    /// Whether `value` is a signature of `message`, which has this digest, by a key of this kind; `info` is the key's
    /// `subjectPublicKeyInfo`, `own` our arithmetic.
    pub(crate) fn verify(
        &self,
        (kind, info): (KeyKind, impl FnOnce() -> Option<Vec<u8>>),
        (scheme, digest, value): (Scheme, &[u8], &[u8]),
        message: &[u8],
        own: impl FnOnce() -> bool,
    ) -> bool {
        let mut state = self.0.borrow_mut();
        if state.known.is_empty() && state.believed.is_none() {
            return own();
        }
        let Some(key) = info() else {
            return own();
        };
        let name = (key, scheme, digest.to_vec(), value.to_vec());
        if let Some(known) = state.known.get(&name) {
            return *known;
        }
        let messages = state.messages.saturating_add(message.len());
        let room = messages <= MESSAGES_MAX;
        match &mut state.believed {
            Some(believed) if room && believed.len() < BELIEVED_MAX => {
                believed.push(Claim {
                    key: name.0,
                    kind,
                    scheme,
                    message: message.to_vec(),
                    value: name.3,
                });
                state.messages = messages;
                true
            }
            _ => own(),
        }
    }
}
