//! Vietnamese fonts from before Unicode: their glyphs have codes of Latin letters, and tables that say so ("Céng hßa" for "Cộng hòa").
//!
//! TCVN3, the "ABC" fonts (TCVN 5712:1993, VN3): one byte a letter, names that begin with ".Vn"; those that end in "H" show capitals.
//! VNI: a base letter and a byte for its marks, names that begin with "VNI-". Others (VPS, VISCII) are known by name and not read.

use super::letters::Content;
use hayro::hayro_interpret::font::{Glyph, GlyphRun};
use hayro_syntax::object::{Array, Dict, Name, ObjectIdentifier, Stream};
use hayro_syntax::page::{Page, Resources};
use std::collections::HashSet;

/// Most fonts, and most forms, of one page that are looked at.
const FONTS_MAX: usize = 500;
/// Deepest nesting of forms that is looked at.
const DEPTH_MAX: usize = 4;

/// What the codes of a font mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// What the file says.
    Plain,
    /// TCVN3, perhaps shown in capitals; whether a code is a byte.
    Tcvn3 { capitals: bool, bytes: bool },
    /// VNI for Windows; whether a code is a byte.
    Vni { bytes: bool },
    /// A known one without a table here.
    Unread,
}

/// What a letter became.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Decoded {
    /// What the file says is right.
    AsTold,
    /// These letters, or combining marks.
    Letters(Content),
    /// Nobody knows.
    Unknown,
}

/// TCVN3 from 0xA1 to 0xFE, `iconv -f TCVN5712-1`.
const TCVN3: &str = "ĂÂÊÔƠƯĐăâêôơưđẰ\u{300}\u{309}\u{303}\u{301}\u{323}àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵ";

/// VNI: bytes above 0x7F in small letters; those of capitals are 0x20 below. A mark stands behind its letter.
const VNI: [(u8, &str); 26] = [
    (0xe0, "\u{302}\u{300}"),
    (0xe1, "\u{302}\u{301}"),
    (0xe2, "\u{302}"),
    (0xe3, "\u{302}\u{303}"),
    (0xe4, "\u{302}\u{323}"),
    (0xe5, "\u{302}\u{309}"),
    (0xe6, "ỉ"),
    (0xe8, "\u{306}\u{300}"),
    (0xe9, "\u{306}\u{301}"),
    (0xea, "\u{306}"),
    (0xeb, "\u{306}\u{323}"),
    (0xec, "ì"),
    (0xed, "í"),
    (0xee, "ỵ"),
    (0xef, "\u{323}"),
    (0xf1, "đ"),
    (0xf2, "ị"),
    (0xf3, "ĩ"),
    (0xf4, "ơ"),
    (0xf5, "\u{303}"),
    (0xf6, "ư"),
    (0xf8, "\u{300}"),
    (0xf9, "\u{301}"),
    (0xfa, "\u{306}\u{309}"),
    (0xfb, "\u{309}"),
    (0xfc, "\u{306}\u{303}"),
];

impl Spelling {
    /// From a font's name, without the prefix of a subset (ISO 32000-2, 9.9.2).
    fn named(name: &str, bytes: bool) -> Self {
        let name = match name.split_once('+') {
            Some((prefix, rest)) if prefix.len() == 6 => rest,
            _ => name,
        };
        let family = name
            .split([',', '-'])
            .next()
            .unwrap_or(name)
            .trim_end_matches("Bold")
            .trim_end_matches("Italic");
        let is_abc = name.starts_with(".Vn")
            || name.starts_with(".VN")
            || name
                .strip_prefix("Vn")
                .is_some_and(|rest| rest.starts_with(char::is_uppercase));
        let begins = |start: &str| {
            name.get(..start.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(start))
        };
        if is_abc {
            Self::Tcvn3 {
                capitals: family.ends_with('H'),
                bytes,
            }
        } else if begins("VNI-") || begins("VNI ") || begins("VNI_") {
            Self::Vni { bytes }
        } else if begins("VPS") || begins("VISCII") {
            Self::Unread
        } else {
            Self::Plain
        }
    }

    /// What a code means that the file says to be `letter`.
    pub(crate) fn decode(self, letter: Option<char>, code: u32) -> Decoded {
        let (bytes, capitals) = match self {
            Self::Plain => return Decoded::AsTold,
            Self::Unread => {
                return match letter {
                    Some(letter) if letter.is_ascii() => Decoded::AsTold,
                    _ => Decoded::Unknown,
                };
            }
            Self::Tcvn3 { capitals, bytes } => (bytes, capitals),
            Self::Vni { bytes } => (bytes, false),
        };
        let byte = match letter {
            Some(letter) => match windows_byte(letter, code) {
                Some(byte) => byte,
                // The file knows better: a letter that no such font has by its code.
                None => return Decoded::AsTold,
            },
            None if bytes => match u8::try_from(code) {
                Ok(byte) => byte,
                Err(_) => return Decoded::Unknown,
            },
            None => return Decoded::Unknown,
        };
        let meant = if byte < 0xa0 {
            match letter {
                // Curly quotes and dashes are where Windows has them.
                None if !(0x20..0x7f).contains(&byte) => return Decoded::Unknown,
                Some(_) if byte >= 0x7f => return Decoded::AsTold,
                _ => Some(Content::One(char::from(byte))),
            }
        } else if matches!(self, Self::Vni { .. }) {
            vni(byte)
        } else {
            tcvn3(byte)
        };
        match meant {
            Some(Content::One(letter)) if capitals => {
                Decoded::Letters(Content::One(letter.to_uppercase().next().unwrap_or(letter)))
            }
            Some(content) => Decoded::Letters(content),
            None => Decoded::AsTold,
        }
    }
}

/// The byte that a letter was in Windows-1252, as far as these fonts use it.
fn windows_byte(letter: char, code: u32) -> Option<u8> {
    match letter {
        // WinAnsiEncoding calls these codes blank and hyphen.
        ' ' if code == 0xa0 => Some(0xa0),
        '-' if code == 0xad => Some(0xad),
        'μ' => Some(0xb5),
        '∙' => Some(0xb7),
        'ˉ' => Some(0xaf),
        // Where symbol fonts have their codes.
        '\u{f020}'..='\u{f0ff}' => u8::try_from(u32::from(letter) - 0xf000).ok(),
        _ => u8::try_from(u32::from(letter))
            .ok()
            .filter(|byte| *byte < 0x7f || *byte >= 0xa0),
    }
}

fn tcvn3(byte: u8) -> Option<Content> {
    let place = usize::from(byte.checked_sub(0xa1)?);
    TCVN3.chars().nth(place).map(Content::One)
}

fn vni(byte: u8) -> Option<Content> {
    let of = |wanted: u8| VNI.iter().find(|(code, _)| *code == wanted);
    if let Some((_, small)) = of(byte) {
        return Content::new(small);
    }
    let (_, small) = of(byte.checked_add(0x20)?)?;
    Content::new(&small.to_uppercase())
}

/// A font of the page.
struct Font {
    spelling: Spelling,
    name: String,
    first: u32,
    widths: Vec<f32>,
}

impl Font {
    fn width(&self, code: u32) -> Option<f32> {
        let place = usize::try_from(code.checked_sub(self.first)?).ok()?;
        self.widths.get(place).copied()
    }
}

/// The fonts of a page, when one of them is of an older spelling; else none, which costs nothing.
pub(crate) struct Fonts(Vec<Font>);

impl Fonts {
    pub(crate) fn of(page: &Page<'_>) -> Self {
        let mut fonts = Vec::new();
        let mut seen = HashSet::new();
        collect(page.resources(), &mut fonts, &mut seen, 0);
        if fonts.iter().all(|font| font.spelling == Spelling::Plain) {
            fonts.clear();
        }
        Self(fonts)
    }

    /// How the glyphs of a run are to be read.
    pub(crate) fn spelling(&self, run: &GlyphRun<'_, '_>) -> Spelling {
        if self.0.is_empty() {
            return Spelling::Plain;
        }
        let Some(Glyph::Outline(first)) = run.glyphs().first().map(|glyph| &**glyph) else {
            return Spelling::Plain;
        };
        let named = first.font_data().and_then(|data| data.postscript_name);
        if let Some(name) = named {
            let is_it =
                |font: &&Font| font.name == name || font.name.ends_with(&format!("+{name}"));
            let found = self.0.iter().find(is_it).map(|font| font.spelling);
            return found.unwrap_or(Spelling::Plain);
        }
        // hayro tells no name of a Type 1 font or of one that is not embedded: the widths do.
        let fits = |font: &&Font| {
            run.glyphs().iter().all(|glyph| {
                let Glyph::Outline(glyph) = &**glyph else {
                    return false;
                };
                match (glyph.advance_width(), font.width(glyph.char_code())) {
                    (Some(drawn), Some(told)) => (drawn - told).abs() < 0.5,
                    _ => false,
                }
            })
        };
        let mut spellings = self.0.iter().filter(fits).map(|font| font.spelling);
        match spellings.next() {
            Some(first) if spellings.all(|other| other == first) => first,
            Some(_) => Spelling::Plain,
            // Without widths only a page whose fonts are all of one spelling is clear.
            None => {
                let mut all = self.0.iter().map(|font| font.spelling);
                let first = all.next().unwrap_or(Spelling::Plain);
                if all.all(|other| other == first) {
                    first
                } else {
                    Spelling::Plain
                }
            }
        }
    }
}

fn collect(
    resources: &Resources<'_>,
    fonts: &mut Vec<Font>,
    seen: &mut HashSet<ObjectIdentifier>,
    depth: usize,
) {
    for key in resources.fonts.keys() {
        if fonts.len() >= FONTS_MAX {
            return;
        }
        let Some(dict) = resources.fonts.get::<Dict<'_>>(&key) else {
            continue;
        };
        if dict.obj_id().is_none_or(|id| seen.insert(id)) {
            fonts.extend(font(&dict));
        }
    }
    if depth >= DEPTH_MAX {
        return;
    }
    for key in resources.x_objects.keys().take(FONTS_MAX) {
        let Some(form) = resources.x_objects.get::<Stream<'_>>(&key) else {
            continue;
        };
        let dict = form.dict();
        if dict.obj_id().is_some_and(|id| !seen.insert(id)) || seen.len() > 4 * FONTS_MAX {
            continue;
        }
        if let Some(inner) = dict.get::<Dict<'_>>(b"Resources") {
            collect(&Resources::new(inner), fonts, seen, depth + 1);
        }
    }
}

fn font(dict: &Dict<'_>) -> Option<Font> {
    let name = dict.get::<Name<'_>>(b"BaseFont")?;
    let name = String::from_utf8_lossy(&name).into_owned();
    let kind = dict.get::<Name<'_>>(b"Subtype");
    let bytes = kind.is_none_or(|kind| kind.as_ref() != b"Type0");
    let spelling = Spelling::named(&name, bytes);
    let widths = dict
        .get::<Array<'_>>(b"Widths")
        .map(|widths| widths.iter::<f32>().take(256).collect());
    Some(Font {
        spelling,
        name,
        first: dict.get::<u32>(b"FirstChar").unwrap_or(0),
        widths: widths.unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::fold::compose;

    /// Text as the wrong table of the file tells it, decoded.
    fn read(spelling: Spelling, told: &str) -> String {
        let mut text = String::new();
        for letter in told.chars() {
            match spelling.decode(Some(letter), u32::from(letter)) {
                Decoded::Letters(content) => content.push_to(&mut text),
                Decoded::AsTold => text.push(letter),
                Decoded::Unknown => text.push('\u{fffd}'),
            }
        }
        compose(&text).into_owned()
    }

    #[test]
    fn tcvn3_reads_as_the_state_motto_does() {
        let abc = Spelling::named("ABCDEF+.VnTime", true);
        assert_eq!(
            read(abc, "Céng hßa x· héi chñ nghÜa ViÖt Nam"),
            "Cộng hòa xã hội chủ nghĩa Việt Nam"
        );
        assert_eq!(
            read(abc, "§éc lËp - Tù do - H¹nh phóc"),
            "Độc lập - Tự do - Hạnh phúc"
        );
        let capitals = Spelling::named(".VnTimeH,Bold", true);
        assert_eq!(read(capitals, "Ng\u{ad}êi lµm ®¬n"), "NGƯỜI LÀM ĐƠN");
        // Every letter of the table is one, and only once.
        let letters: HashSet<char> = TCVN3.chars().collect();
        assert_eq!(
            (TCVN3.chars().count(), letters.len()),
            (0xfe - 0xa0, 0xfe - 0xa0)
        );
    }

    #[test]
    fn vni_reads_as_the_state_motto_does() {
        let vni = Spelling::named("VNI-Times", true);
        assert_eq!(
            read(vni, "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam"),
            "Cộng hòa xã hội chủ nghĩa Việt Nam"
        );
        assert_eq!(
            read(vni, "Ñoäc laäp - Töï do - Haïnh phuùc"),
            "Độc lập - Tự do - Hạnh phúc"
        );
        assert_eq!(read(vni, "NGÖÔØI LAØM ÑÔN"), "NGƯỜI LÀM ĐƠN");
    }

    #[test]
    fn a_font_is_known_by_its_name() {
        for (name, spelling) in [
            (
                ".VnTime",
                Spelling::Tcvn3 {
                    capitals: false,
                    bytes: true,
                },
            ),
            (
                "QWERTY+.VnArialH",
                Spelling::Tcvn3 {
                    capitals: true,
                    bytes: true,
                },
            ),
            ("VNI-Helve", Spelling::Vni { bytes: true }),
            ("VPS-Times", Spelling::Unread),
            ("TimesNewRomanPSMT", Spelling::Plain),
            ("Vnese", Spelling::Plain),
        ] {
            assert_eq!(Spelling::named(name, true), spelling, "{name}");
        }
    }

    #[test]
    fn a_file_that_tells_the_right_letters_is_believed_and_glyph_numbers_are_not_letters() {
        let abc = Spelling::named(".VnTime", false);
        assert_eq!(abc.decode(Some('ệ'), 12), Decoded::AsTold);
        assert_eq!(abc.decode(None, 0xd6), Decoded::Unknown);
        let bytes = Spelling::named(".VnTime", true);
        assert_eq!(
            bytes.decode(None, 0xd6),
            Decoded::Letters(Content::One('ệ'))
        );
        assert_eq!(
            bytes.decode(Some('-'), 0xad),
            Decoded::Letters(Content::One('ư'))
        );
        assert_eq!(Spelling::Unread.decode(Some('Ö'), 0xd6), Decoded::Unknown);
    }
}
