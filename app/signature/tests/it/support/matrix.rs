//! Every level with every algorithm in every way a file is kept: what this crate writes, for its own validator and for outside judges.

use super::authority::{Says, usage};
use super::base::Draft;
use super::people::{PEOPLE, STAMPER};
use super::pki::{Key, PKI, Signer};
use super::signing::{BOX, request};
use contract::validation::{Level, ValidationReport};
use contract::value::{Base64, Timestamp, VietnamTime};
use contract::worker::SigningEvidence;
use p256::pkcs8::EncodePublicKey as _;
use signature::archive::{complete_timestamp, prepare_timestamp};
use signature::timestamp::{digest_query, timestamp_query};
use signature::{Permitted, Signed, Terms, complete, prepare_on};

/// Names of algorithms, levels and ways to keep a file.
pub const ALGORITHMS: [&str; 4] = ["rsa", "pss", "p256", "p384"];
pub const LEVELS: [(&str, Level); 4] = [
    ("B-B", Level::BB),
    ("B-T", Level::BT),
    ("B-LT", Level::BLt),
    ("B-LTA", Level::BLta),
];
pub const KINDS: [&str; 6] = [
    "table",
    "stream",
    "hybrid",
    "encrypted",
    "certified",
    "pdf-2",
];

/// A signer of the people's authority with such a key, and its serial number.
fn signer(algorithm: &str) -> (Signer, u8) {
    let key = match algorithm {
        "rsa" | "pss" => PKI.rsa.key.clone(),
        "p256" => PKI.p256.key.clone(),
        _ => PKI.p384.key.clone(),
    };
    let (serial, info) = match &key {
        Key::Rsa(key) => (60, key.to_public_key().to_public_key_der()),
        Key::P256(key) => (61, key.verifying_key().to_public_key_der()),
        Key::P384(key) => (62, key.verifying_key().to_public_key_der()),
    };
    let says = Says::new("Nguoi ky", serial, vec![usage(0xc0)]);
    let signer = Signer {
        certificate: PEOPLE.root.certify(&says, info.unwrap().as_bytes()),
        chain: vec![PEOPLE.root.certificate.clone()],
        key,
    };
    (signer, serial)
}

fn base(kind: &str) -> Vec<u8> {
    let draft = Draft::new(&["", ""]);
    let id = "/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]";
    match kind {
        "stream" => draft.stream(),
        "hybrid" => draft.hybrid(),
        "pdf-2" => draft.table_with("2.0", id),
        // Everybody may read it; its owner permits signing.
        "encrypted" => {
            include_bytes!("../../../../document/tests/it/encrypted/aes-256-open.pdf").to_vec()
        }
        _ => draft.table(),
    }
}

/// Signs at a level, at a moment; what the validator says of it with trust in the people's root.
pub fn cell(
    algorithm: &str,
    level: Level,
    kind: &str,
    now: Timestamp,
) -> (Vec<u8>, ValidationReport) {
    let (signer, serial) = signer(algorithm);
    let mut asked = request(&signer, 0, BOX);
    asked.appearance.signed_at = now;
    asked.timestamped = level >= Level::BT;
    let terms = Terms {
        certify: (kind == "certified").then_some(Permitted::Forms),
        password: (kind == "encrypted").then(|| "chu".to_owned()),
        ..Terms::default()
    };
    let (prepared, bytes) = prepare_on(&base(kind), &asked, None, &terms).unwrap();
    let value = if algorithm == "pss" {
        signer.sign_otherwise(&prepared.digest)
    } else {
        signer.sign(&prepared.digest)
    };
    let (today, later) = (utc(now), utc(Timestamp(now.0 + 86_400_000)));
    let answered = |query: &[u8]| {
        PEOPLE
            .stamper
            .answer(query, &today, &PEOPLE.root, STAMPER, &[])
    };
    let mut evidence = SigningEvidence::default();
    if level >= Level::BT {
        evidence.timestamp = Some(Base64(answered(&timestamp_query(&value, &[1, 2, 3, 4]))));
    }
    if level >= Level::BLt {
        let answer = PEOPLE
            .responder
            .ocsp(&PEOPLE.root, serial, None, &today, &later);
        evidence.crls = vec![Base64(PEOPLE.root.crl(&today, &later, &[]))];
        evidence.ocsp = vec![Base64(answer)];
    }
    let signed = Signed {
        prepared: &prepared,
        certificate: &signer.certificate,
        chain: &signer.issuers(),
        password: terms.password.as_deref().unwrap_or_default(),
        value: &value,
    };
    let done = complete(bytes, &signed, &evidence, &PEOPLE.trust(), now).unwrap();
    if level < Level::BLta {
        return (done.bytes, done.report);
    }
    let (prepared, bytes) = prepare_timestamp(&done.bytes).unwrap();
    let reply = answered(&digest_query(&prepared.digest, &[9, 9]));
    let done = complete_timestamp(bytes, &prepared, &reply, &PEOPLE.trust(), now).unwrap();
    (done.bytes, done.report)
}

/// `YYYYMMDDHHMMSSZ`.
fn utc(at: Timestamp) -> String {
    let time = VietnamTime::from(Timestamp(at.0 - 7 * 3_600_000));
    format!(
        "{:04}{:02}{:02}{:02}{:02}{:02}Z",
        time.year, time.month, time.day, time.hour, time.minute, time.second
    )
}
