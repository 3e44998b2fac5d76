//! A CMS of the people's signer whose parts can each be wrong, under a value that holds.

use super::authority::{Party, der, oid, seq, set_of, value};
use super::people::{PEOPLE, SIGNER};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384};

pub const DATA: &str = "1.2.840.113549.1.7.1";
pub const SHA_1: &str = "1.3.14.3.2.26";
pub const SHA_256: &str = "2.16.840.1.101.3.4.2.1";
pub const SHA_384: &str = "2.16.840.1.101.3.4.2.2";
pub const ECDSA_SHA_256: &str = "1.2.840.10045.4.3.2";
pub const ECDSA_SHA_384: &str = "1.2.840.10045.4.3.3";

/// What is written. By default everything is as it should be.
#[derive(Clone)]
pub struct Forged<'a> {
    pub signer: &'a Party,
    pub serial: u8,
    /// `eContentType`.
    pub kind: &'a str,
    /// The content-type attribute.
    pub stated: Option<&'a str>,
    /// `digestAlgorithm`, and what the message digest is taken with.
    pub digest: &'a str,
    /// `signatureAlgorithm`; the value is ECDSA over SHA-256 whatever it says.
    pub algorithm: &'a str,
    /// ESS attributes, whole.
    pub binding: Vec<Vec<u8>>,
    /// More signed attributes, whole.
    pub more: Vec<Vec<u8>>,
    /// Attributes in the order they are made, not sorted.
    pub unsorted: bool,
    /// No signed attributes at all.
    pub bare: bool,
    /// The same `SignerInfo` twice.
    pub twice: bool,
    /// Bytes behind the CMS.
    pub trailing: Vec<u8>,
}

/// An attribute with these values.
pub fn attribute(name: &str, values: &[&[u8]]) -> Vec<u8> {
    seq(&[&oid(name), &der(0x31, values)])
}

/// signing-certificate-v2 over a certificate.
pub fn binding(certificate: &[u8]) -> Vec<u8> {
    let id = seq(&[&seq(&[&seq(&[&der(4, &[&Sha256::digest(certificate)])])])]);
    attribute("1.2.840.113549.1.9.16.2.47", &[&id])
}

/// signing-certificate (v1) over a certificate.
pub fn old_binding(certificate: &[u8]) -> Vec<u8> {
    let id = seq(&[&seq(&[&seq(&[&der(4, &[&Sha1::digest(certificate)])])])]);
    attribute("1.2.840.113549.1.9.16.2.12", &[&id])
}

/// cmsAlgorithmProtection.
pub fn protection(digest: &str, algorithm: &str) -> Vec<u8> {
    let value = seq(&[&seq(&[&oid(digest)]), &der(0xa1, &[&oid(algorithm)])]);
    attribute("1.2.840.113549.1.9.52", &[&value])
}

/// message-digest over a message.
pub fn digested(kind: &str, message: &[u8]) -> Vec<u8> {
    let digest = match kind {
        SHA_1 => Sha1::digest(message).to_vec(),
        SHA_384 => Sha384::digest(message).to_vec(),
        _ => Sha256::digest(message).to_vec(),
    };
    attribute("1.2.840.113549.1.9.4", &[&der(4, &[&digest])])
}

impl Forged<'_> {
    pub fn new() -> Self {
        Forged {
            signer: &PEOPLE.signer,
            serial: SIGNER,
            kind: DATA,
            stated: Some(DATA),
            digest: SHA_256,
            algorithm: ECDSA_SHA_256,
            binding: vec![binding(&PEOPLE.signer.certificate)],
            more: Vec::new(),
            unsorted: false,
            bare: false,
            twice: false,
            trailing: Vec::new(),
        }
    }

    pub fn cms(&self, message: &[u8]) -> Vec<u8> {
        let mut list = self.more.clone();
        list.extend(self.binding.clone());
        list.push(digested(self.digest, message));
        if let Some(kind) = self.stated {
            list.push(attribute("1.2.840.113549.1.9.3", &[&oid(kind)]));
        }
        let attributes = if self.unsorted {
            list.concat()
        } else {
            set_of(list)
        };
        let (signed, written) = if self.bare {
            (message.to_vec(), Vec::new())
        } else {
            (der(0x31, &[&attributes]), der(0xa0, &[&attributes]))
        };
        let info = seq(&[
            &der(2, &[&[1]]),
            &seq(&[&PEOPLE.root.name, &der(2, &[&[self.serial]])]),
            &seq(&[&oid(self.digest)]),
            &written,
            &seq(&[&oid(self.algorithm)]),
            &der(4, &[&value(&self.signer.key, &signed)]),
        ]);
        let infos = if self.twice {
            [info.clone(), info].concat()
        } else {
            info
        };
        let data = seq(&[
            &der(2, &[&[1]]),
            &der(0x31, &[&seq(&[&oid(self.digest)])]),
            &seq(&[&oid(self.kind)]),
            &der(0xa0, &[&self.signer.certificate]),
            &der(0x31, &[&infos]),
        ]);
        let mut whole = seq(&[&oid("1.2.840.113549.1.7.2"), &der(0xa0, &[&data])]);
        whole.extend(&self.trailing);
        whole
    }
}
