//! `cargo run -p document --example locate -- FILE TEXT`: where a text stands, and where a signature would go.

use contract::geometry::Size;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(file), Some(text)) = (arguments.next(), arguments.next()) else {
        return Err("usage: locate FILE TEXT".into());
    };
    let document = document::Document::open(std::fs::read(file)?, None)?;
    for hit in document.find(&text) {
        println!("page {}: {:?} {:?}", hit.page + 1, hit.text, hit.quads);
    }
    let proposal = document.propose(
        &text,
        Size {
            width: 170.0,
            height: 60.0,
        },
        &[],
    );
    println!("{:?}", proposal.reason);
    for place in proposal.places {
        println!("page {}: {:?}", place.page + 1, place.rect);
    }
    Ok(())
}
