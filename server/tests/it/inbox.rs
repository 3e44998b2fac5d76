//! The officers' inbox over HTTP: who sees what, saved filters, and one act on many.

use crate::after::Submitted;
use crate::support::{MAU, OFFICER, Person, Stage};
use serde_json::{Value, json};
use uuid::Uuid;

const ELSEWHERE: &str = "soyte.dung";
const AUDITOR: &str = "giamsat.hai";
const PROCESSING: &str = "xuly.binh";

async fn found(stage: &Stage, officer: &Person, filter: Value) -> Vec<Value> {
    let (status, page) = officer
        .post(stage.at("/api/officer/inbox"), &json!({ "filter": filter }))
        .await;
    assert_eq!(status, 200, "{page}");
    page["lines"].as_array().expect("lines").clone()
}

async fn open(stage: &Stage, officer: &Person) -> u64 {
    let (status, counts) = officer.get(stage.at("/api/officer/inbox/counts")).await;
    assert_eq!(status, 200, "{counts}");
    counts["open"]["number"].as_u64().expect("a number")
}

async fn act(stage: &Stage, officer: &Person, act: &str, dossiers: &[(Uuid, i64)]) -> (u16, Value) {
    let body = json!({ "act": act, "dossiers": dossiers });
    officer
        .post(stage.at("/api/officer/inbox/acts"), &body)
        .await
}

#[tokio::test]
async fn an_officer_of_another_agency_finds_nothing_however_they_ask() {
    let stage = Stage::new().await;
    let citizen = stage.sign_in(MAU).await;
    let dossier = Submitted::new(&stage, &citizen).await;
    let officer = stage.sign_in(OFFICER).await;
    let searches = [
        json!({}),
        json!({ "search": dossier.code }),
        json!({ "search": MAU }),
        json!({ "search": "Nguyễn Văn Mẫu" }),
        json!({ "shelf": { "kind": "all" }, "sort": "name" }),
        json!({ "procedure": "1.001193" }),
        json!({ "agency": "Ủy ban nhân dân cấp xã" }),
    ];
    for filter in &searches {
        assert_eq!(
            found(&stage, &officer, filter.clone()).await.len(),
            1,
            "{filter}"
        );
    }
    assert_eq!(open(&stage, &officer).await, 1);
    for stranger in [ELSEWHERE, AUDITOR] {
        let stranger = stage.sign_in(stranger).await;
        for filter in &searches {
            assert!(
                found(&stage, &stranger, filter.clone()).await.is_empty(),
                "{filter}"
            );
        }
        assert_eq!(open(&stage, &stranger).await, 0);
        let (status, report) = act(&stage, &stranger, "receive", &[(dossier.id, 2)]).await;
        assert_eq!((status, &report["done"]), (200, &json!([])), "{report}");
    }
    let (status, _) = citizen
        .post(stage.at("/api/officer/inbox"), &json!({ "filter": {} }))
        .await;
    assert_eq!(status, 403);
    let (_, seen) = officer.get(dossier.at(&stage, "/officer", "")).await;
    assert_eq!(seen["status"], "new", "nobody moved it");
}

#[tokio::test]
async fn one_act_on_many_says_which_did_not_go_and_why() {
    let stage = Stage::new().await;
    let citizen = stage.sign_in(MAU).await;
    let dossier = Submitted::new(&stage, &citizen).await;
    let officer = stage.sign_in(OFFICER).await;
    let line = found(&stage, &officer, json!({})).await.remove(0);
    let version = line["version"].as_i64().expect("a version");
    let unknown = Uuid::new_v4();

    let processing = stage.sign_in(PROCESSING).await;
    let (_, report) = act(&stage, &processing, "receive", &[(dossier.id, version)]).await;
    assert_eq!(
        report["refused"],
        json!([[dossier.id, "forbidden"]]),
        "another duty"
    );
    let (_, report) = act(&stage, &officer, "receive", &[(dossier.id, version + 7)]).await;
    assert_eq!(
        report["refused"],
        json!([[dossier.id, "conflict"]]),
        "another version"
    );
    let (status, report) = act(
        &stage,
        &officer,
        "receive",
        &[(unknown, 1), (dossier.id, version), (dossier.id, version)],
    )
    .await;
    assert_eq!(status, 200);
    assert_eq!(report["done"], json!([dossier.id]), "{report}");
    assert_eq!(
        report["refused"],
        json!([[unknown, "not-found"], [dossier.id, "conflict"]])
    );
    let received = json!({ "shelf": { "kind": "only", "status": "received" } });
    let line = found(&stage, &officer, received).await.remove(0);
    assert!(line["due_at"].is_i64(), "{line}");
    for (wrong, dossiers) in [
        ("refuse", vec![(dossier.id, 3)]),
        ("ask-supplement", vec![(dossier.id, 3)]),
        ("withdraw", vec![(dossier.id, 3)]),
        ("receive", vec![]),
        ("receive", vec![(dossier.id, 3); 201]),
    ] {
        let (status, answer) = act(&stage, &officer, wrong, &dossiers).await;
        assert_eq!(status, 422, "{wrong}: {answer}");
    }
}

#[tokio::test]
async fn filters_are_kept_for_one_officer_and_what_is_too_long_is_refused() {
    let stage = Stage::new().await;
    let officer = stage.sign_in(OFFICER).await;
    let other = stage.sign_in(ELSEWHERE).await;
    let at = stage.at("/api/officer/inbox/filters");
    let late = json!({ "name": " Trễ hẹn ", "filter": { "deadline": "late", "channel": "post" } });
    let (status, saved) = officer.post(at.clone(), &late).await;
    assert_eq!((status, saved["name"].as_str()), (200, Some("Trễ hẹn")));
    let (_, mine) = officer.get(at.clone()).await;
    assert_eq!(mine[0]["filter"]["deadline"], "late");
    assert_eq!(other.get(at.clone()).await.1, json!([]));
    let id = saved["id"].as_str().expect("an id");
    let one = stage.at(&format!("/api/officer/inbox/filters/{id}"));
    assert_eq!(other.send(stage.http.delete(one.clone())).await.0, 404);
    assert_eq!(officer.send(stage.http.delete(one)).await.0, 204);
    for wrong in [
        json!({ "name": "  ", "filter": {} }),
        json!({ "name": "x".repeat(61), "filter": {} }),
        json!({ "name": "x", "filter": { "search": "x".repeat(201) } }),
    ] {
        assert_eq!(officer.post(at.clone(), &wrong).await.0, 422, "{wrong}");
    }
    let (status, _) = officer
        .post(
            stage.at("/api/officer/inbox"),
            &json!({ "filter": {}, "after": "drop table" }),
        )
        .await;
    assert_eq!(status, 422);
}

#[tokio::test]
async fn who_is_away_hands_over_what_they_hold_and_nothing_else() {
    let stage = Stage::new().await;
    let citizen = stage.sign_in(MAU).await;
    let dossier = Submitted::new(&stage, &citizen).await;
    let officer = stage.sign_in(OFFICER).await;
    let binh = stage.sign_in(PROCESSING).await;
    for act in ["receive", "process"] {
        let (status, told) = dossier.decide(&stage, &officer, act, "").await;
        assert_eq!(status, 200, "{told}");
    }
    let (status, list) = binh.get(stage.at("/api/officer/colleagues")).await;
    let to = |name: &str| {
        let mut list = list.as_array().expect("a list").iter();
        list.find(|one| one["name"] == name)
            .map(|one| one["id"].clone())
    };
    let kiem = to("Phạm Thị Kiểm").expect("works there too");
    assert_eq!(status, 200);
    assert!(to("Đỗ Văn Bình").is_none(), "not oneself: {list}");
    let give = async |from: &Person, to: &Value| {
        let lines = found(&stage, &officer, json!({})).await;
        let body = json!({ "to": to, "note": "Nghỉ phép", "dossiers": [[dossier.id, lines[0]["version"]]] });
        let address = stage.at("/api/officer/inbox/handover");
        let (status, report) = from.post(address, &body).await;
        assert_eq!(status, 200, "{report}");
        report
    };
    let report = give(&binh, &kiem).await;
    let refused = json!([[dossier.id, "forbidden"]]);
    assert_eq!(report["refused"], refused, "they do not hold it");
    let at = dossier.at(&stage, "/officer", "/work");
    let (_, seen) = binh.get(at.clone()).await;
    let take = json!({ "act": "take", "version": seen["version"] });
    let (status, taken) = binh.post(at.clone(), &take).await;
    assert_eq!(status, 200, "{taken}");
    assert!(taken["work"].to_string().contains("assign"), "{taken}");
    let report = give(&binh, &kiem).await;
    assert_eq!(report["done"], json!([dossier.id]), "{report}");
    let (_, seen) = binh.get(at.clone()).await;
    assert_eq!(seen["assignee"]["name"], "Phạm Thị Kiểm");
    let last = seen["entries"].as_array().and_then(|lines| lines.last());
    assert_eq!(last.map(|line| &line["note"]), Some(&json!("Nghỉ phép")));
    assert_eq!(give(&binh, &kiem).await["refused"], refused, "not any more");
    // A leader gives it on, whoever holds it; nobody gets what they may not work on.
    let nobody = json!(Uuid::new_v4());
    let report = give(&officer, &nobody).await;
    assert_eq!(report["refused"], json!([[dossier.id, "invalid"]]));
}

#[tokio::test]
async fn a_text_with_a_zero_character_is_refused_before_anything_is_done() {
    let stage = Stage::new().await;
    let officer = stage.sign_in(OFFICER).await;
    let address = stage.at("/api/officer/inbox/filters");
    for (name, expected) in [("Trễ\u{0}hẹn", 422), ("Trễ\\u0000hẹn", 200)] {
        let body = json!({ "name": name, "filter": {} });
        let (status, told) = officer.post(address.clone(), &body).await;
        assert_eq!(status, expected, "{told}");
    }
    let (_, kept) = officer.get(address).await;
    assert_eq!(kept.as_array().map(Vec::len), Some(1));
    let body = json!({ "filter": { "search": "mau\u{0}" } });
    let (status, told) = officer.post(stage.at("/api/officer/inbox"), &body).await;
    assert_eq!((status, &told["code"]), (422, &json!("invalid")));
}
