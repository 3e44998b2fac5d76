//! The portal over real HTTP with the sandbox provider: the way of a dossier, and everything that must be refused.

use crate::support::{
    BIRTH, MAU, OFFICER, Person, Stage, THU, digest, embed, form, pdf, prepare, signed, until,
};
use contract::procedure::Procedure;
use contract::signing::SigningState;
use serde_json::{Value, json};
use server::identity::IdentitySettings;
use sha1::{Digest as _, Sha1};
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
    let asked = json!({ "filter": { "search": "nguyen van mau" } });
    let (status, inbox) = officer.post(stage.at("/api/officer/inbox"), &asked).await;
    assert_eq!(status, 200);
    assert_eq!(inbox["lines"].as_array().map(Vec::len), Some(1), "{inbox}");
    let (_, seen) = officer
        .get(stage.at(&format!("/api/officer/dossiers/{dossier}")))
        .await;
    assert_eq!(seen["attachments"][0]["verdict"], "valid");
    let (status, history) = officer
        .get(stage.at(&format!("/api/officer/dossiers/{dossier}/signings")))
        .await;
    assert_eq!(status, 200);
    let events: Vec<_> = history["files"][0]["signings"][0]["events"]
        .as_array()
        .expect("events")
        .iter()
        .map(|event| event["what"].as_str().expect("what").to_owned())
        .collect();
    assert_eq!(
        events,
        ["requested", "sent", "confirmed", "completed", "received"]
    );
    let recorded = &history["files"][0]["signings"][0];
    assert_eq!(recorded["account"], "0620•••011", "never the whole number");
    assert_eq!(recorded["origin"], json!({ "class": "local" }));
    let evidence = format!("/api/officer/dossiers/{dossier}/signings/evidence?file={attachment}");
    let (status, kept) = officer.get(stage.at(&evidence)).await;
    assert_eq!(
        (status, kept["format"].as_str()),
        (200, Some("ho-so-ky-so/signing-history"))
    );
    let file = &kept["files"][0];
    assert_eq!(file["history"]["pairs"], json!([[0, 0]]));
    assert_eq!(file["warnings"], json!([]), "record and file agree");
    assert!(
        file["evidence"]["certificates"]
            .as_array()
            .is_some_and(|all| all.len() > 1),
        "the signer's and the root: {file}"
    );
    let unknown = format!("/api/officer/dossiers/{dossier}/signings/protocol?file={dossier}");
    assert_eq!(officer.get(stage.at(&unknown)).await.0, 404);
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
        "/api/officer/inbox/counts".to_owned(),
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
    let report = signature::validate(&bytes, &trust, crate::support::now());
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
    for named in [
        "default-src 'none'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ] {
        assert!(policy.contains(named), "{named} in {policy}");
    }
    assert_eq!(page.headers()["x-content-type-options"], "nosniff");
    assert_eq!(page.headers()["referrer-policy"], "same-origin");
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
    assert_eq!(nothing.headers()["cache-control"], "no-store");
    assert!(
        !nothing
            .headers()
            .contains_key("access-control-allow-origin")
    );
    let nobody: Value = get("/api/session").await.json().await.expect("json");
    assert_eq!(nobody, Value::Null);

    for path in ["/", "/api/session"] {
        let trace = stage
            .http
            .request(reqwest::Method::TRACE, stage.at(path))
            .send()
            .await
            .expect("answer");
        assert_eq!(trace.status(), 405, "{path}");
    }

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
async fn what_leaked_elsewhere_is_nobodys_new_password() {
    let leaked = "một câu đã lộ ở nơi khác";
    let list = tempfile::NamedTempFile::new().expect("file");
    let line = format!("{}:12\r\n", hex::encode_upper(Sha1::digest(leaked)));
    std::fs::write(list.path(), line).expect("written");
    let file = list.path().to_owned();
    let stage = Stage::with(move |settings| {
        settings.identity = Some(IdentitySettings {
            leaked_passwords: Some(file.clone()),
            ..IdentitySettings::default()
        });
    })
    .await;
    let person = stage.sign_in(THU).await;
    let change = async |wanted: &str| {
        let asked = json!({ "current": "Demo@2026", "wanted": wanted });
        person.put(stage.at("/api/account/password"), &asked).await
    };
    let (status, problem) = change(leaked).await;
    assert_eq!((status, code(&problem)), (422, "password-leaked"));
    // A list that is gone keeps nobody from a new password.
    list.close().expect("gone");
    assert_eq!(change(leaked).await.0, 204);
}

#[tokio::test]
async fn a_password_is_changed_by_who_knows_it_and_the_other_devices_are_out() {
    let stage = Stage::new().await;
    let (here, phone) = (stage.sign_in(THU).await, stage.sign_in(THU).await);
    let address = || stage.at("/api/account/password");
    let ask = |current: &str, wanted: &str| json!({ "current": current, "wanted": wanted });
    let (status, short) = here.put(address(), &ask("Demo@2026", "ngắn")).await;
    assert_eq!((status, code(&short)), (422, "invalid"));
    for guessed in ["Password", "mật khẩu 2026"] {
        let (status, easy) = here.put(address(), &ask("Demo@2026", guessed)).await;
        assert_eq!(
            (status, code(&easy)),
            (422, "password-guessed"),
            "{guessed}"
        );
    }
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

#[tokio::test]
async fn the_personal_store_is_its_owners_and_what_comes_from_it_is_received_as_signed() {
    let stage = Stage::new().await;
    let (me, other) = (stage.sign_in(MAU).await, stage.sign_in(THU).await);
    let attachment = Uuid::new_v4();
    let attempt = prepare(&stage, &me, MAU, attachment).await;
    let bytes = signed(&stage, &me, MAU, &attempt).await;
    let at = stage.at(&format!("/api/kept/{}", digest(&bytes)));
    let content = format!("{at}/content");
    let keep = json!({
        "file_name": "to-khai_signed.pdf", "size": bytes.len(), "signings": [attempt.start.id], "signed_as": attachment,
    });
    assert_eq!(
        me.put(at.clone(), &keep).await,
        (200, json!({ "missing": true }))
    );
    assert_eq!(me.upload(content.clone(), b"%PDF-other").await.0, 422);
    assert_eq!(me.upload(content.clone(), &bytes).await.0, 204);

    // Who knows the digest does not have the file.
    assert_eq!(
        other.put(at.clone(), &keep).await,
        (200, json!({ "missing": true }))
    );
    assert_eq!(other.send(stage.http.get(&content)).await.0, 404);
    assert_eq!(Person::stranger(&stage).get(content.clone()).await.0, 401);
    let read = stage.http.get(&content).header("cookie", me.cookie());
    let read = read.send().await.expect("answer").bytes().await;
    assert_eq!(read.expect("bytes"), bytes);
    let (_, list) = me.get(stage.at("/api/kept")).await;
    assert_eq!(list["files"][0]["verdict"], "valid");
    assert_eq!(list["used_bytes"], bytes.len());

    // In a dossier it has another identifier, and its signature is still the one that was made here.
    let dossier = Uuid::new_v4();
    let procedure = birth(&stage, &me).await;
    let components = &procedure.components;
    let mut reused = file(
        Uuid::new_v4(),
        &components[0].code,
        &bytes,
        &[attempt.start.id],
    );
    let beside = file(Uuid::new_v4(), &components[1].code, &pdf(), &[]);
    let address = stage.at(&format!("/api/dossiers/{dossier}"));
    let upload = format!(
        "{address}/attachments/{}",
        reused["id"].as_str().expect("id")
    );
    let announced = manifest(&procedure, vec![reused.clone(), beside.clone()]);
    assert_eq!(me.put(address.clone(), &announced).await.0, 200);
    let (status, answer) = me.upload(upload.clone(), &bytes).await;
    assert_eq!((status, code(&answer)), (422, "signature-mismatch"));
    reused["signed_as"] = json!(attachment);
    let announced = manifest(&procedure, vec![reused, beside]);
    assert_eq!(me.put(address, &announced).await.0, 200);
    assert_eq!(me.upload(upload, &bytes).await.0, 204);
    assert_eq!(me.send(stage.http.delete(&at)).await.0, 204);
    assert_eq!(me.get(stage.at("/api/kept")).await.1["files"], json!([]));
}

#[tokio::test]
async fn a_word_file_goes_along_only_beside_the_pdf_that_was_made_of_it() {
    let stage = Stage::new().await;
    let citizen = stage.sign_in(MAU).await;
    let procedure = birth(&stage, &citizen).await;
    let code_of = |position: usize| procedure.components[position].code.clone();
    let (pdf_id, word_id) = (Uuid::new_v4(), Uuid::new_v4());
    let word = b"PK\x03\x04 no directory".to_vec();
    let mut original = file(word_id, &code_of(1), &word, &[]);
    original["file_name"] = json!("giay.docx");
    original["original_of"] = json!(pdf_id);
    let made = file(pdf_id, &code_of(1), &pdf(), &[]);
    let address = |id: Uuid| stage.at(&format!("/api/dossiers/{id}"));
    // Without its PDF it is nothing, and a component is not complete with it.
    let alone = manifest(&procedure, vec![original.clone()]);
    assert_eq!(citizen.put(address(Uuid::new_v4()), &alone).await.0, 422);
    let attachment = Uuid::new_v4();
    let attempt = prepare(&stage, &citizen, MAU, attachment).await;
    let bytes = signed(&stage, &citizen, MAU, &attempt).await;
    let form = file(attachment, &code_of(0), &bytes, &[attempt.start.id]);
    let whole = manifest(&procedure, vec![form, made, original]);
    let dossier = Uuid::new_v4();
    let (status, answer) = citizen.put(address(dossier), &whole).await;
    assert_eq!(status, 200, "{answer}");
    let (status, answer) = citizen
        .upload(format!("{}/attachments/{word_id}", address(dossier)), &word)
        .await;
    assert_eq!((status, code(&answer)), (422, "not-convertible"));

    // Conversion itself is for who is signed in, and for Word files.
    let convert = stage.at("/api/conversions");
    let post = || stage.http.post(&convert).body(b"%PDF-1.7".to_vec());
    assert_eq!(Person::stranger(&stage).send(post()).await.0, 401);
    let (status, _) = citizen.send(post()).await;
    assert!(
        matches!(status, 422 | 503),
        "no Word file, or no LibreOffice: {status}"
    );
}

#[tokio::test]
async fn what_people_say_is_read_by_officers_alone_and_nobody_says_too_much() {
    let stage = Stage::new().await;
    let anybody = Person::stranger(&stage);
    let said = json!({ "topic": "portal", "content": "Chữ quá nhỏ.", "contact": "0900000011" });
    let (status, kept) = anybody.post(stage.at("/api/feedback"), &said).await;
    assert_eq!(status, 201, "{kept}");
    let code = kept["code"].as_str().expect("a code");
    let (_, state) = anybody
        .get(stage.at(&format!("/api/feedback/{code}")))
        .await;
    assert_eq!(state["answer"], Value::Null);
    assert!(
        state.get("content").is_none() && state.get("contact").is_none(),
        "{state}"
    );
    let nothing = json!({ "topic": "portal", "content": " " });
    let (status, problem) = anybody.post(stage.at("/api/feedback"), &nothing).await;
    assert_eq!((status, &problem["code"]), (422, &json!("invalid")));

    let citizen = stage.sign_in(MAU).await;
    for path in ["/api/officer/feedback", "/api/officer/surveys"] {
        assert_eq!(anybody.get(stage.at(path)).await.0, 401);
        assert_eq!(citizen.get(stage.at(path)).await.0, 403);
    }
    let officer = stage.sign_in(OFFICER).await;
    let (_, list) = officer.get(stage.at("/api/officer/feedback")).await;
    assert_eq!(list["lines"][0]["content"], "Chữ quá nhỏ.");
    assert_eq!(list["next"], Value::Null, "one page");
    let after = stage.at("/api/officer/feedback?answered=true&at=1&code=A");
    assert_eq!(officer.get(after).await.1["lines"], json!([]));
    let nonsense = stage.at("/api/officer/feedback?answered=2");
    assert_eq!(officer.get(nonsense).await.0, 422);
    let address = stage.at(&format!("/api/officer/feedback/{code}/answer"));
    let answer = json!({ "answer": "Cảm ơn bạn." });
    assert_eq!(citizen.post(address.clone(), &answer).await.0, 403);
    assert_eq!(officer.post(address.clone(), &answer).await.0, 200);
    assert_eq!(officer.post(address, &answer).await.0, 409, "once");

    let survey = json!({ "stars": { "overall": 4 } });
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(anybody.post(stage.at("/api/surveys"), &survey).await.0);
    }
    assert_eq!(statuses.first(), Some(&201));
    assert_eq!(statuses.last(), Some(&429), "{statuses:?}");
    let (_, totals) = anybody.get(stage.at("/api/surveys")).await;
    assert_eq!(totals["answers"], 4, "{totals}");
}

#[tokio::test]
async fn personal_data_and_answers_are_checked_by_the_rules_of_the_page() {
    let stage = Stage::new().await;
    let person = stage.sign_in(THU).await;
    let account = stage.at("/api/account");
    let (status, refused) = person
        .put(
            account.clone(),
            &json!({ "born_on": "2999-01-01", "email": "a" }),
        )
        .await;
    assert_eq!(status, 422, "{refused}");
    let pointers: Vec<&str> = refused["fields"]
        .as_array()
        .expect("fields")
        .iter()
        .filter_map(|field| field["pointer"].as_str())
        .collect();
    assert_eq!(pointers, ["/born_on", "/email"]);
    let (status, saved) = person
        .put(account, &json!({ "born_on": "1990-01-31", "fax": "0260" }))
        .await;
    assert_eq!(status, 200, "{saved}");
    assert_eq!(saved["person"]["fax"], "0260");

    let procedure = birth(&stage, &person).await;
    let mut manifest = manifest(&procedure, Vec::new());
    manifest["form"]["detail"]["ngay_sinh"] = "2999-01-01".into();
    manifest["form"]["detail"]["so_ban_sao"] = "99".into();
    let (_, refused) = person
        .put(
            stage.at(&format!("/api/dossiers/{}", Uuid::new_v4())),
            &manifest,
        )
        .await;
    let pointers = refused["fields"].to_string();
    assert!(pointers.contains("/form/detail/ngay_sinh"), "{refused}");
    assert!(pointers.contains("/form/detail/so_ban_sao"), "{refused}");
    // Nobody asked for copies: how many is not asked either.
    manifest["form"]["detail"]["ngay_sinh"] = "2025-01-01".into();
    manifest["form"]["detail"]["cap_ban_sao"] = "Không".into();
    let (_, refused) = person
        .put(
            stage.at(&format!("/api/dossiers/{}", Uuid::new_v4())),
            &manifest,
        )
        .await;
    assert_eq!(refused["code"], "component-missing", "{refused}");
}

/// serde takes an array for a struct, by the order of its fields: found by schemathesis.
#[tokio::test]
async fn a_list_is_no_object_and_every_refusal_is_a_problem() {
    let stage = Stage::new().await;
    let citizen = stage.sign_in(MAU).await;
    let account = stage.at("/api/v1/account");
    for body in ["[null, null]", " [] ", "7", "null", "\"a\""] {
        let request = stage
            .http
            .put(&account)
            .header("content-type", "application/json");
        let (status, told) = citizen.send(request.body(body)).await;
        assert_eq!((status, &told["code"]), (422, &"invalid".into()), "{body}");
    }
    let request = stage
        .http
        .put(&account)
        .header("content-type", "text/plain");
    let (status, told) = citizen.send(request.body("{}")).await;
    assert_eq!((status, &told["code"]), (415, &"media-unsupported".into()));
    let answer = stage.http.delete(&account).send().await.expect("answer");
    assert_eq!(answer.status(), 405);
    assert_eq!(answer.headers()["allow"], "PUT");
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    let told: Value = answer.json().await.expect("JSON");
    assert_eq!(
        (&told["code"], &told["status"]),
        (&"method-not-allowed".into(), &405.into())
    );
    // Both addresses are one API.
    let (status, there) = citizen.get(stage.at("/api/v1/session")).await;
    let (_, here) = citizen.get(stage.at("/api/session")).await;
    assert_eq!((status, &there["account"]), (200, &here["account"]));
    // Nothing to read in is no file that is not known.
    let administrator = stage.sign_in("quantri.giang").await;
    let request = stage.http.post(stage.at("/api/v1/admin/import?name="));
    assert_eq!(administrator.send(request).await.0, 422);
}
