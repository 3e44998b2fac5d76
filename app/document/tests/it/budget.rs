//! A few bytes that ask for hours or gigabytes are refused, and told from what is only large.

use crate::support::{deflated, pdf, stream};
use document::{Document, PageError};

/// A page of 600 × 800 with this content and these resources; objects from 5 on.
fn page(resources: &str, content: &[u8], further: &[Vec<u8>]) -> Document {
    page_with(resources, &stream("", content), further)
}

fn page_with(resources: &str, content: &[u8], further: &[Vec<u8>]) -> Document {
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<<{resources}>>>>").into(),
        content.to_vec(),
    ];
    objects.extend_from_slice(further);
    Document::open(pdf(&objects), None).expect("opens")
}

fn is_refused(document: &Document) {
    let drawn = document.render(0, 1.0).map(|_| ());
    assert_eq!(drawn, Err(PageError::TooComplex));
    assert!(
        document.geometry(0).is_ok(),
        "the boxes are known all the same"
    );
}

fn is_drawn(document: &Document) {
    assert_eq!(document.render(0, 1.0).map(|_| ()), Ok(()));
}

/// Forms 5, 6, … each of which draws the next one ten times.
fn laughs(levels: usize, last: &str) -> Vec<Vec<u8>> {
    (0..levels)
        .map(|level| {
            let next = format!(
                "/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</X {} 0 R>>>>",
                level + 6
            );
            let content = if level + 1 == levels {
                last.to_owned()
            } else {
                "/X Do ".repeat(10)
            };
            stream(&next, content.as_bytes())
        })
        .collect()
}

#[test]
fn forms_that_draw_forms_ten_times_each() {
    is_refused(&page(
        "/XObject<</X 5 0 R>>",
        b"/X Do",
        &laughs(12, "0 0 m 9 9 l S"),
    ));
    is_drawn(&page(
        "/XObject<</X 5 0 R>>",
        b"/X Do",
        &laughs(3, "0 0 m 9 9 l S"),
    ));
    // The text of such a page is not read either.
    let document = page("/XObject<</X 5 0 R>>", b"/X Do", &laughs(12, ""));
    assert_eq!(document.text(0).map(|_| ()), Err(PageError::TooComplex));
}

#[test]
fn the_same_through_patterns_masks_glyphs_and_annotations() {
    let forms = laughs(12, "0 0 9 9 re f");
    let cell = |rest: &str| {
        stream(
            &format!(
                "/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 9 9]/XStep 9/YStep 9/Resources<</XObject<</X 5 0 R>>>>{rest}"
            ),
            b"/X Do",
        )
    };
    let mut objects = forms.clone();
    objects.push(cell(""));
    is_refused(&page(
        "/Pattern<</P 17 0 R>>",
        b"/Pattern cs /P scn 0 0 600 800 re f",
        &objects,
    ));
    is_refused(&page(
        "/ExtGState<</G<</SMask<</S/Alpha/G 5 0 R>>>>>>",
        b"/G gs 0 0 9 9 re f",
        &forms,
    ));
    is_refused(&page(
        "/Font<</F<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]/CharProcs<</a 17 0 R>>/Encoding<</Differences[97/a]>>/FirstChar 97/LastChar 97/Widths[9]>>>>",
        b"BT /F 9 Tf (a) Tj ET",
        &objects,
    ));
    let mut annotated = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Annots[<</Subtype/Stamp/Rect[0 0 9 9]/AP<</N 5 0 R>>>>]>>".to_vec(),
        b"null".to_vec(),
    ];
    annotated.extend(forms);
    is_refused(&Document::open(pdf(&annotated), None).expect("opens"));
}

#[test]
fn a_form_that_draws_itself_is_drawn_once() {
    is_drawn(&page(
        "/XObject<</X 5 0 R>>",
        b"/X Do",
        &[stream(
            "/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</X 5 0 R>>>>",
            b"0 0 9 9 re f /X Do",
        )],
    ));
}

#[test]
fn areas_count() {
    let fill = "0 0 600 800 re f ";
    is_refused(&page("", fill.repeat(100_000).as_bytes(), &[]));
    is_drawn(&page("", fill.repeat(100).as_bytes(), &[]));
    // As many small ones are a map, not an attack.
    is_drawn(&page("", "9 9 3 3 re f ".repeat(30_000).as_bytes(), &[]));
}

#[test]
fn a_dash_of_nothing_along_a_mile() {
    is_refused(&page("", b"[0.0001] 0 d 0 0 m 90000 9 l S", &[]));
    is_drawn(&page("", b"[3 2] 0 d 0 0 m 600 9 l S", &[]));
}

#[test]
fn a_mask_for_every_line() {
    let states: String = (0..2_000)
        .map(|number| format!("/G{number}<</SMask<</S/Alpha/G 5 0 R/N {number}>>>>"))
        .collect();
    let content: String = (0..2_000)
        .map(|number| format!("/G{number} gs 0 0 9 9 re f "))
        .collect();
    let mask = [stream(
        "/Subtype/Form/BBox[0 0 600 800]/Group<</S/Transparency>>",
        b"0 0 600 800 re f",
    )];
    is_refused(&page(
        &format!("/ExtGState<<{states}>>"),
        content.as_bytes(),
        &mask,
    ));
    is_drawn(&page(
        &format!("/ExtGState<<{states}>>"),
        &content.as_bytes()[..25],
        &mask,
    ));
}

#[test]
fn pictures_of_a_thousand_megapixels() {
    let drawn = |entries: &str, data: &[u8]| {
        page(
            "/XObject<</X 5 0 R>>",
            b"600 0 0 800 0 0 cm /X Do",
            &[stream(&format!("/Subtype/Image{entries}"), data)],
        )
    };
    let large = "/Width 32000/Height 32000/BitsPerComponent 1/ColorSpace/DeviceGray";
    for filter in [
        "/FlateDecode",
        "/CCITTFaxDecode",
        "/JBIG2Decode",
        "/JPXDecode",
        "/DCTDecode",
    ] {
        is_refused(&drawn(&format!("{large}/Filter{filter}"), &deflated(b"")));
    }
    // What the dictionary hides, the picture's own header tells.
    let small = "/Width 9/Height 9/BitsPerComponent 1/ColorSpace/DeviceGray";
    let siz = [
        b"\xff\x4f\xff\x51\x00\x29\x00\x00\x00\x00\x7d\x00\x00\x00\x7d\x00".as_slice(),
        &[0; 8],
    ]
    .concat();
    is_refused(&drawn(&format!("{small}/Filter/JPXDecode"), &siz));
    let information = [
        b"\x00\x00\x00\x00\x30\x00\x01\x00\x00\x00\x13\x00\x00\x7d\x00\x00\x00\x7d\x00".as_slice(),
        &[0; 11],
    ]
    .concat();
    is_refused(&drawn(&format!("{small}/Filter/JBIG2Decode"), &information));
    is_refused(&page(
        "",
        b"q BI /W 32000 /H 32000 /BPC 1 /CS /G ID x EI Q",
        &[],
    ));
    // A mask is a picture too.
    let masked = page(
        "/XObject<</X 5 0 R>>",
        b"/X Do",
        &[
            stream(&format!("/Subtype/Image{small}/SMask 6 0 R"), &[0; 18]),
            stream(&format!("/Subtype/Image{large}"), b""),
        ],
    );
    is_refused(&masked);
    // The same small picture, drawn again and again, is unpacked again and again.
    let tile = [stream(
        "/Subtype/Image/Width 4000/Height 4000/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/FlateDecode",
        &deflated(&[0; 9]),
    )];
    is_refused(&page(
        "/XObject<</X 5 0 R>>",
        "/X Do ".repeat(100).as_bytes(),
        &tile,
    ));
}

/// Zlib data that unpacks to so many megabytes of zeros.
fn bomb(megabytes: usize) -> Vec<u8> {
    use flate2::{Compress, Compression, FlushCompress};
    let mut compress = Compress::new(Compression::best(), true);
    let mut part = || {
        let mut packed = Vec::with_capacity(64 * 1024);
        compress
            .compress_vec(&vec![0; 1024 * 1024], &mut packed, FlushCompress::Full)
            .expect("packs");
        packed
    };
    let (mut bomb, next) = (part(), part());
    for _ in 1..megabytes {
        bomb.extend_from_slice(&next);
    }
    bomb
}

#[test]
fn streams_that_unpack_to_gigabytes() {
    let data = bomb(2_000);
    is_refused(&page_with("", &stream("/Filter/FlateDecode", &data), &[]));
    is_refused(&page_with(
        "",
        &stream("/Filter[/FlateDecode/FlateDecode]", &deflated(&data)),
        &[],
    ));
    is_refused(&page(
        "/XObject<</X 5 0 R>>",
        b"/X Do",
        &[stream(
            "/Subtype/Form/BBox[0 0 9 9]/Filter/FlateDecode",
            &data,
        )],
    ));
    is_refused(&page(
        "/XObject<</X 5 0 R>>",
        b"/X Do",
        &[stream(
            "/Subtype/Image/Width 9/Height 9/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/FlateDecode",
            &data,
        )],
    ));
    is_refused(&page(
        "/Font<</F<</Type/Font/Subtype/TrueType/BaseFont/A/FontDescriptor<</Type/FontDescriptor/FontName/A/FontFile2 5 0 R>>>>>>",
        b"BT /F 9 Tf (a) Tj ET",
        &[stream("/Filter/FlateDecode", &data)],
    ));
}

#[test]
fn objects_that_unpack_to_gigabytes() {
    let objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]>>".to_vec(),
        stream("/Type/ObjStm/N 1/First 4/Filter/FlateDecode", &bomb(200)),
    ];
    let opened = Document::open(pdf(&objects), None).err();
    assert_eq!(opened, Some(document::OpenError::TooLarge));
}

#[test]
fn a_list_that_every_page_names_and_a_name_that_every_link_leads_to() {
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R/Names<</Dests 5 0 R/EmbeddedFiles 4 0 R>>/AcroForm<</Fields[]>>>>".to_vec(),
        format!("<</Type/Pages/Kids[{}]/Count 2000>>", (0..2_000).map(|page| format!("{} 0 R ", page + 7)).collect::<String>()).into(),
        format!("[{}]", "6 0 R ".repeat(5_000)).into(),
        b"<<>>".to_vec(),
        format!("<</Names[{}]>>", (0..20_000).map(|name| format!("(n{name})[7 0 R/Fit]")).collect::<String>()).into(),
        b"<</Subtype/Link/Rect[0 0 9 9]/Dest(n19999)>>".to_vec(),
    ];
    objects.resize(
        2_006,
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Annots 3 0 R>>".to_vec(),
    );
    let document = Document::open(pdf(&objects), None).expect("opens");
    // Ten million annotations and a hundred million names, were they all looked at.
    assert!(document.details().fields.is_empty());
    assert_eq!(document.links(0).expect("a page").len(), 5_000);
}

#[test]
fn forms_and_patterns_as_deep_as_the_renderer_goes() {
    let forms: Vec<Vec<u8>> = (0..60)
        .map(|level| {
            let next = level + 6;
            stream(
                &format!("/Subtype/Form/PatternType 1/PaintType 1/TilingType 1/XStep 99/YStep 99/BBox[0 0 99 99]/Group<</S/Transparency>>/Resources<</XObject<</X {next} 0 R>>/Pattern<</P {next} 0 R>>>>"),
                if level % 2 == 0 { b"/X Do" } else { b"/Pattern cs /P scn 0 0 99 99 re f" },
            )
        })
        .collect();
    // The engine's stack in a browser is 1 MB; a thread of a test has two, and its frames are larger.
    is_drawn(&page("/XObject<</X 5 0 R>>", b"/X Do", &forms));
}

/// A Coons patch (ISO 32000-2, 8.7.4.5.7) as a square with this side, given in half a side from its middle.
fn coons(half: i32) -> Vec<u8> {
    let mut data = vec![0];
    let corners = [(-1, -1), (-1, 1), (1, 1), (1, -1), (-1, -1)];
    for (from, to) in corners.iter().zip(&corners[1..]) {
        for third in 0..3 {
            for part in [
                from.0 * (3 - third) + to.0 * third,
                from.1 * (3 - third) + to.1 * third,
            ] {
                // A third of a side is one step; 0 to 65,535 stand for -half to half.
                data.extend(
                    u16::try_from((part + 3) * 10_922)
                        .unwrap_or(0)
                        .to_be_bytes(),
                );
            }
        }
    }
    data.extend([255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9]);
    stream(
        &format!(
            "/ShadingType 6/ColorSpace/DeviceRGB/BitsPerCoordinate 16/BitsPerComponent 8/BitsPerFlag 8/Decode[-{half} {half} -{half} {half} 0 1 0 1 0 1]"
        ),
        &data,
    )
}

#[test]
fn a_mesh_that_reaches_a_mile_beyond_the_page() {
    let resources = "/Shading<</S 5 0 R>>/Pattern<</P<</PatternType 2/Shading 5 0 R>>>>";
    for content in [b"/S sh".as_slice(), b"/Pattern cs /P scn 0 0 9 9 re f"] {
        is_drawn(&page(resources, content, &[coons(500)]));
        is_refused(&page(resources, content, &[coons(40_000)]));
    }
}

#[test]
fn a_mesh_of_a_million_patches() {
    let mesh = stream(
        "/ShadingType 6/ColorSpace/DeviceGray/BitsPerCoordinate 8/BitsPerComponent 8/BitsPerFlag 8/Decode[0 9 0 9 0 1]/Filter/FlateDecode",
        &deflated(&vec![0; 30_000_000]),
    );
    is_refused(&page("/Shading<</S 5 0 R>>", b"/S sh", &[mesh]));
    let patch = |number: u32| {
        let corner = move |part: u32| u8::try_from((number * 7 + part * 37) % 256).unwrap_or(0);
        std::iter::once(0).chain((0..28).map(corner))
    };
    let fewer = stream(
        "/ShadingType 6/ColorSpace/DeviceGray/BitsPerCoordinate 8/BitsPerComponent 8/BitsPerFlag 8/Decode[0 9 0 9 0 1]",
        &(0..30_000).flat_map(patch).collect::<Vec<u8>>(),
    );
    is_refused(&page("/Shading<</S 5 0 R>>", b"/S sh", &[fewer]));
}
