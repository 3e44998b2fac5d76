//! Files that arrive in pieces, as the page sends them, beside `dd` to the same disk with its `fsync`.

use super::crowd::{median, milliseconds};
use super::peer::said;
use crate::people;
use crate::stage::{Place, Stage};
use crate::wire::Wire;
use anyhow::{Result, ensure};
use contract::upload::{OFFSET_HEADER, PIECE_BYTES_MAX};
use contract::value::Sha256;
use serde_json::{Value, json};
use sha2::Digest as _;
use std::time::Instant;
use tokio::process::Command;

/// How.
#[derive(clap::Args, Debug)]
pub struct Options {
    /// Length of a file, in MiB.
    #[arg(long, default_value_t = 40)]
    size: usize,
    /// Turns of each.
    #[arg(long, default_value_t = 7)]
    rounds: usize,
}

/// Measures.
pub async fn run(place: &Place, options: &Options) -> Result<Value> {
    let mut stage = Stage::new(place).await?;
    let people = people::make(&stage, 1).await?;
    stage.start_server().await?;
    let cookie = people.first().map_or("", |person| &person.cookie);
    let mut wire = Wire::open(&stage.portal(), cookie).await?;
    let mut bytes = vec![0_u8; options.size * 1024 * 1024];
    rand::fill(&mut bytes[..]);
    let (from, to) = (stage.data.join("from"), stage.data.join("to"));
    let (mut ours, mut peers, mut pieces) = (Vec::new(), Vec::new(), Vec::new());
    let before = stage.server_seconds()?;
    for turn in 0..options.rounds {
        if let Some(first) = bytes.first_mut() {
            *first = u8::try_from(turn % 256)?;
        }
        std::fs::write(&from, &bytes)?;
        // What was written for the measure itself is not waited for within it.
        said(&mut Command::new("sync")).await?;
        ours.push(rate(&bytes, send(&mut wire, &bytes, &mut pieces).await?));
        let since = Instant::now();
        let mut copy = Command::new("dd");
        copy.arg(format!("if={}", from.display()))
            .arg(format!("of={}", to.display()))
            .args(["bs=4M", "conv=fsync", "status=none"]);
        said(&mut copy).await?;
        peers.push(rate(&bytes, since.elapsed().as_secs_f64()));
        std::fs::remove_file(&to)?;
    }
    let used = stage.server_seconds()? - before;
    let ratios: Vec<f64> = ours
        .iter()
        .zip(&peers)
        .map(|(one, two)| one / two)
        .collect();
    let megabytes = f64::from(u32::try_from(options.size * options.rounds)?);
    Ok(json!({
        "mebibytes": options.size, "rounds": options.rounds, "rate": median(ours), "dd": median(peers), "ratio": median(ratios.clone()),
        "ratios": ratios, "piece_ms": median(pieces), "server_ms_a_megabyte": used * 1000.0 / megabytes,
        "megabytes": stage.server_memory()? / 1_000_000,
    }))
}

/// MB a second.
fn rate(bytes: &[u8], seconds: f64) -> f64 {
    f64::from(u32::try_from(bytes.len()).unwrap_or(u32::MAX)) / 1e6 / seconds
}

/// Sends a file and gives it up again; the seconds until it was whole. Notes how long each piece took.
async fn send(wire: &mut Wire, bytes: &[u8], pieces: &mut Vec<f64>) -> Result<f64> {
    let digest = Sha256(sha2::Sha256::digest(bytes).into());
    let path = format!("/api/uploads/{digest}");
    let since = Instant::now();
    let begun = json!({ "size": bytes.len() });
    let mut state = wire.json("PUT", &path, &begun).await?.json()?;
    for (number, piece) in bytes.chunks(usize::try_from(PIECE_BYTES_MAX)?).enumerate() {
        let at = u64::try_from(number)? * PIECE_BYTES_MAX;
        let began = Instant::now();
        let more = format!("{OFFSET_HEADER}: {at}\r\n");
        state = wire.ask("PATCH", &path, &more, piece).await?.json()?;
        pieces.push(milliseconds(began.elapsed()));
    }
    ensure!(state["whole"] == true, "{state}");
    let took = since.elapsed().as_secs_f64();
    wire.ask("DELETE", &path, "", &[]).await?.fine()?;
    Ok(took)
}
