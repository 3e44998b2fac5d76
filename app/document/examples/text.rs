//! `cargo run -p document --example text -- FILE`: the text of every page in reading order, and how long reading it took.

use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args().nth(1).ok_or("usage: text FILE")?;
    let begun = Instant::now();
    let document = document::Document::open(std::fs::read(file)?, None)?;
    let opened = begun.elapsed();
    for page in 0..document.page_count() {
        let text = document.text(page)?;
        println!(
            "— page {}, {} letters unknown",
            page + 1,
            text.unknown_letters
        );
        for line in text.lines {
            println!("{}", line.text);
        }
    }
    let read = begun.elapsed();
    let hits = document.find("người làm đơn").len();
    let first = begun.elapsed();
    let again = document.find("nguoi lam don").len();
    let second = begun.elapsed();
    eprintln!(
        "opened in {opened:?}, read in {:?}, first search ({hits}) {:?}, second ({again}) {:?}",
        read - opened,
        first - read,
        second - first
    );
    Ok(())
}
