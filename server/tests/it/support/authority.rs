//! A certification authority whose certificates send those who believe them wherever a test wants.

use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{DerSignature, SigningKey};
use p256::pkcs8::EncodePublicKey as _;

fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let mut out = vec![tag];
    match u16::try_from(content.len()).expect("short") {
        short @ 0..0x80 => out.push(u8::try_from(short).expect("short")),
        long @ 0x80..0x100 => out.extend([0x81, u8::try_from(long).expect("a byte")]),
        long => {
            out.push(0x82);
            out.extend(long.to_be_bytes());
        }
    }
    out.extend(content);
    out
}

fn seq(parts: &[&[u8]]) -> Vec<u8> {
    der(0x30, parts)
}

fn oid(hex_digits: &str) -> Vec<u8> {
    der(6, &[&hex::decode(hex_digits).expect("hex")])
}

fn name(text: &str) -> Vec<u8> {
    let attribute = seq(&[&oid("550403"), &der(0x0c, &[text.as_bytes()])]);
    seq(&[&der(0x31, &[&attribute])])
}

fn extension(number: &str, value: &[u8]) -> Vec<u8> {
    seq(&[&oid(number), &der(4, &[value])])
}

fn uri(address: &str) -> Vec<u8> {
    der(0x86, &[address.as_bytes()])
}

/// The authority.
pub struct Authority {
    key: SigningKey,
    pub root: Vec<u8>,
}

impl Authority {
    pub fn new() -> Self {
        Self::of(7)
    }

    /// Another one of the same name.
    pub fn of(seed: u8) -> Self {
        let key = SigningKey::from_slice(&[seed; 32]).expect("a key");
        let constraints = extension("551d13", &seq(&[&der(1, &[&[0xff]])]));
        let root = certificate(&key, 1, "Goc thu nghiem", &[constraints]);
        Self { key, root }
    }

    /// A certificate that names these addresses for OCSP and for its revocation list.
    pub fn issue(&self, serial: u8, ocsp: &[&str], lists: &[&str]) -> Vec<u8> {
        let ways: Vec<u8> = ocsp
            .iter()
            .flat_map(|address| seq(&[&oid("2b06010505073001"), &uri(address)]))
            .collect();
        let points: Vec<u8> = lists
            .iter()
            .flat_map(|address| seq(&[&der(0xa0, &[&der(0xa0, &[&uri(address)])])]))
            .collect();
        let mut extensions = vec![extension("551d0f", &der(3, &[&[6, 0xc0]]))];
        if !ocsp.is_empty() {
            extensions.push(extension("2b06010505070101", &seq(&[&ways])));
        }
        if !lists.is_empty() {
            extensions.push(extension("551d1f", &seq(&[&points])));
        }
        certificate(&self.key, serial, "Nguoi thu nghiem", &extensions)
    }
}

/// All keys are the authority's: nobody signs anything with them.
fn certificate(key: &SigningKey, serial: u8, subject: &str, extensions: &[Vec<u8>]) -> Vec<u8> {
    let algorithm = seq(&[&oid("2a8648ce3d040302")]);
    let moment = |text: &str| der(0x18, &[text.as_bytes()]);
    let info = key.verifying_key().to_public_key_der().expect("a key");
    let extensions = seq(&[&extensions.concat()]);
    let body = seq(&[
        &der(0xa0, &[&der(2, &[&[2]])]),
        &der(2, &[&[serial]]),
        &algorithm,
        &name("Goc thu nghiem"),
        &seq(&[&moment("20200101000000Z"), &moment("20400101000000Z")]),
        &name(subject),
        info.as_bytes(),
        &der(0xa3, &[&extensions]),
    ]);
    let value: DerSignature = key.sign(&body);
    seq(&[&body, &algorithm, &der(3, &[&[0], value.as_bytes()])])
}
