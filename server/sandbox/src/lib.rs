//! A provider to develop and test against: its own HTTP service, its own CA, a page that stands for the phone.
//!
//! It signs with test keys that anybody may use. It listens on loopback only, says so on every page, and a portal outside demo
//! mode refuses to talk to it.

mod admin;
mod authority;
mod desk;
mod phone;
mod protocol;
mod subscriber;

pub use authority::Authority;

use anyhow::{Context as _, Result, ensure};
use desk::Desk;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use subscriber::Subscribers;

/// Codes of the providers it plays, and how their apps are called.
pub const PROVIDERS: [(&str, &str); 7] = [
    ("vnpt-ca", "VNPT SmartCA"),
    ("viettel-ca", "MySign"),
    ("misa-ca", "MISA eSign"),
    ("ca2", "CA2 Remote Signing"),
    ("bkavca", "Bkav Remote Signing"),
    ("fpt-ca", "FPT.eSign"),
    ("newtel-ca", "NewCA"),
];

/// `sp_id` and `sp_password` it accepts.
pub const CREDENTIALS: (&str, &str) = ("portal-demo", "sandbox-only");

/// How to run it.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where to listen; port 0 takes any free one.
    pub listen: SocketAddr,
    /// Folder for keys and certificates; made when missing.
    pub data: PathBuf,
    /// How long a request waits for the person, in seconds.
    pub lifetime_seconds: u64,
    /// Listen on an address that others reach. The name is long on purpose.
    pub i_know_this_signs_with_test_keys: bool,
}

/// A running sandbox; it ends with this value.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its root certificate, DER.
    pub root: Vec<u8>,
    task: tokio::task::JoinHandle<()>,
}

impl Running {
    /// Serves until the process ends.
    pub async fn forever(mut self) {
        let _ = (&mut self.task).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What all handlers share.
pub(crate) struct Sandbox {
    pub(crate) subscribers: Subscribers,
    desk: Mutex<Desk>,
}

impl Sandbox {
    /// The open requests.
    pub(crate) fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes or reads keys and certificates, and serves.
///
/// # Errors
/// When the address is not loopback, is taken, or the folder cannot be written.
pub async fn start(settings: Settings) -> Result<Running> {
    ensure!(
        settings.listen.ip().is_loopback() || settings.i_know_this_signs_with_test_keys,
        "the sandbox signs with test keys and listens on loopback only"
    );
    let data = settings.data.clone();
    let (authority, subscribers) = tokio::task::spawn_blocking(move || {
        let authority = Authority::open(&data)?;
        let subscribers = Subscribers::open(&data, &authority)?;
        anyhow::Ok((authority, subscribers))
    })
    .await??;
    let root = authority.root_der()?;
    let sandbox = Arc::new(Sandbox {
        subscribers,
        desk: Mutex::new(Desk::new(settings.lifetime_seconds)),
    });
    let listener = tokio::net::TcpListener::bind(settings.listen)
        .await
        .with_context(|| format!("cannot listen on {}", settings.listen))?;
    let address = listener.local_addr()?;
    let router = axum::Router::new()
        .merge(protocol::routes())
        .merge(phone::routes())
        .merge(admin::routes())
        .with_state(sandbox);
    let task = tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(%error, "the sandbox stopped");
        }
    });
    Ok(Running {
        address,
        root,
        task,
    })
}
