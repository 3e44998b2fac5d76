//! A provider to develop and test against: its own HTTP service, its own CA, a page that stands for the phone.
//!
//! It signs with test keys that anybody may use. It listens on loopback only, says so on every page, and a portal outside demo
//! mode refuses to talk to it.

mod admin;
mod authority;
mod callback;
mod certificate;
mod connection;
mod decision;
mod desk;
mod exchange;
mod fault;
mod gateway;
mod key;
mod phone;
mod pki;
mod post;
mod protocol;
mod providers;
mod record;
mod subscriber;

pub use authority::Authority;
pub use certificate::PKI_HOST;
pub use providers::{PROVIDERS, Provider};

use anyhow::{Context as _, Result, ensure};
use connection::{Cuttable, Line};
use decision::Auto;
use desk::Desk;
use fault::Faults;
use protocol::Tokens;
use protocol::csc::Permissions;
use record::Records;
use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use subscriber::{Credential, Standing, Subscribers};

/// `sp_id` and `sp_password`, `client_id` and `client_secret` it accepts.
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
    pub(crate) subscribers: Arc<Subscribers>,
    pub(crate) authority: Arc<Authority>,
    desk: Mutex<Desk>,
    faults: Mutex<Faults>,
    records: Mutex<Records>,
    tokens: Mutex<Tokens>,
    permissions: Mutex<Permissions>,
    manners: Mutex<Manners>,
    payments: Mutex<gateway::Payments>,
}

/// How providers behave, as tests set it.
#[derive(Debug, Default)]
pub(crate) struct Manners {
    /// Phones that press by themselves, by provider (empty: all) and account (empty: all).
    pub(crate) autos: HashMap<(String, String), Auto>,
    /// Where results are posted, by provider.
    pub(crate) webhooks: HashMap<String, String>,
    /// Where a token is fetched before a result is posted (MySign), by provider.
    pub(crate) webhook_logins: HashMap<String, String>,
    /// Providers whose gateway answers only when the person has decided.
    pub(crate) synchronous: HashSet<String>,
    /// What the CA says since when (seconds since 1970), by serial.
    pub(crate) standings: HashMap<String, (Standing, u64)>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Sandbox {
    /// The open requests.
    pub(crate) fn desk(&self) -> MutexGuard<'_, Desk> {
        locked(&self.desk)
    }

    pub(crate) fn faults(&self) -> MutexGuard<'_, Faults> {
        locked(&self.faults)
    }

    pub(crate) fn records(&self) -> MutexGuard<'_, Records> {
        locked(&self.records)
    }

    pub(crate) fn tokens(&self) -> MutexGuard<'_, Tokens> {
        locked(&self.tokens)
    }

    pub(crate) fn permissions(&self) -> MutexGuard<'_, Permissions> {
        locked(&self.permissions)
    }

    pub(crate) fn payments(&self) -> MutexGuard<'_, gateway::Payments> {
        locked(&self.payments)
    }

    pub(crate) fn manners(&self) -> MutexGuard<'_, Manners> {
        locked(&self.manners)
    }

    /// What a provider's clock says, in seconds since 1970.
    pub(crate) fn clock(&self, provider: &str) -> u64 {
        desk::now().saturating_add_signed(self.faults().skew(provider))
    }

    /// What the CA says about a certificate, its dates aside.
    pub(crate) fn standing(&self, credential: &Credential) -> Standing {
        let changed = self.manners().standings.get(&credential.serial).copied();
        changed.map_or(credential.standing, |(standing, _)| standing)
    }

    /// The phone of an account that presses by itself: the nearest rule.
    pub(crate) fn auto_of(&self, provider: &str, account: &str) -> Option<Auto> {
        let manners = self.manners();
        [(provider, account), ("", account), (provider, ""), ("", "")]
            .into_iter()
            .find_map(|(provider, account)| {
                manners
                    .autos
                    .get(&(provider.to_owned(), account.to_owned()))
                    .copied()
            })
    }

    /// Where a provider posts results.
    pub(crate) fn webhook(&self, provider: &str) -> Option<String> {
        self.manners().webhooks.get(provider).cloned()
    }

    /// Whether the call to sign answers only when the person has decided.
    pub(crate) fn answers_when_decided(&self, provider: &str) -> bool {
        self.manners().synchronous.contains(provider)
    }

    /// What a provider knows of somebody; nothing when keys cannot be made, which the terminal tells.
    pub(crate) async fn credentials(&self, provider: &str, account: &str) -> Vec<Arc<Credential>> {
        match self.subscribers.credentials(provider, account).await {
            Ok(known) => known,
            Err(error) => {
                tracing::error!(%error, "certificates cannot be made");
                Vec::new()
            }
        }
    }

    /// What a provider says when it is asked for certificates: another person's with that fault.
    pub(crate) async fn listed_credentials(
        &self,
        provider: &str,
        account: &str,
    ) -> Vec<Arc<Credential>> {
        let mixed_up = !self
            .faults()
            .strike(
                provider,
                fault::Call::Certificates,
                &[fault::Fault::WrongCertificate],
            )
            .is_empty();
        let other = self
            .subscribers
            .people()
            .iter()
            .find(|person| person.citizen_id != account);
        match other {
            Some(other) if mixed_up => self.credentials(provider, &other.citizen_id).await,
            _ => self.credentials(provider, account).await,
        }
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
        let authority = Arc::new(Authority::open(&data)?);
        let subscribers = Arc::new(Subscribers::open(&data, Arc::clone(&authority))?);
        anyhow::Ok((authority, subscribers))
    })
    .await??;
    let root = authority.root_der()?;
    let sandbox = Arc::new(Sandbox {
        subscribers,
        authority,
        desk: Mutex::new(Desk::new(settings.lifetime_seconds)),
        faults: Mutex::default(),
        records: Mutex::default(),
        tokens: Mutex::default(),
        permissions: Mutex::default(),
        manners: Mutex::default(),
        payments: Mutex::default(),
    });
    let listener = tokio::net::TcpListener::bind(settings.listen)
        .await
        .with_context(|| format!("cannot listen on {}", settings.listen))?;
    let address = listener.local_addr()?;
    let router = axum::Router::new()
        .merge(protocol::routes())
        .merge(pki::routes())
        .layer(axum::middleware::from_fn_with_state(
            Arc::clone(&sandbox),
            exchange::exchange,
        ))
        .merge(phone::routes())
        .merge(gateway::routes())
        .merge(admin::routes())
        .with_state(sandbox);
    let service = router.into_make_service_with_connect_info::<Line>();
    let task = tokio::spawn(async move {
        if let Err(error) = axum::serve(Cuttable(listener), service).await {
            tracing::error!(%error, "the sandbox stopped");
        }
    });
    Ok(Running {
        address,
        root,
        task,
    })
}
