//! What others need to know of this API: `/api/v1/openapi.json`, and the same to read at `/api/v1/docs`.

use crate::api::{Css, Html, Lasting, Script, Told, document, page};
use crate::identity::cookie_name;
use crate::problem::{Answer, Failure};
use crate::state::Portal;
use crate::tagged::Tagged;
use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::Value;
use std::sync::OnceLock;

/// The document and its page: made when first asked for, one for each name that the session's cookie can have.
static MADE: [OnceLock<(Tagged, Tagged)>; 2] = [const { OnceLock::new() }; 2];

const STYLE: &str = concat!(
    include_str!("../../../style/token.css"),
    include_str!("../../../style/reference.css")
);
const SCRIPT: &str = include_str!("reference.js");

fn made(portal: &Portal) -> Answer<&'static (Tagged, Tagged)> {
    let https = portal.config.https;
    let [plain, secure] = &MADE;
    let place = if https { secure } else { plain };
    if let Some(made) = place.get() {
        return Ok(made);
    }
    let document = document(&crate::router::operations(), cookie_name(https));
    let page = Tagged::packed("text/html; charset=utf-8", page(&document).into_bytes());
    let document = Tagged::json(&document).map_err(|error| Failure::internal(&error))?;
    Ok(place.get_or_init(|| (document, page)))
}

/// This document: OpenAPI 3.1.
pub async fn openapi(
    State(portal): State<Portal>,
    asked: HeaderMap,
) -> Answer<Told<Lasting<Value>>> {
    Ok(made(&portal)?.0.answer(&asked).into())
}

/// The same as a page.
pub async fn docs(State(portal): State<Portal>, asked: HeaderMap) -> Answer<Told<Html>> {
    Ok(made(&portal)?.1.answer(&asked).into())
}

/// How the page looks.
pub async fn style(asked: HeaderMap) -> Told<Css> {
    static KEPT: OnceLock<Tagged> = OnceLock::new();
    KEPT.get_or_init(|| Tagged::packed("text/css; charset=utf-8", STYLE.into()))
        .answer(&asked)
        .into()
}

/// How the page searches.
pub async fn script(asked: HeaderMap) -> Told<Script> {
    static KEPT: OnceLock<Tagged> = OnceLock::new();
    KEPT.get_or_init(|| Tagged::packed("text/javascript; charset=utf-8", SCRIPT.into()))
        .answer(&asked)
        .into()
}
