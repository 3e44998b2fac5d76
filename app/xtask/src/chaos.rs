//! `cargo xtask chaos`: many signings with real processes while the provider fails and the server is killed again and again.

use crate::process::{cargo, command, step, succeed, target};
use crate::test::Postgres;
use anyhow::Result;
use std::path::PathBuf;
use std::process::Command;

/// How much trouble.
#[derive(clap::Args, Clone)]
pub struct Options {
    /// Signings.
    #[arg(long, default_value_t = 1000)]
    signings: usize,
    /// Most at the same time.
    #[arg(long, default_value_t = 120)]
    at_once: usize,
    /// The same number makes the same people, faults and deaths.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// On a throw-away PostgreSQL instead of SQLite.
    #[arg(long)]
    postgres: bool,
}

/// Builds, runs, and fails unless every signing ended in the truth.
pub fn chaos(options: &Options) -> Result<()> {
    let mut load = load("chaos")?;
    let postgres = options.postgres.then(Postgres::start).transpose()?;
    if let Some(postgres) = &postgres {
        load.args(["--database-url", &postgres.url()]);
    }
    let _step = step("Signing in chaos");
    succeed(
        load.args(["--lifetime-seconds", "60", "chaos"])
            .args(["--signings", &options.signings.to_string()])
            .args(["--at-once", &options.at_once.to_string()])
            .args(["--seed", &options.seed.to_string()]),
    )
}

/// The driver (`server/examples/load`) over release builds of both programs, with an empty folder for its data.
pub fn load(name: &str) -> Result<Command> {
    {
        let _step = step("Compiling the server, the sandbox provider and their load");
        succeed(cargo().args([
            "build",
            "--release",
            "--package",
            "server",
            "--package",
            "sandbox",
            "--bins",
            "--example",
            "load",
        ]))?;
    }
    let programs = target().join("release");
    let data: PathBuf = target().join("load").join(name);
    let _ = std::fs::remove_dir_all(&data);
    let mut load = command(programs.join("examples/load"));
    load.arg("--programs").arg(programs).arg("--data").arg(data);
    Ok(load)
}
