//! What all handlers share.

use crate::config::Config;
use crate::conversion::Conversion;
use crate::edition::{Current, Living};
use crate::evidence::Evidence;
use crate::signing::{Hub, InFlight, Schedule};
use anyhow::{Context as _, Result};
use contract::date::Date;
use contract::provider::ProviderCode;
use contract::value::Timestamp;
use futures_util::future::join_all;
use provider::{ProviderEntry, RemoteSigner};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use store::{Database, Files, Vault};
use tracing::Instrument as _;

/// The portal; cheap to clone.
#[derive(Clone)]
pub struct Portal(Arc<Inner>);

/// See [`Portal`].
pub struct Inner {
    /// Settings.
    pub config: Config,
    /// Database.
    pub database: Database,
    /// Files.
    pub files: Files,
    /// Seals and opens stored values, where an operator gave keys.
    pub vault: Option<Vault>,
    /// Procedures, events, units and holidays: what is in force.
    pub living: Living,
    /// Working days and steps of work.
    pub office: crate::workflow::Office,
    /// The numbers of `Thống kê`, counted now and then.
    pub counted: crate::route::statistics::Counted,
    /// How far the journal's chain was followed.
    pub followed: crate::route::audit::Followed,
    /// News.
    pub news: crate::news::News,
    /// Where people may sign in besides with a password.
    pub oidc: crate::identity::oidc::Providers,
    /// Clients of the providers that are set up.
    pub signers: BTreeMap<ProviderCode, Arc<dyn RemoteSigner>>,
    /// Timestamps and revocation data.
    pub evidence: Evidence,
    /// Word files to PDF.
    pub conversion: Conversion,
    /// Where fees are paid online; none without one.
    pub gateway: Option<Arc<dyn crate::payment::PaymentGateway>>,
    /// Tells waiting browsers of changes.
    pub hub: Arc<Hub>,
    /// When to look at which transaction.
    pub schedule: Schedule,
    /// Other systems that are told of events.
    pub receivers: crate::hook::Receivers,
    /// The mail server, where one is set up.
    pub post: Option<crate::notify::Post>,
    /// How often addresses asked what needs no sign-in.
    pub limits: crate::limit::Limits,
    /// Receipts that are being made.
    pub receipts: crate::receipt::Making,
    /// What bounds the memory of files that are read whole.
    pub uploads: crate::upload::Uploads,
    /// Looks for malware in what arrives.
    pub scanner: crate::scan::Scanner,
    /// Documents that were put together.
    pub pages: crate::page::Pages,
    /// Icons of the province's own.
    pub brand: crate::brand::Brand,
    /// Numbers for operators.
    pub metrics: crate::operate::Metrics,
    /// Whether the server was asked to end.
    pub draining: crate::operate::Draining,
    /// Requests that are being sent to providers.
    pub in_flight: InFlight,
}

impl std::ops::Deref for Portal {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Portal {
    /// Opens database, files and catalogue.
    ///
    /// # Errors
    /// When one of them cannot be opened.
    pub async fn open(config: Config) -> Result<Self> {
        crate::seal::warn(config.seal.as_ref(), &config.trust, now());
        let database = Database::open(&config.database_url).await?;
        let vault = crate::storage::vault(&database, config.keys.as_ref()).await?;
        let files = Files::at(&config.files).with_context(|| config.files.to_string())?;
        let files = files.sealed_by(vault.clone());
        if config.demo {
            crate::demo::make_accounts(&database).await?;
        }
        crate::rights::warn(&database).await?;
        crate::hook::agree(&database, &config).await?;
        let client = provider::http_client()?;
        let metrics = crate::operate::Metrics::default();
        let signers = config
            .providers
            .iter()
            .filter_map(|entry| {
                let code = entry.code.clone();
                let signer = provider::signer(entry, &client)?;
                let measured = crate::operate::Measured::new(signer, code.clone(), metrics.clone());
                Some((code, Arc::new(measured) as Arc<dyn RemoteSigner>))
            })
            .collect();
        let office = office(&config)?;
        let living = Living::open(&config, &office)?;
        living.follow(&database, Date::in_vietnam(now())).await?;
        Ok(Self(Arc::new(Inner {
            database,
            files,
            vault,
            living,
            counted: crate::route::statistics::Counted::default(),
            followed: crate::route::audit::Followed::default(),
            office,
            news: crate::news::News::open(config.news.as_deref())?,
            oidc: crate::identity::oidc::Providers::new(&config.oidc)?,
            signers,
            evidence: Evidence::new(&config.evidence)?,
            gateway: crate::payment::gateway(&config.payment),
            conversion: Conversion::new(&config.conversion),
            hub: Arc::default(),
            schedule: Schedule::default(),
            receivers: crate::hook::Receivers::new(&config)?,
            post: config
                .mail
                .as_ref()
                .map(crate::notify::Post::new)
                .transpose()?,
            limits: crate::limit::Limits::default(),
            receipts: crate::receipt::Making::default(),
            uploads: crate::upload::Uploads::default(),
            scanner: crate::scan::Scanner::new(config.scan.clone()),
            pages: crate::page::Pages::new(config.province.clone()),
            brand: crate::brand::Brand::new(&config.province),
            metrics,
            draining: crate::operate::Draining::default(),
            in_flight: InFlight::default(),
            config,
        })))
    }

    /// Opens every portal of a process.
    ///
    /// # Errors
    /// What of which cannot be opened; all of them, since each is somebody else's to mend.
    pub async fn open_all(configs: Vec<Config>) -> Result<Vec<Self>> {
        let opened = join_all(configs.into_iter().map(|config| async {
            let tenant = config.tenant.as_ref().map(|tenant| tenant.name.clone());
            let span = tracing::info_span!("opening", tenant = tenant.as_deref());
            let opened = Self::open(config).instrument(span).await;
            opened.map_err(|error| match tenant {
                Some(tenant) => error.context(tenant),
                None => error,
            })
        }));
        let (mut portals, mut wrong) = (Vec::new(), Vec::new());
        for portal in opened.await {
            match portal {
                Ok(portal) => portals.push(portal),
                Err(error) => wrong.push(error),
            }
        }
        match wrong.pop() {
            None => Ok(portals),
            Some(only) if wrong.is_empty() => Err(only),
            Some(last) => {
                wrong.push(last);
                let lines: Vec<String> = wrong.iter().map(|error| format!("{error:#}")).collect();
                Err(anyhow::anyhow!(lines.join("\n")))
            }
        }
    }

    /// Which of several tenants it is; none for the only one.
    #[must_use]
    pub fn tenant(&self) -> Option<&str> {
        let tenant = self.config.tenant.as_ref();
        tenant.map(|tenant| tenant.name.as_str())
    }

    /// Watches open transactions, tells what is due and sweeps what was abandoned, until aborted.
    #[must_use]
    pub fn start_poller(&self) -> tokio::task::JoinHandle<()> {
        let portal = self.clone();
        let span = tracing::info_span!("poller", tenant = self.tenant());
        let work = async move {
            tokio::join!(
                crate::clock::watch(portal.clone()),
                crate::signing::poll(portal.clone()),
                crate::notify::run(portal.clone()),
                crate::hook::run(portal.clone()),
                crate::payment::run(portal.clone()),
                crate::upload::sweep(portal.clone()),
                crate::edition::run(portal.clone()),
                crate::identity::sweep(portal.clone()),
                crate::inbox::mend(portal.clone()),
                crate::unused::sweep(portal)
            );
        };
        tokio::spawn(work.instrument(span))
    }

    /// The server ends: streams are closed, so that the browsers go to another instance.
    pub fn close(&self) {
        self.hub.close();
    }

    /// Waits for providers' answers to requests that were sent. What is not answered in time is found out at the next start.
    pub async fn settle(&self) {
        self.in_flight.settle(self.config.pace.shutdown).await;
    }

    /// The same for every portal of a process, all at a time.
    pub async fn settle_all(portals: &[Self]) {
        join_all(portals.iter().map(Self::settle)).await;
    }

    /// What is in force of the catalogue.
    #[must_use]
    pub fn current(&self) -> Arc<Current> {
        self.living.current()
    }

    /// Sees to it that what is in force is today's, with everything that was published until now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn follow(&self) -> Result<()> {
        self.living
            .follow(&self.database, Date::in_vietnam(now()))
            .await
    }

    /// A provider's entry.
    #[must_use]
    pub fn provider(&self, code: &ProviderCode) -> Option<&ProviderEntry> {
        self.config
            .providers
            .iter()
            .find(|entry| entry.code == *code)
    }
}

/// Working days and steps; says which year's Tết an administrator still has to put into the file.
fn office(config: &Config) -> Result<crate::workflow::Office> {
    let office = crate::workflow::Office::open(config.holidays.as_deref())?;
    for year in office.calendar.missing(now()) {
        tracing::warn!(
            year,
            "the holidays of Tết are not in the calendar of working days"
        );
    }
    Ok(office)
}

/// The server's clock.
#[must_use]
pub fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
