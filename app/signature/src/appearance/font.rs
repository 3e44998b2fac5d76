//! The embedded fonts: measured with the whole face, written as a subset with `ToUnicode` (ISO 32000-2, 9.7 and 9.10.3).

use crate::error::SignError;
use crate::pdf::object::{Dictionary, Id, Object};
use crate::update::objects::Objects;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use subsetter::GlyphRemapper;
use ttf_parser::Face as Parsed;

const REGULAR: &[u8] = include_bytes!("../../assets/Tinos-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../assets/Tinos-Bold.ttf");
/// Stands for letters the font does not have.
const REPLACEMENT: char = '\u{fffd}';

/// Which of the two faces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    /// Tinos Regular.
    Regular,
    /// Tinos Bold.
    Bold,
}

/// A face and the glyphs used of it.
pub(crate) struct Face {
    name: &'static str,
    data: &'static [u8],
    parsed: Parsed<'static>,
    stem: i64,
    used: GlyphRemapper,
    /// New glyph number to the letter it shows.
    letters: BTreeMap<u16, char>,
}

/// Both faces.
pub(crate) struct Faces {
    regular: Face,
    bold: Face,
}

impl Faces {
    /// Loads the built-in faces.
    pub(crate) fn load() -> Result<Self, SignError> {
        Ok(Self {
            regular: Face::load("Tinos", REGULAR, 80)?,
            bold: Face::load("Tinos-Bold", BOLD, 130)?,
        })
    }

    /// One of them.
    pub(crate) const fn face(&self, weight: Weight) -> &Face {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }

    /// One of them, to encode text with.
    pub(crate) const fn face_mut(&mut self, weight: Weight) -> &mut Face {
        match weight {
            Weight::Regular => &mut self.regular,
            Weight::Bold => &mut self.bold,
        }
    }
}

impl Face {
    fn load(name: &'static str, data: &'static [u8], stem: i64) -> Result<Self, SignError> {
        Ok(Self {
            name,
            data,
            parsed: Parsed::parse(data, 0).map_err(|_| SignError::Font("it cannot be parsed"))?,
            stem,
            used: GlyphRemapper::new(),
            letters: BTreeMap::new(),
        })
    }

    fn glyph(&self, letter: char) -> (ttf_parser::GlyphId, char) {
        let found = |letter| self.parsed.glyph_index(letter).map(|glyph| (glyph, letter));
        found(letter)
            .or_else(|| found(REPLACEMENT))
            .unwrap_or((ttf_parser::GlyphId(0), REPLACEMENT))
    }

    /// Width of a text at size 1.
    pub(crate) fn width(&self, text: &str) -> f64 {
        let units: f64 = text
            .chars()
            .map(|letter| self.advance(self.glyph(letter).0))
            .sum();
        units / 1000.0
    }

    /// Advance in thousandths of the em, rounded as `/W` will state it: layout and viewer agree.
    fn advance(&self, glyph: ttf_parser::GlyphId) -> f64 {
        let units = f64::from(self.parsed.glyph_hor_advance(glyph).unwrap_or(0));
        self.thousandths(units).round()
    }

    fn thousandths(&self, units: f64) -> f64 {
        units * 1000.0 / f64::from(self.parsed.units_per_em())
    }

    /// The text as the two-byte codes of the subset, in hexadecimal; remembers what was used.
    pub(crate) fn encode(&mut self, text: &str) -> String {
        let mut codes = String::with_capacity(text.len() * 4);
        for letter in text.chars() {
            let (glyph, shown) = self.glyph(letter);
            let code = self.used.remap(glyph.0);
            self.letters.insert(code, shown);
            let _ = write!(codes, "{code:04X}");
        }
        codes
    }

    /// Whether anything was encoded.
    pub(crate) fn is_used(&self) -> bool {
        !self.letters.is_empty()
    }

    /// Adds the font as a `Type0` with a `CIDFontType2` descendant.
    pub(crate) fn add(&self, objects: &mut Objects) -> Result<Id, SignError> {
        let subset = subsetter::subset(self.data, 0, &self.used)
            .map_err(|_| SignError::Font("it cannot be subset"))?;
        let name = format!("{}+{}", tag(&subset), self.name);
        let length = i64::try_from(subset.len()).map_err(|_| SignError::Font("it is too long"))?;
        let program = objects.add_deflated(
            Dictionary::new().with("Length1", Object::Integer(length)),
            &subset,
        );
        let descriptor = self.descriptor(&name, program);
        let descriptor = objects.add(crate::update::objects::Body::Plain(descriptor.into()));
        let widths = self
            .used
            .remapped_gids()
            .map(|glyph| Object::real(self.advance(ttf_parser::GlyphId(glyph))));
        let info = Dictionary::new()
            .with("Registry", Object::text("Adobe"))
            .with("Ordering", Object::text("Identity"))
            .with("Supplement", Object::Integer(0));
        let descendant = Dictionary::new()
            .with("Type", Object::name("Font"))
            .with("Subtype", Object::name("CIDFontType2"))
            .with("BaseFont", Object::name(&name))
            .with("CIDSystemInfo", info.into())
            .with("FontDescriptor", descriptor.into())
            .with("CIDToGIDMap", Object::name("Identity"))
            .with("DW", Object::Integer(0))
            .with(
                "W",
                Object::Array(vec![Object::Integer(0), Object::Array(widths.collect())]),
            );
        let descendant = objects.add(crate::update::objects::Body::Plain(descendant.into()));
        let to_unicode = objects.add_deflated(Dictionary::new(), self.to_unicode().as_bytes());
        let font = Dictionary::new()
            .with("Type", Object::name("Font"))
            .with("Subtype", Object::name("Type0"))
            .with("BaseFont", Object::name(&name))
            .with("Encoding", Object::name("Identity-H"))
            .with("DescendantFonts", Object::Array(vec![descendant.into()]))
            .with("ToUnicode", to_unicode.into());
        Ok(objects.add(crate::update::objects::Body::Plain(font.into())))
    }

    fn descriptor(&self, name: &str, program: Id) -> Dictionary {
        let metric = |units: i16| Object::real(self.thousandths(f64::from(units)).round());
        let bounds = self.parsed.global_bounding_box();
        let bounds = [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max]
            .map(metric)
            .to_vec();
        Dictionary::new()
            .with("Type", Object::name("FontDescriptor"))
            .with("FontName", Object::name(name))
            .with("Flags", Object::Integer(4 | 2)) // symbolic (own encoding), serif
            .with("FontBBox", Object::Array(bounds))
            .with("ItalicAngle", Object::Integer(0))
            .with("Ascent", metric(self.parsed.ascender()))
            .with("Descent", metric(self.parsed.descender()))
            .with("CapHeight", metric(self.parsed.capital_height().unwrap_or(1341)))
            .with("StemV", Object::Integer(self.stem))
            .with("FontFile2", program.into())
    }

    fn to_unicode(&self) -> String {
        let mut map = String::from(
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
             /CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n\
             /CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n\
             1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
        );
        let pairs: Vec<_> = self.letters.iter().collect();
        for block in pairs.chunks(100) {
            let _ = writeln!(map, "{} beginbfchar", block.len());
            for (code, letter) in block {
                let _ = write!(map, "<{code:04X}> <");
                for unit in letter.encode_utf16(&mut [0; 2]) {
                    let _ = write!(map, "{unit:04X}");
                }
                map.push_str(">\n");
            }
            map.push_str("endbfchar\n");
        }
        map.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
        map
    }
}

/// Six capital letters that name the subset (9.9.2), from its content so that equal inputs give equal files.
fn tag(subset: &[u8]) -> String {
    Sha256::digest(subset)
        .iter()
        .take(6)
        .map(|byte| char::from(b'A' + byte % 26))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_faces_have_every_vietnamese_letter() {
        let vowels = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ";
        let faces = Faces::load().expect("built in");
        let mut count = 0;
        for letter in vowels
            .chars()
            .chain(vowels.to_uppercase().chars())
            .chain("•–—…“”‘’".chars())
        {
            for weight in [Weight::Regular, Weight::Bold] {
                assert_eq!(
                    faces.face(weight).glyph(letter).1,
                    letter,
                    "{letter} in {weight:?}"
                );
            }
            count += 1;
        }
        assert_eq!(count, 134 + 8);
    }

    #[test]
    fn a_letter_the_font_lacks_is_shown_as_such() {
        let mut faces = Faces::load().expect("built in");
        let face = faces.face_mut(Weight::Regular);
        face.encode("字");
        assert!(face.letters.values().all(|letter| *letter == REPLACEMENT));
    }
}
