//! News: one TOML file an article, built in or from a folder, all errors at once.

use anyhow::{Result, bail};
use contract::dossier::is_date;
use contract::news::{Article, NewsItem};
use std::collections::BTreeMap;
use std::path::Path;

/// The built-in articles: they tell of the portal itself.
const BUILT_IN: [(&str, &str); 3] = [
    (
        "mot-lan-ma-pin.toml",
        include_str!("../data/news/mot-lan-ma-pin.toml"),
    ),
    (
        "kiem-tra-chu-ky.toml",
        include_str!("../data/news/kiem-tra-chu-ky.toml"),
    ),
    (
        "tai-lieu-o-lai.toml",
        include_str!("../data/news/tai-lieu-o-lai.toml"),
    ),
];

/// Articles, newest first.
#[derive(Debug, Clone)]
pub struct News(Vec<Article>);

impl News {
    /// Reads a folder of `.toml` files, or the built-in ones.
    ///
    /// # Errors
    /// Every file that is wrong, in one message.
    pub fn open(folder: Option<&Path>) -> Result<Self> {
        let texts: BTreeMap<String, String> = match folder {
            None => BUILT_IN
                .iter()
                .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
                .collect(),
            Some(folder) => crate::data::toml_files(folder)?,
        };
        let (mut articles, mut wrong): (Vec<Article>, _) = (Vec::new(), Vec::new());
        for (name, text) in texts {
            match toml::from_str::<Article>(&text) {
                Err(error) => wrong.push(format!("{name}: {error}")),
                Ok(article) if !is_slug(&article.item.slug) => {
                    wrong.push(format!("{name}: slug: small letters, digits and hyphens"));
                }
                Ok(article) if !is_date(&article.item.published_on) => {
                    wrong.push(format!("{name}: published_on: YYYY-MM-DD"));
                }
                Ok(article)
                    if articles
                        .iter()
                        .any(|known| known.item.slug == article.item.slug) =>
                {
                    wrong.push(format!("{name}: slug {} stands twice", article.item.slug));
                }
                Ok(article) => articles.push(article),
            }
        }
        if !wrong.is_empty() {
            bail!("news:\n{}", wrong.join("\n"));
        }
        articles.sort_by(|a, b| {
            (&b.item.published_on, &a.item.slug).cmp(&(&a.item.published_on, &b.item.slug))
        });
        Ok(Self(articles))
    }

    /// All lines, newest first.
    #[must_use]
    pub fn list(&self) -> Vec<NewsItem> {
        self.0.iter().map(|article| article.item.clone()).collect()
    }

    /// One article.
    #[must_use]
    pub fn find(&self, slug: &str) -> Option<&Article> {
        self.0.iter().find(|article| article.item.slug == slug)
    }
}

fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_news_are_sound_and_newest_first() {
        let news = News::open(None).expect("sound");
        let days: Vec<_> = news
            .list()
            .into_iter()
            .map(|item| item.published_on)
            .collect();
        assert_eq!(days.len(), 3);
        assert!(days.is_sorted_by(|a, b| a >= b), "{days:?}");
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let folder = tempfile::tempdir().expect("folder");
        let article = |slug: &str, day: &str| {
            format!("slug='{slug}'\ntitle='t'\npublished_on='{day}'\nsummary='s'\nbody=[]")
        };
        for (name, text) in [
            ("a.toml", "slug = 1".to_owned()),
            ("b.toml", article("Có dấu", "2026-11-01")),
            ("c.toml", article("c", "hôm nay")),
        ] {
            std::fs::write(folder.path().join(name), text).expect("written");
        }
        let told = News::open(Some(folder.path()))
            .expect_err("refused")
            .to_string();
        for name in ["a.toml", "b.toml", "c.toml"] {
            assert!(told.contains(name), "{told}");
        }
    }
}
