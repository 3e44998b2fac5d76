//! What the validator found, in the page's language. Its sentences come whole and in Vietnamese, since they also stand in kept reports;
//! the English one is found by its pattern (`app/text/en/finding.json`, held to the validator's sentences by `cargo xtask tidy`).

use super::language::english;
use contract::pattern::translated;
use contract::validation::Finding;

/// The sentence.
pub fn finding(finding: &Finding) -> String {
    english(|sentences| {
        if let Some(whole) = sentences.get(&finding.message) {
            return Some((*whole).to_owned());
        }
        let pairs = sentences.iter().map(|(key, value)| (key.as_str(), *value));
        translated(&finding.message, pairs)
    })
    .flatten()
    .unwrap_or_else(|| finding.message.clone())
}
