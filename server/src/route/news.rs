//! `/api/news`.

use crate::problem::Answer;
use crate::state::Portal;
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use contract::news::{Article, NewsItem};
use contract::problem::ProblemCode;

/// All lines, newest first.
pub async fn list(State(portal): State<Portal>) -> Json<Vec<NewsItem>> {
    Json(portal.news.list())
}

/// One article.
pub async fn show(
    State(portal): State<Portal>,
    slug: Result<Path<String>, PathRejection>,
) -> Answer<Json<Article>> {
    let Path(slug) = slug?;
    let article = portal.news.find(&slug).ok_or(ProblemCode::NotFound)?;
    Ok(Json(article.clone()))
}
