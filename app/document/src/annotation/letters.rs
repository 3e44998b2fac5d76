//! Text as outlines of letters, in the faces that stand in for the standard fonts: they have every Vietnamese letter.

use hayro::kurbo::{Affine, BezPath, Point};
use hayro_interpret::InterpreterSettings;
use hayro_interpret::font::{FontData, FontQuery, StandardFont};
use std::cell::RefCell;
use std::collections::HashMap;
use ttf_parser::{Face, GlyphId, OutlineBuilder};

/// Most letters of one text.
const LETTERS_MAX: usize = 10_000;

/// Faces by the standard font they stand for.
pub(super) struct Faces<'a> {
    settings: &'a InterpreterSettings,
    found: RefCell<HashMap<&'static str, Option<FontData>>>,
}

impl<'a> Faces<'a> {
    pub(super) fn new(settings: &'a InterpreterSettings) -> Self {
        Self {
            settings,
            found: RefCell::new(HashMap::new()),
        }
    }

    /// Does something with a face; nothing while its file is on the way (it is told as missing, and the page drawn again).
    pub(super) fn with<T>(
        &self,
        font: StandardFont,
        work: impl FnOnce(&Letters<'_, '_>) -> T,
    ) -> Option<T> {
        let data = self
            .found
            .borrow_mut()
            .entry(font.postscript_name())
            .or_insert_with(|| {
                let query = FontQuery::Standard(font);
                (self.settings.font_resolver)(&query).map(|(data, _)| data)
            })
            .clone()?;
        let face = Face::parse(data.as_ref().as_ref(), 0).ok()?;
        Some(work(&Letters { face: &face }))
    }
}

/// A face one can write with; sizes are in points.
pub(super) struct Letters<'a, 'b> {
    face: &'b Face<'a>,
}

impl Letters<'_, '_> {
    fn unit(&self, size: f64) -> f64 {
        size / f64::from(self.face.units_per_em()).max(1.0)
    }

    fn glyph(&self, letter: char) -> GlyphId {
        self.face.glyph_index(letter).unwrap_or(GlyphId(0))
    }

    /// How wide a line is.
    pub(super) fn width(&self, text: &str, size: f64) -> f64 {
        let units: u64 = text
            .chars()
            .take(LETTERS_MAX)
            .map(|letter| {
                u64::from(
                    self.face
                        .glyph_hor_advance(self.glyph(letter))
                        .unwrap_or_default(),
                )
            })
            .sum();
        // A text of so few letters is far below what a double holds exactly.
        #[allow(clippy::cast_precision_loss)]
        let units = units as f64;
        units * self.unit(size)
    }

    /// From the foot of a line to its head.
    pub(super) fn ascent(&self, size: f64) -> f64 {
        f64::from(self.face.ascender()) * self.unit(size)
    }

    /// From one line to the next.
    pub(super) fn leading(&self, size: f64) -> f64 {
        let face = self.face;
        f64::from(face.ascender() - face.descender() + face.line_gap()) * self.unit(size)
    }

    /// Breaks a text into lines of at most this width, at blanks where there are some.
    pub(super) fn wrapped(&self, text: &str, size: f64, width: f64) -> Vec<String> {
        let mut lines = Vec::new();
        let text: String = text.chars().take(LETTERS_MAX).collect();
        for paragraph in text.replace("\r\n", "\n").split(['\n', '\r']) {
            let mut line = String::new();
            for word in paragraph.split_inclusive(' ') {
                if !line.is_empty()
                    && self.width(&format!("{line}{}", word.trim_end()), size) > width
                {
                    lines.push(std::mem::take(&mut line));
                }
                line.push_str(word);
            }
            lines.push(line);
        }
        lines
    }

    /// Writes a line; `at` is its beginning on the foot line.
    pub(super) fn write(&self, text: &str, size: f64, at: Point, path: &mut BezPath) {
        let unit = self.unit(size);
        let mut x = at.x;
        for letter in text.chars().take(LETTERS_MAX) {
            let glyph = self.glyph(letter);
            let mut outline = Outline(BezPath::new());
            if self.face.outline_glyph(glyph, &mut outline).is_some() {
                let place = Affine::translate((x, at.y)) * Affine::scale(unit);
                path.extend((place * outline.0).elements().iter().copied());
            }
            x += f64::from(self.face.glyph_hor_advance(glyph).unwrap_or_default()) * unit;
        }
    }
}

struct Outline(BezPath);

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to((f64::from(x), f64::from(y)));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to((f64::from(x), f64::from(y)));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.0
            .quad_to((f64::from(x1), f64::from(y1)), (f64::from(x), f64::from(y)));
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.0.curve_to(
            (f64::from(x1), f64::from(y1)),
            (f64::from(x2), f64::from(y2)),
            (f64::from(x), f64::from(y)),
        );
    }

    fn close(&mut self) {
        self.0.close_path();
    }
}
