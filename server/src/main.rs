//! The portal server's command line.

use anyhow::{Context as _, Result};
use axum::serve::ListenerExt as _;
use clap::{Parser, Subcommand};
use server::config::{Settings, StorageSettings};
use std::path::PathBuf;
use std::process::ExitCode;

/// glibc's kept more memory after busy minutes (259 MB against 95) and took more of the processor for a dossier (0.80 ms against 0.65):
/// the load of `bench server` on one program with either, 2026-11-26.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Hồ Sơ Ký Số: the portal server.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the portal.
    Serve(Box<Settings>),
    /// Validate the signatures of a PDF. The exit status is 0 for the verdict `valid`, 1 for `invalid`, 3 when it cannot be concluded,
    /// 4 when there is no signature.
    Verify {
        /// The file.
        file: PathBuf,
        /// Folder with trusted roots (PEM or DER).
        #[arg(long)]
        roots: PathBuf,
        /// Print what the validator found as JSON.
        #[arg(long, conflicts_with = "report")]
        json: bool,
        /// Language of the words on the terminal; kept reports are Vietnamese.
        #[arg(long, value_enum, default_value = "vi", conflicts_with_all = ["json", "report"])]
        lang: server::verify::Language,
        /// Make a report that can be kept, in this shape.
        #[arg(long, value_enum)]
        report: Option<server::verify::Shape>,
        /// Where the report goes; without it to standard output.
        #[arg(long, requires = "report")]
        out: Option<PathBuf>,
    },
    /// Try everything that the portal depends on with these settings, changing nothing, and say what to do about what does not work.
    /// The exit status is 0 when nothing is wrong, else 1.
    Doctor {
        #[command(flatten)]
        settings: Box<Settings>,
        /// Print the findings as JSON.
        #[arg(long)]
        json: bool,
    },
    /// The journal of what was done to whose data.
    #[command(subcommand)]
    Audit(Audit),
    /// Write the database and all files that it names into one file, while the portal runs. With `PORTAL_KEK` it is encrypted.
    #[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
    Backup {
        #[command(subcommand)]
        command: Option<Backup>,
        #[command(flatten)]
        storage: StorageSettings,
        /// The file to write.
        #[arg(long, required = true)]
        out: Option<PathBuf>,
    },
    /// Put an archive into an empty database and an empty file store, and check that everything arrived.
    Restore {
        /// The archive.
        file: PathBuf,
        #[command(flatten)]
        storage: StorageSettings,
    },
    /// Erase dossiers whose term is over, as their procedures' `[retention]` says. The portal does it by itself every few minutes.
    Retention {
        /// Only tell which they are.
        #[arg(long)]
        dry_run: bool,
        /// Of the tenants in the settings file, which one.
        #[arg(long)]
        tenant: Option<String>,
        #[command(flatten)]
        settings: Box<Settings>,
    },
    /// The keys that encrypt stored data: `PORTAL_KEK` (or `PORTAL_KEK_FILE`) has them, one a line as `NAME:64 HEXADECIMAL DIGITS`.
    Keys {
        #[command(subcommand)]
        command: server::storage::KeysCommand,
        #[command(flatten)]
        storage: StorageSettings,
    },
    /// Copy a database into another, empty one: from SQLite to PostgreSQL or back.
    Migrate(server::storage::Migration),
    /// Messages to other systems that did not arrive.
    #[command(subcommand)]
    Webhooks(Webhooks),
    /// Give officers the rights a TOML file says (`[[officer]]` with `user_name` and `grants`), in place of those they have.
    Rights {
        /// The file.
        file: PathBuf,
        /// Database address, `sqlite:FILE` or `postgres://…`.
        #[arg(long, env = "PORTAL_DATABASE_URL", hide_env_values = true)]
        database_url: String,
    },
}

#[derive(Subcommand)]
enum Backup {
    /// Read an archive to its end and tell what is damaged.
    Verify {
        /// The archive.
        file: PathBuf,
        /// Whose it is of several tenants: its keys are `<TENANT>_PORTAL_KEK`.
        #[arg(long)]
        tenant: Option<String>,
    },
}

#[derive(Subcommand)]
enum Webhooks {
    /// List those that wait and those that were given up. The exit status is 1 when some were given up, else 0.
    List {
        /// Database address, `sqlite:FILE` or `postgres://…`.
        #[arg(long, env = "PORTAL_DATABASE_URL", hide_env_values = true)]
        database_url: String,
    },
    /// Try those again that were given up, for another day.
    Retry {
        /// Only those for this system.
        #[arg(long)]
        name: Option<String>,
        /// Database address, `sqlite:FILE` or `postgres://…`.
        #[arg(long, env = "PORTAL_DATABASE_URL", hide_env_values = true)]
        database_url: String,
    },
}

#[derive(Subcommand)]
enum Audit {
    /// Follow the chain from its first record and tell the first link that does not hold. The exit status is 0 when all holds, else 1.
    Verify {
        /// Database address, `sqlite:FILE` or `postgres://…`.
        #[arg(long, env = "PORTAL_DATABASE_URL", hide_env_values = true)]
        database_url: String,
        /// What an earlier run said to keep elsewhere: `NUMBER:HASH`. Without it a chain that was made anew as a whole is not noticed.
        #[arg(long)]
        kept: Option<String>,
    },
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    install_tls()?;
    match Arguments::parse().command {
        Command::Serve(settings) => serve(*settings).await,
        Command::Doctor { settings, json } => server::operate::doctor::run(*settings, json).await,
        Command::Audit(Audit::Verify { database_url, kept }) => {
            server::audit::verify(&database_url, kept.as_deref()).await
        }
        Command::Backup {
            command: Some(Backup::Verify { file, tenant }),
            ..
        } => server::storage::verify(&file, tenant.as_deref()).await,
        Command::Backup { storage, out, .. } => {
            let out = out.context("--out is missing")?;
            server::storage::back_up(storage, &out).await
        }
        Command::Restore { file, storage } => server::storage::restore(storage, &file).await,
        Command::Retention {
            dry_run,
            tenant,
            settings,
        } => {
            let config = settings
                .resolve_one(tenant.as_deref())
                .map_err(|wrong| anyhow::anyhow!(wrong.join("\n")))?;
            server::retention::run(&server::Portal::open(config).await?, dry_run).await
        }
        Command::Keys { command, storage } => server::storage::keys(storage, command).await,
        Command::Migrate(migration) => server::storage::migrate(migration).await,
        Command::Webhooks(Webhooks::List { database_url }) => {
            server::hook::list(&database_url).await
        }
        Command::Webhooks(Webhooks::Retry { name, database_url }) => {
            server::hook::retry(&database_url, name.as_deref()).await
        }
        Command::Rights { file, database_url } => {
            let database = store::Database::open(&database_url).await?;
            let officers = server::rights::apply(&database, &file).await?;
            println!("rights of {officers} officers were set");
            Ok(ExitCode::SUCCESS)
        }
        Command::Verify {
            file,
            roots,
            json,
            lang,
            report,
            out,
        } => {
            let wanted = match report {
                Some(shape) => server::verify::Wanted::Report(shape, out),
                None if json => server::verify::Wanted::Json,
                None => server::verify::Wanted::Words(lang),
            };
            server::verify::run(&file, &roots, &wanted)
        }
    }
}

async fn serve(settings: Settings) -> Result<ExitCode> {
    let configs = match settings.resolve_all() {
        Ok(configs) => configs,
        Err(wrong) => {
            for error in &wrong {
                eprintln!("configuration: {error}");
            }
            return Ok(ExitCode::from(2));
        }
    };
    // What is the process's is the same in all of them.
    let config = configs.first().context("there is no portal to serve")?;
    let endpoint = config.otlp_endpoint.clone();
    let (listen, metrics_listen) = (config.listen, config.metrics_listen);
    let drain = config.pace.drain;
    // Its client waits where nothing asynchronous may run.
    let traces =
        tokio::task::spawn_blocking(move || server::operate::trace::start(endpoint.as_deref()))
            .await??;
    let listener = tokio::net::TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot listen on {listen}"))?;
    let portals = server::Portal::open_all(configs).await?;
    let pollers: Vec<_> = portals.iter().map(server::Portal::start_poller).collect();
    let closing = portals.clone();
    if let Some(address) = metrics_listen {
        let (address, _) = server::operate::serve(portals.clone(), address)
            .await
            .with_context(|| format!("cannot listen on {address}"))?;
        tracing::info!(%address, "numbers are served");
    }
    tracing::info!(address = %listener.local_addr()?, "the portal is open");
    axum::serve(
        // An event is a small packet, and the next must not wait for the browser to say that it has it.
        listener.tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        }),
        server::service(&portals).into_make_service_with_connect_info::<std::net::SocketAddr>(),
    )
    .with_graceful_shutdown(async move {
        asked_to_end().await;
        for portal in &closing {
            portal.draining.begin();
        }
        tokio::time::sleep(drain).await;
        for portal in &closing {
            portal.close();
        }
    })
    .await?;
    for poller in pollers {
        poller.abort();
    }
    server::Portal::settle_all(&portals).await;
    tokio::task::spawn_blocking(move || drop(traces)).await?;
    Ok(ExitCode::SUCCESS)
}

fn install_tls() -> Result<()> {
    rustls::crypto::ring::default_provider()
        .install_default()
        .map_err(|_| anyhow::anyhow!("the TLS library is set up twice"))
}

/// Until somebody presses Ctrl-C or the system asks the process to end.
async fn asked_to_end() {
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}
