//! Writes every level with every algorithm in every way a file is kept into a folder, with the root that judges trust: for
//! `end2end/judge/matrix.py`.
//!
//! ```text
//! cargo run -p signature@0.1.0 --example matrix -- FOLDER
//! ```
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../tests/it/support/mod.rs"]
mod support;

use contract::value::Timestamp;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};
use support::matrix::{ALGORITHMS, KINDS, LEVELS, cell};
use support::people::PEOPLE;

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).expect("a folder"));
    std::fs::create_dir_all(&folder).expect("made");
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = Timestamp(i64::try_from(elapsed.expect("after 1970").as_millis()).expect("soon"));
    for algorithm in ALGORITHMS {
        for (level, wanted) in LEVELS {
            for kind in KINDS {
                let (bytes, report) = cell(algorithm, wanted, kind, now);
                println!("{algorithm} {level} {kind}: {:?}", report.verdict);
                std::fs::write(
                    folder.join(format!("{algorithm}_{level}_{kind}.pdf")),
                    bytes,
                )
                .expect("written");
            }
        }
    }
    let pem = der::pem::encode_string(
        "CERTIFICATE",
        der::pem::LineEnding::LF,
        &PEOPLE.root.certificate,
    );
    std::fs::write(folder.join("root.pem"), pem.expect("encodable")).expect("written");
}
