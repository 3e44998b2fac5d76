//! What a fuzzer's bytes stand for: a whole file, or the pieces of one whose skeleton is sound.

use document::Document;
use std::fmt::Write as _;

/// Stands between two pieces.
const BETWEEN: &[u8] = b"\n%%\n";
/// Longest side of a drawn page, in pixels.
const SIDE: f64 = 160.0;

/// The file that the bytes stand for. Bytes with a PDF header are a file as they are. Others are pieces: the content of the page, more
/// entries of the page's dictionary, more entries of the catalog, and then whole objects from number 20 on. So the fuzzer spends its
/// time in the interpreter and in the trees of the catalog, not on offsets and lengths.
#[must_use]
pub fn file(bytes: &[u8]) -> Vec<u8> {
    let head = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
    if head.windows(5).any(|window| window == b"%PDF-") {
        return bytes.to_vec();
    }
    let mut pieces = pieces(bytes);
    let mut next = || pieces.next().unwrap_or_default();
    let (content, page, catalog) = (next(), next(), next());
    let mut out = Writer::default();
    out.object(1, &[b"<</Type/Catalog/Pages 2 0 R ", catalog, b">>"]);
    out.object(
        2,
        &[b"<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 200 160]/Resources<<\
            /Font<</A 5 0 R/B 6 0 R/C 7 0 R/D 20 0 R>>/XObject<</I 8 0 R/F 9 0 R/X 21 0 R>>/ExtGState<</G 10 0 R/H 22 0 R>>\
            /Shading<</S 11 0 R/T 23 0 R>>/Pattern<</P 12 0 R/Q 24 0 R>>\
            /ColorSpace<</L[/Indexed/DeviceRGB 1<ff000000ff00>]/M[/Separation/Ink/DeviceCMYK 13 0 R]/N 25 0 R>>>>>>"],
    );
    out.object(
        3,
        &[b"<</Type/Page/Parent 2 0 R/Contents 4 0 R ", page, b">>"],
    );
    out.stream(4, b"", content);
    out.object(5, &[b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]);
    out.object(
        6,
        &[b"<</Type/Font/Subtype/Type0/BaseFont/Any/Encoding/Identity-H/ToUnicode 14 0 R/DescendantFonts[<</Type/Font\
            /Subtype/CIDFontType2/BaseFont/Any/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 500>>]>>"],
    );
    out.object(
        7,
        &[b"<</Type/Font/Subtype/Type3/FontBBox[0 0 10 10]/FontMatrix[.1 0 0 .1 0 0]/FirstChar 97/LastChar 98/Widths[10 10]\
            /Encoding<</Differences[97/a/b]>>/CharProcs<</a 15 0 R/b 26 0 R>>>>"],
    );
    out.stream(
        8,
        b"/Type/XObject/Subtype/Image/Width 2/Height 2/BitsPerComponent 8/ColorSpace/DeviceGray",
        &[0, 90, 180, 255],
    );
    out.stream(
        9,
        b"/Type/XObject/Subtype/Form/BBox[0 0 50 50]/Group<</S/Transparency/I true>>",
        b"1 0 0 rg 5 5 30 30 re f",
    );
    out.object(
        10,
        &[b"<</ca .5/BM/Multiply/SMask<</S/Luminosity/G 9 0 R>>>>"],
    );
    out.object(
        11,
        &[b"<</ShadingType 3/ColorSpace/DeviceRGB/Coords[50 50 5 90 60 30]/Extend[true false]/Function 16 0 R>>"],
    );
    out.stream(
        12,
        b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 8 8]/XStep 8/YStep 8",
        b"0 0 4 4 re f",
    );
    out.object(
        13,
        &[b"<</FunctionType 2/Domain[0 1]/C0[0 0 0 0]/C1[1 0 .5 0]/N 1>>"],
    );
    out.stream(
        14,
        b"",
        b"1 begincodespacerange<0000><ffff>endcodespacerange 1 beginbfrange<0020><1fff><0020>endbfrange",
    );
    out.stream(15, b"", b"10 0 d0 0 0 8 8 re f");
    out.stream(
        16,
        b"/FunctionType 4/Domain[0 1]/Range[0 1 0 1 0 1]",
        b"{dup 0.5 mul exch dup 1 exch sub}",
    );
    for (number, body) in (20..60).zip(pieces) {
        out.object(number, &[body]);
    }
    out.finish()
}

/// A document drawn small: pixels are not what is tested.
///
/// # Panics
/// When a picture is not what it says it is.
pub fn draw(document: &Document, page: u32) {
    let Ok(geometry) = document.geometry(page) else {
        return;
    };
    let size = geometry.view_size();
    let scale = (SIDE / size.width.max(size.height)).min(1.0);
    if let Ok(picture) = document.render(page, scale) {
        let pixels = picture.width as usize * picture.height as usize;
        assert_eq!(
            picture.rgba.len(),
            pixels * 4,
            "the picture has every pixel"
        );
    }
}

fn pieces(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let bytes = rest?;
        let at = bytes
            .windows(BETWEEN.len())
            .position(|window| window == BETWEEN);
        let (piece, after) = match at {
            Some(at) => (&bytes[..at], Some(&bytes[at + BETWEEN.len()..])),
            None => (bytes, None),
        };
        rest = after;
        Some(piece)
    })
}

/// Writes objects and remembers where they stand.
struct Writer {
    bytes: Vec<u8>,
    places: Vec<(u32, usize)>,
}

impl Default for Writer {
    fn default() -> Self {
        Self {
            bytes: b"%PDF-1.7\n".to_vec(),
            places: Vec::new(),
        }
    }
}

impl Writer {
    fn object(&mut self, number: u32, body: &[&[u8]]) {
        self.places.push((number, self.bytes.len()));
        self.bytes.extend(format!("{number} 0 obj\n").bytes());
        body.iter().for_each(|part| self.bytes.extend(*part));
        self.bytes.extend(b"\nendobj\n");
    }

    fn stream(&mut self, number: u32, entries: &[u8], content: &[u8]) {
        let length = format!("/Length {}>>\nstream\n", content.len());
        let body = [b"<<", entries, length.as_bytes(), content, b"\nendstream"];
        self.object(number, &body);
    }

    fn finish(mut self) -> Vec<u8> {
        let start = self.bytes.len();
        let mut end = "xref\n".to_owned();
        for (number, place) in &self.places {
            let _ = write!(end, "{number} 1\n{place:010} 00000 n \n");
        }
        let _ = write!(
            end,
            "trailer\n<</Size 60/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"
        );
        self.bytes.extend(end.bytes());
        self.bytes
    }
}
