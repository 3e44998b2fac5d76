//! Measures preparing, embedding and validating on this machine; run by `cargo xtask bench sign`.
//!
//! ```text
//! cargo run --release -p signature --example measure -- FOLDER
//! ```
//!
//! Reads every `NAME.pdf` of the folder, signs it once and twice (`signed/NAME.once.pdf`, `signed/NAME.twice.pdf`, so that others
//! measure the same files), and writes `native.json` (milliseconds, medians) and `material.json` (key, certificates and request,
//! for the measurements in Chromium and by pyHanko; the key is made up and of no use anywhere else).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../tests/it/support/mod.rs"]
mod support;

use contract::provider::Trust;
use contract::validation::Verdict;
use contract::value::{Base64, Timestamp};
use contract::worker::PreparedSignature;
use document::Document;
use rsa::pkcs8::EncodePrivateKey as _;
use serde_json::json;
use sha2::Digest as _;
use signature::Terms;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use support::pki::{Key, PKI, Signer};
use support::signing::{BOX, request};

/// Within the certificates' validity.
const NOW: Timestamp = Timestamp(1_795_000_000_000);

fn main() {
    let folder = std::env::args().nth(1).expect("a folder with PDFs");
    let folder = Path::new(&folder);
    let made = folder.join("signed");
    std::fs::create_dir_all(&made).expect("a folder for the signed files");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("readable")
        .filter_map(|entry| {
            let name = entry.ok()?.file_name().into_string().ok()?;
            name.strip_suffix(".pdf").map(str::to_owned)
        })
        .collect();
    names.sort();
    let rows: Vec<serde_json::Value> = names
        .iter()
        .map(|name| {
            let bytes = std::fs::read(folder.join(format!("{name}.pdf"))).expect("a file");
            let row = measure(name, &bytes, &made);
            println!("  {row}");
            row
        })
        .collect();
    std::fs::write(
        folder.join("native.json"),
        serde_json::to_vec_pretty(&rows).expect("JSON"),
    )
    .expect("written");
    let Key::Rsa(key) = &PKI.rsa.key else {
        panic!("the signer's key is RSA")
    };
    let material = json!({
        "request": request(&PKI.rsa, 0, BOX),
        "root": Base64(PKI.root.clone()),
        "certificate": Base64(PKI.rsa.certificate.clone()),
        "chain": PKI.rsa.chain.iter().cloned().map(Base64).collect::<Vec<_>>(),
        "key": Base64(key.to_pkcs8_der().expect("encodable").as_bytes().to_vec()),
        "now": NOW,
    });
    std::fs::write(
        folder.join("material.json"),
        serde_json::to_vec(&material).expect("JSON"),
    )
    .expect("written");
}

/// All figures of one file. What is measured takes turns, so that a busy moment of the machine falls on all of it.
fn measure(name: &str, bytes: &[u8], made: &Path) -> serde_json::Value {
    let turns = turns(bytes.len());
    let signer = &PKI.rsa;
    let first = request(signer, 0, BOX);
    let (prepared, empty) = signature::prepare(bytes, &first, None).expect("prepared");
    let value = signer.sign(&prepared.digest);
    let once = embedded(empty.clone(), &prepared, signer, &value);
    let mut second = request(&PKI.p256, 0, BOX);
    second.rect.y += BOX.height + 10.0;
    let (again, more) = signature::prepare(&once, &second, None).expect("prepared");
    let other_value = PKI.p256.sign(&again.digest);
    let twice = embedded(more, &again, &PKI.p256, &other_value);
    std::fs::write(made.join(format!("{name}.once.pdf")), &once).expect("written");
    std::fs::write(made.join(format!("{name}.twice.pdf")), &twice).expect("written");
    let mut times = [const { Vec::new() }; 9];
    let ready = Arc::new(empty.clone());
    for _ in 0..turns {
        // Whoever reads a file owns its bytes: the copies that the turns take are made before their clocks run.
        let mut read = Vec::with_capacity(bytes.len() + signature::ROOM);
        read.extend_from_slice(bytes);
        let (copy, other) = (empty.clone(), empty.clone());
        let [
            hash,
            value_one,
            value_two,
            prepare,
            reopen,
            embed,
            complete,
            validate,
            both,
        ] = &mut times;
        timed(hash, || sha2::Sha256::digest(bytes));
        let both_values = [
            (signer, &prepared, &value),
            (&PKI.p256, &again, &other_value),
        ];
        timed(value_one, || verified(&both_values[..1]));
        timed(value_two, || verified(&both_values));
        timed(prepare, || {
            signature::prepare_owned(read, &first, None, &Terms::default()).expect("prepared")
        });
        timed(reopen, || {
            let again = Document::open(ready.clone(), None).expect("opened");
            assert!(again.page_count() > 0);
        });
        timed(embed, || embedded(copy, &prepared, signer, &value));
        timed(complete, || completed(other, &prepared, signer, &value));
        timed(validate, || good(&once, 1));
        timed(both, || good(&twice, 2));
    }
    let [
        hash,
        values,
        values_two,
        prepare,
        reopen,
        embed,
        complete,
        validate,
        both,
    ] = times.map(median);
    json!({
        "name": name, "bytes": bytes.len(), "turns": turns, "hash": hash, "values": values, "values_two": values_two, "prepare": prepare, "reopen": reopen, "embed": embed, "complete": complete,
        "validate": validate, "validate_two": both,
    })
}

/// Verifies the values of signatures, and each certificate above them once: the arithmetic that no validation can do without.
fn verified(signatures: &[(&Signer, &PreparedSignature, &Vec<u8>)]) {
    let mut known: Vec<&[u8]> = Vec::new();
    for (signer, prepared, value) in signatures {
        signature::verify_value(&signer.certificate, &prepared.digest, value).expect("holds");
        let issuers = signer.issuers();
        let mut child = signer.certificate.as_slice();
        for issuer in issuers.into_iter().chain([PKI.root.as_slice()]) {
            if child != PKI.root && !known.contains(&child) {
                assert!(signature::certificate::issued_by(child, issuer));
                known.push(child);
            }
            child = issuer;
        }
    }
}

/// Fewer turns where each takes long.
const fn turns(bytes: usize) -> usize {
    match bytes {
        0..100_000 => 101,
        100_000..3_000_000 => 31,
        _ => 11,
    }
}

fn embedded(
    empty: Vec<u8>,
    prepared: &PreparedSignature,
    signer: &Signer,
    value: &[u8],
) -> Vec<u8> {
    signature::finish(
        empty,
        prepared,
        &signer.certificate,
        &signer.issuers(),
        value,
    )
    .expect("a value that fits")
}

/// Embeds and validates, as the page's worker does.
fn completed(
    empty: Vec<u8>,
    prepared: &PreparedSignature,
    signer: &Signer,
    value: &[u8],
) -> signature::Completed {
    let signed = signature::Signed {
        prepared,
        certificate: &signer.certificate,
        chain: &signer.issuers(),
        value,
        password: "",
    };
    let none = contract::worker::SigningEvidence::default();
    signature::complete(empty, &signed, &none, &trust(), NOW).expect("a value that fits")
}

fn trust() -> Trust {
    Trust {
        roots: vec![Base64(PKI.root.clone())],
    }
}

/// Validates; what is measured has to be right.
fn good(bytes: &[u8], signatures: usize) {
    let report = signature::validate(bytes, &trust(), NOW);
    assert_eq!(report.signatures.len(), signatures);
    assert_eq!(report.verdict, Verdict::Valid, "{report:?}");
}

/// Adds the milliseconds that some work takes.
fn timed<T>(times: &mut Vec<f64>, work: impl FnOnce() -> T) {
    let start = Instant::now();
    let made = black_box(work());
    times.push(start.elapsed().as_secs_f64() * 1000.0);
    drop(made);
}

/// The one in the middle.
fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}
