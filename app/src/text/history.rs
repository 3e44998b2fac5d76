//! Words of the signing history. Its sentences come whole and in Vietnamese from `contract::history::words`, since they also stand on
//! paper; the English is found by its pattern (`app/text/en/officer3.json`).

use super::language::english;
use super::t;
use contract::pattern::translated;
use contract::validation::{Headline, Integrity, Modifications, SignatureReport, ValidationReport};

/// A sentence or a label of the history in the page's language.
pub fn told(sentence: &str) -> String {
    english(|sentences| {
        if let Some(whole) = sentences.get(sentence) {
            return Some((*whole).to_owned());
        }
        let pairs = sentences.iter().map(|(key, value)| (key.as_str(), *value));
        translated(sentence, pairs)
    })
    .flatten()
    .unwrap_or_else(|| sentence.to_owned())
}

/// A file at a glance: how it stands, its mark and its words.
pub fn glance(report: &ValidationReport) -> (&'static str, &'static str, &'static str) {
    let changed = |signature: &SignatureReport| {
        signature.integrity == Integrity::Broken || signature.modifications == Modifications::Other
    };
    match report.headline() {
        Headline::Valid => ("good", "✓", t("Chữ ký hợp lệ")),
        Headline::ValidChanged => (
            "open",
            "!",
            t("Hợp lệ nhưng tài liệu có thay đổi sau khi ký"),
        ),
        Headline::Undecided => (
            "open",
            "!",
            t("Chưa xác minh được nhà cung cấp (thiếu danh sách tin cậy)"),
        ),
        Headline::Invalid if report.signatures.iter().any(changed) => (
            "bad",
            "✗",
            t("Chữ ký không hợp lệ: nội dung bị sửa sau khi ký"),
        ),
        Headline::Invalid => ("bad", "✗", t("Chữ ký không hợp lệ")),
        Headline::Unsigned => ("plain", "○", t("Không có chữ ký số")),
    }
}
