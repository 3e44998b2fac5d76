//! Signs a PDF with a freshly made test key and writes the root beside it, for trying things out.
//!
//! ```text
//! cargo run -p signature --example sign -- FILE.pdf OUT.pdf [--key rsa|p256|p384] [--page 0] [--box x,y,width,height]
//!     [--image FILE] [--mode text|image|both|invisible] [--reason TEXT] [--location TEXT] [--serial] [--copies 1,2] [--other]
//! python ../shared/tools/verify_signed.py OUT.pdf OUT.root.pem
//! ```
//!
//! `--copies` draws marks at the same place of these pages, `--serial` shows the certificate's number. `--other` returns the value in the key's other form: RSA-PSS, ECDSA as raw `r || s`.
//! The three steps of a remote signature are all here: prepare, let somebody else sign the digest, finish.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../tests/it/support/mod.rs"]
mod support;

use contract::appearance::{Appearance, AppearanceMode};
use contract::geometry::Rect;
use contract::value::{Base64, Timestamp};
use contract::worker::PrepareRequest;
use signature::certificate::Facts;
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use support::pki::PKI;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    let [input, output, ..] = arguments.as_slice() else {
        eprintln!("usage: sign FILE.pdf OUT.pdf [options], see the head of examples/sign.rs");
        std::process::exit(2);
    };
    let signer = match option("--key").as_deref() {
        None | Some("rsa") => &PKI.rsa,
        Some("p256") => &PKI.p256,
        Some("p384") => &PKI.p384,
        Some(other) => panic!("no key of kind {other}"),
    };
    let corners: Vec<f64> = option("--box")
        .unwrap_or_else(|| "300,640,220,90".into())
        .split(',')
        .map(|number| number.parse().expect("a number"))
        .collect();
    let facts = Facts::read(&signer.certificate).expect("a certificate");
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970");
    let request = PrepareRequest {
        copies: option("--copies").map_or_else(Vec::new, |pages| {
            let rect = Rect {
                x: corners[0],
                y: corners[1],
                width: corners[2],
                height: corners[3],
            };
            pages
                .split(',')
                .map(|page| (page.parse().expect("a page number from 0"), rect))
                .collect()
        }),
        page: option("--page").map_or(0, |page| page.parse().expect("a page number from 0")),
        rect: Rect {
            x: corners[0],
            y: corners[1],
            width: corners[2],
            height: corners[3],
        },
        timestamped: false,
        appearance: Appearance {
            mode: match option("--mode").as_deref() {
                Some("image") => AppearanceMode::ImageOnly,
                Some("invisible") => AppearanceMode::Invisible,
                Some("both") => AppearanceMode::ImageAndText,
                _ => AppearanceMode::TextOnly,
            },
            signer: facts.subject,
            signed_at: Timestamp(i64::try_from(now.as_millis()).expect("this century")),
            shows_time: true,
            issuer: Some(facts.issuer),
            masked_id: facts.citizen_id.map(|id| id.masked()),
            serial: arguments
                .iter()
                .any(|argument| argument == "--serial")
                .then(|| facts.serial.to_string()),
            reason: option("--reason"),
            location: option("--location"),
        },
        certificate: Base64(signer.certificate.clone()),
        chain: signer.chain.iter().cloned().map(Base64).collect(),
    };
    let image = option("--image").map(|path| std::fs::read(path).expect("an image"));
    let document = std::fs::read(input).expect("a file");

    let inspection = signature::inspect(&document).expect("a PDF");
    println!("{inspection:?}");
    let start = Instant::now();
    let (prepared, bytes) = match signature::prepare(&document, &request, image.as_deref()) {
        Ok(prepared) => prepared,
        Err(error) => {
            eprintln!("{error}");
            std::process::exit(1);
        }
    };
    println!(
        "prepared {} bytes in {:?}; to be signed: {}",
        bytes.len(),
        start.elapsed(),
        prepared.digest
    );
    let value = if arguments.iter().any(|argument| argument == "--other") {
        signer.sign_otherwise(&prepared.digest)
    } else {
        signer.sign(&prepared.digest)
    };
    let start = Instant::now();
    let signed = signature::finish(
        bytes,
        &prepared,
        &signer.certificate,
        &signer.issuers(),
        &value,
    )
    .expect("a value that fits");
    println!(
        "finished in {:?}: field {}",
        start.elapsed(),
        prepared.field
    );
    std::fs::write(output, signed).expect("written");
    let root = output.strip_suffix(".pdf").unwrap_or(output);
    std::fs::write(format!("{root}.root.pem"), pem(&PKI.root)).expect("written");
}

/// A certificate as PEM.
fn pem(der: &[u8]) -> String {
    der::pem::encode_string("CERTIFICATE", der::pem::LineEnding::LF, der).expect("encodable")
}
