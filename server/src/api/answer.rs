//! Answers whose types say what they are.

use super::sketch::Sketch;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use std::marker::PhantomData;

/// 204.
#[derive(Debug, Clone, Copy)]
pub struct NoContent;

impl IntoResponse for NoContent {
    fn into_response(self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }
}

/// 201 without words.
#[derive(Debug, Clone, Copy)]
pub struct Noted;

impl IntoResponse for Noted {
    fn into_response(self) -> Response {
        StatusCode::CREATED.into_response()
    }
}

/// 201 with what was made.
#[derive(Debug)]
pub struct Created<T>(pub T);

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        (StatusCode::CREATED, Json(self.0)).into_response()
    }
}

/// An answer that sets the session's cookie.
#[derive(Debug)]
pub struct WithCookie<T>(pub HeaderValue, pub T);

impl<T: IntoResponse> IntoResponse for WithCookie<T> {
    fn into_response(self) -> Response {
        ([(header::SET_COOKIE, self.0)], self.1).into_response()
    }
}

/// What the bytes of a body are.
pub trait Kind {
    /// Media types it may have.
    const TYPES: &'static [&'static str];
    /// What is told.
    const SAID: &'static str = "The file.";
    /// Whether it has a tag, so that it can be asked whether it changed.
    const KEPT: bool = false;
    /// Whether it may be that there is no more to come.
    const ENDS: bool = false;
    /// Its schema; anything else than JSON has none.
    fn schema(_: &mut Sketch) -> Value {
        json!({})
    }
}

/// A response that is made in the crate's own ways, of a kind that is known.
#[derive(Debug)]
pub struct Told<K>(Response, PhantomData<K>);

impl<K> From<Response> for Told<K> {
    fn from(response: Response) -> Self {
        Self(response, PhantomData)
    }
}

impl<K> IntoResponse for Told<K> {
    fn into_response(self) -> Response {
        self.0
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident: $($of:literal),+;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug)]
            pub struct $name;
            impl Kind for $name {
                const TYPES: &'static [&'static str] = &[$($of),+];
            }
        )*
    };
}
kinds! {
    /// A PDF.
    Pdf: "application/pdf";
    /// A file that somebody handed in: a PDF, or the Word file it was made of.
    Kept: "application/pdf", "application/msword", "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    /// Thirty-two bytes that nobody else is told.
    Secret: "application/octet-stream";
    /// Rows for a spreadsheet.
    Csv: "text/csv";
    /// A document of the catalogue.
    Toml: "application/toml";
    /// Several of them.
    Archive: "application/zip";
    /// Documents of the catalogue: one, or several in an archive.
    Documents: "application/octet-stream";
    /// A query for a timestamp (RFC 3161, 3.4).
    TimestampQuery: "application/timestamp-query";
    /// The answer to it.
    TimestampReply: "application/timestamp-reply";
    /// A page for people.
    Html: "text/html";
    /// A program for browsers.
    Script: "text/javascript";
    /// Its look.
    Css: "text/css";
}

/// A blank form, which stays the same for long.
#[derive(Debug)]
pub struct BlankPdf;

impl Kind for BlankPdf {
    const TYPES: &'static [&'static str] = Pdf::TYPES;
    const KEPT: bool = true;
}

/// JSON as a file.
#[derive(Debug)]
pub struct JsonFile<T>(PhantomData<T>);

impl<T: JsonSchema> Kind for JsonFile<T> {
    const TYPES: &'static [&'static str] = &["application/json"];
    fn schema(sketch: &mut Sketch) -> Value {
        sketch.told::<T>()
    }
}

/// JSON that stays the same for long.
#[derive(Debug)]
pub struct Lasting<T>(PhantomData<T>);

impl<T: JsonSchema> Kind for Lasting<T> {
    const TYPES: &'static [&'static str] = &["application/json"];
    const SAID: &'static str = "The answer.";
    const KEPT: bool = true;
    fn schema(sketch: &mut Sketch) -> Value {
        sketch.told::<T>()
    }
}

/// Server-sent events, each of them JSON, for as long as there is something to come.
#[derive(Debug)]
pub struct Events<T>(PhantomData<T>);

impl<T: JsonSchema> Kind for Events<T> {
    const TYPES: &'static [&'static str] = &["text/event-stream"];
    const SAID: &'static str = "Events, until the stream is closed.";
    const ENDS: bool = true;
    fn schema(sketch: &mut Sketch) -> Value {
        let data = sketch.told::<T>();
        json!({
            "type": "string",
            "description": "Events (HTML, 9.2); the data of each is JSON as `contentSchema` says.",
            "contentMediaType": "application/json",
            "contentSchema": data,
        })
    }
}

/// What a machine posts in words of its own; anything that is JSON is looked at.
#[derive(Debug)]
pub struct Message;

impl Kind for Message {
    const TYPES: &'static [&'static str] = &["application/json"];
    const SAID: &'static str = "It was taken.";
}
