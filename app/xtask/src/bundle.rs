//! Small pieces of the site's build: wasm-bindgen, wasm-opt, styles, brotli.

use crate::process::{command, root, succeed};
use anyhow::{Context as _, Result, anyhow};
use lightningcss::bundler::{Bundler, FileProvider};
use lightningcss::printer::PrinterOptions;
use lightningcss::stylesheet::{MinifyOptions, ParserOptions};
use lightningcss::targets::{Browsers, Targets};
use std::path::Path;
use wasm_bindgen_cli_support::Bindgen;

/// Writes `NAME.js` and `NAME_bg.wasm` for a compiled module.
pub fn bindgen(wasm: &Path, name: &str, folder: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(wasm)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(false)
        .remove_producers_section(true)
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
