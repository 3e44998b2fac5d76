//! Promises of ARCHITECTURE.md that a program can check.

mod proofs;

use crate::english;
use crate::process::{cargo, root};
use crate::site::files;
use anyhow::{Context as _, Result, bail};
use serde_json::Value;

/// Which of our crates each of our crates may depend on.
const ARROWS: [(&str, &[&str]); 10] = [
    ("contract", &[]),
    ("document", &["contract"]),
    ("signature", &["contract", "document"]),
    ("worker", &["contract", "document", "signature"]),
    ("app", &["contract"]),
    ("store", &["contract"]),
    ("provider", &["contract"]),
    ("sandbox", &["contract"]),
    (
        "server",
        &["contract", "document", "signature", "store", "provider"],
    ),
    ("xtask", &[]),
];

/// Outside crates that only some of ours may name.
const RESERVED: [(&str, &[&str]); 9] = [
    ("web-sys", &["app", "worker"]),
    ("leptos", &["app"]),
    ("idb", &["app"]),
    ("schemars", &["contract", "server"]),
    ("sqlx", &["store"]),
    ("object_store", &["store"]),
    ("reqwest", &["provider", "server"]),
    ("lopdf", &["signature"]),
    ("hayro", &["document"]),
];

/// Files that alone may use a word, by folder: the word, where it is looked for, the files (or folders) that may have it.
const WORDS: [(&str, &str, &[&str]); 4] = [
    ("fetch_with_", "app/src", &["api.rs", "api/"]),
    (
        "use idb",
        "app/src",
        &["draft.rs", "draft/", "outbox.rs", "outbox/"],
    ),
    ("Worker::new", "app/src", &["engine.rs", "engine/"]),
    ("sqlx::", "server/src", &[]),
];

/// What may stand at the top of the repository.
const TOP: [&str; 16] = [
    "Cargo.toml",
    "Cargo.lock",
    "app",
    "server",
    "style",
    "public",
    "end2end",
    "README.md",
    "ARCHITECTURE.md",
    "LICENSE",
    "SECURITY.md",
    "rust-toolchain.toml",
    "rustfmt.toml",
    "clippy.toml",
    "deny.toml",
    "typos.toml",
];

/// Checks all of them; tells every breach at once.
pub fn check() -> Result<()> {
    let mut breaches = Vec::new();
    arrows(&mut breaches)?;
    words(&mut breaches)?;
    top(&mut breaches)?;
    english::check(&mut breaches)?;
    proofs::check(&mut breaches)?;
    if breaches.is_empty() {
        println!(
            "tidy: {} promises kept",
            ARROWS.len() + RESERVED.len() + WORDS.len() + 3
        );
        return Ok(());
    }
    for breach in &breaches {
        eprintln!("tidy: {breach}");
    }
    bail!("{} breaches", breaches.len())
}

fn arrows(breaches: &mut Vec<String>) -> Result<()> {
    let output = cargo()
        .args([
            "metadata",
            "--format-version",
            "1",
            "--no-deps",
            "--offline",
        ])
        .output()?;
    let metadata: Value = serde_json::from_slice(&output.stdout).context("cargo metadata")?;
    let packages = metadata["packages"].as_array().context("no packages")?;
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let Some((_, allowed)) = ARROWS.iter().find(|(of, _)| *of == name) else {
            breaches.push(format!("crate {name} has no place in the house"));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let on = dependency["name"].as_str().unwrap_or_default();
            let test_only = dependency["kind"].as_str() == Some("dev");
            let ours = ARROWS.iter().any(|(of, _)| *of == on);
            if ours && !test_only && !allowed.contains(&on) {
                breaches.push(format!("{name} must not depend on {on}"));
            }
            if let Some((_, owners)) = RESERVED.iter().find(|(crate_name, _)| *crate_name == on)
                && !test_only
                && !owners.contains(&name)
            {
                breaches.push(format!("{name} must not name {on}"));
            }
        }
    }
    Ok(())
}

fn words(breaches: &mut Vec<String>) -> Result<()> {
    for (word, folder, owners) in WORDS {
        for (name, file) in files(&root().join(folder))? {
            let owner = owners
                .iter()
                .any(|owner| name == *owner || (owner.ends_with('/') && name.starts_with(owner)));
            if !owner && std::fs::read_to_string(&file)?.contains(word) {
                breaches.push(format!("{folder}/{name} must not use `{word}`"));
            }
        }
    }
    Ok(())
}

fn top(breaches: &mut Vec<String>) -> Result<()> {
    let listed = crate::process::command("git").args(["ls-files"]).output()?;
    let names: std::collections::BTreeSet<String> = String::from_utf8_lossy(&listed.stdout)
        .lines()
        .filter_map(|line| Some(line.split('/').next()?.to_owned()))
        .collect();
    for name in names {
        if !name.starts_with('.') && !TOP.contains(&name.as_str()) {
            breaches.push(format!(
                "{name} does not belong at the top of the repository"
            ));
        }
    }
    Ok(())
}
