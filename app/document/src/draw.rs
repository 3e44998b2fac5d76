//! Drawing a page.

use crate::limits::{PIXELS_MAX, SIDE_MAX};
use crate::open::{Document, PageError, user_unit};
use hayro::vello_cpu::color::palette::css::{TRANSPARENT, WHITE};
use hayro::{PixmapSettings, RenderSettings};
use hayro_interpret::InterpreterSettings;

/// A drawn page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Red, green, blue, alpha of every pixel, row by row; colours are not multiplied by alpha.
    pub rgba: Vec<u8>,
}

impl Document {
    /// Draws a page on white. `scale` is in pixels per point; a picture that would be larger than the limits is drawn smaller.
    ///
    /// # Errors
    /// [`PageError`].
    pub fn render(&self, page: u32, scale: f64) -> Result<Picture, PageError> {
        self.picture(page, scale, false)
    }

    /// The same on nothing: transparent where the page draws nothing.
    ///
    /// # Errors
    /// [`PageError`].
    pub fn render_transparent(&self, page: u32, scale: f64) -> Result<Picture, PageError> {
        let mut picture = self.picture(page, scale, true)?;
        for pixel in picture.rgba.chunks_exact_mut(4) {
            if let [red, green, blue, alpha] = pixel {
                let whole = u16::from(*alpha);
                if whole != 0 && whole != 255 {
                    for part in [red, green, blue] {
                        *part =
                            u8::try_from((u16::from(*part) * 255 / whole).min(255)).unwrap_or(255);
                    }
                }
            }
        }
        Ok(picture)
    }

    fn picture(&self, page: u32, scale: f64, transparent: bool) -> Result<Picture, PageError> {
        if !(scale.is_finite() && scale > 0.0) {
            return Err(PageError::Undrawable);
        }
        self.with_page(page, |page, caches| {
            let (width, height) = page.render_dimensions();
            let (width, height) = (f64::from(width), f64::from(height));
            let scale = scale * user_unit(page);
            let most = (PIXELS_MAX / (width * height)).sqrt();
            let scale = scale.min(most).min(SIDE_MAX / width).min(SIDE_MAX / height);
            // At least one pixel each way.
            let scale = scale.max(1.0 / width).max(1.0 / height);
            if width * scale > SIDE_MAX || height * scale > SIDE_MAX {
                return Err(PageError::Undrawable);
            }
            #[allow(clippy::cast_possible_truncation)]
            // a scale needs no more than single precision
            let scale = scale as f32;
            let pixmap = hayro::render(
                page,
                &caches.render,
                &InterpreterSettings::default(),
                &RenderSettings::default(),
                &PixmapSettings {
                    x_scale: scale,
                    y_scale: scale,
                    bg_color: if transparent { TRANSPARENT } else { WHITE },
                },
            );
            Ok(Picture {
                width: u32::from(pixmap.width()),
                height: u32::from(pixmap.height()),
                rgba: pixmap.data_as_u8_slice().to_vec(),
            })
        })?
    }
}
