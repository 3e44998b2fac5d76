//! The English of the page: `app/text/en/*.json`, Vietnamese sentence to English sentence, one file an area of the page.
//!
//! The Vietnamese stands in the code, in `t("…")`, `n("…")` and `fill("…", …)`, and in every literal of `app/src/text*`.

use crate::process::root;
use crate::site::files;
use anyhow::{Context as _, Result};
use std::collections::{BTreeMap, BTreeSet};

/// Folders and files whose Vietnamese literals are all sentences, marked or not.
const SENTENCES: [&str; 2] = ["text.rs", "text/"];

/// Names that are shown and are the same in every language.
const NAMES: [&str; 2] = ["SHA-256: ", "NEAC Sign"];

/// Attributes and properties of components that people read or hear. `title` is an attribute and a property.
const READ: [&str; 8] = [
    "alt",
    "caption",
    "heading",
    "hint",
    "label",
    "placeholder",
    "summary",
    "title",
];

/// All sentences in one list.
pub fn sentences() -> Result<BTreeMap<String, String>> {
    let mut all = BTreeMap::new();
    for (_, file) in files(&root().join("app/text/en"))? {
        all.extend(area(&file)?);
    }
    Ok(all)
}

fn area(file: &std::path::Path) -> Result<BTreeMap<String, String>> {
    serde_json::from_str(&std::fs::read_to_string(file)?)
        .with_context(|| format!("{}", file.display()))
}

/// Each sentence in the code has English with as many gaps, and none is left over.
pub fn check(breaches: &mut Vec<String>) -> Result<()> {
    let english = sentences()?;
    let mut used = BTreeSet::new();
    for (name, file) in files(&root().join("app/src"))? {
        if !name.ends_with(".rs") {
            continue;
        }
        let all = SENTENCES
            .iter()
            .any(|place| name == *place || (place.ends_with('/') && name.starts_with(place)));
        let text = std::fs::read_to_string(&file)?;
        for literal in literals(&text) {
            if literal.tested {
                continue;
            }
            if !(literal.marked || all && vietnamese(&literal.value)) {
                if vietnamese(&literal.value)
                    || literal.shown && words(&literal.value) && !NAMES.contains(&&*literal.value)
                {
                    breaches.push(format!(
                        "app/src/{name}:{}: \"{}\" is not in t(…), so that nobody can read it in English",
                        literal.line, literal.value
                    ));
                }
                continue;
            }
            match english.get(&literal.value) {
                None => breaches.push(format!(
                    "app/src/{name}:{}: \"{}\" has no English in app/text/en",
                    literal.line, literal.value
                )),
                Some(sentence) => {
                    if gaps(sentence) != gaps(&literal.value) {
                        breaches.push(format!(
                            "app/text/en: \"{}\" has another number of gaps in English",
                            literal.value
                        ));
                    }
                }
            }
            used.insert(literal.value);
        }
    }
    // The pages that stand before the program has come.
    for sentence in crate::page::sentences()? {
        if !english.contains_key(&sentence) {
            breaches.push(format!(
                "public: \"{sentence}\" has no English in app/text/en"
            ));
        }
        used.insert(sentence);
    }
    findings(&english, &mut used, breaches)?;
    for left in english.keys().filter(|key| !used.contains(*key)) {
        breaches.push(format!("app/text/en: nobody says \"{left}\""));
    }
    Ok(())
}

/// Where the validator's sentences stand: the page finds their English by pattern, with `{}` for what is formatted in.
const FOUND: &str = "app/signature/src";
/// Where those of the signing history stand.
const TOLD: &str = "app/contract/src";

fn findings(
    english: &BTreeMap<String, String>,
    used: &mut BTreeSet<String>,
    breaches: &mut Vec<String>,
) -> Result<()> {
    let found = files(&root().join(FOUND))?
        .into_iter()
        .filter(|(name, _)| name.starts_with("validate") && name.ends_with(".rs"))
        .map(|one| (FOUND, one));
    let told = files(&root().join(TOLD))?
        .into_iter()
        .filter(|(name, _)| name == "history/words.rs")
        .map(|one| (TOLD, one));
    for (folder, (name, file)) in found.chain(told) {
        for literal in literals(&std::fs::read_to_string(&file)?) {
            if literal.tested || !vietnamese(&literal.value) {
                continue;
            }
            let pattern = pattern(&literal.value);
            if english
                .get(&pattern)
                .is_none_or(|sentence| gaps(sentence) != gaps(&pattern))
            {
                breaches.push(format!(
                    "{folder}/{name}:{}: \"{pattern}\" has no English in app/text/en",
                    literal.line
                ));
            }
            used.insert(pattern);
        }
    }
    Ok(())
}

/// A format string with its names left out.
fn pattern(format: &str) -> String {
    let mut pattern = String::new();
    let mut rest = format;
    while let Some((before, after)) = rest.split_once('{') {
        pattern.push_str(before);
        pattern.push_str("{}");
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    pattern + rest
}

fn gaps(sentence: &str) -> usize {
    sentence.matches("{}").count()
}

/// Whether text has a letter that only Vietnamese has.
fn vietnamese(text: &str) -> bool {
    text.chars().any(|letter| {
        matches!(letter, 'À'..='ỹ') && letter.is_alphabetic() || matches!(letter, 'đ' | 'Đ')
    })
}

/// Whether text has a word, and not only signs and letters that stand alone.
fn words(text: &str) -> bool {
    text.split(|letter: char| !letter.is_alphabetic())
        .any(|word| word.chars().count() > 1)
}

/// Whether a literal behind `before` and in front of `after` is read by people as it stands: an element's text in `view!`, or one of
/// the attributes that are read.
fn shown(before: &str, after: &str) -> bool {
    if let Some(name) = before.strip_suffix('=') {
        return READ.iter().any(|read| {
            name.strip_suffix(read).is_some_and(|rest| {
                // `aria-label` and `attr:title` too, `data-label` not.
                rest.ends_with([' ', '\n', ':']) || rest.ends_with("aria-")
            })
        });
    }
    let behind_tag = before.ends_with('>') && !before.ends_with("=>") && !before.ends_with("->");
    let between = before.ends_with(['}', '"']) && after.starts_with(['<', '{']);
    behind_tag || between
}

/// A string literal of a source file.
struct Literal {
    value: String,
    line: usize,
    /// It is the argument of `t`, `n` or `fill`.
    marked: bool,
    /// It stands where people read it as it is.
    shown: bool,
    /// It stands behind `#[cfg(test)]`.
    tested: bool,
}

/// The string literals of Rust text, comments left out. Raw strings and characters are read over.
fn literals(text: &str) -> Vec<Literal> {
    let tests = text.find("#[cfg(test)]").unwrap_or(text.len());
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let (mut at, mut line) = (0, 1);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\n' => line += 1,
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                at += bytes[at..].iter().position(|b| *b == b'\n').unwrap_or(1) - 1;
            }
            b'\'' => {
                // A character, or a lifetime, which has no closing mark near by.
                let rest = &text[at + 1..];
                let mut letters = rest.chars();
                match (letters.next(), letters.next()) {
                    (Some('\\'), Some(_)) => at += rest[2..].find('\'').map_or(0, |end| end + 3),
                    (Some(letter), Some('\'')) => at += letter.len_utf8() + 1,
                    _ => {}
                }
            }
            b'"' => {
                let start = at + 1;
                let mut end = start;
                while bytes.get(end).is_some_and(|b| *b != b'"') {
                    end += if bytes[end] == b'\\' { 2 } else { 1 };
                }
                let raw = &text[start..end.min(text.len())];
                let before = text[..at].trim_end();
                found.push(Literal {
                    value: unescape(raw),
                    line,
                    marked: before.strip_suffix('(').is_some_and(|call| {
                        ["t", "n", "fill"].iter().any(|name| called(call, name))
                    }),
                    shown: shown(before, text.get(end + 1..).unwrap_or("").trim_start()),
                    tested: at > tests,
                });
                line += raw.matches('\n').count();
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Whether text ends with a whole word.
fn called(text: &str, name: &str) -> bool {
    text.strip_suffix(name).is_some_and(|before| {
        !before
            .chars()
            .next_back()
            .is_some_and(|letter| letter.is_alphanumeric() || letter == '_' || letter == '!')
    })
}

fn unescape(raw: &str) -> String {
    let mut value = String::new();
    let mut letters = raw.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            value.push(letter);
            continue;
        }
        match letters.next() {
            Some('n') => value.push('\n'),
            Some('\n') => {
                // A line that goes on: what it is indented by is no part of it.
                let rest = letters.as_str().trim_start();
                letters = rest.chars();
            }
            Some(other) => value.push(other),
            None => {}
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_people_read_are_found_without_a_vietnamese_letter_and_other_literals_are_not() {
        let source = r#"
            view! {
                <p class="lead" id="trang">"Trang"</p>
                <p>{t("Trang")}" · "{number}" trang "{other}</p>
                <img alt="Xem ngay" attr:title="Xem" data-label="than" label=label/>
                <TextField label="Khai" kind="search" aria-label="Tim"/>
            }
            match a { b => "chip good", c if d > 2 => "x y" }
            format!("{}-{}", "mot", a) + if b { "hai" } else { "ba" }
        "#;
        let found: Vec<_> = literals(source)
            .into_iter()
            .filter(|literal| literal.shown && !literal.marked && words(&literal.value))
            .map(|literal| literal.value)
            .collect();
        assert_eq!(
            found,
            ["Trang", " trang ", "Xem ngay", "Xem", "Khai", "Tim"]
        );
    }

    #[test]
    fn literals_are_read_with_their_marks_and_without_comments() {
        let source = "fn a<'a>() { t(\"Một\"); fill( \"Hai {}\", &[]); let c = '\"'; x(\"Ba\"); get(\"Bốn\") } // \"không\"\n#[cfg(test)] \"Năm\"";
        let found: Vec<_> = literals(source)
            .into_iter()
            .map(|literal| (literal.value, literal.marked, literal.tested))
            .collect();
        let expected = [
            ("Một", true, false),
            ("Hai {}", true, false),
            ("Ba", false, false),
            ("Bốn", false, false),
            ("Năm", false, true),
        ]
        .map(|(value, marked, tested)| (value.to_owned(), marked, tested));
        assert_eq!(found, expected);
    }
}
