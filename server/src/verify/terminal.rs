//! The verdict in words on the terminal, in Vietnamese or English. The validator's findings come in Vietnamese; their English is the page's
//! (`app/text/en/finding.json`, held to the validator's sentences by `cargo xtask tidy`).

use contract::pattern::translated;
use contract::report::FileReport;
use contract::validation::{Finding, SignatureReport};
use signature::report::words::{self, english};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Language {
    /// Vietnamese.
    Vi,
    /// English.
    En,
}

static FINDINGS: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../app/text/en/finding.json")).unwrap_or_default()
});

/// Everything that is told.
pub(super) fn words(told: &FileReport, language: Language) -> String {
    let headline = match language {
        Language::Vi => words::headline(told.headline),
        Language::En => english::headline(told.headline),
    };
    let mut text = format!("{headline}\n");
    for signature in &told.report.signatures {
        one(&mut text, signature, language);
    }
    for finding in &told.report.findings {
        text.push_str(&format!("  {}\n", sentence(finding, language)));
    }
    text
}

fn one(text: &mut String, signature: &SignatureReport, language: Language) {
    let SignatureReport {
        field,
        signer,
        serial,
        ..
    } = signature;
    let (first, level) = match language {
        Language::Vi => (
            format!(
                "- {field}: {signer} (số {serial}), {}, {}, chứng thư: {}",
                words::integrity(signature.integrity),
                words::coverage(signature.coverage),
                words::trust(signature.trust)
            ),
            words::level(signature.level),
        ),
        Language::En => (
            format!(
                "- {field}: {signer} (number {serial}), {}, {}, certificate: {}",
                english::integrity(signature.integrity),
                english::coverage(signature.coverage),
                english::trust(signature.trust)
            ),
            english::level(signature.level),
        ),
    };
    text.push_str(&format!("{first}\n"));
    if !signature.timestamp {
        text.push_str(&format!("    {level}\n"));
    }
    if let Some(at) = signature.proven_at {
        let proven = match language {
            Language::Vi => "dấu thời gian chứng minh: có trước",
            Language::En => "a timestamp proves that it existed before (Vietnamese time)",
        };
        text.push_str(&format!("    {proven} {}\n", words::moment(at)));
    }
    if !signature.chain.is_empty() {
        let path = match language {
            Language::Vi => "đường dẫn chứng thư",
            Language::En => "path of certificates",
        };
        text.push_str(&format!("    {path}: {}\n", signature.chain.join(" ← ")));
    }
    for finding in &signature.findings {
        text.push_str(&format!("    {}\n", sentence(finding, language)));
    }
}

fn sentence(finding: &Finding, language: Language) -> String {
    let Finding { code, message, .. } = finding;
    let english = (language == Language::En).then(|| {
        let pairs = FINDINGS
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()));
        translated(message, pairs)
    });
    format!("{code}: {}", english.flatten().as_ref().unwrap_or(message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::provider::Trust;
    use contract::value::Timestamp;

    /// A word that only Vietnamese writes so.
    fn is_vietnamese(text: &str) -> bool {
        text.chars()
            .any(|letter| "ăâđêôơưạảấầẩậếềểệốồổộớờởợứừửựịỉọỏụủỳỵỷ".contains(letter))
    }

    #[test]
    fn both_languages_tell_the_same_each_in_its_own_words() {
        let trust = Trust { roots: Vec::new() };
        // Claims a signature and is no file that can be read.
        let bytes = b"%PDF-1.7\n1 0 obj <</ByteRange[0 1 2 3]>> endobj\n%%EOF\n";
        let told = signature::report::of(bytes, "a.pdf".into(), &trust, Timestamp(0));
        let (vietnamese, english) = (words(&told, Language::Vi), words(&told, Language::En));
        assert_eq!(vietnamese.lines().count(), english.lines().count());
        assert!(is_vietnamese(&vietnamese), "{vietnamese}");
        assert!(!is_vietnamese(&english), "{english}");
        assert!(
            english.contains("structure-unreadable: The file is damaged"),
            "{english}"
        );
    }

    #[test]
    fn every_sentence_of_the_validator_with_gaps_is_found_again() {
        let told = |message: &str| Finding {
            code: "code".into(),
            message: message.into(),
            severity: contract::validation::Severity::Error,
        };
        for (pattern, english) in FINDINGS.iter() {
            let said = sentence(&told(&pattern.replace("{}", "3")), Language::En);
            assert_eq!(said, format!("code: {}", english.replace("{}", "3")));
        }
        assert_eq!(sentence(&told("Khác."), Language::En), "code: Khác.");
        assert_eq!(sentence(&told("Khác."), Language::Vi), "code: Khác.");
    }
}
