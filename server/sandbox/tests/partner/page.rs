//! The admin page: a fault set by its form strikes, and what it shows is escaped.

use crate::stage::{Stage, THU, credentials, stage};

async fn form(stage: &Stage, path: &str, body: &str) -> String {
    let sent = stage
        .http
        .post(stage.url(path))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body.to_owned())
        .send()
        .await
        .expect("answer");
    assert!(sent.status().is_success());
    sent.text().await.expect("text")
}

#[tokio::test]
async fn a_person_sets_a_fault_sees_it_strike_and_takes_it_away() {
    let stage = stage().await;
    let fields = "provider=vnpt-ca&call=certificates&times=1&percent=100&ms=0&status=500&seconds=0";
    let page = form(
        &stage,
        "/admin/page/fault",
        &format!("fault=http-error&{fields}"),
    )
    .await;
    assert!(page.contains("Đã đặt lỗi.") && page.contains("còn 1 lần"));
    let path = "/vnpt-ca/v1/credentials/get_certificate";
    assert_eq!(stage.post(path, &credentials(THU)).await.status, 500);
    let page = stage.get("/admin").await;
    assert!(page.contains("Không có lỗi nào") && page.contains("Lỗi đã đặt: Lỗi máy chủ"));
    form(&stage, "/admin/page/fault", &format!("fault=slow&{fields}")).await;
    let page = form(&stage, "/admin/page/calm", "").await;
    assert!(page.contains("Không có lỗi nào"));
    let wrong = fields.replace("percent=100", "percent=1000");
    let page = form(&stage, "/admin/page/fault", &format!("fault=slow&{wrong}")).await;
    assert!(page.contains("Không đặt được"));
}

#[tokio::test]
async fn what_callers_send_is_shown_escaped() {
    let stage = stage().await;
    let serial = stage.serial(THU).await;
    let mut order = Stage::order(THU, &serial, "t", &[[1; 32]]);
    order["transaction_desc"] = "<script>alert(1)</script>".into();
    stage.post("/vnpt-ca/v1/signatures/sign", &order).await;
    let page = stage.get("/admin").await;
    assert!(page.contains("&lt;script&gt;"));
    assert!(!page.contains("<script"));
}
