//! Many at once: each is signed once.

use crate::stage::{Stage, THU, stage};
use serde_json::Value;
use std::sync::Arc;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_requests_at_once_are_each_signed_once() {
    let stage = Arc::new(stage().await);
    let serial = stage.serial(THU).await;
    stage.auto("confirm").await;
    // As many as a portal would have open, not as many as sockets allow.
    let doors = Arc::new(tokio::sync::Semaphore::new(64));
    let mut running = tokio::task::JoinSet::new();
    for number in 0..2_000_u32 {
        let (stage, serial, doors) = (Arc::clone(&stage), serial.clone(), Arc::clone(&doors));
        running.spawn(async move {
            let _open = doors.acquire().await.expect("open");
            let transaction = format!("t-{number}");
            let order = Stage::order(THU, &serial, &transaction, &[[1; 32]]);
            let answer = stage.post("/vnpt-ca/v1/signatures/sign", &order).await;
            assert_eq!(answer.status, 200);
            let ended = stage.decided(&transaction).await;
            assert_eq!(ended.body["message"], "SUCCESS");
        });
    }
    while let Some(ended) = running.join_next().await {
        ended.expect("signed");
    }
    let requests = stage.requests().await;
    assert_eq!(requests.len(), 2_000);
    let once = |request: &Value| request["signed"] == 1 && request["state"] == "signed";
    assert!(requests.iter().all(once));
}
