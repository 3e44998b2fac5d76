//! Results are posted where a request or the settings say, twice or late with those faults.

use crate::stage::{MAU, Stage, THU, bytes, credentials, stage, verifies, with};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::sync::mpsc;

/// Somebody who listens: the address, and what arrives.
async fn listener() -> (String, mpsc::UnboundedReceiver<Value>) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let socket = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("socket");
    let address = socket.local_addr().expect("address");
    let heard = post(async move |Json(body): Json<Value>| {
        let _ = sender.send(body);
        Json(json!({ "status_code": "00" }))
    });
    let login =
        post(async || Json(json!({ "status_code": "00", "data": { "access_token": "x" } })));
    let router = Router::new().route("/hook", heard).route("/login", login);
    tokio::spawn(async move { axum::serve(socket, router).await });
    (format!("http://{address}"), receiver)
}

async fn next(heard: &mut mpsc::UnboundedReceiver<Value>) -> Option<Value> {
    let patience = Duration::from_secs(5);
    tokio::time::timeout(patience, heard.recv())
        .await
        .ok()
        .flatten()
}

#[tokio::test]
async fn ca2_posts_to_the_address_in_the_request_and_twice_with_that_fault() {
    let stage = stage().await;
    stage.auto("confirm").await;
    stage
        .fault(json!({ "fault": "duplicate-callbacks", "times": 1 }))
        .await;
    let (address, mut heard) = listener().await;
    let certificates = stage.certificates("ca2", THU).await;
    let order = with(
        credentials(THU),
        json!({ "transaction_id": "t", "serial_number": certificates[0]["serial_number"], "time_stamp": "",
                "urlWebhook": format!("{address}/hook"),
                "sign_files": [{ "file_type": "pdf", "sign_type": "hash", "doc_id": "d", "data_to_be_signed": "07".repeat(32) }] }),
    );
    let answer = stage.post("/ca2/api/data/sign", &order).await;
    assert_eq!(answer.body["status_code"], 200, "{}", answer.body);
    let first = next(&mut heard).await.expect("posted");
    assert_eq!(first["transaction_id"], "t");
    assert_eq!(first["sp_id"], "portal-demo");
    let certificate = bytes(&certificates[0]["cert_data"]);
    assert!(verifies(
        &certificate,
        [7; 32],
        &first["signed_files"][0]["signature_value"]
    ));
    assert_eq!(next(&mut heard).await, Some(first));
}

#[tokio::test]
async fn a_registered_address_hears_refusals_too_and_late_with_that_fault() {
    let stage = stage().await;
    stage.auto("reject").await;
    let (address, mut heard) = listener().await;
    stage
        .admin(
            "/admin/settings",
            json!({ "webhooks": { "vnpt-ca": format!("{address}/hook") } }),
        )
        .await;
    stage
        .fault(json!({ "fault": "late-callbacks", "ms": 400 }))
        .await;
    let order = Stage::order(MAU, &stage.serial(MAU).await, "t", &[[1; 32]]);
    stage.post("/vnpt-ca/v1/signatures/sign", &order).await;
    assert_eq!(stage.decided("t").await.body["message"], "REJECTED");
    assert!(heard.try_recv().is_err());
    let told = next(&mut heard).await.expect("posted");
    assert_eq!(
        (&told["message"], &told["signed_files"]),
        (&json!("REJECTED"), &Value::Null)
    );
}

#[tokio::test]
async fn who_listens_hears_that_a_request_expired() {
    let stage = stage().await;
    let (address, mut heard) = listener().await;
    stage
        .admin("/admin/settings", json!({ "lifetime_seconds": 0 }))
        .await;
    let order = with(
        Stage::order(THU, &stage.serial(THU).await, "t", &[[1; 32]]),
        json!({ "urlWebhook": format!("{address}/hook") }),
    );
    stage.post("/vnpt-ca/v1/signatures/sign", &order).await;
    let told = next(&mut heard).await.expect("posted");
    assert_eq!(told["message"], "EXPIRED");
}

#[tokio::test]
async fn mysign_fetches_a_token_and_posts_the_result() {
    use base64::Engine as _;
    let encoded = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
    let stage = stage().await;
    stage.auto("confirm").await;
    let (address, mut heard) = listener().await;
    stage
        .admin(
            "/admin/settings",
            json!({ "webhooks": { "viettel-ca": format!("{address}/hook") },
                    "webhook_logins": { "viettel-ca": format!("{address}/login") } }),
        )
        .await;
    let client = json!({ "client_id": "portal-demo", "client_secret": "sandbox-only", "profile_id": "adss:ras:profile:001", "user_id": THU });
    let entered = stage
        .post("/viettel-ca/vtss/service/ras/v1/login", &client)
        .await;
    let token = entered.body["access_token"].as_str().expect("token");
    let info = json!({ "certificates": "single", "certInfo": true, "authInfo": true });
    let listed = stage
        .post_as(
            token,
            "/viettel-ca/vtss/service/certificates/info",
            &with(client.clone(), info),
        )
        .await;
    let order = with(
        client,
        json!({ "credentialID": listed.body[0]["credential_id"], "numSignatures": 1, "description": encoded("Ma 4821"),
                "documents": [{ "document_id": "d", "document_name": encoded("To khai") }], "hash": [encoded(&"a".repeat(32))],
                "hashAlgo": "2.16.840.1.101.3.4.2.1", "signAlgo": "1.2.840.10045.2.1", "async": 3 }),
    );
    let taken = stage
        .post_as(token, "/viettel-ca/vtss/service/signHash", &order)
        .await;
    let told = next(&mut heard).await.expect("posted");
    assert_eq!(
        told["meta_data"]["transaction_id"],
        taken.body["transactionId"]
    );
    assert_eq!(told["meta_data"]["status"], "1");
    let certificate = bytes(&listed.body[0]["cert"]["certificates"][0]);
    assert!(verifies(
        &certificate,
        [b'a'; 32],
        &told["data"]["results"][0]["signature"]
    ));
}
