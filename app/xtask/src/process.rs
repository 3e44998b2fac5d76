//! Starting other programs, waiting for them, and telling the person what is going on.

use anyhow::{Context as _, Result, bail};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The workspace's root: the folder that `Cargo.toml`, `app`, `server` … stand in.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// The cargo target folder, `CARGO_TARGET_DIR` respected.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A command that runs in the workspace's root.
pub fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// `cargo`, the one this task was started by.
pub fn cargo() -> Command {
    let mut cargo = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // What cargo tells this program about itself is none of a nested cargo's business: build scripts that look at it (ring's) would
    // run again, and everything above them with it.
    for (name, _) in std::env::vars_os() {
        let told = name.to_string_lossy();
        if told.starts_with("CARGO_PKG_") || told.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(&name);
        }
    }
    cargo
}

/// Has clippy's compiler compile our own crates: one compilation both lints and makes what is run, where `cargo clippy` would
/// go through all of the dependencies once more. What other commands compiled is not taken over, so that all steps of a test
/// run have to go through here.
pub fn linted(command: &mut Command) -> Result<&mut Command> {
    let sysroot = Command::new("rustc")
        .args(["--print", "sysroot"])
        .current_dir(root())
        .output()
        .context("cannot start rustc")?;
    let driver =
        Path::new(String::from_utf8_lossy(&sysroot.stdout).trim()).join("bin/clippy-driver");
    if !driver.is_file() {
        bail!("clippy is needed: rustup component add clippy");
    }
    Ok(command
        .env("RUSTC_WORKSPACE_WRAPPER", driver)
        .env("CLIPPY_ARGS", "-Dwarnings__CLIPPY_HACKERY__"))
}

/// Says what begins now; the time it took follows when the guard is dropped.
pub fn step(what: &str) -> Step {
    eprintln!("\x1b[1m▸ {what}\x1b[0m");
    Step {
        what: what.to_owned(),
        since: Instant::now(),
    }
}

/// See [`step`].
pub struct Step {
    what: String,
    since: Instant,
}

impl Drop for Step {
    fn drop(&mut self) {
        eprintln!(
            "  {} ({:.1} s)",
            self.what,
            self.since.elapsed().as_secs_f32()
        );
    }
}

/// Runs to the end with its output shown; an exit status other than 0 is an error.
pub fn succeed(command: &mut Command) -> Result<()> {
    let shown = format!("{command:?}");
    let status = command
        .status()
        .with_context(|| format!("cannot start {shown}"))?;
    if !status.success() {
        bail!("{shown}: {status}");
    }
    Ok(())
}

/// Whether a program exists on PATH.
pub fn on_path(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| {
        std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
    })
}

/// A child that is killed when the guard goes away.
pub struct Service {
    child: Child,
    name: &'static str,
}

impl Service {
    /// Starts a service.
    pub fn start(name: &'static str, command: &mut Command) -> Result<Self> {
        let child = command
            .stdin(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        Ok(Self { child, name })
    }

    /// An error when it has ended by itself.
    pub fn still_running(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => bail!("{} ended: {status}", self.name),
        }
    }

    /// Ends it as a power cut does.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Waits until `http://address path` answers 200, at most `limit`.
    pub fn wait_for(&mut self, address: &str, path: &str, limit: Duration) -> Result<()> {
        let since = Instant::now();
        while since.elapsed() < limit {
            self.still_running()?;
            if answers(address, path) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        bail!(
            "{} did not answer at http://{address}{path} within {} s",
            self.name,
            limit.as_secs()
        )
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Whether an HTTP GET is answered with status 200.
pub fn answers(address: &str, path: &str) -> bool {
    let ask = || -> Result<bool> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
        )?;
        let mut head = [0; 12];
        stream.read_exact(&mut head)?;
        Ok(head.ends_with(b" 200"))
    };
    ask().unwrap_or(false)
}
