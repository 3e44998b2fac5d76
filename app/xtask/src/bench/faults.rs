//! Real servers are killed at a thousand moments while people hand dossiers in.

use super::{folder, machine, said};
use crate::chaos::load;
use crate::process::step;
use crate::test::Postgres;
use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use std::process::Stdio;

/// How much.
#[derive(clap::Args, Clone)]
pub struct Options {
    /// Deaths of the one server on SQLite.
    #[arg(long, default_value_t = 1000)]
    kills: usize,
    /// Deaths of three on PostgreSQL and a bucket: fewer, because what stands in for the bucket walks through all it holds whenever an
    /// upload is let go, and slows down with each dossier.
    #[arg(long, default_value_t = 300)]
    kills_of_three: usize,
    /// The same number makes the same pauses.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Kills; the report is `end2end/bench/faults.md`.
pub fn measure(options: &Options) -> Result<()> {
    let one = run("faults", (options.kills, options.seed), 1, None)?;
    let postgres = Postgres::start()?;
    let how = (options.kills_of_three, options.seed);
    let three = run("faults-three", how, 3, Some(&postgres.url()))?;
    let file = folder().join("faults.md");
    std::fs::write(
        &file,
        written(&[
            ("One server, SQLite, files in a folder", one),
            (
                "Three servers, one PostgreSQL, one bucket that speaks S3",
                three,
            ),
        ])?,
    )?;
    println!("{}", file.display());
    Ok(())
}

fn run(
    name: &str,
    (kills, seed): (usize, u64),
    instances: usize,
    database: Option<&str>,
) -> Result<Value> {
    let mut load = load(name)?;
    if let Some(url) = database {
        load.args(["--database-url", url]);
    }
    let _step = step("Killing servers while people hand in");
    let output = load
        .args(["faults", "--kills", &kills.to_string()])
        .args(["--seed", &seed.to_string()])
        .args(["--instances", &instances.to_string()])
        .stderr(Stdio::inherit())
        .output()?;
    ensure!(
        output.status.success(),
        "not everything that was acknowledged is there"
    );
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(serde_json::from_str(
        text.lines().last().context("no figures")?,
    )?)
}

fn written(parts: &[(&str, Value)]) -> Result<String> {
    let mut out = format!(
        "# Killed in the middle of writing\n\nMade by `cargo xtask bench faults` on {} UTC, commit {}. {}.\nPeople announce dossiers, send one file whole \
         and one in pieces, hand in and write a message, one dossier after the other, over HTTP; a request that meets a dead server is asked again. \
         Meanwhile servers (release builds) die by SIGKILL at random moments and are started again on the same data. Another person looks at \
         what is shown all the time.\nAt the end every code that was told is there once, with both files by their digests, its history and its message once; \
         nothing is there that was not told; the journal's chain holds.\n\nSIGKILL ends a process and not the machine: what a power cut does to a disk is up to \
         `synchronous = FULL`, PostgreSQL's `fsync` (off in this run) and the file system.\n",
        said("date", &["-u", "+%Y-%m-%d %H:%M"]),
        said("git", &["rev-parse", "--short", "HEAD"]),
        machine()?,
    );
    for (name, found) in parts {
        out.push_str(&format!(
            "\n## {name}\n\n{} deaths in {} s, {} people. {} dossiers were handed in, **none lost, doubled or half there**; {} looks at what was shown found it \
             whole; {} records in the journal. {} answers said \"later\". From the start of a process to its first answer: {} ms (median), {} ms (p99), on \
             busy processors.\n\n| request | times its connection broke while it was answered |\n|---|---|\n",
            found["kills"],
            found["seconds"],
            found["people"],
            found["dossiers"],
            found["looks"],
            found["records"],
            found["later"],
            found["start_ms"],
            found["start_p99_ms"],
        ));
        for (what, times) in found["cut"].as_object().into_iter().flatten() {
            out.push_str(&format!("| {what} | {times} |\n"));
        }
    }
    Ok(out)
}
