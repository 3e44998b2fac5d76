//! Drawing a page or a part of it.

use crate::annotation;
use crate::area::Gauge;
use crate::limits::{PIXELS_MAX, SIDE_MAX};
use crate::open::{Caches, Document, PageError, user_unit};
use crate::watch::watch_through;
use crate::work::Work;
use contract::geometry::Rect;
use hayro::RenderSettings;
use hayro::kurbo::{Affine, Rect as KurboRect};
use hayro::vello_cpu::color::palette::css::{TRANSPARENT, WHITE};
use hayro::vello_cpu::{
    PixmapMut, RasterizerSettings, RenderContext, Resources as Rasterized, TargetInit,
};
use hayro_interpret::util::TransformExt as _;
use hayro_syntax::page::Page;

/// So many pixels painted plainly, or dearly, cannot take a second.
const AREA_PLAIN: u64 = 2_000_000_000;
const AREA_DEAR: u64 = 15_000_000;

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

/// The part of the pixels of a whole page that is drawn.
struct Frame {
    /// Pixels per user unit.
    scale: f64,
    left: f64,
    top: f64,
    width: u16,
    height: u16,
}

impl Document {
    /// Draws a page on white. `scale` is in pixels per point; a picture that would be larger than the limits is drawn smaller.
    ///
    /// # Errors
    /// [`PageError`].
    pub fn render(&self, page: u32, scale: f64) -> Result<Picture, PageError> {
        self.picture(page, scale, None, false)
    }

    /// Draws the part of a page that `clip` names, in view space: the very pixels that [`Document::render`] would give there, so that
    /// tiles fit together. Its edges are rounded to the nearest pixel and kept on the page.
    ///
    /// # Errors
    /// [`PageError`]; [`PageError::Undrawable`] when nothing of the page is inside `clip`.
    pub fn render_part(&self, page: u32, scale: f64, clip: Rect) -> Result<Picture, PageError> {
        self.picture(page, scale, Some(clip), false)
    }

    /// The whole page on nothing: transparent where the page draws nothing.
    ///
    /// # Errors
    /// [`PageError`].
    pub fn render_transparent(&self, page: u32, scale: f64) -> Result<Picture, PageError> {
        let mut picture = self.picture(page, scale, None, true)?;
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

    fn picture(
        &self,
        page: u32,
        scale: f64,
        clip: Option<Rect>,
        transparent: bool,
    ) -> Result<Picture, PageError> {
        self.with_work(page, |page, caches, work| {
            let frame = frame(page, scale, clip)?;
            let transform = Affine::translate((-frame.left, -frame.top))
                * Affine::scale(frame.scale)
                * page.initial_transform(true).to_kurbo();
            gauge(page, caches, work, &frame, transform)?;
            let mut context = RenderContext::new(frame.width, frame.height);
            hayro::render_into(
                page,
                &caches.render,
                &caches.settings,
                &RenderSettings::default(),
                &mut context,
                transform,
            );
            let marks = annotation::marks(page, &caches.settings)?;
            annotation::paint(&mut context, transform, &marks)?;
            context.flush();
            let pixels = usize::from(frame.width) * usize::from(frame.height);
            let mut rgba = vec![0; pixels * 4];
            let target = PixmapMut::new(frame.width, frame.height, &mut rgba)
                .ok_or(PageError::Undrawable)?;
            context.render_with(
                target,
                &mut Rasterized::default(),
                RasterizerSettings {
                    target_init: TargetInit::Clear(if transparent { TRANSPARENT } else { WHITE }),
                    ..RasterizerSettings::default()
                },
            );
            Ok(Picture {
                width: u32::from(frame.width),
                height: u32::from(frame.height),
                rgba,
            })
        })?
    }
}

/// Refuses a page whose areas make it too much, when its content leaves room for that.
fn gauge<'a>(
    page: &'a Page<'a>,
    caches: &Caches<'a>,
    work: Work,
    frame: &Frame,
    transform: Affine,
) -> Result<(), PageError> {
    let pixels = u64::from(frame.width) * u64::from(frame.height);
    let plain = work.paints.saturating_mul(pixels);
    let dear = work.layers.saturating_mul(pixels);
    if plain <= AREA_PLAIN && dear <= AREA_DEAR && !work.dashed && !work.meshed {
        return Ok(());
    }
    let mut gauge = Gauge::new(frame.width, frame.height);
    let target = KurboRect::new(0.0, 0.0, f64::from(frame.width), f64::from(frame.height));
    watch_through(page, caches, transform, target, &mut gauge);
    if gauge.is_too_much(work.time) {
        return Err(PageError::TooComplex);
    }
    Ok(())
}

/// Which pixels are drawn: at most as many as the limits allow, at least one each way.
fn frame(page: &Page<'_>, scale: f64, clip: Option<Rect>) -> Result<Frame, PageError> {
    if !(scale.is_finite() && scale > 0.0) {
        return Err(PageError::Undrawable);
    }
    let unit = user_unit(page);
    let (width, height) = page.render_dimensions();
    let page = Rect {
        x: 0.0,
        y: 0.0,
        width: f64::from(width) * unit,
        height: f64::from(height) * unit,
    };
    let part = match clip {
        None => page,
        Some(clip) => crate::link::within(&clip, &page).ok_or(PageError::Undrawable)?,
    };
    let most = (PIXELS_MAX / (part.width * part.height)).sqrt();
    let scale = scale
        .min(most)
        .min(SIDE_MAX / part.width)
        .min(SIDE_MAX / part.height);
    // At least one pixel each way.
    let scale = match clip {
        None => scale.max(1.0 / part.width).max(1.0 / part.height),
        Some(_) => scale,
    };
    let (left, right) = pixels(part.x, part.right(), page.width, scale);
    let (top, bottom) = pixels(part.y, part.far(), page.height, scale);
    let (width, height) = (right - left, bottom - top);
    if !(1.0..=SIDE_MAX).contains(&width) || !(1.0..=SIDE_MAX).contains(&height) {
        return Err(PageError::Undrawable);
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    // whole numbers between 1 and SIDE_MAX
    let (width, height) = (width as u16, height as u16);
    Ok(Frame {
        scale: scale * unit,
        left,
        top,
        width,
        height,
    })
}

/// The pixels from one edge to the other. The page's own last pixel counts only when the page fills it.
fn pixels(from: f64, to: f64, page: f64, scale: f64) -> (f64, f64) {
    // A size that is a whole number but for the last digits is that number.
    let last = (page * scale + 1e-3).floor().max(1.0);
    let from = (from * scale).round().min(last - 1.0);
    let to = (to * scale).round().clamp(from + 1.0, last.max(from + 1.0));
    let whole = from <= 0.0 && to + 0.5 >= page * scale;
    (from, if whole { last } else { to })
}
