//! The sandbox provider as a program.

use clap::{Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

/// A provider of remote signatures for development and tests. It signs with test keys.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the protocol and the phone page.
    Serve {
        /// Where to listen.
        #[arg(long, default_value = "127.0.0.1:8090")]
        listen: SocketAddr,
        /// Folder for keys and certificates.
        #[arg(long, default_value = "var/sandbox")]
        data: PathBuf,
        /// How long a request waits for the person, in seconds.
        #[arg(long, default_value_t = 300)]
        lifetime_seconds: u64,
        /// Allow an address that other machines reach.
        #[arg(long)]
        i_know_this_signs_with_test_keys: bool,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::WARN)
        .init();
    let Command::Serve {
        listen,
        data,
        lifetime_seconds,
        i_know_this_signs_with_test_keys,
    } = Arguments::parse().command;
    let running = sandbox::start(sandbox::Settings {
        listen,
        data,
        lifetime_seconds,
        i_know_this_signs_with_test_keys,
    })
    .await?;
    println!(
        "sandbox provider on http://{0} (test keys), admin page http://{0}/admin",
        running.address
    );
    running.forever().await;
    Ok(())
}
