//! The letters of a page, as the file paints them.

use super::legacy::{Decoded, Fonts, Spelling};
use crate::limits::LETTERS_MAX;
use crate::open::{Caches, user_unit};
use crate::text_string::decode;
use crate::watch::{extent, watch};
use contract::fold::is_mark;
use contract::geometry::Point;
use hayro::hayro_interpret::font::{Glyph, GlyphRun};
use hayro::hayro_interpret::hayro_cmap::{BfString, WritingMode};
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask,
};
use hayro::kurbo::{Affine, BezPath, Point as Position, Rect};
use hayro_syntax::object::{Dict, String as TextString};
use hayro_syntax::page::Page;

/// What a glyph stands for: nearly always one letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    /// One letter.
    One(char),
    /// A ligature, or a letter with combining marks.
    Many(Box<str>),
}

impl Content {
    pub(crate) fn new(text: &str) -> Option<Self> {
        let mut letters = text.chars();
        match (letters.next(), letters.next()) {
            (Some(letter), None) => Some(Self::One(letter)),
            (Some(_), Some(_)) => Some(Self::Many(text.into())),
            (None, _) => None,
        }
    }

    pub(crate) fn push_to(&self, text: &mut String) {
        match self {
            Self::One(letter) => text.push(*letter),
            Self::Many(letters) => text.push_str(letters),
        }
    }

    /// The same with further marks.
    pub(crate) fn append(&mut self, marks: &Self) {
        let mut text = String::new();
        self.push_to(&mut text);
        marks.push_to(&mut text);
        if let Some(both) = Self::new(&contract::fold::compose(&text)) {
            *self = both;
        }
    }

    fn all(&self, is: impl Fn(char) -> bool) -> bool {
        match self {
            Self::One(letter) => is(*letter),
            Self::Many(letters) => letters.chars().all(is),
        }
    }

    pub(crate) fn is_blank(&self) -> bool {
        self.all(char::is_whitespace)
    }

    /// Combining marks only: they belong to another letter.
    pub(crate) fn is_mark(&self) -> bool {
        self.all(is_mark)
    }
}

/// One painted letter (or ligature) in view space.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    pub(crate) content: Content,
    /// Where its baseline begins.
    pub(crate) from: Point,
    /// Where its baseline ends.
    pub(crate) to: Point,
    /// From the baseline to the top of the em, in points.
    pub(crate) up: Point,
}

impl Letter {
    fn size(&self) -> f64 {
        self.up.x.hypot(self.up.y)
    }

    /// How far a place is from the end of this letter, along and across the line, in parts of the em.
    fn beyond(&self, place: Point) -> (f64, f64) {
        let size = self.size().max(0.01);
        let (dx, dy) = (place.x - self.to.x, place.y - self.to.y);
        let up = Point {
            x: self.up.x / size,
            y: self.up.y / size,
        };
        // Along the line is up turned by a quarter to the right, in a space where y grows downward.
        let along = -up.y * dx + up.x * dy;
        let across = up.x * dx + up.y * dy;
        (along / size, across / size)
    }
}

/// Reads the letters of a page, and how many have no meaning in any table of the file.
pub(crate) fn read<'a>(page: &'a Page<'a>, caches: &Caches<'a>) -> (Vec<Letter>, u32) {
    let mut reader = Reader {
        unit: user_unit(page),
        bounds: extent(page),
        fonts: Fonts::of(page),
        letters: Vec::new(),
        unknown: 0,
        marked: Vec::new(),
        inside: false,
    };
    watch(page, caches, &mut reader);
    (reader.letters, reader.unknown)
}

/// A marked piece of content that says what its letters are (ISO 32000-2, 14.9.4).
struct Actual {
    text: String,
    /// Letters and unknown letters read before it.
    letters: usize,
    unknown: u32,
}

struct Reader {
    unit: f64,
    /// What is seen of the page, in user units.
    bounds: Rect,
    fonts: Fonts,
    letters: Vec<Letter>,
    unknown: u32,
    marked: Vec<Option<Actual>>,
    /// Whether an outer marked piece says already what its letters are.
    inside: bool,
}

impl Reader {
    fn point(&self, position: Position) -> Point {
        Point {
            x: position.x * self.unit,
            y: position.y * self.unit,
        }
    }

    fn glyph(&mut self, glyph: &Glyph<'_>, matrix: Affine, spelling: Spelling, vertical: bool) {
        let advance = match glyph {
            Glyph::Outline(outline) => outline.advance_width(),
            Glyph::Type3(drawn) => drawn.advance_width(),
        };
        let advance = f64::from(advance.unwrap_or(500.0));
        let origin = matrix * Position::new(0.0, 0.0);
        let (from, to, top) = if vertical {
            // Down the middle of the glyph; what is 0.29 em off the middle has the line's nominal height around it.
            let middle = 500.0 - 290.0;
            (
                matrix * Position::new(middle, 880.0),
                matrix * Position::new(middle, -120.0),
                matrix * Position::new(middle + 1000.0, 880.0),
            )
        } else {
            (
                origin,
                matrix * Position::new(advance, 0.0),
                matrix * Position::new(0.0, 1000.0),
            )
        };
        let all = [from.x, from.y, to.x, to.y, top.x, top.y];
        if all.iter().any(|part| !part.is_finite() || part.abs() > 1e7) {
            return;
        }
        // What stands outside the page is not seen, so it is not found.
        let middle = from.midpoint(to);
        if !self.bounds.inflate(1.0, 1.0).contains(middle) {
            return;
        }
        let Some(content) = content(glyph, spelling) else {
            self.unknown = self.unknown.saturating_add(1);
            return;
        };
        let Some(content) = content else { return };
        let (from, to, top) = (self.point(from), self.point(to), self.point(top));
        let letter = Letter {
            content,
            from,
            to,
            up: Point {
                x: top.x - from.x,
                y: top.y - from.y,
            },
        };
        if letter.content.is_mark()
            && let Some(base) = self.letters.last_mut()
            && !base.content.is_mark()
            && !base.content.is_blank()
        {
            let (along, across) = base.beyond(letter.from);
            if along.abs() <= 0.35 && across.abs() <= 0.5 {
                base.content.append(&letter.content);
                return;
            }
        }
        self.letters.push(letter);
    }

    /// Puts what a marked piece says in place of what was read there: a letter each where the numbers agree, else one wide letter.
    fn replace(&mut self, actual: &Actual) {
        let Some(read) = self.letters.get(actual.letters..) else {
            return;
        };
        let (Some(first), Some(last)) = (read.first(), read.last()) else {
            return;
        };
        let text: String = clean(&actual.text).collect();
        let size = first.size();
        // Over several lines the places would be lost.
        if read
            .iter()
            .any(|letter| first.beyond(letter.from).1.abs() > 0.6)
            || (text.is_empty() && read.len() > 2)
            || size <= 0.0
        {
            return;
        }
        let mut was = String::new();
        for letter in read {
            letter.content.push_to(&mut was);
        }
        if was == text {
            return;
        }
        self.unknown = actual.unknown;
        let letters = contract::fold::compose(&text);
        if letters.chars().count() == read.len() {
            let start = actual.letters;
            for (letter, says) in self.letters.iter_mut().skip(start).zip(letters.chars()) {
                letter.content = Content::One(says);
            }
            return;
        }
        // The widest extent along the line.
        let along = |place: Point| first.beyond(place).0;
        let from = read.iter().map(|letter| letter.from);
        let from = from.fold(first.from, |a, b| if along(b) < along(a) { b } else { a });
        let to = read.iter().map(|letter| letter.to);
        let to = to.fold(last.to, |a, b| if along(b) > along(a) { b } else { a });
        let whole = Content::new(&letters).map(|content| Letter {
            content,
            from,
            to,
            up: first.up,
        });
        self.letters.truncate(actual.letters);
        self.letters.extend(whole);
    }
}

/// What a glyph stands for: nothing in the outer option when no table tells, nothing in the inner one when it is never seen.
fn content(glyph: &Glyph<'_>, spelling: Spelling) -> Option<Option<Content>> {
    let told = match glyph.as_unicode() {
        // A table that says "nothing" says nothing.
        Some(BfString::Char('\0' | '\u{fffd}')) => None,
        told => told,
    };
    if spelling != Spelling::Plain {
        let letter = match &told {
            Some(BfString::Char(letter)) => Some(*letter),
            _ => None,
        };
        match spelling.decode(letter, glyph.char_code()) {
            Decoded::Letters(content) => return Some(Some(content)),
            Decoded::Unknown => return None,
            Decoded::AsTold => {}
        }
    }
    match told? {
        BfString::Char(letter) if letter.is_ascii() && !letter.is_ascii_control() => {
            Some(Some(Content::One(letter)))
        }
        BfString::Char(letter) => {
            let text: String = clean(letter.encode_utf8(&mut [0; 4])).collect();
            Some(Content::new(&text))
        }
        BfString::String(letters) => {
            let text: String = clean(&letters).collect();
            Some(Content::new(&contract::fold::compose(&text)))
        }
    }
}

/// Letters as they are read: ligatures taken apart, blanks one kind, what is never seen left out. A soft hyphen that is painted is a hyphen.
fn clean(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().flat_map(|letter| {
        let (single, ligature) = match letter {
            'ﬀ' => (None, "ff"),
            'ﬁ' => (None, "fi"),
            'ﬂ' => (None, "fl"),
            'ﬃ' => (None, "ffi"),
            'ﬄ' => (None, "ffl"),
            'ﬅ' | 'ﬆ' => (None, "st"),
            '\u{ad}' | '\u{2010}' | '\u{2011}' => (Some('-'), ""),
            '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => (None, ""),
            _ if letter.is_whitespace() => (Some(' '), ""),
            _ if letter.is_control() => (None, ""),
            _ => (Some(letter), ""),
        };
        single.into_iter().chain(ligature.chars())
    })
}

impl<'a> Device<'a> for Reader {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        let vertical = matches!(run.writing_mode(), WritingMode::Vertical);
        let spelling = self.fonts.spelling(run);
        for glyph in run.glyphs() {
            if self.letters.len() >= LETTERS_MAX {
                return;
            }
            let matrix = props.transform * glyph.transform();
            self.glyph(glyph, matrix, spelling, vertical);
        }
    }

    fn begin_marked_content(&mut self, _: &[u8], properties: Option<&Dict<'_>>) {
        let text =
            properties.and_then(|properties| properties.get::<TextString<'_>>(b"ActualText"));
        // Only the outermost one counts: it replaces all that is inside.
        let actual = text.filter(|_| !self.inside).map(|text| Actual {
            text: decode(&text),
            letters: self.letters.len(),
            unknown: self.unknown,
        });
        self.inside |= actual.is_some();
        self.marked.push(actual);
    }

    fn end_marked_content(&mut self) {
        if let Some(Some(actual)) = self.marked.pop() {
            self.inside = false;
            self.replace(&actual);
        }
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
