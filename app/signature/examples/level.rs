//! Signs a PDF at a level, with an authority, timestamps and revocation data made up on the spot, and writes the root beside it.
//!
//! ```text
//! cargo run -p signature@0.1.0 --example level -- FILE.pdf OUT.pdf B-B|B-T|B-LT|B-LTA [--times 2]
//!     [--field NAME] [--certify 1|2|3] [--lock NAME,NAME|all] [--unseen] [--password WORD]
//! python ../shared/tools/verify_signed.py OUT.pdf OUT.root.pem --expect-profile B-LT
//! ```
//!
//! `--times` signs again what was signed, each signature at that level. `--field` takes a field that waits, `--certify` and `--lock` count
//! for the first signature, `--unseen` leaves the box away. With the root of an earlier run beside it, a file can be signed in turns: the
//! people are always the same.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../tests/it/support/mod.rs"]
mod support;

use contract::appearance::AppearanceMode;
use contract::geometry::Rect;
use contract::value::{Base64, Timestamp, VietnamTime};
use contract::worker::SigningEvidence;
use signature::archive::{complete_timestamp, prepare_timestamp};
use signature::timestamp::{digest_query, read_timestamp, timestamp_query};
use signature::{FieldLock, Permitted, Signed, Terms, complete, prepare_on};
use std::time::{SystemTime, UNIX_EPOCH};
use support::people::{PEOPLE, SIGNER, STAMPER};
use support::signing::{BOX, request};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [input, output, level, ..] = arguments.as_slice() else {
        eprintln!("usage: level FILE.pdf OUT.pdf LEVEL, see the head of examples/level.rs");
        std::process::exit(2);
    };
    let option = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    let times: u8 = option("--times").map_or(1, |times| times.parse().expect("a number"));
    let mut terms = Terms {
        field: option("--field"),
        certify: option("--certify").map(|level| match level.as_str() {
            "1" => Permitted::Nothing,
            "2" => Permitted::Forms,
            _ => Permitted::Annotations,
        }),
        lock: option("--lock").map(|names| match names.as_str() {
            "all" => FieldLock::All,
            names => FieldLock::Only(names.split(',').map(str::to_owned).collect()),
        }),
        password: option("--password"),
    };
    let unseen = arguments.iter().any(|argument| argument == "--unseen");
    let mut document = std::fs::read(input).expect("a file");
    for time in 0..times {
        document = signed(&document, level, time, unseen, &terms);
        terms = Terms {
            password: terms.password,
            ..Terms::default()
        };
    }
    std::fs::write(output, document).expect("written");
    let root = output.strip_suffix(".pdf").unwrap_or(output);
    let pem = der::pem::encode_string(
        "CERTIFICATE",
        der::pem::LineEnding::LF,
        &PEOPLE.root.certificate,
    );
    std::fs::write(format!("{root}.root.pem"), pem.expect("encodable")).expect("written");
}

fn signed(document: &[u8], level: &str, time: u8, unseen: bool, terms: &Terms) -> Vec<u8> {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = Timestamp(i64::try_from(elapsed.expect("after 1970").as_millis()).expect("soon"));
    let signer = PEOPLE.signing(&PEOPLE.signer);
    let rect = Rect {
        y: BOX.y + 90.0 * f64::from(time),
        ..BOX
    };
    let mut asked = request(&signer, 0, rect);
    asked.appearance.signed_at = now;
    asked.timestamped = level != "B-B";
    if unseen {
        asked.appearance.mode = AppearanceMode::Invisible;
    }
    let (prepared, bytes) = prepare_on(document, &asked, None, terms).expect("a PDF to sign");
    let value = signer.sign(&prepared.digest);
    let (today, later) = (utc(now), utc(Timestamp(now.0 + 86_400_000)));
    let mut evidence = SigningEvidence::default();
    if asked.timestamped {
        let query = timestamp_query(&value, &[time, 2, 3, 4, 5, 6, 7, 8]);
        let reply = PEOPLE
            .stamper
            .answer(&query, &today, &PEOPLE.root, STAMPER, &[]);
        read_timestamp(&query, &reply, &[]).expect("a timestamp");
        evidence.timestamp = Some(Base64(reply));
    }
    if level.starts_with("B-LT") {
        evidence.crls = vec![Base64(PEOPLE.root.crl(&today, &later, &[]))];
        let answer = PEOPLE
            .responder
            .ocsp(&PEOPLE.root, SIGNER, None, &today, &later);
        evidence.ocsp = vec![Base64(answer)];
    }
    let signed = Signed {
        prepared: &prepared,
        certificate: &signer.certificate,
        chain: &signer.issuers(),
        password: terms.password.as_deref().unwrap_or_default(),
        value: &value,
    };
    let done = complete(bytes, &signed, &evidence, &PEOPLE.trust(), now).expect("signed");
    println!("{:?}, {:?}", done.level, done.report.verdict);
    if level != "B-LTA" {
        return done.bytes;
    }
    let (prepared, bytes) = prepare_timestamp(&done.bytes).expect("room");
    let query = digest_query(&prepared.digest, &[time, 9, 9, 9]);
    let reply = PEOPLE
        .stamper
        .answer(&query, &today, &PEOPLE.root, STAMPER, &[]);
    let done = complete_timestamp(bytes, &prepared, &reply, &PEOPLE.trust(), now);
    let done = done.expect("a timestamp");
    println!("{:?}", done.report.verdict);
    done.bytes
}

/// `YYYYMMDDHHMMSSZ`.
fn utc(at: Timestamp) -> String {
    let time = VietnamTime::from(Timestamp(at.0 - 7 * 3_600_000));
    format!(
        "{:04}{:02}{:02}{:02}{:02}{:02}Z",
        time.year, time.month, time.day, time.hour, time.minute, time.second
    )
}
