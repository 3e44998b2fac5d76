//! What a connection costs that was used once and is silent, as browsers keep them.

use crate::stage::Stage;
use crate::wire::Wire;
use anyhow::Result;
use serde_json::{Value, json};
use std::time::Duration;

/// Measures.
pub async fn run(stage: &Stage, connections: usize) -> Result<Value> {
    // What the first requests leave behind is no connection's.
    let mut first = Wire::open(&stage.portal(), "").await?;
    for _ in 0..200 {
        first.get("/api/health").await?.fine()?;
    }
    let before = stage.server_memory()?;
    let mut open = Vec::new();
    for _ in 0..connections {
        let mut wire = Wire::open(&stage.portal(), "").await?;
        wire.get("/api/health").await?.fine()?;
        open.push(wire);
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let grown = stage.server_memory()?.saturating_sub(before);
    let used = stage.server_seconds()?;
    tokio::time::sleep(Duration::from_secs(5)).await;
    let busy = (stage.server_seconds()? - used) / 5.0 * 100.0;
    for wire in open.iter_mut().step_by(100) {
        wire.get("/api/health").await?.fine()?;
    }
    Ok(json!({
        "connections": connections, "bytes_each": grown / u64::try_from(connections.max(1))?, "megabytes": grown / 1_000_000,
        "busy_percent": busy,
    }))
}
