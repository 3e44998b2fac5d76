//! `cargo xtask test`: everything that must be green. Each step runs even when an earlier one failed; the last line counts.

mod api;
mod browser;
mod postgres;

pub use browser::Walk;
pub use postgres::Postgres;

use crate::process::{cargo, command, linted, on_path, root, step, succeed};
use crate::{setup, site, tidy};
use anyhow::{Result, bail};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::Sender;

/// What to test.
#[derive(clap::Args, Clone)]
pub struct Options {
    /// Only the steps whose name contains one of these words, e.g. `cargo xtask test native browser`.
    only: Vec<String>,
}

/// The crates that run outside the browser too, but for this one. The page's tests are a browser's, all of them.
pub const NATIVE: [&str; 7] = [
    "--workspace",
    "--exclude",
    "app",
    "--exclude",
    "worker",
    "--exclude",
    "xtask",
];
/// This one by itself: as it was compiled to run, or what it needs (two optimisers and a style sheet compiler) would be compiled
/// once more with the features that other crates ask of what they share.
const OWN: [&str; 2] = ["--package", "xtask"];

/// A step by its name.
type Step = (&'static str, fn() -> Result<()>);

/// Steps that need cargo only.
const PLAIN: [Step; 4] = [
    ("format", format),
    ("tidy", tidy::check),
    ("deny", deny),
    ("native lints", native_lints),
];

/// Steps that need what `setup` installs.
const EQUIPPED: [Step; 2] = [
    ("native tests with SQLite and PostgreSQL", native),
    ("api by its own document, asked by schemathesis", api::ask),
];

/// Steps in a browser beside them.
const BROWSED: [Step; 1] = [("wasm lints and tests in Chromium", browser::wasm)];

/// Steps that need the site, and the processor for themselves.
const WALKED: [Step; 1] = [("end-to-end tests in Chromium", browser::end_to_end)];

/// Which steps are wanted, and how those ended that were taken.
struct Steps<'a> {
    only: &'a [String],
    passed: AtomicUsize,
    failed: Mutex<Vec<&'static str>>,
}

impl Steps<'_> {
    fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|word| name.contains(word.as_str()))
    }

    fn take(&self, steps: &[Step]) {
        for (name, run) in steps.iter().filter(|(name, _)| self.wants(name)) {
            let _step = step(name);
            match run() {
                Ok(()) => {
                    self.passed.fetch_add(1, Ordering::Relaxed);
                }
                Err(error) => {
                    eprintln!("  ✗ {name}: {error:#}");
                    if let Ok(mut failed) = self.failed.lock() {
                        failed.push(name);
                    }
                }
            }
        }
    }

    /// What is for the browser: set up, and the site made, which for minutes is the work of one core. Whether it could be made, the
    /// steps that need it find out.
    fn browse(&self, equipped: &Sender<()>) -> Result<()> {
        setup::for_tests()?;
        let _ = equipped.send(());
        if WALKED.iter().any(|(name, _)| self.wants(name)) {
            let _ = built_site();
        }
        self.take(&BROWSED);
        Ok(())
    }
}

/// Runs the steps: what is compiled for the machine and what is compiled for the browser beside each other, so that no core waits for
/// the network, for a linker or for a test that sleeps; then what needs both.
pub fn test(options: &Options) -> Result<()> {
    let steps = Steps {
        only: &options.only,
        passed: AtomicUsize::new(0),
        failed: Mutex::default(),
    };
    std::thread::scope(|scope| {
        let (equipped, is_equipped) = std::sync::mpsc::channel();
        let browsing = scope.spawn({
            let steps = &steps;
            move || steps.browse(&equipped)
        });
        steps.take(&PLAIN);
        // Where nothing could be installed, `browse` says why.
        if is_equipped.recv().is_ok() {
            steps.take(&EQUIPPED);
        }
        browsing
            .join()
            .map_err(|_| anyhow::anyhow!("a thread of the tests broke off"))?
    })?;
    steps.take(&WALKED);
    let failed = steps.failed.into_inner().unwrap_or_default();
    for name in &failed {
        println!("failed: {name}");
    }
    let passed = steps.passed.into_inner();
    println!("{passed} passed, {} failed", failed.len());
    if !failed.is_empty() || passed == 0 {
        bail!("not green");
    }
    Ok(())
}

/// The journeys alone, as long as they take.
pub fn walk(how: &Walk) -> Result<()> {
    setup::for_tests()?;
    browser::walk(how)
}

/// Every published file in Chromium.
pub fn corpus() -> Result<()> {
    setup::for_tests()?;
    browser::corpus()
}

fn format() -> Result<()> {
    succeed(cargo().args(["fmt", "--all", "--check"]))
}

/// Lints what is compiled for the tests, while it is compiled for them. The browser's crates are linted in the wasm step.
fn native_lints() -> Result<()> {
    for crates in [NATIVE.as_slice(), OWN.as_slice()] {
        succeed(linted(cargo().args(["test", "--quiet", "--no-run"]))?.args(crates))?;
    }
    Ok(())
}

/// Licences, duplicate bans and sources; the advisory list comes from a place that is not reached everywhere.
fn deny() -> Result<()> {
    if !on_path("cargo-deny") {
        eprintln!("  skipped: cargo-deny is not installed (cargo install --locked cargo-deny)");
        return Ok(());
    }
    succeed(cargo().args(["deny", "check", "bans", "licenses", "sources"]))
}

/// Unit and integration tests; the storage tests run on SQLite and on a PostgreSQL of their own.
fn native() -> Result<()> {
    let postgres = Postgres::start()?;
    let run =
        |command: &mut Command| succeed(linted(command)?.env("TEST_POSTGRES_URL", postgres.url()));
    // Most tests of the server wait for something.
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get) + 1;
    // What fails in one says nothing of the others: all are run.
    let own = run(cargo().arg("test").args(OWN));
    let all = if on_path("cargo-nextest") {
        let units = run(cargo()
            .args(["nextest", "run", "--no-fail-fast"])
            .args(["--test-threads", &threads.to_string()])
            .args(NATIVE));
        units.and(run(cargo().args(["test", "--doc"]).args(NATIVE)))
    } else {
        run(cargo().arg("test").args(NATIVE))
    };
    own.and(all)
}

/// A command of the npm packages.
fn npx(program: &str) -> Command {
    let folder = root().join("end2end");
    let mut command = command(folder.join("node_modules/.bin").join(program));
    command.current_dir(folder);
    command
}

/// The site that the browser tests look at: the release build.
fn built_site() -> Result<()> {
    let options = site::Options {
        linted: true,
        ..Default::default()
    };
    site::build(&options).map(|_| ())
}
