//! `Tin tức`: `GET /api/news` lists [`NewsItem`] without bodies, newest first; `GET /api/news/{slug}` gives an [`Article`].

use serde::{Deserialize, Serialize};

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NewsItem {
    /// Last part of its address: small ASCII letters, digits, hyphens.
    pub slug: String,
    /// Title.
    pub title: String,
    /// Day of publication, `YYYY-MM-DD`.
    pub published_on: String,
    /// What it says in two sentences.
    pub summary: String,
}

/// A whole article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Article {
    /// Its line.
    #[serde(flatten)]
    pub item: NewsItem,
    /// Its paragraphs; one that begins with `# ` is a heading, with `- ` a point of a list.
    pub body: Vec<String>,
}
