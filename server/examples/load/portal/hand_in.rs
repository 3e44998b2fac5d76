//! Dossiers handed in as the page does it, beside plain transactions of the same database; and what else is asked of a portal that is used.
//!
//! The page hands in with two requests around the files: it announces what the dossier says (`PUT`, checked and written) and, with all
//! files there, submits it (`POST`: code, first status, officers' inbox with its words, notices, bill, journal, receipt). Here the signed
//! form is there already, as after a line that broke: signing is measured by `rate`, files by `uploads`.

use super::crowd::{Took, Until, crowd, median};
use super::peer::{Peer, said};
use super::{cold, idle, mixed, reads};
use crate::people::{self, Citizen};
use crate::stage::{Place, Stage};
use crate::wire::Wire;
use anyhow::{Context as _, Result, ensure};
use contract::dossier::AttachmentManifest;
use contract::validation::Verdict;
use contract::value::Sha256;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::{Database, StoredAttachment};
use tokio::process::Command;
use uuid::Uuid;

/// How.
#[derive(clap::Args, Debug)]
pub struct Options {
    /// Folder of PostgreSQL's programs; without it the database is SQLite.
    #[arg(long)]
    postgres: Option<PathBuf>,
    /// Dossiers handed in a turn.
    #[arg(long, default_value_t = 1500)]
    dossiers: usize,
    /// People who hand in at the same time, and callers of the database alone; PostgreSQL takes a hundred unless told.
    #[arg(long, default_value_t = 64)]
    at_once: usize,
    /// Turns of each.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Seconds of each turn of the database alone, and of each kind of read.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Connections that are open and silent.
    #[arg(long, default_value_t = 5000)]
    silent: usize,
    /// Starts of the program.
    #[arg(long, default_value_t = 20)]
    starts: usize,
}

/// A procedure that asks for one file, a signed form.
const PROCEDURE: &str = "1.004873";
/// People whose dossiers they are.
const PEOPLE: usize = 200;

/// A dossier that was announced and has its file.
pub struct Ready {
    pub id: Uuid,
    pub owner: Citizen,
    manifest: Value,
}

impl Ready {
    /// Hands it in; its code.
    pub async fn hand_in(&self, wire: &mut Wire, how: How) -> Result<String> {
        wire.become_other(&self.owner.cookie);
        let path = format!("/api/dossiers/{}", self.id);
        if how == How::AnnouncedOnceMore {
            let missing = wire.json("PUT", &path, &self.manifest).await?.json()?;
            ensure!(missing["missing"] == json!([]), "{missing}");
        }
        let path = format!("{path}/submission");
        let receipt = wire.ask("POST", &path, "", &[]).await?.json()?;
        Ok(receipt["code"].as_str().context("no code")?.to_owned())
    }
}

/// With which requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// All that the page sends around the files: what the dossier says, and the submission.
    AnnouncedOnceMore,
    /// The submission alone.
    Submitted,
}

/// Announces so many dossiers and puts their file in its place.
pub async fn ready(stage: &Stage, people: &[Citizen], count: usize) -> Result<Vec<Ready>> {
    let procedure: Value = reqwest::get(stage.at(&format!("/api/procedures/{PROCEDURE}")))
        .await?
        .json()
        .await?;
    let purpose = &procedure["fields"][0];
    ensure!(purpose["key"] == "muc_dich", "{purpose}");
    let mut detail = BTreeMap::new();
    detail.insert("muc_dich", purpose["options"][0].clone());
    let database = Database::open(&stage.database_url).await?;
    let made: Arc<Mutex<Vec<Ready>>> = Arc::default();
    let people = Arc::new(people.to_vec());
    let mut wires = Vec::new();
    for _ in 0..16 {
        wires.push(Wire::open(&stage.portal(), "").await?);
    }
    let (kept, detail) = (made.clone(), json!(detail));
    let began = crowd(
        &mut wires,
        Until::Made(count),
        Arc::new(move |wire, turn| {
            let (people, database) = (people.clone(), database.clone());
            let (made, detail) = (made.clone(), detail.clone());
            Box::pin(async move {
                let owner = people.get(turn % people.len()).context("nobody")?.clone();
                let file = file(turn)?;
                let manifest = manifest(turn, &detail, &file);
                let id = Uuid::new_v4();
                wire.become_other(&owner.cookie);
                let path = format!("/api/dossiers/{id}");
                wire.json("PUT", &path, &manifest).await?.fine()?;
                let arrived = StoredAttachment {
                    id: file.id,
                    sha256: file.sha256,
                    size: file.size,
                    verdict: Verdict::Valid,
                };
                let by = ("", people::now());
                database.add_attachment(id, &arrived, &[], by).await?;
                made.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(Ready {
                        id,
                        owner,
                        manifest,
                    });
                Ok(())
            })
        }),
    )
    .await?;
    eprintln!("announced for the first time: {}", began.figures());
    let all = std::mem::take(&mut *kept.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(all)
}

fn file(turn: usize) -> Result<AttachmentManifest> {
    Ok(serde_json::from_value(json!({
        "id": Uuid::new_v4(), "component": "to-khai", "copy_kind": "original", "count": 1, "file_name": "to-khai_signed.pdf",
        "size": 120_000 + turn, "sha256": Sha256(rand::random()).to_string(), "signings": [Uuid::new_v4()],
    }))?)
}

fn manifest(turn: usize, detail: &Value, file: &AttachmentManifest) -> Value {
    const FAMILY: [&str; 5] = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng"];
    const GIVEN: [&str; 7] = ["Mẫu", "Thử", "An", "Bình", "Chi", "Dung", "Giang"];
    let name = format!(
        "{} Văn {} {turn}",
        FAMILY[turn % FAMILY.len()],
        GIVEN[turn % GIVEN.len()]
    );
    json!({
        "procedure": PROCEDURE,
        "form": {
            "applicant": {
                "name": name, "citizen_id": "062099000011", "id_issued_on": "", "id_issued_by": "", "nationality": "Việt Nam",
                "born_on": "1990-05-09", "sex": "Nam", "phone": "0900000011", "province": "Tỉnh Thử Nghiệm", "district": "",
                "ward": "Xã Ví Dụ", "address": "Số 1 đường Ví Dụ", "fax": "", "email": "", "organisation": "",
                "content": "Xác nhận tình trạng hôn nhân để kết hôn", "note": "",
            },
            "detail": detail,
        },
        "attachments": [file], "payment": "at-counter", "declared": true,
        "fees": { "counts": { "le-phi": 1 } },
    })
}

/// Hands in all of them, so many at the same time. Every code is somebody's own.
pub async fn hand_in(
    wires: &mut Vec<Wire>,
    ready: Vec<Ready>,
    codes: &Arc<Mutex<BTreeSet<String>>>,
    how: How,
) -> Result<Took> {
    let (count, ready, codes) = (ready.len(), Arc::new(ready), codes.clone());
    crowd(
        wires,
        Until::Made(count),
        Arc::new(move |wire, turn| {
            let (ready, codes) = (ready.clone(), codes.clone());
            Box::pin(async move {
                let code = ready.get(turn).context("none")?.hand_in(wire, how).await?;
                let mut codes = codes.lock().unwrap_or_else(PoisonError::into_inner);
                ensure!(codes.insert(code.clone()), "{code} was given twice");
                Ok(())
            })
        }),
    )
    .await
}

/// What turns of one kind came to, each beside one of the database alone.
#[derive(Default)]
struct Turns {
    rates: Vec<f64>,
    beside: Vec<f64>,
    figures: Vec<Value>,
    dossiers: usize,
    server_seconds: f64,
}

impl Turns {
    fn add(&mut self, took: &Took, beside: f64, server_seconds: f64) {
        self.rates.push(took.rate());
        self.beside.push(beside);
        self.figures.push(took.figures());
        self.dossiers += took.requests();
        self.server_seconds += server_seconds;
    }

    fn figures(&self) -> Value {
        let both = self.rates.iter().zip(&self.beside);
        let ratios: Vec<f64> = both.map(|(one, two)| one / two).collect();
        let each = self.server_seconds * 1000.0
            / f64::from(u32::try_from(self.dossiers).unwrap_or(u32::MAX));
        json!({
            "rate": median(self.rates.clone()), "peer": median(self.beside.clone()), "ratio": median(ratios.clone()), "ratios": ratios,
            "turn": self.figures.get(self.figures.len() / 2), "server_ms_each": each,
        })
    }
}

/// Measures.
pub async fn run(place: &Place, options: &Options) -> Result<Value> {
    let mut stage = Stage::new(place).await?;
    let peer = match &options.postgres {
        Some(programs) => Peer::Postgres(programs.clone(), stage.database_url.clone()),
        None => Peer::Sqlite(stage.data.join("peer")),
    };
    peer.prepare().await?;
    let people = people::make(&stage, PEOPLE).await?;
    stage.start_server().await?;
    let codes: Arc<Mutex<BTreeSet<String>>> = Arc::default();
    let mut all = ready(&stage, &people, options.dossiers * (options.rounds * 2 + 2)).await?;
    peer.look_through().await?;
    let (mut whole, mut alone) = (Turns::default(), Turns::default());
    for _ in 0..options.rounds {
        let time = Duration::from_secs(options.seconds);
        for (how, turns) in [
            (How::AnnouncedOnceMore, &mut whole),
            (How::Submitted, &mut alone),
        ] {
            let beside = peer.rate(options.at_once, time).await?;
            let mut wires = Vec::new();
            for _ in 0..options.at_once {
                wires.push(Wire::open(&stage.portal(), "").await?);
            }
            let before = stage.server_seconds()?;
            let batch = all.split_off(all.len().saturating_sub(options.dossiers));
            let took = hand_in(&mut wires, batch, &codes, how).await?;
            turns.add(&took, beside, stage.server_seconds()? - before);
            eprintln!("{how:?}: {} beside {beside:.0}", took.figures());
        }
    }
    peer.look_through().await?;
    let memory = stage.server_memory()?;
    let reads = reads::run(&stage, &people, &codes, options.seconds).await?;
    let mixed = mixed::run(&stage, &people, all, &codes, options.seconds).await?;
    let idle = idle::run(&stage, options.silent).await?;
    let starts = cold::run(&mut stage, options.starts).await?;
    let kept = all_there(&stage, &codes).await?;
    Ok(json!({
        "dossiers": options.dossiers, "at_once": options.at_once, "whole": whole.figures(), "alone": alone.figures(),
        "megabytes": memory / 1_000_000, "reads": reads, "mixed": mixed, "idle": idle, "starts": starts, "kept": kept,
    }))
}

/// After the last `kill -9`: every code that was told is in the database, and the journal's chain holds.
async fn all_there(stage: &Stage, codes: &Mutex<BTreeSet<String>>) -> Result<Value> {
    let told = said(Command::new(&stage.program).args([
        "audit",
        "verify",
        "--database-url",
        &stage.database_url,
    ]))
    .await?;
    let database = Database::open(&stage.database_url).await?;
    let codes = codes.lock().unwrap_or_else(PoisonError::into_inner).clone();
    for code in &codes {
        let wanted = code.parse().ok().context("a code")?;
        database.dossier_by_code(&wanted).await.context("lost")?;
    }
    let chain = told.lines().next().unwrap_or_default();
    Ok(json!({ "codes": codes.len(), "journal": chain }))
}
