//! Text as producers write it: word processors, older Vietnamese fonts, scanners, turned pages.

use crate::forms::Form;
use contract::geometry::Point;
use document::Document;
use proptest::prelude::*;

fn open(form: Form) -> Document {
    Document::open(form.pdf(), None).expect("opens")
}

fn lines(document: &Document) -> Vec<String> {
    let text = document.text(0).expect("a page");
    text.lines.into_iter().map(|line| line.text).collect()
}

#[test]
fn a_word_processor_splits_words_and_kerns() {
    let form = Form::new().text(72.0, 100.0, 13.0, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM");
    let document = open(form);
    assert_eq!(lines(&document), ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]);
    let hits = document.find("xa hoi chu nghia");
    assert_eq!((hits.len(), hits[0].text.as_str()), (1, "XÃ HỘI CHỦ NGHĨA"));
}

#[test]
fn decomposed_text_is_composed_and_found_either_way() {
    let decomposed = "NGU\u{31b}O\u{31b}\u{300}I LA\u{300}M \u{110}O\u{31b}N";
    let document = open(Form::new().text(72.0, 100.0, 13.0, decomposed));
    // The marks of this font have a width, so that they stand beside their letters: a search does not mind.
    assert_eq!(document.find("người làm đơn").len(), 1);
    assert_eq!(document.find(decomposed).len(), 1);
}

/// A font of one byte a letter, not embedded, all letters 500 wide.
fn old_font(name: &str) -> String {
    let widths = "500 ".repeat(224);
    format!(
        "/F2<</Type/Font/Subtype/TrueType/BaseFont/{name}/Encoding/WinAnsiEncoding/FirstChar 32/LastChar 255/Widths[{widths}]>>"
    )
}

#[test]
fn letters_of_abc_fonts_are_read() {
    let form = Form::new()
        .font(&old_font("ABCDEF+.VnTime"))
        .raw("BT /F2 13 Tf 72 700 Td (Céng hßa x· héi chñ nghÜa ViÖt Nam) Tj ET")
        .raw("BT /F2 13 Tf 72 600 Td (Ng\u{ad}êi lµm ®¬n) Tj ET");
    let document = open(form);
    assert_eq!(
        lines(&document),
        ["Cộng hòa xã hội chủ nghĩa Việt Nam", "Người làm đơn"]
    );
    assert_eq!(document.find("NGƯỜI LÀM ĐƠN").len(), 1);
    assert_eq!(document.text(0).unwrap().unknown_letters, 0);
}

#[test]
fn letters_of_vni_fonts_are_read() {
    // The marks are painted over the letter before them.
    let form = Form::new()
        .font(&old_font("VNI-Times").replace("/FirstChar", "/X 0/FirstChar"))
        .raw("BT /F2 13 Tf 72 700 Td (Ñoäc laäp - Töï do - Haïnh phuùc) Tj ET");
    let document = open(form);
    assert_eq!(document.find("Độc lập - Tự do - Hạnh phúc").len(), 1);
    assert_eq!(document.find("hanh phuc").len(), 1);
}

#[test]
fn other_fonts_on_the_page_are_left_alone_and_unread_ones_are_told() {
    let form = Form::new()
        .font(&old_font(".VnTimeH"))
        .font("/F3<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
        .raw("BT /F2 13 Tf 72 700 Td (Ng\u{ad}êi lµm ®¬n) Tj ET")
        .raw("BT /F3 13 Tf 72 600 Td (déjà vu) Tj ET");
    assert_eq!(lines(&open(form)), ["NGƯỜI LÀM ĐƠN", "déjà vu"]);
    let unread = Form::new()
        .font(&old_font("VPS-Times"))
        .raw("BT /F2 13 Tf 72 700 Td (Ng\u{ad}êi) Tj ET");
    let document = open(unread);
    assert!(document.text(0).unwrap().unknown_letters > 0);
    assert_eq!(document.find_in_pages("nguoi", 0, 1).unsure, [0]);
}

#[test]
fn hidden_doubled_and_said_letters_are_read_once() {
    let form = Form::new()
        .raw("3 Tr")
        .text(72.0, 100.0, 13.0, "VĂN BẢN QUÉT")
        .raw("2 Tr")
        .text(72.0, 130.0, 13.0, "Đậm và viền")
        .raw("0 Tr")
        .text(72.0, 160.0, 13.0, "GIẢ ĐẬM")
        .text(72.3, 160.0, 13.0, "GIẢ ĐẬM")
        .raw("/Span<</ActualText<FEFF1EC7>>>BDC BT /F1 13 Tf 72 600 Td <0065> Tj ET EMC")
        .text(78.5, 242.0, 13.0, "n tại");
    assert_eq!(
        lines(&open(form)),
        ["VĂN BẢN QUÉT", "Đậm và viền", "GIẢ ĐẬM", "ện tại"]
    );
}

#[test]
fn two_columns_are_read_one_after_the_other() {
    let mut form = Form::new().middle(
        297.0,
        60.0,
        13.0,
        "TIÊU ĐỀ CHUNG CỦA CẢ HAI CỘT TRONG TRANG NÀY",
    );
    for row in 0..5 {
        let y = 100.0 + 15.0 * f64::from(row);
        form = form
            .text(
                320.0,
                y,
                10.0,
                &format!("phải {row} bốn năm sáu bảy tám chín mười một"),
            )
            .text(
                72.0,
                y,
                10.0,
                &format!("trái {row} bốn năm sáu bảy tám chín mười hai"),
            );
    }
    let read = lines(&open(form));
    let begins: Vec<&str> = read
        .iter()
        .map(|line| line.split(' ').next().unwrap())
        .collect();
    assert_eq!(
        begins,
        [
            "TIÊU", "trái", "trái", "trái", "trái", "trái", "phải", "phải", "phải", "phải", "phải"
        ]
    );
}

#[test]
fn what_is_off_the_page_is_not_found() {
    let form =
        Form::new()
            .text(72.0, 1200.0, 13.0, "NGOÀI TRANG")
            .text(72.0, 100.0, 13.0, "TRONG TRANG");
    assert_eq!(lines(&open(form)), ["TRONG TRANG"]);
}

#[test]
fn a_second_search_and_one_by_pages_find_the_same() {
    let pages: Vec<Form> = (0..30)
        .map(|n| Form::new().text(72.0, 100.0, 13.0, &format!("Trang {n} người làm đơn")))
        .collect();
    let document = Document::open(crate::forms::document(&pages), None).expect("opens");
    let all = document.find("người làm đơn");
    assert_eq!(all.len(), 30);
    let mut parts = Vec::new();
    for first in (0..40).step_by(8) {
        parts.extend(document.find_in_pages("NGUOI LAM DON", first, 8).hits);
    }
    assert_eq!(parts, all);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Text at any angle is found as one quad that begins where it is written.
    #[test]
    fn turned_text_is_found_as_one_quad(degrees in -180.0..180.0_f64, rotate in 0..4_i32) {
        let form = Form::new().turned(300.0, 420.0, 12.0, degrees, "NGƯỜI LÀM ĐƠN ký").extra(&format!("/Rotate {}", rotate * 90));
        let document = open(form);
        let hits = document.find("người làm đơn");
        prop_assert_eq!(hits.len(), 1);
        prop_assert_eq!(hits[0].quads.len(), 1);
        let [from, to, ..] = hits[0].quads[0];
        let length = (to.x - from.x).hypot(to.y - from.y);
        prop_assert!((length - 13.0 * 6.0).abs() < 1.0, "{}", length);
        // Back in user space, a descender (0.21 em) off the baseline's beginning.
        let user = document.geometry(0).expect("a page").point_to_user(Point { x: from.x, y: from.y });
        let distance = (user.x - 300.0).hypot(user.y - 422.0);
        prop_assert!((distance - 0.21 * 12.0).abs() < 0.2, "{}", distance);
    }
}
