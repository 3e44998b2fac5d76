//! `cargo xtask fuzz`: feeds the document engine, the appearance and the validator with broken input, for as long as one likes.
//!
//! Corpus, findings and logs stand in `target/fuzz`; what is found becomes a test beside the code it breaks.

use crate::process::{command, on_path, root, step, succeed, target};
use anyhow::{Context as _, Result, bail, ensure};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// How to fuzz.
#[derive(clap::Args, Clone)]
pub struct Options {
    /// Some targets (open, text, locate, appearance, certificate, timestamp, cms, revision, changes) instead of all.
    #[arg(value_parser = TARGETS.map(|target| target.name))]
    targets: Vec<String>,
    /// How long each target runs; they run side by side.
    #[arg(long, default_value_t = 10)]
    minutes: u32,
}

/// A fuzz target.
struct Target {
    name: &'static str,
    /// The folder of its crate.
    folder: &'static str,
    /// Whether it reads PDFs, and what stands before each.
    seeds: Option<&'static [u8]>,
}

const TARGETS: [Target; 9] = [
    Target {
        name: "open",
        folder: "app/document/fuzz",
        seeds: Some(b""),
    },
    Target {
        name: "text",
        folder: "app/document/fuzz",
        seeds: Some(b""),
    },
    Target {
        name: "locate",
        folder: "app/document/fuzz",
        seeds: Some(b"\x96\x3cthe\n"),
    },
    Target {
        name: "appearance",
        folder: "app/signature/fuzz",
        seeds: None,
    },
    Target {
        name: "certificate",
        folder: "app/signature/fuzz",
        seeds: None,
    },
    Target {
        name: "timestamp",
        folder: "app/signature/fuzz",
        seeds: None,
    },
    Target {
        name: "cms",
        folder: "app/signature/fuzz",
        seeds: None,
    },
    Target {
        name: "revision",
        folder: "app/signature/fuzz",
        seeds: Some(b""),
    },
    Target {
        name: "changes",
        folder: "app/signature/fuzz",
        seeds: None,
    },
];

/// Public PDFs, where they are at hand.
const PUBLIC: &str = "../shared/corpus";
/// Larger files make slow seeds.
const SEED_MAX: u64 = 24 * 1024;

/// Fuzzes.
pub fn fuzz(options: &Options) -> Result<()> {
    needed()?;
    let chosen: Vec<&Target> = TARGETS
        .iter()
        .filter(|target| {
            let names = &options.targets;
            names.is_empty() || names.iter().any(|name| name == target.name)
        })
        .collect();
    for folder in ["app/document/fuzz", "app/signature/fuzz"] {
        if chosen.iter().any(|target| target.folder == folder) {
            build(folder)?;
        }
    }
    if chosen
        .iter()
        .any(|target| target.folder == "app/signature/fuzz")
    {
        signed_seeds()?;
    }
    let _step = step(&format!(
        "Fuzzing {} targets for {} minutes; logs in target/fuzz/log",
        chosen.len(),
        options.minutes
    ));
    // Between terminals Linux counts how nice each of them is, and not its programs (sched(7), autogroup).
    let _ = std::fs::write("/proc/self/autogroup", "19");
    let mut running = Vec::new();
    for target in chosen {
        running.push((target, start(target, options.minutes)?, Duration::ZERO));
    }
    watch(&mut running)?;
    let mut findings = 0;
    for (target, mut child, processor) in running {
        let status = child.wait()?;
        findings += tell(target, processor)?;
        if !status.success() {
            eprintln!("  {} ended with {status}", target.name);
        }
    }
    // What runs here next is in a hurry again.
    let _ = std::fs::write("/proc/self/autogroup", "0");
    ensure!(
        findings == 0,
        "{findings} inputs break something: target/fuzz/found"
    );
    Ok(())
}

fn home() -> PathBuf {
    target().join("fuzz")
}

fn needed() -> Result<()> {
    if !on_path("cargo-fuzz") {
        bail!("cargo-fuzz is not installed: cargo install --locked cargo-fuzz");
    }
    let nightly = command("rustup")
        .args(["run", "nightly", "rustc", "--version"])
        .output()
        .is_ok_and(|output| output.status.success());
    if !nightly {
        bail!(
            "fuzzing needs a nightly compiler: rustup toolchain install nightly --profile minimal"
        );
    }
    Ok(())
}

/// With the very dependencies that the house is built with.
fn build(folder: &str) -> Result<()> {
    let _step = step(&format!("Building {folder}"));
    let lock = root().join(folder).join("Cargo.lock");
    std::fs::copy(root().join("Cargo.lock"), &lock)?;
    succeed(
        command("rustup")
            .args(["run", "nightly", "cargo", "fuzz", "build"])
            // No sanitizer: nothing of ours is unsafe, and it halves the speed.
            .args(["--release", "--sanitizer", "none", "--fuzz-dir", folder])
            .arg("--target-dir")
            .arg(home()),
    )
}

/// Certificates, timestamps, signatures and signed files, made by code.
fn signed_seeds() -> Result<()> {
    let _step = step("Making seeds of signatures");
    succeed(
        command("cargo")
            .args([
                "run",
                "--quiet",
                "-p",
                "signature@0.1.0",
                "--example",
                "seeds",
                "--",
            ])
            .arg(home().join("corpus")),
    )
}

fn start(target: &Target, minutes: u32) -> Result<Child> {
    let (corpus, found, log) = (
        home().join("corpus").join(target.name),
        home().join("found").join(target.name),
        home().join("log").join(format!("{}.log", target.name)),
    );
    for folder in [&corpus, &found, &home().join("log")] {
        std::fs::create_dir_all(folder)?;
    }
    if let Some(before) = target.seeds {
        seed(&corpus, before)?;
    }
    let log = File::create(log)?;
    let mut run = Command::new("nice");
    run.args(["-n", "19"])
        .arg(program(target.name)?)
        .arg(corpus)
        .arg(format!("-artifact_prefix={}/", found.display()))
        .arg(format!("-max_total_time={}", minutes * 60))
        // Goes on after a finding.
        .args(["-fork=1", "-ignore_crashes=1", "-ignore_timeouts=1", "-ignore_ooms=1"])
        .args(["-timeout=10", "-rss_limit_mb=2048", "-max_len=65536"])
        .current_dir(home())
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log);
    if target.seeds.is_some() {
        let words = root().join("app/document/fuzz/pdf.dict");
        run.arg(format!("-dict={}", words.display()));
    }
    run.spawn().context("cannot start the fuzzer")
}

/// Waits until all have ended, and notes how long a processor worked for each: by the clock alone, a target that starved beside others
/// looks like one that was fuzzed.
fn watch(running: &mut [(&Target, Child, Duration)]) -> Result<()> {
    loop {
        let mut going = false;
        for (_, child, processor) in &mut *running {
            if child.try_wait()?.is_none() {
                going = true;
                *processor = processor_time(child.id()).unwrap_or(*processor);
            }
        }
        if !going {
            return Ok(());
        }
        std::thread::sleep(Duration::from_secs(1));
    }
}

/// What a process and those of its children that have ended took of a processor (proc_pid_stat(5): utime, stime, cutime, cstime, in
/// hundredths of a second). Nothing where there is no /proc.
fn processor_time(id: u32) -> Option<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name before may contain anything, blanks and brackets too.
    let (_, fields) = stat.rsplit_once(") ")?;
    let ticks = fields.split(' ').skip(11).take(4);
    let ticks: u64 = ticks.map_while(|ticks| ticks.parse::<u64>().ok()).sum();
    Some(Duration::from_millis(ticks * 10))
}

fn program(name: &str) -> Result<PathBuf> {
    let release = std::fs::read_dir(home())?
        .filter_map(|entry| Some(entry.ok()?.path().join("release").join(name)))
        .find(|file| file.is_file());
    release.with_context(|| format!("no program {name} in target/fuzz"))
}

/// Our own seeds, and small public PDFs where they are at hand.
fn seed(corpus: &Path, before: &[u8]) -> Result<()> {
    let mut folders = vec![root().join("app/document/fuzz/seeds")];
    let public = root().join(PUBLIC);
    if public.is_dir() {
        folders.extend(["pages", "signatures"].map(|name| public.join(name)));
    } else {
        eprintln!("  {PUBLIC} is not here: fuzzing begins from our own seeds alone");
    }
    for folder in folders {
        for (name, file) in crate::site::files(&folder)? {
            if std::fs::metadata(&file)?.len() <= SEED_MAX {
                let bytes = [before, &std::fs::read(&file)?].concat();
                std::fs::write(corpus.join(name.replace('/', "_")), bytes)?;
            }
        }
    }
    Ok(())
}

/// Prints how far a target came, and what it found.
fn tell(target: &Target, processor: Duration) -> Result<usize> {
    let log = std::fs::read(home().join("log").join(format!("{}.log", target.name)))?;
    let log = String::from_utf8_lossy(&log);
    let last = log
        .lines()
        .rev()
        .find(|line| line.starts_with('#') && line.contains("cov:"));
    println!(
        "{}, {:.1} minutes of a processor: {}",
        target.name,
        processor.as_secs_f64() / 60.0,
        last.unwrap_or("no progress was logged")
    );
    let mut findings = 0;
    for entry in std::fs::read_dir(home().join("found").join(target.name))? {
        println!("  {}", entry?.path().display());
        findings += 1;
    }
    Ok(findings)
}
