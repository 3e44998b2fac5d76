//! The pages that stand before the program has come: `public/index.html` around each of `public/page`, in both languages.
//!
//! A part has what belongs into the head, the line `<!-- main -->`, and what is shown. `{{=…}}` is a sentence in the page's
//! language; what stands in `[[…]]` is left for the server, which fills it in.

use crate::process::root;
use crate::site::files;
use anyhow::{Context as _, Result, bail};
use std::collections::BTreeMap;

/// What pages say of the release they belong to.
pub struct Release<'a> {
    /// Address of its folder.
    pub base: &'a str,
    /// Files of the page that are asked for at once, besides `app.js`.
    pub scripts: &'a [String],
    /// Vietnamese sentence to English sentence.
    pub english: &'a BTreeMap<String, String>,
}

/// A language: its tag, the other's tag and name, and what comes before `.html`.
const LANGUAGES: [(&str, &str, &str, &str); 2] = [
    ("vi", "en", "English", ""),
    ("en", "vi", "Tiếng Việt", ".en"),
];

/// The part that belongs to every address; its page is called as browsers and servers expect it.
const ANY: &str = "any.html";

/// All pages by the names of their files.
pub fn pages(release: &Release) -> Result<BTreeMap<String, String>> {
    let frame = std::fs::read_to_string(root().join("public/index.html"))?;
    let mut made = BTreeMap::new();
    for (name, file) in files(&root().join("public/page"))? {
        let part = std::fs::read_to_string(file)?;
        let (head, main) = part
            .split_once("<!-- main -->\n")
            .with_context(|| format!("public/page/{name} has no <!-- main -->"))?;
        let stem = if name == ANY {
            "index"
        } else {
            name.trim_end_matches(".html")
        };
        for language in LANGUAGES {
            let whole = frame
                .replace("{{HEAD}}", head.trim_end())
                .replace("{{MAIN}}", main.trim_end());
            let page =
                filled(&whole, language, release).with_context(|| format!("public/page/{name}"))?;
            made.insert(format!("{stem}{}.html", language.3), page);
        }
    }
    Ok(made)
}

/// Every sentence that a page says.
pub fn sentences() -> Result<Vec<String>> {
    let mut said = Vec::new();
    let mut texts = vec![std::fs::read_to_string(root().join("public/index.html"))?];
    for (_, file) in files(&root().join("public/page"))? {
        texts.push(std::fs::read_to_string(file)?);
    }
    for text in texts {
        let mut rest = text.as_str();
        while let Some((_, after)) = rest.split_once("{{=") {
            let (sentence, after) = after.split_once("}}").context("{{= without }}")?;
            said.push(sentence.to_owned());
            rest = after;
        }
    }
    Ok(said)
}

fn filled(
    template: &str,
    (tag, other, other_name, _): (&str, &str, &str, &str),
    release: &Release,
) -> Result<String> {
    let mut page = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        page.push_str(before);
        let (asked, after) = after.split_once("}}").context("{{ without }}")?;
        rest = after;
        match asked {
            "BASE" => page.push_str(release.base),
            "LANG" => page.push_str(tag),
            "OTHER" => page.push_str(other),
            "OTHER NAME" => page.push_str(other_name),
            "LINK" => page.push_str(&links(tag, release)),
            _ => {
                if let Some(sentence) = asked.strip_prefix('=') {
                    page.push_str(&escaped(said(sentence, tag, release)?));
                } else {
                    bail!("{{{{{asked}}}}} is a placeholder that nobody fills");
                }
            }
        }
    }
    page.push_str(rest);
    Ok(shortened(&page))
}

/// What is fetched beside the styles.
fn links(tag: &str, release: &Release) -> String {
    let mut links: Vec<String> = release
        .scripts
        .iter()
        .map(|script| {
            format!(
                "<link rel=\"modulepreload\" href=\"{}/{script}\">",
                release.base
            )
        })
        .collect();
    if tag == "en" {
        links.push(format!(
            "<link rel=\"preload\" href=\"{}/en.json\" as=\"fetch\" crossorigin>",
            release.base
        ));
    }
    links.join("\n")
}

fn said<'a>(sentence: &'a str, tag: &str, release: &'a Release) -> Result<&'a str> {
    if tag == "vi" {
        return Ok(sentence);
    }
    release
        .english
        .get(sentence)
        .map(String::as_str)
        .with_context(|| format!("\"{sentence}\" has no English in app/text/en"))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// Without the indentation of the source.
fn shortened(page: &str) -> String {
    page.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(english: &BTreeMap<String, String>) -> Release<'_> {
        Release {
            base: "/pkg/1",
            scripts: &[],
            english,
        }
    }

    #[test]
    fn a_sentence_stands_in_the_page_in_its_language_and_escaped() {
        let english = BTreeMap::from([("Tìm".to_owned(), "Search & \"find\"".to_owned())]);
        let release = release(&english);
        let page = |at: usize| {
            filled("<p>{{=Tìm}}</p>\n  {{BASE}}", LANGUAGES[at], &release).expect("filled")
        };
        assert_eq!(page(0), "<p>Tìm</p>\n/pkg/1");
        assert_eq!(page(1), "<p>Search &amp; &quot;find&quot;</p>\n/pkg/1");
        assert!(filled("{{=Khác}}", LANGUAGES[1], &release).is_err());
        assert!(filled("{{WHAT}}", LANGUAGES[0], &release).is_err());
    }

    #[test]
    fn every_page_is_whole_in_both_languages() {
        let english = crate::english::sentences().expect("English");
        let pages = pages(&release(&english)).expect("pages");
        for name in [
            "index",
            "home",
            "procedure",
            "procedures",
            "sign_in",
            "check",
        ] {
            for language in ["", ".en"] {
                let page = &pages[&format!("{name}{language}.html")];
                assert!(page.starts_with("<!doctype html>") && page.contains("</html>"));
                assert_eq!(page.matches("<title>").count(), 1, "{name}");
                assert!(!page.contains("{{"), "{name}");
            }
        }
    }
}
