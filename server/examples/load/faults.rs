//! People hand dossiers in while servers are killed without warning (`kill -9`), at random moments, and started again on the same data: one
//! on SQLite, or several on one PostgreSQL and one bucket. At the end what people were told is laid beside what is there.

use crate::ledger::{self, Hand, Ledger};
use crate::number::percentile;
use crate::people;
use crate::s3::{self, S3};
use crate::stage::{Place, Stage, answers};
use anyhow::{Context as _, Result, ensure};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::json;
use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};
use tokio::task::JoinSet;

/// How.
#[derive(clap::Args, Debug)]
pub struct Options {
    /// Deaths.
    #[arg(long, default_value_t = 1000)]
    kills: usize,
    /// Servers at the same time; with more than one their files lie in a bucket, and the database has to be PostgreSQL.
    #[arg(long, default_value_t = 1)]
    instances: usize,
    /// People who hand in, one dossier after the other; each must stay below what a list shows.
    #[arg(long, default_value_t = 16)]
    people: usize,
    /// The same number makes the same pauses; how they meet is left to the machine.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Longest life of a server between two deaths, in milliseconds: a dossier takes about as long.
const LIFE_MS: u64 = 250;

/// Servers on the same data.
struct House {
    program: PathBuf,
    data: PathBuf,
    sandbox: String,
    database_url: String,
    running: Vec<(Child, SocketAddr)>,
    bucket: Option<S3>,
}

impl House {
    fn settings(&self) -> Result<PathBuf> {
        let procedures = ledger::procedures(&self.data)?;
        let mut text = format!("procedures = '{}'\n", procedures.display());
        text += "[pace]\nrequests_per_address = 10000000\nrequests_per_person = 10000000\n";
        if let Some(bucket) = &self.bucket {
            let at = format!("s3://{}/tinh", s3::BUCKET);
            text += &format!("[files]\nat = '{at}'\nendpoint = '{}'\n", bucket.endpoint());
        }
        let file = self.data.join("faults.toml");
        std::fs::write(&file, text)?;
        Ok(file)
    }

    /// Starts one at an address and waits until it answers.
    async fn start(&self, address: SocketAddr) -> Result<Child> {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.data.join("server.log"))?;
        let child = Command::new(&self.program)
            .args(["serve", "--demo", "--listen", &address.to_string()])
            .args(["--sandbox-url", &self.sandbox])
            .arg("--sandbox-root")
            .arg(self.data.join("sandbox/root.pem"))
            .arg("--data")
            .arg(self.data.join("server"))
            .arg("--site")
            .arg(&self.data)
            .arg("--config")
            .arg(self.data.join("faults.toml"))
            .env("PORTAL_DATABASE_URL", &self.database_url)
            .env("AWS_ACCESS_KEY_ID", s3::KEY_ID)
            .env("AWS_SECRET_ACCESS_KEY", s3::KEY)
            .env("RUST_LOG", "warn")
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .context("the server does not start")?;
        answers(&format!("http://{address}/api/health"), 60).await?;
        Ok(child)
    }

    /// One dies and is started again; how long that took.
    async fn kill(&mut self, which: usize) -> Result<Duration> {
        let (child, address) = self.running.get_mut(which).context("no server")?;
        let address = *address;
        child.kill().await?;
        let since = Instant::now();
        let child = self.start(address).await?;
        let took = since.elapsed();
        if let Some(place) = self.running.get_mut(which) {
            place.0 = child;
        }
        Ok(took)
    }
}

/// Runs it; the last line of the output are its figures.
pub async fn run(place: &Place, options: &Options) -> Result<()> {
    let began = Instant::now();
    let stage = Stage::new(place).await?;
    let people = people::make(&stage, options.people).await?;
    ensure!(
        options.instances == 1 || !stage.database_url.starts_with("sqlite:"),
        "several instances need PostgreSQL"
    );
    let bucket = if options.instances > 1 {
        Some(S3::start(&stage.data.join("bucket")).await)
    } else {
        None
    };
    let mut house = House {
        program: stage.program.clone(),
        data: stage.data.clone(),
        sandbox: stage.sandbox.clone(),
        database_url: stage.database_url.clone(),
        running: Vec::new(),
        bucket,
    };
    house.settings()?;
    for _ in 0..options.instances {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let child = house.start(address).await?;
        house.running.push((child, address));
    }
    let portals: Vec<String> = house
        .running
        .iter()
        .map(|(_, address)| format!("http://{address}"))
        .collect();
    let over = Arc::new(AtomicBool::new(false));
    let mut working = JoinSet::new();
    let mut books = Vec::new();
    for (number, citizen) in people.iter().enumerate() {
        let hand = Hand {
            http: reqwest::Client::new(),
            portals: portals.clone(),
            cookie: citizen.cookie.clone(),
        };
        let ledger = Arc::new(Ledger::default());
        let procedure = hand.procedure(&ledger).await?;
        if number == 0 {
            let (hand, ledger, over) = (hand.clone(), ledger.clone(), over.clone());
            working.spawn(async move { hand.watch(&ledger, &over).await });
        }
        books.push((hand.clone(), ledger.clone()));
        let over = over.clone();
        working.spawn(async move { hand.work(&ledger, &procedure, &over).await });
    }
    let mut random = StdRng::seed_from_u64(options.seed);
    let mut starts = Vec::new();
    while starts.len() < options.kills {
        let life = random.random_range(1..LIFE_MS);
        tokio::time::sleep(Duration::from_millis(life)).await;
        let which = random.random_range(0..options.instances.max(1));
        starts.push(house.kill(which).await?);
        if let Some(done) = working.try_join_next() {
            done??;
        }
        if starts.len() % 100 == 0 {
            let dossiers: usize = books.iter().map(|(_, book)| book.sum().dossiers).sum();
            eprintln!("{} deaths, {dossiers} dossiers", starts.len());
        }
    }
    over.store(true, Ordering::Relaxed);
    while let Some(done) = working.join_next().await {
        done??;
    }
    let (mut dossiers, mut later, mut looks) = (0, 0, 0);
    let mut cut: BTreeMap<&str, usize> = BTreeMap::new();
    for (hand, book) in &books {
        let sum = book.sum();
        hand.agree(book).await?;
        dossiers += sum.dossiers;
        later += sum.later;
        looks += sum.looks;
        for (what, times) in sum.cut {
            *cut.entry(what).or_default() += times;
        }
    }
    let database = store::Database::open(&stage.database_url).await?;
    let chain = database.verify_audit(None).await?;
    ensure!(chain.broken.is_none(), "the journal: {chain:?}");
    starts.sort_unstable();
    let figures = json!({
        "kills": options.kills,
        "instances": options.instances,
        "people": options.people,
        "seconds": began.elapsed().as_secs(),
        "dossiers": dossiers,
        "cut": cut,
        "later": later,
        "looks": looks,
        "records": chain.records,
        "start_ms": percentile(&starts, 50).as_millis(),
        "start_p99_ms": percentile(&starts, 99).as_millis(),
    });
    println!("{figures}");
    Ok(())
}
