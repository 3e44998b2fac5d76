//! `cargo xtask supply`: what the portal is made of, as CycloneDX, and whether anything of it is known to be weak.
//!
//! Both lists of weaknesses come from outside (RustSec's from GitHub, npm's from its registry): where one cannot be reached, this
//! says so and fails, for nothing was found out then.

use crate::process::{command, on_path, root, step, succeed, target};
use anyhow::{Context as _, Result, bail};
use std::path::Path;

/// Writes the lists of components and asks about weaknesses.
pub fn supply() -> Result<()> {
    let folder = target().join("sbom");
    std::fs::create_dir_all(&folder)?;
    for (program, how) in [
        ("cargo-cyclonedx", "cargo install --locked cargo-cyclonedx"),
        ("cargo-deny", "cargo install --locked cargo-deny"),
        ("npm", "Node.js 20 or newer"),
    ] {
        if !on_path(program) {
            bail!("{program} is needed: {how}");
        }
    }
    crates(&folder)?;
    packages(&folder)?;
    println!("components: {}", folder.display());
    let known = [rust_weaknesses(), npm_weaknesses()];
    for result in known {
        result?;
    }
    Ok(())
}

/// The server's crates and those of the page and its engine, a file each.
fn crates(folder: &Path) -> Result<()> {
    let _step = step("Listing the crates");
    for (package, manifest, platform) in [
        ("server", "server/Cargo.toml", "x86_64-unknown-linux-gnu"),
        ("app", "app/Cargo.toml", "wasm32-unknown-unknown"),
        ("worker", "app/worker/Cargo.toml", "wasm32-unknown-unknown"),
    ] {
        let name = format!("{package}.cdx");
        succeed(
            command("cargo")
                .args(["cyclonedx", "--format", "json", "--spec-version", "1.5"])
                .args(["--override-filename", &name, "--target", platform])
                .args(["--manifest-path", manifest]),
        )?;
        // It writes beside each manifest of the workspace.
        for entry in [
            ".",
            "app",
            "app/contract",
            "app/document",
            "app/signature",
            "app/worker",
            "app/xtask",
        ]
        .into_iter()
        .chain([
            "server",
            "server/store",
            "server/provider",
            "server/sandbox",
        ]) {
            let made = root().join(entry).join(format!("{name}.json"));
            if !made.is_file() {
                continue;
            }
            if Path::new(manifest).parent() == Some(Path::new(entry)) {
                std::fs::copy(&made, folder.join(format!("{name}.json")))
                    .with_context(|| made.display().to_string())?;
            }
            std::fs::remove_file(&made)?;
        }
    }
    Ok(())
}

/// The npm packages: of the tests, and of building the site.
fn packages(folder: &Path) -> Result<()> {
    let _step = step("Listing the npm packages");
    let output = command("npm")
        .current_dir(root().join("end2end"))
        .args(["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"])
        .output()
        .context("npm")?;
    if !output.status.success() {
        bail!("npm sbom: {}", String::from_utf8_lossy(&output.stderr));
    }
    std::fs::write(folder.join("npm.cdx.json"), output.stdout)?;
    Ok(())
}

fn rust_weaknesses() -> Result<()> {
    let _step = step("Asking RustSec about the crates");
    succeed(command("cargo").args(["deny", "check", "advisories"]))
}

fn npm_weaknesses() -> Result<()> {
    let _step = step("Asking npm about its packages");
    succeed(command("npm").current_dir(root().join("end2end")).args([
        "audit",
        "--package-lock-only",
        "--audit-level=high",
    ]))
}
