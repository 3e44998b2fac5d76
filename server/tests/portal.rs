//! The portal over real HTTP with the sandbox provider: the way of a dossier, and everything that must be refused.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

mod support;

use contract::procedure::Procedure;
use contract::signing::SigningState;
use serde_json::{Value, json};
use support::{
    BIRTH, MAU, OFFICER, Person, Stage, THU, digest, embed, form, pdf, prepare, signed, until,
};
use uuid::Uuid;

/// One file of a manifest.
fn file(id: Uuid, component: &str, bytes: &[u8], signings: &[Uuid]) -> Value {
    json!({
        "id": id, "component": component, "copy_kind": "original", "count": 1,
        "file_name": "to-khai_signed.pdf", "size": bytes.len(), "sha256": digest(bytes), "signings": signings,
    })
}

async fn birth(stage: &Stage, person: &Person) -> Procedure {
    let (status, procedure) = person
        .get(stage.at(&format!("/api/procedures/{BIRTH}")))
        .await;
    assert_eq!(status, 200);
    serde_json::from_value(procedure).expect("a procedure")
}

fn manifest(procedure: &Procedure, files: Vec<Value>) -> Value {
    json!({
        "procedure": BIRTH, "form": form(procedure, MAU), "attachments": files,
        "payment": "none", "declared": true,
    })
}

/// Announces a dossier of a birth registration with a signed form and a certificate of birth.
async fn announce(
    stage: &Stage,
    person: &Person,
    dossier: Uuid,
    signed_file: (Uuid, &[u8], &[Uuid]),
) -> (u16, Value) {
    let procedure = birth(stage, person).await;
    let (attachment, bytes, signings) = signed_file;
    let components = &procedure.components;
    let files = vec![
        file(attachment, &components[0].code, bytes, signings),
        file(other(attachment), &components[1].code, &pdf(), &[]),
    ];
    person
        .put(
            stage.at(&format!("/api/dossiers/{dossier}")),
            &manifest(&procedure, files),
        )
        .await
}

/// The id of the second file beside a first.
fn other(attachment: Uuid) -> Uuid {
    Uuid::from_u128(attachment.as_u128() ^ 1)
}

fn code(answer: &Value) -> &str {
    answer["code"].as_str().unwrap_or_default()
}

#[tokio::test]
async fn a_dossier_is_signed_submitted_and_received() {
    let stage = Stage::new().await;
    let citizen = stage.sign_in(MAU).await;
    let (attachment, dossier) = (Uuid::new_v4(), Uuid::new_v4());
    let attempt = prepare(&stage, &citizen, MAU, attachment).await;
    let bytes = signed(&stage, &citizen, MAU, &attempt).await;
    let id = attempt.start.id;
    let (status, _) = citizen
        .post(
            stage.at(&format!("/api/signings/{id}/completion")),
            &json!({ "signed": [digest(&bytes)] }),
        )
        .await;
    assert!(status < 300);

    let (status, missing) = announce(&stage, &citizen, dossier, (attachment, &bytes, &[id])).await;
    assert_eq!(status, 200, "{missing}");
    assert_eq!(missing["missing"].as_array().map(Vec::len), Some(2));
    let at = |file: Uuid| stage.at(&format!("/api/dossiers/{dossier}/attachments/{file}"));
    let submission = stage.at(&format!("/api/dossiers/{dossier}/submission"));
    let (status, early) = citizen.post(submission.clone(), &Value::Null).await;
    assert_eq!(status, 422, "files are missing: {early}");

    let (status, answer) = citizen.upload(at(attachment), &bytes).await;
    assert!(status < 300, "{answer}");
    let (status, answer) = citizen.upload(at(other(attachment)), &pdf()).await;
    assert!(status < 300, "{answer}");
    let (status, receipt) = citizen.post(submission.clone(), &Value::Null).await;
    assert_eq!(status, 200, "{receipt}");
    let number = receipt["code"].as_str().expect("a code").to_owned();
    assert!(number.starts_with("000.00.00.H34-"), "{number}");
    let (status, again) = citizen.post(submission, &Value::Null).await;
    assert_eq!(
        (status, &again["code"]),
        (200, &receipt["code"]),
        "submitting twice is submitting once"
    );

    let (status, tracked) = citizen
        .get(stage.at(&format!("/api/tracking/{number}")))
        .await;
    assert_eq!((status, tracked["status"].as_str()), (200, Some("new")));
    assert!(
        !tracked.to_string().contains("Nguyễn"),
        "tracking tells no names: {tracked}"
    );

    let officer = stage.sign_in(OFFICER).await;
    let (status, inbox) = officer
        .get(stage.at("/api/officer/dossiers?q=nguyen%20van%20mau"))
        .await;
    assert_eq!(status, 200);
    assert_eq!(
        inbox["dossiers"].as_array().map(Vec::len),
        Some(1),
        "{inbox}"
    );
    let (_, seen) = officer
        .get(stage.at(&format!("/api/officer/dossiers/{dossier}")))
        .await;
    assert_eq!(seen["attachments"][0]["verdict"], "valid");
    let (status, history) = officer
        .get(stage.at(&format!(
            "/api/officer/dossiers/{dossier}/attachments/{attachment}/history"
        )))
        .await;
    assert_eq!(status, 200);
    let events: Vec<_> = history["events"]
        .as_array()
        .expect("events")
        .iter()
        .map(|event| event["what"].as_str().expect("what").to_owned())
        .collect();
    assert_eq!(
        events,
        ["requested", "sent", "confirmed", "completed", "received"]
    );
    let decision = json!({ "decision": "receive", "note": "", "version": seen["version"] });
    let decide = stage.at(&format!("/api/officer/dossiers/{dossier}/decision"));
    let (status, received) = officer.post(decide.clone(), &decision).await;
    assert_eq!(
        (status, received["status"].as_str()),
        (200, Some("received"))
    );
    let (status, late) = officer.post(decide, &decision).await;
    assert_eq!((status, code(&late)), (409, "conflict"));
}

#[tokio::test]
async fn an_upload_must_be_what_its_transaction_made() {
    let stage = Stage::new().await;
    let citizen = stage.sign_in(MAU).await;
    let attachment = Uuid::new_v4();
    let attempt = prepare(&stage, &citizen, MAU, attachment).await;
    let bytes = signed(&stage, &citizen, MAU, &attempt).await;
    let id = attempt.start.id;
    let refused = async |announced: &[u8], sent: &[u8], signings: &[Uuid], at: Uuid| {
        let dossier = Uuid::new_v4();
        let (status, answer) = announce(&stage, &citizen, dossier, (at, announced, signings)).await;
        assert_eq!(status, 200, "{answer}");
        let address = stage.at(&format!("/api/dossiers/{dossier}/attachments/{at}"));
        let (status, answer) = citizen.upload(address, sent).await;
        assert_eq!(status, 422, "{answer}");
        code(&answer).to_owned()
    };
    assert_eq!(
        refused(&bytes, &pdf(), &[id], attachment).await,
        "upload-mismatch"
    );

    let mut tampered = bytes.clone();
    let place = tampered
        .windows(8)
        .position(|window| window == b"MediaBox")
        .expect("there")
        + 14;
    tampered[place] = b'7';
    assert_eq!(
        refused(&tampered, &tampered, &[id], attachment).await,
        "signature-invalid"
    );

    assert_eq!(
        refused(&pdf(), &pdf(), &[id], attachment).await,
        "signature-mismatch"
    );
    assert_eq!(
        refused(&bytes, &bytes, &[Uuid::new_v4()], attachment).await,
        "signature-mismatch",
        "a transaction nobody made"
    );
    assert_eq!(
        refused(&bytes, &bytes, &[id], Uuid::new_v4()).await,
        "signature-mismatch",
        "another attachment"
    );
    let text = b"khong phai PDF".as_slice();
    assert_eq!(refused(text, text, &[id], attachment).await, "not-pdf");

    // Somebody else's transaction.
    let neighbour = stage.sign_in(THU).await;
    let theirs = prepare(&stage, &neighbour, THU, attachment).await;
    let their_bytes = signed(&stage, &neighbour, THU, &theirs).await;
    assert_eq!(
        refused(&their_bytes, &their_bytes, &[theirs.start.id], attachment).await,
        "signature-mismatch"
    );
}

#[tokio::test]
async fn nobody_sees_what_is_not_theirs() {
    let stage = Stage::new().await;
    let citizen = stage.sign_in(MAU).await;
    let neighbour = stage.sign_in(THU).await;
    let (attachment, dossier) = (Uuid::new_v4(), Uuid::new_v4());
    let attempt = prepare(&stage, &citizen, MAU, attachment).await;
    let (id, file) = (attempt.start.id, other(attachment));
    let body = serde_json::to_value(&attempt.start).expect("json");
    assert_eq!(citizen.post(stage.at("/api/signings"), &body).await.0, 200);
    assert_eq!(
        announce(&stage, &citizen, dossier, (attachment, &pdf(), &[id]))
            .await
            .0,
        200
    );
    let address = stage.at(&format!("/api/dossiers/{dossier}/attachments/{file}"));
    assert!(citizen.upload(address.clone(), &pdf()).await.0 < 300);

    for path in [
        format!("/api/signings/{id}"),
        format!("/api/dossiers/{dossier}"),
        format!("/api/dossiers/{dossier}/attachments/{file}"),
    ] {
        assert_eq!(neighbour.get(stage.at(&path)).await.0, 404, "{path}");
        let stranger = stage
            .http
            .get(stage.at(&path))
            .send()
            .await
            .expect("answer");
        assert_eq!(stranger.status(), 401, "{path}");
    }
    assert_eq!(neighbour.upload(address, &pdf()).await.0, 404);
    let (status, _) = neighbour
        .post(
            stage.at(&format!("/api/signings/{id}/cancellation")),
            &Value::Null,
        )
        .await;
    assert_eq!(status, 404);
    for path in [
        "/api/officer/dossiers".to_owned(),
        format!("/api/officer/dossiers/{dossier}"),
    ] {
        assert_eq!(citizen.get(stage.at(&path)).await.0, 403, "{path}");
    }
    let officer = stage.sign_in(OFFICER).await;
    let (status, _) = officer
        .get(stage.at(&format!("/api/officer/dossiers/{dossier}")))
        .await;
    assert_eq!(status, 404, "not submitted yet");
}

#[tokio::test]
async fn a_request_sent_twice_is_one_signing_and_survives_a_killed_server() {
    let mut stage = Stage::new().await;
    let citizen = stage.sign_in(MAU).await;
    let attempt = prepare(&stage, &citizen, MAU, Uuid::new_v4()).await;
    let body = serde_json::to_value(&attempt.start).expect("json");
    let (first, second) = tokio::join!(
        citizen.post(stage.at("/api/signings"), &body),
        citizen.post(stage.at("/api/signings"), &body)
    );
    assert_eq!((first.0, second.0), (200, 200), "{} {}", first.1, second.1);
    let mut changed = body.clone();
    changed["items"][0]["digest"] = json!(digest(b"another"));
    let (status, answer) = citizen.post(stage.at("/api/signings"), &changed).await;
    assert_eq!((status, code(&answer)), (409, "conflict"));

    stage.restart().await;
    let shown = stage.phone(MAU, "confirm").await;
    assert_eq!(
        shown.matches("class=request").count(),
        1,
        "one request on the phone"
    );
    let view = until(&stage, &citizen, attempt.start.id, SigningState::Confirmed).await;
    let bytes = embed(&attempt, &view);
    let trust = contract::provider::Trust {
        roots: vec![contract::value::Base64(stage.sandbox.root.clone())],
    };
    let report = signature::validate(&bytes, &trust, support::now());
    assert_eq!(report.verdict, contract::validation::Verdict::Valid);
}

#[tokio::test]
async fn every_end_of_a_signing_has_its_state() {
    let stage = Stage::quick().await;
    let citizen = stage.sign_in(MAU).await;
    let start = async || {
        let attempt = prepare(&stage, &citizen, MAU, Uuid::new_v4()).await;
        let body = serde_json::to_value(&attempt.start).expect("json");
        assert_eq!(citizen.post(stage.at("/api/signings"), &body).await.0, 200);
        attempt.start.id
    };
    let id = start().await;
    stage.phone(MAU, "reject").await;
    until(&stage, &citizen, id, SigningState::Rejected).await;

    let id = start().await;
    let cancel = stage.at(&format!("/api/signings/{id}/cancellation"));
    let (status, view) = citizen.post(cancel, &Value::Null).await;
    assert_eq!((status, view["state"].as_str()), (200, Some("cancelled")));
    stage.phone(MAU, "confirm").await;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let view = until(&stage, &citizen, id, SigningState::Cancelled).await;
    assert!(
        view.items[0].signature.is_none(),
        "a late value is not used"
    );

    stage.provider(json!({ "lifetime_seconds": 1 })).await;
    let id = start().await;
    until(&stage, &citizen, id, SigningState::Expired).await;
    stage
        .provider(json!({ "lifetime_seconds": 120, "fault": "wrong-value" }))
        .await;
    let id = start().await;
    stage.phone(MAU, "confirm").await;
    let view = until(&stage, &citizen, id, SigningState::Mismatch).await;
    assert!(view.items[0].signature.is_none());

    stage.provider(json!({ "fault": "down" })).await;
    let (status, answer) = citizen
        .post(
            stage.at("/api/providers/vnpt-ca/certificates"),
            &json!({ "citizen_id": MAU }),
        )
        .await;
    assert_eq!((status, code(&answer)), (502, "provider-down"));
}

#[tokio::test]
async fn the_page_its_headers_and_other_sites() {
    let stage = Stage::new().await;
    let get = async |path: &str| stage.http.get(stage.at(path)).send().await.expect("answer");
    let page = get("/ho-so/nao-do/thong-tin").await;
    assert_eq!(page.status(), 200);
    let policy = page.headers()["content-security-policy"]
        .to_str()
        .expect("text")
        .to_owned();
    assert!(
        policy.contains("'wasm-unsafe-eval'") && !policy.contains("unsafe-inline"),
        "{policy}"
    );
    assert_eq!(get("/thu-tuc/1.001193").await.status(), 200);
    assert_eq!(
        get("/pkg/khong-co.js").await.status(),
        404,
        "a script is never the page"
    );
    let nothing = get("/api/khong-co").await;
    assert_eq!(nothing.status(), 404);
    assert_eq!(
        nothing.headers()["content-type"],
        "application/problem+json"
    );
    let nobody: Value = get("/api/session").await.json().await.expect("json");
    assert_eq!(nobody, Value::Null);

    let foreign = stage
        .http
        .post(stage.at("/api/session"))
        .header("sec-fetch-site", "cross-site")
        .json(&json!({ "user_name": MAU, "password": "Demo@2026" }))
        .send()
        .await
        .expect("answer");
    assert_eq!(foreign.status(), 403, "another site cannot act");
    for _ in 0..5 {
        let wrong = stage
            .http
            .post(stage.at("/api/session"))
            .json(&json!({ "user_name": THU, "password": "sai" }))
            .send()
            .await
            .expect("answer");
        assert!(wrong.status() == 401 || wrong.status() == 429);
    }
    let locked: Value = stage
        .http
        .post(stage.at("/api/session"))
        .json(&json!({ "user_name": THU, "password": "Demo@2026" }))
        .send()
        .await
        .expect("answer")
        .json()
        .await
        .expect("json");
    assert_eq!(code(&locked), "account-locked");
}

#[tokio::test]
async fn a_password_is_changed_by_who_knows_it_and_the_other_devices_are_out() {
    let stage = Stage::new().await;
    let (here, phone) = (stage.sign_in(THU).await, stage.sign_in(THU).await);
    let address = || stage.at("/api/account/password");
    let ask = |current: &str, wanted: &str| json!({ "current": current, "wanted": wanted });
    let (status, short) = here.put(address(), &ask("Demo@2026", "ngắn")).await;
    assert_eq!((status, code(&short)), (422, "invalid"));
    let (status, wrong) = here
        .put(address(), &ask("không phải", "mật khẩu mới"))
        .await;
    assert_eq!((status, code(&wrong)), (401, "wrong-credentials"));
    let (status, _) = here.put(address(), &ask("Demo@2026", "mật khẩu mới")).await;
    assert_eq!(status, 204);
    let (_, still) = here.get(stage.at("/api/session")).await;
    assert_eq!(still["account"]["name"], "Trần Thị Thử");
    let (_, gone) = phone.get(stage.at("/api/session")).await;
    assert_eq!(gone, Value::Null);
    // Guessing here locks as guessing at the door does.
    for _ in 0..5 {
        here.put(address(), &ask("đoán", "mật khẩu khác")).await;
    }
    let (status, locked) = here
        .put(address(), &ask("mật khẩu mới", "mật khẩu khác"))
        .await;
    assert_eq!((status, code(&locked)), (429, "account-locked"));
    let (status, _) = Person::stranger(&stage)
        .put(address(), &ask("a", "mật khẩu mới"))
        .await;
    assert_eq!(status, 401);
}
