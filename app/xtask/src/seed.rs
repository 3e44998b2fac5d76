//! `cargo xtask seed`: fills a database with invented dossiers, the same ones each time. Never beside real ones.

use crate::process::{cargo, command, root, step, succeed, target};
use anyhow::{Context as _, Result, ensure};
use std::process::Stdio;

/// How many, and where.
#[derive(clap::Args, Clone)]
pub struct Options {
    /// Dossiers.
    #[arg(long, default_value_t = 10_000)]
    dossiers: usize,
    /// `sqlite:FILE` or `postgres://…`; start a portal on it once before, so that its officers are there.
    #[arg(long)]
    database_url: String,
}

/// Fills it.
pub fn seed(options: &Options) -> Result<()> {
    fill(&options.database_url, options.dossiers, None).map(|_| ())
}

/// Fills a database with dossiers up to a moment in milliseconds; what to search for, as JSON.
pub fn fill(database_url: &str, dossiers: usize, now: Option<i64>) -> Result<String> {
    {
        let _step = step("Compiling the seed");
        succeed(cargo().args([
            "build",
            "--release",
            "--package",
            "store",
            "--example",
            "seed",
        ]))?;
    }
    let _step = step(&format!("Inventing {dossiers} dossiers"));
    let mut seed = command(target().join("release/examples/seed"));
    seed.arg(database_url)
        .arg(dossiers.to_string())
        .arg(root().join("server/data/procedures"))
        .args(now.map(|now| now.to_string()))
        .stderr(Stdio::inherit());
    let output = seed.output().context("the seed does not start")?;
    ensure!(
        output.status.success(),
        "the seed failed: {}",
        output.status
    );
    Ok(String::from_utf8(output.stdout)?)
}
