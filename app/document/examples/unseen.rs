//! How many letters of each page cannot be seen: `cargo run -p document --example unseen -- FILES`.
#![allow(clippy::print_stdout, missing_docs)]

fn main() {
    for name in std::env::args().skip(1) {
        let Ok(bytes) = std::fs::read(&name) else {
            continue;
        };
        let Ok(document) = document::Document::open(bytes, None) else {
            println!("{name}: closed");
            continue;
        };
        let began = std::time::Instant::now();
        let pages = document.page_count().min(20);
        let found: Vec<(u32, usize)> = (0..pages)
            .filter_map(|page| Some((page, document.unseen_letters(page).ok()?)))
            .filter(|(_, count)| *count > 0)
            .collect();
        println!("{name}: {pages} pages, {found:?}, {:?}", began.elapsed());
    }
}
