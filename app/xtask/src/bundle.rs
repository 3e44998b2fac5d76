//! Small pieces of the site's build: wasm-bindgen, wasm-opt, styles, brotli.

use crate::process::{command, root, succeed};
use anyhow::{Context as _, Result, anyhow};
use lightningcss::bundler::{Bundler, FileProvider};
use lightningcss::printer::PrinterOptions;
use lightningcss::stylesheet::{MinifyOptions, ParserOptions};
use lightningcss::targets::{Browsers, Targets};
use std::path::{Path, PathBuf};
use wasm_bindgen_cli_support::Bindgen;

/// Cuts a module that was linked with `--emit-relocs` where its functions are marked with `wasm_split`: the chunks and
/// `NAME_chunk.js`, which fetches them, go into the folder; what remains goes to `rest` and still needs [`bindgen`].
pub fn split(wasm: &Path, name: &str, folder: &Path, rest: &Path) -> Result<Vec<PathBuf>> {
    let whole = std::fs::read(wasm)?;
    let (main_module, link) = (format!("./{name}.js"), format!("./{name}_chunk.js"));
    let mut options = wasm_split_cli_support::Options::new(&whole);
    options.output_dir = folder;
    options.main_out_path = rest;
    options.main_module = &main_module;
    options.link_name = &link;
    let done = wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow!("cannot split {}: {error:#}", wasm.display()))?;
    Ok(done.split_modules)
}

/// Writes `NAME.js` and `NAME_bg.wasm` for a compiled module, or for what [`split`] left of one (`cut`): chunks ask it for
/// functions by their linker names.
///
/// `names` keeps the functions' names for whoever debugs: a tenth of the module.
pub fn bindgen(wasm: &Path, name: &str, cut: bool, names: bool, folder: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(wasm)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(false)
        .remove_producers_section(true)
        .keep_lld_exports(cut)
        .demangle(!cut)
        .remove_name_section(!cut && !names)
        .out_name(name)
        .generate(folder)
        .with_context(|| format!("wasm-bindgen failed on {}", wasm.display()))
}

/// Modules below this many bytes are shrunk many at a time.
const SMALL: u64 = 32 * 1024;

/// Modules as they are shrunk together: each of the large ones by itself, all small ones in one go. What takes longest stands last.
pub fn heaps(modules: Vec<PathBuf>) -> Result<Vec<Vec<PathBuf>>> {
    let mut sized = Vec::new();
    for module in modules {
        let size = std::fs::metadata(&module)
            .with_context(|| module.display().to_string())?
            .len();
        sized.push((size, module));
    }
    sized.sort();
    let large = sized.split_off(sized.partition_point(|(size, _)| *size < SMALL));
    let mut heaps: Vec<Vec<PathBuf>> = large.into_iter().map(|(_, one)| vec![one]).collect();
    if !sized.is_empty() {
        heaps.push(sized.into_iter().map(|(_, one)| one).collect());
    }
    Ok(heaps)
}

/// Shrinks modules in place. No feature flags: wasm-opt reads the module's own (Binaryen's `--all-features` writes
/// imports that Chromium refuses).
pub fn optimize(heap: &[PathBuf]) -> Result<()> {
    let packages = root().join("end2end/node_modules");
    let [wasm] = heap else {
        return succeed(
            command("node")
                .arg(root().join("app/xtask/src/shrink.mjs"))
                .arg(packages.join("binaryen/index.js"))
                .args(heap),
        );
    };
    let small = wasm.with_extension("opt");
    succeed(
        command(packages.join(".bin/wasm-opt"))
            .arg("-Oz")
            .arg(wasm)
            .arg("-o")
            .arg(&small),
    )?;
    Ok(std::fs::rename(small, wasm)?)
}

/// All style files as one, older browsers considered.
pub fn styles(entry: &Path) -> Result<String> {
    let provider = FileProvider::new();
    let mut bundler = Bundler::new(&provider, None, ParserOptions::default());
    let mut sheet = bundler
        .bundle(entry)
        .map_err(|error| anyhow!("style: {error}"))?;
    let version = |major: u32, minor: u32| Some(major << 16 | minor << 8);
    let targets = Targets::from(Browsers {
        chrome: version(99, 0),
        edge: version(99, 0),
        firefox: version(97, 0),
        safari: version(15, 4),
        ios_saf: version(15, 4),
        ..Browsers::default()
    });
    sheet
        .minify(MinifyOptions {
            targets,
            ..MinifyOptions::default()
        })
        .map_err(|error| anyhow!("style: {error}"))?;
    let printed = sheet
        .to_css(PrinterOptions {
            minify: true,
            targets,
            ..PrinterOptions::default()
        })
        .map_err(|error| anyhow!("style: {error}"))?;
    Ok(printed.code)
}

/// Writes `FILE.br` beside every file, as small as it gets; their sizes in bytes.
pub fn brotli(files: &[PathBuf]) -> Result<Vec<u64>> {
    succeed(
        command("node")
            .arg(root().join("app/xtask/src/brotli.mjs"))
            .args(files),
    )?;
    let size = |file: &PathBuf| {
        let mut name = file.as_os_str().to_owned();
        name.push(".br");
        let packed = std::fs::metadata(&name).with_context(|| format!("{}", file.display()))?;
        Ok(packed.len())
    };
    files.iter().map(size).collect()
}
