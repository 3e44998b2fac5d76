//! Reports that can be kept: the JSON shape, the ETSI XML and the page for people, of signatures at every level and of what is no signature.

use crate::support::begun::{Begun, NOW, base};
use crate::support::people::PEOPLE;
use crate::support::signing::BOX;
use contract::circular::Outcome;
use contract::report::{FORMAT, FileReport, VERSION};
use contract::validation::{
    Headline, Level, RevocationSource, TimestampStatus, ValidationReport, Verdict,
};
use signature::report;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::Command;

fn at(level: Level) -> Vec<u8> {
    let begun = Begun::new(&base(), true, BOX);
    begun.complete(&begun.at_level(level)).unwrap().bytes
}

fn of(bytes: &[u8]) -> FileReport {
    report::of(bytes, "Tờ khai <1> & đơn.pdf".into(), &PEOPLE.trust(), NOW)
}

fn kept(name: &str, bytes: &[u8]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn the_json_has_a_version_and_is_read_back() {
    let told = of(&at(Level::BLt));
    assert_eq!((told.format.as_str(), told.version), (FORMAT, VERSION));
    let text = serde_json::to_string_pretty(&told).unwrap();
    for key in [
        "\"format\"",
        "\"version\"",
        "\"file\"",
        "\"sha256\"",
        "\"checked_at\"",
        "\"headline\"",
        "\"report\"",
        "\"circular\"",
        "\"indication\": \"TOTAL-PASSED\"",
        "\"item\": \"1.2\"",
        "\"outcome\": \"pass\"",
    ] {
        assert!(text.contains(key), "{key}");
    }
    assert_eq!(serde_json::from_str::<FileReport>(&text).unwrap(), told);
}

#[test]
fn a_report_of_an_older_version_is_still_read() {
    let old = r#"{"verdict":"valid","signatures":[{"field":"a","signer":"b","serial":"1","level":"B-B","integrity":"intact",
        "coverage":"whole-file","modifications":"none","trust":"trusted","findings":[]}]}"#;
    let report: ValidationReport = serde_json::from_str(old).unwrap();
    assert_eq!(report.headline(), Headline::Valid);
    assert!(report.signatures[0].changed_pages.is_empty());
}

#[test]
fn the_report_tells_timestamps_revocation_path_and_range() {
    let told = of(&at(Level::BLt));
    let own = &told.report.signatures[0];
    assert_eq!(told.report.verdict, Verdict::Valid);
    assert_eq!(own.timestamps.len(), 1);
    assert_eq!(own.timestamps[0].status, TimestampStatus::Trusted);
    assert_eq!(own.timestamps[0].at, own.proven_at);
    assert!(!own.timestamps[0].authority.is_empty());
    let word = own.revocation_word.unwrap();
    assert!(word.revoked_since.is_none() && word.stated_at > own.proven_at.unwrap());
    assert!(matches!(
        word.source,
        RevocationSource::Ocsp | RevocationSource::Crl
    ));
    assert_eq!(own.chain_sha256.len(), own.chain.len());
    assert_eq!(own.sub_filter, "ETSI.CAdES.detached");
    let [start, first, second, rest] = own.byte_range.unwrap();
    assert!(start == 0 && first < second && Some(second + rest) == own.revision_end);
    let unsure: Vec<_> = told.circular[0]
        .iter()
        .filter(|criterion| criterion.outcome != Outcome::Pass)
        .map(|criterion| criterion.item.number())
        .collect();
    assert_eq!(unsure, ["1.6"], "the issuer's statement is for people");
}

/// Names of elements in order of opening; panics where tags do not fit. Ours has neither comments nor CDATA.
fn well_formed(xml: &str) -> Vec<String> {
    let mut open: Vec<&str> = Vec::new();
    let mut seen = Vec::new();
    let body = xml
        .strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
        .unwrap();
    for part in body.split('<').skip(1) {
        let (tag, text) = part.split_once('>').expect("a tag ends");
        assert!(!text.contains('>'), "{part}");
        for entity in text.split('&').skip(1) {
            assert!(
                ["amp;", "lt;", "gt;", "quot;"]
                    .iter()
                    .any(|known| entity.starts_with(known)),
                "{entity}"
            );
        }
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
        } else {
            let name = tag.split([' ', '/']).next().unwrap();
            seen.push(name.to_owned());
            if !tag.ends_with('/') {
                open.push(name);
            }
        }
    }
    assert!(open.is_empty(), "{open:?}");
    seen
}

fn values<'x>(xml: &'x str, attribute: &str) -> Vec<&'x str> {
    xml.split(&format!(" {attribute}=\""))
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect()
}

#[test]
fn the_xml_is_well_formed_and_every_reference_leads_to_one_object() {
    for level in [Level::BB, Level::BT, Level::BLt] {
        let bytes = at(level);
        let told = of(&bytes);
        let xml = report::xml(&told, &bytes, &PEOPLE.trust());
        let names = well_formed(&xml);
        let ids = values(&xml, "id");
        assert_eq!(
            ids.iter().collect::<HashSet<_>>().len(),
            ids.len(),
            "each once"
        );
        for reference in values(&xml, "VOReference") {
            assert!(ids.contains(&reference), "{level:?}: {reference}");
        }
        assert_eq!(
            names
                .iter()
                .filter(|name| *name == "SignatureValidationReport")
                .count(),
            1
        );
        assert_eq!(
            names
                .iter()
                .filter(|name| *name == "ValidationConstraint")
                .count(),
            10
        );
        assert!(xml.contains("urn:etsi:019102:mainindication:total-passed"));
        let holds = |kind: &str| xml.contains(&format!("urn:etsi:019102:validationObject:{kind}<"));
        assert_eq!(holds("timestamp"), level >= Level::BT, "{level:?}");
        assert_eq!(
            holds("CRL") && holds("OCSPResponse"),
            level >= Level::BLt,
            "{level:?}"
        );
        assert!(holds("certificate") && holds("signedData"));
        let process = match level {
            Level::BB => "Basic",
            _ => "LTVM",
        };
        assert!(xml.contains(&format!("urn:etsi:019102:validationprocess:{process}<")));
        judged(&xml, &format!("report-{level:?}.xml"));
    }
    let empty = base();
    let told = of(&empty);
    let xml = report::xml(&told, &empty, &PEOPLE.trust());
    well_formed(&xml);
    assert!(xml.contains("mainindication:no-signature-found"));
    judged(&xml, "report-unsigned.xml");
    let broken = {
        let mut bytes = at(Level::BT);
        let at = bytes
            .windows(9)
            .position(|window| window == b"/MediaBox")
            .unwrap();
        bytes[at + 12] ^= 1;
        bytes
    };
    let told = of(&broken);
    let xml = report::xml(&told, &broken, &PEOPLE.trust());
    well_formed(&xml);
    assert!(
        xml.contains("total-failed") && xml.contains("subindication:SIG_CRYPTO_FAILURE"),
        "{xml}"
    );
    judged(&xml, "report-broken.xml");
}

/// Asks lxml whether the XML fits ETSI's schema. The schema is not ours to keep: where it stands is told by `TS_119102_2_XSD`, or it is
/// looked for beside the corpus.
fn judged(xml: &str, name: &str) {
    let path = kept(name, xml.as_bytes());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let schema = std::env::var_os("TS_119102_2_XSD").map_or_else(
        || root.join("../shared/corpus/schema/TS119102-2-v141.xsd"),
        PathBuf::from,
    );
    let python = root.join("end2end/.venv/bin/python");
    if !schema.exists() || !python.exists() {
        eprintln!(
            "not checked against the schema: {} or {} is absent",
            schema.display(),
            python.display()
        );
        return;
    }
    let check = "import sys\nfrom lxml import etree\nschema = etree.XMLSchema(etree.parse(sys.argv[1]))\nschema.assertValid(etree.parse(sys.argv[2]))\n";
    let said = Command::new(python)
        .args(["-c", check])
        .arg(schema)
        .arg(&path)
        .output()
        .unwrap();
    assert!(
        said.status.success(),
        "{}: {}",
        path.display(),
        String::from_utf8_lossy(&said.stderr)
    );
}

/// Output of a tool; nothing when it is not installed.
fn tool(name: &str, arguments: &[&str]) -> Option<(bool, String)> {
    match Command::new(name).args(arguments).output() {
        Ok(output) => Some((
            output.status.success(),
            format!(
                "{}{}",
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            ),
        )),
        Err(_) => {
            eprintln!("not looked at by {name}: it is not installed");
            None
        }
    }
}

#[test]
fn the_page_is_read_by_others_and_says_everything() {
    for (level, name) in [(Level::BB, "report-bb.pdf"), (Level::BLt, "report-blt.pdf")] {
        let told = of(&at(level));
        let pdf = report::pdf(&told).unwrap();
        assert_eq!(pdf, report::pdf(&told).unwrap(), "same report, same bytes");
        let document = lopdf::Document::load_mem(&pdf).unwrap();
        assert_eq!(document.get_pages().len(), 1, "{name}");
        let path = kept(name, &pdf);
        let path = path.to_str().unwrap();
        if let Some((good, said)) = tool("qpdf", &["--check", path]) {
            assert!(good && !said.contains("WARNING"), "{said}");
        }
        if let Some((good, said)) = tool(
            "mutool",
            &["draw", "-q", "-o", "/dev/null", "-F", "txt", path],
        ) {
            // Debian's build has no colour management and says so.
            let complaints: Vec<_> = said
                .lines()
                .filter(|line| !line.is_empty() && !line.contains("ICC support is not available"))
                .collect();
            assert!(good && complaints.is_empty(), "{said}");
        }
        if let Some((_, said)) = tool("pdfinfo", &[path]) {
            assert!(said.contains("Tagged:          yes"), "{said}");
        }
        let Some((_, text)) = tool("pdftotext", &["-layout", path, "-"]) else {
            continue;
        };
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let sha256 = told.file.sha256.to_string();
        let own = &told.report.signatures[0];
        for wanted in [
            "Chữ ký số hợp lệ",
            "Tờ khai <1> & đơn.pdf",
            &sha256,
            &own.signer,
            &own.issuer,
            "PAdES B-",
            "Nội dung đã ký còn nguyên vẹn",
            "1.1 Thời điểm ký",
            "2.4 Tính toàn vẹn",
            "Đạt",
        ] {
            assert!(text.contains(wanted), "{name}: {wanted}\n{text}");
        }
        // What cannot be checked is a warning (annex II, 1.2).
        assert_eq!(
            text.contains("Cảnh báo: chưa kiểm tra được"),
            level == Level::BB,
            "{text}"
        );
        assert!(
            !text.contains('\u{fffd}'),
            "a letter the font lacks: {text}"
        );
    }
}

#[test]
fn a_long_report_goes_on_over_pages_and_hostile_names_stay_text() {
    let mut told = of(&at(Level::BLt));
    let own = told.report.signatures[0].clone();
    let criteria = told.circular[0].clone();
    for number in 0..6 {
        let mut more = own.clone();
        more.signer = format!("{} {}", "W".repeat(300), number);
        told.report.signatures.push(more);
        told.circular.push(criteria.clone());
    }
    told.file.name = "\u{202e}fdp.exe".into();
    let pdf = report::pdf(&told).unwrap();
    let pages = lopdf::Document::load_mem(&pdf).unwrap().get_pages().len();
    assert!(pages > 2, "{pages}");
    let path = kept("report-long.pdf", &pdf);
    if let Some((good, said)) = tool("qpdf", &["--check", path.to_str().unwrap()]) {
        assert!(good && !said.contains("WARNING"), "{said}");
    }
}

#[test]
fn any_bytes_have_a_report_of_every_kind() {
    for bytes in [&b""[..], b"%PDF-1.7", b"/ByteRange", &[0xff; 300]] {
        let told = of(bytes);
        well_formed(&report::xml(&told, bytes, &PEOPLE.trust()));
        assert!(report::pdf(&told).is_ok());
    }
}
