//! Supplement requests, asked and answered.

use super::{Submitted, code, file};
use crate::support::{MAU, OFFICER, Stage, pdf, prepare, signed};
use serde_json::{Value, json};
use uuid::Uuid;

#[tokio::test]
async fn what_is_missing_is_asked_once_completely_and_answered_in_place() {
    let stage = Stage::new().await;
    let citizen = stage.sign_in(MAU).await;
    let officer = stage.sign_in(OFFICER).await;
    let dossier = Submitted::new(&stage, &citizen).await;
    let components = dossier.procedure.components.clone();
    let ask_at = dossier.at(&stage, "/officer", "/supplement");
    let (_, seen) = officer.get(dossier.at(&stage, "/officer", "")).await;
    let ask = |items: Value, version: &Value, late: bool| json!({ "items": items, "working_days": 5, "version": version, "late_accepted": late });
    let component = |code: &str, reason: &str| json!({ "kind": "component", "code": code, "label": "Tờ khai", "reason": reason });
    let address = json!({ "kind": "field", "pointer": "/applicant/address", "label": "Địa chỉ", "reason": "Ghi rõ số nhà" });

    // A list without a line, without a reason, about something unknown, twice the same.
    for (wrong, at) in [
        (json!([]), "/items"),
        (
            json!([component(&components[0].code, " ")]),
            "/items/0/reason",
        ),
        (json!([component("khong-co", "Thiếu")]), "/items/0"),
        (json!([address, address]), "/items/1"),
        (
            json!([{ "kind": "field", "pointer": "/applicant/../x", "label": "", "reason": "Sửa" }]),
            "/items/0",
        ),
    ] {
        let (status, answer) = officer
            .post(ask_at.clone(), &ask(wrong, &seen["version"], false))
            .await;
        assert_eq!(
            (status, answer["fields"][0]["pointer"].as_str()),
            (422, Some(at)),
            "{answer}"
        );
    }
    let list = json!([component(&components[0].code, "Chưa ký đúng chỗ"), address]);
    let (status, asked) = officer
        .post(ask_at.clone(), &ask(list.clone(), &seen["version"], false))
        .await;
    assert_eq!(
        (status, asked["status"].as_str()),
        (200, Some("supplement-requested")),
        "{asked}"
    );
    let (status, answer) = officer
        .post(ask_at.clone(), &ask(list, &seen["version"], false))
        .await;
    assert_eq!((status, code(&answer)), (409, "conflict"));
    let (status, answer) = dossier.decide(&stage, &officer, "receive", "").await;
    assert_eq!(
        (status, code(&answer)),
        (409, "conflict"),
        "not before it is answered or taken back"
    );

    // The citizen is told, and answers with a form signed anew.
    let (_, notices) = citizen.get(stage.at("/api/notices")).await;
    assert_eq!(
        notices["notices"][0]["about"]["status"], "supplement-requested",
        "{notices}"
    );
    let (_, own) = citizen.get(dossier.at(&stage, "", "")).await;
    let request = own["after"]["supplements"][0]["id"].clone();
    let again = Uuid::new_v4();
    let attempt = prepare(&stage, &citizen, MAU, again).await;
    let bytes = signed(&stage, &citizen, MAU, &attempt).await;
    let announce_at = dossier.at(&stage, "", "/supplement");
    let new = file(again, &components[0].code, &bytes, &[attempt.start.id]);
    let answer = |attachments: Value, fields: Value| json!({ "request": request, "attachments": attachments, "fields": fields });
    let fields = json!({ "/applicant/address": "Số 12 đường Ví Dụ" });
    let mut original = file(
        Uuid::new_v4(),
        &components[0].code,
        b"doc",
        &[Uuid::new_v4()],
    );
    original["original_of"] = json!(again);
    for (wrong, why) in [
        (answer(json!([]), fields.clone()), "the form is missing"),
        (answer(json!([new]), json!({})), "the address is missing"),
        (
            answer(
                json!([file(again, &components[0].code, &bytes, &[])]),
                fields.clone(),
            ),
            "not signed",
        ),
        (
            answer(
                json!([new, file(Uuid::new_v4(), &components[1].code, &pdf(), &[])]),
                fields.clone(),
            ),
            "not asked for",
        ),
        (
            answer(
                json!([file(
                    dossier.files[0],
                    &components[0].code,
                    &bytes,
                    &[attempt.start.id]
                )]),
                fields.clone(),
            ),
            "an id that is taken",
        ),
        (
            answer(json!([new, original]), fields.clone()),
            "an original that claims a signature nobody looks for",
        ),
        (
            answer(json!([new]), json!({ "/applicant/address": "" })),
            "an empty address",
        ),
        (
            answer(
                json!([new]),
                json!({ "/applicant/address": "Số 12", "/applicant/name": "Khác" }),
            ),
            "the name was not asked for",
        ),
    ] {
        let (status, told) = citizen.put(announce_at.clone(), &wrong).await;
        assert_eq!(status, 422, "{why}: {told}");
    }
    let right = answer(json!([new]), fields);
    let submit_at = dossier.at(&stage, "", "/supplement/submission");
    let (status, early) = citizen.post(submit_at.clone(), &Value::Null).await;
    assert_eq!(
        (status, code(&early)),
        (422, "component-missing"),
        "not announced"
    );
    let (status, accepted) = citizen.put(announce_at.clone(), &right).await;
    assert_eq!(
        (status, &accepted["missing"]),
        (200, &json!([again])),
        "{accepted}"
    );
    let (status, early) = citizen.post(submit_at.clone(), &Value::Null).await;
    assert_eq!(
        (status, code(&early)),
        (422, "component-missing"),
        "the file is not here"
    );
    let upload_at = dossier.at(&stage, "", &format!("/attachments/{again}"));
    let (status, refused) = citizen.upload(upload_at.clone(), &pdf()).await;
    assert_eq!(
        (status, code(&refused)),
        (422, "upload-mismatch"),
        "checked as at receipt"
    );
    let (status, taken) = citizen.upload(upload_at, &bytes).await;
    assert!(status < 300, "{taken}");
    for _ in 0..2 {
        let (status, done) = citizen.post(submit_at.clone(), &Value::Null).await;
        assert_eq!(
            (status, done["status"].as_str()),
            (200, Some("new")),
            "{done}"
        );
        assert_eq!(done["form"]["applicant"]["address"], "Số 12 đường Ví Dụ");
    }

    // The new file stands in the old one's place; the old one is still readable, with its history.
    let (_, seen) = officer.get(dossier.at(&stage, "/officer", "")).await;
    let ids: Vec<_> = seen["attachments"]
        .as_array()
        .expect("files")
        .iter()
        .map(|file| file["id"].clone())
        .collect();
    assert_eq!(ids, [json!(dossier.files[1]), json!(again)]);
    assert_eq!(seen["after"]["former"][0]["id"], json!(dossier.files[0]));
    let old = format!("/attachments/{}", dossier.files[0]);
    let address = dossier.at(&stage, "/officer", &old);
    assert_eq!(officer.get(address).await.0, 200);
    let address = dossier.at(&stage, "/officer", "/signings");
    let (_, signings) = officer.get(address).await;
    let files = signings["files"].as_array().expect("files");
    let former = files
        .iter()
        .find(|file| file["attachment"] == json!(dossier.files[0]));
    assert_eq!(former.map(|file| &file["former"]), Some(&json!(true)));
    let asked = json!({ "filter": { "search": "nguyen van mau" } });
    let (_, found) = officer.post(stage.at("/api/officer/inbox"), &asked).await;
    assert_eq!(found["lines"][0]["signed_files"], 1, "{found}");

    // A second request counts as late, and is not made by accident.
    let list = json!([component(&components[0].code, "Thiếu trang 2")]);
    let (status, warned) = officer
        .post(ask_at.clone(), &ask(list.clone(), &seen["version"], false))
        .await;
    assert_eq!(
        (status, warned["fields"][0]["pointer"].as_str()),
        (422, Some("/late_accepted"))
    );
    let asked = ask(list.clone(), &seen["version"], true);
    let (status, refused) = officer.post(ask_at.clone(), &asked).await;
    let fields = refused["fields"].as_array().map(Vec::len);
    assert_eq!(
        (status, refused["fields"][0]["pointer"].as_str(), fields),
        (422, Some("/leader"), Some(1)),
        "a leader has to allow it"
    );
    let allow = |note: &str, version: &Value| json!({ "act": "allow-supplement", "note": note, "version": version });
    let work_at = dossier.at(&stage, "/officer", "/work");
    let (status, silent) = officer
        .post(work_at.clone(), &allow(" ", &seen["version"]))
        .await;
    assert_eq!(
        (status, silent["fields"][0]["pointer"].as_str()),
        (422, Some("/note"))
    );
    let (status, allowed) = officer
        .post(
            work_at,
            &allow("Thiếu trang, lỗi của cơ quan", &seen["version"]),
        )
        .await;
    assert_eq!(
        (status, allowed["may_ask_again"].as_bool()),
        (200, Some(true)),
        "{allowed}"
    );
    let (status, asked) = officer
        .post(ask_at, &ask(list, &allowed["version"], true))
        .await;
    assert_eq!(status, 200, "{asked}");
    let (status, back) = dossier
        .decide(&stage, &officer, "take-back-supplement", "Nhầm")
        .await;
    assert_eq!(
        (status, back["status"].as_str()),
        (200, Some("new")),
        "{back}"
    );
    let (status, late) = citizen.put(announce_at, &right).await;
    assert_eq!(
        (status, code(&late)),
        (409, "conflict"),
        "nothing is asked any more"
    );
}
