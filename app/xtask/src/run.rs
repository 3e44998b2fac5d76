//! `cargo xtask run`: from a fresh checkout to a portal in the browser.

use crate::process::{Service, cargo, command, linted, root, step, succeed, target};
use crate::test::NATIVE;
use crate::{provinces, setup, site};
use anyhow::Result;
use std::path::PathBuf;
use std::time::Duration;

/// How to run.
#[derive(clap::Args, Clone)]
pub struct Options {
    /// Port of the portal on 127.0.0.1.
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    /// Port of the sandbox provider on 127.0.0.1.
    #[arg(long, default_value_t = 8090)]
    pub sandbox_port: u16,
    /// Folder for the database, files and the sandbox's keys.
    #[arg(long)]
    pub data: Option<PathBuf>,
    /// Quick build for development: larger and slower wasm.
    #[arg(long)]
    pub dev: bool,
    /// Take the programs that the tests linted and compiled.
    #[arg(skip)]
    pub linted: bool,
    /// Port of an OpenID Connect provider on 127.0.0.1, beside the portal, which then serves a second province too: for journeys only,
    /// the provider comes with their npm packages.
    #[arg(skip)]
    pub oidc_port: Option<u16>,
}

/// The portal and its sandbox provider, running; both end with this value.
pub struct Portal {
    server: Service,
    sandbox: Service,
    oidc: Option<Service>,
    options: Options,
}

fn address(port: u16) -> String {
    format!("127.0.0.1:{port}")
}

fn data(options: &Options) -> PathBuf {
    options.data.clone().unwrap_or_else(|| root().join("var"))
}

/// Starts the provider in the place of VNeID.
fn identity_provider(options: &Options, port: u16) -> Result<Service> {
    let mut provider = Service::start(
        "the identity provider",
        command("node")
            .arg(root().join("end2end/support/oidc.mjs"))
            .env("OIDC_PORT", port.to_string())
            .env("PORTAL_URL", format!("http://localhost:{}", options.port)),
    )?;
    let description = "/.well-known/openid-configuration";
    provider.wait_for(&address(port), description, Duration::from_secs(60))?;
    Ok(provider)
}

impl Portal {
    /// Builds both programs and starts them.
    pub fn start(options: &Options) -> Result<Self> {
        {
            let _step = step("Compiling the server and the sandbox provider");
            let mut build = cargo();
            if options.linted {
                // What the tests asked for, to the letter: with other features the dependencies would be compiled once more.
                linted(build.args(["test", "--quiet", "--no-run"]).args(NATIVE))?;
            } else {
                build.args(["build", "--package", "server", "--package", "sandbox"]);
            }
            succeed(&mut build)?;
        }
        let data = data(options);
        let mut sandbox = Service::start(
            "the sandbox provider",
            command(target().join("debug/sandbox"))
                .args(["serve", "--listen", &address(options.sandbox_port)])
                .arg("--data")
                .arg(data.join("sandbox")),
        )?;
        // The first start makes RSA keys.
        sandbox.wait_for(
            &address(options.sandbox_port),
            "/health",
            Duration::from_secs(180),
        )?;
        let oidc = options
            .oidc_port
            .map(|port| identity_provider(options, port))
            .transpose()?;
        Ok(Self {
            server: Self::serve(options)?,
            sandbox,
            oidc,
            options: options.clone(),
        })
    }

    /// Starts the server on what the data folder holds.
    fn serve(options: &Options) -> Result<Service> {
        let data = data(options);
        let mut serve = command(target().join("debug/server"));
        if options.linted && std::env::var_os("RUST_LOG").is_none() {
            // Tests ask ten thousand times; what they read is what went wrong.
            serve.env("RUST_LOG", "warn");
        }
        serve
            .args(["serve", "--listen", &address(options.port), "--site"])
            .arg(site::folder());
        if let Some(oidc_port) = options.oidc_port {
            let settings = provinces::write(&provinces::Place {
                data: &data,
                port: options.port,
                sandbox_port: options.sandbox_port,
                oidc_port,
            })?;
            serve.arg("--config").arg(settings);
        } else {
            let sandbox_url = format!("http://localhost:{}", options.sandbox_port);
            serve
                .args(["--demo", "--sandbox-url", &sandbox_url, "--sandbox-root"])
                .arg(data.join("sandbox/root.pem"))
                .arg("--data")
                .arg(data.join("server"));
        }
        let mut server = Service::start("the portal", &mut serve)?;
        server.wait_for(
            &address(options.port),
            "/api/health",
            Duration::from_secs(60),
        )?;
        Ok(server)
    }

    /// The file by which a test asks for the server's sudden end (SIGKILL) and a new start; it is gone once the server answers again.
    pub fn restart_file(options: &Options) -> PathBuf {
        data(options).join("restart")
    }

    /// An error as soon as one of the two has ended by itself; restarts the server where a test asked for it.
    pub fn tend(&mut self) -> Result<()> {
        self.still_running()?;
        let asked = Self::restart_file(&self.options);
        if asked.exists() {
            self.server.kill();
            self.server = Self::serve(&self.options)?;
            std::fs::remove_file(asked)?;
        }
        Ok(())
    }

    /// An error as soon as one of them has ended.
    pub fn still_running(&mut self) -> Result<()> {
        self.server.still_running()?;
        if let Some(oidc) = &mut self.oidc {
            oidc.still_running()?;
        }
        self.sandbox.still_running()
    }
}

/// Sets up, builds, serves until interrupted.
pub fn run(options: &Options) -> Result<()> {
    setup::for_site()?;
    site::build(&site::Options {
        dev: options.dev,
        linted: options.linted,
    })?;
    let mut portal = Portal::start(options)?;
    greet(options);
    loop {
        portal.tend()?;
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// Addresses and demo sign-ins.
pub fn greet(options: &Options) {
    let (port, sandbox) = (options.port, options.sandbox_port);
    println!(
        "
Hồ Sơ Ký Số is running (Ctrl+C ends it)

  Portal              http://localhost:{port}
  Phone (sandbox)     http://localhost:{sandbox}/phone/vnpt-ca      PIN 123456

  Demo sign-ins, all invented, password Demo@2026
    062099000011   Nguyễn Văn Mẫu    citizen, RSA-2048 (and P-256 at VNPT-CA)
    062199000022   Trần Thị Thử      citizen, P-256
    062099000033   Lê Hoàng Ví Dụ    citizen whose certificate has expired
    canbo.kiem     Phạm Thị Kiểm     officer
"
    );
}
