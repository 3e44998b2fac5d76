//! `cargo xtask look`: every screen at three widths by day and by night, beside the pictures that somebody looked at and kept.

use crate::process::{command, root, succeed, target};
use crate::run::{Options as Run, Portal};
use crate::setup;
use anyhow::Result;

/// What to do with the pictures.
#[derive(clap::Args, Clone, Default)]
pub struct Options {
    /// Keep the pictures as they are now, instead of comparing.
    #[arg(long)]
    keep: bool,
    /// Take the pictures of the guidance in `public/help` anew instead.
    #[arg(long)]
    help_pages: bool,
    /// Only these screens, e.g. `home,help`.
    #[arg(long)]
    only: Option<String>,
}

/// Builds the site, starts a portal with an empty data folder, and looks.
pub fn look(options: &Options) -> Result<()> {
    setup::for_tests()?;
    crate::site::build(&crate::site::Options::default())?;
    let data = target().join("look");
    let _ = std::fs::remove_dir_all(&data);
    let portal = Portal::start(&Run {
        port: 8076,
        sandbox_port: 8077,
        data: Some(data),
        dev: false,
        linted: false,
        oidc_port: None,
    })?;
    let folder = root().join("end2end");
    let (project, pictures) = if options.help_pages {
        ("help", root().join("public/help"))
    } else {
        ("baseline", folder.join("look/baseline"))
    };
    let mut playwright = command(folder.join("node_modules/.bin/playwright"));
    playwright
        .current_dir(&folder)
        .args([
            "test",
            "-c",
            "look/playwright.config.ts",
            "--project",
            project,
        ])
        .env("PORTAL_URL", "http://localhost:8076")
        .env("SANDBOX_URL", "http://localhost:8077")
        .env("CHROMIUM", setup::chromium())
        .env("PYTHON", setup::venv_python());
    if let Some(only) = &options.only {
        playwright.env("ONLY", only);
    }
    if options.keep {
        playwright.arg("--update-snapshots");
    }
    succeed(&mut playwright)?;
    drop(portal);
    if options.keep || options.help_pages {
        let mut pack = command(setup::venv_python());
        succeed(pack.arg(folder.join("look/pack.py")).arg(pictures))?;
    }
    Ok(())
}
