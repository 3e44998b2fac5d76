//! What the portal's server does in a second, beside what limits it on the same machine in the same minutes: nginx for files, the
//! database's own measure for dossiers, a plain copy for uploads.
//!
//! Parts are measured one by one (`--only`), and each keeps what it found with when and under which load; the report is put together
//! from what was found last.

mod report;
mod site;

use super::{folder, home, load, said};
use crate::chaos;
use crate::process::step;
use crate::setup;
use crate::test::Postgres;
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::process::Stdio;

/// What.
#[derive(clap::Args, Clone)]
pub struct Options {
    /// Measure this part only, and put it beside what was found of the others before.
    #[arg(long, value_enum)]
    only: Vec<Part>,
    /// Measure nothing: only write the report again from what was found before.
    #[arg(long)]
    report: bool,
    /// Browsers that listen at the same time.
    #[arg(long, default_value_t = 10_000)]
    browsers: usize,
}

/// A part of it.
#[derive(clap::ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum Part {
    /// A file of the site, beside nginx.
    Files,
    /// Dossiers and reads on PostgreSQL, beside pgbench.
    Postgres,
    /// The same on SQLite, beside a loop of inserts.
    Sqlite,
    /// Files of dossiers, beside a copy.
    Uploads,
    /// Open event streams.
    Streams,
}

const PARTS: [Part; 5] = [
    Part::Files,
    Part::Postgres,
    Part::Sqlite,
    Part::Uploads,
    Part::Streams,
];

impl Part {
    const fn name(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Postgres => "postgres",
            Self::Sqlite => "sqlite",
            Self::Uploads => "uploads",
            Self::Streams => "streams",
        }
    }
}

/// Measures; the report is `end2end/bench/server.md`.
pub fn measure(options: &Options) -> Result<()> {
    if !options.report {
        setup::for_server_bench()?;
    }
    let kept = home().join("server.json");
    std::fs::create_dir_all(home())?;
    let mut all: Value = std::fs::read_to_string(&kept)
        .ok()
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_else(|| json!({}));
    for part in PARTS {
        let is_other = !options.only.is_empty() && !options.only.contains(&part);
        if options.report || is_other {
            continue;
        }
        let (at, before) = (said("date", &["-u", "+%Y-%m-%d %H:%M"]), load()?);
        let found = one(part, options)?;
        all[part.name()] = json!({
            "found": found, "at": at, "load": [before, load()?], "commit": said("git", &["rev-parse", "--short", "HEAD"]),
        });
        std::fs::write(&kept, serde_json::to_string_pretty(&all)?)?;
    }
    let file = folder().join("server.md");
    // What a person found out about it stands in a file of its own.
    let remarks = std::fs::read_to_string(folder().join("server-remarks.md")).unwrap_or_default();
    std::fs::write(&file, report::written(&all)? + &remarks)?;
    println!("{}", file.display());
    Ok(())
}

fn one(part: Part, options: &Options) -> Result<Value> {
    let mut words: Vec<String> = Vec::new();
    let mut add = |more: &[&str]| words.extend(more.iter().map(|word| (*word).to_owned()));
    // It ends when the guard goes away.
    let mut postgres = None;
    match part {
        Part::Files => {
            let (folder, files) = site::folder()?;
            let folder = folder.display().to_string();
            add(&[
                "--site",
                &folder,
                "portal",
                "files",
                "--nginx",
                setup::NGINX,
            ]);
            for file in &files {
                add(&["--file", file]);
            }
        }
        Part::Postgres => {
            let cluster = postgres.insert(Postgres::durable()?);
            let programs = cluster.programs().display().to_string();
            add(&["--database-url", &cluster.url(), "portal", "hand-in"]);
            add(&["--postgres", &programs]);
        }
        Part::Sqlite => add(&["portal", "hand-in"]),
        Part::Uploads => add(&["portal", "uploads"]),
        Part::Streams => {
            add(&["--lifetime-seconds", "1800", "waiting", "--calls-back"]);
            add(&["--browsers", &options.browsers.to_string()]);
        }
    }
    let mut load = chaos::load("bench-server")?;
    let _step = step(&format!("Measuring: {}", part.name()));
    let output = load.args(&words).stderr(Stdio::inherit()).output()?;
    ensure!(
        output.status.success(),
        "{}: {}",
        part.name(),
        output.status
    );
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(serde_json::from_str(
        text.lines().last().context("no figures")?,
    )?)
}
