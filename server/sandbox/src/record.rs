//! What was asked and answered, with secrets taken out; the newest so many.

use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::VecDeque;

/// Lines kept.
const LINES_MAX: usize = 2_000;
/// Letters of a text kept: certificates and values are told apart by their beginning.
const TEXT_MAX: usize = 96;
/// Elements of a list kept.
const LIST_MAX: usize = 12;

/// One call.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Record {
    /// Counts up from 1.
    pub(crate) number: u64,
    /// RFC 3339.
    pub(crate) at: String,
    pub(crate) provider: String,
    pub(crate) call: crate::fault::Call,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) request: Value,
    /// HTTP status; none when no answer was given.
    pub(crate) status: Option<u16>,
    pub(crate) answer: Value,
    /// Why a strict reader refused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mistake: Option<String>,
    /// What was made to go wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) faults: Vec<crate::fault::Fault>,
    pub(crate) milliseconds: u64,
}

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct Records {
    lines: VecDeque<Record>,
    count: u64,
}

impl Records {
    /// Keeps a record and numbers it.
    pub(crate) fn add(&mut self, mut record: Record) {
        self.count += 1;
        record.number = self.count;
        if self.lines.len() >= LINES_MAX {
            self.lines.pop_front();
        }
        self.lines.push_back(record);
    }

    /// Oldest first.
    pub(crate) fn lines(&self) -> impl DoubleEndedIterator<Item = &Record> {
        self.lines.iter()
    }

    pub(crate) fn clear(&mut self) {
        self.lines.clear();
    }
}

fn is_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    [
        "password",
        "secret",
        "token",
        "sad",
        "pin",
        "otp",
        "assertion",
    ]
    .iter()
    .any(|word| key == *word || (word.len() > 3 && key.contains(word)))
        && key != "token_type"
        && key != "nextpagetoken"
        && key != "pagetoken"
}

/// A body for the log: secrets replaced, long texts and lists cut.
pub(crate) fn redacted(body: &[u8], is_form: bool) -> Value {
    if body.is_empty() {
        return Value::Null;
    }
    if is_form {
        let fields: Map<String, Value> = String::from_utf8_lossy(body)
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(key, value)| (key.to_owned(), clean(key, Value::String(value.to_owned()))))
            .collect();
        return Value::Object(fields);
    }
    match serde_json::from_slice(body) {
        Ok(value) => clean("", value),
        Err(_) => Value::String(format!("{} bytes that are no JSON", body.len())),
    }
}

fn clean(key: &str, value: Value) -> Value {
    match value {
        Value::Null => Value::Null,
        _ if is_secret(key) => Value::String("(hidden)".into()),
        Value::String(text) if text.chars().count() > TEXT_MAX => {
            let beginning: String = text.chars().take(TEXT_MAX).collect();
            Value::String(format!("{beginning}… ({} letters)", text.chars().count()))
        }
        Value::Array(list) => {
            let left = list.len().saturating_sub(LIST_MAX);
            let mut kept: Vec<Value> = list
                .into_iter()
                .take(LIST_MAX)
                .map(|item| clean(key, item))
                .collect();
            if left > 0 {
                kept.push(Value::String(format!("… {left} more")));
            }
            Value::Array(kept)
        }
        Value::Object(fields) => Value::Object(
            fields
                .into_iter()
                .map(|(key, value)| {
                    let value = clean(&key, value);
                    (key, value)
                })
                .collect(),
        ),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_do_not_reach_the_log() {
        let body = br#"{"sp_id":"a","sp_password":"tell-nobody","x":[{"client_secret":"tell-nobody"}],"SAD":"tell-nobody",
            "access_token":"tell-nobody","PIN":"tell-nobody","token_type":"Bearer"}"#;
        let text = redacted(body, false).to_string();
        assert!(!text.contains("tell-nobody"), "{text}");
        assert!(text.contains("Bearer"));
        let form = redacted(b"grant_type=x&client_secret=tell-nobody", true).to_string();
        assert!(!form.contains("tell-nobody"), "{form}");
    }

    #[test]
    fn long_texts_and_lists_are_cut() {
        let body = serde_json::json!({ "a": "x".repeat(5000), "b": vec![1; 500] });
        let text = redacted(body.to_string().as_bytes(), false).to_string();
        assert!(text.len() < 400, "{}", text.len());
    }
}
