//! The handwritten signature's image: PNG with its transparency as a soft mask, JPEG embedded as it is.

use crate::error::SignError;
use crate::pdf::object::{Dictionary, Id, Object};
use crate::update::objects::{Body, Objects};
use std::io::Cursor;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;

/// Most pixels of an image.
const PIXELS_MAX: u64 = 25_000_000;
/// Most bytes of an image file.
const BYTES_MAX: usize = 20 * 1024 * 1024;

/// A decoded PNG or a checked JPEG.
#[derive(Debug)]
pub(crate) struct Picture {
    width: u32,
    height: u32,
    samples: Samples,
}

#[derive(Debug)]
enum Samples {
    /// A JPEG file of 1, 3 or 4 components.
    Jpeg {
        file: Vec<u8>,
        components: u8,
        inverted: bool,
    },
    /// 8-bit samples, gray or RGB, and 8-bit opacity where any pixel is not opaque.
    Plain {
        color: Vec<u8>,
        gray: bool,
        alpha: Option<Vec<u8>>,
    },
}

/// Reads an image.
///
/// # Errors
/// [`SignError::ImageUnreadable`].
pub(crate) fn read(bytes: &[u8]) -> Result<Picture, SignError> {
    let picture = if bytes.len() > BYTES_MAX {
        None
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        read_png(bytes)
    } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        read_jpeg(bytes)
    } else {
        None
    };
    picture.ok_or(SignError::ImageUnreadable)
}

fn acceptable(width: u32, height: u32) -> bool {
    width > 0 && height > 0 && u64::from(width) * u64::from(height) <= PIXELS_MAX
}

fn read_png(bytes: &[u8]) -> Option<Picture> {
    let limits = png::Limits {
        bytes: 256 * 1024 * 1024,
    };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().ok()?;
    let (width, height) = (reader.info().width, reader.info().height);
    if !acceptable(width, height) {
        return None;
    }
    let mut buffer = vec![0; reader.output_buffer_size()?];
    let info = reader.next_frame(&mut buffer).ok()?;
    buffer.truncate(info.buffer_size());
    let (color, gray, alpha) = match info.color_type {
        png::ColorType::Grayscale => (buffer, true, None),
        png::ColorType::Rgb => (buffer, false, None),
        png::ColorType::GrayscaleAlpha => {
            let (color, alpha) = separate::<2>(&buffer);
            (color, true, Some(alpha))
        }
        png::ColorType::Rgba => {
            let (color, alpha) = separate::<4>(&buffer);
            (color, false, Some(alpha))
        }
        png::ColorType::Indexed => return None, // normalised to RGB above
    };
    let alpha = alpha.filter(|alpha| alpha.iter().any(|value| *value != 255));
    Some(Picture {
        width,
        height,
        samples: Samples::Plain { color, gray, alpha },
    })
}

/// Colour samples and opacity of pixels of `N` bytes, opacity last.
fn separate<const N: usize>(pixels: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let (pixels, _) = pixels.as_chunks::<N>();
    let mut color = Vec::with_capacity(pixels.len() * (N - 1));
    let mut alpha = Vec::with_capacity(pixels.len());
    for pixel in pixels {
        if let Some((opacity, samples)) = pixel.split_last() {
            color.extend_from_slice(samples);
            alpha.push(*opacity);
        }
    }
    (color, alpha)
}

fn read_jpeg(bytes: &[u8]) -> Option<Picture> {
    let mut decoder = JpegDecoder::new(ZCursor::new(bytes));
    decoder.decode_headers().ok()?;
    let (width, height) = decoder.dimensions()?;
    let (width, height) = (u32::try_from(width).ok()?, u32::try_from(height).ok()?);
    if !acceptable(width, height) {
        return None;
    }
    let components = match decoder.input_colorspace()? {
        ColorSpace::Luma => 1,
        ColorSpace::YCbCr | ColorSpace::RGB => 3,
        ColorSpace::CMYK | ColorSpace::YCCK => 4,
        _ => return None,
    };
    // Decoded once to be sure that viewers will be able to.
    decoder.decode().ok()?;
    Some(Picture {
        width,
        height,
        samples: Samples::Jpeg {
            file: bytes.to_vec(),
            components,
            // Adobe writes CMYK inverted and says so by its marker.
            inverted: components == 4 && bytes.windows(5).any(|window| window == b"Adobe"),
        },
    })
}

impl Picture {
    /// Width / height.
    pub(crate) fn ratio(&self) -> f64 {
        f64::from(self.width) / f64::from(self.height)
    }

    /// Adds it as an image XObject.
    pub(crate) fn add(&self, objects: &mut Objects) -> Id {
        match &self.samples {
            Samples::Jpeg {
                file,
                components,
                inverted,
            } => {
                let space = match components {
                    1 => "DeviceGray",
                    3 => "DeviceRGB",
                    _ => "DeviceCMYK",
                };
                let mut dictionary = self
                    .dictionary(space)
                    .with("Filter", Object::name("DCTDecode"));
                if *inverted {
                    dictionary.set(
                        "Decode",
                        Object::numbers(&[1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0]),
                    );
                }
                objects.add(Body::Stream(dictionary, file.clone()))
            }
            Samples::Plain { color, gray, alpha } => {
                let mut dictionary =
                    self.dictionary(if *gray { "DeviceGray" } else { "DeviceRGB" });
                if let Some(alpha) = alpha {
                    let mask = objects.add_deflated(self.dictionary("DeviceGray"), alpha);
                    dictionary.set("SMask", mask.into());
                }
                objects.add_deflated(dictionary, color)
            }
        }
    }

    fn dictionary(&self, space: &str) -> Dictionary {
        Dictionary::new()
            .with("Type", Object::name("XObject"))
            .with("Subtype", Object::name("Image"))
            .with("Width", Object::Integer(i64::from(self.width)))
            .with("Height", Object::Integer(i64::from(self.height)))
            .with("ColorSpace", Object::name(space))
            .with("BitsPerComponent", Object::Integer(8))
    }
}
