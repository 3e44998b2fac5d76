//! Sentences with gaps (`{}`): what stood in the gaps of one comes into those of its translation. The validator's findings are told in
//! Vietnamese and whole, since they also stand in kept reports; page and command line find the English one by its pattern.

/// The translation of a sentence: of the very same one, else by the pattern that leaves least to its gaps. `None` when there is none.
pub fn translated<'s>(
    sentence: &str,
    pairs: impl IntoIterator<Item = (&'s str, &'s str)>,
) -> Option<String> {
    let mut best: Option<(usize, &str, Vec<&str>)> = None;
    for (pattern, translation) in pairs {
        if pattern == sentence {
            return Some(translation.to_owned());
        }
        if best
            .as_ref()
            .is_none_or(|(length, ..)| pattern.len() >= *length)
            && let Some(values) = values(pattern, sentence)
        {
            best = Some((pattern.len(), translation, values));
        }
    }
    best.map(|(_, translation, values)| filled(translation, &values))
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

    #[test]
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

    #[test]
    fn the_same_sentence_counts_before_patterns_and_the_longer_pattern_before_the_shorter() {
        let pairs = [
            ("Trang {}", "Page {}"),
            ("Trang {}: mục {}", "Page {}: entry {}"),
            ("Trang 1: mục A", "The first"),
        ];
        assert_eq!(
            translated("Trang 1: mục A", pairs).as_deref(),
            Some("The first")
        );
        assert_eq!(
            translated("Trang 2: mục B", pairs).as_deref(),
            Some("Page 2: entry B")
        );
        assert_eq!(translated("Trang 2", pairs).as_deref(), Some("Page 2"));
        assert_eq!(translated("Khác", pairs), None);
    }
}
