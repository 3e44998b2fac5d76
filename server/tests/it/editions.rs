//! An administrator changes the catalogue over real HTTP: what citizens then see, what a dossier that runs keeps, what is refused.

use crate::after::Submitted;
use crate::support::{MAU, Person, Stage};
use contract::date::Date;
use contract::value::Timestamp;
use serde_json::{Value, json};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const BIRTH: &str = "/api/admin/documents/procedure/1.001193";
const FEE: &str = "amount = 0";

fn today() -> Date {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970");
    Date::in_vietnam(Timestamp(since.as_millis() as i64))
}

async fn text(stage: &Stage, person: &Person, number: i64) -> String {
    let (status, answer) = person
        .get(stage.at(&format!("{BIRTH}/editions/{number}")))
        .await;
    assert_eq!(status, 200, "{answer}");
    answer["text"].as_str().expect("a text").to_owned()
}

async fn save(stage: &Stage, person: &Person, text: &str, version: i64) -> (u16, Value) {
    let body =
        json!({ "source": { "text": text }, "note": "Theo nghị quyết mới", "version": version });
    person.put(stage.at(&format!("{BIRTH}/draft")), &body).await
}

async fn publish(stage: &Stage, person: &Person, version: i64, from: Date) -> (u16, Value) {
    let draft = json!({ "kind": "procedure", "code": "1.001193", "version": version });
    let body = json!({ "drafts": [draft], "effective_from": from });
    person
        .post(stage.at("/api/admin/publications"), &body)
        .await
}

/// The fee that citizens see.
async fn fee(person: &Person, address: String) -> i64 {
    let (_, procedure) = person.get(address).await;
    procedure["fees"][0]["amount"].as_i64().expect("an amount")
}

#[tokio::test]
async fn a_fee_changes_for_new_dossiers_on_all_instances_and_a_running_one_keeps_its_own() {
    let mut stage = Stage::new().await;
    let citizen = stage.sign_in(MAU).await;
    let before = Submitted::new(&stage, &citizen).await;
    let administrator = stage.sign_in("quantri.giang").await;
    let public = stage.at("/api/procedures/1.001193");
    let file = text(&stage, &administrator, 0).await;
    let dearer = file.replacen(FEE, "amount = 8000", 1);

    // Of two who write, the second is told; a planned version changes nothing today.
    let (status, saved) = save(&stage, &administrator, &dearer, 0).await;
    assert_eq!(status, 200, "{saved}");
    assert_eq!(saved["done"]["editions"][0]["state"], "draft", "{saved}");
    assert_eq!(save(&stage, &administrator, &dearer, 0).await.0, 409);
    let (status, answer) = publish(&stage, &administrator, 1, today().plus_days(-1)).await;
    assert_eq!(status, 422, "not before today: {answer}");
    let later = today().plus_days(30);
    assert_eq!(publish(&stage, &administrator, 7, later).await.0, 409);
    let (status, answer) = publish(&stage, &administrator, 1, later).await;
    assert_eq!((status, &answer["faults"]), (200, &json!([])), "{answer}");
    assert_eq!(fee(&citizen, public.clone()).await, 0);

    // Another one from today on.
    let (_, saved) = save(
        &stage,
        &administrator,
        &dearer.replacen("8000", "5000", 1),
        0,
    )
    .await;
    let version = saved["done"]["editions"][0]["version"]
        .as_i64()
        .expect("a version");
    let (status, answer) = publish(&stage, &administrator, version, today()).await;
    assert_eq!((status, &answer["faults"]), (200, &json!([])), "{answer}");
    assert_eq!(fee(&citizen, public.clone()).await, 5000);
    let (_, kept) = citizen.get(before.at(&stage, "", "")).await;
    assert_eq!(kept["definition"]["fees"][0]["amount"], 0, "{kept}");
    let after = Submitted::new(&stage, &citizen).await;
    let (_, new) = citizen.get(after.at(&stage, "", "")).await;
    assert_eq!(new["definition"]["fees"][0]["amount"], 5000);

    // A second instance, and the first one hears what was done at the second.
    let second = stage.second().await;
    let there = format!("http://{second}/api/procedures/1.001193");
    assert_eq!(fee(&citizen, there).await, 5000);
    let (_, view) = administrator.get(stage.at(BIRTH)).await;
    assert_eq!(view["number"], 2, "{view}");
    let address = format!("http://{second}{BIRTH}/editions/2/withdrawal");
    let version = &view["editions"][0]["version"];
    let (status, answer) = administrator
        .post(address, &json!({ "version": version }))
        .await;
    assert_eq!(status, 200, "{answer}");
    let mut left = 200;
    while fee(&citizen, public.clone()).await != 0 {
        left -= 1;
        assert!(left > 0, "the first instance never heard of it");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // Each deed stands in the journal.
    let auditor = stage.sign_in("giamsat.hai").await;
    let (_, page) = auditor
        .post(
            stage.at("/api/officer/audit/search"),
            &json!({ "action": "catalogue-changed" }),
        )
        .await;
    let details: Vec<&str> = page["records"]
        .as_array()
        .expect("records")
        .iter()
        .map(|record| record["detail"].as_str().expect("a detail"))
        .collect();
    assert_eq!(details.len(), 5, "{details:?}");
    assert_eq!(details[0], "procedure 1.001193 2 withdrawn");
}

#[tokio::test]
async fn a_document_that_is_wrong_is_refused_with_its_line_in_vietnamese() {
    let stage = Stage::new().await;
    let administrator = stage.sign_in("quantri.giang").await;
    let file = text(&stage, &administrator, 0).await;
    let wrong = file.replacen(FEE, "amount = -5", 1);
    let line = file.lines().take_while(|line| *line != FEE).count() - 1;
    let (status, answer) = save(&stage, &administrator, &wrong, 0).await;
    assert_eq!(status, 200);
    let fault = &answer["refused"][0];
    assert_eq!(fault["vi"], "Khoản phí le-phi: số tiền không được âm.");
    assert_eq!(fault["line"], line, "{answer}");
    let (_, view) = administrator.get(stage.at(BIRTH)).await;
    assert_eq!(view["editions"], json!([]), "nothing was kept");

    // The form's values make the file, the file the form's values.
    let check = stage.at(&format!("{BIRTH}/check"));
    let (_, read) = administrator
        .post(check.clone(), &json!({ "text": file }))
        .await;
    assert_eq!(read["difference"], json!([]));
    let document = json!({ "document": read["document"] });
    let (_, again) = administrator.post(check.clone(), &document).await;
    assert_eq!(again["faults"], json!([]), "{again}");
    assert_eq!(again["document"], read["document"]);
    let units = json!({ "document": { "kind": "work", "value": { "work": [] } } });
    assert_eq!(administrator.post(check, &units).await.0, 422);

    // Events that procedures need cannot go.
    let events = stage.at("/api/admin/documents/events/-");
    let (_, known) = administrator.get(format!("{events}/editions/0")).await;
    let fewer = known["text"]
        .as_str()
        .expect("a text")
        .replace("Có con nhỏ", "Sinh con");
    let body = json!({ "source": { "text": fewer }, "version": 0 });
    assert_eq!(
        administrator.put(format!("{events}/draft"), &body).await.0,
        200
    );
    let body = json!({ "drafts": [{ "kind": "events", "code": "-", "version": 1 }], "effective_from": today() });
    let (status, answer) = administrator
        .post(stage.at("/api/admin/publications"), &body)
        .await;
    assert_eq!(status, 200);
    let faults = answer["faults"].as_array().expect("faults");
    assert!(
        faults.iter().any(|fault| fault["file"] == "1.001193.toml"),
        "{answer}"
    );
}

#[tokio::test]
async fn what_was_exported_is_imported_as_drafts_where_it_differs() {
    let stage = Stage::new().await;
    let administrator = stage.sign_in("quantri.giang").await;
    let cookie = administrator.cookie();
    let export = async |path: &str| {
        let answer = stage
            .http
            .get(stage.at(path))
            .header("cookie", &cookie)
            .send()
            .await
            .expect("answer");
        assert_eq!(answer.status(), 200);
        answer.bytes().await.expect("bytes").to_vec()
    };
    let import = async |name: &str, bytes: Vec<u8>| -> Value {
        let answer = stage
            .http
            .post(stage.at(&format!("/api/admin/import?name={name}")))
            .header("cookie", &cookie)
            .body(bytes)
            .send()
            .await
            .expect("answer");
        let status = answer.status();
        let body = answer.json().await.expect("json");
        assert_eq!(status, 200, "{body}");
        body
    };
    let archive = export("/api/admin/export").await;
    let lines = import("danh-muc.zip", archive).await;
    let lines = lines.as_array().expect("lines");
    assert!(lines.len() >= 87, "{}", lines.len());
    assert!(
        lines.iter().all(|line| line["result"] == "same"),
        "{lines:?}"
    );

    let one =
        String::from_utf8(export("/api/admin/export/procedure/1.001193").await).expect("text");
    let changed = one.replacen(FEE, "amount = 3000", 1);
    let lines = import("khai-sinh.toml", changed.clone().into_bytes()).await;
    assert_eq!(lines[0]["result"], json!({ "draft": 1 }), "{lines}");
    let lines = import("1.001193.toml", changed.into_bytes()).await;
    assert_eq!(lines[0]["result"], "taken");
    let lines = import("1.000656.toml", b"code = 7".to_vec()).await;
    assert_eq!(lines[0]["result"]["wrong"][0]["line"], 1, "{lines}");
    let lines = import("anh.png", vec![0xff, 0xd8]).await;
    assert_eq!(lines[0]["result"], "unknown");
    let (_, list) = administrator.get(stage.at("/api/admin/documents")).await;
    let drafts: Vec<&Value> = list
        .as_array()
        .expect("lines")
        .iter()
        .filter(|line| !line["draft"].is_null())
        .collect();
    assert_eq!(drafts.len(), 1);
    assert_eq!(drafts[0]["name"], "Thủ tục đăng ký khai sinh");
}
