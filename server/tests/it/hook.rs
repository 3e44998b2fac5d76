//! Other systems of the province are told of events: a receiver of the test's own, over real HTTP.

use crate::after::Submitted;
use crate::support::{MAU, OFFICER, Stage, quick};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use base64::Engine as _;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use server::hook::WebhookSettings;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// 24 bytes in base64.
const SECRET: &str = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// What arrived, and how it is answered.
#[derive(Default)]
struct Inner {
    heard: Mutex<Vec<(HeaderMap, String)>>,
    answers: Mutex<Answers>,
}

#[derive(Default, Clone, Copy, PartialEq)]
enum Answers {
    #[default]
    Well,
    /// 503.
    Badly,
    /// Takes it and never answers.
    Never,
}

#[derive(Clone, Default)]
struct Receiver(Arc<Inner>);

async fn take(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let text = String::from_utf8(body.to_vec()).expect("text");
    receiver.0.heard.lock().expect("open").push((headers, text));
    let how = *receiver.0.answers.lock().expect("open");
    match how {
        Answers::Well => StatusCode::OK,
        Answers::Badly => StatusCode::SERVICE_UNAVAILABLE,
        Answers::Never => std::future::pending().await,
    }
}

impl Receiver {
    async fn start() -> (Self, SocketAddr) {
        let receiver = Self::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let address = listener.local_addr().expect("an address");
        let service = axum::Router::new()
            .route("/hook", axum::routing::post(take))
            .with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, service).await });
        (receiver, address)
    }

    fn answer(&self, how: Answers) {
        *self.0.answers.lock().expect("open") = how;
    }

    /// Id and body of everything that arrived, each proved by its signature.
    fn heard(&self) -> Vec<(String, Value)> {
        let key = base64::engine::general_purpose::STANDARD
            .decode(SECRET)
            .expect("base64");
        let heard = self.0.heard.lock().expect("open");
        heard
            .iter()
            .map(|(headers, body)| {
                let header = |name: &str| headers[name].to_str().expect("text");
                let (id, seconds) = (header("webhook-id"), header("webhook-timestamp"));
                let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&key).expect("a key");
                mac.update(format!("{id}.{seconds}.{body}").as_bytes());
                let value = header("webhook-signature").strip_prefix("v1,").expect("v1");
                let value = base64::engine::general_purpose::STANDARD.decode(value);
                mac.verify_slice(&value.expect("base64"))
                    .expect("the signature holds");
                assert_eq!(header("content-type"), "application/json");
                (id.to_owned(), serde_json::from_str(body).expect("JSON"))
            })
            .collect()
    }

    /// What arrived of one kind, once there are so many.
    async fn wait(&self, kind: &str, count: usize) -> Vec<(String, Value)> {
        for _ in 0..200 {
            let found: Vec<_> = self
                .heard()
                .into_iter()
                .filter(|(_, body)| body["type"] == kind)
                .collect();
            if found.len() >= count {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{kind}: {:?}", self.heard());
    }
}

async fn stage(address: SocketAddr, database: Option<String>) -> Stage {
    Stage::with(move |settings| {
        settings.pace = Some(quick());
        settings.database_url.clone_from(&database);
        settings.webhook = Some(vec![WebhookSettings {
            name: "kho-du-lieu".into(),
            url: format!("http://{address}/hook"),
            events: serde_json::from_str(
                r#"["dossier.submitted", "dossier.received", "dossier.decided"]"#,
            )
            .expect("events"),
            internal: true,
            secret: Some(format!("whsec_{SECRET}").into()),
        }]);
    })
    .await
}

async fn the_other_system_is_told(database: Option<String>) {
    let (receiver, address) = Receiver::start().await;
    let mut stage = stage(address, database).await;
    stage.second().await;
    let citizen = stage.sign_in(MAU).await;
    let dossier = Submitted::new(&stage, &citizen).await;

    // Two instances, one message; nothing personal in it.
    let told = receiver.wait("dossier.submitted", 1).await;
    let data = &told[0].1["data"];
    assert_eq!(data["code"], dossier.code);
    assert_eq!(
        (&data["status"], &data["procedure"]),
        (&"new".into(), &"1.001193".into())
    );
    let words = told[0].1.to_string();
    assert!(!words.contains("Mẫu") && !words.contains(MAU), "{words}");
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(receiver.heard().len(), 1);

    // The receiver is down: what is told next waits, with one id, and what comes after it waits behind it.
    receiver.answer(Answers::Badly);
    let officer = stage.sign_in(OFFICER).await;
    let (status, told) = dossier.decide(&stage, &officer, "receive", "").await;
    assert_eq!(status, 200, "{told}");
    let tried = receiver.wait("dossier.received", 2).await;
    assert_eq!(tried[0].0, tried[1].0, "every try has the same id");
    receiver.answer(Answers::Well);
    let before = receiver.heard().len();
    let told = receiver.wait("dossier.received", tried.len() + 1).await;
    assert!(told.iter().all(|(id, _)| *id == tried[0].0));
    tokio::time::sleep(Duration::from_secs(1)).await;
    let after = receiver.heard().len();
    assert!(after <= before + 1, "it arrived and was told again");
}

#[tokio::test]
async fn another_system_is_told_once_signed_and_after_it_was_down() {
    the_other_system_is_told(None).await;
    let Some(fresh) = store::testing::Postgres::fresh().await else {
        return;
    };
    the_other_system_is_told(Some(fresh.url.clone())).await;
    fresh.drop().await;
}

async fn killed(database: Option<String>) {
    let (receiver, address) = Receiver::start().await;
    let mut stage = stage(address, database).await;
    // Only the instance that will die tells anything.
    stage.stop_poller().await;
    receiver.answer(Answers::Never);
    let (_, runtime) = stage.mortal().await;
    let citizen = stage.sign_in(MAU).await;
    let dossier = tokio::time::timeout(Duration::from_secs(60), Submitted::new(&stage, &citizen))
        .await
        .expect("the mortal instance polls");
    let first = receiver.wait("dossier.submitted", 1).await;
    // It dies while it waits for the answer.
    runtime.shutdown_background();
    receiver.answer(Answers::Well);
    stage.second().await;
    let told = receiver.wait("dossier.submitted", 2).await;
    assert_eq!(
        told[0].0, told[1].0,
        "told at least once, and known by its id"
    );
    assert_eq!(told[1].1["data"]["code"], dossier.code);
    assert_eq!(first[0].0, told[0].0);
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(receiver.heard().len(), 2);
}

#[tokio::test]
async fn what_a_dying_instance_was_telling_is_told_by_another() {
    killed(None).await;
    let Some(fresh) = store::testing::Postgres::fresh().await else {
        return;
    };
    killed(Some(fresh.url.clone())).await;
    fresh.drop().await;
}
