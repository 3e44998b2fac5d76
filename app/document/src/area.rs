//! What a page asks for that depends on areas: found by drawing it onto nothing, where every stroke only adds to a sum.
//!
//! Run only for pages whose content ([`crate::work`]) leaves room for harm: ten thousand rectangles over the whole page, a mask for every
//! line, a dash of a thousandth of a point along a mile.

use crate::limits::{MASKS_MAX, WORK_MAX};
use crate::mesh;
use hayro::kurbo::{Affine, BezPath, ParamCurveArclen as _, PathEl, Rect};
use hayro_interpret::font::GlyphRun;
use hayro_interpret::pattern::Pattern;
use hayro_interpret::{
    BlendMode, CacheKey as _, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, Paint,
    SoftMask, StrokeProps,
};
use std::collections::HashSet;

/// Nanoseconds a pixel.
const PLAIN: f64 = 0.4;
const LAYER: f64 = 3.0;
const TILING: f64 = 4.0;
const SHADING: f64 = 60.0;
const MASK: f64 = 12.0;
const IMAGE: f64 = 8.0;
/// Nanoseconds a pixel below a mesh.
const SAMPLE: f64 = 100.0;
/// Nanoseconds a piece of a dashed line.
const DASH: f64 = 600.0;

/// A device that draws nothing and adds up.
pub(crate) struct Gauge {
    target: Rect,
    clips: Vec<Rect>,
    masks: HashSet<u128>,
    time: f64,
    pieces: f64,
    mesh_refused: bool,
}

impl Gauge {
    /// For a picture of so many pixels.
    pub(crate) fn new(width: u16, height: u16) -> Self {
        Self {
            target: Rect::new(0.0, 0.0, f64::from(width), f64::from(height)),
            clips: Vec::new(),
            masks: HashSet::new(),
            time: 0.0,
            pieces: 0.0,
            mesh_refused: false,
        }
    }

    /// Whether what was added up, and `time` nanoseconds beside it, is more than allowed.
    pub(crate) fn is_too_much(&self, time: u64) -> bool {
        #[allow(clippy::cast_precision_loss)] // an estimate
        let (time, most) = (time as f64, WORK_MAX as f64);
        // Every mask is a byte a pixel that is kept until the page is done.
        #[allow(clippy::cast_precision_loss)]
        let masks = self.masks.len() as f64 * self.target.area();
        // Pieces of lines are kept as well.
        self.mesh_refused
            || !(self.time + time <= most && masks <= MASKS_MAX && self.pieces * DASH <= most)
    }

    fn clip(&self) -> Rect {
        self.clips.last().copied().unwrap_or(self.target)
    }

    /// The pixels of a box that are drawn.
    fn seen(&self, bounds: Rect) -> f64 {
        let both = bounds.intersect(self.clip());
        // A box of numbers that are none covers everything.
        if both.area().is_finite() {
            both.area().max(0.0)
        } else {
            self.clip().area()
        }
    }

    fn mask(&mut self, mask: Option<&SoftMask<'_>>) {
        if let Some(mask) = mask
            && self.masks.insert(mask.cache_key())
        {
            self.time += self.target.area() * MASK;
        }
    }

    fn paint(&mut self, bounds: Rect, props: &DrawProps<'_>) {
        self.mask(props.soft_mask.as_ref());
        let each = match &props.paint {
            Paint::Color(_) => PLAIN,
            Paint::Pattern(pattern) => match pattern.as_ref() {
                Pattern::Shading(shading) => {
                    // The renderer makes the mesh anew for everything that is painted with it.
                    match mesh::samples(shading) {
                        Some(samples) => self.time += samples * SAMPLE,
                        None => self.mesh_refused = true,
                    }
                    SHADING
                }
                Pattern::Tiling(_) => TILING,
            },
        };
        self.time += self.seen(bounds) * each;
    }

    fn stroke(&mut self, path: &BezPath, stroke: &StrokeProps) {
        let period: f64 = stroke
            .dash_array
            .iter()
            .map(|part| f64::from(part.abs()))
            .sum();
        if stroke.dash_array.is_empty() {
            return;
        }
        // Lengths are those of the path as it is written; only what is seen would be enough, but the renderer cuts it after dashing.
        let length: f64 = path
            .segments()
            .map(|segment| segment.arclen(1.0))
            .filter(|length| length.is_finite())
            .sum();
        let parts = f64::from(u32::try_from(stroke.dash_array.len()).unwrap_or(u32::MAX));
        self.pieces += length / period.max(1e-6) * parts;
    }
}

fn bounds(path: &BezPath, transform: Affine) -> Rect {
    transform.transform_rect_bbox(path.control_box())
}

impl<'a> Device<'a> for Gauge {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        let bounds = bounds(path, props.transform);
        match mode {
            DrawMode::Fill(_) => self.paint(bounds, &props),
            DrawMode::Stroke(stroke) => {
                self.stroke(path, stroke);
                self.paint(bounds, &props);
            }
            DrawMode::FillAndStroke(_, stroke) => {
                self.stroke(path, stroke);
                self.paint(bounds, &props);
                self.paint(bounds, &props);
            }
            DrawMode::Invisible => {}
        }
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        let bounds = clip.path.control_box();
        self.push_clip_rect(&bounds);
        // A clip of many corners is drawn like a path.
        let is_box = matches!(clip.path.elements(), [PathEl::MoveTo(_), .., PathEl::ClosePath] if clip.path.elements().len() <= 6);
        if !is_box {
            self.time += self.clip().area() * PLAIN;
        }
    }

    fn push_clip_rect(&mut self, rect: &Rect) {
        let clip = rect.intersect(self.clip());
        self.clips.push(if clip.area().is_finite() {
            clip
        } else {
            self.target
        });
    }

    fn push_transparency_group(
        &mut self,
        opacity: f32,
        mask: Option<SoftMask<'a>>,
        blend: BlendMode,
    ) {
        let plain = mask.is_none() && opacity >= 1.0 && blend == BlendMode::Normal;
        self.mask(mask.as_ref());
        self.time += self.clip().area() * if plain { PLAIN } else { LAYER };
    }

    fn draw_glyph_run(&mut self, _: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        self.mask(props.soft_mask.as_ref());
        if matches!(props.paint, Paint::Pattern(_)) {
            // The pattern is made for the whole run.
            self.paint(self.clip(), &props);
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.mask(props.soft_mask.as_ref());
        let size = Rect::new(
            0.0,
            0.0,
            f64::from(image.width()),
            f64::from(image.height()),
        );
        self.time += self.seen(props.transform.transform_rect_bbox(size)) * IMAGE;
    }

    fn pop_clip(&mut self) {
        self.clips.pop();
    }

    fn pop_transparency_group(&mut self) {}
}
