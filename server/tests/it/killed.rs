//! A server that is killed without warning (SIGKILL to a real process), at the worst moments: no signature is lost or asked for twice.

use crate::support::s3::{self, S3};
use crate::support::{Batch, MAU, Person, Stage, digest, prepare_many, until};
use contract::signing::{SigningFailure, SigningState};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::process::{Child, Command};
use uuid::Uuid;

/// The pace of the process: a request counts as lost after two seconds.
const SETTINGS: &str = "[pace]
tick = 0.02
looks = [0.1]
looks_beside_callbacks = [0.1]
look = 1.5
lease = 1.8
send = 1.9
lost = 2
unknown = 0.4
grace = 0.3
hub = 0.1
shutdown = 5
";

/// A portal in a process of its own.
struct Process {
    stage: Stage,
    child: Child,
    bucket: Option<S3>,
}

impl Process {
    async fn start() -> Self {
        Self::with(None).await
    }

    /// The same with its files in a bucket.
    async fn with(bucket: Option<S3>) -> Self {
        let mut stage = Stage::new().await;
        let mut settings = SETTINGS.to_owned();
        if let Some(bucket) = &bucket {
            let at = format!("s3://{}/tinh", s3::BUCKET);
            settings += &format!("[files]\nat = '{at}'\nendpoint = '{}'\n", bucket.endpoint());
        }
        std::fs::write(stage.data.path().join("settings.toml"), settings).expect("written");
        let (child, address) = Self::spawn(&stage).await;
        stage.address = address;
        Self {
            stage,
            child,
            bucket,
        }
    }

    /// Where its files lie as files.
    fn objects(&self) -> std::path::PathBuf {
        match &self.bucket {
            Some(bucket) => bucket.objects().join("tinh"),
            None => self.stage.data.path().join("process/files"),
        }
    }

    fn database(&self) -> String {
        let file = self.stage.data.path().join("process/portal.sqlite");
        format!("sqlite:{}", file.display())
    }

    async fn spawn(stage: &Stage) -> (Child, SocketAddr) {
        let folder = stage.data.path();
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("socket");
        let address = free.local_addr().expect("address");
        drop(free);
        let child = Command::new(env!("CARGO_BIN_EXE_server"))
            .arg("serve")
            .arg("--demo")
            .arg("--config")
            .arg(folder.join("settings.toml"))
            .arg("--listen")
            .arg(address.to_string())
            .arg("--data")
            .arg(folder.join("process"))
            .arg("--site")
            .arg(folder.join("site"))
            .arg("--sandbox-url")
            .arg(format!("http://{}", stage.sandbox.address))
            .arg("--sandbox-root")
            .arg(folder.join("sandbox/root.pem"))
            .env("AWS_ACCESS_KEY_ID", s3::KEY_ID)
            .env("AWS_SECRET_ACCESS_KEY", s3::KEY)
            .stdout(std::process::Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("a process");
        for _ in 0..300 {
            let health = format!("http://{address}/api/health");
            if stage.http.get(health).send().await.is_ok() {
                return (child, address);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the process does not serve");
    }

    async fn kill(&mut self) {
        self.child.kill().await.expect("killed");
    }

    async fn again(&mut self) {
        let (child, address) = Self::spawn(&self.stage).await;
        self.child = child;
        self.stage.address = address;
    }

    async fn begin(&self, citizen: &Person) -> Batch {
        let files = [Uuid::new_v4(), Uuid::new_v4()];
        let batch = prepare_many(&self.stage, citizen, MAU, &files).await;
        let (status, answer) = citizen
            .post(self.stage.at("/api/signings"), &batch.body())
            .await;
        assert_eq!(status, 200, "{answer}");
        batch
    }

    async fn arrived(&self, id: Uuid) {
        for _ in 0..100 {
            if !self.stage.at_provider(id).await.is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the request never arrived");
    }
}

#[tokio::test]
async fn killed_while_it_sent_while_it_waited_and_when_the_values_were_stored() {
    let mut portal = Process::start().await;
    let citizen = portal.stage.sign_in(MAU).await;

    // In the middle of the call: the request arrived, its answer reaches nobody.
    let lost = json!({ "fault": "lost-answer", "call": "sign", "times": 1 });
    portal.stage.fault(lost).await;
    let batch = portal.begin(&citizen).await;
    let id = batch.start.id;
    portal.arrived(id).await;
    portal.kill().await;
    portal.again().await;
    until(&portal.stage, &citizen, id, SigningState::Waiting).await;

    // While it waits: the person decides while nobody is there.
    portal.kill().await;
    portal.stage.phone(MAU, "confirm").await;
    portal.again().await;
    let view = until(&portal.stage, &citizen, id, SigningState::Confirmed).await;

    // When the values were stored: they are there again, and the files are finished.
    portal.kill().await;
    portal.again().await;
    let after = until(&portal.stage, &citizen, id, SigningState::Confirmed).await;
    assert_eq!(after.items, view.items);
    let signed: Vec<_> = (0..2)
        .map(|position| digest(&batch.signed(position, &after).expect("a value")))
        .collect();
    let completion = portal.stage.at(&format!("/api/signings/{id}/completion"));
    let (status, done) = citizen.post(completion, &json!({ "signed": signed })).await;
    assert_eq!((status, &done["state"]), (200, &json!("done")));
    let known = portal.stage.at_provider(id).await;
    assert_eq!(known.len(), 1, "one request");
    assert_eq!(known[0]["signed"], 1, "one signing: {known:?}");
    // The same request once more, by a tab that knows nothing: the answer is how it stands.
    let (status, same) = citizen
        .post(portal.stage.at("/api/signings"), &batch.body())
        .await;
    assert_eq!((status, &same["state"]), (200, &json!("done")));

    // Before anything was sent: nothing can come, and the person is told.
    let never = json!({ "fault": "never-answers", "call": "sign", "times": 1 });
    portal.stage.fault(never).await;
    let batch = portal.begin(&citizen).await;
    portal.kill().await;
    portal.again().await;
    let view = until(
        &portal.stage,
        &citizen,
        batch.start.id,
        SigningState::Failed,
    )
    .await;
    assert_eq!(view.failure, Some(SigningFailure::ProviderDown));
    assert!(portal.stage.at_provider(batch.start.id).await.is_empty());
    assert_eq!(
        crate::support::history(&portal.database(), id).await,
        ["requested", "sent", "confirmed", "completed"]
    );
}

#[tokio::test]
async fn a_server_that_is_asked_to_end_hears_the_answer_to_what_it_sent() {
    let mut portal = Process::start().await;
    let citizen = portal.stage.sign_in(MAU).await;
    let slow = json!({ "fault": "slow", "call": "sign", "times": 1, "ms": 1000 });
    portal.stage.fault(slow).await;
    let batch = portal.begin(&citizen).await;
    // A browser listens; that must not keep the server from ending.
    let events = portal.stage.at("/api/signings/events");
    let listening = portal
        .stage
        .http
        .get(events)
        .header("cookie", citizen.cookie())
        .send()
        .await
        .expect("open");
    let process = portal.child.id().expect("it runs").to_string();
    let asked = Command::new("kill").arg("-TERM").arg(&process).status();
    assert!(asked.await.expect("asked").success());
    let ended = tokio::time::timeout(Duration::from_secs(10), portal.child.wait()).await;
    assert!(ended.expect("it ends by itself").expect("status").success());
    drop(listening);
    assert_eq!(
        crate::support::history(&portal.database(), batch.start.id).await,
        ["requested", "sent"],
        "it waited for the answer"
    );
    portal.again().await;
    portal.stage.phone(MAU, "confirm").await;
    until(
        &portal.stage,
        &citizen,
        batch.start.id,
        SigningState::Confirmed,
    )
    .await;
    let nothing = portal.stage.at("/api/signings");
    assert_ne!(citizen.get(nothing).await.1, Value::Null);
}

#[tokio::test]
async fn an_upload_goes_on_where_it_was_when_the_server_died() {
    goes_on(Process::start().await).await;
}

#[tokio::test]
async fn an_upload_into_a_bucket_goes_on_where_it_was_when_the_server_died() {
    let folder = tempfile::tempdir().expect("folder");
    let bucket = S3::start(folder.path()).await;
    goes_on(Process::with(Some(bucket)).await).await;
}

async fn goes_on(mut portal: Process) {
    let citizen = portal.stage.sign_in(MAU).await;
    let file: Vec<u8> = (0..900_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    let name = crate::support::digest(&file);
    let size = json!({ "size": file.len() });
    let begin = |stage: &Stage| stage.at(&format!("/api/uploads/{name}"));
    citizen.put(begin(&portal.stage), &size).await;
    // Killed again and again while pieces are on their way.
    let mut kills = 0;
    let mut state = json!({ "received": 0 });
    while state["whole"] != true {
        let at = usize::try_from(state["received"].as_u64().expect("a number")).expect("small");
        let end = file.len().min(at + 256 * 1024);
        let request = portal
            .stage
            .http
            .patch(begin(&portal.stage))
            .header("upload-offset", at)
            .header("cookie", citizen.cookie())
            .body(file[at..end].to_vec());
        let sent = tokio::spawn(request.send());
        if kills < 3 {
            kills += 1;
            // Before, in, or after it was written down: nobody knows.
            tokio::time::sleep(Duration::from_millis(3 * kills)).await;
            portal.kill().await;
            let _ = sent.await;
            portal.again().await;
        } else {
            sent.await.expect("it runs").expect("an answer");
        }
        let (status, answer) = citizen.put(begin(&portal.stage), &size).await;
        assert_eq!(status, 200, "{answer}");
        assert!(answer["received"].as_u64() >= state["received"].as_u64());
        state = answer;
    }
    let whole = portal.objects().join("upload");
    let account = std::fs::read_dir(whole).expect("a folder").next();
    let folder = account
        .expect("one")
        .expect("one")
        .path()
        .join(name.to_string());
    assert_eq!(std::fs::read(folder.join("whole")).expect("there"), file);
}
