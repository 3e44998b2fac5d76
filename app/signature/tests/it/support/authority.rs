//! Certificates, revocation lists, OCSP answers, timestamps and signatures written in DER by hand, so that each can be wrong in one way.

use p256::ecdsa::{Signature, SigningKey};
use p256::elliptic_curve::Generate;
use p256::pkcs8::EncodePublicKey;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rsa::signature::hazmat::PrehashSigner;
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// A DER value.
pub fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut out = vec![tag];
    match length {
        0..0x80 => out.push(u8::try_from(length).unwrap()),
        0x80..0x100 => out.extend([0x81, u8::try_from(length).unwrap()]),
        _ => {
            out.push(0x82);
            out.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
    }
    out.extend(parts.concat());
    out
}

pub fn seq(parts: &[&[u8]]) -> Vec<u8> {
    der(0x30, parts)
}

pub fn oid(text: &str) -> Vec<u8> {
    der(
        6,
        &[const_oid::ObjectIdentifier::new_unwrap(text).as_bytes()],
    )
}

pub fn set_of(mut parts: Vec<Vec<u8>>) -> Vec<u8> {
    parts.sort();
    parts.concat()
}

/// `YYYYMMDDHHMMSSZ`.
pub fn time(text: &str) -> Vec<u8> {
    der(0x18, &[text.as_bytes()])
}

const SHA_256: &str = "2.16.840.1.101.3.4.2.1";
const ECDSA_SHA_1: &str = "1.2.840.10045.4.1";
const ECDSA_SHA_256: &str = "1.2.840.10045.4.3.2";

/// Somebody with a key and a certificate.
pub struct Party {
    pub key: SigningKey,
    pub certificate: Vec<u8>,
    pub name: Vec<u8>,
}

/// What a certificate says.
pub struct Says<'a> {
    pub name: &'a str,
    pub serial: u8,
    pub from: &'a str,
    pub to: &'a str,
    pub extensions: Vec<Vec<u8>>,
}

impl<'a> Says<'a> {
    pub fn new(name: &'a str, serial: u8, extensions: Vec<Vec<u8>>) -> Self {
        Self {
            name,
            serial,
            from: "20200101000000Z",
            to: "20400101000000Z",
            extensions,
        }
    }
}

/// An extension by its number.
pub fn extension(name: &str, critical: bool, value: &[u8]) -> Vec<u8> {
    let flag = if critical {
        der(1, &[&[0xff]])
    } else {
        Vec::new()
    };
    seq(&[&oid(name), &flag, &der(4, &[value])])
}

/// basicConstraints of an issuer.
pub fn is_ca() -> Vec<u8> {
    extension("2.5.29.19", true, &seq(&[&der(1, &[&[0xff]])]))
}

/// keyUsage by its bits, e.g. `0xc0` digitalSignature and nonRepudiation, `0x06` keyCertSign and cRLSign.
pub fn usage(bits: u8) -> Vec<u8> {
    let unused = u8::try_from(bits.trailing_zeros()).unwrap();
    extension("2.5.29.15", true, &der(3, &[&[unused, bits]]))
}

/// extendedKeyUsage.
pub fn purposes(critical: bool, names: &[&str]) -> Vec<u8> {
    let names: Vec<u8> = names.iter().flat_map(|name| oid(name)).collect();
    extension("2.5.29.37", critical, &seq(&[&names]))
}

/// Something nobody understands.
pub fn strange(critical: bool) -> Vec<u8> {
    extension("1.3.6.1.4.1.99999.1", critical, &der(5, &[]))
}

fn name(text: &str) -> Vec<u8> {
    let attribute = seq(&[&oid("2.5.4.3"), &der(0x0c, &[text.as_bytes()])]);
    seq(&[&der(0x31, &[&attribute])])
}

fn algorithm() -> Vec<u8> {
    seq(&[&oid(ECDSA_SHA_256)])
}

pub fn value(key: &SigningKey, message: &[u8]) -> Vec<u8> {
    let value: Signature = key.sign_prehash(&Sha256::digest(message)).unwrap();
    value.to_der().as_bytes().to_vec()
}

fn signed(key: &SigningKey, body: &[u8]) -> Vec<u8> {
    let value = value(key, body);
    seq(&[body, &algorithm(), &der(3, &[&[0], &value])])
}

fn key(seed: u64) -> SigningKey {
    SigningKey::generate_from_rng(&mut StdRng::seed_from_u64(seed))
}

impl Party {
    /// A root.
    pub fn root(says: &Says<'_>) -> Self {
        let own = key(1000 + u64::from(says.serial));
        let certificate = certificate(says, &name(says.name), &own, &own);
        Self {
            name: name(says.name),
            key: own,
            certificate,
        }
    }

    /// Somebody this one certifies.
    pub fn issue(&self, says: &Says<'_>) -> Self {
        let own = key(u64::from(says.serial));
        let certificate = certificate(says, &self.name, &own, &self.key);
        Self {
            name: name(says.name),
            key: own,
            certificate,
        }
    }

    /// A certificate for a key of any kind, by its information.
    pub fn certify(&self, says: &Says<'_>, info: &[u8]) -> Vec<u8> {
        certificate_of(says, &self.name, info, &self.key)
    }

    /// Somebody this one certifies with SHA-1.
    pub fn issue_weakly(&self, says: &Says<'_>) -> Self {
        let own = key(u64::from(says.serial));
        let info = own.verifying_key().to_public_key_der().unwrap();
        let weak = seq(&[&oid(ECDSA_SHA_1)]);
        let body = body_of(says, &self.name, info.as_bytes(), &weak);
        let value: Signature = self.key.sign_prehash(&Sha1::digest(&body)).unwrap();
        let value = value.to_der().as_bytes().to_vec();
        Self {
            name: name(says.name),
            key: own,
            certificate: seq(&[&body, &weak, &der(3, &[&[0], &value])]),
        }
    }

    /// A revocation list of this issuer: serials with the time of their revocation.
    pub fn crl(&self, from: &str, next: &str, revoked: &[(u8, &str)]) -> Vec<u8> {
        let entries: Vec<u8> = revoked
            .iter()
            .flat_map(|(serial, at)| seq(&[&der(2, &[&[*serial]]), &time(at)]))
            .collect();
        let entries = if revoked.is_empty() {
            Vec::new()
        } else {
            seq(&[&entries])
        };
        let body = seq(&[
            &der(2, &[&[1]]),
            &algorithm(),
            &self.name,
            &time(from),
            &time(next),
            &entries,
        ]);
        signed(&self.key, &body)
    }

    /// An OCSP answer about a certificate of `issuer`, signed by this responder; revoked since, or good.
    pub fn ocsp(
        &self,
        issuer: &Self,
        serial: u8,
        revoked: Option<&str>,
        from: &str,
        next: &str,
    ) -> Vec<u8> {
        let info = issuer.key.verifying_key().to_public_key_der().unwrap();
        // The key's bits: the last 65 bytes of the information.
        let bits = &info.as_bytes()[info.as_bytes().len() - 65..];
        let id = seq(&[
            &seq(&[&oid("1.3.14.3.2.26"), &der(5, &[])]),
            &der(4, &[&Sha1::digest(&issuer.name)]),
            &der(4, &[&Sha1::digest(bits)]),
            &der(2, &[&[serial]]),
        ]);
        let status = revoked.map_or_else(|| der(0x80, &[]), |at| der(0xa1, &[&time(at)]));
        let single = seq(&[&id, &status, &time(from), &der(0xa0, &[&time(next)])]);
        let body = seq(&[&der(0xa1, &[&self.name]), &time(from), &seq(&[&single])]);
        let own_value = value(&self.key, &body);
        let basic = seq(&[
            &body,
            &algorithm(),
            &der(3, &[&[0], &own_value]),
            &der(0xa0, &[&seq(&[&self.certificate])]),
        ]);
        let bytes = seq(&[&oid("1.3.6.1.5.5.7.48.1.1"), &der(4, &[&basic])]);
        seq(&[&der(0x0a, &[&[0]]), &der(0xa0, &[&bytes])])
    }

    /// `SignedData` over detached or enclosed content, with certificates and unsigned attributes.
    pub fn cms(
        &self,
        message: &[u8],
        content: Option<(&str, &[u8])>,
        issuer: &Self,
        serial: u8,
        others: &[&[u8]],
        unsigned: &dyn Fn(&[u8]) -> Vec<u8>,
    ) -> Vec<u8> {
        let kind = content.map_or("1.2.840.113549.1.7.1", |(kind, _)| kind);
        let attribute = |name: &str, value: &[u8]| seq(&[&oid(name), &der(0x31, &[value])]);
        let binding = seq(&[&seq(&[&seq(&[&der(
            4,
            &[&Sha256::digest(&self.certificate)],
        )])])]);
        let attributes = set_of(vec![
            attribute("1.2.840.113549.1.9.3", &oid(kind)),
            attribute("1.2.840.113549.1.9.4", &der(4, &[&Sha256::digest(message)])),
            attribute("1.2.840.113549.1.9.16.2.47", &binding),
        ]);
        let own_value = value(&self.key, &der(0x31, &[&attributes]));
        let unsigned = unsigned(&own_value);
        let unsigned = if unsigned.is_empty() {
            unsigned
        } else {
            der(0xa1, &[&unsigned])
        };
        let digest = seq(&[&oid(SHA_256)]);
        let info = seq(&[
            &der(2, &[&[1]]),
            &seq(&[&issuer.name, &der(2, &[&[serial]])]),
            &digest,
            &der(0xa0, &[&attributes]),
            &algorithm(),
            &der(4, &[&own_value]),
            &unsigned,
        ]);
        let enclosed = match content {
            Some((_, bytes)) => der(0xa0, &[&der(4, &[bytes])]),
            None => Vec::new(),
        };
        let mut certificates = vec![self.certificate.clone()];
        certificates.extend(others.iter().map(|other| other.to_vec()));
        let data = seq(&[
            &der(2, &[&[3]]),
            &der(0x31, &[&digest]),
            &seq(&[&oid(kind), &enclosed]),
            &der(0xa0, &[&set_of(certificates)]),
            &der(0x31, &[&info]),
        ]);
        seq(&[&oid("1.2.840.113549.1.7.2"), &der(0xa0, &[&data])])
    }

    /// A timestamp token (RFC 3161) over a message.
    pub fn stamp(
        &self,
        message: &[u8],
        at: &str,
        issuer: &Self,
        serial: u8,
        others: &[&[u8]],
    ) -> Vec<u8> {
        let imprint = seq(&[&seq(&[&oid(SHA_256)]), &der(4, &[&Sha256::digest(message)])]);
        self.stamp_imprint(&imprint, &[], at, issuer, serial, others)
    }

    /// The same over an imprint as it is written, with a nonce.
    pub fn stamp_imprint(
        &self,
        imprint: &[u8],
        nonce: &[u8],
        at: &str,
        issuer: &Self,
        serial: u8,
        others: &[&[u8]],
    ) -> Vec<u8> {
        let info = seq(&[
            &der(2, &[&[1]]),
            &oid("1.2.3.4.1"),
            imprint,
            &der(2, &[&[7]]),
            &time(at),
            &seq(&[&der(2, &[&[1]])]), // accuracy of a second
            nonce,
        ]);
        self.cms(
            &info,
            Some(("1.2.840.113549.1.9.16.1.4", &info)),
            issuer,
            serial,
            others,
            &|_| Vec::new(),
        )
    }

    /// The answer to a `TimeStampReq`.
    pub fn answer(
        &self,
        query: &[u8],
        at: &str,
        issuer: &Self,
        serial: u8,
        others: &[&[u8]],
    ) -> Vec<u8> {
        // SEQUENCE, then a version of three bytes, then the imprint; what follows is a nonce, or the wish for a certificate.
        let body = &query[2..];
        let length = 2 + usize::from(body[4]);
        let (imprint, rest) = body[3..].split_at(length);
        let nonce = match rest {
            [2, length, ..] => &rest[..2 + usize::from(*length)],
            _ => &[],
        };
        let token = self.stamp_imprint(imprint, nonce, at, issuer, serial, others);
        seq(&[&seq(&[&der(2, &[&[0]])]), &token])
    }
}

/// The unsigned attribute that carries a timestamp token.
pub fn stamp_attribute(token: &[u8]) -> Vec<u8> {
    seq(&[&oid("1.2.840.113549.1.9.16.2.14"), &der(0x31, &[token])])
}

fn certificate(says: &Says<'_>, issuer: &[u8], own: &SigningKey, issuing: &SigningKey) -> Vec<u8> {
    let info = own.verifying_key().to_public_key_der().unwrap();
    certificate_of(says, issuer, info.as_bytes(), issuing)
}

fn certificate_of(says: &Says<'_>, issuer: &[u8], info: &[u8], issuing: &SigningKey) -> Vec<u8> {
    signed(issuing, &body_of(says, issuer, info, &algorithm()))
}

fn body_of(says: &Says<'_>, issuer: &[u8], info: &[u8], algorithm: &[u8]) -> Vec<u8> {
    let extensions = der(0xa3, &[&seq(&[&says.extensions.concat()])]);
    seq(&[
        &der(0xa0, &[&der(2, &[&[2]])]),
        &der(2, &[&[says.serial]]),
        algorithm,
        issuer,
        &seq(&[&time(says.from), &time(says.to)]),
        &name(says.name),
        info,
        &extensions,
    ])
}
