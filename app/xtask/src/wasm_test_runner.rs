//! Runs wasm tests: the library form of wasm-bindgen-test-runner, locked to the same version as wasm-bindgen.

fn main() {}
