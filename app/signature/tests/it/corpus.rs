//! Public documents of many producers, when the corpus is on this machine: every one is signed or refused with a reason,
//! and what is signed keeps its pages for the reader that draws them.

use crate::support::pki::PKI;
use contract::appearance::{Appearance, AppearanceMode};
use contract::geometry::Rect;
use contract::value::{Base64, Timestamp};
use contract::worker::{PrepareRequest, Signability};
use hayro_syntax::Pdf;
use signature::{SignError, Terms, finish, inspect, prepare, prepare_on};
use std::path::Path;

const FOLDERS: [&str; 3] = [
    "../../../shared/corpus/pages",
    "../../../shared/corpus/signatures/dss",
    "../../../shared/corpus/signatures/pyhanko",
];

fn request(width: f64, height: f64) -> PrepareRequest {
    PrepareRequest {
        copies: Vec::new(),
        page: 0,
        rect: Rect {
            x: 2.0,
            y: 2.0,
            width,
            height,
        },
        timestamped: false,
        appearance: Appearance {
            mode: AppearanceMode::TextOnly,
            signer: "Trần Thị Thử".into(),
            signed_at: Timestamp(1_795_000_000_000),
            shows_time: true,
            issuer: None,
            masked_id: None,
            serial: None,
            reason: None,
            location: None,
        },
        certificate: Base64(PKI.p256.certificate.clone()),
        chain: PKI.p256.chain.iter().cloned().map(Base64).collect(),
    }
}

fn page_count(bytes: &[u8]) -> Option<usize> {
    Pdf::new(bytes.to_vec()).ok().map(|pdf| pdf.pages().len())
}

#[test]
fn every_document_of_the_corpus_is_signed_or_refused_and_keeps_its_pages() {
    let (mut signed_count, mut refused) = (0, 0);
    for folder in FOLDERS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let Ok(entries) = std::fs::read_dir(&folder) else {
            println!("skipped: no corpus at {}", folder.display());
            continue;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "pdf") {
                continue;
            }
            let name = path.display();
            let bytes = std::fs::read(&path).unwrap();
            let inspection = inspect(&bytes).ok();
            let ready = inspection
                .as_ref()
                .is_some_and(|inspection| inspection.signability == Signability::Ready);
            let mut outcome = [(120.0, 50.0), (60.0, 20.0), (20.0, 13.0)]
                .map(|(width, height)| prepare(&bytes, &request(width, height), None))
                .into_iter()
                .reduce(|large, small| large.or(small))
                .unwrap();
            if outcome == Err(SignError::BoxForbidden) {
                // Certified: what nobody sees is taken.
                let mut unseen = request(20.0, 13.0);
                unseen.appearance.mode = AppearanceMode::Invisible;
                outcome = prepare(&bytes, &unseen, None);
            }
            if ready
                && outcome == Err(SignError::NotSignable(Signability::CertifiedNoChanges))
                && let Some(waiting) = inspection.and_then(|mut found| found.waiting.pop())
            {
                // All is locked but a field that waits.
                let terms = Terms {
                    field: Some(waiting.name),
                    ..Terms::default()
                };
                outcome = prepare_on(&bytes, &request(20.0, 13.0), None, &terms);
            }
            let (prepared, made) = match outcome {
                Ok(made) => made,
                Err(error) => {
                    assert!(!ready || error == SignError::BoxUnusable, "{name}: {error}");
                    refused += 1;
                    continue;
                }
            };
            assert!(ready, "{name}: inspection and preparation agree");
            let value = PKI.p256.sign(&prepared.digest);
            let signed = finish(
                made,
                &prepared,
                &PKI.p256.certificate,
                &PKI.p256.issuers(),
                &value,
            )
            .unwrap();
            assert!(signed.starts_with(&bytes), "{name}");
            assert_eq!(page_count(&signed), page_count(&bytes), "{name}: pages");
            let fields = inspect(&signed).unwrap().fields;
            assert!(fields.contains(&prepared.field), "{name}: {fields:?}");
            signed_count += 1;
        }
    }
    println!("{signed_count} signed, {refused} refused");
}

#[test]
fn the_vietnamese_authorities_certificates_are_read_and_verified() {
    use der::DecodePem as _;
    use signature::certificate::{Facts, issued_by};
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/certificates");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("skipped: no certificates at {}", folder.display());
        return;
    };
    let all: Vec<Vec<u8>> = entries
        .map(|entry| std::fs::read(entry.unwrap().path()).unwrap())
        .map(|pem| der::Encode::to_der(&x509_cert::Certificate::from_pem(&pem).unwrap()).unwrap())
        .collect();
    for certificate in &all {
        let facts = Facts::read(certificate).unwrap();
        assert!(facts.is_ca && facts.key.is_some(), "{facts:?}");
        let issuers = all
            .iter()
            .filter(|issuer| issued_by(certificate, issuer))
            .count();
        println!(
            "{} issued by {}: {issuers} issuers here",
            facts.subject, facts.issuer
        );
        assert!(issuers > 0, "{}", facts.subject);
    }
}
