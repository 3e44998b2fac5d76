//! People who look and people who hand in at seven tenths of what the portal bears: how long they wait, counted from when they wanted to
//! ask, whether or not a connection was free.

use super::crowd::{Until, crowd, milliseconds};
use super::hand_in::{How, Ready};
use crate::number::percentile;
use crate::people::Citizen;
use crate::stage::Stage;
use crate::wire::Wire;
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// One in so many hands in, the others look at their list or at a dossier.
const HANDS_IN: usize = 10;
const AT_ONCE: usize = 32;
const SHARE: f64 = 0.7;

/// What somebody does.
struct Life {
    people: Vec<Citizen>,
    ready: Mutex<Vec<Ready>>,
    codes: Arc<Mutex<BTreeSet<String>>>,
    handed: AtomicUsize,
}

impl Life {
    /// Whether this turn handed in.
    async fn step(&self, wire: &mut Wire, turn: usize) -> Result<bool> {
        if turn.is_multiple_of(HANDS_IN) {
            let next = self
                .ready
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .pop();
            if let Some(ready) = next {
                let code = ready.hand_in(wire, How::AnnouncedOnceMore).await?;
                let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
                ensure!(codes.insert(code.clone()), "{code} was given twice");
                self.handed.fetch_add(1, Ordering::Relaxed);
                return Ok(true);
            }
        }
        let person = self.people.get(turn % self.people.len());
        wire.become_other(&person.context("nobody")?.cookie);
        wire.get("/api/dossiers").await?.fine()?;
        Ok(false)
    }
}

/// Measures.
pub async fn run(
    stage: &Stage,
    people: &[Citizen],
    ready: Vec<Ready>,
    codes: &Arc<Mutex<BTreeSet<String>>>,
    seconds: u64,
) -> Result<Value> {
    let life = Arc::new(Life {
        people: people.to_vec(),
        ready: Mutex::new(ready),
        codes: codes.clone(),
        handed: AtomicUsize::new(0),
    });
    let mut wires = Vec::new();
    for _ in 0..AT_ONCE {
        wires.push(Wire::open(&stage.portal(), "").await?);
    }
    let all = life.clone();
    let most = crowd(
        &mut wires,
        Until::Over(Duration::from_secs(seconds)),
        Arc::new(move |wire, turn| {
            let life = all.clone();
            Box::pin(async move { life.step(wire, turn).await.map(|_| ()) })
        }),
    )
    .await?;
    let rate = most.rate() * SHARE;
    // Each turn has its moment; whoever is free takes the next, and is late when nobody was.
    let (send, turns) = mpsc::unbounded_channel::<(usize, Instant)>();
    let turns = Arc::new(tokio::sync::Mutex::new(turns));
    let mut running = tokio::task::JoinSet::new();
    for mut wire in wires {
        let (life, turns) = (life.clone(), turns.clone());
        running.spawn(async move {
            let mut took = Vec::new();
            loop {
                let next = turns.lock().await.recv().await;
                let Some((turn, due)) = next else {
                    return anyhow::Ok(took);
                };
                let handed = life.step(&mut wire, turn).await?;
                took.push((handed, due.elapsed()));
            }
        });
    }
    let (since, time) = (Instant::now(), Duration::from_secs(2 * seconds));
    let mut turn = 0_u32;
    while since.elapsed() < time {
        let due = since + Duration::from_secs_f64(f64::from(turn) / rate);
        tokio::time::sleep_until(due.into()).await;
        send.send((usize::try_from(turn)?, due))?;
        turn += 1;
    }
    drop(send);
    let (mut handed, mut looked) = (Vec::new(), Vec::new());
    while let Some(ended) = running.join_next().await {
        for (is_handed, time) in ended?? {
            if is_handed {
                handed.push(time);
            } else {
                looked.push(time);
            }
        }
    }
    let told = |mut times: Vec<Duration>| {
        times.sort_unstable();
        let at = |percent| milliseconds(percentile(&times, percent));
        json!({ "requests": times.len(), "p50": at(50), "p99": at(99) })
    };
    let figures = json!({
        "most": most.rate(), "asked": rate, "handed": told(handed), "looked": told(looked), "at_once": AT_ONCE,
    });
    eprintln!("{figures}");
    Ok(figures)
}
