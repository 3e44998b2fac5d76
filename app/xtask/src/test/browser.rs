//! Tests in real Chromium: wasm unit tests, and the journeys of people.

use super::{built_site, npx};
use crate::process::{cargo, command, root, succeed};
use crate::run::{Options, Portal};
use crate::setup;
use anyhow::Result;

/// Ports of the portal under test, away from those of `cargo xtask run`.
const PORTAL: u16 = 8070;
const SANDBOX: u16 = 8071;

/// Tests that need a browser's own interfaces.
pub fn wasm() -> Result<()> {
    succeed(
        cargo()
            .args(["test", "--target", "wasm32-unknown-unknown"])
            .args(["--package", "worker", "--package", "app"])
            .env("CHROMEDRIVER", "/usr/bin/chromedriver")
            .env("WASM_BINDGEN_TEST_TIMEOUT", "120")
            .env(
                "WASM_BINDGEN_TEST_WEBDRIVER_JSON",
                root().join("end2end/webdriver.json"),
            ),
    )
}

/// Playwright against the release build, a real server and the sandbox provider, all made for this run.
pub fn end_to_end() -> Result<()> {
    built_site()?;
    let results = root().join("end2end/results");
    let _ = std::fs::remove_dir_all(&results);
    std::fs::create_dir_all(&results)?;
    let data = results.join("var");
    make_fixtures()?;
    let mut portal = Portal::start(&Options {
        port: PORTAL,
        sandbox_port: SANDBOX,
        data: Some(data.clone()),
        dev: false,
    })?;
    std::fs::copy(
        data.join("sandbox/root.pem"),
        results.join("sandbox-root.pem"),
    )?;
    succeed(
        npx("playwright")
            .arg("test")
            .env("PORTAL_URL", format!("http://localhost:{PORTAL}"))
            .env("SANDBOX_URL", format!("http://localhost:{SANDBOX}"))
            .env("CHROMIUM", setup::chromium())
            .env("PYTHON", setup::venv_python()),
    )?;
    portal.still_running()
}

/// The real input: PDFs made by LibreOffice, Chromium, typst and others.
fn make_fixtures() -> Result<()> {
    succeed(
        command(setup::venv_python())
            .arg(root().join("end2end/fixture/make.py"))
            .env("CHROMIUM", setup::chromium()),
    )
}
