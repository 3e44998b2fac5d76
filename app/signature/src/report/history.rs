//! `Biên bản lịch sử ký số`: what the portal recorded of the signings of a dossier's files beside what the files prove, on paper.

use super::sheet::{AMBER, INK, MEASURE, MOSS, RED, SOFT, Sheet, Style};
use super::words as report_words;
use crate::appearance::font::Weight;
use crate::error::SignError;
use crate::pdf::write::date;
use contract::history::{FileProtocol, Protocol, Source, Weight as Grave, words};
use contract::validation::{Headline, ValidationReport, Verdict};
use contract::value::VietnamTime;

/// Where values begin, from the margin.
const VALUES: f64 = 132.0;
/// Where the words of a line of the history begin: its time stands before them.
const WORDS: f64 = 112.0;

const LABEL: Style = Style::new(10.0, Weight::Regular, SOFT);
const VALUE: Style = Style::new(10.0, Weight::Regular, INK);
const STRONG: Style = Style::new(10.0, Weight::Bold, INK);
const SMALL: Style = Style::new(9.2, Weight::Regular, SOFT);

/// The document. `sealed`: the portal's seal will be put on it; without, the paper says that it has none.
///
/// # Errors
/// [`SignError::Font`], when a built-in font cannot be embedded.
pub fn pdf(protocol: &Protocol, sealed: bool) -> Result<Vec<u8>, SignError> {
    let mut sheet = Sheet::new()?;
    sheet.text("P", SMALL, &protocol.agency);
    sheet.space(6.0);
    let title = Style::new(16.0, Weight::Bold, INK);
    sheet.text("H1", title, "Biên bản lịch sử ký số");
    sheet.space(6.0);
    let made = format!(
        "{} (giờ Việt Nam), theo yêu cầu của {}",
        words::moment(protocol.made_at),
        protocol.made_for
    );
    let applicant = format!("{} ({})", protocol.applicant, protocol.applicant_id);
    let submitted = words::moment(protocol.submitted_at);
    let code = protocol.code.to_string();
    for (label, value) in [
        ("Mã hồ sơ", code.as_str()),
        ("Thủ tục", &protocol.procedure),
        ("Người nộp", &applicant),
        ("Nộp lúc", &submitted),
        ("Lập lúc", &made),
    ] {
        pair(&mut sheet, label, value);
    }
    for (index, file) in protocol.files.iter().enumerate() {
        one(&mut sheet, index + 1, file);
    }
    if protocol.files.is_empty() {
        sheet.space(8.0);
        sheet.text("P", VALUE, "Hồ sơ không có tệp nào có thể mang chữ ký số.");
    }
    sheet.space(12.0);
    sheet.keep(40.0);
    sheet.rule();
    sheet.space(6.0);
    let said = if sealed {
        "Cổng dịch vụ công lập biên bản này từ bản ghi của mình và từ chính các tệp, rồi ký số bằng con dấu điện tử của cổng. Bằng chứng đầy đủ nằm trong bản JSON."
    } else {
        "Cổng dịch vụ công lập biên bản này từ bản ghi của mình và từ chính các tệp. Biên bản không có chữ ký số của cổng. Bằng chứng đầy đủ nằm trong bản JSON."
    };
    sheet.text("P", SMALL, said);
    let name = format!("Biên bản lịch sử ký số, hồ sơ {}", protocol.code);
    let at = VietnamTime::from(protocol.made_at);
    sheet.finish(&name, &name, &date(&at))
}

fn pair(sheet: &mut Sheet, label: &str, value: &str) {
    sheet.row(
        "P",
        &[
            ("Span", 0.0, VALUES - 8.0, LABEL, label),
            ("Span", VALUES, MEASURE - VALUES, VALUE, value),
        ],
    );
    sheet.space(1.5);
}

fn one(sheet: &mut Sheet, number: usize, file: &FileProtocol) {
    sheet.space(10.0);
    sheet.keep(110.0);
    sheet.rule();
    sheet.space(7.0);
    let recorded = &file.recorded;
    let title = format!("{number}. {}: {}", recorded.component, recorded.file_name);
    sheet.text("H2", Style::new(11.5, Weight::Bold, INK), &title);
    sheet.space(3.0);
    let headline = file.proof.as_ref().map(|proof| proof.headline);
    let colour = match headline {
        Some(Headline::Valid) => MOSS,
        Some(Headline::Invalid) => RED,
        Some(Headline::ValidChanged | Headline::Undecided) => AMBER,
        Some(Headline::Unsigned) | None => INK,
    };
    let told = headline.map_or("Tệp này không phải PDF", report_words::headline);
    sheet.text("P", Style::new(11.0, Weight::Bold, colour), told);
    sheet.space(3.0);
    pair(sheet, "SHA-256", &recorded.sha256.to_string());
    if let Some(verdict) = recorded.verdict {
        pair(sheet, "Máy chủ kiểm tra khi nhận", words::verdict(verdict));
    }
    warnings(sheet, file);
    lines(sheet, file);
}

/// Where record and file differ: first, and in words.
fn warnings(sheet: &mut Sheet, file: &FileProtocol) {
    if file.warnings.is_empty() {
        if !file.recorded.signings.is_empty() {
            sheet.text(
                "P",
                Style::new(10.0, Weight::Regular, MOSS),
                "Bản ghi của cổng và chữ ký trong tệp khớp nhau.",
            );
        }
        return;
    }
    sheet.space(3.0);
    let grave = file
        .history
        .disagreements
        .iter()
        .any(|what| what.weight() == Grave::Grave);
    let colour = if grave { RED } else { AMBER };
    sheet.text(
        "H3",
        Style::new(10.0, Weight::Bold, colour),
        "Bản ghi của cổng và tệp không khớp nhau",
    );
    sheet.open("L");
    for warning in &file.warnings {
        sheet.open("LI");
        let style = Style::new(10.0, Weight::Regular, colour);
        sheet.text("LBody", style, &format!("• {warning}"));
        sheet.close();
    }
    sheet.close();
}

fn lines(sheet: &mut Sheet, file: &FileProtocol) {
    let nothing = ValidationReport {
        verdict: Verdict::Unsigned,
        signatures: Vec::new(),
        findings: Vec::new(),
    };
    let report = file.proof.as_ref().map_or(&nothing, |proof| &proof.report);
    sheet.space(5.0);
    sheet.keep(40.0);
    sheet.text("H3", STRONG, "Diễn biến");
    sheet.space(2.0);
    sheet.open("Table");
    for entry in &file.history.entries {
        let Some(line) = words::line(entry.what, report, &file.recorded) else {
            continue;
        };
        let at = entry
            .at
            .map_or("không rõ lúc nào".to_owned(), words::moment);
        let source = match entry.what.source() {
            Source::Portal => "cổng ghi",
            Source::File => "tệp chứng minh",
        };
        let actor = if line.actor.is_empty() {
            String::new()
        } else {
            format!(", {}", line.actor)
        };
        let title = format!("{} ({source}{actor})", line.title);
        sheet.row(
            "TR",
            &[
                ("TH", 0.0, WORDS - 8.0, VALUE, &at),
                ("TD", WORDS, MEASURE - WORDS, STRONG, &title),
            ],
        );
        if !line.facts.is_empty() {
            let facts: Vec<String> = line
                .facts
                .iter()
                .map(|(label, value)| format!("{label}: {value}"))
                .collect();
            sheet.row(
                "TR",
                &[("TD", WORDS, MEASURE - WORDS, SMALL, &facts.join("; "))],
            );
        }
        sheet.space(3.0);
    }
    sheet.close();
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn protocol(warnings: &[&str]) -> Protocol {
        let digest = "07".repeat(32);
        let told = json!({
            "format": "ho-so-ky-so/signing-history", "version": 1, "made_at": 1_795_000_000_000_i64, "made_for": "Phạm Thị Kiểm",
            "code": "000.00.00.H34-261125-0001", "procedure": "Đăng ký khai sinh", "agency": "Ủy ban nhân dân cấp xã",
            "applicant": "Nguyễn Văn Mẫu", "applicant_id": "0620•••011", "status": "new", "submitted_at": 1_795_000_000_000_i64,
            "files": [{
                "recorded": {
                    "attachment": "00000000-0000-0000-0000-000000000002", "file_name": "to-khai.pdf", "component": "Tờ khai",
                    "sha256": digest, "verdict": "valid", "handed_in_at": 1_795_000_000_000_i64, "signings": [],
                },
                "history": {
                    "entries": [{ "at": 1_795_000_000_000_i64, "kind": "handed-in" }],
                    "disagreements": [{ "kind": "unrecorded", "signature": 0 }], "pairs": [],
                },
                "warnings": warnings,
                "evidence": { "certificates": [], "ocsp": [], "crls": [], "timestamps": [], "values": [] },
            }],
        });
        serde_json::from_value(told).expect("a protocol")
    }

    #[test]
    fn the_same_protocol_gives_the_same_bytes_and_what_differs_is_on_it() {
        let plain = pdf(&protocol(&[]), true).expect("made");
        assert_eq!(pdf(&protocol(&[]), true).expect("made"), plain);
        let warned = pdf(&protocol(&["Tệp có chữ ký lạ."]), true).expect("made");
        assert!(warned.len() > plain.len());
        let document = lopdf::Document::load_mem(&warned).expect("readable");
        assert_eq!(document.get_pages().len(), 1);
        // What is not sealed says so.
        assert_ne!(pdf(&protocol(&[]), false).expect("made"), plain);
    }
}
