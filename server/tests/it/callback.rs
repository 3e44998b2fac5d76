//! What providers post by themselves: a reason to look, and values that verify; whatever the order, the end is the same.

use crate::support::{Batch, MAU, Person, Stage, digest, prepare_many, quick, until};
use contract::signing::SigningState;
use rand::RngExt as _;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

/// A stage at which only callbacks do anything.
async fn silent() -> Stage {
    Stage::with(|settings| {
        let mut pace = quick();
        let long = Duration::from_secs(3600);
        pace.looks = vec![long];
        pace.looks_beside_callbacks = vec![long];
        pace.partial = long;
        pace.callbacks_per_second = 100_000;
        settings.pace = Some(pace);
    })
    .await
}

async fn post(stage: &Stage, body: &Value) -> u16 {
    let answer = stage
        .http
        .post(stage.at("/api/webhooks/vnpt-ca"))
        .json(body)
        .send()
        .await
        .expect("answer");
    answer.status().as_u16()
}

async fn waiting(stage: &Stage, person: &Person, files: usize) -> Batch {
    let files: Vec<Uuid> = (0..files).map(|_| Uuid::new_v4()).collect();
    let batch = prepare_many(stage, person, MAU, &files).await;
    let (status, answer) = person.post(stage.at("/api/signings"), &batch.body()).await;
    assert_eq!(status, 200, "{answer}");
    until(stage, person, batch.start.id, SigningState::Waiting).await;
    batch
}

/// The values the provider made, as it would tell them to whoever asks.
async fn values(stage: &Stage, id: Uuid) -> Vec<Value> {
    stage.phone(MAU, "confirm").await;
    let address = format!(
        "http://{}/vnpt-ca/v1/signatures/sign/{id}/status",
        stage.sandbox.address
    );
    let body = json!({ "sp_id": "portal-demo", "sp_password": "sandbox-only" });
    for _ in 0..100 {
        let answer = stage
            .admin(stage.http.post(address.clone()).json(&body))
            .await;
        if let Some(list) = answer["data"]["signatures"].as_array() {
            return list.clone();
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the provider makes no values");
}

fn told(id: &impl serde::Serialize, files: &[Value]) -> Value {
    json!({ "sp_id": "x", "status_code": 200, "message": "SUCCESS", "transaction_id": id, "signed_files": files })
}

#[tokio::test]
async fn a_callback_wakes_at_once_and_its_values_need_no_second_question() {
    let stage = silent().await;
    let citizen = stage.sign_in(MAU).await;
    let webhook = stage.at("/api/webhooks/vnpt-ca");
    stage
        .provider(json!({ "webhooks": { "vnpt-ca": webhook } }))
        .await;
    let batch = waiting(&stage, &citizen, 2).await;
    stage.phone(MAU, "confirm").await;
    until(&stage, &citizen, batch.start.id, SigningState::Confirmed).await;
    let known = stage.at_provider(batch.start.id).await;
    assert_eq!(known[0]["status_calls"], 0, "{known:?}");
    // A refusal is not believed, but asked about.
    let batch = waiting(&stage, &citizen, 1).await;
    stage.phone(MAU, "reject").await;
    until(&stage, &citizen, batch.start.id, SigningState::Rejected).await;
    let known = stage.at_provider(batch.start.id).await;
    assert!(known[0]["status_calls"].as_u64() > Some(0), "{known:?}");
}

#[tokio::test]
async fn strangers_learn_nothing_and_change_nothing() {
    let stage = silent().await;
    let citizen = stage.sign_in(MAU).await;
    let batch = waiting(&stage, &citizen, 1).await;
    let id = batch.start.id;
    let lie = json!({ "doc_id": "1. to-khai.pdf", "signature_value": "AAAA" });
    for body in [
        told(&id, std::slice::from_ref(&lie)),
        told(&Uuid::new_v4(), &[lie]),
        told(&"' OR 1=1 --", &[]),
        json!({ "transaction_id": id, "status_code": 400, "message": "REJECTED" }),
        json!([]),
        json!("x"),
    ] {
        assert_eq!(post(&stage, &body).await, 200, "{body}");
    }
    let send = async |path: &str, body: Vec<u8>| {
        let address = stage.at(path);
        let sent = stage.http.post(address).body(body).send().await;
        sent.expect("answer").status().as_u16()
    };
    assert_eq!(
        send("/api/webhooks/vnpt-ca", b"no json".to_vec()).await,
        400
    );
    assert_eq!(send("/api/webhooks/nobody", b"{}".to_vec()).await, 404);
    assert_eq!(
        send("/api/webhooks/vnpt-ca", vec![b' '; 200_000]).await,
        413
    );
    let view = until(&stage, &citizen, id, SigningState::Waiting).await;
    assert!(view.items[0].signature.is_none());
    let flood = Stage::with(|settings| {
        let mut pace = quick();
        pace.callbacks_per_second = 0;
        settings.pace = Some(pace);
    })
    .await;
    assert_eq!(post(&flood, &told(&id, &[])).await, 429);
}

/// One thing that can happen.
#[derive(Debug, Clone, Copy)]
enum Happening {
    All,
    One(usize),
    OneWithoutName(usize),
    Lie,
    Foreign,
    Refusal,
    Cancel,
    Complete,
}

#[tokio::test]
async fn whatever_is_posted_in_whatever_order_the_end_is_the_same() {
    const FILES: usize = 3;
    let mut stage = silent().await;
    let citizen = stage.sign_in(MAU).await;
    // Of another place than all of the following: the same place signed in the same second is the same digest.
    let other = waiting(&stage, &citizen, FILES + 1).await;
    let foreign = values(&stage, other.start.id).await.split_off(FILES);
    for seed in 0..12_u64 {
        let mut random = StdRng::seed_from_u64(seed);
        let batch = waiting(&stage, &citizen, FILES).await;
        let id = batch.start.id;
        let mine = values(&stage, id).await;
        if seed == 0 {
            stage.stop_poller().await;
        }
        let mut choice = vec![
            Happening::Lie,
            Happening::Foreign,
            Happening::Refusal,
            Happening::Complete,
        ];
        for position in 0..FILES {
            choice.extend([
                Happening::One(position),
                Happening::OneWithoutName(position),
            ]);
        }
        if seed % 3 == 0 {
            choice.push(Happening::All);
        }
        if seed % 2 == 0 {
            choice.push(Happening::Cancel);
        }
        let mut order: Vec<Happening> = (0..12)
            .map(|_| *choice.choose(&mut random).expect("some"))
            .collect();
        if random.random_bool(0.8) {
            order.extend((0..FILES).map(Happening::One));
        }
        // What has to be true, said without a database.
        let mut kept = [false; FILES];
        let mut state = "waiting";
        for happening in &order {
            let taken: Vec<usize> = match happening {
                Happening::All => (0..FILES).collect(),
                Happening::One(position) | Happening::OneWithoutName(position) => vec![*position],
                _ => Vec::new(),
            };
            match happening {
                Happening::All => assert_eq!(post(&stage, &told(&id, &mine)).await, 200),
                Happening::One(position) => {
                    let body = told(&id, &mine[*position..=*position]);
                    assert_eq!(post(&stage, &body).await, 200);
                }
                Happening::OneWithoutName(position) => {
                    let value = json!({ "signature_value": mine[*position]["signature_value"] });
                    assert_eq!(post(&stage, &told(&id, &[value])).await, 200);
                }
                Happening::Lie => {
                    let lie = json!({ "doc_id": mine[0]["doc_id"], "signature_value": "AAAA" });
                    assert_eq!(post(&stage, &told(&id, &[lie])).await, 200);
                }
                Happening::Foreign => {
                    assert_eq!(post(&stage, &told(&id, &foreign)).await, 200);
                }
                Happening::Refusal => {
                    let body =
                        json!({ "transaction_id": id, "status_code": 4002, "message": "REJECTED" });
                    assert_eq!(post(&stage, &body).await, 200);
                }
                Happening::Cancel => {
                    let address = stage.at(&format!("/api/signings/{id}/cancellation"));
                    assert_eq!(citizen.post(address, &Value::Null).await.0, 200);
                    if state == "waiting" {
                        state = "cancelled";
                    }
                }
                Happening::Complete => {
                    let signed: Vec<_> = (0..FILES).map(|_| digest(b"a file")).collect();
                    let address = stage.at(&format!("/api/signings/{id}/completion"));
                    let (status, _) = citizen.post(address, &json!({ "signed": signed })).await;
                    let ready = state == "confirmed" || state == "done";
                    assert_eq!(status == 200, ready, "{seed} {order:?}");
                    if state == "confirmed" {
                        state = "done";
                    }
                }
            }
            if state == "waiting" {
                for position in taken {
                    kept[position] = true;
                }
                if kept == [true; FILES] {
                    state = "confirmed";
                }
            }
            let (_, view) = citizen.get(stage.at(&format!("/api/signings/{id}"))).await;
            assert_eq!(view["state"], state, "{seed} {order:?}");
            for position in 0..FILES {
                let shown = &view["items"][position]["signature"];
                if state == "confirmed" || state == "done" {
                    assert_eq!(*shown, mine[position]["signature_value"], "{seed}");
                } else {
                    assert_eq!(*shown, Value::Null, "{seed}");
                }
            }
        }
        let history = stage.history(id).await;
        let count = |word: &str| history.iter().filter(|what| *what == word).count();
        let ended = usize::from(state == "confirmed" || state == "done");
        assert_eq!(count("confirmed"), ended, "{seed} {history:?}");
        assert_eq!(count("completed"), usize::from(state == "done"));
        assert_eq!(
            count("mismatch") + count("rejected"),
            0,
            "nobody's word alone"
        );
        assert!(count("late-signature-ignored") <= usize::from(state == "cancelled"));
    }
}
