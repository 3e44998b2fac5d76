//! What the portal does when its database is gone, and when the machine's clock jumps.

use crate::support::ledger::{self, Hand, Ledger};
use crate::support::process::{Process, Start};
use crate::support::{MAU, Stage, digest, prepare, quick, signed, until};
use contract::signing::SigningState;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use store::testing::Postgres;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A wire to a server that can be cut.
struct Wire {
    address: SocketAddr,
    whole: watch::Sender<bool>,
}

impl Wire {
    async fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("socket");
        let address = listener.local_addr().expect("address");
        let (whole, state) = watch::channel(true);
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let (mut state, server) = (state.clone(), server.clone());
                if !*state.borrow() {
                    continue;
                }
                tokio::spawn(async move {
                    let Ok(mut far) = TcpStream::connect(server).await else {
                        return;
                    };
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                        _ = state.wait_for(|whole| !whole) => {}
                    }
                });
            }
        });
        Self { address, whole }
    }

    fn cut(&self) {
        self.whole.send_replace(false);
    }

    fn mend(&self) {
        self.whole.send_replace(true);
    }
}

#[tokio::test]
async fn what_was_acknowledged_is_there_when_a_database_that_was_gone_is_back() {
    let Some(fresh) = Postgres::fresh().await else {
        return;
    };
    // What is wrong here is seen in the log only.
    let _ = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::ERROR)
        .with_test_writer()
        .try_init();
    let (head, name) = fresh.url.rsplit_once('/').expect("an address");
    let (user, server) = head.rsplit_once('@').expect("an address");
    let wire = Wire::to(server.to_owned()).await;
    let url = format!("{user}@{}/{name}", wire.address);
    let folder = tempfile::tempdir().expect("folder");
    let procedures = ledger::procedures(folder.path()).expect("written");
    let stage = Stage::with(move |settings| {
        settings.procedures = Some(procedures.clone());
        settings.database_url = Some(url.clone());
        settings.pace = Some(quick());
    })
    .await;
    let citizen = stage.sign_in(MAU).await;

    // A signing that waits for the phone, and people who hand in.
    let attempt = prepare(&stage, &citizen, MAU, uuid::Uuid::new_v4()).await;
    let body = serde_json::to_value(&attempt.start).expect("json");
    let (status, view) = citizen.post(stage.at("/api/signings"), &body).await;
    assert_eq!(status, 200, "{view}");
    until(&stage, &citizen, attempt.start.id, SigningState::Waiting).await;
    let hand = Hand {
        http: stage.http.clone(),
        portals: vec![stage.at("")],
        cookie: citizen.cookie(),
    };
    let (ledger, over) = (
        Arc::new(Ledger::default()),
        Arc::new(AtomicBool::new(false)),
    );
    let procedure = hand.procedure(&ledger).await.expect("a procedure");
    let working = {
        let (hand, ledger, over) = (hand.clone(), ledger.clone(), over.clone());
        tokio::spawn(async move { hand.work(&ledger, &procedure, &over).await })
    };
    for pause in [130, 210, 90] {
        tokio::time::sleep(Duration::from_millis(pause)).await;
        wire.cut();
        // Said soon, in words that mean "later", and not as an error of the portal.
        let since = Instant::now();
        let (status, problem) = citizen.get(stage.at("/api/dossiers")).await;
        let said = (status, problem["code"].as_str());
        assert_eq!(said, (503, Some("storage-unavailable")), "{problem}");
        assert!(since.elapsed() < Duration::from_secs(20));
        assert_eq!(citizen.get(stage.at("/api/health")).await.0, 503);
        wire.mend();
    }
    // The person confirms while nobody can write it down.
    wire.cut();
    stage.phone(MAU, "confirm").await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    wire.mend();
    let view = until(&stage, &citizen, attempt.start.id, SigningState::Confirmed).await;
    let file = crate::support::embed(&attempt, &view);
    let id = attempt.start.id;
    let completion = stage.at(&format!("/api/signings/{id}/completion"));
    let body = json!({ "signed": [digest(&file)] });
    let (status, done) = citizen.post(completion, &body).await;
    assert_eq!((status, &done["state"]), (200, &json!("done")));
    assert_eq!(stage.at_provider(id).await.len(), 1);

    over.store(true, Ordering::Relaxed);
    working.await.expect("it runs").expect("it gets through");
    let sum = ledger.sum();
    assert!(sum.dossiers > 0 && sum.later > 0, "{sum:?}");
    hand.agree(&ledger).await.expect("all of it is there");
    drop(stage);
    fresh.drop().await;
}

/// The library that tells a process another time, where Debian puts it.
fn faketime() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib").ok()?;
    let found = folders
        .filter_map(|entry| Some(entry.ok()?.path().join("faketime/libfaketimeMT.so.1")))
        .find(|file| file.is_file());
    if found.is_none() {
        eprintln!("skipped: libfaketime is not installed (apt-get install libfaketime)");
    }
    found
}

/// From now on the process's clock is off by so much.
fn shift(file: &Path, by: &str) {
    let beside = file.with_extension("new");
    std::fs::write(&beside, format!("{by}\n")).expect("written");
    std::fs::rename(&beside, file).expect("moved");
}

#[tokio::test]
async fn a_clock_that_jumps_loses_nothing_and_holds_nobody_up() {
    let Some(library) = faketime() else { return };
    let mut portal = Process::start().await;
    portal.kill().await;
    let clock = portal.stage.data.path().join("clock");
    shift(&clock, "+0");
    let variables = [
        ("LD_PRELOAD", library.display().to_string()),
        ("FAKETIME_TIMESTAMP_FILE", clock.display().to_string()),
        ("FAKETIME_NO_CACHE", "1".to_owned()),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
    ];
    let start = Start {
        variables: variables
            .map(|(name, value)| (name.to_owned(), value))
            .into(),
        ..Start::default()
    };
    portal.again_as(&start).await;
    let citizen = portal.stage.sign_in(MAU).await;
    let hand = Hand {
        http: portal.stage.http.clone(),
        portals: vec![portal.stage.at("")],
        cookie: citizen.cookie(),
    };
    let ledger = Ledger::default();
    let procedure = hand.procedure(&ledger).await.expect("a procedure");
    let hand_in_some = async || {
        let over = AtomicBool::new(false);
        let some = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            over.store(true, Ordering::Relaxed);
        };
        let (worked, ()) = tokio::join!(hand.work(&ledger, &procedure, &over), some);
        worked.expect("it gets through");
    };
    hand_in_some().await;

    // Ten minutes back while a phone is waited for: looks that were due "in a second" are due in ten minutes and a second.
    let attempt = prepare(&portal.stage, &citizen, MAU, uuid::Uuid::new_v4()).await;
    let body = serde_json::to_value(&attempt.start).expect("json");
    let (status, view) = citizen.post(portal.stage.at("/api/signings"), &body).await;
    assert_eq!(status, 200, "{view}");
    until(
        &portal.stage,
        &citizen,
        attempt.start.id,
        SigningState::Waiting,
    )
    .await;
    shift(&clock, "-10m");
    portal.stage.phone(MAU, "confirm").await;
    let view = until_patiently(&portal, &citizen, attempt.start.id).await;
    let file = crate::support::embed(&attempt, &view);
    let completion = format!("/api/signings/{}/completion", attempt.start.id);
    let body = json!({ "signed": [digest(&file)] });
    let (status, done) = citizen.post(portal.stage.at(&completion), &body).await;
    assert_eq!((status, &done["state"]), (200, &json!("done")));
    hand_in_some().await;

    // And two days ahead, also over a start: who is signed in signs in again, and all is there.
    shift(&clock, "+2d");
    portal.kill().await;
    portal.again_as(&start).await;
    let citizen = portal.stage.sign_in(MAU).await;
    let hand = Hand {
        portals: vec![portal.stage.at("")],
        cookie: citizen.cookie(),
        ..hand.clone()
    };
    hand.agree(&ledger).await.expect("all of it is there");
    let attempt = prepare(&portal.stage, &citizen, MAU, uuid::Uuid::new_v4()).await;
    signed(&portal.stage, &citizen, MAU, &attempt).await;
    let nothing: (u16, Value) = citizen.get(portal.stage.at("/api/health")).await;
    assert_eq!(nothing.0, 200);
}

/// As long as the clock's note may take.
async fn until_patiently(
    portal: &Process,
    citizen: &crate::support::Person,
    id: uuid::Uuid,
) -> contract::signing::SigningView {
    for _ in 0..60 {
        let (status, view) = citizen
            .get(portal.stage.at(&format!("/api/signings/{id}")))
            .await;
        assert_eq!(status, 200, "{view}");
        if view["state"] == json!("confirmed") {
            return serde_json::from_value(view).expect("a view");
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    panic!("it waits for the clock to catch up");
}
