//! Three instances in processes of their own on one PostgreSQL and one bucket, killed without warning and replaced while people work:
//! nothing that was acknowledged is lost or doubled, nothing half-written is shown, and each hears what the others did.

use crate::support::ledger::{Hand, Ledger};
use crate::support::process::{self, Start};
use crate::support::s3::S3;
use crate::support::{MAU, Person, Stage, prepare, until};
use contract::signing::{SigningState, SigningView};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use store::testing::Postgres;
use tokio::process::Child;

/// Quick, but for what others' changes are found by when nobody rings.
const SETTINGS: &str = "[pace]
tick = 0.05
looks = [0.2]
hub = 20
session = 20
shutdown = 3
requests_per_address = 100000
requests_per_person = 100000
starts_per_minute = 1000
";

struct Three {
    stage: Stage,
    postgres: Postgres,
    _folder: tempfile::TempDir,
    _bucket: S3,
    running: Vec<(Child, SocketAddr)>,
}

impl Three {
    /// None without a PostgreSQL.
    async fn start() -> Option<Self> {
        let postgres = Postgres::fresh().await?;
        let folder = tempfile::tempdir().expect("folder");
        let bucket = S3::start(folder.path()).await;
        let stage = Stage::new().await;
        process::settings(&stage, Some(&bucket), SETTINGS);
        let mut three = Self {
            stage,
            postgres,
            _folder: folder,
            _bucket: bucket,
            running: Vec::new(),
        };
        let start = three.how();
        // All at once, as a province starts them: one of them makes the schema.
        let all = tokio::join!(
            process::spawn(&three.stage, &start),
            process::spawn(&three.stage, &start),
            process::spawn(&three.stage, &start)
        );
        three.running = vec![all.0, all.1, all.2];
        three.stage.address = three.running[0].1;
        Some(three)
    }

    fn how(&self) -> Start {
        Start {
            database_url: Some(self.postgres.url.clone()),
            ..Start::default()
        }
    }

    fn portals(&self) -> Vec<String> {
        let portals = self.running.iter();
        portals
            .map(|(_, address)| format!("http://{address}"))
            .collect()
    }

    /// One dies, and starts again at its address.
    async fn kill(&mut self, which: usize) {
        let start = self.how();
        let (child, address) = &mut self.running[which];
        child.kill().await.expect("killed");
        *child = process::spawn_at(&self.stage, &start, *address).await;
    }

    /// One is asked to end, as a release is rolled out, and another one comes.
    async fn replace(&mut self, which: usize) {
        let start = self.how();
        let (child, address) = &mut self.running[which];
        let id = child.id().expect("it runs").to_string();
        let asked = tokio::process::Command::new("kill")
            .args(["-TERM", &id])
            .status();
        assert!(asked.await.expect("asked").success());
        let ended = tokio::time::timeout(Duration::from_secs(20), child.wait()).await;
        assert!(ended.expect("it ends by itself").expect("status").success());
        *child = process::spawn_at(&self.stage, &start, *address).await;
    }

    async fn end(mut self) {
        for (child, _) in &mut self.running {
            child.kill().await.expect("killed");
        }
        self.postgres.drop().await;
    }
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_while_instances_die_and_are_replaced() {
    let Some(mut three) = Three::start().await else {
        return;
    };
    let person = three.stage.sign_in(MAU).await;
    let hand = |portals| Hand {
        http: three.stage.http.clone(),
        portals,
        cookie: person.cookie(),
    };
    let hand = hand(three.portals());
    let ledger = std::sync::Arc::new(Ledger::default());
    let over = std::sync::Arc::new(AtomicBool::new(false));
    let procedure = hand.procedure(&ledger).await.expect("a procedure");
    let mut people = tokio::task::JoinSet::new();
    for number in 0..4 {
        let (hand, ledger, over) = (hand.clone(), ledger.clone(), over.clone());
        let procedure = procedure.clone();
        people.spawn(async move {
            if number == 0 {
                hand.watch(&ledger, &over).await
            } else {
                hand.work(&ledger, &procedure, &over).await
            }
        });
    }
    for round in 0..9_u64 {
        tokio::time::sleep(Duration::from_millis(150 + 97 * (round % 4))).await;
        let which = usize::try_from(round % 3).expect("small");
        if round % 3 == 2 {
            three.replace(which).await;
        } else {
            three.kill(which).await;
        }
    }
    over.store(true, Ordering::Relaxed);
    while let Some(done) = people.join_next().await {
        done.expect("it runs").expect("all of them get through");
    }
    let sum = ledger.sum();
    eprintln!("{sum:?}");
    assert!(sum.dossiers > 2, "{sum:?}");
    hand.agree(&ledger).await.expect("all of it is there");
    let database = store::Database::open(&three.postgres.url)
        .await
        .expect("database");
    let chain = database.verify_audit(None).await.expect("read");
    assert!(chain.broken.is_none() && chain.records > 0, "{chain:?}");
    drop(database);
    three.end().await;
}

/// What a stream of one instance says until a signing is in a state.
async fn told(mut stream: reqwest::Response, wanted: SigningState) -> SigningView {
    let mut text = String::new();
    while let Some(bytes) = stream.chunk().await.expect("a stream") {
        text += &String::from_utf8_lossy(&bytes);
        let found = text.lines().filter_map(|line| line.strip_prefix("data:"));
        let views = found.filter_map(|data| serde_json::from_str::<SigningView>(data.trim()).ok());
        if let Some(view) = views.into_iter().find(|view| view.state == wanted) {
            return view;
        }
    }
    panic!("the stream ended");
}

#[tokio::test]
async fn a_browser_at_one_instance_hears_at_once_what_another_did() {
    let Some(three) = Three::start().await else {
        return;
    };
    let person: Person = three.stage.sign_in(MAU).await;
    let attempt = prepare(&three.stage, &person, MAU, uuid::Uuid::new_v4()).await;
    let body = serde_json::to_value(&attempt.start).expect("json");
    let (status, view) = person.post(three.stage.at("/api/signings"), &body).await;
    assert_eq!(status, 200, "{view}");
    let id = attempt.start.id;
    until(&three.stage, &person, id, SigningState::Waiting).await;
    // A stream at each of the others; nobody looks for changes by himself for twenty seconds.
    let since = Instant::now();
    let mut listening = Vec::new();
    for (_, address) in &three.running[1..] {
        let stream = three
            .stage
            .http
            .get(format!("http://{address}/api/signings/events"))
            .header("cookie", person.cookie())
            .send();
        listening.push(stream.await.expect("open"));
    }
    let (status, cancelled) = person
        .post(
            three.stage.at(&format!("/api/signings/{id}/cancellation")),
            &serde_json::Value::Null,
        )
        .await;
    assert!(status < 300, "{cancelled}");
    for stream in listening {
        let told = told(stream, SigningState::Cancelled);
        let view = tokio::time::timeout(Duration::from_secs(10), told).await;
        assert_eq!(view.expect("in time").id, id);
    }
    assert!(
        since.elapsed() < Duration::from_secs(15),
        "that was not the bell"
    );
    // Signing out at one ends the streams at the others.
    let stream = three
        .stage
        .http
        .get(format!("http://{}/api/signings/events", three.running[2].1))
        .header("cookie", person.cookie())
        .send();
    let mut stream = stream.await.expect("open");
    let out = person.delete(three.stage.at("/api/session")).await;
    assert!(out.0 < 300, "{out:?}");
    let ended = async { while let Ok(Some(_)) = stream.chunk().await {} };
    tokio::time::timeout(Duration::from_secs(10), ended)
        .await
        .expect("the stream of a session that is over ends");
    three.end().await;
}
