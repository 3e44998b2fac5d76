//! Switches for tests: faults, waiting time, locks, phones that press by themselves, the log. JSON.

mod page;
mod words;

use crate::Sandbox;
use crate::decision::{Auto, Decision};
use crate::desk::Request;
use crate::fault::{Fault, Rule};
use crate::protocol::long_time;
use crate::providers::{PROVIDERS, provider};
use crate::subscriber::Standing;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;

type Shared = State<Arc<Sandbox>>;

pub(crate) fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .merge(page::routes())
        .route("/health", get(|| async { "ok" }))
        .route("/admin/settings", post(settings))
        .route(
            "/admin/faults",
            get(faults).post(add_faults).delete(clear_faults),
        )
        .route("/admin/log", get(log).delete(clear_log))
        .route("/admin/requests", get(requests).delete(clear_requests))
        .route("/admin/auto", get(autos).post(auto).delete(clear_autos))
        .route("/admin/certificates", get(certificates).post(certificate))
}

/// A refusal that says why.
fn refused(reason: impl Into<String>) -> Response {
    let body = json!({ "error": reason.into() });
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    /// How long new requests wait, in seconds.
    lifetime_seconds: Option<u64>,
    /// What goes wrong from now on, instead of everything else.
    fault: Option<Simple>,
    /// Account to unlock with every provider.
    unlock: Option<String>,
    /// Where results are posted, by provider; null takes an address away.
    #[serde(default)]
    webhooks: HashMap<String, Option<String>>,
    /// Where MySign fetches a token before it posts a result.
    #[serde(default)]
    webhook_logins: HashMap<String, Option<String>>,
    /// Whether a provider's gateway answers only when the person has decided.
    #[serde(default)]
    synchronous: HashMap<String, bool>,
}

/// The few faults of `settings`: for every provider, until changed.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Simple {
    None,
    Down,
    LostAnswer,
    WrongValue,
}

async fn settings(State(sandbox): Shared, Json(change): Json<Change>) -> Response {
    let named = change
        .webhooks
        .keys()
        .chain(change.webhook_logins.keys())
        .chain(change.synchronous.keys());
    for code in named {
        if provider(code).is_none() {
            return refused(format!("no provider {code:?}"));
        }
    }
    let addresses = change
        .webhooks
        .values()
        .chain(change.webhook_logins.values());
    if addresses
        .flatten()
        .any(|address| !crate::post::is_address(address))
    {
        return refused("webhooks: addresses are http://host/path");
    }
    if let Some(seconds) = change.lifetime_seconds {
        sandbox.desk().lifetime_seconds = seconds;
    }
    if let Some(fault) = change.fault {
        let mut faults = sandbox.faults();
        faults.clear();
        match fault {
            Simple::None => {}
            Simple::Down => faults.add(Rule::everywhere(Fault::HttpError)),
            Simple::LostAnswer => faults.add(Rule {
                call: Some(crate::fault::Call::Sign),
                ..Rule::everywhere(Fault::LostAnswer)
            }),
            Simple::WrongValue => faults.add(Rule::everywhere(Fault::WrongSignature)),
        }
    }
    if let Some(account) = change.unlock {
        let mut desk = sandbox.desk();
        for provider in PROVIDERS {
            desk.unlock(provider.code, &account);
        }
    }
    let mut manners = sandbox.manners();
    let mut put = |map: fn(&mut crate::Manners) -> &mut HashMap<String, String>,
                   changes: HashMap<String, Option<String>>| {
        for (code, address) in changes {
            match address {
                Some(address) => map(&mut manners).insert(code, address),
                None => map(&mut manners).remove(&code),
            };
        }
    };
    put(|manners| &mut manners.webhooks, change.webhooks);
    put(|manners| &mut manners.webhook_logins, change.webhook_logins);
    for (code, on) in change.synchronous {
        if on {
            manners.synchronous.insert(code);
        } else {
            manners.synchronous.remove(&code);
        }
    }
    StatusCode::NO_CONTENT.into_response()
}

/// One rule or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum Rules {
    Several(Vec<Value>),
    One(Value),
}

async fn add_faults(State(sandbox): Shared, Json(rules): Json<Rules>) -> Response {
    let values = match rules {
        Rules::Several(list) => list,
        Rules::One(value) => vec![value],
    };
    let mut read = Vec::new();
    for value in values {
        let rule: Rule = match serde_json::from_value(value) {
            Ok(rule) => rule,
            Err(error) => return refused(error.to_string()),
        };
        if let Some(mistake) = rule.mistake() {
            return refused(mistake);
        }
        read.push(rule);
    }
    let mut faults = sandbox.faults();
    for rule in read {
        faults.add(rule);
    }
    StatusCode::NO_CONTENT.into_response()
}

async fn faults(State(sandbox): Shared) -> Json<Vec<Rule>> {
    Json(sandbox.faults().rules().to_vec())
}

async fn clear_faults(State(sandbox): Shared) -> StatusCode {
    sandbox.faults().clear();
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct Since {
    /// Only lines after this number.
    #[serde(default)]
    after: u64,
}

async fn log(State(sandbox): Shared, Query(since): Query<Since>) -> Response {
    let mut text = String::new();
    for record in sandbox.records().lines() {
        if record.number > since.after
            && let Ok(line) = serde_json::to_string(record)
        {
            text.push_str(&line);
            text.push('\n');
        }
    }
    ([(header::CONTENT_TYPE, "application/x-ndjson")], text).into_response()
}

async fn clear_log(State(sandbox): Shared) -> StatusCode {
    sandbox.records().clear();
    StatusCode::NO_CONTENT
}

fn told(request: &Request) -> Value {
    json!({
        "provider": request.asked.provider, "transaction": request.asked.transaction, "code": request.code,
        "account": request.asked.account, "serial": request.asked.serial, "items": request.asked.items.len(),
        "files": request.asked.items.iter().map(|item| &item.doc_id).collect::<Vec<_>>(),
        "digests": request.asked.items.iter().map(|item| hex::encode(&item.digest)).collect::<Vec<_>>(),
        "description": request.asked.description, "state": request.state.word(),
        "created_at": long_time(request.created_at), "expires_at": long_time(request.expires_at),
        "signed": request.count.signed, "refused_again": request.count.refused_again,
        "status_calls": request.count.asked, "handed_out": request.count.handed_out,
        "called_back": request.count.called_back,
    })
}

async fn requests(State(sandbox): Shared) -> Json<Vec<Value>> {
    Json(sandbox.desk().requests().iter().map(told).collect())
}

async fn clear_requests(State(sandbox): Shared) -> StatusCode {
    sandbox.desk().clear();
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewAuto {
    /// All providers when none.
    #[serde(default)]
    provider: String,
    /// All accounts when none.
    #[serde(default)]
    account: String,
    decision: Decision,
    #[serde(default)]
    delay_ms: u64,
}

async fn auto(State(sandbox): Shared, Json(new): Json<NewAuto>) -> Response {
    if !new.provider.is_empty() && provider(&new.provider).is_none() {
        return refused("provider: a code of this sandbox");
    }
    let auto = Auto {
        decision: new.decision,
        delay_ms: new.delay_ms,
    };
    sandbox
        .manners()
        .autos
        .insert((new.provider, new.account), auto);
    StatusCode::NO_CONTENT.into_response()
}

async fn autos(State(sandbox): Shared) -> Json<Vec<Value>> {
    let manners = sandbox.manners();
    let list = manners.autos.iter().map(|((provider, account), auto)| {
        json!({ "provider": provider, "account": account, "decision": auto.decision, "delay_ms": auto.delay_ms })
    });
    Json(list.collect())
}

async fn clear_autos(State(sandbox): Shared) -> StatusCode {
    sandbox.manners().autos.clear();
    StatusCode::NO_CONTENT
}

async fn certificates(State(sandbox): Shared) -> Json<Vec<Value>> {
    let list = sandbox.subscribers.made().map(|credential| {
        json!({ "serial": credential.serial, "subject": credential.subject, "standing": sandbox.standing(credential) })
    });
    Json(list.collect())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewStanding {
    serial: String,
    standing: Standing,
}

/// Revokes, suspends, or takes that back.
async fn certificate(State(sandbox): Shared, Json(new): Json<NewStanding>) -> Response {
    let known = sandbox
        .subscribers
        .made()
        .any(|credential| credential.serial == new.serial);
    if !known {
        return refused("serial: no certificate that was made so far");
    }
    sandbox
        .manners()
        .standings
        .insert(new.serial, (new.standing, crate::desk::now()));
    StatusCode::NO_CONTENT.into_response()
}
