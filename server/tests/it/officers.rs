//! A dossier through the hands of three officers, two who act at once, and what the journal says of it.

use crate::after::Submitted;
use crate::support::{MAU, Person, Stage};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const RECEPTION: &str = "tiepnhan.an";
const PROCESSING: &str = "xuly.binh";
const LEADER: &str = "lanhdao.chi";
const AUDITOR: &str = "giamsat.hai";

/// Somebody moves a dossier as it is now.
async fn work(
    stage: &Stage,
    dossier: &Submitted,
    officer: &Person,
    act: &str,
    more: Value,
) -> (u16, Value) {
    let address = dossier.at(stage, "/officer", "/work");
    let (status, seen) = officer.get(address.clone()).await;
    assert_eq!(status, 200, "{seen}");
    let mut body = json!({ "act": act, "version": seen["version"] });
    for (key, value) in more.as_object().into_iter().flatten() {
        body[key] = value.clone();
    }
    officer.post(address, &body).await
}

fn offered(work: &Value) -> Vec<String> {
    let words = |key: &str| -> Vec<String> {
        let list = work[key].as_array().cloned().unwrap_or_default();
        list.iter()
            .filter_map(|word| word.as_str().map(str::to_owned))
            .collect()
    };
    [words("acts"), words("work")].concat()
}

#[tokio::test]
async fn three_officers_bring_a_dossier_from_the_counter_to_its_result_each_within_their_duty() {
    let stage = Stage::new().await;
    let citizen = stage.sign_in(MAU).await;
    let dossier = Submitted::new(&stage, &citizen).await;
    let reception = stage.sign_in(RECEPTION).await;
    let processing = stage.sign_in(PROCESSING).await;
    let leader = stage.sign_in(LEADER).await;
    let decide = async |officer: &Person, act: &str, note: &str| {
        dossier.decide(&stage, officer, act, note).await
    };
    let done = |(status, told): (u16, Value)| {
        assert_eq!(status, 200, "{told}");
        told
    };
    let (status, told) = decide(&processing, "receive", "").await;
    assert_eq!((status, &told["code"]), (403, &json!("forbidden")));
    done(decide(&reception, "receive", "").await);
    done(decide(&reception, "process", "Chuyển bộ phận hộ tịch").await);
    let at = dossier.at(&stage, "/officer", "/work");
    let (_, seen) = processing.get(at.clone()).await;
    assert_eq!(seen["step"], 0, "{seen}");
    assert_eq!(
        offered(&seen),
        ["ask-supplement", "advance", "take", "apologise"],
        "{seen}"
    );
    // The first step is not the leader's, so it is not the leader who can finish either.
    let (status, _) = decide(&leader, "finish", "").await;
    assert_eq!(status, 403);
    let taken = done(work(&stage, &dossier, &processing, "take", Value::Null).await);
    assert_eq!(taken["assignee"]["name"], "Đỗ Văn Bình");
    let (status, _) = work(&stage, &dossier, &processing, "take", Value::Null).await;
    assert_eq!(status, 409, "taken already");
    done(
        work(
            &stage,
            &dossier,
            &processing,
            "advance",
            json!({ "note": "Đủ điều kiện" }),
        )
        .await,
    );
    done(work(&stage, &dossier, &processing, "advance", Value::Null).await);
    let (status, _) = work(&stage, &dossier, &processing, "advance", Value::Null).await;
    assert_eq!(status, 403, "the last step is the leader's");
    let (status, told) = work(&stage, &dossier, &leader, "send-back", Value::Null).await;
    assert_eq!(
        (status, &told["fields"][0]["pointer"]),
        (422, &json!("/note"))
    );
    let back = json!({ "note": "Sai ngày sinh" });
    let back = done(work(&stage, &dossier, &leader, "send-back", back).await);
    assert_eq!(
        (&back["step"], &back["assignee"]),
        (&json!(1), &Value::Null)
    );
    // Given to the one who can take it; to nobody else.
    let colleagues = back["colleagues"].as_array().expect("a list");
    let names: BTreeSet<_> = colleagues
        .iter()
        .filter_map(|one| one["name"].as_str())
        .collect();
    assert_eq!(names, BTreeSet::from(["Phạm Thị Kiểm", "Đỗ Văn Bình"]));
    let to = json!({ "to": colleagues[0]["id"] });
    done(work(&stage, &dossier, &leader, "assign", to).await);
    let nobody = json!({ "to": uuid::Uuid::nil() });
    let (status, _) = work(&stage, &dossier, &leader, "assign", nobody).await;
    assert_eq!(status, 422);
    // It will be late: the citizen reads why, and the new date.
    let late = json!({ "note": "Chờ xác minh", "working_days": 10 });
    let (_, before) = citizen.get(dossier.at(&stage, "", "")).await;
    done(work(&stage, &dossier, &processing, "apologise", late).await);
    let (_, after) = citizen.get(dossier.at(&stage, "", "")).await;
    assert!(
        after["due_at"].as_i64() > before["due_at"].as_i64(),
        "{after}"
    );
    let (_, thread) = citizen.get(dossier.at(&stage, "", "/messages")).await;
    assert!(
        thread.to_string().contains("Lý do: Chờ xác minh"),
        "{thread}"
    );
    assert_eq!(
        after["note"],
        Value::Null,
        "what officers wrote to each other is not the citizen's"
    );
    assert!(!after.to_string().contains("Sai ngày sinh"));
    done(work(&stage, &dossier, &processing, "advance", Value::Null).await);
    done(decide(&leader, "finish", "").await);
    let (status, _) = decide(&leader, "return", "Nhận tại quầy 3").await;
    assert_eq!(status, 403);
    done(decide(&reception, "return", "Nhận tại quầy 3").await);
    let (_, end) = reception.get(at).await;
    let lines = end["entries"].as_array().expect("lines");
    let did: Vec<_> = lines
        .iter()
        .map(|line| {
            (
                line["actor"].as_str().unwrap_or_default(),
                &line["act"]["act"],
            )
        })
        .collect();
    assert_eq!(did.len(), 11, "{did:?}");
    assert_eq!(did[0], ("Vũ Thị An", &json!("receive")));
    assert_eq!(did[5], ("Hoàng Minh Chí", &json!("send-back")));
    assert_eq!(lines[5]["note"], "Sai ngày sinh");
    assert!(offered(&end).is_empty(), "{end}");

    // The journal has it all, by number, and holds.
    let auditor = stage.sign_in(AUDITOR).await;
    let search = async |query: Value| {
        let (status, page) = auditor
            .post(stage.at("/api/officer/audit/search"), &query)
            .await;
        assert_eq!(status, 200, "{page}");
        page["records"].as_array().cloned().expect("records")
    };
    let about = search(json!({ "dossier": dossier.code, "person": LEADER })).await;
    let words: Vec<_> = about
        .iter()
        .filter(|record| record["action"] != "dossier-viewed")
        .map(|record| record["detail"].as_str().unwrap_or_default())
        .collect();
    assert_eq!(words, ["done", "assign", "send-back"], "newest first");
    assert!(search(json!({ "person": "khong.co" })).await.is_empty());
    let signed_in = search(json!({ "action": "sign-in", "person": LEADER })).await;
    assert_eq!(signed_in.len(), 1);
    let everything = search(json!({})).await;
    let text = serde_json::to_string(&everything).expect("json");
    for personal in ["Sai ngày sinh", "Chờ xác minh", "0900000011", MAU] {
        assert!(!text.contains(personal), "{personal} is in the journal");
    }
    let actions: BTreeSet<_> = everything
        .iter()
        .filter_map(|one| one["action"].as_str())
        .collect();
    for action in [
        "signing",
        "dossier-submitted",
        "status-changed",
        "work-done",
        "audit-searched",
    ] {
        assert!(actions.contains(action), "{action}: {actions:?}");
    }
    let (_, state) = auditor.get(stage.at("/api/officer/audit/state")).await;
    assert_eq!(state["broken_at"], Value::Null, "{state}");
    assert!(state["records"].as_i64() > Some(30), "{state}");
    let (status, _) = reception.get(stage.at("/api/officer/audit/state")).await;
    assert_eq!(status, 403);

    // And for the command line.
    let verify = |kept: &str| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_server"));
        command.args([
            "audit",
            "verify",
            "--database-url",
            &stage.settings().database_url,
        ]);
        if !kept.is_empty() {
            command.args(["--kept", kept]);
        }
        let ran = command.output().expect("ran");
        (
            ran.status.code(),
            String::from_utf8_lossy(&ran.stdout).into_owned(),
        )
    };
    let (code, told) = verify("");
    assert_eq!(code, Some(0), "{told}");
    let kept = told
        .split("keep elsewhere: ")
        .nth(1)
        .expect("a hash")
        .trim();
    assert_eq!(verify(kept).0, Some(0));
    let (code, told) = verify(&format!("2:{}", "0".repeat(64)));
    assert!(code == Some(1) && told.contains("record 2"), "{told}");
}

#[tokio::test]
async fn of_many_who_decide_at_once_at_two_instances_one_decides() {
    let mut stage = Stage::new().await;
    let citizen = stage.sign_in(MAU).await;
    let dossier = Submitted::new(&stage, &citizen).await;
    let second = stage.second().await;
    let officer = stage.sign_in(RECEPTION).await;
    let (_, seen) = officer.get(dossier.at(&stage, "/officer", "")).await;
    let mut running = Vec::new();
    for turn in 0..8 {
        let act = if turn % 2 == 0 { "receive" } else { "refuse" };
        let body = json!({ "decision": act, "note": "Lý do", "version": seen["version"] });
        let host = if turn % 4 < 2 { stage.address } else { second };
        let request = stage
            .http
            .post(format!(
                "http://{host}/api/officer/dossiers/{}/decision",
                dossier.id
            ))
            .header("cookie", officer.cookie())
            .json(&body)
            .send();
        running.push(tokio::spawn(request));
    }
    let mut statuses = Vec::new();
    for one in running {
        statuses.push(one.await.expect("ran").expect("answer").status().as_u16());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409, 409, 409, 409, 409, 409]);
    let (_, after) = officer.get(dossier.at(&stage, "/officer", "")).await;
    let version = |value: &Value| value["version"].as_i64().expect("a version");
    assert_eq!(version(&after), version(&seen) + 1);
    assert_eq!(after["events"].as_array().map(Vec::len), Some(2), "{after}");
}

#[tokio::test]
async fn an_administrator_gives_rights_that_hold_at_once_and_never_takes_their_own() {
    let stage = Stage::new().await;
    let citizen = stage.sign_in(MAU).await;
    let dossier = Submitted::new(&stage, &citizen).await;
    let administrator = stage.sign_in("quantri.giang").await;
    let elsewhere = stage.sign_in("soyte.dung").await;
    let at = dossier.at(&stage, "/officer", "");
    assert_eq!(elsewhere.get(at.clone()).await.0, 404);
    assert_eq!(administrator.get(at.clone()).await.0, 403);
    let (_, officers) = administrator
        .post(stage.at("/api/officer/rights"), &json!({}))
        .await;
    let id = |user_name: &str| {
        let list = officers["officers"].as_array().expect("officers");
        let found = list.iter().find(|one| one["user_name"] == user_name);
        found.expect("there")["id"]
            .as_str()
            .expect("an id")
            .to_owned()
    };
    let give = async |to: &str, grants: Value| {
        let address = stage.at(&format!("/api/officer/rights/{}", id(to)));
        administrator
            .put(address, &json!({ "grants": grants }))
            .await
            .0
    };
    let reception = json!([{ "duty": "reception", "agencies": ["Ủy ban nhân dân cấp xã"], "procedures": ["*"] }]);
    assert_eq!(give("soyte.dung", reception).await, 200);
    assert_eq!(elsewhere.get(at.clone()).await.0, 200);
    let nowhere = json!([{ "duty": "reception", "agencies": [], "procedures": ["*"] }]);
    assert_eq!(give("soyte.dung", nowhere).await, 200);
    assert_eq!(elsewhere.get(at).await.0, 404);
    assert_eq!(give("quantri.giang", json!([])).await, 409);

    // An administrator of one agency would be one of all: they could give themselves the rest.
    let of_one = json!([{ "duty": "administrator", "agencies": ["Sở Y tế"], "procedures": ["*"] }]);
    assert_eq!(give("quantri.giang", of_one.clone()).await, 409);
    assert_eq!(give("soyte.dung", of_one).await, 200);
    let address = stage.at(&format!("/api/officer/rights/{}", id("soyte.dung")));
    let all = json!({ "grants": [{ "duty": "leader", "agencies": ["*"], "procedures": ["*"] }] });
    assert_eq!(elsewhere.put(address, &all).await.0, 403);
    let list = stage.at("/api/officer/rights");
    assert_eq!(elsewhere.post(list, &json!({})).await.0, 403);
}
