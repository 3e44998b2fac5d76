//! Text that a page paints and nobody sees: something lies over it, or it has the colour of what is below. Text that is meant not to be
//! seen (rendering mode 3, the letters over a scan) is none.

use crate::open::{Document, PageError};
use crate::watch::{extent, watch};
use hayro::kurbo::{BezPath, Point, Rect, Shape as _};
use hayro_interpret::font::{Glyph, GlyphRun};
use hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, Paint, SoftMask,
};

/// Most letters of a page that are looked at.
const LETTERS_MAX: usize = 20_000;
/// Most shapes that may cover something.
const COVERS_MAX: usize = 5_000;
/// Pixels per point of the picture that is looked at.
const SCALE: f64 = 1.5;
/// Letters smaller than this, in points, are no text for people.
const LEAST: f64 = 2.0;
/// Parts of 255 by which a letter has to differ from what is around it.
const CONTRAST: u8 = 14;
/// Parts of 255 by which edges of small letters differ from their colour.
const NEAR: u8 = 90;

impl Document {
    /// How many letters of a page cannot be seen.
    ///
    /// # Errors
    /// [`PageError`].
    pub fn unseen_letters(&self, page: u32) -> Result<usize, PageError> {
        let (letters, covers, size) = self.with_page(page, |page, caches| {
            let bounds = extent(page);
            let mut watcher = Watcher {
                bounds,
                clips: Vec::new(),
                groups: Vec::new(),
                letters: Vec::new(),
                covers: Vec::new(),
            };
            watch(page, caches, &mut watcher);
            (watcher.letters, watcher.covers, bounds)
        })?;
        if letters.is_empty() {
            return Ok(0);
        }
        let picture = self.render(page, SCALE)?;
        let scale = f64::from(picture.width) / size.width().max(1.0);
        // What lies over it may let it through in a way that is not known here: then its colour still shows.
        let shines = |letter: &Letter, cover: &Cover| {
            let later = letters.iter().skip(cover.after);
            !cover.image
                && letter
                    .colour
                    .is_some_and(|colour| shows(&picture, &letter.ink, scale, colour))
                && !later
                    .map(|later| later.ink)
                    .any(|ink| ink.overlaps(letter.ink))
        };
        let is_covered = |letter: &Letter| {
            covers
                .iter()
                .skip_while(|cover| cover.after <= letter.number)
                .any(|cover| cover.hides(&letter.ink) && !shines(letter, cover))
        };
        let is_plain = |letter: &Letter| is_plain(&picture, &letter.ink, scale);
        let unseen = letters
            .iter()
            .filter(|letter| is_covered(letter) || is_plain(letter));
        Ok(unseen.count())
    }
}

/// The colours of a part of a picture, with a pixel around.
fn colours<'p>(
    picture: &'p crate::Picture,
    ink: &Rect,
    scale: f64,
) -> impl Iterator<Item = &'p [u8]> + use<'p> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    // saturating, and read with bounds
    let pixel = |at: f64| (at * scale).max(0.0) as usize;
    let width = usize::try_from(picture.width).unwrap_or(0);
    let (left, right) = (pixel(ink.x0).saturating_sub(1), pixel(ink.x1) + 1);
    let (top, bottom) = (pixel(ink.y0).saturating_sub(1), pixel(ink.y1) + 1);
    (top..=bottom)
        .flat_map(move |y| (left..=right.min(width.saturating_sub(1))).map(move |x| (x, y)))
        .filter_map(move |(x, y)| {
            let at = (y * width + x) * 4;
            picture.rgba.get(at..at + 3)
        })
}

/// Whether a colour is seen there, or nearly.
fn shows(picture: &crate::Picture, ink: &Rect, scale: f64, colour: [u8; 3]) -> bool {
    colours(picture, ink, scale).any(|seen| {
        let parts = seen.iter().zip(colour);
        parts
            .into_iter()
            .all(|(seen, own)| seen.abs_diff(own) < NEAR)
    })
}

/// Whether nothing stands out in a part of a picture.
fn is_plain(picture: &crate::Picture, ink: &Rect, scale: f64) -> bool {
    let (mut least, mut most) = ([u8::MAX; 3], [0_u8; 3]);
    let mut any = false;
    for colour in colours(picture, ink, scale) {
        any = true;
        for ((least, most), part) in least.iter_mut().zip(&mut most).zip(colour) {
            *least = (*least).min(*part);
            *most = (*most).max(*part);
        }
    }
    any && least
        .iter()
        .zip(most)
        .all(|(least, most)| most - least < CONTRAST)
}

/// A letter that is meant to be seen.
struct Letter {
    /// Its place among everything that is painted.
    number: usize,
    ink: Rect,
    /// Where it is painted in one.
    colour: Option<[u8; 3]>,
}

/// Something opaque.
struct Cover {
    /// So many letters were painted before it.
    after: usize,
    /// Where it can be seen.
    clip: Rect,
    shape: BezPath,
    image: bool,
}

impl Cover {
    fn hides(&self, ink: &Rect) -> bool {
        let inside = |x: f64, y: f64| self.shape.contains(Point::new(x, y));
        self.clip.contains_rect(*ink)
            && inside(ink.x0, ink.y0)
            && inside(ink.x1, ink.y0)
            && inside(ink.x0, ink.y1)
            && inside(ink.x1, ink.y1)
            && inside(ink.center().x, ink.center().y)
    }
}

struct Watcher {
    bounds: Rect,
    clips: Vec<Rect>,
    /// Whether each open group lets through what is below.
    groups: Vec<bool>,
    letters: Vec<Letter>,
    covers: Vec<Cover>,
}

impl Watcher {
    fn clip(&self) -> Rect {
        self.clips.last().copied().unwrap_or(self.bounds)
    }

    fn is_opaque(&self, paint: Option<&Paint<'_>>, masked: bool, blend: BlendMode) -> bool {
        let solid = match paint {
            None => true,
            Some(Paint::Color(colour)) => colour.to_rgba().to_rgba8()[3] == u8::MAX,
            Some(Paint::Pattern(_)) => false,
        };
        solid
            && !masked
            && matches!(blend, BlendMode::Normal)
            && !self.groups.iter().any(|lets_through| *lets_through)
    }

    fn cover(&mut self, shape: BezPath, image: bool) {
        if self.covers.len() < COVERS_MAX && !self.letters.is_empty() {
            self.covers.push(Cover {
                after: self.letters.len(),
                clip: self.clip(),
                shape,
                image,
            });
        }
    }
}

impl<'a> Device<'a> for Watcher {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        if matches!(mode, DrawMode::Invisible) {
            return;
        }
        let colour = match &props.paint {
            Paint::Color(colour) => {
                let [red, green, blue, _] = colour.to_rgba().to_rgba8();
                Some([red, green, blue])
            }
            Paint::Pattern(_) => None,
        };
        for glyph in run.glyphs() {
            let Glyph::Outline(outline) = &**glyph else {
                continue;
            };
            if self.letters.len() >= LETTERS_MAX {
                return;
            }
            let path = outline.outline();
            if path.is_empty() {
                continue;
            }
            let ink =
                (props.transform * glyph.transform()).transform_rect_bbox(path.bounding_box());
            // What the clip takes away or the page's edge cuts off is another matter.
            let shown = ink.is_finite()
                && ink.height().max(ink.width()) >= LEAST
                && self.clip().intersect(self.bounds).contains_rect(ink);
            if shown {
                let number = self.letters.len();
                self.letters.push(Letter {
                    number,
                    ink,
                    colour,
                });
            }
        }
    }

    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        let fills = matches!(mode, DrawMode::Fill(_) | DrawMode::FillAndStroke(..));
        if fills
            && self.is_opaque(
                Some(&props.paint),
                props.soft_mask.is_some(),
                props.blend_mode,
            )
        {
            let shape = props.transform * path.clone();
            let bounds = shape.bounding_box();
            if bounds.width() >= LEAST && bounds.height() >= LEAST {
                self.cover(shape, false);
            }
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let Image::Raster(raster) = &image else {
            return;
        };
        if !self.is_opaque(None, props.soft_mask.is_some(), props.blend_mode)
            || self.letters.is_empty()
        {
            return;
        }
        let (width, height) = (f64::from(image.width()), f64::from(image.height()));
        let shape = props.transform * Rect::new(0.0, 0.0, width, height).to_path(0.1);
        let bounds = shape.bounding_box().intersect(self.clip());
        let over = |letter: &Letter| bounds.contains(letter.ink.center());
        if !self.letters.iter().any(over) {
            return;
        }
        let mut opaque = false;
        raster.with_rgba(
            |_, alpha| opaque = alpha.is_none_or(|alpha| alpha.data.iter().all(|part| *part > 250)),
            Some((64, 64)),
        );
        if opaque {
            self.cover(shape, true);
        }
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        let bounds = clip.path.bounding_box().intersect(self.clip());
        self.clips.push(bounds);
    }

    fn pop_clip(&mut self) {
        self.clips.pop();
    }

    fn push_transparency_group(
        &mut self,
        opacity: f32,
        mask: Option<SoftMask<'a>>,
        blend: BlendMode,
    ) {
        let solid = opacity >= 1.0 && mask.is_none() && matches!(blend, BlendMode::Normal);
        self.groups.push(!solid);
    }

    fn pop_transparency_group(&mut self) {
        self.groups.pop();
    }
}
