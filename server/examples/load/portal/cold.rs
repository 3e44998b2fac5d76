//! From the start of the program to its first answer, on a database with data.

use super::crowd::{median, milliseconds};
use crate::stage::Stage;
use crate::wire::Wire;
use anyhow::{Result, ensure};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Starts it again and again, each time after a `kill -9`.
pub async fn run(stage: &mut Stage, times: usize) -> Result<Value> {
    let mut took = Vec::new();
    for _ in 0..times {
        stage.kill_server().await?;
        let since = Instant::now();
        stage.spawn_server()?;
        loop {
            ensure!(
                since.elapsed() < Duration::from_secs(60),
                "it does not answer"
            );
            let asked = async {
                let mut wire = Wire::open(&stage.portal(), "").await?;
                wire.get("/api/health").await?.fine()
            };
            if asked.await.is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        took.push(milliseconds(since.elapsed()));
    }
    let worst = took.iter().copied().fold(0.0, f64::max);
    Ok(json!({ "times": times, "median": median(took), "worst": worst }))
}
