//! Writes seeds for the fuzz targets `certificate`, `timestamp`, `cms` and `revision` into a folder for each (see `cargo xtask fuzz`).
//!
//! ```text
//! cargo run -p signature@0.1.0 --example seeds -- FOLDER
//! ```
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../tests/support/mod.rs"]
mod support;

use contract::validation::Level;
use signature::archive::{complete_timestamp, prepare_timestamp};
use signature::timestamp::{digest_query, timestamp_query};
use std::path::Path;
use support::base::Draft;
use support::begun::{Begun, NONCE, NOW, STAMPED, answer};
use support::handmade::certified;
use support::people::{PEOPLE, SIGNER, STAMPER};
use support::signing::BOX;

fn main() {
    let folder = std::env::args().nth(1).expect("a folder");
    let write = |target: &str, name: &str, bytes: &[u8]| {
        let folder = Path::new(&folder).join(target);
        std::fs::create_dir_all(&folder).expect("made");
        std::fs::write(folder.join(name), bytes).expect("written");
    };
    for (name, party) in [
        ("root", &PEOPLE.root),
        ("signer", &PEOPLE.signer),
        ("stamper", &PEOPLE.stamper),
        ("responder", &PEOPLE.responder),
    ] {
        write("certificate", name, &party.certificate);
    }
    let value: Vec<u8> = (0..=255).collect();
    let query = timestamp_query(&value, &NONCE);
    write(
        "timestamp",
        "own",
        &answer(&PEOPLE.stamper, STAMPER, &query, &[]),
    );
    write(
        "timestamp",
        "openssl",
        include_bytes!("../tests/data/openssl.tsr"),
    );

    let cms = |token: &dyn Fn(&[u8]) -> Vec<u8>| {
        PEOPLE
            .signer
            .cms(b"x", None, &PEOPLE.root, SIGNER, &[], token)
    };
    let stamp = |message: &[u8]| {
        PEOPLE
            .stamper
            .stamp(message, STAMPED, &PEOPLE.root, STAMPER, &[])
    };
    let plain = cms(&|_| Vec::new());
    let stamped = cms(&|value| support::authority::stamp_attribute(&stamp(value)));
    for (name, kind, value) in [
        ("plain", 0, plain),
        ("stamped", 0, stamped),
        ("document", 1, stamp(b"x")),
    ] {
        write("cms", name, &[&[kind], value.as_slice()].concat());
    }

    let draft = Draft::new(&[""]);
    for (name, base) in [
        ("table", draft.table()),
        ("stream", draft.stream()),
        ("hybrid", draft.hybrid()),
    ] {
        // Without room for a timestamp: zeros make slow seeds.
        let begun = Begun::new(&base, false, BOX);
        let mut evidence = begun.at_level(Level::BLt);
        evidence.timestamp = None;
        let once = begun.complete(&evidence).expect("signed").bytes;
        let box_above = contract::geometry::Rect { y: 140.0, ..BOX };
        let again = Begun::new(&once, false, box_above);
        let twice = again
            .complete(&again.at_level(Level::BB))
            .expect("signed")
            .bytes;
        write("revision", name, &once);
        write("revision", &format!("{name}-twice"), &twice);
    }
    let (prepared, room) = prepare_timestamp(&draft.table()).expect("room");
    let reply = answer(
        &PEOPLE.stamper,
        STAMPER,
        &digest_query(&prepared.digest, &NONCE),
        &[],
    );
    let archived = complete_timestamp(room, &prepared, &reply, &PEOPLE.trust(), NOW);
    write(
        "revision",
        "archived",
        &archived.expect("a timestamp").bytes,
    );
    for level in 1..=3 {
        write(
            "revision",
            &format!("certified-{level}"),
            &certified(level).bytes,
        );
    }
}
