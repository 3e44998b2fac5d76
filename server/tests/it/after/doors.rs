//! Who may not come in, and how often strangers may ask.

use super::Submitted;
use crate::support::{MAU, OFFICER, Person, Stage, THU};
use serde_json::{Value, json};
use uuid::Uuid;

#[tokio::test]
async fn strangers_neighbours_and_the_wrong_role_find_every_door_closed() {
    let stage = Stage::new().await;
    let citizen = stage.sign_in(MAU).await;
    let dossier = Submitted::new(&stage, &citizen).await;
    let (neighbour, officer) = (stage.sign_in(THU).await, stage.sign_in(OFFICER).await);
    let stranger = Person::stranger(&stage);
    let some = Uuid::new_v4();
    let message = json!({ "id": some, "body": "Chào" });
    let own = |rest: &str| dossier.at(&stage, "", rest);
    let desk = |rest: &str| dossier.at(&stage, "/officer", rest);
    let http = &stage.http;
    let answer = json!({ "request": some, "attachments": [], "fields": {} });
    // What a citizen does to a dossier.
    let citizens = || {
        [
            http.post(own("/withdrawal"))
                .json(&json!({ "reason": "", "version": 1 })),
            http.put(own("/supplement")).json(&answer),
            http.post(own("/supplement/submission")),
            http.get(own(&format!("/results/{some}"))),
            http.get(own("/messages")),
            http.post(own("/messages")).json(&message),
            http.post(own("/messages/read")),
        ]
    };
    let officers = || {
        [
            http.post(desk("/decision"))
                .json(&json!({ "decision": "receive", "version": 1 })),
            http.post(desk("/supplement"))
                .json(&json!({ "items": [], "working_days": 5, "version": 1 })),
            http.put(desk(&format!("/results/{some}")))
                .header("x-file-name", "a.pdf")
                .body("x"),
            http.get(desk(&format!("/results/{some}"))),
            http.delete(desk(&format!("/results/{some}"))),
            http.get(desk("/messages")),
            http.post(desk("/messages")).json(&message),
            http.post(desk("/messages/read")),
        ]
    };
    // What belongs to an account.
    let accounts = || {
        [
        http.get(stage.at("/api/notices")),
        http.get(stage.at("/api/notices/unread")),
        http.post(stage.at("/api/notices/read")).json(&json!({})),
        http.get(stage.at("/api/mail-choices")),
        http.put(stage.at("/api/mail-choices")).json(&json!({ "status": true, "message": true, "reminder": true })),
        http.get(stage.at("/api/reminders")),
        http.post(stage.at("/api/reminders")).json(&json!({ "id": some, "about": { "kind": "dossier", "dossier": some }, "days_before": 1 })),
        http.delete(stage.at(&format!("/api/reminders/{some}"))),
    ]
    };
    for request in citizens().into_iter().chain(officers()).chain(accounts()) {
        let (status, told) = stranger.send(request).await;
        assert_eq!(status, 401, "{told}");
    }
    for (position, request) in citizens().into_iter().enumerate() {
        let (status, told) = neighbour.send(request).await;
        assert_eq!(status, 404, "a neighbour, {position}: {told}");
    }
    for (position, request) in citizens().into_iter().enumerate() {
        let (status, told) = officer.send(request).await;
        assert_eq!(status, 403, "an officer, {position}: {told}");
    }
    for (position, request) in officers().into_iter().enumerate() {
        let (status, told) = citizen.send(request).await;
        assert_eq!(status, 403, "a citizen at the desk, {position}: {told}");
    }
    let (_, thread) = citizen.get(own("/messages")).await;
    assert_eq!(
        thread["messages"].as_array().map(Vec::len),
        Some(1),
        "nobody wrote: {thread}"
    );
}

#[tokio::test]
async fn tracking_tells_little_and_not_often() {
    let stage = Stage::new().await;
    let citizen = stage.sign_in(MAU).await;
    let dossier = Submitted::new(&stage, &citizen).await;
    let ask = async |code: &str| {
        let address = stage.at(&format!("/api/tracking/{code}"));
        let answer = stage.http.get(address).send().await.expect("answer");
        let status = answer.status().as_u16();
        let mut body: Value = answer.json().await.expect("json");
        if let Some(told) = body.as_object_mut() {
            told.remove("request_id");
        }
        (status, body)
    };
    let (status, told) = ask(&dossier.code).await;
    let mut keys: Vec<_> = told
        .as_object()
        .expect("an object")
        .keys()
        .cloned()
        .collect();
    keys.sort();
    assert_eq!(
        (status, keys.as_slice()),
        (
            200,
            &[
                "agency",
                "code",
                "due_at",
                "procedure_name",
                "status",
                "submitted_at"
            ]
            .map(str::to_owned)[..]
        ),
        "{told}"
    );
    // What is no code and what nobody has are answered alike.
    let unknown = ask("000.00.00.H34-260101-9999").await;
    assert_eq!(unknown.0, 404);
    assert_eq!(unknown, ask("khong-phai-ma").await);
    let mut answers = Vec::new();
    for _ in 0..40 {
        answers.push(ask(&dossier.code).await.0);
    }
    assert!(
        answers.contains(&429),
        "one address is bounded: {answers:?}"
    );
    assert!(
        answers.iter().filter(|status| **status == 200).count() >= 20,
        "but a person is not: {answers:?}"
    );
}
