//! pyHanko's CSC client against the CSC surface: somebody else's reading of the same specification. Says so where it is absent.

use crate::stage::{MAU, THU, stage};
use std::path::PathBuf;
use tokio::process::Command;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pyhanko_signs_through_csc_with_our_timestamp_and_accepts_the_file() {
    let python = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../end2end/.venv/bin/python");
    if !python.exists() {
        eprintln!("skipped: no pyHanko at {}", python.display());
        return;
    }
    let stage = stage().await;
    stage.auto("confirm").await;
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/partner/csc.py");
    // RSA and P-256.
    for account in [MAU, THU] {
        let run = Command::new(&python)
            .arg(&script)
            .arg(stage.url(""))
            .arg(account)
            .output()
            .await
            .expect("runs");
        let said = format!(
            "{}{}",
            String::from_utf8_lossy(&run.stdout),
            String::from_utf8_lossy(&run.stderr)
        );
        assert!(run.status.success() && said.contains("ACCEPTED"), "{said}");
    }
    assert!(
        stage
            .requests()
            .await
            .iter()
            .all(|request| request["signed"] == 1)
    );
}
