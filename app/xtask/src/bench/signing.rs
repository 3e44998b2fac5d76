//! How many browsers one server holds that wait for a phone, and how many signings it brings to their end in a second.

use super::{folder, machine, said};
use crate::chaos::load;
use crate::process::step;
use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use std::process::Stdio;

/// How much.
#[derive(clap::Args, Clone)]
pub struct Options {
    /// Browsers that wait, each with a transaction and a stream of its own. Server and load need as many open files each
    /// (`ulimit -n`).
    #[arg(long, default_value_t = 20_000)]
    browsers: usize,
    /// Seconds of each measurement of signings a second.
    #[arg(long, default_value_t = 30)]
    seconds: u64,
}

/// Files a process needs beside one for each browser.
const OTHER_FILES: usize = 500;

/// Measures; the report is `end2end/bench/signing.md`.
pub fn measure(options: &Options) -> Result<()> {
    let files = open_files()?;
    let browsers = options.browsers.min(files.saturating_sub(OTHER_FILES));
    let held_back = (browsers < options.browsers).then_some(files);
    let count = browsers.to_string();
    let seconds = options.seconds.to_string();
    let mut waiting = Vec::new();
    for calls_back in [true, false] {
        let mut words = vec![
            "--lifetime-seconds",
            "1800",
            "waiting",
            "--browsers",
            &count,
        ];
        words.extend(calls_back.then_some("--calls-back"));
        waiting.push(figures("Browsers that wait", &words)?);
    }
    let mut rates = Vec::new();
    for (calls_back, at_once) in [(true, "20"), (true, "100"), (false, "400")] {
        let mut words = vec!["rate", "--seconds", &seconds, "--browsers", at_once];
        words.extend(calls_back.then_some("--calls-back"));
        rates.push(figures("Signings a second", &words)?);
    }
    let report = written(&waiting, &rates, held_back)?;
    let file = folder().join("signing.md");
    std::fs::write(&file, report)?;
    println!("{}", file.display());
    Ok(())
}

/// Runs the load; its last line is what it found.
fn figures(what: &str, words: &[&str]) -> Result<Value> {
    let mut load = load("bench")?;
    let _step = step(what);
    let output = load.args(words).stderr(Stdio::inherit()).output()?;
    ensure!(output.status.success(), "{what}: {}", output.status);
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().last().context("no figures")?;
    Ok(serde_json::from_str(line)?)
}

/// Most files a process may have open here; a child inherits it.
fn open_files() -> Result<usize> {
    let limits = std::fs::read_to_string("/proc/self/limits")?;
    let line = limits
        .lines()
        .find(|line| line.starts_with("Max open files"))
        .context("no limit of open files")?;
    let soft = line.split_whitespace().nth(3).context("no soft limit")?;
    Ok(soft.parse().unwrap_or(usize::MAX))
}

fn written(waiting: &[Value], rates: &[Value], held_back: Option<usize>) -> Result<String> {
    let mut out = format!(
        "# Signing, measured\n\nMade by `cargo xtask bench signing` on {} UTC, commit {}. {}.\nRelease builds of the server (SQLite) and of the \
         sandbox provider; server, provider and the people who are played share the processors of one machine.\n",
        said("date", &["-u", "+%Y-%m-%d %H:%M"]),
        said("git", &["rev-parse", "--short", "HEAD"]),
        machine()?,
    );
    out.push_str(
        "\n## Browsers that wait\n\nEach with a transaction of its own that waits at the provider, and a stream of events. The provider posts results by \
         itself, or the portal has to ask.\nWhile all wait, some confirm on their phones, one every 20 ms; the time is counted from the phone's answer to \
         the event in the browser.\n\n\
         | results | browsers | server's memory | each | processor while all wait | confirmed | p50 | p99 |\n|---|---|---|---|---|---|---|---|\n",
    );
    for one in waiting {
        out.push_str(&format!(
            "| {} | {} | {} MB ({} MB alone) | {:.1} KB | {:.1} % of one core | {} | {} ms | {} ms |\n",
            way(one),
            one["browsers"],
            one["megabytes"],
            one["megabytes_empty"],
            number(one, "bytes_each") / 1000.0,
            number(one, "busy_percent"),
            one["confirmed"],
            one["p50_ms"],
            one["p99_ms"],
        ));
    }
    let fits = waiting.iter().all(|one| number(one, "megabytes") < 1000.0);
    out.push_str(&format!(
        "\nWithin 1 GB: {}.",
        if fits { "yes" } else { "**no**" }
    ));
    if let Some(files) = held_back {
        out.push_str(&format!(
            " The target is 20,000; this machine lets a process have {files} open files, of which each browser needs one."
        ));
    }
    out.push_str(
        "\n\n## Signings a second\n\nFrom the start over the phone, which confirms at once, and the value, verified by server and browser, to the \
         browser's \"done\".\nThe sandbox alone is asked with the same protocol by as many callers, so that it shows which of the two is measured.\n\n\
         | results | browsers | through the portal | p50 | p99 | server's processor time each | the sandbox alone |\n|---|---|---|---|---|---|---|\n",
    );
    for one in rates {
        out.push_str(&format!(
            "| {} | {} | {:.0} a second | {} ms | {} ms | {:.1} ms | {:.0} a second |\n",
            way(one),
            one["browsers"],
            number(one, "through_the_portal"),
            one["p50_ms"],
            one["p99_ms"],
            number(one, "server_ms_each"),
            number(one, "sandbox_alone"),
        ));
    }
    Ok(out)
}

fn way(one: &Value) -> &'static str {
    if one["calls_back"] == true {
        "posted"
    } else {
        "asked for"
    }
}

fn number(one: &Value, name: &str) -> f64 {
    one[name].as_f64().unwrap_or_default()
}
