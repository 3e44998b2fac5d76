//! The fault matrix: everything the sandbox can do wrong, in every call, with both protocols. Each cell ends in the result that stands
//! in its table, beside what the provider really did; none hangs, none says "signed" of what is not, none loses what was signed
//! without its row saying why that cannot be helped.

use crate::support::{MAU, Person, Stage, prepare_many, quick};
use contract::signing::{SigningState, SigningView, StartSigning};
use contract::value::Sha256;
use serde_json::{Value, json};
use server::config::Config;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// What the person does: confirms after 150 ms, refuses, or leaves the phone alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Does {
    Confirms,
    Refuses,
    Nothing,
}
use Does::{Confirms, Nothing, Refuses};

/// One row: the call, the rule for the sandbox (without call and provider), what the person does, and how it ends with the profile of
/// QĐ 769 and with MySign: what the portal says, then what the provider's log says. `-` where the protocol has no such thing.
type Row = (&'static str, &'static str, Does, &'static str, &'static str);

/// The same end with both protocols.
const fn both(call: &'static str, rule: &'static str, does: Does, end: &'static str) -> Row {
    (call, rule, does, end, end)
}

const DONE: &str = "done, signed";
const NEVER_ARRIVED: &str = "failed provider-down, nothing";
/// MySign without its webhook mode knows a transaction by its own number alone. When the answer that carries it is lost, nobody can ask how it stands: the
/// person is told that the time ran out, and signs again with new digests. The value stays with the provider and fits nothing else.
const NUMBER_LOST: &str = "expired, signed";
/// The same when the request never arrived.
const NOT_KNOWN: &str = "expired, nothing";

/// With time enough: a request lives a minute.
#[rustfmt::skip]
const CALM: &[Row] = &[
    both("", "", Confirms, DONE),
    both("", "", Refuses, "rejected, rejected"),
    // The request.
    both("sign", r#"{"fault":"slow","ms":300}"#, Confirms, DONE),
    ("sign", r#"{"fault":"http-error","status":503,"times":1}"#, Confirms, NEVER_ARRIVED, "-"),
    ("sign", r#"{"fault":"http-error","status":400,"times":1}"#, Confirms, "failed provider-refused, nothing", "-"),
    ("sign", r#"{"fault":"http-error","status":401,"times":1}"#, Confirms, "failed no-certificate, nothing", "-"),
    ("sign", r#"{"fault":"cut-before","times":1}"#, Confirms, NEVER_ARRIVED, "-"),
    ("sign", r#"{"fault":"never-answers","times":1}"#, Confirms, NEVER_ARRIVED, "-"),
    ("sign", r#"{"fault":"ok-around-error","times":1}"#, Confirms, NEVER_ARRIVED, "-"),
    ("sign", r#"{"fault":"cut-after","times":1}"#, Confirms, DONE, "-"),
    ("sign", r#"{"fault":"cut-within","times":1}"#, Confirms, DONE, "-"),
    ("sign", r#"{"fault":"lost-answer","times":1}"#, Confirms, DONE, "-"),
    ("sign", r#"{"fault":"lost-answer","times":1}"#, Refuses, "rejected, rejected", "-"),
    ("sign", r#"{"fault":"garbage","times":1}"#, Confirms, DONE, "-"),
    // The key.
    both("sign", r#"{"fault":"wrong-signature"}"#, Confirms, "mismatch, signed"),
    both("sign", r#"{"fault":"wrong-certificate"}"#, Confirms, "mismatch, signed"),
    both("sign", r#"{"fault":"partial"}"#, Confirms, "partial, signed"),
    both("sign", r#"{"fault":"reordered"}"#, Confirms, DONE),
    // The status.
    both("status", r#"{"fault":"slow","ms":300}"#, Confirms, DONE),
    both("status", r#"{"fault":"http-error","status":503,"times":4}"#, Confirms, DONE),
    both("status", r#"{"fault":"http-error","status":401,"times":2}"#, Confirms, DONE),
    both("status", r#"{"fault":"cut-before","times":4}"#, Confirms, DONE),
    both("status", r#"{"fault":"cut-after","times":4}"#, Confirms, DONE),
    both("status", r#"{"fault":"cut-within","times":4}"#, Confirms, DONE),
    both("status", r#"{"fault":"lost-answer","times":1}"#, Confirms, DONE),
    both("status", r#"{"fault":"never-answers","times":1}"#, Confirms, DONE),
    both("status", r#"{"fault":"ok-around-error","times":4}"#, Confirms, DONE),
    both("status", r#"{"fault":"garbage","times":4}"#, Confirms, DONE),
    both("status", r#"{"fault":"http-error","status":503,"times":4}"#, Refuses, "rejected, rejected"),
    both("status", r#"{"fault":"wrong-signature"}"#, Confirms, "mismatch, signed"),
    both("status", r#"{"fault":"wrong-certificate"}"#, Confirms, "mismatch, signed"),
    both("status", r#"{"fault":"partial"}"#, Confirms, "partial, signed"),
    both("status", r#"{"fault":"partial","times":1}"#, Confirms, DONE),
    both("status", r#"{"fault":"reordered"}"#, Confirms, DONE),
];

/// A request lives two seconds.
#[rustfmt::skip]
const SHORT: &[Row] = &[
    both("", "", Nothing, "expired, expired"),
    ("sign", r#"{"fault":"cut-before","times":1}"#, Nothing, NEVER_ARRIVED, NOT_KNOWN),
    ("sign", r#"{"fault":"http-error","status":503,"times":1}"#, Confirms, "-", NOT_KNOWN),
    ("sign", r#"{"fault":"http-error","status":400,"times":1}"#, Confirms, "-", NOT_KNOWN),
    ("sign", r#"{"fault":"http-error","status":401,"times":1}"#, Confirms, "-", NOT_KNOWN),
    ("sign", r#"{"fault":"never-answers","times":1}"#, Confirms, "-", NOT_KNOWN),
    ("sign", r#"{"fault":"ok-around-error","times":1}"#, Confirms, "-", NOT_KNOWN),
    ("sign", r#"{"fault":"lost-answer","times":1}"#, Confirms, "-", NUMBER_LOST),
    ("sign", r#"{"fault":"cut-within","times":1}"#, Confirms, "-", NUMBER_LOST),
    ("sign", r#"{"fault":"garbage","times":1}"#, Confirms, "-", NUMBER_LOST),
    both("sign", r#"{"fault":"lost-answer","times":1}"#, Nothing, "expired, expired"),
    // The provider confirms and then never tells anybody: the person learns that the time ran out.
    both("status", r#"{"fault":"http-error","status":503}"#, Confirms, "expired, signed"),
    both("status", r#"{"fault":"never-answers"}"#, Confirms, "expired, signed"),
    both("status", r#"{"fault":"garbage"}"#, Confirms, "expired, signed"),
    // Forgotten at the first question, so that the phone has nothing to confirm any more.
    both("status", r#"{"fault":"lost-status"}"#, Nothing, "expired, expired"),
];

/// The provider posts the result by itself (MySign in its webhook mode). Then no answer that got lost costs a signature.
#[rustfmt::skip]
const POSTED: &[Row] = &[
    both("sign", r#"{"fault":"duplicate-callbacks"}"#, Confirms, DONE),
    both("sign", r#"{"fault":"late-callbacks","ms":700}"#, Confirms, DONE),
    both("sign", r#"{"fault":"wrong-signature"}"#, Confirms, "mismatch, signed"),
    both("sign", r#"{"fault":"partial"}"#, Confirms, "partial, signed"),
    both("sign", r#"{"fault":"lost-answer","times":1}"#, Confirms, DONE),
    both("sign", r#"{"fault":"cut-within","times":1}"#, Confirms, DONE),
    both("sign", r#"{"fault":"garbage","times":1}"#, Confirms, DONE),
    // Nobody can ask, and still it arrives.
    both("status", r#"{"fault":"http-error","status":503}"#, Confirms, DONE),
    both("status", r#"{"fault":"never-answers"}"#, Confirms, DONE),
    both("", "", Refuses, "rejected, rejected"),
];

/// Certificates: the portal's answer while it goes wrong; afterwards they come.
const CERTIFICATES: [(&str, &str); 10] = [
    (r#"{"fault":"slow","ms":200,"times":1}"#, "200"),
    (
        r#"{"fault":"http-error","status":503,"times":1}"#,
        "provider-down",
    ),
    (r#"{"fault":"cut-before","times":1}"#, "provider-down"),
    (r#"{"fault":"cut-after","times":1}"#, "provider-down"),
    (r#"{"fault":"cut-within","times":1}"#, "provider-down"),
    (r#"{"fault":"lost-answer","times":1}"#, "provider-down"),
    (r#"{"fault":"never-answers","times":1}"#, "provider-down"),
    (r#"{"fault":"ok-around-error","times":1}"#, "provider-down"),
    (r#"{"fault":"garbage","times":1}"#, "provider-refused"),
    (r#"{"fault":"wrong-certificate","times":1}"#, "none usable"),
];

/// Own protocols, no long waiting, and a breaker that leaves the matrix alone: it has tests of its own.
fn configure(config: &mut Config) {
    let own = provider::default_entries().expect("entries");
    for entry in &mut config.providers {
        if let Some(own) = own.iter().find(|own| own.code == entry.code) {
            entry.protocol = own.protocol.clone();
        }
        entry.timeouts.connect = Duration::from_millis(700);
        entry.timeouts.call = Duration::from_millis(700);
        entry.timeouts.start = Duration::from_millis(900);
        entry.breaker.failures = u32::MAX;
        entry.breaker.percent = 1000;
    }
}

/// The same with a provider that waits two seconds.
fn configure_short(config: &mut Config) {
    configure(config);
    for entry in &mut config.providers {
        entry.limits.lifetime = Duration::from_secs(2);
    }
}

/// The same with a MySign that posts results.
fn configure_posting(config: &mut Config) {
    configure(config);
    for entry in &mut config.providers {
        if let provider::Protocol::Mysign(settings) = &mut entry.protocol {
            settings.webhook = true;
        }
    }
}

/// One sandbox and one portal that go through cells one after the other.
struct Lane {
    stage: Stage,
    citizen: Person,
    like: StartSigning,
    certificate: Vec<u8>,
}

impl Lane {
    async fn new(provider: &'static str, lifetime_seconds: u64, posts: bool) -> Self {
        let configure = match (lifetime_seconds, posts) {
            (2, _) => configure_short,
            (_, true) => configure_posting,
            _ => configure,
        };
        let mut stage =
            Stage::configured(|settings| settings.pace = Some(quick()), configure).await;
        stage.provider_code = provider;
        let mut change = json!({ "lifetime_seconds": lifetime_seconds });
        if posts {
            let webhook = stage.at(&format!("/api/webhooks/{provider}"));
            // MySign signs in before it posts.
            let login = (provider == "viettel-ca").then(|| format!("{webhook}/token"));
            change["webhooks"] = json!({ (provider): webhook });
            change["webhook_logins"] = json!({ (provider): login });
        }
        stage.provider(change).await;
        let citizen = stage.sign_in(MAU).await;
        let batch = prepare_many(&stage, &citizen, MAU, &[Uuid::new_v4(), Uuid::new_v4()]).await;
        Self {
            stage,
            citizen,
            certificate: batch.certificate.der.0.clone(),
            like: batch.start,
        }
    }

    fn admin(&self, path: &str) -> String {
        format!("http://{}/admin/{path}", self.stage.sandbox.address)
    }

    /// Goes through one cell; what came of it.
    async fn cell(&self, row: &Row) -> String {
        let (call, rule, does, ..) = *row;
        let http = &self.stage.http;
        self.stage.no_faults().await;
        self.stage.admin(http.delete(self.admin("requests"))).await;
        self.stage.admin(http.delete(self.admin("auto"))).await;
        if !rule.is_empty() {
            let mut rule: Value = serde_json::from_str(rule).expect("a rule");
            rule["provider"] = self.stage.provider_code.into();
            rule["call"] = call.into();
            self.stage.fault(rule).await;
        }
        match does {
            Confirms => self.stage.auto("confirm", 150).await,
            Refuses => self.stage.auto("reject", 150).await,
            Nothing => {}
        }
        let mut request = self.like.clone();
        request.id = Uuid::new_v4();
        for item in &mut request.items {
            item.attachment = Uuid::new_v4();
            item.digest = Sha256(rand::random());
        }
        let body = serde_json::to_value(&request).expect("json");
        let (status, answer) = self
            .citizen
            .post(self.stage.at("/api/signings"), &body)
            .await;
        assert_eq!(status, 200, "{row:?}: {answer}");
        let view = self.settled(row, request.id).await;
        let at_provider = self.at_provider(row, &view).await;
        let state = word(&json!(view.state));
        match view.failure {
            Some(failure) => format!("{state} {}, {at_provider}", word(&json!(failure))),
            None => format!("{state}, {at_provider}"),
        }
    }

    /// Waits for the end; embeds what came, as the page does.
    async fn settled(&self, row: &Row, id: Uuid) -> SigningView {
        let since = Instant::now();
        loop {
            let address = self.stage.at(&format!("/api/signings/{id}"));
            let (status, view) = self.citizen.get(address).await;
            assert_eq!(status, 200, "{row:?}: {view}");
            let view: SigningView = serde_json::from_value(view).expect("a view");
            if view.state.is_final() {
                return view;
            }
            if view.state == SigningState::Confirmed {
                self.complete(row, &view).await;
                continue;
            }
            assert!(
                since.elapsed() < Duration::from_secs(20),
                "{row:?} hangs as {:?}",
                view.state
            );
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }

    async fn complete(&self, row: &Row, view: &SigningView) {
        let mut signed = Vec::new();
        for item in &view.items {
            if let Some(value) = &item.signature {
                let digest = &item.item.digest;
                assert!(
                    signature::verify_value(&self.certificate, digest, &value.0).is_ok(),
                    "{row:?}: a value that is none"
                );
                signed.push(*digest);
            }
        }
        let address = format!("/api/signings/{}/completion", view.id);
        let body = json!({ "signed": signed });
        let (status, answer) = self.citizen.post(self.stage.at(&address), &body).await;
        assert_eq!(status, 200, "{row:?}: {answer}");
    }

    /// How the provider's own log has it; a request twice or a key used twice is an error in every cell.
    async fn at_provider(&self, row: &Row, view: &SigningView) -> String {
        // What the person does after the portal gave up is part of the cell.
        let since = Instant::now();
        loop {
            let all = self.stage.http.get(self.admin("requests"));
            let all = self.stage.admin(all).await;
            let all = all.as_array().cloned().unwrap_or_default();
            assert!(all.len() <= 1, "{row:?}: sent twice: {all:?}");
            let Some(one) = all.first() else {
                return "nothing".to_owned();
            };
            assert_eq!(one["refused_again"], 0, "{row:?}: sent twice");
            assert!(one["signed"].as_u64() <= Some(1), "{row:?}: signed twice");
            let state = word(&one["state"]);
            let open = ["waiting", "signing"].contains(&state.as_str());
            if !open || since.elapsed() > Duration::from_secs(5) {
                let done = matches!(view.state, SigningState::Done | SigningState::Partial);
                assert!(!done || state == "signed", "{row:?}: a lie: {view:?}");
                return state;
            }
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }
}

fn word(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Goes through the rows that are this lane's; those that ended otherwise than they should.
async fn walk(
    provider: &'static str,
    lifetime_seconds: u64,
    posts: bool,
    rows: Vec<&'static Row>,
) -> Vec<String> {
    let lane = Lane::new(provider, lifetime_seconds, posts).await;
    let mut wrong = Vec::new();
    for row in rows {
        let (call, rule, does, neac, mysign) = *row;
        let expected = if provider == "viettel-ca" {
            mysign
        } else {
            neac
        };
        if expected == "-" {
            continue;
        }
        let since = Instant::now();
        let end = lane.cell(row).await;
        if std::env::var_os("SHOW_CELLS").is_some() {
            println!(
                "{provider} {call} {rule} {does:?}: {end} ({:?})",
                since.elapsed()
            );
        }
        if end != expected {
            wrong.push(format!(
                "{provider} {call} {rule} {does:?}: {end}, not {expected}"
            ));
        }
    }
    wrong
}

/// Both protocols, the rows dealt to some lanes each.
async fn matrix(rows: &'static [Row], lifetime_seconds: u64, posts: bool, lanes: usize) {
    let mut running = tokio::task::JoinSet::new();
    for provider in ["vnpt-ca", "viettel-ca"] {
        for lane in 0..lanes {
            let rows = rows.iter().skip(lane).step_by(lanes).collect();
            running.spawn(walk(provider, lifetime_seconds, posts, rows));
        }
    }
    let mut wrong = Vec::new();
    while let Some(lane) = running.join_next().await {
        wrong.extend(lane.expect("a lane"));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn every_fault_in_every_call_ends_as_it_should() {
    matrix(CALM, 60, false, 3).await;
}

#[tokio::test]
async fn when_time_runs_out_every_fault_ends_too() {
    matrix(SHORT, 2, false, 2).await;
}

#[tokio::test]
async fn results_that_are_posted_arrive_once_whatever_goes_wrong() {
    matrix(POSTED, 60, true, 2).await;
}

#[tokio::test]
async fn certificates_come_or_it_is_told_why_not() {
    let mut running = tokio::task::JoinSet::new();
    for provider in ["vnpt-ca", "viettel-ca"] {
        running.spawn(async move {
            let lane = Lane::new(provider, 60, false).await;
            let ask = async || {
                let path = format!("/api/providers/{provider}/certificates");
                let body = json!({ "citizen_id": MAU });
                let (status, answer) = lane.citizen.post(lane.stage.at(&path), &body).await;
                let usable = answer
                    .as_array()
                    .is_some_and(|list| list.iter().any(|one| one["usability"] == "usable"));
                match status {
                    200 if usable => "200".to_owned(),
                    200 => "none usable".to_owned(),
                    _ => word(&answer["code"]),
                }
            };
            let mut wrong = Vec::new();
            for (rule, expected) in CERTIFICATES {
                let mut fault: Value = serde_json::from_str(rule).expect("a rule");
                fault["call"] = "certificates".into();
                lane.stage.fault(fault).await;
                let (during, after) = (ask().await, ask().await);
                if during != expected || after != "200" {
                    wrong.push(format!("{provider} {rule}: {during}, then {after}"));
                }
            }
            wrong
        });
    }
    let mut wrong = Vec::new();
    while let Some(lane) = running.join_next().await {
        wrong.extend(lane.expect("a lane"));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn a_posted_result_of_a_stranger_changes_nothing() {
    let lane = Lane::new("vnpt-ca", 60, true).await;
    let mut request = lane.like.clone();
    request.id = Uuid::new_v4();
    for item in &mut request.items {
        item.digest = Sha256(rand::random());
    }
    let body = serde_json::to_value(&request).expect("json");
    lane.citizen
        .post(lane.stage.at("/api/signings"), &body)
        .await;
    let webhook = lane.stage.at("/api/webhooks/vnpt-ca");
    let value = "A".repeat(344);
    for forged in [
        json!({ "status_code": 200, "message": "SUCCESS", "transaction_id": request.id,
            "signed_files": [{ "doc_id": "1. to-khai.pdf", "signature_value": value }] }),
        json!({ "status_code": 400, "message": "REJECTED", "transaction_id": request.id }),
        json!({ "transaction_id": Uuid::new_v4(), "signed_files": [] }),
        json!([1, 2, 3]),
    ] {
        let answer = lane.stage.http.post(&webhook).json(&forged).send().await;
        assert!(answer.expect("answer").status().as_u16() < 500);
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    let row = both("", "", Confirms, DONE);
    let address = lane.stage.at(&format!("/api/signings/{}", request.id));
    let (_, view) = lane.citizen.get(address).await;
    assert_eq!(view["state"], "waiting");
    lane.stage.phone(MAU, "confirm").await;
    let view = lane.settled(&row, request.id).await;
    assert_eq!(view.state, SigningState::Done);
}
