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

/// Shrinks a module in place. No feature flags: wasm-opt reads the module's own (Binaryen's `--all-features` writes
/// imports that Chromium refuses).
pub fn optimize(wasm: &Path, level: &str) -> Result<()> {
    let small = wasm.with_extension("opt");
    succeed(
        command(root().join("end2end/node_modules/.bin/wasm-opt"))
            .arg(level)
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

/// Writes `FILE.br` beside a file.
pub fn brotli(file: &Path, quality: i32) -> Result<u64> {
    let bytes = std::fs::read(file)?;
    let mut packed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams {
        quality,
        lgwin: 24,
        size_hint: bytes.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut bytes.as_slice(), &mut packed, &parameters)?;
    let mut name = file.as_os_str().to_owned();
    name.push(".br");
    std::fs::write(name, &packed)?;
    Ok(packed.len() as u64)
}
