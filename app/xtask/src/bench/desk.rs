//! How long an officer's inbox takes over HTTP: on PostgreSQL with a million dossiers and on SQLite with a hundred thousand.

use super::{folder, home, machine, said};
use crate::chaos::load;
use crate::process::{step, succeed};
use crate::seed::fill;
use crate::test::Postgres;
use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use std::process::Stdio;

/// How much.
#[derive(clap::Args, Clone)]
pub struct Options {
    /// Dossiers in PostgreSQL.
    #[arg(long, default_value_t = 1_000_000)]
    postgres: usize,
    /// Dossiers in SQLite.
    #[arg(long, default_value_t = 100_000)]
    sqlite: usize,
    /// Requests of each kind.
    #[arg(long, default_value_t = 100)]
    rounds: usize,
}

/// Most milliseconds of 95 of 100 requests.
const TARGET: f64 = 100.0;

/// Measures; the report is `end2end/bench/desk.md`.
pub fn measure(options: &Options) -> Result<()> {
    let mut parts = Vec::new();
    if options.sqlite > 0 {
        let file = home().join("desk.sqlite");
        std::fs::create_dir_all(home())?;
        for ending in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{ending}", file.display()));
        }
        let url = format!("sqlite:{}", file.display());
        parts.push((
            "SQLite",
            options.sqlite,
            one(&url, options.sqlite, options.rounds)?,
        ));
    }
    if options.postgres > 0 {
        let postgres = Postgres::start()?;
        parts.push((
            "PostgreSQL",
            options.postgres,
            one(&postgres.url(), options.postgres, options.rounds)?,
        ));
    }
    let report = written(&parts)?;
    let file = folder().join("desk.md");
    std::fs::write(&file, report)?;
    println!("{}", file.display());
    Ok(())
}

fn one(url: &str, dossiers: usize, rounds: usize) -> Result<Value> {
    succeed(load("desk")?.args(["--database-url", url, "desk"]))?;
    let mut measured = load("desk")?;
    measured.args(["--database-url", url]);
    let samples = fill(url, dossiers, Some(now()?))?;
    let file = home().join("desk-samples.json");
    std::fs::create_dir_all(home())?;
    std::fs::write(&file, samples)?;
    let _step = step(&format!("An officer and {dossiers} dossiers"));
    let output = measured
        .arg("desk")
        .arg("--samples")
        .arg(&file)
        .args(["--rounds", &rounds.to_string()])
        .stderr(Stdio::inherit())
        .output()?;
    ensure!(
        output.status.success(),
        "the load failed: {}",
        output.status
    );
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(serde_json::from_str(
        text.lines().last().context("no figures")?,
    )?)
}

fn now() -> Result<i64> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    Ok(i64::try_from(since.as_millis())?)
}

fn written(parts: &[(&str, usize, Value)]) -> Result<String> {
    let mut out = format!(
        "# The officers' inbox, measured\n\nMade by `cargo xtask bench desk` on {} UTC, commit {}. {}.\nRelease build of the server, one officer who \
         asks over HTTP with a session, two more who receive and pass on dossiers at the same time; server, database and officers share the \
         processors of one machine. PostgreSQL without `fsync`, as in the tests: it is about reading.\n\
         A short page is one that stopped looking before it was full and says where to go on; the page asks on by itself.\n",
        said("date", &["-u", "+%Y-%m-%d %H:%M"]),
        said("git", &["rev-parse", "--short", "HEAD"]),
        machine()?,
    );
    for (name, dossiers, found) in parts {
        out.push_str(&format!(
            "\n## {name}, {dossiers} dossiers\n\n{} dossiers were received or passed on in {:.0} s meanwhile. The server held {} MB. \
             Counting the statistics of twelve months anew, which happens at most once in five minutes: {:.0} ms.\n\n\
             | request | p50 | p95 | p99 | requests | lines a page | short pages |\n|---|---|---|---|---|---|---|\n",
            found["written"],
            found["seconds"].as_f64().unwrap_or_default(),
            found["megabytes"],
            found["statistics"].as_f64().unwrap_or_default(),
        ));
        let mut missed = 0;
        for one in found["figures"].as_array().into_iter().flatten() {
            let number = |name: &str| one[name].as_f64().unwrap_or_default();
            missed += usize::from(number("p95") >= TARGET);
            out.push_str(&format!(
                "| {} | {:.1} ms | {:.1} ms | {:.1} ms | {} | {:.0} | {} |\n",
                one["what"].as_str().unwrap_or_default(),
                number("p50"),
                number("p95"),
                number("p99"),
                one["requests"],
                number("lines") / number("requests").max(1.0),
                one["short"],
            ));
        }
        out.push_str(&format!(
            "\np95 below {TARGET:.0} ms: {}.\n",
            if missed == 0 {
                "everywhere".to_owned()
            } else {
                format!("**not in {missed} of them**")
            }
        ));
    }
    Ok(out)
}
