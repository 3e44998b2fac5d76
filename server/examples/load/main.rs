//! Drives real processes, the portal's server and the sandbox provider, with many people at once. `cargo xtask chaos` and
//! `cargo xtask bench signing` build everything and start it.

mod browser;
mod chaos;
mod desk;
mod faults;
#[path = "../../tests/it/support/form.rs"]
mod form;
#[path = "../../tests/it/support/ledger.rs"]
mod ledger;
mod number;
mod people;
mod phone;
mod portal;
mod rate;
#[allow(clippy::expect_used, clippy::panic)]
#[path = "../../tests/it/support/s3.rs"]
mod s3;
mod stage;
mod waiting;
mod wire;

use anyhow::Result;
use clap::{Parser, Subcommand};
use stage::Place;

#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Signings with faults at the provider and a server that dies again and again; fails unless each ends in the truth.
    Chaos(chaos::Options),
    /// People hand dossiers in while servers are killed; fails unless everything that was acknowledged is there.
    Faults(faults::Options),
    /// Browsers that wait for a phone: memory, and time from the phone to the browser.
    Waiting(waiting::Options),
    /// Signings a second from start to end, and what the sandbox does alone.
    Rate(rate::Options),
    /// An officer's inbox on a full database.
    Desk(desk::Options),
    /// The portal beside what limits it: nginx, the database alone, the disk alone.
    #[command(subcommand)]
    Portal(portal::What),
}

#[tokio::main]
async fn main() -> Result<()> {
    rustls::crypto::ring::default_provider()
        .install_default()
        .map_err(|_| anyhow::anyhow!("the TLS library is set up twice"))?;
    let Arguments { place, what } = Arguments::parse();
    match what {
        What::Chaos(options) => chaos::run(&place, &options).await,
        What::Faults(options) => faults::run(&place, &options).await,
        What::Waiting(options) => waiting::run(&place, &options).await,
        What::Rate(options) => rate::run(&place, &options).await,
        What::Desk(options) => desk::run(&place, &options).await,
        What::Portal(what) => portal::run(&place, &what).await,
    }
}
