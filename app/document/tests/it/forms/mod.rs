//! Forms made by hand: pages of text in any letters, as a word processor writes them (glyph numbers of two bytes, `TJ` with kerning).
#![allow(missing_docs, clippy::indexing_slicing, dead_code)]

use std::fmt::Write as _;

/// Every letter is so wide, in parts of the em.
pub const WIDTH: f64 = 0.5;

/// One page of a form, 595 × 842 points unless further entries of the page say otherwise. Places are from the upper left.
#[derive(Default, Clone)]
pub struct Form {
    content: String,
    extra: String,
    fonts: String,
    more: Vec<String>,
}

impl Form {
    pub fn new() -> Self {
        Self::default()
    }

    /// Text whose baseline begins at a place.
    pub fn text(self, x: f64, y: f64, size: f64, text: &str) -> Self {
        self.turned(x, y, size, 0.0, text)
    }

    /// Text around a middle.
    pub fn middle(self, x: f64, y: f64, size: f64, text: &str) -> Self {
        #[allow(clippy::cast_precision_loss)]
        let width = text.chars().count() as f64 * size * WIDTH;
        self.text(x - width / 2.0, y, size, text)
    }

    /// Text that climbs by an angle in degrees; every third letter begins another string of the array, kerned by nothing.
    pub fn turned(mut self, x: f64, y: f64, size: f64, degrees: f64, text: &str) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let mut array = String::new();
        for (place, letter) in text.chars().enumerate() {
            if place > 0 && place % 3 == 0 {
                array.push_str(if place % 2 == 0 { "> 20 <" } else { "> -20 <" });
            }
            let _ = write!(array, "{:04X}", u32::from(letter));
        }
        let _ = writeln!(
            self.content,
            "BT /F1 {size} Tf {cos:.6} {sin:.6} {:.6} {cos:.6} {x} {} Tm [<{array}>] TJ ET",
            -sin,
            842.0 - y
        );
        self
    }

    /// A ruled line.
    pub fn rule(self, from: (f64, f64), to: (f64, f64)) -> Self {
        let text = format!(
            "0.5 w {} {} m {} {} l S",
            from.0,
            842.0 - from.1,
            to.0,
            842.0 - to.1
        );
        self.raw(&text)
    }

    /// Operators as they are.
    pub fn raw(mut self, content: &str) -> Self {
        self.content.push_str(content);
        self.content.push('\n');
        self
    }

    /// Further entries of the page.
    pub fn extra(mut self, entries: &str) -> Self {
        self.extra.push_str(entries);
        self
    }

    /// A further object, 100 and up, and its number.
    pub fn object(mut self, body: &str) -> Self {
        self.more.push(body.to_owned());
        self
    }

    /// A font as an entry of the resources: `/F2 <<…>>`.
    pub fn font(mut self, entry: &str) -> Self {
        self.fonts.push_str(entry);
        self
    }

    pub fn pdf(self) -> Vec<u8> {
        document(&[self])
    }
}

/// Pages as a document.
pub fn document(pages: &[Form]) -> Vec<u8> {
    let mut ranges = String::new();
    for high in 0..=255 {
        if high % 100 == 0 {
            let _ = writeln!(
                ranges,
                "{}100 beginbfrange",
                if high > 0 { "endbfrange\n" } else { "" }
            );
        }
        let _ = writeln!(ranges, "<{high:02X}00> <{high:02X}FF> <{high:02X}00>");
    }
    let map = format!(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n1 begincodespacerange <0000> <FFFF> endcodespacerange\n{ranges}endbfrange\nendcmap end end"
    );
    let first = 6;
    let kids: Vec<String> = (0..pages.len())
        .map(|n| format!("{} 0 R", first + 2 * n))
        .collect();
    let mut objects: Vec<Vec<u8>> = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        format!("<</Type/Pages/Kids[{}]/Count {}>>", kids.join(" "), pages.len()).into_bytes(),
        b"<</Type/Font/Subtype/Type0/BaseFont/ABCDEF+TimesNewRomanPSMT/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 5 0 R>>".to_vec(),
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/ABCDEF+TimesNewRomanPSMT/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 500>>".to_vec(),
        format!("<</Length {}>>stream\n{map}\nendstream", map.len()).into_bytes(),
    ];
    for (number, page) in pages.iter().enumerate() {
        let content = first + 2 * number + 1;
        objects.push(
            format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {content} 0 R/Resources<</Font<</F1 3 0 R{}>>>>{}>>",
                page.fonts, page.extra
            )
            .into_bytes(),
        );
        // Letters of older fonts are bytes.
        let bytes: Vec<u8> = page
            .content
            .chars()
            .map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?'))
            .collect();
        let mut body = format!("<</Length {}>>stream\n", bytes.len()).into_bytes();
        body.extend(bytes);
        body.extend(b"\nendstream");
        objects.push(body);
    }
    for page in pages {
        objects.extend(page.more.iter().map(|body| body.clone().into_bytes()));
    }
    file(&objects)
}

fn file(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.6\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, body) in objects.iter().enumerate() {
        let _ = writeln!(table, "{:010} 00000 n ", bytes.len());
        bytes.extend(format!("{} 0 obj\n", number + 1).bytes());
        bytes.extend(body);
        bytes.extend(b"\nendobj\n");
    }
    let start = bytes.len();
    bytes.extend(
        format!(
            "{table}trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n",
            objects.len() + 1
        )
        .bytes(),
    );
    bytes
}
