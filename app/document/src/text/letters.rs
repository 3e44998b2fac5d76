//! The letters of a page, as the file paints them.

use crate::limits::LETTERS_MAX;
use crate::open::{Caches, user_unit};
use contract::geometry::Point;
use hayro::hayro_interpret::font::{Glyph, GlyphRun};
use hayro::hayro_interpret::util::TransformExt as _;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterSettings, SoftMask, interpret_page,
};
use hayro::kurbo::{Affine, BezPath, Point as Position, Rect};
use hayro_syntax::page::Page;
use std::collections::HashSet;

/// One painted letter (or ligature) in view space.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    /// What it stands for; combining marks that follow are appended.
    pub(crate) text: String,
    /// Where its baseline begins.
    pub(crate) from: Point,
    /// Where its baseline ends.
    pub(crate) to: Point,
    /// From the baseline to the top of the em, in points.
    pub(crate) up: Point,
}

/// Reads the letters of a page, and how many have no meaning in any table of the file.
pub(crate) fn read<'a>(page: &'a Page<'a>, caches: &Caches<'a>) -> (Vec<Letter>, u32) {
    let (width, height) = page.render_dimensions();
    let mut reader = Reader {
        unit: user_unit(page),
        letters: Vec::new(),
        painted: HashSet::new(),
        unknown: 0,
    };
    let mut context = Context::new(
        page.initial_transform(true).to_kurbo(),
        Rect::new(0.0, 0.0, f64::from(width), f64::from(height)),
        &caches.interpreter,
        page.xref(),
        InterpreterSettings::default(),
    );
    interpret_page(page, &mut context, &mut reader);
    (reader.letters, reader.unknown)
}

struct Reader {
    unit: f64,
    letters: Vec<Letter>,
    /// Letters painted at the same place twice (fill and stroke, shadows) are one.
    painted: HashSet<(i64, i64, String)>,
    unknown: u32,
}

impl Reader {
    fn point(&self, position: Position) -> Point {
        Point {
            x: position.x * self.unit,
            y: position.y * self.unit,
        }
    }

    fn glyph(&mut self, glyph: &Glyph<'_>, matrix: Affine) {
        use hayro::hayro_interpret::hayro_cmap::BfString;
        let text: String = match glyph.as_unicode() {
            Some(BfString::Char(letter)) => letter.to_string(),
            Some(BfString::String(letters)) => letters,
            None => {
                self.unknown = self.unknown.saturating_add(1);
                return;
            }
        };
        let text: String = text
            .chars()
            .filter(|letter| *letter != '\0' && *letter != '\u{feff}')
            .collect();
        if text.is_empty() {
            return;
        }
        let advance = match glyph {
            Glyph::Outline(outline) => outline.advance_width(),
            Glyph::Type3(drawn) => drawn.advance_width(),
        };
        let advance = f64::from(advance.unwrap_or(500.0));
        let from = self.point(matrix * Position::new(0.0, 0.0));
        let to = self.point(matrix * Position::new(advance, 0.0));
        let top = self.point(matrix * Position::new(0.0, 1000.0));
        let all = [from.x, from.y, to.x, to.y, top.x, top.y];
        if all.iter().any(|part| !part.is_finite() || part.abs() > 1e7) {
            return;
        }
        if is_mark(&text)
            && let Some(base) = self.letters.last_mut()
        {
            base.text.push_str(&text);
            return;
        }
        #[allow(clippy::cast_possible_truncation)] // bounded just above
        let place = (
            (from.x * 4.0).round() as i64,
            (from.y * 4.0).round() as i64,
            text.clone(),
        );
        if !self.painted.insert(place) {
            return;
        }
        self.letters.push(Letter {
            text,
            from,
            to,
            up: Point {
                x: top.x - from.x,
                y: top.y - from.y,
            },
        });
    }
}

/// Combining marks only: they belong to the letter painted before them.
fn is_mark(text: &str) -> bool {
    text.chars()
        .all(|letter| matches!(letter, '\u{300}'..='\u{36f}'))
}

impl<'a> Device<'a> for Reader {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        for glyph in run.glyphs() {
            if self.letters.len() >= LETTERS_MAX {
                return;
            }
            let matrix = props.transform * glyph.transform();
            self.glyph(glyph, matrix);
        }
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
