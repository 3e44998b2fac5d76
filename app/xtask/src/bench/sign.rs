//! Preparing, embedding and validating: natively, in Chromium, and by pyHanko, one after the other in one run.

use super::{folder, home};
use crate::process::{cargo, command, step, succeed};
use crate::{setup, site};
use anyhow::Result;
use std::path::Path;

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
    natively("Measuring natively", &files, "native-before.json")?;
    {
        let _step = step("Measuring pyHanko");
        python("measure")?;
    }
    let node = |action: &str| {
        succeed(
            command("node")
                .arg(folder().join("sign.mjs"))
                .arg(action)
                .env("SITE", &built)
                .env("FILES", &files)
                .env("CHROMIUM", setup::chromium()),
        )
    };
    {
        let _step = step("Measuring in Chromium");
        node("measure")?;
    }
    natively("Measuring natively once more", &files, "native-after.json")?;
    node("report")
}

/// Before what it is compared with, and behind it: machines are not equally fast from minute to minute.
fn natively(name: &str, files: &Path, told: &str) -> Result<()> {
    let _step = step(name);
    let package = format!("signature@{}", env!("CARGO_PKG_VERSION"));
    succeed(
        cargo()
            .args(["run", "--quiet", "--release", "--package", &package])
            .args(["--example", "measure", "--"])
            .arg(files),
    )?;
    std::fs::rename(files.join("native.json"), files.join(told))?;
    Ok(())
}
