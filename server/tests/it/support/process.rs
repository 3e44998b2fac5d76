//! Portals in processes of their own, which can be killed without warning and started again: one on SQLite, or several on one PostgreSQL
//! and one bucket.

use super::s3::{self, S3};
use super::{Batch, MAU, Person, Stage, ledger, prepare_many};
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

/// A stage whose portal is a process.
pub struct Process {
    pub stage: Stage,
    pub child: Child,
    bucket: Option<S3>,
}

/// What a process is started with beyond the stage's settings.
#[derive(Debug, Clone, Default)]
pub struct Start {
    /// Database, when not SQLite in a folder.
    pub database_url: Option<String>,
    /// Environment.
    pub variables: Vec<(String, String)>,
}

impl Process {
    pub async fn start() -> Self {
        Self::with(None).await
    }

    /// The same with its files in a bucket.
    pub async fn with(bucket: Option<S3>) -> Self {
        let mut stage = Stage::new().await;
        settings(&stage, bucket.as_ref(), SETTINGS);
        let (child, address) = spawn(&stage, &Start::default()).await;
        stage.address = address;
        Self {
            stage,
            child,
            bucket,
        }
    }

    /// Where its files lie as files.
    pub fn objects(&self) -> std::path::PathBuf {
        match &self.bucket {
            Some(bucket) => bucket.objects().join("tinh"),
            None => self.stage.data.path().join("process/files"),
        }
    }

    pub fn database(&self) -> String {
        let file = self.stage.data.path().join("process/portal.sqlite");
        format!("sqlite:{}", file.display())
    }

    pub async fn kill(&mut self) {
        self.child.kill().await.expect("killed");
    }

    pub async fn again(&mut self) {
        self.again_as(&Start::default()).await;
    }

    pub async fn again_as(&mut self, start: &Start) {
        let (child, address) = spawn(&self.stage, start).await;
        self.child = child;
        self.stage.address = address;
    }

    pub async fn begin(&self, citizen: &Person) -> Batch {
        let files = [Uuid::new_v4(), Uuid::new_v4()];
        let batch = prepare_many(&self.stage, citizen, MAU, &files).await;
        let (status, answer) = citizen
            .post(self.stage.at("/api/signings"), &batch.body())
            .await;
        assert_eq!(status, 200, "{answer}");
        batch
    }

    pub async fn arrived(&self, id: Uuid) {
        for _ in 0..100 {
            if !self.stage.at_provider(id).await.is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the request never arrived");
    }
}

/// Writes the settings file that [`spawn`] starts with.
pub fn settings(stage: &Stage, bucket: Option<&S3>, text: &str) {
    let procedures = ledger::procedures(stage.data.path()).expect("written");
    let mut settings = format!("procedures = '{}'\n{text}", procedures.display());
    if let Some(bucket) = bucket {
        let at = format!("s3://{}/tinh", s3::BUCKET);
        settings += &format!("[files]\nat = '{at}'\nendpoint = '{}'\n", bucket.endpoint());
    }
    std::fs::write(stage.data.path().join("settings.toml"), settings).expect("written");
}

/// An address where nobody listens.
pub fn free() -> SocketAddr {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("socket");
    free.local_addr().expect("address")
}

/// Starts a server for a stage and waits until it answers.
pub async fn spawn(stage: &Stage, start: &Start) -> (Child, SocketAddr) {
    let address = free();
    (spawn_at(stage, start, address).await, address)
}

/// The same at an address.
pub async fn spawn_at(stage: &Stage, start: &Start, address: SocketAddr) -> Child {
    let folder = stage.data.path();
    let mut command = Command::new(env!("CARGO_BIN_EXE_server"));
    command
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
        .envs(start.variables.iter().cloned())
        .stdout(std::process::Stdio::null())
        .kill_on_drop(true);
    if let Some(url) = &start.database_url {
        command.env("PORTAL_DATABASE_URL", url);
    }
    let child = command.spawn().expect("a process");
    for _ in 0..600 {
        let health = format!("http://{address}/api/health");
        if stage.http.get(health).send().await.is_ok() {
            return child;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the process does not serve");
}
