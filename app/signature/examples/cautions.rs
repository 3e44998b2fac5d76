//! What is told before a file is signed: `cargo run -p signature@0.1.0 --example cautions -- FILES`.
#![allow(clippy::print_stdout, missing_docs)]

fn main() {
    for name in std::env::args().skip(1) {
        let Ok(bytes) = std::fs::read(&name) else {
            continue;
        };
        let began = std::time::Instant::now();
        let inspection = signature::inspect(&bytes).map(|found| found.signability);
        let found = signature::cautions(&bytes, "");
        let kinds: Vec<_> = found.iter().map(|one| one.kind).collect();
        println!(
            "{name}\t{inspection:?}\t{kinds:?}\t{} covers\t{:?}",
            signature::covers(&bytes, "").len(),
            began.elapsed()
        );
    }
}
