//! `cargo run -p document --example packs -- FOLDER`: writes the fonts and CMaps that the engine of the browser asks for when a file needs them.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Some(folder) = std::env::args().nth(1) else {
        return Err("usage: packs FOLDER".into());
    };
    let folder = std::path::Path::new(&folder);
    std::fs::create_dir_all(folder)?;
    for (name, bytes) in document::builtin_packs() {
        std::fs::write(folder.join(name), bytes)?;
    }
    Ok(())
}
