//! The English of the page: `app/text/en/*.json`, Vietnamese sentence to English sentence, one file an area of the page.
//!
//! The Vietnamese stands in the code, in `t("…")`, `n("…")` and `fill("…", …)`, and in every literal of `app/src/text*`.

use crate::process::root;
use crate::site::files;
use anyhow::{Context as _, Result};
use std::collections::{BTreeMap, BTreeSet};

/// Folders and files whose Vietnamese literals are all sentences, marked or not.
const SENTENCES: [&str; 2] = ["text.rs", "text/"];

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
                if vietnamese(&literal.value) {
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

fn gaps(sentence: &str) -> usize {
    sentence.matches("{}").count()
}

/// Whether text has a letter that only Vietnamese has.
fn vietnamese(text: &str) -> bool {
    text.chars().any(|letter| {
        matches!(letter, 'À'..='ỹ') && letter.is_alphabetic() || matches!(letter, 'đ' | 'Đ')
    })
}

/// A string literal of a source file.
struct Literal {
    value: String,
    line: usize,
    /// It is the argument of `t`, `n` or `fill`.
    marked: bool,
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
