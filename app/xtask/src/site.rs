//! Builds the site into `target/site`: one immutable folder a release, `index.html` and `sw.js` beside it.

use crate::bundle;
use crate::english;
use crate::pack;
use crate::page;
use crate::process::{cargo, command, linted, root, step, succeed, target};
use crate::test::NATIVE;
use anyhow::{Context as _, Result, anyhow, ensure};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// How to build.
#[derive(clap::Args, Clone, Copy, Default)]
pub struct Options {
    /// Quick instead of small: no link-time optimisation, no wasm-opt, no compression.
    #[arg(long)]
    pub dev: bool,
    /// What runs here while building is what the tests compiled already.
    #[arg(skip)]
    pub linted: bool,
}

/// Budget of what has to arrive before the first screen can be used, in bytes of brotli: [`FIRST`] and the page itself (237 KB).
const APP_BUDGET: u64 = 250_000;
/// Budget of all the page's files, its later chunks and its English with them, in bytes of brotli (1,948 KB with the officers' desk,
/// the administration, and what keeps an account safe; no screen needs all of it).
const PAGE_BUDGET: u64 = 2_000_000;
/// Files of a release that the first screen waits for; [`LARGEST`] comes before them.
const FIRST: [&str; 5] = [
    "main.css",
    "boot.js",
    "app.js",
    "app_chunk.js",
    "app_bg.wasm",
];
/// The largest of the pages that come before the files of the release.
const LARGEST: &str = "home.html";
/// Budget of the engine's wasm with SIMD, in bytes of brotli: the 1.5 MB of issue 3, in binary. hayro without its fonts and CMaps, and the signature
/// crate; 1,554 KB since the validator looks at what values are and how they are seen.
const WORKER_BUDGET: u64 = 1_536 * 1024;

/// The engine for browsers without 128-bit SIMD: the same crate, built small and quickly. Not there while developing.
const PLAIN: &str = "worker-plain";

/// Appended to `boot.js` while developing: reloads the page when another release is served.
const RELOAD: &str = r#"
const served = async () => (await (await fetch("/index.html", { cache: "no-store" })).text()).match(/\/pkg\/[0-9a-f]+/)?.[0];
const first = await served().catch(() => undefined);
setInterval(async () => {
  try {
    const now = await served();
    if (first && now && now !== first) location.reload();
  } catch {
    // The server restarts; the next look finds it.
  }
}, 1000);
"#;

/// Where the site stands.
pub fn folder() -> PathBuf {
    root().join("target/site")
}

/// Builds; gives back the folder. With nothing changed it only asks cargo and returns.
pub fn build(options: &Options) -> Result<PathBuf> {
    // Two builds at a time would write into one folder: the second waits, and mostly finds that nothing is left to do.
    let lock = target().join("site.lock");
    std::fs::create_dir_all(target())?;
    let lock = std::fs::File::create(&lock).with_context(|| format!("{}", lock.display()))?;
    lock.lock()?;
    let compiled = {
        let _step = step("Compiling the page and the engine to wasm");
        let mut names = vec!["app", "worker"];
        if !options.dev {
            names.push(PLAIN);
        }
        // Each has a profile of its own, so that they do not wait for each other, and the page's last step, the
        // optimisation at link time, has use for one core only.
        let mut modules = at_once(names, |name| Module::compile(name, options))?;
        modules.sort_by_key(|module| module.name);
        modules
    };
    let site = folder();
    let inputs = fingerprint(&compiled, options)?;
    if std::fs::read_to_string(site.join(".inputs")).is_ok_and(|before| before == inputs) {
        return Ok(site);
    }
    let _step = step("Assembling the site");
    let fresh = root().join("target/site.new");
    let _ = std::fs::remove_dir_all(&fresh);
    let package = fresh.join("package");
    std::fs::create_dir_all(&package)?;
    // The page takes longest and much of it on one core: what does not need it is made beside it.
    std::thread::scope(|scope| {
        let packs = scope.spawn(|| write_packs(&package.join("pack"), options));
        let (page, engines): (Vec<&Module>, Vec<&Module>) =
            compiled.iter().partition(|module| module.cut);
        let cutting = scope.spawn(|| -> Result<()> {
            page.into_iter()
                .try_for_each(|module| cut(module, &fresh, &package))
        });
        for module in engines {
            bundle::bindgen(&module.wasm, module.name, false, options.dev, &package)?;
        }
        for made in [packs.join(), cutting.join()] {
            made.map_err(|_| anyhow!("a thread of the build died"))??;
        }
        Ok::<(), anyhow::Error>(())
    })?;
    for sheet in ["main.css", "later.css"] {
        let styles = bundle::styles(&root().join("style").join(sheet))?;
        std::fs::write(package.join(sheet), styles)?;
    }
    for script in ["boot.js", "worker-entry.js"] {
        std::fs::copy(root().join("public").join(script), package.join(script))
            .with_context(|| format!("public/{script}"))?;
    }
    if options.dev {
        let boot = package.join("boot.js");
        let script = std::fs::read_to_string(&boot)? + RELOAD;
        std::fs::write(boot, script)?;
    }
    let english = english::sentences()?;
    std::fs::write(package.join("en.json"), serde_json::to_string(&english)?)?;
    copy_folder(&root().join("public/fonts"), &package.join("fonts"))?;
    let release = release_name(&package)?;
    std::fs::create_dir_all(fresh.join("pkg"))?;
    std::fs::rename(&package, fresh.join("pkg").join(&release))?;
    let scripts = package_scripts(&fresh.join("pkg").join(&release));
    let pages = page::pages(&page::Release {
        base: &format!("/pkg/{release}"),
        scripts: &scripts,
        english: &english,
    })?;
    copy_public(&fresh, &release, &pages)?;
    if !options.dev {
        compress(&fresh, &release)?;
    }
    std::fs::write(fresh.join(".inputs"), inputs)?;
    let old = root().join("target/site.old");
    let _ = std::fs::remove_dir_all(&old);
    if site.exists() {
        std::fs::rename(&site, &old)?;
    }
    std::fs::rename(&fresh, &site)?;
    let _ = std::fs::remove_dir_all(&old);
    Ok(site)
}

/// The page in pieces, each as small as it gets.
fn cut(module: &Module, fresh: &Path, package: &Path) -> Result<()> {
    let rest = fresh.join("rest.wasm");
    let mut parts = bundle::split(&module.wasm, module.name, package, &rest)?;
    bundle::bindgen(&rest, module.name, true, true, package)?;
    std::fs::remove_file(rest)?;
    parts.push(package.join("app_bg.wasm"));
    at_once(bundle::heaps(parts)?, |heap| bundle::optimize(&heap))?;
    pack::pack(package)
}

/// One compiled crate.
struct Module {
    name: &'static str,
    wasm: PathBuf,
    /// Whether it is to be cut into chunks.
    cut: bool,
}

impl Module {
    fn compile(name: &'static str, options: &Options) -> Result<Self> {
        let profile = match (name, options.dev) {
            ("worker", false) => "engine",
            ("worker", true) => "engine-dev",
            (PLAIN, _) => "engine-plain",
            (_, false) => "web",
            (_, true) => "dev",
        };
        let crate_name = if name == PLAIN { "worker" } else { name };
        let mut command = cargo();
        let cut = name == "app" && !options.dev;
        command.args([
            if cut { "rustc" } else { "build" },
            "--lib",
            "--package",
            crate_name,
            "--target",
            "wasm32-unknown-unknown",
            "--profile",
            profile,
        ]);
        if cut {
            // The relocations tell the splitter what each function needs.
            command.args(["--features", "split", "--crate-type", "cdylib"]);
            command.args(["--", "-Clink-arg=--emit-relocs"]);
        }
        if name == "worker" {
            command.env("RUSTFLAGS", "-C target-feature=+simd128");
        }
        succeed(&mut command)?;
        let folder = if profile == "dev" { "debug" } else { profile };
        let wasm = target()
            .join("wasm32-unknown-unknown")
            .join(folder)
            .join(format!("{crate_name}.wasm"));
        Ok(Self { name, wasm, cut })
    }
}

/// Of this crate, what makes the site.
const MAKERS: [&str; 7] = [
    "brotli.mjs",
    "bundle.rs",
    "english.rs",
    "pack.rs",
    "page.rs",
    "shrink.mjs",
    "site.rs",
];

/// Names everything that the site is made from.
fn fingerprint(compiled: &[Module], options: &Options) -> Result<String> {
    let mut hash = Sha256::new();
    hash.update([u8::from(options.dev)]);
    for module in compiled {
        hash.update(std::fs::read(&module.wasm)?);
    }
    for folder in [
        "style",
        "public",
        "app/text",
        "app/xtask/src",
        "app/document/assets",
    ] {
        for (name, file) in files(&root().join(folder))? {
            if folder == "app/xtask/src" && !MAKERS.contains(&name.as_str()) {
                continue;
            }
            hash.update(name.as_bytes());
            hash.update(std::fs::read(file)?);
        }
    }
    Ok(hex::encode(hash.finalize()))
}

/// Fonts and tables that the engine fetches when a file needs them without having them.
fn write_packs(folder: &Path, options: &Options) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    if options.linted {
        // By itself the engine would be compiled once more, with other features of what it shares with the other crates.
        succeed(linted(cargo().args(["test", "--quiet", "--no-run"]))?.args(NATIVE))?;
        return succeed(command(target().join("debug/examples/packs")).arg(folder));
    }
    let mut command = cargo();
    command.args(["run", "--quiet", "--package", "document"]);
    command.args(["--features", "builtin-fonts", "--example", "packs", "--"]);
    succeed(command.arg(folder))
}

fn release_name(package: &Path) -> Result<String> {
    let mut hash = Sha256::new();
    for (name, file) in files(package)? {
        hash.update(name.as_bytes());
        hash.update(std::fs::read(file)?);
    }
    let mut name = hex::encode(hash.finalize());
    name.truncate(16);
    Ok(name)
}

/// Every file below a folder by its name relative to it, with `/`; sorted.
pub fn files(folder: &Path) -> Result<BTreeMap<String, PathBuf>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in
            std::fs::read_dir(&next).with_context(|| format!("cannot read {}", next.display()))?
        {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path
                    .strip_prefix(folder)?
                    .to_string_lossy()
                    .replace('\\', "/");
                found.insert(name, path);
            }
        }
    }
    Ok(found)
}

/// Does the same to many things, one on each core.
fn at_once<T: Send, R: Send>(
    things: Vec<T>,
    work: impl Fn(T) -> Result<R> + Sync,
) -> Result<Vec<R>> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let (things, done) = (Mutex::new(things), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                loop {
                    let next = things.lock().ok().and_then(|mut things| things.pop());
                    let Some(next) = next else { break };
                    let result = work(next);
                    if let Ok(mut done) = done.lock() {
                        done.push(result);
                    }
                }
            });
        }
    });
    done.into_inner()
        .map_err(|_| anyhow!("a thread of the build died"))?
        .into_iter()
        .collect()
}

/// Copies every file below a folder.
pub fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    for (name, file) in files(from)? {
        let copy = to.join(name);
        if let Some(folder) = copy.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::copy(file, copy)?;
    }
    Ok(())
}

/// Scripts that `app.js` would ask for only when it is there itself.
fn package_scripts(package: &Path) -> Vec<String> {
    ["app_chunk.js"]
        .into_iter()
        .filter(|name| package.join(name).exists())
        .map(str::to_owned)
        .collect()
}

/// The pages, `sw.js`, icons: `{{BASE}}`, `{{RELEASE}}` and `{{PRECACHE}}` are filled in.
fn copy_public(site: &Path, release: &str, pages: &BTreeMap<String, String>) -> Result<()> {
    let base = format!("/pkg/{release}");
    let public = root().join("public");
    let mut precache = Vec::new();
    for (name, text) in pages {
        std::fs::write(site.join(name), text)?;
        // One that the server fills in is nothing without it.
        if !text.contains("[[") {
            precache.push(format!("/{name}"));
        }
    }
    for name in files(&site.join("pkg").join(release))?.into_keys() {
        // The service worker keeps those when they were used.
        let seldom = name.starts_with("pack/cmap-");
        if !name.ends_with(".txt") && !seldom {
            precache.push(format!("{base}/{name}"));
        }
    }
    let own: Vec<_> = files(&public)?
        .into_iter()
        .filter(|(name, _)| {
            !name.starts_with("fonts/")
                && !name.starts_with("page/")
                && !["boot.js", "worker-entry.js", "index.html"].contains(&name.as_str())
        })
        .collect();
    precache.extend(
        own.iter()
            // Pictures of the guidance are kept when they were seen.
            .filter(|(name, _)| {
                !["sw.js", "robots.txt"].contains(&name.as_str())
                    && !name.starts_with("help/")
            })
            .map(|(name, _)| format!("/{name}")),
    );
    let precache = serde_json::to_string(&precache)?;
    for (name, file) in own {
        let copy = site.join(&name);
        if let Some(folder) = copy.parent() {
            std::fs::create_dir_all(folder)?;
        }
        if matches!(name.rsplit('.').next(), Some("html" | "js" | "webmanifest")) {
            let text = std::fs::read_to_string(&file)?
                .replace("{{BASE}}", &base)
                .replace("{{RELEASE}}", release)
                .replace("\"{{PRECACHE}}\"", &precache);
            ensure!(
                !text.contains("{{"),
                "public/{name} has a placeholder that nobody fills"
            );
            std::fs::write(copy, text)?;
        } else {
            std::fs::copy(file, copy)?;
        }
    }
    Ok(())
}

/// Brotli for everything that is text or wasm, and the size budgets.
fn compress(site: &Path, release: &str) -> Result<()> {
    let compressible = |name: &str| {
        matches!(
            name.rsplit('.').next(),
            Some("html" | "js" | "css" | "wasm" | "pack" | "svg" | "webmanifest" | "json")
        ) || name.contains("/pack/")
    };
    let mut wanted: Vec<(String, PathBuf)> = files(site)?
        .into_iter()
        .filter(|(name, _)| compressible(name))
        .collect();
    // The largest are taken first, from the end.
    wanted.sort_by_key(|(_, file)| std::fs::metadata(file).map_or(0, |file| file.len()));
    let (names, paths): (Vec<String>, Vec<PathBuf>) = wanted.into_iter().unzip();
    let sizes = bundle::brotli(&paths)?;
    let packed: BTreeMap<String, u64> = names.into_iter().zip(sizes).collect();
    let first: u64 = packed
        .iter()
        .filter(|(name, _)| {
            name.strip_prefix(&format!("pkg/{release}/"))
                .map_or(name.as_str() == LARGEST || name.ends_with(".svg"), |file| {
                    FIRST.contains(&file)
                })
        })
        .map(|(_, size)| size)
        .sum();
    let engine = packed
        .get(&format!("pkg/{release}/worker_bg.wasm"))
        .copied()
        .unwrap_or_default();
    let page = packed
        .iter()
        .filter(|(name, _)| !name.contains("/worker") && !name.contains("/pack/"))
        .map(|(_, size)| size)
        .sum();
    for (name, size) in &packed {
        if name.ends_with(".wasm") || name.ends_with(".pack") {
            let file = name.rsplit('/').next().unwrap_or(name);
            eprintln!("    {file}: {} KB of brotli", size.div_ceil(1000));
        }
    }
    for (name, size, budget) in [
        ("page before the first screen", first, APP_BUDGET),
        ("page with all chunks", page, PAGE_BUDGET),
        ("engine", engine, WORKER_BUDGET),
    ] {
        eprintln!(
            "  {name}: {} KB of brotli (budget {} KB)",
            size / 1000,
            budget / 1000
        );
        ensure!(size <= budget, "{name} is over its budget");
    }
    Ok(())
}
