//! `end2end/asvs.md` says how each item of OWASP ASVS stands and which test proves it: what it names has to be there.

use crate::process::root;
use anyhow::{Context as _, Result};

/// The record.
const RECORD: &str = "end2end/asvs.md";

/// How an item can stand; the record counts each at its top.
const STANDS: [&str; 4] = ["met", "partly", "not met", "does not apply"];

/// Where files begin that the record names by their path.
const FOLDERS: [&str; 5] = ["app/", "server/", "end2end/", "public/", "style/"];

/// Every test and file that the record names exists, and its counts are those of its rows.
pub fn check(breaches: &mut Vec<String>) -> Result<()> {
    let record = std::fs::read_to_string(root().join(RECORD)).context(RECORD)?;
    for named in spans(&record) {
        if let Some(what) = missing(named, text) {
            breaches.push(format!("{RECORD}: {what}"));
        }
    }
    for (item, stands) in rows(&record) {
        if !STANDS.iter().any(|known| stands.starts_with(known)) {
            breaches.push(format!("{RECORD}: {item} stands in no known way"));
        }
    }
    let counted = counts(&record);
    if !record.contains(&counted) {
        breaches.push(format!(
            "{RECORD}: its rows count \"{counted}\", its top does not"
        ));
    }
    Ok(())
}

/// Text of a file of the repository, if it is there.
fn text(path: &str) -> Option<String> {
    std::fs::read_to_string(root().join(path)).ok()
}

/// What stands between back quotes; none reaches over a line's end.
fn spans(record: &str) -> impl Iterator<Item = &str> {
    record
        .lines()
        .flat_map(|line| line.split('`').skip(1).step_by(2))
}

/// Item and how it stands, of every row.
fn rows(record: &str) -> impl Iterator<Item = (&str, &str)> {
    record
        .lines()
        .filter(|line| line.starts_with("| V"))
        .map(|line| {
            let mut cells = line.split(" | ");
            let item = cells.next().unwrap_or_default();
            (item, cells.nth(2).unwrap_or_default())
        })
}

/// The counts as the top has to say them.
fn counts(record: &str) -> String {
    STANDS
        .map(|stands| {
            let number = rows(record)
                .filter(|(_, cell)| cell.starts_with(stands))
                .count();
            format!("{number} {stands}")
        })
        .join(", ")
}

/// What is not there of something that was named: `FILE.rs::TEST`, `journey/FILE.spec.ts › TITLE`, or a file's path. Anything else
/// names nothing. `read` gives a file's text.
fn missing(named: &str, read: impl Fn(&str) -> Option<String>) -> Option<String> {
    let (file, wanted) = if let Some((file, test)) = named.split_once(".rs::") {
        (format!("{file}.rs"), format!("fn {test}("))
    } else if let Some((file, title)) = named.split_once(" › ") {
        (format!("end2end/{file}"), format!("test(\"{title}\""))
    } else if FOLDERS.iter().any(|folder| named.starts_with(folder)) {
        (named.to_owned(), String::new())
    } else {
        return None;
    };
    match read(&file) {
        None => Some(format!("{file} is not there")),
        Some(found) if !found.contains(&wanted) => Some(format!("{file} has no `{wanted}`")),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_has_to_be_there() {
        let read = |path: &str| match path {
            "server/src/limit.rs" => Some("    fn all_are_bounded() {".to_owned()),
            "end2end/journey/one.spec.ts" => Some("test(\"it works\", async".to_owned()),
            _ => None,
        };
        for there in [
            "server/src/limit.rs::all_are_bounded",
            "journey/one.spec.ts › it works",
            "server/src/limit.rs",
            "nosniff",
        ] {
            assert_eq!(missing(there, read), None, "{there}");
        }
        for gone in [
            "server/src/limit.rs::all_are",
            "server/src/other.rs::all_are_bounded",
            "journey/one.spec.ts › it fails",
            "journey/two.spec.ts › it works",
            "server/src/other.rs",
        ] {
            assert!(missing(gone, read).is_some(), "{gone}");
        }
    }

    #[test]
    fn rows_are_counted_by_how_they_stand() {
        let record = "| item | L | asks | stands | proof |\n\
            | V1.1.1 | 2 | a | met: so | `a.rs::b` `c` |\n\
            | V1.1.2 | 1 | b | not met: so | |\n\
            | V1.2.1 | 1 | c | does not apply: so | |\n";
        assert_eq!(
            counts(record),
            "1 met, 0 partly, 1 not met, 1 does not apply"
        );
        assert_eq!(spans(record).collect::<Vec<_>>(), ["a.rs::b", "c"]);
    }
}
