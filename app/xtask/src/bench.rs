//! `cargo xtask bench`: measures the engine, and writes what it found to `end2end/bench`.

mod desk;
mod faults;
mod lighthouse;
mod pages;
mod picture;
mod preview;
mod server;
mod sign;
mod signing;
mod similarity;

use crate::process::command;
use anyhow::Result;
use std::path::PathBuf;

/// Public PDFs of every kind, beside the repository and never in it.
const PUBLIC: &str = "../shared/corpus/pages";

/// What to measure.
#[derive(clap::Args, Clone)]
pub struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand, Clone)]
enum What {
    /// Speed, memory and bytes in one Chromium against pdf.js and pdfium; minutes on a quiet machine.
    Preview,
    /// Lighthouse on the built site as a cheap phone sees it; minutes on a quiet machine.
    Lighthouse,
    /// Pictures of pages against poppler's, page by page.
    Pages(pages::Options),
    /// Preparing, embedding and validating signatures natively and in Chromium, beside pyHanko; a minute once all is built.
    Sign,
    /// Browsers that wait for phones, and signings a second; five minutes once all is built.
    Signing(signing::Options),
    /// People hand dossiers in while one server, and then one of three, is killed a thousand times; half an hour once all is built.
    Faults(faults::Options),
    /// The portal's server beside nginx, the database alone and the disk alone; ten minutes once all is built.
    Server(server::Options),
    /// The officers' inbox with a million dossiers in PostgreSQL and a hundred thousand in SQLite; minutes.
    Desk(desk::Options),
}

/// Measures.
pub fn bench(options: &Options) -> Result<()> {
    match &options.what {
        What::Preview => preview::measure(),
        What::Lighthouse => lighthouse::measure(),
        What::Pages(options) => pages::compare(options),
        What::Sign => sign::measure(),
        What::Signing(options) => signing::measure(options),
        What::Faults(options) => faults::measure(options),
        What::Server(options) => server::measure(options),
        What::Desk(options) => desk::measure(options),
    }
}

/// Where pictures and copies are left.
fn home() -> PathBuf {
    crate::process::target().join("bench")
}

fn folder() -> PathBuf {
    crate::process::root().join("end2end/bench")
}

/// What a program prints; nothing where it is not installed.
fn said(program: &str, words: &[&str]) -> String {
    let output = command(program).args(words).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    text.unwrap_or_default()
}

/// What was measured on, and what else was going on there.
fn machine() -> Result<String> {
    let processors = std::fs::read_to_string("/proc/cpuinfo")?;
    let name = processors
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or("?", |rest| rest.trim_start_matches([' ', '\t', ':']));
    let memory = std::fs::read_to_string("/proc/meminfo")?;
    let kilobytes: u64 = memory
        .split_whitespace()
        .nth(1)
        .and_then(|word| word.parse().ok())
        .unwrap_or_default();
    Ok(format!(
        "{} × {name}, {} GB, load {} at the end",
        std::thread::available_parallelism()?,
        kilobytes.div_ceil(1024 * 1024),
        load()?,
    ))
}

/// How many processes wanted a processor in the last minute, on average.
fn load() -> Result<String> {
    let load = std::fs::read_to_string("/proc/loadavg")?;
    Ok(load.split(' ').next().unwrap_or_default().to_owned())
}
