//! The words of a dossier: folded, so that accents and capital letters do not matter.

use crate::dossier::Applicant;
use crate::fold::fold;
use std::collections::BTreeSet;

/// Most words of content and organisation that are indexed.
const CONTENT_WORDS_MAX: usize = 24;
/// Longest word or run of words that is indexed, in bytes of folded text.
const WORD_MAX: usize = 60;
/// Most words of a query; further ones are left out.
const QUERY_WORDS_MAX: usize = 10;
/// The last digits of an identity number by which people are asked for.
const LAST_DIGITS: usize = 4;

/// Words of a text: folded, without the punctuation around them.
fn words(text: &str) -> Vec<String> {
    fold(text)
        .split(' ')
        .map(|word| word.trim_matches(|letter: char| !letter.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The words that are searched for.
#[must_use]
pub fn query_words(text: &str) -> Vec<String> {
    let mut words = words(text);
    words.truncate(QUERY_WORDS_MAX);
    words
}

/// What a submitted dossier is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// All its words, each after a blank: a dossier is found when each word of the query begins one of them.
    pub text: String,
    /// What is looked up in an index: the ends of the name ("nguyen van an", "van an", "an"), numbers, the code and its ends, words of
    /// the content. Each of them stands in `text` too; words of the procedure's name stand only there.
    pub index: BTreeSet<String>,
    /// The name as lists are sorted: the given name first.
    pub name_key: String,
}

impl Found {
    /// Of a dossier with its code; `procedure` is the code and name of its procedure.
    #[must_use]
    pub fn of(applicant: &Applicant, code: &str, procedure: (&str, &str)) -> Self {
        let name = words(&applicant.name);
        let mut index = BTreeSet::new();
        let mut text = String::new();
        let mut say = |word: &str| {
            text.push(' ');
            text.push_str(word);
        };
        let mut keep = |word: String| {
            if word.len() <= WORD_MAX {
                index.insert(word);
            }
        };
        for at in 0..name.len() {
            keep(cut(&name.get(at..).unwrap_or_default().join(" ")).to_owned());
        }
        name.iter().for_each(|word| say(word));
        for number in [&applicant.citizen_id, &applicant.phone] {
            let number = fold(number).replace(' ', "");
            let from = number.len().saturating_sub(LAST_DIGITS);
            for part in [Some(number.as_str()), number.get(from..)] {
                let Some(part) = part.filter(|part| !part.is_empty()) else {
                    continue;
                };
                say(part);
                keep(part.to_owned());
            }
        }
        let code = fold(code);
        for part in ends(&code) {
            say(part);
            keep(part.to_owned());
        }
        let content = [&applicant.content, &applicant.organisation];
        let mut indexed = 0_usize;
        for word in content.into_iter().flat_map(|text| words(text)) {
            say(&word);
            if indexed < CONTENT_WORDS_MAX {
                keep(word);
                indexed += 1;
            } else {
                break;
            }
        }
        for word in [procedure.0, procedure.1].into_iter().flat_map(words) {
            say(&word);
        }
        let mut order = name;
        let last = usize::from(!order.is_empty());
        order.rotate_right(last);
        Self {
            text,
            index,
            name_key: cut(&order.join(" ")).to_owned(),
        }
    }
}

/// The first bytes of a folded text, at a letter.
fn cut(text: &str) -> &str {
    let mut end = text.len().min(WORD_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// A code and what stands behind each of its dashes: people say the day and the number, or the number alone.
fn ends(code: &str) -> impl Iterator<Item = &str> {
    let whole = (!code.is_empty()).then_some(code);
    let rest = code
        .match_indices('-')
        .filter_map(|(at, dash)| code.get(at + dash.len()..));
    whole.into_iter().chain(rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn applicant(name: &str, content: &str) -> Applicant {
        Applicant {
            name: name.into(),
            citizen_id: "062099000011".into(),
            phone: "0900000022".into(),
            content: content.into(),
            ..Applicant::default()
        }
    }

    const CODE: &str = "000.00.00.H34-261126-0007";

    #[test]
    fn a_dossier_is_found_by_name_number_code_and_content() {
        let found = Found::of(
            &applicant("Nguyễn Văn Đạt", "Xin sửa giấy tờ, (gấp)."),
            CODE,
            ("1.001193", "Thủ tục đăng ký khai sinh"),
        );
        for word in [
            "nguyen van dat",
            "van dat",
            "dat",
            "062099000011",
            "0011",
            "0900000022",
            "000.00.00.h34-261126-0007",
            "261126-0007",
            "0007",
            "giay",
            "gap",
        ] {
            assert!(found.index.contains(word), "{word}");
        }
        assert!(!found.index.contains("khai"), "names of procedures are few");
        assert!(found.text.contains(" khai sinh"));
        assert_eq!(found.name_key, "dat nguyen van");
    }

    #[test]
    fn a_query_loses_accents_and_the_punctuation_around_its_words() {
        assert_eq!(query_words("  Đạt, (Nguyễn) % "), ["dat", "nguyen"]);
        assert_eq!(
            query_words("000.00.00.H34-261126"),
            ["000.00.00.h34-261126"]
        );
        assert!(query_words(" -- ").is_empty());
    }

    proptest! {
        /// What the index holds is found in the text as well, so that looking it up never finds what a scan would not.
        #[test]
        fn what_is_indexed_stands_in_the_text(name in ".{0,80}", content in ".{0,200}") {
            let found = Found::of(&applicant(&name, &content), CODE, ("1.1", "Tên"));
            for word in &found.index {
                let pattern = format!(" {word}");
                prop_assert!(found.text.contains(&pattern), "{:?} in {:?}", pattern, found.text);
            }
        }
    }
}
