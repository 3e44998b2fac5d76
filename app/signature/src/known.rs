//! What one validation has learnt of certificates: each is read once and each value verified once, however many signatures, timestamps
//! and paths lead to it. It lives as long as the validation of one file; nothing is remembered beyond it.

use crate::certificate::{CertificateError, Facts, Parts};
use crate::key::{DigestKind, PublicKey, Scheme};
use crate::values::Values;
use der::{Decode as _, Encode as _};
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use x509_cert::Certificate;

/// A certificate that was read.
#[derive(Debug)]
pub(crate) struct Read {
    /// Tells it from the others that were read.
    number: usize,
    certificate: Option<Certificate>,
    /// Both made when they are first asked for: namesakes of an issuer are read and go no further.
    key: OnceCell<Option<PublicKey>>,
    facts: OnceCell<Option<Facts>>,
}

impl Read {
    pub(crate) fn of(der: &[u8], number: usize) -> Self {
        Self {
            number,
            certificate: Certificate::from_der(der).ok(),
            key: OnceCell::new(),
            facts: OnceCell::new(),
        }
    }

    /// What it says of itself.
    pub(crate) fn facts(&self) -> Option<&Facts> {
        let made = || {
            let kind = self.key().map(PublicKey::kind);
            Facts::of(self.certificate.as_ref()?, kind).ok()
        };
        self.facts.get_or_init(made).as_ref()
    }

    /// The certificate; none when it is no X.509 in DER.
    pub(crate) const fn certificate(&self) -> Option<&Certificate> {
        self.certificate.as_ref()
    }

    /// Its key; none when its kind is not supported.
    pub(crate) fn key(&self) -> Option<&PublicKey> {
        let made = || {
            let body = self.certificate.as_ref()?.tbs_certificate();
            PublicKey::from_info(body.subject_public_key_info())
        };
        self.key.get_or_init(made).as_ref()
    }

    /// `subjectPublicKeyInfo`, DER.
    pub(crate) fn key_info(&self) -> Option<Vec<u8>> {
        let body = self.certificate.as_ref()?.tbs_certificate();
        body.subject_public_key_info().to_der().ok()
    }
}

/// Longest value of a supported key, in bytes: RSA of 8192 bits.
const VALUE_MAX: usize = 1024;
/// Most certificates, and most values, that are kept. A file may name more: they are judged alike, only slower.
const KEPT_MAX: usize = 4_000;

/// A value that was looked at: whose key, how, over which digest, and the value.
type Looked = (usize, Scheme, Vec<u8>, Vec<u8>);

/// Certificates and values of one validation.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// How many were read, kept or not: no two have one number.
    count: Cell<usize>,
    read: RefCell<HashMap<Vec<u8>, Rc<Read>>>,
    verified: RefCell<HashMap<Looked, bool>>,
    /// Who does the arithmetic.
    values: Rc<Values>,
}

impl Known {
    /// With values that others know of.
    pub(crate) fn with(values: Rc<Values>) -> Self {
        Self {
            values,
            ..Self::default()
        }
    }

    /// The certificate of these bytes (DER).
    pub(crate) fn read(&self, der: &[u8]) -> Rc<Read> {
        let mut read = self.read.borrow_mut();
        if let Some(known) = read.get(der) {
            return known.clone();
        }
        let number = self.count.get();
        self.count.set(number + 1);
        let new = Rc::new(Read::of(der, number));
        if read.len() < KEPT_MAX {
            read.insert(der.to_vec(), new.clone());
        }
        new
    }

    /// [`Facts::read`].
    pub(crate) fn facts(&self, der: &[u8]) -> Result<Facts, CertificateError> {
        let facts = self.read(der).facts().cloned();
        facts.ok_or(CertificateError::Unreadable)
    }

    /// Whether `value` is a signature of `message` by the key of a certificate (DER).
    pub(crate) fn verifies(
        &self,
        signer: &[u8],
        scheme: Scheme,
        message: &[u8],
        value: &[u8],
    ) -> bool {
        match scheme.digest() {
            Some(kind) => {
                let looked = (scheme, kind.digest(message), value);
                self.once(signer, looked, |read, key, digest| {
                    let own = || key.verifies_digest(scheme, digest, value);
                    let theirs = (key.kind(), || read.key_info());
                    let looked = (scheme, digest, value);
                    self.values.verify(theirs, looked, message, own)
                })
            }
            // It is told from others by a digest too, but signed as it is.
            None => {
                let name = DigestKind::Sha512.digest(message);
                self.once(signer, (scheme, name, value), |_, key, _| {
                    key.verifies(scheme, message, value)
                })
            }
        }
    }

    /// The same for a message known by its digest.
    pub(crate) fn verifies_digest(
        &self,
        signer: &[u8],
        scheme: Scheme,
        digest: Vec<u8>,
        value: &[u8],
    ) -> bool {
        self.once(signer, (scheme, digest, value), |_, key, digest| {
            key.verifies_digest(scheme, digest, value)
        })
    }

    fn once(
        &self,
        signer: &[u8],
        (scheme, digest, value): (Scheme, Vec<u8>, &[u8]),
        verify: impl FnOnce(&Read, &PublicKey, &[u8]) -> bool,
    ) -> bool {
        // No key makes such a value, and a hostile file may bring one of megabytes for each of its certificates.
        if value.len() > VALUE_MAX {
            return false;
        }
        let signer = self.read(signer);
        let Some(key) = signer.key() else {
            return false;
        };
        let looked = (signer.number, scheme, digest, value.to_vec());
        if let Some(known) = self.verified.borrow().get(&looked) {
            return *known;
        }
        let holds = verify(&signer, key, &looked.2);
        let mut verified = self.verified.borrow_mut();
        if verified.len() < KEPT_MAX {
            verified.insert(looked, holds);
        }
        holds
    }

    /// [`crate::certificate::issued_by`].
    pub(crate) fn issued_by(&self, child: &[u8], issuer: &[u8]) -> bool {
        let (Some(below), Some(above)) = (Parts::cut(child), Parts::cut(issuer)) else {
            return false;
        };
        let read = self.read(child);
        let Some(certificate) = read.certificate() else {
            return false;
        };
        let algorithm = certificate.signature_algorithm();
        let Some(scheme) = Scheme::from_identifier(algorithm, None) else {
            return false;
        };
        below.issuer == above.subject
            && algorithm == certificate.tbs_certificate().signature()
            && certificate
                .signature()
                .as_bytes()
                .is_some_and(|value| self.verifies(issuer, scheme, below.to_be_signed, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_certificate_verifies_nothing_and_issued_nothing() {
        let known = Known::default();
        let scheme = Scheme::Ecdsa(DigestKind::Sha256);
        assert!(!known.verifies(&[0x30, 0], scheme, b"message", b"value"));
        assert!(!known.issued_by(&[0x30, 0], &[0x30, 0]));
        assert_eq!(known.facts(&[]), Err(CertificateError::Unreadable));
        assert!(known.verified.borrow().is_empty(), "no key was asked");
    }

    #[test]
    fn a_file_of_many_certificates_and_long_values_is_not_kept_whole() {
        let known = Known::default();
        let scheme = Scheme::Ecdsa(DigestKind::Sha256);
        let numbers: std::collections::BTreeSet<usize> = (0..KEPT_MAX + 20)
            .map(|at| known.read(&at.to_be_bytes()).number)
            .collect();
        assert_eq!(numbers.len(), KEPT_MAX + 20, "no two have one number");
        assert_eq!(known.read.borrow().len(), KEPT_MAX);
        assert!(!known.verifies(b"one", scheme, b"message", &[0; VALUE_MAX + 1]));
        assert!(known.verified.borrow().is_empty());
    }

    #[test]
    fn the_same_bytes_are_read_once_and_others_are_others() {
        let known = Known::default();
        let (one, same, other) = (known.read(b"one"), known.read(b"one"), known.read(b"other"));
        assert!(Rc::ptr_eq(&one, &same));
        assert_ne!(one.number, other.number);
    }
}
