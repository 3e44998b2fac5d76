//! Each fault does what it says, as often as it says, and nothing is signed twice by it.

use crate::stage::{MAU, Stage, THU, bytes, credentials, stage, verifies};
use serde_json::{Value, json};
use std::time::Duration;

const DIGESTS: [[u8; 32]; 2] = [[1; 32], [2; 32]];
const SIGN: &str = "/vnpt-ca/v1/signatures/sign";

/// A request that phones confirm by themselves; its values.
async fn signed(stage: &Stage, transaction: &str) -> Vec<Value> {
    let order = Stage::order(THU, &stage.serial(THU).await, transaction, &DIGESTS);
    assert_eq!(stage.post(SIGN, &order).await.status, 200);
    let answer = stage.decided(transaction).await;
    let list = answer.body["data"]["signatures"].as_array();
    list.cloned().unwrap_or_default()
}

#[tokio::test]
async fn what_happens_before_a_request_is_taken_takes_nothing() {
    let stage = stage().await;
    let order = Stage::order(THU, &stage.serial(THU).await, "t", &DIGESTS);
    let once = |fault: &str| json!({ "fault": fault, "call": "sign", "times": 1 });

    stage.fault(once("http-error")).await;
    assert_eq!(stage.post(SIGN, &order).await.status, 503);
    stage.fault(once("ok-around-error")).await;
    let wrapped = stage.post(SIGN, &order).await;
    assert_eq!(
        (wrapped.status, &wrapped.body["status_code"]),
        (200, &json!(500))
    );
    stage.fault(once("cut-before")).await;
    assert!(stage.try_post(SIGN, &order).await.is_err());
    stage.fault(once("never-answers")).await;
    let sent = stage.http.post(stage.url(SIGN)).json(&order);
    let hung = sent.timeout(Duration::from_millis(300)).send().await;
    assert!(hung.is_err_and(|error| error.is_timeout()));

    assert!(stage.requests().await.is_empty());
    assert_eq!(stage.post(SIGN, &order).await.status, 200);
}

#[tokio::test]
async fn what_happens_after_a_request_was_taken_leaves_it_there_to_be_asked_for() {
    let stage = stage().await;
    let serial = stage.serial(THU).await;
    for (position, fault) in ["cut-after", "cut-within", "lost-answer", "garbage"]
        .iter()
        .enumerate()
    {
        let transaction = format!("t-{position}");
        let order = Stage::order(THU, &serial, &transaction, &DIGESTS);
        stage
            .fault(json!({ "fault": fault, "provider": "vnpt-ca", "call": "sign", "times": 1 }))
            .await;
        let sent = stage.http.post(stage.url(SIGN)).json(&order);
        let sent = sent.timeout(Duration::from_millis(400)).send().await;
        let read: Option<Value> = match sent {
            Ok(answer) => answer.json().await.ok(),
            Err(_) => None,
        };
        assert_eq!(read, None, "{fault}");
        assert_eq!(stage.status(&transaction).await.status, 200, "{fault}");
        assert_eq!(
            stage.post(SIGN, &order).await.status,
            400,
            "{fault}: the same number again"
        );
    }
    assert_eq!(stage.requests().await.len(), 4);
}

#[tokio::test]
async fn slow_is_slow_and_only_for_who_is_named() {
    let stage = stage().await;
    stage
        .fault(json!({ "fault": "slow", "ms": 300, "provider": "ca2" }))
        .await;
    let began = std::time::Instant::now();
    stage.post("/ca2/api/data/status", &credentials(THU)).await;
    assert!(began.elapsed() >= Duration::from_millis(300));
    let listed: Vec<Value> = serde_json::from_str(&stage.get("/admin/faults").await).expect("JSON");
    assert_eq!(listed[0]["struck"], 1);
    stage.certificates("vnpt-ca", THU).await;
    let listed: Vec<Value> = serde_json::from_str(&stage.get("/admin/faults").await).expect("JSON");
    assert_eq!(listed[0]["struck"], 1);
}

#[tokio::test]
async fn values_are_wrong_missing_or_in_another_order_as_the_fault_says() {
    let stage = stage().await;
    stage.auto("confirm").await;
    let certificate = bytes(&stage.certificates("vnpt-ca", THU).await[0]["cert_data"]);
    let holds = |value: &Value, digest| verifies(&certificate, digest, &value["signature_value"]);
    let names = |values: &[Value]| -> Vec<Value> {
        values.iter().map(|value| value["doc_id"].clone()).collect()
    };

    let good = signed(&stage, "good").await;
    assert!(holds(&good[0], DIGESTS[0]) && holds(&good[1], DIGESTS[1]));

    for fault in ["wrong-signature", "wrong-certificate"] {
        stage
            .fault(json!({ "fault": fault, "call": "sign", "times": 1 }))
            .await;
        let values = signed(&stage, fault).await;
        assert_eq!(values.len(), 2);
        assert!(!holds(&values[0], DIGESTS[0]), "{fault}");
    }
    stage.fault(json!({ "fault": "partial", "times": 1 })).await;
    assert_eq!(names(&signed(&stage, "partial").await), ["tep-0"]);
    stage
        .fault(json!({ "fault": "reordered", "times": 1 }))
        .await;
    let values = signed(&stage, "reordered").await;
    assert_eq!(names(&values), ["tep-1", "tep-0"]);
    assert!(holds(&values[0], DIGESTS[1]));
    let requests = stage.requests().await;
    assert!(
        requests.iter().all(|request| request["signed"] == 1),
        "{requests:?}"
    );
}

#[tokio::test]
async fn a_fault_of_one_status_answer_leaves_the_value_whole_for_the_next() {
    let stage = stage().await;
    stage.auto("confirm").await;
    let certificate = bytes(&stage.certificates("vnpt-ca", THU).await[0]["cert_data"]);
    signed(&stage, "t").await;
    stage
        .fault(json!({ "fault": "wrong-signature", "call": "status", "times": 1 }))
        .await;
    let first = stage.status("t").await.body["data"]["signatures"][0].clone();
    assert!(!verifies(
        &certificate,
        DIGESTS[0],
        &first["signature_value"]
    ));
    let second = stage.status("t").await.body["data"]["signatures"][0].clone();
    assert!(verifies(
        &certificate,
        DIGESTS[0],
        &second["signature_value"]
    ));
}

#[tokio::test]
async fn a_lost_status_is_lost_for_good_but_counted() {
    let stage = stage().await;
    stage.auto("confirm").await;
    signed(&stage, "t").await;
    stage
        .fault(json!({ "fault": "lost-status", "times": 1 }))
        .await;
    assert_eq!(stage.status("t").await.status, 404);
    assert_eq!(stage.status("t").await.status, 404);
    assert_eq!(stage.requests().await[0]["signed"], 1);
}

#[tokio::test]
async fn another_persons_certificate_is_listed_while_the_fault_is_on() {
    let stage = stage().await;
    let subject = async || {
        let list = stage.certificates("vnpt-ca", THU).await;
        list[0]["cert_subject"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    stage
        .fault(json!({ "fault": "wrong-certificate", "call": "certificates" }))
        .await;
    assert!(!subject().await.contains(THU));
    stage.calm().await;
    assert!(subject().await.contains(THU));
}

#[tokio::test]
async fn a_clock_that_is_ahead_finds_certificates_expired() {
    let stage = stage().await;
    let serial = stage.serial(THU).await;
    stage
        .fault(json!({ "fault": "clock-skew", "provider": "vnpt-ca", "seconds": 400 * 86_400 }))
        .await;
    let list = stage.certificates("vnpt-ca", THU).await;
    assert_eq!(list[0]["cert_status_code"], "EXPIRED");
    let refused = stage
        .post(SIGN, &Stage::order(THU, &serial, "t", &DIGESTS))
        .await;
    assert_eq!(refused.status, 403);
}

#[tokio::test]
async fn phones_press_by_themselves_as_told_for_one_account_or_all() {
    let stage = stage().await;
    stage.auto("confirm").await;
    stage
        .admin(
            "/admin/auto",
            json!({ "account": MAU, "decision": "reject", "delay_ms": 10 }),
        )
        .await;
    assert_eq!(signed(&stage, "of-thu").await.len(), 2);
    let order = Stage::order(MAU, &stage.serial(MAU).await, "of-mau", &DIGESTS);
    stage.post(SIGN, &order).await;
    assert_eq!(stage.decided("of-mau").await.body["message"], "REJECTED");
}

#[tokio::test]
async fn the_switches_that_tests_use_still_do_what_they_did() {
    let stage = stage().await;
    let down = async || {
        stage
            .post("/vnpt-ca/v1/credentials/get_certificate", &credentials(THU))
            .await
            .status
    };
    stage
        .admin("/admin/settings", json!({ "fault": "down" }))
        .await;
    assert_eq!(down().await, 503);
    stage
        .admin("/admin/settings", json!({ "lifetime_seconds": 60 }))
        .await;
    assert_eq!(down().await, 503);
    stage
        .admin("/admin/settings", json!({ "fault": "none" }))
        .await;
    assert_eq!(down().await, 200);
}

#[tokio::test]
async fn rules_that_cannot_be_meant_are_refused_with_a_reason() {
    let stage = stage().await;
    for rule in [
        json!({ "fault": "sloow" }),
        json!({ "fault": "slow", "provider": "nobody" }),
        json!({ "fault": "http-error", "status": 200 }),
        json!({ "fault": "slow", "seconds_": 1 }),
    ] {
        let answer = stage.post("/admin/faults", &rule).await;
        assert_eq!(answer.status, 400, "{rule}");
        assert!(answer.body["error"].is_string());
    }
}
