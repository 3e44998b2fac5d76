//! `cargo run -p document --example render -- FILE PAGE OUT.png [KEYWORD]`: a page as a picture, with the proposed box when a keyword is given.

use contract::geometry::Size;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, page, out, keyword @ ..] = arguments.as_slice() else {
        return Err("usage: render FILE PAGE OUT.png [KEYWORD]".into());
    };
    let document = document::Document::open(std::fs::read(file)?, None)?;
    let page = page.parse::<u32>()?.saturating_sub(1);
    let scale = 1.5;
    let mut picture = document.render(page, scale)?;
    if let [keyword, ..] = keyword {
        let size = Size {
            width: 170.0,
            height: 60.0,
        };
        let places = document.propose(keyword, size, &[]).places;
        if let Some(place) = places.iter().find(|place| place.page == page) {
            frame(&mut picture, &place.rect, scale);
        }
    }
    let mut encoder = png::Encoder::new(std::fs::File::create(out)?, picture.width, picture.height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.write_header()?.write_image_data(&picture.rgba)?;
    Ok(())
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn frame(picture: &mut document::Picture, rect: &contract::geometry::Rect, scale: f64) {
    let at = |value: f64| (value * scale).max(0.0) as usize;
    let width = picture.width as usize;
    for y in at(rect.y)..at(rect.far()) {
        for x in at(rect.x)..at(rect.right()) {
            let edge = y < at(rect.y) + 2
                || y + 2 >= at(rect.far())
                || x < at(rect.x) + 2
                || x + 2 >= at(rect.right());
            if let (true, Some(pixel)) = (
                edge,
                picture
                    .rgba
                    .get_mut((y * width + x) * 4..(y * width + x) * 4 + 3),
            ) {
                pixel.copy_from_slice(&[200, 50, 30]);
            }
        }
    }
}
