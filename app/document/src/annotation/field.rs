//! Text on a page that has no appearance: free text (ISO 32000-2, 12.5.6.6) and the values of form fields (12.7.4.3).

use super::letters::{Faces, Letters};
use super::{Mark, Marks, color_of, rect, shape};
use crate::limits::TREE_DEPTH_MAX;
use crate::text_string::decode;
use hayro::kurbo::{BezPath, Point, Rect, Shape as _};
use hayro_interpret::font::StandardFont;
use hayro_syntax::object::{Dict, Name, Number, Object, String as PdfString};
use hayro_syntax::page::Page;

/// Between the box and its text, in points.
const PADDING: f64 = 2.0;
/// The size that a field without one gets at most.
const AUTO_MAX: f64 = 12.0;

/// Bits of `/Ff` (tables 227, 229, 231).
const MULTILINE: i32 = 1 << 12;
const PASSWORD: i32 = 1 << 13;
const COMB: i32 = 1 << 24;
const PUSH_BUTTON: i32 = 1 << 16;

/// Font, size and colour of a default appearance (12.7.4.3).
#[derive(Clone, Copy)]
struct Style {
    font: StandardFont,
    /// 0: as it fits.
    size: f64,
    color: [f32; 3],
}

/// Reads `/DA`: a few operators of a content stream.
fn style(text: &str) -> Style {
    let mut style = Style {
        font: StandardFont::Helvetica,
        size: 0.0,
        color: [0.0; 3],
    };
    let mut operands: Vec<&str> = Vec::new();
    for word in text.split_ascii_whitespace().take(200) {
        let values = |count: usize| -> Vec<f32> {
            let from = operands.len().saturating_sub(count);
            operands
                .get(from..)
                .unwrap_or_default()
                .iter()
                .filter_map(|value| value.parse().ok())
                .collect()
        };
        match word {
            "Tf" => {
                if let [.., name, size] = operands.as_slice() {
                    style.font = standard(name);
                    style.size = size.parse::<f64>().unwrap_or(0.0);
                    if !(0.0..=500.0).contains(&style.size) {
                        style.size = 0.0;
                    }
                }
            }
            "g" => style.color = color_of(&values(1)).unwrap_or(style.color),
            "rg" => style.color = color_of(&values(3)).unwrap_or(style.color),
            "k" => style.color = color_of(&values(4)).unwrap_or(style.color),
            operand => {
                operands.push(operand);
                continue;
            }
        }
        operands.clear();
    }
    style
}

/// The face for a font's name in a default appearance, such as `/Helv`, `/TiRo` or `/TimesNewRomanPS-BoldMT`.
fn standard(name: &str) -> StandardFont {
    let name = name.to_ascii_lowercase();
    let has = |part: &str| name.contains(part);
    let is_bold = has("bo") || has("demi");
    let is_slanted = has("ital") || has("obl") || has("bi") || has("it");
    if has("ti") && (has("tiro") || has("times") || has("tibo") || has("tiit") || has("tibi")) {
        match (is_bold || has("tibi"), is_slanted) {
            (false, false) => StandardFont::TimesRoman,
            (true, false) => StandardFont::TimesBold,
            (false, true) => StandardFont::TimesItalic,
            (true, true) => StandardFont::TimesBoldItalic,
        }
    } else if is_bold {
        StandardFont::HelveticaBold
    } else {
        StandardFont::Helvetica
    }
}

fn text_of(dict: &Dict<'_>, key: &[u8]) -> Option<String> {
    dict.get::<PdfString<'_>>(key)
        .map(|text| decode(text.as_bytes()))
}

/// Text in a box, with what is around it.
struct Written<'a> {
    text: &'a str,
    area: Rect,
    style: Style,
    /// 0 left, 1 centred, 2 right.
    justified: i32,
    /// Wrapped from the top; else one line in the middle.
    wraps: bool,
    /// Cells that letters stand in, one each.
    cells: Option<usize>,
}

impl Written<'_> {
    fn mark(&self, faces: &Faces<'_>, marks: &mut Marks) {
        let path = faces.with(self.style.font, |letters| self.path(letters));
        if let Some(path) = path.filter(|path| !path.is_empty()) {
            marks.push(Mark::fill(path, self.style.color));
        }
    }

    fn path(&self, letters: &Letters<'_, '_>) -> BezPath {
        let mut path = BezPath::new();
        let area = self.area;
        if self.wraps {
            let size = if self.style.size > 0.0 {
                self.style.size
            } else {
                AUTO_MAX
            };
            let mut y = area.y1 - letters.ascent(size);
            for line in letters.wrapped(self.text, size, area.width()) {
                // What does not fit is cut off by other viewers too.
                if y < area.y0 - size {
                    break;
                }
                self.line(letters, &line, size, y, &mut path);
                y -= letters.leading(size);
            }
            return path;
        }
        let line = self.text.replace(['\r', '\n'], " ");
        let size = if self.style.size > 0.0 {
            self.style.size
        } else {
            let tall = (area.height() * 0.75).clamp(4.0, AUTO_MAX);
            let wide = letters.width(&line, tall);
            if wide > area.width() && self.cells.is_none() {
                (tall * area.width() / wide).max(4.0)
            } else {
                tall
            }
        };
        // Capital letters stand in the middle.
        let y = area.y0 + (area.height() - size * 0.72) / 2.0;
        if let Some(cells) = self.cells {
            // Few cells: their number is a field's greatest length.
            #[allow(clippy::cast_precision_loss)]
            let cell = area.width() / cells as f64;
            let mut x = area.x0 + cell / 2.0;
            for letter in line.chars().take(cells) {
                let letter = letter.to_string();
                let left = x - letters.width(&letter, size) / 2.0;
                letters.write(&letter, size, Point::new(left, y), &mut path);
                x += cell;
            }
            return path;
        }
        self.line(letters, &line, size, y, &mut path);
        path
    }

    fn line(&self, letters: &Letters<'_, '_>, line: &str, size: f64, y: f64, path: &mut BezPath) {
        let line = line.trim_end();
        let free = self.area.width() - letters.width(line, size);
        let x = match self.justified {
            1 => self.area.x0 + free / 2.0,
            2 => self.area.x0 + free,
            _ => self.area.x0,
        };
        letters.write(line, size, Point::new(x, y), path);
    }
}

/// Text that stands on the page by itself.
pub(super) fn free_text(annotation: &Dict<'_>, faces: &Faces<'_>, marks: &mut Marks) {
    let Some(area) = rect(annotation) else { return };
    if let Some(Some(paper)) = super::color(annotation, b"C") {
        marks.push(Mark::fill(area.to_path(0.1), paper));
    }
    let style = style(&text_of(annotation, b"DA").unwrap_or_default());
    let (width, _) = shape::border(annotation);
    let is_framed =
        annotation.contains_key(b"BS".as_ref()) || annotation.contains_key(b"Border".as_ref());
    if is_framed && width > 0.0 {
        let frame = area.inset(-width / 2.0).to_path(0.1);
        marks.push(Mark::line(frame, style.color, width));
    }
    let Some(text) = text_of(annotation, b"Contents") else {
        return;
    };
    Written {
        text: &text,
        area: area.inset(-PADDING - width.min(10.0)),
        style,
        justified: annotation.get::<i32>(b"Q").unwrap_or(0),
        wraps: true,
        cells: None,
    }
    .mark(faces, marks);
}

/// An entry of a field, or of the fields above it.
fn inherited<'a, T>(widget: &Dict<'a>, read: impl Fn(&Dict<'a>) -> Option<T>) -> Option<T> {
    let mut field = widget.clone();
    for _ in 0..TREE_DEPTH_MAX {
        if let Some(found) = read(&field) {
            return Some(found);
        }
        field = field.get::<Dict<'_>>(b"Parent")?;
    }
    None
}

/// A value as text: a string, a name, or the first of a list.
fn value(field: &Dict<'_>) -> Option<String> {
    match field.get::<Object<'_>>(b"V")? {
        Object::String(text) => Some(decode(text.as_bytes())),
        Object::Name(name) => Some(String::from_utf8_lossy(name.as_ref()).into_owned()),
        Object::Number(number) => Some(shown(number)),
        Object::Array(list) => list
            .iter::<PdfString<'_>>()
            .next()
            .map(|text| decode(text.as_bytes())),
        _ => None,
    }
}

fn shown(number: Number) -> String {
    number.as_f64().to_string()
}

/// A form field's own look: background, border, and what it holds.
pub(super) fn widget(annotation: &Dict<'_>, page: &Page<'_>, faces: &Faces<'_>, marks: &mut Marks) {
    let Some(area) = rect(annotation) else { return };
    let Some(kind) = inherited(annotation, |field| field.get::<Name<'_>>(b"FT")) else {
        return;
    };
    if kind.as_ref() == b"Sig" {
        return;
    }
    let look = annotation.get::<Dict<'_>>(b"MK");
    let part = |key: &[u8]| {
        look.as_ref()
            .and_then(|look| super::color(look, key))
            .flatten()
    };
    if let Some(paper) = part(b"BG") {
        marks.push(Mark::fill(area.to_path(0.1), paper));
    }
    let (width, _) = shape::border(annotation);
    if let Some(line) = part(b"BC").filter(|_| width > 0.0) {
        let frame = area.inset(-width / 2.0).to_path(0.1);
        marks.push(Mark::line(frame, line, width));
    }
    let flags = inherited(annotation, |field| field.get::<i32>(b"Ff")).unwrap_or(0);
    let form = page
        .xref()
        .get::<Dict<'_>>(page.xref().root_id())
        .and_then(|root| root.get::<Dict<'_>>(b"AcroForm"));
    let appearance = inherited(annotation, |field| text_of(field, b"DA"))
        .or_else(|| text_of(form.as_ref()?, b"DA"))
        .unwrap_or_default();
    let style = style(&appearance);
    match kind.as_ref() {
        b"Tx" | b"Ch" if flags & PASSWORD == 0 || kind.as_ref() == b"Ch" => {
            let Some(text) = inherited(annotation, value) else {
                return;
            };
            let is_text = kind.as_ref() == b"Tx";
            let most = inherited(annotation, |field| field.get::<i32>(b"MaxLen"))
                .and_then(|most| usize::try_from(most).ok())
                .filter(|most| (1..=1000).contains(most));
            Written {
                text: &text,
                area: area.inset(-PADDING.min(area.height() / 8.0)),
                style,
                justified: inherited(annotation, |field| field.get::<i32>(b"Q")).unwrap_or(0),
                wraps: is_text && flags & MULTILINE != 0,
                cells: most.filter(|_| is_text && flags & COMB != 0),
            }
            .mark(faces, marks);
        }
        b"Btn" if flags & PUSH_BUTTON == 0 => {
            let state = annotation
                .get::<Name<'_>>(b"AS")
                .map(|state| state.to_vec())
                .or_else(|| inherited(annotation, value).map(String::into_bytes));
            if state.is_some_and(|state| state != b"Off" && !state.is_empty()) {
                marks.push(tick(area, style.color));
            }
        }
        b"Btn" => {
            if let Some(caption) = look.as_ref().and_then(|look| text_of(look, b"CA")) {
                Written {
                    text: &caption,
                    area: area.inset(-PADDING),
                    style,
                    justified: 1,
                    wraps: false,
                    cells: None,
                }
                .mark(faces, marks);
            }
        }
        _ => {}
    }
}

/// A tick in the middle of a box.
fn tick(area: Rect, color: [f32; 3]) -> Mark {
    let side = area.width().min(area.height());
    let at = |x: f64, y: f64| {
        let center = area.center();
        Point::new(center.x + (x - 0.5) * side, center.y + (y - 0.5) * side)
    };
    let mut path = BezPath::new();
    path.move_to(at(0.2, 0.5));
    path.line_to(at(0.42, 0.25));
    path.line_to(at(0.8, 0.78));
    Mark::line(path, color, (side / 9.0).clamp(0.6, 4.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_default_appearance_is_read() {
        let read = style("0.2 0.4 1 rg /TiBo 11.5 Tf");
        assert_eq!(read.font.postscript_name(), "Times-Bold");
        assert!((read.size - 11.5).abs() < 1e-9 && read.color == [0.2, 0.4, 1.0]);
        assert_eq!(style("/Helv 0 Tf 0 g").font.postscript_name(), "Helvetica");
        assert!(style("/Helv -3 Tf").size.abs() < 1e-9);
        assert_eq!(style("Tf rg nonsense 1 2").color, [0.0; 3]);
    }
}
