//! What the sandbox does not do: credentials released by typed secrets, and tokens that end early. A small double stands for both.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, missing_docs)]

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::{Json, Router};
use contract::value::{CitizenId, Sha256};
use provider::{Item, ProviderError, RemoteSigner, Request};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// What was called, by the last word of its path.
type Calls = Arc<Mutex<Vec<String>>>;

#[derive(Clone)]
struct Double {
    calls: Calls,
    mode: &'static str,
}

impl Double {
    fn count(&self, word: &str) -> usize {
        let calls = self.calls.lock().expect("unpoisoned");
        calls.iter().filter(|call| *call == word).count()
    }
}

/// Speaks as much of both protocols as these tests need. Its first token is taken nowhere.
async fn answer(
    State(double): State<Double>,
    uri: Uri,
    headers: HeaderMap,
) -> (StatusCode, Json<Value>) {
    let word = uri.path().rsplit('/').next().unwrap_or_default().to_owned();
    let place = uri.path().rsplit('/').nth(1).unwrap_or_default().to_owned();
    double.calls.lock().expect("unpoisoned").push(word.clone());
    if matches!(word.as_str(), "token" | "login") {
        let token = format!("token-{}", double.count(&word));
        return (
            StatusCode::OK,
            Json(json!({ "access_token": token, "expires_in": "3600" })),
        );
    }
    let bearer = headers
        .get("authorization")
        .and_then(|value| value.to_str().ok());
    if bearer != Some("Bearer token-2") {
        return (
            StatusCode::UNAUTHORIZED,
            Json(json!({ "error": "invalid_token" })),
        );
    }
    let cert = json!({ "status": "valid", "certificates": ["MAYwBAICGrw="] });
    let key = json!({ "status": "enabled", "algo": ["1.2.840.113549.1.1.1"] });
    let body = match (place.as_str(), word.as_str()) {
        ("credentials", "list") => json!({ "credentialIDs": ["c-1"] }),
        ("credentials", "info") => {
            json!({ "cert": cert, "key": key, "authMode": double.mode, "multisign": 5 })
        }
        ("certificates", "info") => {
            json!([{ "credential_id": "c-1", "cert": cert, "key": key, "authMode": double.mode }])
        }
        ("service", "signHash") => json!({ "transactionId": "t-1" }),
        _ => return (StatusCode::NOT_FOUND, Json(Value::Null)),
    };
    (StatusCode::OK, Json(body))
}

async fn stage(protocol: &str, mode: &'static str) -> (Double, Arc<dyn RemoteSigner>) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let double = Double {
        calls: Calls::default(),
        mode,
    };
    let router = Router::new().fallback(answer).with_state(double.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("bound");
    let address = listener.local_addr().expect("address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    let text = format!(
        "[[provider]]\ncode='x-1'\nname='X'\napp_name='X'\nprotocol='{protocol}'\nbase_url='http://{address}'\nclient_id='p'\nclient_secret='s'\n"
    );
    let entry = provider::read_entries(&text).expect("valid").remove(0);
    let client = provider::http_client().expect("client");
    (
        double,
        provider::signer(&entry, &client).expect("available"),
    )
}

fn request() -> Request {
    Request {
        transaction: uuid::Uuid::new_v4(),
        account: "062099000011".parse().expect("valid"),
        serial: "1ABC".parse().expect("valid"),
        description: "Ma doi chieu 4821 - 1 tep".into(),
        time_stamp: "20261125000000Z".into(),
        items: vec![Item {
            doc_id: "1. Tờ khai.pdf".into(),
            digest: Sha256([1; 32]),
        }],
    }
}

#[tokio::test]
async fn a_key_released_by_a_typed_secret_or_a_sign_in_is_refused_by_type_and_nothing_is_asked_of_the_phone()
 {
    let account: CitizenId = "062099000011".parse().expect("valid");
    for (protocol, mode) in [
        ("csc-v1", "explicit"),
        ("csc-v1", "oauth2code"),
        ("csc-v2", "explicit"),
        ("mysign", "explicit"),
    ] {
        let (double, signer) = stage(protocol, mode).await;
        let refused = Some(ProviderError::ModeUnsupported);
        assert_eq!(
            signer.certificates(&account).await.err(),
            refused,
            "{protocol}"
        );
        assert_eq!(signer.start(&request()).await.err(), refused, "{protocol}");
        assert_eq!(
            double.count("authorize") + double.count("signHash"),
            0,
            "{protocol}"
        );
    }
}

#[tokio::test]
async fn a_token_that_ended_early_is_replaced_once_and_the_request_is_taken_once() {
    let (double, signer) = stage("mysign", "implicit").await;
    let started = signer.start(&request()).await.expect("taken");
    assert_eq!(started.provider_code.as_deref(), Some("t-1"));
    assert_eq!((double.count("login"), double.count("signHash")), (2, 1));
}
