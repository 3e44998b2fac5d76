//! A PostgreSQL for one test run: a throw-away cluster on a loopback port, gone afterwards.

use crate::process::{command, succeed};
use crate::setup;
use anyhow::{Context as _, Result, bail};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A running cluster.
pub struct Postgres {
    programs: PathBuf,
    data: PathBuf,
    port: u16,
}

impl Postgres {
    /// Makes a cluster and starts it. It forgets what it did when the machine stops: quick, for tests.
    pub fn start() -> Result<Self> {
        Self::started("-c fsync=off")
    }

    /// The same, but what it committed is on the disk, as anywhere where it counts.
    pub fn durable() -> Result<Self> {
        Self::started("-c fsync=on -c synchronous_commit=on")
    }

    fn started(durability: &str) -> Result<Self> {
        let programs = setup::postgres_folder().context("PostgreSQL is not installed")?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let data = std::env::temp_dir().join(format!("hoso-postgres-{port}"));
        let postgres = Self {
            programs,
            data,
            port,
        };
        succeed(
            postgres
                .as_user("initdb")
                .arg("--pgdata")
                .arg(&postgres.data)
                .args([
                    "--username=postgres",
                    "--auth=trust",
                    "--encoding=UTF8",
                    "--locale=C.UTF-8",
                ])
                .stdout(Stdio::null()),
        )?;
        let options = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' {durability}"
        );
        succeed(
            postgres
                .as_user("pg_ctl")
                .args(["start", "--wait", "--silent", "--pgdata"])
                .arg(&postgres.data)
                .arg("--log")
                .arg(postgres.data.join("log"))
                .args(["--options", &options])
                .stdout(Stdio::null()),
        )?;
        if std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            bail!(
                "PostgreSQL did not start; see {}",
                postgres.data.join("log").display()
            );
        }
        Ok(postgres)
    }

    /// Where tests make their databases.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Where its programs are, `pgbench` among them.
    pub fn programs(&self) -> &Path {
        &self.programs
    }

    /// PostgreSQL refuses to run as root.
    fn as_user(&self, program: &str) -> Command {
        let path = self.programs.join(program);
        let root = Command::new("id")
            .arg("-u")
            .output()
            .is_ok_and(|id| id.stdout.starts_with(b"0\n"));
        let mut started = if root {
            let mut runuser = command("runuser");
            runuser.args(["-u", "postgres", "--"]).arg(path);
            runuser
        } else {
            command(path)
        };
        started.current_dir(std::env::temp_dir());
        started
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ = self
            .as_user("pg_ctl")
            .args(["stop", "--mode=immediate", "--silent", "--pgdata"])
            .arg(&self.data)
            .status();
        let _ = std::fs::remove_dir_all(&self.data);
    }
}
