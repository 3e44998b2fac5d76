//! `cargo xtask conformance`: the validator beside upstream verdicts on published files.

use crate::process::{cargo, root, step, succeed};
use anyhow::Result;

/// Where the published files lie, beside the repository and never in it.
const TABLE: &str = "../shared/corpus/signatures/verdicts.tsv";

/// Runs the comparison, which is a test of `signature`, and shows its table.
pub fn conformance() -> Result<()> {
    if !root().join(TABLE).is_file() {
        println!("skipped: no corpus at {}", root().join(TABLE).display());
        return Ok(());
    }
    let _step = step("validator against published files");
    // With its version: another `signature` is among our dependencies' dependencies.
    let package = format!("signature@{}", env!("CARGO_PKG_VERSION"));
    succeed(cargo().args([
        "test",
        "--quiet",
        "--package",
        &package,
        "--test",
        "it",
        "conformance::",
        "--",
        "--nocapture",
    ]))
}
