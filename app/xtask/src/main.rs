//! Tasks of the project: `cargo xtask help` lists them.

mod bench;
mod bundle;
mod chaos;
mod conformance;
mod english;
mod fuzz;
mod look;
mod pack;
mod page;
mod process;
mod provinces;
mod run;
mod seed;
mod setup;
mod site;
mod supply;
mod test;
mod tidy;
mod watch;

use clap::{Parser, Subcommand};

/// Tasks of the project.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Set up what is missing, build everything and serve the portal with its sandbox provider.
    Run(run::Options),
    /// Build the site (both wasm modules, styles, service worker) into target/site.
    Build(site::Options),
    /// Serve, and rebuild and reload when a source file changes.
    Watch(run::Options),
    /// Everything that must be green: format, clippy, unit, storage, wasm and end-to-end tests.
    Test(test::Options),
    /// Walk the journeys alone: on both sizes, or as on a cheap phone with a bad network.
    Walk(test::Walk),
    /// Compare every screen with the pictures that were looked at and kept.
    Look(look::Options),
    /// Open every published file of ../shared/corpus in Chromium: it opens or says what is wrong, and no worker dies.
    Corpus,
    /// Judge published files with known verdicts and show where the validator differs, and why.
    Conformance,
    /// Sign a thousand times while the provider fails and the server is killed: nothing twice, nothing lost.
    Chaos(chaos::Options),
    /// Measure: speed against pdf.js and pdfium, pictures against poppler, signing, waiting browsers, the officers' inbox.
    Bench(bench::Options),
    /// Fill a database with invented dossiers, for measuring and trying.
    Seed(seed::Options),
    /// Feed the document engine and the appearance with broken input (needs nightly Rust and cargo-fuzz).
    Fuzz(fuzz::Options),
    /// List what the portal is made of (CycloneDX) and ask whether any of it is known to be weak (needs cargo-cyclonedx, cargo-deny).
    Supply,
    /// Check the arrows between crates and other promises of ARCHITECTURE.md.
    Tidy,
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().task {
        Task::Run(options) => run::run(&options),
        Task::Build(options) => {
            setup::for_site()?;
            site::build(&options).map(|_| ())
        }
        Task::Watch(options) => watch::watch(&options),
        Task::Test(options) => test::test(&options),
        Task::Walk(how) => test::walk(&how),
        Task::Look(options) => look::look(&options),
        Task::Corpus => test::corpus(),
        Task::Conformance => conformance::conformance(),
        Task::Chaos(options) => chaos::chaos(&options),
        Task::Bench(options) => bench::bench(&options),
        Task::Seed(options) => seed::seed(&options),
        Task::Fuzz(options) => fuzz::fuzz(&options),
        Task::Supply => supply::supply(),
        Task::Tidy => tidy::check(),
    }
}
