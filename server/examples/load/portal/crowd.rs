//! Many who ask at the same time, each over a connection of their own.

use crate::number::percentile;
use crate::wire::Wire;
use anyhow::Result;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// When they stop.
#[derive(Debug, Clone, Copy)]
pub enum Until {
    /// After so long.
    Over(Duration),
    /// When so many requests were made.
    Made(usize),
}

/// How long each took, sorted, and how long all did.
pub struct Took {
    pub each: Vec<Duration>,
    pub all: Duration,
}

impl Took {
    /// How many a second.
    pub fn rate(&self) -> f64 {
        let count = u32::try_from(self.each.len()).unwrap_or(u32::MAX);
        f64::from(count) / self.all.as_secs_f64()
    }

    /// How many were made.
    pub fn requests(&self) -> usize {
        self.each.len()
    }

    /// One in a hundred took longer than the second, half of them longer than the first; in milliseconds.
    pub fn figures(&self) -> Value {
        json!({
            "rate": self.rate(), "requests": self.each.len(),
            "p50": milliseconds(percentile(&self.each, 50)), "p99": milliseconds(percentile(&self.each, 99)),
        })
    }
}

/// Milliseconds, with what is behind the point.
pub fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The middle one.
pub fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or_default()
}

/// One request, or what belongs together, of the crowd's `n`th turn.
pub type Job = dyn for<'a> Fn(&'a mut Wire, usize) -> BoxFuture<'a, Result<()>> + Send + Sync;

/// Everybody repeats a job as fast as answers come; the first failure ends all.
pub async fn crowd(wires: &mut Vec<Wire>, until: Until, job: Arc<Job>) -> Result<Took> {
    let (next, since) = (Arc::new(AtomicUsize::new(0)), Instant::now());
    let mut running = tokio::task::JoinSet::new();
    for mut wire in wires.drain(..) {
        let (job, next) = (job.clone(), next.clone());
        running.spawn(async move {
            let mut took = Vec::new();
            loop {
                let turn = next.fetch_add(1, Ordering::Relaxed);
                let is_over = match until {
                    Until::Over(time) => since.elapsed() >= time,
                    Until::Made(most) => turn >= most,
                };
                if is_over {
                    return anyhow::Ok((wire, took));
                }
                let began = Instant::now();
                job(&mut wire, turn).await?;
                took.push(began.elapsed());
            }
        });
    }
    let mut each = Vec::new();
    while let Some(ended) = running.join_next().await {
        let (wire, took) = ended??;
        wires.push(wire);
        each.extend(took);
    }
    each.sort_unstable();
    Ok(Took {
        each,
        all: since.elapsed(),
    })
}
