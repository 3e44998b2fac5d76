//! What a fresh machine lacks is installed here, from the Rust, npm, Python and Debian registries only.

use crate::process::{command, on_path, root, step, succeed};
use anyhow::{Context as _, Result, bail};
use sha2::{Digest as _, Sha256};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Debian's Chromium; another one by the environment variable `CHROMIUM`.
pub fn chromium() -> PathBuf {
    browser("/usr/bin/chromium")
}

/// The same without its windows, which cost processor time for every new person of a journey; another one likewise.
pub fn shell() -> PathBuf {
    browser("/usr/bin/chromium-headless-shell")
}

fn browser(debian: &str) -> PathBuf {
    std::env::var_os("CHROMIUM").map_or_else(|| debian.into(), PathBuf::from)
}

/// Debian's nginx.
pub const NGINX: &str = "/usr/sbin/nginx";

/// What building the site needs: the wasm target and, for `wasm-opt`, the npm packages.
pub fn for_site() -> Result<()> {
    wasm_target()?;
    npm()
}

/// What the tests need beyond that: a browser, PostgreSQL, PDF tools, the Python judges.
pub fn for_tests() -> Result<()> {
    for_site()?;
    debian(&[
        (&chromium().display().to_string(), "chromium"),
        (&shell().display().to_string(), "chromium-headless-shell"),
        ("/usr/bin/chromedriver", "chromium-driver"),
        ("/usr/bin/pdfsig", "poppler-utils"),
        ("/usr/bin/qpdf", "qpdf"),
        ("/usr/bin/mutool", "mupdf-tools"),
        ("/usr/bin/certutil", "libnss3-tools"),
        ("/usr/sbin/clamd", "clamav-daemon"),
        ("/usr/bin/faketime", "faketime"),
        ("/usr/bin/soffice", "libreoffice-writer-nogui"),
        ("/usr/share/fonts/truetype/liberation", "fonts-liberation"),
    ])?;
    if postgres_folder().is_none() {
        debian(&[("", "postgresql")])?;
    }
    python()
}

/// Where `initdb` and `pg_ctl` are.
pub fn postgres_folder() -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|folder| folder.join("initdb").is_file())
        .collect();
    versions.sort();
    versions.pop()
}

/// The Python of the judges.
pub fn venv_python() -> PathBuf {
    root().join("end2end/.venv/bin/python")
}

fn wasm_target() -> Result<()> {
    let sysroot = Command::new("rustc")
        .args(["--print", "sysroot"])
        .current_dir(root())
        .output()
        .context("cannot start rustc")?;
    let folder = PathBuf::from(String::from_utf8_lossy(&sysroot.stdout).trim())
        .join("lib/rustlib/wasm32-unknown-unknown");
    if folder.is_dir() {
        return Ok(());
    }
    let _step = step("Adding the wasm target");
    succeed(command("rustup").args(["target", "add", "wasm32-unknown-unknown"]))
}

fn npm() -> Result<()> {
    npm_in(
        &root().join("end2end"),
        "Installing the npm packages (wasm-opt, Playwright)",
    )
}

/// What `cargo xtask bench` needs beyond the tests: the engines that ours is measured against.
pub fn for_bench() -> Result<()> {
    npm_in(
        &root().join("end2end/bench"),
        "Installing pdf.js and pdfium",
    )
}

/// What the portal's server is measured beside: nginx, asked for by wrk, and PostgreSQL with its own measure.
pub fn for_server_bench() -> Result<()> {
    debian(&[
        (NGINX, "nginx-light"),
        ("/usr/bin/wrk", "wrk"),
        ("/usr/bin/python3", "python3"),
    ])?;
    let has_pgbench = postgres_folder().is_some_and(|folder| folder.join("pgbench").is_file());
    if !has_pgbench {
        debian(&[("", "postgresql")])?;
    }
    Ok(())
}

fn npm_in(folder: &Path, what: &str) -> Result<()> {
    if up_to_date(
        &folder.join("package-lock.json"),
        &folder.join("node_modules/.installed"),
    )? {
        return Ok(());
    }
    if !on_path("npm") {
        bail!(
            "Node.js with npm is needed (wasm-opt and the browser tests come from the npm registry); install Node 20 or newer"
        );
    }
    let _step = step(what);
    succeed(
        command("npm")
            .current_dir(folder)
            .args([
                "ci",
                "--omit=optional",
                "--no-fund",
                "--no-audit",
                "--loglevel=error",
            ])
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"),
    )?;
    mark(
        &folder.join("package-lock.json"),
        &folder.join("node_modules/.installed"),
    )
}

fn python() -> Result<()> {
    let folder = root().join("end2end");
    let (wanted, done) = (
        folder.join("requirements.txt"),
        folder.join(".venv/.installed"),
    );
    if up_to_date(&wanted, &done)? {
        return Ok(());
    }
    let _step = step("Installing the Python judges (pyHanko and others)");
    if !venv_python().is_file() {
        let made = command("python3")
            .args(["-m", "venv"])
            .arg(folder.join(".venv"))
            .status();
        if !made.is_ok_and(|status| status.success()) {
            debian(&[("", "python3-venv")])?;
            succeed(
                command("python3")
                    .args(["-m", "venv"])
                    .arg(folder.join(".venv")),
            )?;
        }
    }
    succeed(
        command(venv_python())
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "-r",
            ])
            .arg(&wanted),
    )?;
    mark(&wanted, &done)
}

/// Installs the packages whose file is missing.
fn debian(wanted: &[(&str, &str)]) -> Result<()> {
    let missing: Vec<&str> = wanted
        .iter()
        .filter(|(file, _)| file.is_empty() || !Path::new(file).exists())
        .map(|(_, package)| *package)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    let is_root = Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|id| id.stdout.starts_with(b"0\n"));
    if !is_root || !on_path("apt-get") {
        bail!("please install these Debian packages first: sudo apt-get install {list}");
    }
    let _step = step(&format!("Installing Debian packages: {list}"));
    succeed(command("apt-get").args(["-qq", "update"]))?;
    succeed(
        command("apt-get")
            .args(["-qq", "install", "-y", "--no-install-recommends"])
            .args(&missing)
            .env("DEBIAN_FRONTEND", "noninteractive"),
    )
}

fn digest_of(file: &Path) -> Result<String> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(hex::encode(Sha256::digest(bytes)))
}

fn up_to_date(wanted: &Path, done: &Path) -> Result<bool> {
    Ok(std::fs::read_to_string(done)
        .is_ok_and(|mark| digest_of(wanted).is_ok_and(|now| now == mark)))
}

fn mark(wanted: &Path, done: &Path) -> Result<()> {
    Ok(std::fs::write(done, digest_of(wanted)?)?)
}
