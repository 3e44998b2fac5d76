//! What a handler's types say of its requests and answers.

use super::answer::{Created, Kind, NoContent, Noted, Told, WithCookie};
use super::sent::{LastEventId, Sent, SentName, SentOffset, SentSigning};
use crate::identity::{
    AnySession, Citizen, Officer, Session as OpenSession, SignedIn, Signer, SignerSession,
};
use crate::limit::Address;
use crate::problem::Failure;
use crate::state::Portal;
use axum::Json;
use axum::body::Body;
use axum::extract::rejection::{FormRejection, JsonRejection, PathRejection, QueryRejection};
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Where schemas of requests stand until they are brought together with those of answers.
pub const ASKED: &str = "#/components/asked/";
/// Where all schemas stand.
pub const TOLD: &str = "#/components/schemas/";

/// Who may ask.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Session {
    /// Everybody.
    #[default]
    None,
    /// Everybody; whoever is signed in is told more.
    Optional,
    /// Whoever is signed in, of any role.
    SignedIn,
    /// People of a role only.
    Role(&'static str),
}

/// One operation while it is described.
#[derive(Debug, Default)]
pub struct Found {
    /// Who may ask.
    pub session: Session,
    /// Schemas of the places in the address, in its order.
    pub places: Vec<Value>,
    /// Query and header parameters.
    pub parameters: Vec<Value>,
    /// Content of the body, by media type.
    pub body: Option<Map<String, Value>>,
    /// Whether the body is JSON, which is read strictly.
    pub json: bool,
    /// Successful answers, by status.
    pub answers: BTreeMap<String, Value>,
}

/// Collects what the types say.
#[derive(Debug)]
pub struct Sketch {
    pub(super) asked: SchemaGenerator,
    pub(super) told: SchemaGenerator,
    pub(super) found: Found,
}

impl Sketch {
    /// Nothing yet.
    pub fn new() -> Self {
        let asked = SchemaSettings::draft2020_12()
            .for_deserialize()
            .with(|settings| {
                settings.definitions_path = "/components/asked".into();
            });
        let told = SchemaSettings::draft2020_12()
            .for_serialize()
            .with(|settings| {
                settings.definitions_path = "/components/schemas".into();
            });
        Self {
            asked: asked.into_generator(),
            told: told.into_generator(),
            found: Found::default(),
        }
    }

    pub(super) fn asked<T: JsonSchema>(&mut self) -> Value {
        self.asked.subschema_for::<T>().to_value()
    }

    pub(super) fn told<T: JsonSchema>(&mut self) -> Value {
        self.told.subschema_for::<T>().to_value()
    }

    fn answer(&mut self, status: &str, description: &str, content: Option<Map<String, Value>>) {
        let mut answer = json!({ "description": description });
        if let Some(content) = content {
            answer["content"] = Value::Object(content);
        }
        self.found.answers.insert(status.to_owned(), answer);
    }

    fn header(&mut self, name: &str, required: bool, description: &str, schema: Value) {
        self.found.parameters.push(json!({
            "name": name, "in": "header", "required": required, "description": description, "schema": schema,
        }));
    }
}

/// An argument of a handler.
pub trait Input {
    /// What it says of the request.
    fn input(sketch: &mut Sketch);
}

/// What a handler returns.
pub trait Output {
    /// What it says of the answer.
    fn output(sketch: &mut Sketch);
}

/// A handler whose arguments and return value say what they are; `T` as in axum's `Handler`.
pub trait Described<T> {
    /// Asks all of them.
    fn describe(sketch: &mut Sketch);
}

impl<F, Fut, R> Described<((),)> for F
where
    F: FnOnce() -> Fut,
    Fut: Future<Output = R>,
    R: Output,
{
    fn describe(sketch: &mut Sketch) {
        R::output(sketch);
    }
}

macro_rules! described {
    ($($input:ident)*) => {
        impl<F, Fut, R, M, $($input),*> Described<(M, $($input,)*)> for F
        where
            F: FnOnce($($input),*) -> Fut,
            Fut: Future<Output = R>,
            R: Output,
            $($input: Input,)*
        {
            fn describe(sketch: &mut Sketch) {
                $($input::input(sketch);)*
                R::output(sketch);
            }
        }
    };
}
described!(A);
described!(A B);
described!(A B C);
described!(A B C D);
described!(A B C D E);
described!(A B C D E G);
described!(A B C D E G H);

/// Says nothing that others need to know.
macro_rules! silent {
    ($($input:ty),*) => {
        $(impl Input for $input {
            fn input(_: &mut Sketch) {}
        })*
    };
}
silent!(State<Portal>, Address, HeaderMap);

macro_rules! sessions {
    ($($input:ty: $session:expr;)*) => {
        $(impl Input for $input {
            fn input(sketch: &mut Sketch) {
                sketch.found.session = $session;
            }
        })*
    };
}
sessions! {
    SignedIn: Session::SignedIn;
    AnySession: Session::SignedIn;
    OpenSession: Session::SignedIn;
    Result<AnySession, Failure>: Session::Optional;
    Result<SignedIn, Failure>: Session::Optional;
    Citizen: Session::Role("a citizen");
    Officer: Session::Role("an officer");
    Signer: Session::Role("a citizen, or an officer who works on dossiers");
    SignerSession: Session::Role("a citizen, or an officer who works on dossiers");
}

impl<T: JsonSchema> Input for Result<Json<T>, JsonRejection> {
    fn input(sketch: &mut Sketch) {
        let schema = sketch.asked::<T>();
        sketch.found.json = true;
        sketch.found.body = Some(content("application/json", schema));
    }
}

impl Input for Body {
    fn input(sketch: &mut Sketch) {
        sketch.found.body = Some(content("application/octet-stream", json!({})));
    }
}

impl<K: Kind> Input for Sent<K> {
    fn input(sketch: &mut Sketch) {
        let schema = K::schema(sketch);
        let types = K::TYPES.iter();
        sketch.found.body = Some(types.flat_map(|of| content(of, schema.clone())).collect());
    }
}

impl<T: JsonSchema> Input for Result<Path<T>, PathRejection> {
    fn input(sketch: &mut Sketch) {
        let schema = sketch.asked::<T>();
        match schema.get("prefixItems").and_then(Value::as_array) {
            Some(each) => sketch.found.places.clone_from(each),
            None => sketch.found.places.push(schema),
        }
    }
}

impl<T: JsonSchema> Input for Path<T> {
    fn input(sketch: &mut Sketch) {
        Result::<Self, PathRejection>::input(sketch);
    }
}

impl<T: JsonSchema> Input for Result<Form<T>, FormRejection> {
    fn input(sketch: &mut Sketch) {
        let schema = sketch.asked::<T>();
        sketch.found.body = Some(content("application/x-www-form-urlencoded", schema));
    }
}

impl<T: JsonSchema> Input for Result<Query<T>, QueryRejection> {
    fn input(sketch: &mut Sketch) {
        let schema = T::json_schema(&mut sketch.asked).to_value();
        let needed = |name: &str| {
            schema["required"]
                .as_array()
                .is_some_and(|needed| needed.iter().any(|other| other == name))
        };
        let Some(known) = schema["properties"].as_object() else {
            return;
        };
        for (name, value) in known {
            let mut value = value.clone();
            let mut parameter = json!({ "name": name, "in": "query", "required": needed(name) });
            if let Some(value) = value.as_object_mut() {
                value.remove("default");
                if let Some(description) = value.remove("description") {
                    parameter["description"] = description;
                }
                // In an address nothing is `null`.
                if let Some(Value::Array(types)) = value.get_mut("type") {
                    types.retain(|of| of != "null");
                }
            }
            parameter["schema"] = value;
            sketch.found.parameters.push(parameter);
        }
    }
}

impl Input for Result<SentName, Failure> {
    fn input(sketch: &mut Sketch) {
        sketch.header(
            SentName::HEADER,
            true,
            "Name of the file, percent-encoded UTF-8: names may be personal and stay out of addresses.",
            json!({ "type": "string", "pattern": "^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,150}$" }),
        );
    }
}

impl Input for Result<SentSigning, Failure> {
    fn input(sketch: &mut Sketch) {
        sketch.header(
            SentSigning::HEADER,
            true,
            "The signing transaction that made the file.",
            json!({ "type": "string", "format": "uuid" }),
        );
    }
}

impl Input for Result<SentOffset, Failure> {
    fn input(sketch: &mut Sketch) {
        sketch.header(
            contract::upload::OFFSET_HEADER,
            true,
            "Where in the file the piece begins, in bytes.",
            json!({ "type": "integer", "minimum": 0, "maximum": contract::dossier::ATTACHMENT_BYTES_MAX }),
        );
    }
}

impl Input for LastEventId {
    fn input(sketch: &mut Sketch) {
        sketch.header(
            "last-event-id",
            false,
            "The event that was seen last; what came since is told first.",
            json!({ "type": "integer", "format": "int64" }),
        );
    }
}

/// Content of one media type.
pub fn content(of: &str, schema: Value) -> Map<String, Value> {
    Map::from_iter([(of.to_owned(), json!({ "schema": schema }))])
}

impl<T: Output> Output for Result<T, Failure> {
    fn output(sketch: &mut Sketch) {
        T::output(sketch);
    }
}

impl<T: JsonSchema> Output for Json<T> {
    fn output(sketch: &mut Sketch) {
        let schema = sketch.told::<T>();
        sketch.answer(
            "200",
            "The answer.",
            Some(content("application/json", schema)),
        );
    }
}

impl<T: JsonSchema> Output for Created<T> {
    fn output(sketch: &mut Sketch) {
        let schema = sketch.told::<T>();
        sketch.answer(
            "201",
            "What was made.",
            Some(content("application/json", schema)),
        );
    }
}

impl Output for NoContent {
    fn output(sketch: &mut Sketch) {
        sketch.answer("204", "Done.", None);
    }
}

impl Output for Noted {
    fn output(sketch: &mut Sketch) {
        sketch.answer("201", "It was kept.", None);
    }
}

/// An answer whose form the code does not say. Give it a type of `answer` instead.
impl Output for Response {
    fn output(sketch: &mut Sketch) {
        sketch.answer("2XX", "The answer.", None);
        sketch.answer("3XX", "Where it goes on.", None);
    }
}

/// See the one before.
impl Output for StatusCode {
    fn output(sketch: &mut Sketch) {
        sketch.answer("2XX", "Done.", None);
    }
}

impl Output for &'static str {
    fn output(sketch: &mut Sketch) {
        let text = content("text/plain", json!({ "type": "string" }));
        sketch.answer("200", "The answer.", Some(text));
    }
}

impl<T: Output> Output for WithCookie<T> {
    fn output(sketch: &mut Sketch) {
        T::output(sketch);
        for answer in sketch.found.answers.values_mut() {
            answer["headers"] = json!({ "Set-Cookie": {
                "description": "The session, or its end.", "required": true, "schema": { "type": "string" },
            } });
        }
    }
}

impl<K: Kind> Output for Told<K> {
    fn output(sketch: &mut Sketch) {
        let schema = K::schema(sketch);
        let types = K::TYPES.iter();
        let all = types.flat_map(|of| content(of, schema.clone())).collect();
        sketch.answer("200", K::SAID, Some(all));
        if K::KEPT {
            let same = "What the browser has is still right (`If-None-Match`).";
            sketch.answer("304", same, None);
        }
        if K::ENDS {
            sketch.answer("204", "It is over, and that was seen.", None);
        }
    }
}
