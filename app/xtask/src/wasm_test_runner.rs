//! Runs wasm tests in the browser: wasm-bindgen's own test runner as a library, so that its version is the one in Cargo.lock.

fn main() -> anyhow::Result<()> {
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(std::env::args_os())
}
