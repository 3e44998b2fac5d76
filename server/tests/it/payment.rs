//! Fees, payments and receipts over real HTTP, with the sandbox's gateway: what is owed is the server's own sum, and what was paid is paid
//! once, however often, late or wrongly anybody says so.

use crate::support::{MAU, OFFICER, Person, Stage, THU, digest, form, pdf, quick};
use contract::payment::vietqr;
use contract::provider::Trust;
use contract::validation::{Level, Verdict};
use contract::value::{Base64, Dong};
use serde_json::{Value, json};
use server::config::Settings;
use server::pace::Pace;
use server::seal::{Seal, SealSettings};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use uuid::Uuid;

const CODE: &str = "9.000001";
const PROCEDURE: &str = r#"
code = "9.000001"
name = "Cấp bản sao"
field = "Hộ tịch"
level = "commune"
service = "full"
agency = "Ủy ban nhân dân cấp xã"
audience = ["citizen"]
life_events = ["Học tập"]
description = "Thử."

[deadline]
working_days = 1
text = "Trong ngày."

[[fees]]
code = "phi"
name = "Phí cấp bản sao"
amount = 8000
unit = "bản"
count = { by = "asked", label = "Số bản", min = 1, max = 50 }

[[fees.exemptions]]
code = "ho-ngheo"
who = "Người thuộc hộ nghèo"
percent = 100
proof = "Giấy chứng nhận hộ nghèo"

[[components]]
code = "to-khai"
name = "Tờ khai"
required = true
"#;

/// Callbacks of the gateway, caught on their way.
type Caught = Arc<Mutex<Vec<Value>>>;

/// A portal whose callbacks arrive here first.
async fn stage() -> (Stage, Caught) {
    paced(quick()).await
}

/// The same at another pace.
async fn paced(pace: Pace) -> (Stage, Caught) {
    let caught: Caught = Arc::default();
    let kept = Arc::clone(&caught);
    let catcher = axum::Router::new().route(
        "/api/payments/callback",
        axum::routing::post(async move |axum::Json(body): axum::Json<Value>| {
            kept.lock().expect("lock").push(body);
        }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("socket");
    let address = listener.local_addr().expect("address");
    tokio::spawn(async move { axum::serve(listener, catcher).await });
    let folder = tempfile::tempdir().expect("folder").keep();
    std::fs::write(folder.join("9.000001.toml"), PROCEDURE).expect("written");
    let adjust = move |settings: &mut Settings| {
        settings.procedures = Some(folder.clone());
        settings.public_url = Some(format!("http://{address}"));
        settings.pace = Some(pace.clone());
    };
    (Stage::with(adjust).await, caught)
}

/// Announces, uploads and submits a dossier; its id and receipt.
async fn submitted(stage: &Stage, person: &Person, fees: Value) -> (Uuid, Value) {
    let id = Uuid::new_v4();
    let (status, answer) = announced(stage, person, id, fees).await;
    assert_eq!(status, 200, "{answer}");
    let file = answer["missing"][0].as_str().expect("missing").to_owned();
    let at = stage.at(&format!("/api/dossiers/{id}/attachments/{file}"));
    let (status, answer) = person.upload(at, &pdf()).await;
    assert!(status < 300, "{answer}");
    let at = stage.at(&format!("/api/dossiers/{id}/submission"));
    let (status, receipt) = person.post(at, &Value::Null).await;
    assert_eq!(status, 200, "{receipt}");
    (id, receipt)
}

async fn announced(stage: &Stage, person: &Person, id: Uuid, fees: Value) -> (u16, Value) {
    let (_, procedure) = person
        .get(stage.at(&format!("/api/procedures/{CODE}")))
        .await;
    let procedure = serde_json::from_value(procedure).expect("a procedure");
    let bytes = pdf();
    let manifest = json!({
        "procedure": CODE, "form": form(&procedure, MAU), "payment": "bank-transfer", "fees": fees, "declared": true,
        "attachments": [{
            "id": Uuid::new_v4(), "component": "to-khai", "copy_kind": "original", "count": 1, "file_name": "to-khai.pdf",
            "size": bytes.len(), "sha256": digest(&bytes), "signings": [],
        }],
    });
    person
        .put(stage.at(&format!("/api/dossiers/{id}")), &manifest)
        .await
}

async fn payment(stage: &Stage, person: &Person, id: Uuid) -> Value {
    let (status, payment) = person
        .get(stage.at(&format!("/api/dossiers/{id}/payment")))
        .await;
    assert_eq!(status, 200, "{payment}");
    payment
}

/// Presses a button on the gateway's page.
async fn press(address: &str, decision: &str) {
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("client");
    let answer = http
        .post(address)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("decision={decision}"))
        .send()
        .await
        .expect("answer");
    assert_eq!(answer.status(), 303);
}

async fn online(stage: &Stage, person: &Person, id: Uuid) -> (u16, Value) {
    let at = stage.at(&format!("/api/dossiers/{id}/payment/online"));
    person.post(at, &Value::Null).await
}

#[tokio::test]
async fn the_server_sums_itself_and_a_transfer_is_announced_and_confirmed() {
    let (stage, _) = stage().await;
    let citizen = stage.sign_in(MAU).await;
    let officer = stage.sign_in(OFFICER).await;
    // Nothing is paid for what was not submitted.
    let early = Uuid::new_v4();
    let (_, told) = announced(&stage, &citizen, early, json!({ "counts": { "phi": 1 } })).await;
    let act = json!({ "act": "cash-received", "reference": "", "note": "", "version": 1 });
    let at = stage.at(&format!("/api/officer/dossiers/{early}/payment"));
    assert_eq!(officer.post(at, &act).await.0, 404);
    let file = told["missing"][0].as_str().expect("missing");
    let at = stage.at(&format!("/api/dossiers/{early}/attachments/{file}"));
    citizen.upload(at, &pdf()).await;
    let at = stage.at(&format!("/api/dossiers/{early}/submission"));
    assert_eq!(citizen.post(at, &Value::Null).await.0, 200);
    assert_eq!(payment(&stage, &citizen, early).await["state"], "unpaid");
    for wrong in [
        json!({}),
        json!({ "counts": { "phi": 51 } }),
        json!({ "counts": { "phi": 1, "khac": 1 } }),
        json!({ "counts": { "phi": 1 }, "exemption": "ai-do" }),
    ] {
        let (status, answer) = announced(&stage, &citizen, Uuid::new_v4(), wrong).await;
        assert_eq!((status, &answer["code"]), (422, &json!("invalid")));
    }
    let (id, receipt) = submitted(&stage, &citizen, json!({ "counts": { "phi": 3 } })).await;
    assert_eq!(receipt["fee_total"], 24_000);
    let code = receipt["code"].as_str().expect("code").to_owned();
    let owed = payment(&stage, &citizen, id).await;
    assert_eq!(
        (&owed["state"], &owed["amount"]),
        (&json!("unpaid"), &json!(24_000))
    );
    let qr = owed["transfer"]["qr"].as_str().expect("a code");
    let transfer = vietqr::read(qr).expect("a VietQR text");
    assert_eq!(transfer.amount, Some(Dong(24_000)));
    assert_eq!(
        transfer.purpose.as_deref(),
        owed["transfer"]["purpose"].as_str()
    );

    let stranger = stage.sign_in(THU).await;
    for path in ["payment", "receipt"] {
        let at = stage.at(&format!("/api/dossiers/{id}/{path}"));
        assert_eq!(stranger.get(at.clone()).await.0, 404);
        assert_eq!(Person::stranger(&stage).get(at).await.0, 401);
    }
    let (status, known) = Person::stranger(&stage)
        .get(stage.at(&format!("/api/payment-status/{code}")))
        .await;
    assert_eq!((status, &known["due"]), (200, &json!(24_000)));
    assert!(!known.to_string().contains("Nguyễn"), "{known}");

    let at = stage.at(&format!("/api/dossiers/{id}/payment"));
    let told = json!({ "act": "announce", "reference": "FT26330" });
    let (status, answer) = citizen.post(at.clone(), &told).await;
    assert_eq!((status, &answer["state"]), (200, &json!("announced")));
    assert_eq!(citizen.post(at, &told).await.0, 409, "announced already");

    let desk = stage.at(&format!("/api/officer/dossiers/{id}/payment"));
    assert_eq!(citizen.get(desk.clone()).await.0, 403);
    let act = |act: &str, version: &Value| json!({ "act": act, "version": version, "note": "" });
    let seen = officer.get(desk.clone()).await.1;
    let missing = act("transfer-missing", &seen["version"]);
    assert_eq!(
        officer.post(desk.clone(), &missing).await.0,
        422,
        "says no reason"
    );
    let forged = act("paid-online", &seen["version"]);
    assert_eq!(officer.post(desk.clone(), &forged).await.0, 403);
    let confirm = act("transfer-confirmed", &seen["version"]);
    let (status, paid) = officer.post(desk.clone(), &confirm).await;
    assert_eq!((status, &paid["state"]), (200, &json!("paid")));
    assert_eq!(officer.post(desk, &confirm).await.0, 409, "seen before");
    let paid = payment(&stage, &citizen, id).await;
    assert_eq!(
        (&paid["paid"], &paid["transfer"]),
        (&json!(24_000), &Value::Null)
    );
    let list = citizen.get(stage.at("/api/payments")).await.1;
    assert_eq!(list[0]["state"], "paid");
}

#[tokio::test]
async fn an_exemption_leaves_nothing_to_pay_until_an_officer_refuses_it() {
    let (stage, _) = stage().await;
    let citizen = stage.sign_in(MAU).await;
    let officer = stage.sign_in(OFFICER).await;
    let fees = json!({ "counts": { "phi": 2 }, "exemption": "ho-ngheo" });
    let (id, receipt) = submitted(&stage, &citizen, fees).await;
    assert_eq!(receipt["fee_total"], 0);
    let owed = payment(&stage, &citizen, id).await;
    assert_eq!(owed["state"], "exempt");
    assert_eq!(online(&stage, &citizen, id).await.0, 409, "nothing to pay");
    let desk = stage.at(&format!("/api/officer/dossiers/{id}/payment"));
    let refuse = json!({ "act": "exemption-refused", "note": "Giấy đã hết hạn.", "version": owed["version"] });
    let (status, refused) = officer.post(desk, &refuse).await;
    assert_eq!((status, &refused["state"]), (200, &json!("unpaid")));
    let owed = payment(&stage, &citizen, id).await;
    assert_eq!(
        (&owed["amount"], &owed["transfer"]["amount"]),
        (&json!(16_000), &json!(16_000))
    );

    // A dossier that is refused asks for nothing more.
    let at = stage.at(&format!("/api/officer/dossiers/{id}"));
    let version = officer.get(at.clone()).await.1["version"].clone();
    let refuse = json!({ "decision": "refuse", "note": "Sai thẩm quyền.", "version": version });
    let (status, answer) = officer.post(format!("{at}/decision"), &refuse).await;
    assert_eq!(status, 200, "{answer}");
    let over = payment(&stage, &citizen, id).await;
    assert_eq!(
        (&over["closed"], &over["transfer"]),
        (&json!(true), &Value::Null)
    );
    assert_eq!(online(&stage, &citizen, id).await.0, 409);
    let at = stage.at(&format!("/api/dossiers/{id}/payment"));
    let told = json!({ "act": "announce" });
    assert_eq!(citizen.post(at, &told).await.0, 409);
}

#[tokio::test]
async fn the_gateways_messages_are_checked_told_twice_and_lost_without_harm() {
    let (stage, caught) = stage().await;
    let citizen = stage.sign_in(MAU).await;
    let (id, _) = submitted(&stage, &citizen, json!({ "counts": { "phi": 1 } })).await;
    let callback = stage.at("/api/payments/callback");
    let gateway = Person::stranger(&stage);

    // Declined, and told so by the callback.
    let (status, begun) = online(&stage, &citizen, id).await;
    assert_eq!(status, 200, "{begun}");
    let page = begun["address"].as_str().expect("address").to_owned();
    assert_eq!(
        online(&stage, &citizen, id).await.1["address"],
        page,
        "one page for one payment"
    );
    press(&page, "declined").await;
    let message = caught.lock().expect("lock").remove(0);
    assert_eq!(gateway.post(callback.clone(), &message).await.0, 204);
    assert_eq!(
        gateway.post(callback.clone(), &message).await.0,
        204,
        "told twice"
    );
    let declined = payment(&stage, &citizen, id).await;
    assert_eq!(declined["state"], "unpaid");
    assert_eq!(declined["events"].as_array().map(Vec::len), Some(2));

    // Nobody but the gateway can say that it was paid.
    let mut forged = message.clone();
    forged["state"] = json!("paid");
    assert_eq!(gateway.post(callback.clone(), &forged).await.0, 403);
    forged["signature"] = json!("00".repeat(32));
    assert_eq!(gateway.post(callback.clone(), &forged).await.0, 403);

    // Paid, but the message is lost: the gateway is asked.
    let (_, begun) = online(&stage, &citizen, id).await;
    let page = begun["address"].as_str().expect("address").to_owned();
    press(&page, "silent").await;
    assert!(caught.lock().expect("lock").is_empty());
    tokio::time::sleep(Duration::from_millis(80)).await;
    let paid = payment(&stage, &citizen, id).await;
    assert_eq!(
        (&paid["state"], &paid["paid"]),
        (&json!("paid"), &json!(8000))
    );
    // The message comes late, and once more.
    press(&page, "paid").await;
    let message = caught.lock().expect("lock").remove(0);
    assert_eq!(gateway.post(callback.clone(), &message).await.0, 204);
    let still = payment(&stage, &citizen, id).await;
    assert_eq!(
        (&still["paid"], &still["version"]),
        (&json!(8000), &paid["version"])
    );
    assert_eq!(
        online(&stage, &citizen, id).await.0,
        409,
        "nothing to pay any more"
    );
}

#[tokio::test]
async fn a_message_that_was_lost_is_found_by_itself_also_after_the_server_died() {
    let pace = Pace {
        gateway_looks: vec![Duration::from_millis(300)],
        ..quick()
    };
    let (mut stage, caught) = paced(pace).await;
    let citizen = stage.sign_in(MAU).await;
    let (id, _) = submitted(&stage, &citizen, json!({ "counts": { "phi": 1 } })).await;
    let (status, begun) = online(&stage, &citizen, id).await;
    assert_eq!(status, 200, "{begun}");
    let page = begun["address"].as_str().expect("address").to_owned();
    press(&page, "silent").await;
    // Nobody asks the portal any more; it asks the gateway.
    stage.restart().await;
    let database = store::Database::open(&stage.settings().database_url).await;
    let database = database.expect("database");
    let mut paid = Dong(0);
    for _ in 0..200 {
        paid = database.payment(id).await.expect("there").standing.paid;
        if paid == Dong(8000) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(paid, Dong(8000));
    assert!(caught.lock().expect("lock").is_empty(), "no message came");
    let due = database
        .due_online(contract::value::Timestamp(i64::MAX / 2), 1, 9)
        .await;
    assert_eq!(due.expect("asked"), [], "it has ended");
}

#[tokio::test]
async fn two_windows_that_begin_to_pay_at_once_have_one_page_to_pay_at() {
    let (stage, _) = stage().await;
    let citizen = stage.sign_in(MAU).await;
    let (id, _) = submitted(&stage, &citizen, json!({ "counts": { "phi": 1 } })).await;
    let (one, two) = tokio::join!(online(&stage, &citizen, id), online(&stage, &citizen, id));
    let mut pages: Vec<String> = [&one, &two]
        .iter()
        .filter(|(status, _)| *status == 200)
        .map(|(_, begun)| begun["address"].as_str().expect("address").to_owned())
        .collect();
    pages.dedup();
    assert_eq!(pages.len(), 1, "{one:?} {two:?}");
    let again = online(&stage, &citizen, id).await.1;
    assert_eq!(again["address"], pages[0]);
}

#[tokio::test]
async fn the_receipt_is_sealed_and_stays_the_same() {
    let (stage, _) = stage().await;
    let citizen = stage.sign_in(MAU).await;
    let (id, _) = submitted(&stage, &citizen, json!({ "counts": { "phi": 2 } })).await;
    let fetch = async || {
        let answer = reqwest::Client::new()
            .get(stage.at(&format!("/api/dossiers/{id}/receipt")))
            .header("cookie", citizen.cookie())
            .send()
            .await
            .expect("answer");
        assert_eq!(answer.headers()["content-type"], "application/pdf");
        answer.bytes().await.expect("bytes").to_vec()
    };
    let first = fetch().await;
    assert_eq!(fetch().await, first);
    let trust = Trust {
        roots: vec![Base64(stage.sandbox.root.clone())],
    };
    let report = signature::validate(
        &first,
        &trust,
        contract::value::Timestamp(i64::MAX / 2_000_000),
    );
    assert_eq!(report.signatures.len(), 1);
    let own = &report.signatures[0];
    assert_eq!(own.integrity, contract::validation::Integrity::Intact);
    assert_eq!(own.level, Level::BT, "stamped by the sandbox");
    assert!(own.signer.contains("con dấu"), "{}", own.signer);
}

#[tokio::test]
async fn a_seal_with_another_keys_certificate_does_not_start() {
    let (stage, _) = stage().await;
    let folder = stage.data.path().join("sandbox");
    let open = |key: &str, certificates: &str| {
        Seal::open(&SealSettings {
            key: folder.join(key),
            certificates: folder.join(certificates),
        })
    };
    let seal = open("seal.key.pem", "seal.chain.pem").expect("a seal");
    let trust = Trust {
        roots: vec![Base64(stage.sandbox.root.clone())],
    };
    let now = contract::value::Timestamp(
        i64::try_from(
            std::time::SystemTime::UNIX_EPOCH
                .elapsed()
                .unwrap()
                .as_millis(),
        )
        .unwrap(),
    );
    assert!(seal.is_trusted(&trust, now));
    assert!(!seal.is_trusted(&Trust { roots: vec![] }, now));
    assert!(open("ocsp.key.pem", "seal.chain.pem").is_err());
    assert!(open("seal.chain.pem", "seal.chain.pem").is_err());
    assert!(open("seal.key.pem", "seal.key.pem").is_err());
}

#[tokio::test]
async fn without_a_seal_the_receipt_is_unsigned() {
    let folder = tempfile::tempdir().expect("folder").keep();
    std::fs::write(folder.join("9.000001.toml"), PROCEDURE).expect("written");
    let adjust = move |settings: &mut Settings| settings.procedures = Some(folder.clone());
    let stage = Stage::configured(adjust, |config| config.seal = None).await;
    let citizen = stage.sign_in(MAU).await;
    let (id, _) = submitted(&stage, &citizen, json!({ "counts": { "phi": 1 } })).await;
    let answer = reqwest::Client::new()
        .get(stage.at(&format!("/api/dossiers/{id}/receipt")))
        .header("cookie", citizen.cookie())
        .send()
        .await
        .expect("answer");
    let bytes = answer.bytes().await.expect("bytes");
    let report = signature::validate(
        &bytes,
        &Trust { roots: vec![] },
        contract::value::Timestamp(0),
    );
    assert_eq!(report.verdict, Verdict::Unsigned);
}
