//! Pictures as far as comparing needs them: PNG in, grays, and two side by side out again.

use anyhow::{Context as _, Result, bail};
use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::Path;

/// A picture in grays.
pub struct Gray {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// Row by row.
    pub pixels: Vec<u8>,
}

impl Gray {
    /// A pixel; white beyond the edge.
    pub fn at(&self, x: usize, y: usize) -> u8 {
        if x < self.width {
            self.pixels.get(y * self.width + x).copied().unwrap_or(255)
        } else {
            255
        }
    }
}

/// A picture in colours.
pub struct Colored {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// Red, green, blue of every pixel.
    pub rgb: Vec<u8>,
}

impl Colored {
    /// Reads a PNG of 8 bits a channel.
    pub fn read(file: &Path) -> Result<Self> {
        let open = BufReader::new(
            File::open(file).with_context(|| format!("cannot read {}", file.display()))?,
        );
        let mut decoder = png::Decoder::new(open);
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let mut reader = decoder.read_info()?;
        let mut buffer = vec![0; reader.output_buffer_size().context("too large")?];
        let info = reader.next_frame(&mut buffer)?;
        buffer.truncate(info.buffer_size());
        let rgb = match info.color_type {
            png::ColorType::Rgb => buffer,
            png::ColorType::Rgba => buffer
                .chunks_exact(4)
                .flat_map(|pixel| pixel.iter().take(3).copied())
                .collect(),
            png::ColorType::Grayscale => buffer.iter().flat_map(|gray| [*gray; 3]).collect(),
            other => bail!("{other:?} in {}", file.display()),
        };
        Ok(Self {
            width: usize::try_from(info.width)?,
            height: usize::try_from(info.height)?,
            rgb,
        })
    }

    /// Its grays (ITU-R BT.601).
    pub fn gray(&self) -> Gray {
        let gray = |pixel: &[u8]| match pixel {
            [red, green, blue] => {
                let sum = 299 * u32::from(*red) + 587 * u32::from(*green) + 114 * u32::from(*blue);
                u8::try_from(sum / 1000).unwrap_or(255)
            }
            _ => 255,
        };
        Gray {
            width: self.width,
            height: self.height,
            pixels: self.rgb.chunks_exact(3).map(gray).collect(),
        }
    }

    fn pixel(&self, x: usize, y: usize) -> [u8; 3] {
        let at = (y * self.width + x) * 3;
        match self.rgb.get(at..at + 3) {
            Some([red, green, blue]) if x < self.width => [*red, *green, *blue],
            _ => [235, 235, 235],
        }
    }
}

/// Writes two pictures side by side as one PNG.
pub fn beside(left: &Colored, right: &Colored, file: &Path) -> Result<()> {
    const GAP: usize = 12;
    let (width, height) = (
        left.width + GAP + right.width,
        left.height.max(right.height),
    );
    let mut rgb = Vec::with_capacity(width * height * 3);
    for y in 0..height {
        (0..left.width).for_each(|x| rgb.extend(left.pixel(x, y)));
        rgb.resize(rgb.len() + GAP * 3, 90);
        (0..right.width).for_each(|x| rgb.extend(right.pixel(x, y)));
    }
    let mut encoder = png::Encoder::new(
        BufWriter::new(File::create(file)?),
        u32::try_from(width)?,
        u32::try_from(height)?,
    );
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header()?.write_image_data(&rgb)?;
    Ok(())
}
