//! Messages, notices and reminders.

use super::{Submitted, code};
use crate::support::{MAU, OFFICER, Stage, THU};
use serde_json::{Value, json};
use uuid::Uuid;

#[tokio::test]
async fn messages_go_both_ways_and_every_change_of_state_stands_among_them() {
    let stage = Stage::new().await;
    let citizen = stage.sign_in(MAU).await;
    let officer = stage.sign_in(OFFICER).await;
    let dossier = Submitted::new(&stage, &citizen).await;
    let own = dossier.at(&stage, "", "/messages");
    let desk = dossier.at(&stage, "/officer", "/messages");
    let say = |body: &str| json!({ "id": Uuid::new_v4(), "body": body });
    let question = say("Bao giờ có kết quả?");
    for _ in 0..2 {
        assert_eq!(
            citizen.post(own.clone(), &question).await.0,
            200,
            "twice is once"
        );
    }
    for (wrong, error) in [
        (say("  "), "required"),
        (say(&"x".repeat(2001)), "too-long"),
    ] {
        let (status, answer) = citizen.post(own.clone(), &wrong).await;
        assert_eq!(
            (status, answer["fields"][0]["error"].as_str()),
            (422, Some(error)),
            "{answer}"
        );
    }
    let (_, thread) = officer.get(desk.clone()).await;
    assert_eq!(
        (
            thread["unread"].as_u64(),
            thread["messages"].as_array().map(Vec::len)
        ),
        (Some(1), Some(2)),
        "{thread}"
    );
    assert_eq!(
        officer.post(format!("{desk}/read"), &Value::Null).await.1["unread"],
        0
    );
    assert_eq!(officer.post(desk.clone(), &say("Thứ sáu")).await.0, 200);
    assert_eq!(
        dossier.decide(&stage, &officer, "receive", "Đã đủ").await.0,
        200
    );

    let (_, thread) = citizen.get(own.clone()).await;
    let told: Vec<_> = thread["messages"]
        .as_array()
        .expect("messages")
        .iter()
        .map(|message| {
            (
                message["author"].as_str().unwrap_or(""),
                message["status"].as_str().unwrap_or(""),
                message["body"].as_str().unwrap_or(""),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("portal", "new", ""),
            ("citizen", "", "Bao giờ có kết quả?"),
            ("officer", "", "Thứ sáu"),
            ("portal", "received", "Đã đủ")
        ]
    );
    assert_eq!(thread["unread"], 1);
    let bell = async || citizen.get(stage.at("/api/notices/unread")).await.1["unread"].as_u64();
    assert_eq!(bell().await, Some(3), "submitted, a message, received");
    let (_, notices) = citizen.get(stage.at("/api/notices")).await;
    let first = &notices["notices"][0]["id"];
    citizen
        .post(stage.at("/api/notices/read"), &json!({ "notice": first }))
        .await;
    assert_eq!(bell().await, Some(2));
    assert_eq!(
        citizen.post(format!("{own}/read"), &Value::Null).await.1["unread"],
        0
    );
    assert_eq!(
        bell().await,
        Some(0),
        "who reads the dossier has read its notices"
    );
    let neighbour = stage.sign_in(THU).await;
    assert_eq!(
        neighbour.get(stage.at("/api/notices")).await.1["notices"],
        json!([])
    );
}

#[tokio::test]
async fn reminders_are_of_ones_own_dossiers_certificates_and_notes() {
    let stage = Stage::new().await;
    let citizen = stage.sign_in(MAU).await;
    let officer = stage.sign_in(OFFICER).await;
    let dossier = Submitted::new(&stage, &citizen).await;
    let at = stage.at("/api/reminders");
    let (_, known) = citizen.get(at.clone()).await;
    assert_eq!(known["dossiers"][0]["code"], json!(dossier.code));
    let serial = known["certificates"][0]["serial"].clone();
    assert!(
        serial.is_string(),
        "the certificate that signed is known: {known}"
    );
    let new = |about: Value, days: u16| json!({ "id": Uuid::new_v4(), "about": about, "days_before": days });
    let of_dossier = json!({ "kind": "dossier", "dossier": dossier.id });
    for about in [
        of_dossier.clone(),
        json!({ "kind": "certificate", "serial": serial }),
        json!({ "kind": "note", "text": "Lấy kết quả", "day": "2030-01-15" }),
    ] {
        let (status, answer) = citizen.post(at.clone(), &new(about, 3)).await;
        assert_eq!(status, 200, "{answer}");
    }
    for (wrong, status) in [
        (
            new(
                json!({ "kind": "note", "text": "", "day": "2030-01-15" }),
                3,
            ),
            422,
        ),
        (
            new(
                json!({ "kind": "note", "text": "x", "day": "2020-01-15" }),
                3,
            ),
            422,
        ),
        (
            new(
                json!({ "kind": "note", "text": "x", "day": "2030-02-30" }),
                3,
            ),
            422,
        ),
        (new(of_dossier.clone(), 91), 422),
        (
            new(json!({ "kind": "certificate", "serial": "00" }), 3),
            404,
        ),
    ] {
        let (answered, told) = citizen.post(at.clone(), &wrong).await;
        assert_eq!(answered, status, "{wrong}: {told}");
    }
    let neighbour = stage.sign_in(THU).await;
    let (status, answer) = neighbour.post(at.clone(), &new(of_dossier, 3)).await;
    assert_eq!(
        (status, code(&answer)),
        (404, "not-found"),
        "another's dossier"
    );

    assert_eq!(dossier.decide(&stage, &officer, "receive", "").await.0, 200);
    let (_, known) = citizen.get(at.clone()).await;
    let list = known["reminders"].as_array().expect("reminders");
    assert_eq!(list.len(), 3);
    let moved = list
        .iter()
        .find(|one| one["about"]["kind"] == "dossier")
        .expect("there");
    assert!(moved["fires_at"].is_i64(), "it has a date now: {moved}");
    let one = moved["id"].as_str().expect("an id");
    let remove = async |person: &crate::support::Person| {
        let request = stage.http.delete(format!("{at}/{one}"));
        person.send(request).await
    };
    assert_eq!(remove(&neighbour).await.0, 404);
    let (status, left) = remove(&citizen).await;
    assert_eq!(
        (status, left["reminders"].as_array().map(Vec::len)),
        (200, Some(2))
    );
}
