//! `cargo run -p document --example details -- FILE [PASSWORD]`: what a document says of itself, and the links of its pages.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let Some(file) = arguments.next() else {
        return Err("usage: details FILE [PASSWORD]".into());
    };
    let document = document::Document::open(std::fs::read(file)?, arguments.next().as_deref())?;
    println!("{:?}\n{:#?}", document.title(), document.details());
    for page in 0..document.page_count() {
        for link in document.links(page)? {
            println!("page {}: {link:?}", page + 1);
        }
    }
    Ok(())
}
