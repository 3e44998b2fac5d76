//! What stands on a page, and where it is white.

use super::anchor::around;
use crate::draw::Picture;
use crate::limits::OBSTACLES_MAX;
use crate::open::{Caches, Document, user_unit};
use crate::watch::watch;
use contract::geometry::{PageGeometry, Rect};
use contract::text::PageText;
use hayro::kurbo::{Affine, BezPath, PathSeg, Rect as Extent, Shape as _};
use hayro_interpret::font::GlyphRun;
use hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask,
};
use hayro_syntax::page::Page;

/// Distance kept from text, in points.
pub(crate) const CLEAR: f64 = 3.0;
/// Distance kept from lines and pictures, in points.
const CLEAR_INK: f64 = 1.0;
/// Distance kept from the edge of the page, in points.
pub(crate) const MARGIN: f64 = 18.0;
/// Scale of the picture that is looked at for what no list of shapes tells (scans, patterns), in pixels per point.
const LOOK_SCALE: f64 = 0.5;
/// A picture or an area that covers more of the page than this part is a background.
const BACKGROUND: f64 = 0.4;

/// What stands on a page.
pub(crate) struct Sheet {
    pub(crate) bounds: Rect,
    /// Around each line of text.
    pub(crate) lines: Vec<Rect>,
    /// Boxes where nothing else may stand: signatures, form fields.
    pub(crate) taken: Vec<Rect>,
    /// Ruled lines, frames, pictures.
    pub(crate) ink: Vec<Rect>,
    picture: Option<Picture>,
}

impl Sheet {
    pub(crate) fn read(
        document: &Document,
        page: u32,
        text: &PageText,
        occupied: &[(u32, Rect)],
    ) -> Option<Self> {
        let geometry = document.geometry(page).ok()?;
        let bounds = geometry.view_bounds();
        let ink = document.with_page(page, |page, caches| ink(page, caches, &geometry));
        let (ink, is_told) = ink.map_or((Vec::new(), false), |ink| (ink.found, ink.is_told));
        // Drawing the page takes longer than all the rest: only when shapes and letters do not tell what is there.
        let picture = if is_told && text.unknown_letters == 0 {
            None
        } else {
            document.render(page, LOOK_SCALE).ok()
        };
        Some(Self {
            bounds,
            lines: text.lines.iter().map(|line| around(&line.quad)).collect(),
            taken: occupied
                .iter()
                .filter(|(on, _)| *on == page)
                .map(|(_, rect)| *rect)
                .collect(),
            ink,
            picture,
        })
    }

    /// The page without its edges.
    pub(crate) fn inner(&self) -> Rect {
        let edge = MARGIN
            .min(self.bounds.width / 8.0)
            .min(self.bounds.height / 8.0);
        grown(&self.bounds, -edge)
    }

    /// Whether a box may stand there; the lines in `but` do not count.
    pub(crate) fn is_free(&self, rect: &Rect, but: &[usize]) -> bool {
        self.inner().contains(rect)
            && self.is_off_text(rect, but)
            && self.is_off_boxes(rect)
            && self.is_off_ink(rect)
            && (!but.is_empty() || self.is_white(rect))
    }

    fn is_off_text(&self, rect: &Rect, but: &[usize]) -> bool {
        let clear = grown(rect, CLEAR);
        !self
            .lines
            .iter()
            .enumerate()
            .any(|(place, line)| line.overlaps(&clear) && !but.contains(&place))
    }

    /// Whether no signature or form field is touched.
    pub(crate) fn is_off_boxes(&self, rect: &Rect) -> bool {
        let clear = grown(rect, CLEAR);
        !self.taken.iter().any(|other| other.overlaps(&clear))
    }

    fn is_off_ink(&self, rect: &Rect) -> bool {
        let clear = grown(rect, CLEAR_INK);
        !self.ink.iter().any(|other| other.overlaps(&clear))
    }

    /// Whether there is anything on the page.
    pub(crate) fn is_blank(&self) -> bool {
        self.lines.is_empty()
            && self.ink.is_empty()
            && self.taken.is_empty()
            && self.is_white(&self.bounds)
    }

    /// Whether (nearly) nothing is painted there. A scan has noise: one dark pixel in a hundred is no letter. A ruled line is one, however thin.
    fn is_white(&self, rect: &Rect) -> bool {
        let Some(picture) = &self.picture else {
            return true;
        };
        let scale = f64::from(picture.width) / self.bounds.width.max(1.0);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        // clamped into the picture
        let pixel = |value: f64, most: u32| (value * scale).clamp(0.0, f64::from(most)) as usize;
        let (left, right) = (
            pixel(rect.x, picture.width),
            pixel(rect.right(), picture.width),
        );
        let (top, bottom) = (
            pixel(rect.y, picture.height),
            pixel(rect.far(), picture.height),
        );
        let width = usize::try_from(picture.width).unwrap_or(0);
        let (across, down) = (right.saturating_sub(left), bottom.saturating_sub(top));
        let mut columns = vec![0_usize; across];
        let mut dark = 0;
        for row in top..bottom {
            let line = picture
                .rgba
                .get((row * width + left) * 4..(row * width + right) * 4)
                .unwrap_or_default();
            let before = dark;
            for (pixel, column) in line.chunks_exact(4).zip(&mut columns) {
                if pixel.iter().take(3).any(|part| *part < 190) {
                    dark += 1;
                    *column += 1;
                }
            }
            if (dark - before) * 2 > across && across > 8 {
                return false;
            }
        }
        let is_ruled = down > 8 && columns.iter().any(|column| *column * 2 > down);
        !is_ruled && dark * 100 <= across * down
    }
}

/// A rectangle with so much more on every side.
pub(crate) fn grown(rect: &Rect, by: f64) -> Rect {
    Rect {
        x: rect.x - by,
        y: rect.y - by,
        width: (rect.width + 2.0 * by).max(0.0),
        height: (rect.height + 2.0 * by).max(0.0),
    }
}

/// Lines, frames and pictures of a page, in view space.
fn ink<'a>(page: &'a Page<'a>, caches: &Caches<'a>, geometry: &PageGeometry) -> Ink {
    let unit = user_unit(page);
    let bounds = geometry.view_bounds();
    let mut ink = Ink {
        unit,
        area: bounds.width * bounds.height,
        bounds,
        found: Vec::new(),
        is_told: true,
    };
    watch(page, caches, &mut ink);
    ink
}

struct Ink {
    unit: f64,
    area: f64,
    bounds: Rect,
    found: Vec<Rect>,
    /// Whether these tell all that is drawn beside letters.
    is_told: bool,
}

impl Ink {
    fn add(&mut self, extent: Extent) {
        let rect = Rect {
            x: extent.x0 * self.unit,
            y: extent.y0 * self.unit,
            width: extent.width() * self.unit,
            height: extent.height() * self.unit,
        };
        let is_number = [rect.x, rect.y, rect.width, rect.height]
            .iter()
            .all(|part| part.is_finite());
        // An edge has no area, but it is crossed all the same.
        let rect = grown(&rect, 0.01);
        if is_number && rect.overlaps(&self.bounds) {
            if self.found.len() < OBSTACLES_MAX {
                self.found.push(rect);
            } else {
                self.is_told = false;
            }
        }
    }

    fn add_area(&mut self, extent: Extent) {
        if extent.area() * self.unit * self.unit <= BACKGROUND * self.area {
            self.add(extent);
        } else {
            self.is_told = false;
        }
    }

    fn add_edges(&mut self, path: &BezPath, transform: Affine) {
        for segment in path.segments() {
            if self.found.len() >= OBSTACLES_MAX {
                self.is_told = false;
                return;
            }
            let extent = match transform * segment {
                PathSeg::Line(line) => line.bounding_box(),
                curve => curve.bounding_box(),
            };
            self.add(extent);
        }
    }
}

impl<'a> Device<'a> for Ink {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        let extent = props.transform.transform_rect_bbox(path.control_box());
        match mode {
            // White on white is told by the picture; white areas behind everything are common.
            DrawMode::Fill(_) => {
                if extent.width().min(extent.height()) * self.unit < 4.0 {
                    self.add(extent);
                } else {
                    self.is_told = false;
                }
            }
            DrawMode::Stroke(_) | DrawMode::FillAndStroke(..) => {
                self.add_edges(path, props.transform);
            }
            DrawMode::Invisible => {}
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let size = Extent::new(
            0.0,
            0.0,
            f64::from(image.width()),
            f64::from(image.height()),
        );
        self.add_area(props.transform.transform_rect_bbox(size));
    }

    fn draw_glyph_run(&mut self, _: &GlyphRun<'_, 'a>, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
