//! The API as one OpenAPI 3.1 document, made of what the router serves.

use super::Operation;
use super::sketch::{ASKED, Found, Session, Sketch, TOLD, content};
use contract::problem::{MEDIA_TYPE, Problem};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

mod words {
    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}

/// Name of the security scheme.
const SESSION: &str = "session";
const PROBLEM: &str = "#/components/responses/Problem";

fn said(words: &[(&str, &'static str)], name: &str) -> &'static str {
    words
        .iter()
        .find(|(of, _)| *of == name)
        .map_or("", |(_, text)| *text)
}

/// What its first sentence says.
fn summary(text: &str) -> &str {
    let line = text.split("\n\n").next().unwrap_or(text);
    line.split_once(". ")
        .map_or(line, |(first, _)| first)
        .trim_end_matches('.')
}

/// The document; `cookie` names the one that carries the session.
#[must_use]
pub fn document(operations: &[Operation], cookie: &str) -> Value {
    let mut sketch = Sketch::new();
    let problem = sketch.told::<Problem>();
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    let mut tags = BTreeSet::new();
    for operation in operations {
        sketch.found = Found::default();
        (operation.describe)(&mut sketch);
        let found = std::mem::take(&mut sketch.found);
        let method = operation.method.as_str().to_lowercase();
        let described = described(operation, found);
        tags.insert(operation.resource());
        paths
            .entry(operation.path)
            .or_default()
            .insert(method, described);
    }
    let tags: Vec<Value> = tags
        .into_iter()
        .map(|name| json!({ "name": name, "description": said(words::RESOURCES, name) }))
        .collect();
    let told = sketch.told.take_definitions(true);
    let asked = sketch.asked.take_definitions(true);
    let (schemas, renamed) = together(told, asked);
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Hồ Sơ Ký Số",
            "version": "1",
            "summary": "The portal's API: dossiers, signatures, the officers' desk, the catalogue.",
            "description": "Times are milliseconds since 1970-01-01T00:00:00Z. Every refusal is `application/problem+json` (RFC 9457), \
                whose `code` says what happened. Within version 1 answers may get more fields and requests more optional ones; what is \
                there keeps its meaning. Requests that change something are refused when a browser says that they come from another site.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/api/v1", "description": "This portal." }],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": {
                "Problem": {
                    "description": "It was refused, or failed; nothing was changed.",
                    "content": content(MEDIA_TYPE, problem),
                },
            },
            "securitySchemes": {
                SESSION: {
                    "type": "apiKey", "in": "cookie", "name": cookie,
                    "description": "The cookie that signing in sets (`POST /session`).",
                },
            },
        },
    });
    finish(&mut document, &renamed);
    document
}

fn described(operation: &Operation, found: Found) -> Value {
    let text = said(words::HANDLERS, operation.handler);
    let names = operation
        .path
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split('}').next());
    let mut places = found.places.into_iter();
    let mut parameters: Vec<Value> = names
        .map(|name| {
            let schema = places.next().unwrap_or_else(|| json!({ "type": "string" }));
            json!({ "name": name, "in": "path", "required": true, "schema": schema })
        })
        .collect();
    parameters.extend(found.parameters);
    let mut answers: Map<String, Value> = found.answers.into_iter().collect();
    let problem = || json!({ "$ref": PROBLEM });
    if matches!(found.session, Session::SignedIn | Session::Role(_)) {
        answers.insert("401".to_owned(), problem());
    }
    if matches!(found.session, Session::Role(_)) {
        answers.insert("403".to_owned(), problem());
    }
    if found.body.is_some() {
        answers.insert("413".to_owned(), problem());
    }
    if found.json {
        answers.insert("415".to_owned(), problem());
        answers.insert("422".to_owned(), problem());
    }
    for rest in ["4XX", "5XX"] {
        answers.insert(rest.to_owned(), problem());
    }
    let needed = json!([{ SESSION: [] }]);
    let (security, who) = match found.session {
        Session::None => (json!([]), None),
        Session::Optional => (json!([{}, { SESSION: [] }]), None),
        Session::SignedIn => (needed, None),
        Session::Role(who) => (needed, Some(who)),
    };
    let mut description = text.to_owned();
    if let Some(who) = who {
        description.push_str(&format!("\n\nFor {who}."));
    }
    let mut told = json!({
        "operationId": operation.handler.replace("::", "."),
        "tags": [operation.resource()],
        "summary": summary(text),
        "description": description,
        "parameters": parameters,
        "responses": answers,
        "security": security,
    });
    if let Some(body) = found.body {
        told["requestBody"] = json!({ "required": true, "content": body });
        if let Some(most) = operation.bytes_max {
            told["requestBody"]["description"] = format!("At most {most} bytes.").into();
        }
    }
    told
}

/// The names that a schema refers to, below a prefix.
fn referred(value: &Value, prefix: &str, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            if let Some(name) = map
                .get("$ref")
                .and_then(|to| to.as_str()?.strip_prefix(prefix))
            {
                names.insert(name.to_owned());
            }
            map.values()
                .for_each(|value| referred(value, prefix, names));
        }
        Value::Array(list) => list.iter().for_each(|value| referred(value, prefix, names)),
        _ => {}
    }
}

fn moved(value: &mut Value, to: &impl Fn(&str) -> Option<String>) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(place)) = map.get_mut("$ref")
                && let Some(other) = to(place)
            {
                *place = other;
            }
            map.values_mut().for_each(|value| moved(value, to));
        }
        Value::Array(list) => list.iter_mut().for_each(|value| moved(value, to)),
        _ => {}
    }
}

/// One set of schemas. A type that is asked otherwise than it is told (what may be left out is always told) stands in it twice; the
/// names of those that are asked come back.
fn together(
    mut told: Map<String, Value>,
    asked: Map<String, Value>,
) -> (Map<String, Value>, BTreeSet<String>) {
    let plain = |schema: &Value| {
        let mut schema = schema.clone();
        moved(&mut schema, &|place: &str| {
            place
                .strip_prefix(ASKED)
                .map(|name| format!("{TOLD}{name}"))
        });
        schema
    };
    let mut other: BTreeSet<String> = asked
        .iter()
        .filter(|(name, schema)| told.get(*name).is_some_and(|told| *told != plain(schema)))
        .map(|(name, _)| name.clone())
        .collect();
    // What refers to such a one is another one too.
    loop {
        let more: Vec<String> = asked
            .iter()
            .filter(|(name, schema)| {
                let mut names = BTreeSet::new();
                referred(schema, ASKED, &mut names);
                told.contains_key(*name)
                    && !other.contains(*name)
                    && names.iter().any(|name| other.contains(name))
            })
            .map(|(name, _)| name.clone())
            .collect();
        if more.is_empty() {
            break;
        }
        other.extend(more);
    }
    for (name, schema) in asked {
        let name = if other.contains(&name) {
            format!("{name}Asked")
        } else {
            name
        };
        told.entry(name).or_insert(schema);
    }
    (told, other)
}

/// The bounds of numbers that Rust's types have and JSON's do not.
fn bounds(format: &str) -> Option<(i128, i128)> {
    Some(match format {
        "int32" => (i128::from(i32::MIN), i128::from(i32::MAX)),
        "int64" => (i128::from(i64::MIN), i128::from(i64::MAX)),
        "uint32" => (0, i128::from(u32::MAX)),
        "uint64" | "uint" => (0, i128::from(u64::MAX)),
        _ => return None,
    })
}

/// Puts names of schemas right, gives numbers their bounds, and takes rustdoc's brackets out of words.
fn finish(value: &mut Value, renamed: &BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(place)) = map.get_mut("$ref")
                && let Some(name) = place.strip_prefix(ASKED)
            {
                let asked = if renamed.contains(name) { "Asked" } else { "" };
                *place = format!("{TOLD}{name}{asked}");
            }
            let bounds = map.get("format").and_then(|of| bounds(of.as_str()?));
            if let Some((least, most)) = bounds {
                let number = |value: i128| {
                    i64::try_from(value)
                        .map(Value::from)
                        .or_else(|_| u64::try_from(value).map(Value::from))
                };
                if let (Ok(least), Ok(most)) = (number(least), number(most)) {
                    map.entry("minimum").or_insert(least);
                    map.entry("maximum").or_insert(most);
                }
            }
            if let Some(Value::String(text)) = map.get_mut("description") {
                *text = text.replace("[`", "`").replace("`]", "`");
            }
            map.values_mut().for_each(|value| finish(value, renamed));
        }
        Value::Array(list) => list.iter_mut().for_each(|value| finish(value, renamed)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made() -> Value {
        document(&crate::operations(), "session")
    }

    #[test]
    fn every_operation_says_what_it_is() {
        let made = made();
        let mut names = BTreeSet::new();
        for known in crate::operations() {
            let method = known.method.as_str().to_lowercase();
            let told = &made["paths"][known.path][&method];
            assert!(told.is_object(), "{method} {} is not told", known.path);
            let name = told["operationId"].as_str().expect("a name").to_owned();
            assert!(names.insert(name), "{}: two of one name", known.handler);
            let text = told["summary"].as_str().expect("a summary");
            assert!(!text.is_empty(), "{} says nothing of itself", known.handler);
            let places = known.path.matches('{').count();
            let parameters = told["parameters"].as_array().expect("parameters");
            let in_path = parameters.iter().filter(|one| one["in"] == "path").count();
            assert_eq!(places, in_path);
            let successes = told["responses"].as_object().expect("answers");
            assert!(
                successes.keys().any(|status| status.starts_with('2')),
                "{}",
                known.handler
            );
        }
    }

    #[test]
    fn nothing_is_referred_to_that_is_not_there() {
        let made = made();
        let mut names = BTreeSet::new();
        referred(&made, "#/components/", &mut names);
        assert!(names.len() > 100, "{}", names.len());
        for name in names {
            let found = made.pointer(&format!("/components/{name}"));
            assert!(found.is_some(), "{name}");
        }
    }

    #[test]
    fn what_may_be_left_out_of_a_request_is_always_told() {
        let schemas = &made()["components"]["schemas"];
        let needed = |name: &str| -> Vec<String> {
            let needed = schemas[name]["required"].clone();
            serde_json::from_value(needed).unwrap_or_default()
        };
        // Every field of `AuditQuery` has a default; it is only ever asked.
        assert!(needed("AuditQuery").is_empty());
        // `Person` goes both ways.
        assert!(needed("Person").len() > needed("PersonAsked").len());
    }

    #[test]
    fn a_value_has_the_pattern_of_its_own_rule() {
        let made = made();
        let schemas = &made["components"]["schemas"];
        assert_eq!(schemas["Sha256"]["pattern"], "^[0-9a-f]{64}$");
        assert_eq!(
            schemas["Name"]["maxLength"],
            contract::value::NAME_CHARS_MAX
        );
        let place = &made["paths"]["/kept/{sha256}"]["put"]["parameters"][0]["schema"]["$ref"];
        assert_eq!(place, "#/components/schemas/Sha256");
    }

    #[test]
    fn who_may_ask_is_told_by_the_type_that_asks() {
        let made = made();
        let of = |path: &str, method: &str| made["paths"][path][method]["security"].clone();
        assert_eq!(of("/procedures", "get"), json!([]));
        assert_eq!(of("/dossiers", "get"), json!([{ "session": [] }]));
        assert_eq!(of("/session", "get"), json!([{}, { "session": [] }]));
    }
}
