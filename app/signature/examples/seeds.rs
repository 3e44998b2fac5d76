//! Writes seeds for the fuzz targets `certificate`, `timestamp`, `cms`, `revision` and `changes` into a folder for each, and the signed files
//! that `changes` revises into `base` (see `cargo xtask fuzz`).
//!
//! ```text
//! cargo run -p signature@0.1.0 --example seeds -- FOLDER
//! ```
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../tests/it/support/mod.rs"]
mod support;

use contract::validation::Level;
use signature::archive::{complete_timestamp, prepare_timestamp};
use signature::timestamp::{digest_query, timestamp_query};
use std::path::Path;
use support::base::Draft;
use support::begun::{Begun, NONCE, NOW, STAMPED, answer};
use support::handmade::{certified, signed};
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
        include_bytes!("../tests/it/data/openssl.tsr"),
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
        write("base", &format!("{name}.pdf"), &once);
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
        let bytes = certified(level).bytes;
        write("revision", &format!("certified-{level}"), &bytes);
        write("base", &format!("certified-{level}.pdf"), &bytes);
    }
    write("base", "plain.pdf", &signed().bytes);
    write("base", "root.der", &PEOPLE.root.certificate);
    for (name, objects) in REVISIONS {
        // Which of the seven bases it follows.
        for base in 0..7_u8 {
            write(
                "changes",
                &format!("{name}-{base}"),
                &[&[base], objects.as_bytes()].concat(),
            );
        }
    }
}

/// Later revisions, honest ones and others: objects as the target `changes` reads them.
const REVISIONS: [(&str, &str); 14] = [
    ("nothing", ""),
    (
        "filled",
        "7 <</Type/Annot/Subtype/Widget/FT/Tx/T(Ten)/Rect[60 500 260 520]/P 3 0 R/F 4/V(An)/AP<</N 30 0 R>>>>\n--\n30 <</Type/XObject/Subtype/Form/BBox[0 0 200 20]/Length 44>>stream\n/Tx BMC BT /Helv 12 Tf 2 6 Td (An) Tj ET EMC\nendstream",
    ),
    (
        "annotation",
        "3 <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R/Annots[7 0 R 20 0 R 40 0 R]>>\n--\n40 <</Type/Annot/Subtype/Square/Rect[60 690 260 730]/P 3 0 R/F 4/IC[1 0 0]/AP<</N 41 0 R>>>>\n--\n41 <</Type/XObject/Subtype/Form/BBox[0 0 200 60]/Length 24>>stream\n1 1 1 rg 0 0 200 60 re f\nendstream",
    ),
    (
        "note",
        "3 <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R/Annots[7 0 R 20 0 R 40 0 R]>>\n--\n40 <</Type/Annot/Subtype/Text/Rect[60 690 80 710]/P 3 0 R/Contents(x)>>",
    ),
    (
        "signature-field",
        "3 <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R/Annots[7 0 R 20 0 R 40 0 R]>>\n--\n6 <</Fields[7 0 R 20 0 R 40 0 R]/SigFlags 3/DA(/Helv 0 Tf 0 g)>>\n--\n40 <</Type/Annot/Subtype/Widget/FT/Sig/T(Khac)/Rect[0 0 0 0]/P 3 0 R/F 132>>",
    ),
    (
        "store",
        "1 <</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/DSS 60 0 R>>\n--\n60 <</Type/DSS/Certs[61 0 R]/VRI<</AA<</Cert[61 0 R]/TU(D:2026)>>>>>>\n--\n61 <</Length 2>>stream\n0\n\nendstream",
    ),
    (
        "metadata",
        "1 <</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/Metadata 60 0 R/Extensions<</ESIC<</BaseVersion/1.7/ExtensionLevel 5>>>>/Version/2.0>>\n--\n60 <</Type/Metadata/Subtype/XML/Length 4>>stream\n<x/>\nendstream",
    ),
    (
        "content",
        "5 <</Length 40>>stream\nBT /F1 24 Tf 60 700 Td (So tien 9) Tj ET\nendstream",
    ),
    ("font", "4 <</Type/Font/Subtype/Type1/BaseFont/Symbol>>"),
    (
        "form",
        "6 <</Fields[7 0 R 20 0 R]/SigFlags 3/DA(/Helv 0 Tf 1 g)/DR<</Font<</Helv 4 0 R>>>>/NeedAppearances true>>",
    ),
    (
        "pages",
        "2 <</Type/Pages/Kids[3 0 R 50 0 R]/Count 2/ITXT(5)>>\n--\n50 <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    ),
    (
        "trailer",
        "0 /Info 60 0 R/ID[(a)(b)]/Extra 61 0 R\n--\n60 <</Title(x)/ModDate(D:2026)>>\n--\n61 [5 0 R]",
    ),
    (
        "structure",
        "1 <</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/StructTreeRoot 60 0 R/MarkInfo<</Marked true>>>>\n--\n60 <</Type/StructTreeRoot/K 61 0 R/ParentTree<</Nums[0 61 0 R]>>/ParentTreeNextKey 1>>\n--\n61 <</Type/StructElem/S/Form/P 60 0 R/K<</Type/OBJR/Obj 20 0 R>>>>",
    ),
    (
        "locked",
        "20 <</Type/Annot/Subtype/Widget/FT/Sig/T(Chu ky)/Rect[60 300 260 360]/P 3 0 R/F 132/V 21 0 R/Lock<</Type/SigFieldLock/Action/All>>>>",
    ),
];
