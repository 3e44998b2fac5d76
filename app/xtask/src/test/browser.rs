//! Tests in real Chromium, with its windows and without: wasm unit tests, and the journeys of people.

use super::{built_site, npx};
use crate::process::{cargo, command, linted, root, succeed, target};
use crate::run::{Options, Portal};
use crate::setup;
use crate::site::{self, copy_folder};
use anyhow::{Context as _, Result, ensure};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

/// Who walks journeys, one after the other, against a portal of their own.
struct Walker {
    name: &'static str,
    /// The sizes people come with (projects of `playwright.config.ts`).
    sizes: &'static [&'static str],
    /// Which browser.
    browser: fn() -> PathBuf,
    /// Walks [`APART`], and nobody else does.
    apart: bool,
    /// The portal's, the sandbox provider's and the identity provider's, away from those of `cargo xtask run`.
    ports: (u16, u16, u16),
}

const WALKERS: [Walker; 3] = [
    Walker {
        name: "desktop",
        sizes: &["desktop"],
        browser: setup::shell,
        apart: false,
        ports: (8070, 8071, 8066),
    },
    Walker {
        name: "phone",
        sizes: &["phone"],
        browser: setup::shell,
        apart: false,
        ports: (8072, 8073, 8067),
    },
    Walker {
        name: "apart",
        sizes: &["desktop", "phone"],
        browser: setup::chromium,
        apart: true,
        ports: (8076, 8077, 8068),
    },
];

/// The last walker's journeys, on every size: two walkers mostly wait and leave a third of two processors idle. Chosen so that all three
/// end at the same time.
const APART: [&str; 5] = ["after", "hands", "input", "outcome", "paper"];

/// Tests that need a browser's own interfaces.
pub fn wasm() -> Result<()> {
    // Built beforehand: a cargo that the tests start would find itself told about the crate they test.
    succeed(cargo().args(["build", "--quiet", "--package", "xtask", "--bins"]))?;
    succeed(
        linted(&mut cargo())?
            .env(
                "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
                target().join("debug/wasm-test-runner"),
            )
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

/// How the journeys are walked.
#[derive(clap::Args, Clone, Default)]
pub struct Walk {
    /// Walk every journey on both sizes, also those that do not know the screen's size.
    #[arg(long)]
    every_size: bool,
    /// Walk as on a cheap phone with a bad network.
    #[arg(long)]
    slow: bool,
    /// Only the journeys whose file or title contains this.
    only: Option<String>,
}

/// Playwright against the release build, a real server and the sandbox provider, all made for this run.
/// Every walker has a portal of its own, so that all walk at the same time: a journey mostly waits.
pub fn end_to_end() -> Result<()> {
    walk(&Walk::default())
}

/// See [`end_to_end`]; `cargo xtask walk` has more patience than the tests.
pub fn walk(how: &Walk) -> Result<()> {
    built_site()?;
    let results = root().join("end2end/results");
    let _ = std::fs::remove_dir_all(&results);
    std::fs::create_dir_all(&results)?;
    make_fixtures()?;
    let (mut portals, mut restarts) = (Vec::new(), Vec::new());
    // A few journeys are not worth another portal.
    let all = how.only.is_none();
    let walkers = || WALKERS.iter().filter(|walker| all || !walker.apart);
    for walker in walkers() {
        let data = results.join("var").join(walker.name);
        let first = WALKERS.first().map(|first| first.name);
        if let Some(first) = first.filter(|first| *first != walker.name) {
            // One authority for all, so that one root proves every signed file.
            copy_folder(
                &results.join("var").join(first).join("sandbox"),
                &data.join("sandbox"),
            )?;
        }
        let (port, sandbox_port, oidc_port) = walker.ports;
        let options = Options {
            port,
            sandbox_port,
            data: Some(data.clone()),
            dev: false,
            linted: true,
            oidc_port: Some(oidc_port),
        };
        // What a run that was interrupted asked for is not meant for this one.
        let _ = std::fs::remove_file(Portal::restart_file(&options));
        portals.push(Portal::start(&options)?);
        restarts.push(Portal::restart_file(&options));
        std::fs::copy(
            data.join("sandbox/root.pem"),
            results.join("sandbox-root.pem"),
        )?;
    }
    let mut walks = Vec::new();
    for (walker, restart) in walkers().zip(restarts) {
        let name = walker.name;
        let (port, sandbox_port, oidc_port) = walker.ports;
        let told = results.join(format!("{name}.log"));
        let file = std::fs::File::create(&told)?;
        let mut playwright = npx("playwright");
        if how.every_size {
            playwright.env("EVERY_SIZE", "1");
        }
        if how.slow {
            playwright.env("SLOW", "1");
        }
        playwright.arg("test");
        if walker.apart {
            playwright.args(APART.map(|file| format!("journey/{file}.spec.ts")));
        } else if all {
            playwright.env("WITHOUT", APART.join(","));
        }
        let walk = playwright
            .args(walker.sizes.iter().flat_map(|size| ["--project", size]))
            .args(how.only.iter().flat_map(|words| ["--grep", words]))
            .arg("--output")
            .arg(results.join("traces").join(name))
            .env("PORTAL_URL", format!("http://localhost:{port}"))
            .env("SANDBOX_URL", format!("http://localhost:{sandbox_port}"))
            .env("OIDC_URL", format!("http://localhost:{oidc_port}"))
            .env("RESTART_FILE", restart)
            .env("CHROMIUM", (walker.browser)())
            .env("PYTHON", setup::venv_python())
            .stdin(Stdio::null())
            .stderr(file.try_clone()?)
            .stdout(file)
            .spawn()
            .context("cannot start Playwright")?;
        walks.push((name, told, walk));
    }
    let mut failed = Vec::new();
    for (name, told, mut walk) in walks {
        let status = loop {
            for portal in &mut portals {
                portal.tend()?;
            }
            if let Some(status) = walk.try_wait()? {
                break status;
            }
            std::thread::sleep(Duration::from_millis(100));
        };
        println!("{}", std::fs::read_to_string(&told).unwrap_or_default());
        if !status.success() {
            failed.push(name);
        }
    }
    ensure!(failed.is_empty(), "journeys failed: {}", failed.join(", "));
    Ok(())
}

/// All of `../shared/corpus` through the engine, natively and in the browser; the outcome of each file goes to `end2end/results/corpus.tsv`.
pub fn corpus() -> Result<()> {
    succeed(
        cargo()
            .args(["test", "--package", "document"])
            .args(["--test", "it", "corpus::"])
            .env("CORPUS", "all"),
    )?;
    site::build(&site::Options::default())?;
    let results = root().join("end2end/results");
    std::fs::create_dir_all(&results)?;
    let portal = Portal::start(&Options {
        port: 8074,
        sandbox_port: 8075,
        data: Some(results.join("var/corpus")),
        dev: false,
        linted: false,
        oidc_port: None,
    })?;
    succeed(
        npx("playwright")
            .args(["test", "journey/engine.spec.ts", "--project", "desktop"])
            .args(["--grep", "published files"])
            .env("CORPUS", "all")
            .env("PORTAL_URL", "http://localhost:8074")
            .env("CHROMIUM", setup::chromium()),
    )?;
    drop(portal);
    println!("outcomes: {}", results.join("corpus.tsv").display());
    Ok(())
}

/// The real input: PDFs made by LibreOffice, Chromium, typst and others.
fn make_fixtures() -> Result<()> {
    succeed(
        command(setup::venv_python())
            .arg(root().join("end2end/fixture/make.py"))
            .env("CHROMIUM", setup::chromium()),
    )
}
