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
    /// People who hand in at the same time, and callers of the database alone.
    #[arg(long, default_value_t = 32)]
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
    /// Hands it in; its code, and how long each of the two requests took.
    pub async fn hand_in(&self, wire: &mut Wire) -> Result<String> {
        wire.become_other(&self.owner.cookie);
        let path = format!("/api/dossiers/{}", self.id);
        let missing = wire.json("PUT", &path, &self.manifest).await?.json()?;
        ensure!(missing["missing"] == json!([]), "{missing}");
        let path = format!("{path}/submission");
        let receipt = wire.ask("POST", &path, "", &[]).await?.json()?;
        Ok(receipt["code"].as_str().context("no code")?.to_owned())
    }
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
) -> Result<Took> {
    let (count, ready, codes) = (ready.len(), Arc::new(ready), codes.clone());
    crowd(
        wires,
        Until::Made(count),
        Arc::new(move |wire, turn| {
            let (ready, codes) = (ready.clone(), codes.clone());
            Box::pin(async move {
                let code = ready.get(turn).context("none")?.hand_in(wire).await?;
                let mut codes = codes.lock().unwrap_or_else(PoisonError::into_inner);
                ensure!(codes.insert(code.clone()), "{code} was given twice");
                Ok(())
            })
        }),
    )
    .await
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
    let mut all = ready(&stage, &people, options.dossiers * (options.rounds + 1)).await?;
    let (mut ours, mut peers, mut turns, mut cores) = (Vec::new(), Vec::new(), Vec::new(), 0.0);
    for _ in 0..options.rounds {
        let time = Duration::from_secs(options.seconds);
        peers.push(peer.rate(options.at_once, time).await?);
        let mut wires = Vec::new();
        for _ in 0..options.at_once {
            wires.push(Wire::open(&stage.portal(), "").await?);
        }
        let before = stage.server_seconds()?;
        let batch = all.split_off(all.len().saturating_sub(options.dossiers));
        let took = hand_in(&mut wires, batch, &codes).await?;
        cores += stage.server_seconds()? - before;
        eprintln!("handed in: {} beside {:?}", took.figures(), peers.last());
        ours.push(took.rate());
        turns.push(took.figures());
    }
    let ratios: Vec<f64> = ours
        .iter()
        .zip(&peers)
        .map(|(one, two)| one / two)
        .collect();
    let handed = f64::from(u32::try_from(options.dossiers * options.rounds)?);
    let memory = stage.server_memory()?;
    let reads = reads::run(&stage, &people, &codes, options.seconds).await?;
    let mixed = mixed::run(&stage, &people, all, &codes, options.seconds).await?;
    let idle = idle::run(&stage, options.silent).await?;
    let starts = cold::run(&mut stage, options.starts).await?;
    let kept = all_there(&stage, &codes).await?;
    let middle = turns.get(options.rounds / 2).cloned().unwrap_or_default();
    Ok(json!({
        "dossiers": options.dossiers, "at_once": options.at_once, "rate": median(ours), "peer": median(peers),
        "ratio": median(ratios.clone()), "ratios": ratios, "turn": middle, "server_ms_each": cores * 1000.0 / handed,
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
