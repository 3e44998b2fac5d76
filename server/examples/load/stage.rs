//! The two processes: started, killed without warning, started again on the same data.

use anyhow::{Context as _, Result, bail};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};

/// Where things are.
#[derive(clap::Args, Debug)]
pub struct Place {
    /// Folder with the programs `server` and `sandbox`.
    #[arg(long)]
    programs: PathBuf,
    /// Folder for database, keys and logs; should be empty.
    #[arg(long)]
    data: PathBuf,
    /// Database [default: SQLite in the data folder].
    #[arg(long)]
    database_url: Option<String>,
    /// Folder of the built site [default: an empty one].
    #[arg(long)]
    site: Option<PathBuf>,
    /// How long the sandbox waits for the person, in seconds.
    #[arg(long, default_value_t = 300)]
    lifetime_seconds: u64,
}

/// Everybody who is played comes from one address, and some ask all the time: what the portal allows an address and a person is lifted
/// by its settings, as an operator would. A proxy's header tells addresses apart where a bound has no setting.
const SETTINGS: &str = "behind_proxy = true\n[pace]\nrequests_per_address = 10000000\nrequests_per_person = 10000000\n";

/// Both processes.
pub struct Stage {
    pub program: PathBuf,
    pub data: PathBuf,
    pub site: PathBuf,
    pub database_url: String,
    portal_port: u16,
    pub sandbox: String,
    _sandbox: Child,
    server: Option<Child>,
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

impl Stage {
    /// Starts the sandbox; the server follows with [`Stage::start_server`].
    pub async fn new(place: &Place) -> Result<Self> {
        std::fs::create_dir_all(&place.data)?;
        let data = place.data.canonicalize()?;
        let (portal_port, sandbox_port) = (free_port()?, free_port()?);
        let sandbox = Command::new(place.programs.join("sandbox"))
            .arg("serve")
            .args(["--listen", &format!("127.0.0.1:{sandbox_port}")])
            .args(["--lifetime-seconds", &place.lifetime_seconds.to_string()])
            .arg("--data")
            .arg(data.join("sandbox"))
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(data.join("sandbox.log"))?)
            .kill_on_drop(true)
            .spawn()
            .context("the sandbox does not start")?;
        let stage = Self {
            program: place.programs.join("server"),
            database_url: place
                .database_url
                .clone()
                .unwrap_or_else(|| format!("sqlite:{}", data.join("portal.sqlite").display())),
            site: place.site.clone().unwrap_or_else(|| data.join("site")),
            data,
            portal_port,
            sandbox: format!("http://127.0.0.1:{sandbox_port}"),
            _sandbox: sandbox,
            server: None,
        };
        answers(&format!("{}/health", stage.sandbox), 120).await?;
        Ok(stage)
    }

    /// Starts the server and waits until it answers.
    pub async fn start_server(&mut self) -> Result<()> {
        self.spawn_server()?;
        answers(&self.at("/api/health"), 60).await
    }

    /// Starts the server.
    pub fn spawn_server(&mut self) -> Result<()> {
        std::fs::create_dir_all(&self.site)?;
        let settings = self.data.join("portal.toml");
        std::fs::write(&settings, SETTINGS)?;
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.data.join("server.log"))?;
        let child = Command::new(&self.program)
            .args(["serve", "--demo"])
            .args(["--listen", &format!("127.0.0.1:{}", self.portal_port)])
            .args(["--sandbox-url", &self.sandbox])
            .args(["--database-url", &self.database_url])
            .arg("--sandbox-root")
            .arg(self.data.join("sandbox/root.pem"))
            .arg("--data")
            .arg(self.data.join("server"))
            .arg("--site")
            .arg(&self.site)
            .arg("--config")
            .arg(&settings)
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .context("the server does not start")?;
        self.server = Some(child);
        Ok(())
    }

    /// `kill -9`.
    pub async fn kill_server(&mut self) -> Result<()> {
        if let Some(mut child) = self.server.take() {
            child.kill().await?;
        }
        Ok(())
    }

    /// An address of the portal.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.portal())
    }

    /// The portal.
    pub fn portal(&self) -> String {
        format!("http://127.0.0.1:{}", self.portal_port)
    }

    /// Memory of the server now, in bytes (`VmRSS`).
    pub fn server_memory(&self) -> Result<u64> {
        let id = self
            .server
            .as_ref()
            .and_then(Child::id)
            .context("no server")?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .context("no VmRSS")?;
        let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kilobytes * 1024)
    }

    /// Processor time of the server so far, in seconds.
    pub fn server_seconds(&self) -> Result<f64> {
        let id = self
            .server
            .as_ref()
            .and_then(Child::id)
            .context("no server")?;
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat"))?;
        let after = stat.rsplit_once(") ").context("stat")?.1;
        let ticks: u32 = after
            .split(' ')
            .skip(11)
            .take(2)
            .filter_map(|field| field.parse::<u32>().ok())
            .sum();
        Ok(f64::from(ticks) / 100.0)
    }
}

/// Waits until an address answers.
pub async fn answers(address: &str, seconds: u64) -> Result<()> {
    let client = reqwest::Client::new();
    let since = Instant::now();
    while since.elapsed() < Duration::from_secs(seconds) {
        if let Ok(answer) = client.get(address).send().await
            && answer.status().is_success()
        {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    bail!("{address} does not answer")
}
