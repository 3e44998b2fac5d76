//! Preparing, embedding and validating: natively, in Chromium, and by pyHanko, one after the other in one run.

use super::{folder, home};
use crate::process::{cargo, command, step, succeed};
use crate::{setup, site};
use anyhow::Result;

/// Builds, makes the documents, measures; the report is `end2end/bench/sign.md`.
pub fn measure() -> Result<()> {
    setup::for_tests()?;
    let built = site::build(&site::Options::default())?;
    let files = home().join("sign");
    let _ = std::fs::remove_dir_all(&files);
    let python = |action: &str| {
        succeed(
            command(setup::venv_python())
                .arg(folder().join("sign.py"))
                .arg(action)
                .arg(&files),
        )
    };
    {
        let _step = step("Making the documents");
        python("make")?;
    }
    {
        let _step = step("Measuring natively");
        let package = format!("signature@{}", env!("CARGO_PKG_VERSION"));
        succeed(
            cargo()
                .args(["run", "--quiet", "--release", "--package", &package])
                .args(["--example", "measure", "--"])
                .arg(&files),
        )?;
    }
    {
        let _step = step("Measuring pyHanko");
        python("measure")?;
    }
    let _step = step("Measuring in Chromium");
    succeed(
        command("node")
            .arg(folder().join("sign.mjs"))
            .env("SITE", &built)
            .env("FILES", &files)
            .env("CHROMIUM", setup::chromium()),
    )
}
