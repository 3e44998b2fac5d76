//! `/api/news`.

use super::{Answer, get};
use contract::news::{Article, NewsItem};

/// All lines, newest first.
pub async fn list() -> Answer<Vec<NewsItem>> {
    get("/news").await
}

/// One article.
pub async fn show(slug: &str) -> Answer<Article> {
    get(&format!("/news/{}", js_sys::encode_uri_component(slug))).await
}
