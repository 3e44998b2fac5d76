//! What the validator found, in the page's language. Its sentences come whole and in Vietnamese, since they also stand in kept reports;
//! the English one is found by its pattern (`app/text/en/finding.json`, held to the validator's sentences by `cargo xtask tidy`).

use super::language::english;
use contract::validation::Finding;

/// The sentence.
pub fn finding(finding: &Finding) -> String {
    english(|sentences| {
        if let Some(whole) = sentences.get(&finding.message) {
            return Some((*whole).to_owned());
        }
        // The pattern that leaves least to its gaps.
        sentences
            .iter()
            .filter_map(|(pattern, english)| {
                let values = values(pattern, &finding.message)?;
                Some((pattern.len(), english, values))
            })
            .max_by_key(|(length, ..)| *length)
            .map(|(_, english, values)| filled(english, &values))
    })
    .flatten()
    .unwrap_or_else(|| finding.message.clone())
}

/// What stands in the gaps of a pattern; none when the sentence is another, or the pattern has no gap.
fn values<'m>(pattern: &str, sentence: &'m str) -> Option<Vec<&'m str>> {
    let (first, rest) = pattern.split_once("{}")?;
    let mut open = sentence.strip_prefix(first)?;
    let mut values = Vec::new();
    let mut parts = rest.split("{}").peekable();
    while let Some(part) = parts.next() {
        let at = if parts.peek().is_none() {
            open.ends_with(part).then(|| open.len() - part.len())?
        } else {
            open.find(part)?
        };
        values.push(open.get(..at)?);
        open = open.get(at + part.len()..)?;
    }
    Some(values)
}

fn filled(pattern: &str, values: &[&str]) -> String {
    let mut parts = pattern.split("{}");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for (part, value) in parts.zip(values) {
        filled.push_str(value);
        filled.push_str(part);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn gaps_are_read_from_a_sentence_and_filled_in_another() {
        let found = values(
            "Trang {}: mục {} đã bị thay sau khi ký.",
            "Trang 3: mục Contents đã bị thay sau khi ký.",
        );
        assert_eq!(found, Some(vec!["3", "Contents"]));
        assert_eq!(values("Trang {}: có thêm.", "Trang 3: đã bớt."), None);
        assert_eq!(values("Không có gì.", "Không có gì."), None, "no gap");
        assert_eq!(
            values("Trường {} ({}).", "Trường a ({}) (b)."),
            Some(vec!["a", "{}) (b"]),
        );
        assert_eq!(
            filled("Page {}: entry {}.", &["3", "{}"]),
            "Page 3: entry {}."
        );
    }
}
