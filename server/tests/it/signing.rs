//! Transactions against the sandbox provider: many files with one PIN, lost answers, a second instance, a wrong certificate.

use crate::support::{
    Batch, MAU, Person, Stage, THU, certificates, digest, prepare_many, quick, until,
};
use contract::provider::Usability;
use contract::signing::{SigningFailure, SigningState, SigningView};
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

async fn start(stage: &Stage, person: &Person, batch: &Batch) -> (u16, Value) {
    person.post(stage.at("/api/signings"), &batch.body()).await
}

fn ids(count: usize) -> Vec<Uuid> {
    (0..count).map(|_| Uuid::new_v4()).collect()
}

#[tokio::test]
async fn five_files_are_signed_with_one_pin() {
    let stage = Stage::quick().await;
    let citizen = stage.sign_in(MAU).await;
    let batch = prepare_many(&stage, &citizen, MAU, &ids(5)).await;
    assert_eq!(start(&stage, &citizen, &batch).await.0, 200);
    let id = batch.start.id;
    let shown = stage.phone(MAU, "confirm").await;
    assert!(
        shown.contains("5 tep") || shown.contains("5 tệp"),
        "{shown}"
    );
    let view = until(&stage, &citizen, id, SigningState::Confirmed).await;
    let trust = contract::provider::Trust {
        roots: vec![contract::value::Base64(stage.sandbox.root.clone())],
    };
    let mut signed = Vec::new();
    for position in 0..5 {
        let bytes = batch.signed(position, &view).expect("a value for each");
        let report = signature::validate(&bytes, &trust, crate::support::now());
        assert_eq!(report.verdict, contract::validation::Verdict::Valid);
        signed.push(digest(&bytes));
    }
    let completion = stage.at(&format!("/api/signings/{id}/completion"));
    let (status, answer) = citizen
        .post(completion.clone(), &json!({ "signed": signed[..4] }))
        .await;
    assert_eq!((status, &answer["code"]), (422, &json!("invalid")));
    for _ in 0..2 {
        let (status, done) = citizen
            .post(completion.clone(), &json!({ "signed": signed }))
            .await;
        assert_eq!((status, &done["state"]), (200, &json!("done")));
    }
    assert_eq!(
        stage.history(id).await,
        ["requested", "sent", "confirmed", "completed"]
    );
    assert_eq!(stage.at_provider(id).await.len(), 1);
}

#[tokio::test]
async fn what_came_of_a_batch_is_kept_and_only_the_rest_is_asked_again() {
    let stage = Stage::quick().await;
    let citizen = stage.sign_in(MAU).await;
    stage.fault(json!({ "fault": "partial", "times": 1 })).await;
    stage.auto("confirm", 0).await;
    let files = ids(3);
    let batch = prepare_many(&stage, &citizen, MAU, &files).await;
    assert_eq!(start(&stage, &citizen, &batch).await.0, 200);
    let id = batch.start.id;
    let view = until(&stage, &citizen, id, SigningState::Confirmed).await;
    let values: Vec<bool> = view
        .items
        .iter()
        .map(|item| item.signature.is_some())
        .collect();
    assert_eq!(values, [true, true, false]);
    let signed: Vec<_> = (0..2)
        .map(|position| digest(&batch.signed(position, &view).expect("a value")))
        .collect();

    let mut rest = prepare_many(&stage, &citizen, MAU, &files[2..]).await;
    let (status, answer) = start(&stage, &citizen, &rest).await;
    assert_eq!(
        (status, &answer["code"]),
        (409, &json!("conflict")),
        "a file stands in one open transaction"
    );
    let completion = stage.at(&format!("/api/signings/{id}/completion"));
    let (status, partial) = citizen.post(completion, &json!({ "signed": signed })).await;
    assert_eq!((status, &partial["state"]), (200, &json!("partial")));
    assert_eq!(
        stage.history(id).await,
        ["requested", "sent", "confirmed-partly", "completed"]
    );
    rest.start.follows = Some(id);
    assert_eq!(start(&stage, &citizen, &rest).await.0, 200);
    until(&stage, &citizen, rest.start.id, SigningState::Confirmed).await;
}

#[tokio::test]
async fn nothing_is_kept_that_does_not_verify() {
    let stage = Stage::quick().await;
    let citizen = stage.sign_in(MAU).await;
    stage.auto("confirm", 0).await;
    stage
        .fault(json!({ "fault": "wrong-signature", "times": 1 }))
        .await;
    let batch = prepare_many(&stage, &citizen, MAU, &ids(2)).await;
    assert_eq!(start(&stage, &citizen, &batch).await.0, 200);
    let view = until(&stage, &citizen, batch.start.id, SigningState::Mismatch).await;
    assert!(view.items.iter().all(|item| item.signature.is_none()));
    assert_eq!(
        stage.history(batch.start.id).await,
        ["requested", "sent", "mismatch"]
    );

    stage
        .fault(json!({ "fault": "reordered", "times": 1 }))
        .await;
    let batch = prepare_many(&stage, &citizen, MAU, &ids(3)).await;
    assert_eq!(start(&stage, &citizen, &batch).await.0, 200);
    let view = until(&stage, &citizen, batch.start.id, SigningState::Confirmed).await;
    for position in 0..3 {
        batch
            .signed(position, &view)
            .expect("each has its own value");
    }
}

#[tokio::test]
async fn a_request_whose_answer_is_lost_is_found_out_about_and_never_sent_again() {
    let stage = Stage::quick().await;
    let citizen = stage.sign_in(MAU).await;
    // It arrived, the answer did not.
    for fault in ["cut-after", "garbage", "lost-answer"] {
        stage
            .fault(json!({ "fault": fault, "call": "sign", "times": 1 }))
            .await;
        let batch = prepare_many(&stage, &citizen, MAU, &ids(1)).await;
        assert_eq!(start(&stage, &citizen, &batch).await.0, 200);
        until(&stage, &citizen, batch.start.id, SigningState::Waiting).await;
        stage.phone(MAU, "confirm").await;
        until(&stage, &citizen, batch.start.id, SigningState::Confirmed).await;
        assert_eq!(stage.at_provider(batch.start.id).await.len(), 1, "{fault}");
        stage.no_faults().await;
    }
    // It never arrived, and the portal cannot know.
    for fault in ["cut-before", "never-answers", "http-error"] {
        stage
            .fault(json!({ "fault": fault, "call": "sign", "times": 1 }))
            .await;
        let batch = prepare_many(&stage, &citizen, MAU, &ids(1)).await;
        assert_eq!(start(&stage, &citizen, &batch).await.0, 200);
        let view = until(&stage, &citizen, batch.start.id, SigningState::Failed).await;
        assert_eq!(view.failure, Some(SigningFailure::ProviderDown), "{fault}");
        assert_eq!(stage.at_provider(batch.start.id).await.len(), 0, "{fault}");
        stage.no_faults().await;
    }
}

#[tokio::test]
async fn a_provider_that_forgets_or_fails_does_not_keep_anybody_waiting_for_ever() {
    // The breaker has its own tests; here every look reaches the provider.
    let stage = Stage::configured(
        |settings| settings.pace = Some(quick()),
        |config| {
            for entry in &mut config.providers {
                entry.breaker.failures = 1_000_000;
                entry.breaker.window = 1_000_000;
            }
        },
    )
    .await;
    let citizen = stage.sign_in(MAU).await;
    stage.provider(json!({ "lifetime_seconds": 1 })).await;
    for fault in ["lost-status", "http-error", "garbage"] {
        stage
            .fault(json!({ "fault": fault, "call": "status" }))
            .await;
        let batch = prepare_many(&stage, &citizen, MAU, &ids(1)).await;
        assert_eq!(start(&stage, &citizen, &batch).await.0, 200);
        until(&stage, &citizen, batch.start.id, SigningState::Expired).await;
        stage.no_faults().await;
    }
}

#[tokio::test]
async fn a_signature_that_comes_after_the_person_cancelled_is_logged_and_not_used() {
    let stage = Stage::quick().await;
    let citizen = stage.sign_in(MAU).await;
    stage.provider(json!({ "lifetime_seconds": 4 })).await;
    let batch = prepare_many(&stage, &citizen, MAU, &ids(2)).await;
    assert_eq!(start(&stage, &citizen, &batch).await.0, 200);
    let id = batch.start.id;
    until(&stage, &citizen, id, SigningState::Waiting).await;
    let cancel = stage.at(&format!("/api/signings/{id}/cancellation"));
    let (status, view) = citizen.post(cancel, &Value::Null).await;
    assert_eq!((status, &view["state"]), (200, &json!("cancelled")));
    stage.phone(MAU, "confirm").await;
    let mut events = Vec::new();
    for _ in 0..200 {
        events = stage.history(id).await;
        if events.len() == 4 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(
        events,
        ["requested", "sent", "cancelled", "late-signature-ignored"]
    );
    let view = until(&stage, &citizen, id, SigningState::Cancelled).await;
    assert!(view.items.iter().all(|item| item.signature.is_none()));
    let (status, _) = citizen
        .post(
            stage.at(&format!("/api/signings/{id}/completion")),
            &json!({ "signed": [digest(b"1"), digest(b"2")] }),
        )
        .await;
    assert!(status == 409 || status == 422, "{status}");
}

#[tokio::test]
async fn what_may_not_be_started_is_refused_and_says_why() {
    let stage = Stage::with(|settings| {
        let mut pace = quick();
        pace.starts_per_minute = 3;
        settings.pace = Some(pace);
    })
    .await;
    let citizen = stage.sign_in(MAU).await;
    let (_, providers) = citizen.get(stage.at("/api/providers")).await;
    assert_eq!(providers[0]["items_max"], 20, "{providers}");

    let mut batch = prepare_many(&stage, &citizen, MAU, &ids(21)).await;
    let (status, answer) = start(&stage, &citizen, &batch).await;
    assert_eq!(
        (status, &answer["fields"][0]["pointer"]),
        (422, &json!("/items"))
    );
    batch.start.items.truncate(2);
    batch.start.items[1].attachment = batch.start.items[0].attachment;
    assert_eq!(
        start(&stage, &citizen, &batch).await.0,
        422,
        "twice the same file"
    );

    let first = prepare_many(&stage, &citizen, MAU, &ids(1)).await;
    assert_eq!(start(&stage, &citizen, &first).await.0, 200);
    let same = prepare_many(&stage, &citizen, MAU, &[first.start.items[0].attachment]).await;
    assert_eq!(start(&stage, &citizen, &same).await.0, 409);
    for _ in 0..2 {
        let other = prepare_many(&stage, &citizen, MAU, &ids(1)).await;
        assert_eq!(start(&stage, &citizen, &other).await.0, 200);
    }
    let fourth = prepare_many(&stage, &citizen, MAU, &ids(1)).await;
    let (status, answer) = start(&stage, &citizen, &fourth).await;
    assert_eq!((status, &answer["code"]), (429, &json!("too-many")));
    assert_eq!(start(&stage, &citizen, &first).await.0, 200, "asking again");
    let neighbour = stage.sign_in(THU).await;
    let theirs = prepare_many(&stage, &neighbour, THU, &ids(1)).await;
    assert_eq!(start(&stage, &neighbour, &theirs).await.0, 200);
}

#[tokio::test]
async fn a_certificate_that_must_not_sign_rings_no_phone() {
    let stage = Stage::quick().await;
    let citizen = stage.sign_in(MAU).await;
    for (account, why) in [
        ("062099000033", Usability::Expired),
        ("062099000066", Usability::Suspended),
        ("062099000077", Usability::OtherPerson),
        ("062099000088", Usability::WrongUse),
    ] {
        let (profile, list) = certificates(&stage, &citizen, account).await;
        assert_eq!(list[0].usability, why, "{account}");
        let mut batch = prepare_many(&stage, &citizen, MAU, &ids(1)).await;
        batch.start.profile = profile;
        batch.start.citizen_id = account.parse().expect("number");
        batch.start.serial = list[0].serial.clone();
        let (status, answer) = start(&stage, &citizen, &batch).await;
        assert_eq!(
            (status, &answer["code"]),
            (422, &json!("certificate-unusable")),
            "{account}"
        );
    }
}

#[tokio::test]
async fn a_certificate_of_an_authority_that_is_not_trusted_is_not_used() {
    // The provider's entry pins an anchor that did not issue it.
    let stage = Stage::configured(
        |settings| settings.pace = Some(quick()),
        |config| {
            let stranger = include_bytes!("data/stranger.der").to_vec();
            for entry in &mut config.providers {
                entry.trust_anchors = vec![stranger.clone()];
            }
        },
    )
    .await;
    let citizen = stage.sign_in(MAU).await;
    let (_, list) = certificates(&stage, &citizen, MAU).await;
    assert_eq!(list[0].usability, Usability::Untrusted);
    let stage = Stage::configured(
        |settings| settings.pace = Some(quick()),
        |config| {
            for entry in &mut config.providers {
                entry.policy_oids = vec!["1.3.6.1.4.1.99999.1".into()];
            }
        },
    )
    .await;
    let citizen = stage.sign_in(MAU).await;
    let (_, list) = certificates(&stage, &citizen, MAU).await;
    assert_eq!(list[0].usability, Usability::Untrusted);
}

#[tokio::test]
async fn two_instances_on_one_database_share_what_waits() {
    share(Stage::quick().await).await;
    let Some(fresh) = store::testing::Postgres::fresh().await else {
        return;
    };
    let url = fresh.url.clone();
    let stage = Stage::with(move |settings| {
        settings.pace = Some(quick());
        settings.database_url = Some(url.clone());
    })
    .await;
    share(stage).await;
    fresh.drop().await;
}

async fn share(mut stage: Stage) {
    let other = stage.second().await;
    let citizen = stage.sign_in(MAU).await;
    let mut batches = Vec::new();
    for number in 0..6 {
        let batch = prepare_many(&stage, &citizen, MAU, &ids(1)).await;
        let body = batch.body();
        // The same request at both instances at once is one transaction.
        let elsewhere = format!("http://{other}/api/signings");
        let (here, there) = tokio::join!(
            citizen.post(stage.at("/api/signings"), &body),
            citizen.post(elsewhere, &body)
        );
        assert_eq!(
            (here.0, there.0),
            (200, 200),
            "{number}: {} {}",
            here.1,
            there.1
        );
        batches.push(batch);
    }
    for batch in &batches {
        until(&stage, &citizen, batch.start.id, SigningState::Waiting).await;
    }
    tokio::time::sleep(Duration::from_millis(800)).await;
    for batch in &batches {
        let at_provider = stage.at_provider(batch.start.id).await;
        assert_eq!(at_provider.len(), 1);
        let looks = at_provider[0]["status_calls"].as_u64().expect("a number");
        assert!(looks >= 2, "somebody looks: {looks}");
    }
    for _ in &batches {
        stage.phone(MAU, "confirm").await;
    }
    for batch in &batches {
        until(&stage, &citizen, batch.start.id, SigningState::Confirmed).await;
        assert_eq!(
            stage.history(batch.start.id).await,
            ["requested", "sent", "confirmed"]
        );
    }
}

#[tokio::test]
async fn a_provider_that_answers_only_after_the_decision_is_waited_for_and_let_go() {
    let stage = gateway().await;
    let citizen = stage.sign_in(MAU).await;
    let batch = prepare_many(&stage, &citizen, MAU, &ids(2)).await;
    assert_eq!(start(&stage, &citizen, &batch).await.0, 200);
    until(&stage, &citizen, batch.start.id, SigningState::Waiting).await;
    // Longer than the lease: the call renews it.
    tokio::time::sleep(Duration::from_millis(2000)).await;
    until(&stage, &citizen, batch.start.id, SigningState::Waiting).await;
    stage.phone(MAU, "confirm").await;
    let view = until(&stage, &citizen, batch.start.id, SigningState::Confirmed).await;
    assert!(view.items.iter().all(|item| item.signature.is_some()));

    let batch = prepare_many(&stage, &citizen, MAU, &ids(1)).await;
    assert_eq!(start(&stage, &citizen, &batch).await.0, 200);
    stage.phone(MAU, "reject").await;
    until(&stage, &citizen, batch.start.id, SigningState::Rejected).await;

    stage
        .fault(json!({ "fault": "cut-after", "call": "sign", "times": 1 }))
        .await;
    stage.auto("confirm", 0).await;
    let batch = prepare_many(&stage, &citizen, MAU, &ids(1)).await;
    assert_eq!(start(&stage, &citizen, &batch).await.0, 200);
    let view = until(&stage, &citizen, batch.start.id, SigningState::Failed).await;
    assert_eq!(view.failure, Some(SigningFailure::Interrupted));
}

#[tokio::test]
async fn a_call_whose_process_died_is_ended_and_its_files_are_free_again() {
    let mut stage = gateway().await;
    let (address, runtime) = stage.mortal().await;
    let citizen = stage.sign_in(MAU).await;
    stage.address = address;
    let file = Uuid::new_v4();
    let batch = prepare_many(&stage, &citizen, MAU, &[file]).await;
    assert_eq!(start(&stage, &citizen, &batch).await.0, 200);
    until(&stage, &citizen, batch.start.id, SigningState::Waiting).await;
    runtime.shutdown_background();
    stage.address = stage.second().await;
    let view = until(&stage, &citizen, batch.start.id, SigningState::Failed).await;
    assert_eq!(view.failure, Some(SigningFailure::Interrupted));
    let mut again = prepare_many(&stage, &citizen, MAU, &[file]).await;
    again.start.follows = Some(batch.start.id);
    assert_eq!(start(&stage, &citizen, &again).await.0, 200);
}

/// The national gateway in its synchronous form.
async fn gateway() -> Stage {
    let mut stage = Stage::configured(
        |settings| settings.pace = Some(quick()),
        |config| {
            for entry in &mut config.providers {
                if entry.code.as_str() == "fpt-ca" {
                    entry.protocol = provider::Protocol::Neac769(provider::Neac769Settings {
                        paths: provider::Paths {
                            certificates: "/sign_v2/get_certificate".into(),
                            sign: "/sign_v2/sign".into(),
                            status: None,
                        },
                        ca_name: Some("FPT-CA".into()),
                        start_waits: true,
                        ..provider::Neac769Settings::default()
                    });
                }
            }
        },
    )
    .await;
    stage.provider_code = "fpt-ca";
    stage
        .provider(json!({ "synchronous": { "fpt-ca": true } }))
        .await;
    stage
}

#[tokio::test]
async fn a_view_is_waited_for_until_there_is_a_newer_one() {
    let stage = Stage::quick().await;
    let citizen = stage.sign_in(MAU).await;
    let batch = prepare_many(&stage, &citizen, MAU, &ids(1)).await;
    assert_eq!(start(&stage, &citizen, &batch).await.0, 200);
    let id = batch.start.id;
    let waiting = until(&stage, &citizen, id, SigningState::Waiting).await;
    let since = |version: i64| stage.at(&format!("/api/signings/{id}?since={version}&wait=25"));
    let (_, known) = citizen.get(since(waiting.version - 1)).await;
    assert_eq!(known["version"], json!(waiting.version), "at once");
    let (newer, _) = tokio::join!(citizen.get(since(waiting.version)), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        stage.phone(MAU, "reject").await
    });
    let view: SigningView = serde_json::from_value(newer.1).expect("a view");
    assert_eq!(view.state, SigningState::Rejected);
}
