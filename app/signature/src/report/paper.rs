//! The page for people: the verdict in one sentence, the file, and of each signature who, when, how and the circular's ten checks.

use super::sheet::{AMBER, Colour, INK, MEASURE, MOSS, RED, SOFT, Sheet, Style};
use super::words;
use crate::appearance::font::Weight;
use crate::error::SignError;
use crate::pdf::write::date;
use contract::circular::{Criterion, Outcome};
use contract::report::FileReport;
use contract::validation::{
    Finding, Headline, Indication, RevocationSource, Severity, SignatureReport,
};
use contract::value::VietnamTime;

/// Most sentences about one signature: what is more stands in the JSON.
const TOLD_MAX: usize = 12;
/// Where values begin, from the margin.
const VALUES: f64 = 132.0;
/// Where the outcome of a check begins.
const OUTCOMES: f64 = 396.0;

const LABEL: Style = Style::new(10.0, Weight::Regular, SOFT);
const VALUE: Style = Style::new(10.0, Weight::Regular, INK);
const SMALL: Style = Style::new(9.4, Weight::Regular, INK);

/// The document.
pub(super) fn document(told: &FileReport) -> Result<Vec<u8>, SignError> {
    let mut sheet = Sheet::new()?;
    sheet.text(
        "H1",
        Style::new(15.0, Weight::Bold, INK),
        "Báo cáo kiểm tra chữ ký số",
    );
    sheet.space(8.0);
    let (sentence, colour) = (words::headline(told.headline), colour(told.headline));
    sheet.bar(colour, 20.0);
    sheet.text("P", Style::new(14.0, Weight::Bold, colour), sentence);
    sheet.space(8.0);
    pair(&mut sheet, "Tên tệp", &told.file.name);
    pair(
        &mut sheet,
        "Kích thước",
        &format!("{} byte", told.file.size),
    );
    pair(&mut sheet, "SHA-256", &told.file.sha256.to_string());
    let at = format!("{} (giờ Việt Nam)", words::moment(told.checked_at));
    pair(&mut sheet, "Kiểm tra lúc", &at);
    notes(&mut sheet, &told.report.findings);
    for (index, signature) in told.report.signatures.iter().enumerate() {
        let criteria = told.circular.get(index).map_or(&[][..], Vec::as_slice);
        one(&mut sheet, index + 1, signature, criteria);
    }
    let at = VietnamTime::from(told.checked_at);
    let made = date(&at);
    sheet.finish(
        &format!("Báo cáo kiểm tra chữ ký số: {}", told.file.name),
        "Hồ Sơ Ký Số lập báo cáo này từ nội dung tệp có mã SHA-256 nêu trên",
        &made,
    )
}

const fn colour(headline: Headline) -> Colour {
    match headline {
        Headline::Valid => MOSS,
        Headline::Invalid => RED,
        Headline::ValidChanged | Headline::Undecided => AMBER,
        Headline::Unsigned => INK,
    }
}

#[inline(never)] // small code counts for more here than speed
fn pair(sheet: &mut Sheet, label: &str, value: &str) {
    sheet.row(
        "P",
        &[
            ("Span", 0.0, VALUES - 8.0, LABEL, label),
            ("Span", VALUES, MEASURE - VALUES, VALUE, value),
        ],
    );
}

#[inline(never)]
fn one(sheet: &mut Sheet, number: usize, signature: &SignatureReport, criteria: &[Criterion]) {
    sheet.space(8.0);
    sheet.keep(120.0);
    sheet.rule();
    sheet.space(7.0);
    let kind = if signature.timestamp {
        "Dấu thời gian của tài liệu"
    } else {
        "Chữ ký"
    };
    let name = or_unknown(&signature.signer);
    sheet.text(
        "H2",
        Style::new(11.5, Weight::Bold, INK),
        &format!("{kind} {number}: {name}"),
    );
    sheet.space(3.0);
    let (conclusion, colour) = match signature.indication {
        Indication::TotalPassed => ("Hợp lệ", MOSS),
        Indication::TotalFailed => ("Không hợp lệ", RED),
        Indication::Indeterminate => ("Chưa kết luận được", AMBER),
    };
    sheet.row(
        "P",
        &[
            ("Span", 0.0, VALUES - 8.0, LABEL, "Kết luận"),
            (
                "Span",
                VALUES,
                MEASURE - VALUES,
                Style::new(10.0, Weight::Bold, colour),
                conclusion,
            ),
        ],
    );
    for (label, value) in facts(signature) {
        pair(sheet, label, &value);
    }
    notes(sheet, &signature.findings);
    if !criteria.is_empty() {
        checks(sheet, criteria);
    }
}

fn or_unknown(text: &str) -> &str {
    if text.is_empty() { "không rõ" } else { text }
}

#[inline(never)]
fn facts(signature: &SignatureReport) -> Vec<(&'static str, String)> {
    let validity = match (signature.certificate_from, signature.certificate_to) {
        (Some(from), Some(to)) => format!("{} – {}", words::day(from), words::day(to)),
        _ => "không rõ".to_owned(),
    };
    let claimed = signature
        .signed_at
        .map_or("không ghi".to_owned(), words::moment);
    let proven = match signature.proven_at {
        Some(at) => format!("Đã có trước {} (dấu thời gian)", words::moment(at)),
        None => "Không có dấu thời gian đáng tin cậy".to_owned(),
    };
    let mut facts = vec![
        (
            "Tổ chức cấp chứng thư",
            or_unknown(&signature.issuer).to_owned(),
        ),
        (
            "Đơn vị quản lý",
            signature
                .unit
                .clone()
                .unwrap_or_else(|| "không ghi trong chứng thư".to_owned()),
        ),
        (
            "Số chứng thư, hiệu lực",
            format!("{}; {validity}", signature.serial),
        ),
        ("Thời điểm ký ghi trong tệp", claimed),
        ("Chứng minh thời điểm", proven),
    ];
    for stamp in &signature.timestamps {
        let at = stamp.at.map_or("không rõ".to_owned(), words::moment);
        let told = words::timestamp(stamp.status);
        facts.push((
            "Dấu thời gian",
            format!("{at}, {}, {told}", or_unknown(&stamp.authority)),
        ));
    }
    if !signature.timestamp {
        facts.push(("Mức chữ ký", words::level(signature.level).to_owned()));
    }
    let whole = format!(
        "{}; {}",
        words::integrity(signature.integrity),
        words::coverage(signature.coverage)
    );
    facts.push(("Toàn vẹn", whole));
    facts.push((
        "Sau khi ký",
        words::modifications(signature.modifications).to_owned(),
    ));
    facts.push((
        "Đường dẫn tin cậy",
        words::trust(signature.trust).to_owned(),
    ));
    let mut revocation = words::revocation(signature.revocation).to_owned();
    if let Some(word) = signature.revocation_word {
        let source = match word.source {
            RevocationSource::Ocsp => "OCSP",
            RevocationSource::Crl => "CRL",
        };
        revocation.push_str(&format!(" ({source}, {})", words::moment(word.stated_at)));
    }
    facts.push(("Thu hồi", revocation));
    facts.push(("Thuật toán", or_unknown(&signature.algorithm).to_owned()));
    facts
}

/// Warnings and errors; what is good to know stands in the facts.
#[inline(never)]
fn notes(sheet: &mut Sheet, findings: &[Finding]) {
    let grave: Vec<&Finding> = findings
        .iter()
        .filter(|found| found.severity != Severity::Info && found.code != "revocation-not-checked")
        .collect();
    if grave.is_empty() {
        return;
    }
    sheet.space(3.0);
    sheet.open("L");
    for found in grave.iter().take(TOLD_MAX) {
        let colour = if found.severity == Severity::Error {
            RED
        } else {
            AMBER
        };
        sheet.open("LI");
        sheet.text(
            "LBody",
            Style::new(9.0, Weight::Regular, colour),
            &format!("• {}", found.message),
        );
        sheet.close();
    }
    sheet.close();
    if grave.len() > TOLD_MAX {
        let more = format!(
            "… và {} mục khác, xem báo cáo JSON.",
            grave.len() - TOLD_MAX
        );
        sheet.text("P", SMALL, &more);
    }
}

#[inline(never)]
fn checks(sheet: &mut Sheet, criteria: &[Criterion]) {
    sheet.space(5.0);
    sheet.keep(150.0);
    sheet.text(
        "H3",
        Style::new(9.5, Weight::Bold, INK),
        "Thông tư 15/2025/TT-BKHCN, phụ lục II",
    );
    sheet.space(2.0);
    sheet.open("Table");
    for criterion in criteria {
        let (weight, colour) = match criterion.outcome {
            Outcome::Pass => (Weight::Regular, MOSS),
            Outcome::Fail => (Weight::Bold, RED),
            Outcome::NotChecked => (Weight::Regular, AMBER),
        };
        sheet.row(
            "TR",
            &[
                ("TH", 0.0, 22.0, SMALL, criterion.item.number()),
                ("TH", 24.0, OUTCOMES - 30.0, SMALL, criterion.item.title()),
                (
                    "TD",
                    OUTCOMES,
                    MEASURE - OUTCOMES,
                    Style::new(9.4, weight, colour),
                    words::outcome(criterion.outcome),
                ),
            ],
        );
    }
    sheet.close();
}
