//! `cargo xtask bench lighthouse`: what Lighthouse says of the built site as a phone with a slow network sees it.

use crate::process::{command, root, succeed, target};
use crate::run::{Options, Portal};
use crate::{setup, site};
use anyhow::Result;

/// Measures, and fails when a score is below what issue 6 asks for.
pub fn measure() -> Result<()> {
    setup::for_tests()?;
    setup::for_bench()?;
    site::build(&site::Options::default())?;
    let portal = Portal::start(&Options {
        port: 8078,
        sandbox_port: 8079,
        data: Some(target().join("bench/lighthouse")),
        dev: false,
        linted: false,
        oidc_port: None,
    })?;
    let told = succeed(
        command("node")
            .arg(root().join("end2end/bench/lighthouse.mjs"))
            .current_dir(root().join("end2end/bench"))
            .env("PORTAL_URL", "http://localhost:8078")
            .env("CHROMIUM", setup::chromium()),
    );
    drop(portal);
    told
}
