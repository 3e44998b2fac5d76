//! Where the box lands on the forms people have: titles, notes, printed names, tables, dots, turned pages, scans.

use crate::forms::Form;
use contract::geometry::{Rect, Size};
use contract::text::{Place, ProposalReason};
use document::Document;
use proptest::prelude::*;

const BOX: Size = Size {
    width: 150.0,
    height: 50.0,
};

fn open(form: Form) -> Document {
    Document::open(form.pdf(), None).expect("opens")
}

fn first(document: &Document, keyword: &str, reason: ProposalReason) -> Place {
    let proposal = document.propose(keyword, BOX, &[]);
    assert_eq!(proposal.reason, reason, "{:?}", proposal.places.first());
    proposal.places.into_iter().next().expect("a place")
}

fn rect_of(quads: &[contract::text::Quad]) -> Rect {
    let corners = || quads.iter().flatten();
    let low =
        |of: fn(&contract::geometry::Point) -> f64| corners().map(of).fold(f64::MAX, f64::min);
    let high =
        |of: fn(&contract::geometry::Point) -> f64| corners().map(of).fold(f64::MIN, f64::max);
    let (x, y) = (low(|point| point.x), low(|point| point.y));
    Rect {
        x,
        y,
        width: high(|point| point.x) - x,
        height: high(|point| point.y) - y,
    }
}

/// No text of the page is covered.
fn off_text(document: &Document, place: &Place) {
    for line in document.text(place.page).expect("a page").lines {
        let around = rect_of(&[line.quad]);
        assert!(
            !around.overlaps(&place.rect),
            "{:?} covers {}",
            place.rect,
            line.text
        );
    }
}

fn body(mut form: Form) -> Form {
    for row in 0..10 {
        let y = 80.0 + 20.0 * f64::from(row);
        form = form.text(
            72.0,
            y,
            13.0,
            &format!("Dòng {row} của nội dung tờ khai, viết đủ dài cho hết dòng."),
        );
    }
    form
}

#[test]
fn below_title_and_note_above_the_printed_name() {
    let form = body(Form::new())
        .middle(430.0, 400.0, 13.0, "NGƯỜI LÀM ĐƠN")
        .middle(430.0, 415.0, 11.0, "(Ký, ghi rõ họ, chữ đệm, tên)")
        .middle(430.0, 510.0, 13.0, "Nguyễn Văn Mẫu");
    let document = open(form);
    let place = first(&document, "Người làm đơn", ProposalReason::Keyword);
    let rect = place.rect;
    assert!(rect.y > 415.0 && rect.far() < 500.0, "{rect:?}");
    assert!(
        (rect.x + rect.width / 2.0 - 430.0).abs() < 1.0,
        "in the middle: {rect:?}"
    );
    assert!(
        (rect.width - BOX.width).abs() < 1e-6,
        "there is room for the whole box"
    );
    off_text(&document, &place);
    // The same space from the printed name.
    let place = first(&document, "Nguyễn Văn Mẫu", ProposalReason::Keyword);
    assert!(
        place.rect.y > 415.0 && place.rect.far() < 500.0,
        "{:?}",
        place.rect
    );
    off_text(&document, &place);
}

#[test]
fn a_small_box_over_a_printed_name_is_better_than_a_large_one_under_it() {
    let form = body(Form::new())
        .middle(165.0, 400.0, 12.0, "XÁC NHẬN CỦA UBND XÃ")
        .middle(165.0, 415.0, 11.0, "(Ký, đóng dấu)")
        .middle(165.0, 470.0, 12.0, "Lê Văn Chủ Tịch");
    let place = first(&open(form), "Lê Văn Chủ Tịch", ProposalReason::Keyword);
    assert!(
        place.rect.y > 415.0 && place.rect.far() < 462.0,
        "{:?}",
        place.rect
    );
}

#[test]
fn a_note_far_below_its_title_still_belongs_to_it() {
    let form = body(Form::new())
        .middle(430.0, 400.0, 13.0, "NGƯỜI LÀM ĐƠN")
        .middle(430.0, 430.0, 13.0, "(Ký, ghi rõ họ tên)");
    let place = first(&open(form), "Người làm đơn", ProposalReason::Keyword);
    assert!(
        place.rect.y > 430.0 && place.rect.y < 450.0,
        "{:?}",
        place.rect
    );
}

#[test]
fn a_tight_space_takes_a_smaller_box() {
    let form = body(Form::new())
        .middle(430.0, 400.0, 13.0, "NGƯỜI LÀM ĐƠN")
        .middle(430.0, 455.0, 13.0, "Nguyễn Văn Mẫu");
    let document = open(form);
    let place = first(&document, "Người làm đơn", ProposalReason::Keyword);
    assert!(
        place.rect.width < BOX.width && place.rect.y > 400.0 && place.rect.far() < 447.0,
        "{:?}",
        place.rect
    );
    off_text(&document, &place);
}

#[test]
fn blocks_side_by_side_do_not_collide() {
    let form = body(Form::new())
        .middle(165.0, 400.0, 12.0, "XÁC NHẬN CỦA ỦY BAN NHÂN DÂN")
        .middle(165.0, 415.0, 11.0, "(Ký tên, đóng dấu)")
        .middle(430.0, 400.0, 12.0, "NGƯỜI LÀM ĐƠN")
        .middle(430.0, 415.0, 11.0, "(Ký, ghi rõ họ tên)");
    let document = open(form);
    let left = first(
        &document,
        "Xác nhận của Ủy ban nhân dân",
        ProposalReason::Keyword,
    );
    let right = first(&document, "Người làm đơn", ProposalReason::Keyword);
    assert!(!left.rect.overlaps(&right.rect), "{left:?} {right:?}");
    assert!(left.rect.right() < 300.0 && right.rect.x > 300.0);
    for place in [&left, &right] {
        assert!(place.rect.y > 415.0 && place.rect.y < 440.0);
        off_text(&document, place);
    }
    // Narrow blocks, wide box: each keeps to its side.
    let wide = Size {
        width: 260.0,
        height: 60.0,
    };
    let left = document
        .propose("Xác nhận của Ủy ban nhân dân", wide, &[])
        .places[0]
        .rect;
    let right = document.propose("Người làm đơn", wide, &[]).places[0].rect;
    assert!(!left.overlaps(&right), "{left:?} {right:?}");
}

#[test]
fn ruled_cells_are_not_crossed() {
    let (top, bottom) = (380.0, 500.0);
    let mut form = body(Form::new())
        .middle(136.0, 400.0, 12.0, "NGƯỜI CHA")
        .middle(430.0, 400.0, 12.0, "NGƯỜI MẸ");
    for x in [72.0, 200.0, 523.0] {
        form = form.rule((x, top), (x, bottom));
    }
    form = form
        .rule((72.0, top), (523.0, top))
        .rule((72.0, bottom), (523.0, bottom));
    let document = open(form);
    for (keyword, left, right) in [("NGƯỜI CHA", 72.0, 200.0), ("NGƯỜI MẸ", 200.0, 523.0)] {
        let rect = first(&document, keyword, ProposalReason::Keyword).rect;
        assert!(
            rect.x > left && rect.right() < right && rect.y > 400.0 && rect.far() < bottom,
            "{keyword}: {rect:?}"
        );
    }
}

#[test]
fn the_box_stands_on_the_dots_behind_a_label() {
    let form = body(Form::new()).text(
        72.0,
        420.0,
        12.0,
        "Người khai: ........................................",
    );
    let document = open(form);
    let place = first(&document, "Người khai", ProposalReason::Keyword);
    let dots = 72.0 + 12.0 * 6.0;
    assert!(
        place.rect.x >= dots - 1.0 && place.rect.y < 420.0 && place.rect.far() > 415.0,
        "{:?}",
        place.rect
    );
}

#[test]
fn the_last_block_leads_and_words_in_sentences_are_no_place_to_sign() {
    let pages = [
        Form::new()
            .middle(300.0, 60.0, 13.0, "TỜ KHAI")
            .text(
                72.0,
                100.0,
                13.0,
                "Người làm đơn phải ký tên vào tờ khai này và chịu trách nhiệm.",
            )
            .middle(430.0, 300.0, 13.0, "NGƯỜI LÀM ĐƠN")
            .middle(430.0, 315.0, 11.0, "(Ký, ghi rõ họ tên)"),
        Form::new()
            .middle(430.0, 300.0, 13.0, "NGƯỜI LÀM ĐƠN")
            .middle(430.0, 315.0, 11.0, "(Ký, ghi rõ họ tên)")
            .text(
                72.0,
                600.0,
                13.0,
                "Ghi chú: quyền của người làm đơn được nêu ở trang trước.",
            ),
    ];
    let document = Document::open(crate::forms::document(&pages), None).expect("opens");
    let proposal = document.propose("người làm đơn", BOX, &[]);
    let pages: Vec<u32> = proposal.places.iter().map(|place| place.page).collect();
    assert_eq!(
        (proposal.reason, pages),
        (ProposalReason::Keyword, vec![1, 0])
    );
    let only = Form::new().text(
        72.0,
        100.0,
        13.0,
        "Người làm đơn phải ký tên vào tờ khai này và chịu trách nhiệm.",
    );
    let document = open(only);
    let place = first(&document, "Người làm đơn", ProposalReason::KeywordNotFound);
    assert!(place.anchor.is_none() && place.rect.y > 500.0 && place.rect.x > 300.0);
}

#[test]
fn a_crowded_page_is_told() {
    let mut form = Form::new();
    for row in 0..52 {
        let y = 30.0 + 15.0 * f64::from(row);
        form = if row == 20 {
            form.middle(297.0, y, 13.0, "NGƯỜI LÀM ĐƠN")
                .text(20.0, y, 13.0, "Dòng chữ dài che kín trang,")
                .text(400.0, y, 13.0, "dòng chữ dài che kín trang")
        } else {
            form.text(
                20.0,
                y,
                13.0,
                "Dòng chữ dài che kín trang, dòng chữ dài che kín trang, dòng chữ dài kín trang",
            )
        };
    }
    let document = open(form);
    let place = first(&document, "Người làm đơn", ProposalReason::KeywordCrowded);
    assert!(place.anchor.is_some());
}

#[test]
fn signatures_fields_and_pictures_are_kept_off() {
    let title = |form: Form| form.middle(430.0, 400.0, 13.0, "NGƯỜI LÀM ĐƠN");
    let free = first(
        &open(title(Form::new())),
        "Người làm đơn",
        ProposalReason::Keyword,
    )
    .rect;
    // Another box.
    let taken = open(title(Form::new()))
        .propose("Người làm đơn", BOX, &[(0, free)])
        .places[0]
        .rect;
    assert!(!taken.overlaps(&free), "{taken:?}");
    // A picture: a grey square of one pixel.
    let picture = format!(
        "q {} 0 0 {} {} {} cm BI /W 1 /H 1 /CS /G /BPC 8 ID \u{80} EI Q",
        free.width,
        free.height,
        free.x,
        842.0 - free.far()
    );
    let beside = first(
        &open(title(Form::new()).raw(&picture)),
        "Người làm đơn",
        ProposalReason::Keyword,
    )
    .rect;
    assert!(!beside.overlaps(&free), "{beside:?}");
}

#[test]
fn turned_pages_have_the_same_place_as_seen() {
    for rotate in [90, 180, 270] {
        // What is seen upright on a turned page is written turned.
        let mut form = Form::new().extra(&format!("/Rotate {rotate}"));
        let (x, y) = match rotate {
            90 => (400.0, 400.0),
            180 => (400.0, 300.0),
            _ => (250.0, 400.0),
        };
        form = form.turned(x, y, 13.0, f64::from(rotate), "NGƯỜI LÀM ĐƠN");
        let document = open(form);
        let place = first(&document, "Người làm đơn", ProposalReason::Keyword);
        let anchor = rect_of(&place.anchor.as_ref().unwrap().quads);
        let bounds = document.geometry(0).unwrap().view_bounds();
        assert!(bounds.contains(&place.rect));
        assert!(anchor.width > anchor.height, "{rotate}: read upright");
        assert!(
            place.rect.y > anchor.far() && place.rect.y < anchor.far() + 20.0,
            "{rotate}: {:?} under {anchor:?}",
            place.rect
        );
        assert!(
            (place.rect.x + place.rect.width / 2.0 - anchor.x - anchor.width / 2.0).abs() < 1.0
        );
    }
}

#[test]
fn text_written_sideways_has_its_box_where_its_reader_looks() {
    let document = open(Form::new().turned(200.0, 500.0, 13.0, 90.0, "NGƯỜI LÀM ĐƠN"));
    let place = first(&document, "Người làm đơn", ProposalReason::Keyword);
    let anchor = rect_of(&place.anchor.as_ref().unwrap().quads);
    assert!(
        place.rect.x > anchor.right(),
        "below is to the right: {:?} beside {anchor:?}",
        place.rect
    );
}

#[test]
fn a_scan_is_told_and_its_white_is_used() {
    // Grey all over but for the lower left.
    let scan = Form::new().raw("0.5 g 0 0 595 842 re f 1 g 20 20 300 160 re f");
    let place = first(&open(scan), "Người làm đơn", ProposalReason::NoText);
    let white = Rect {
        x: 19.0,
        y: 842.0 - 181.0,
        width: 302.0,
        height: 162.0,
    };
    assert!(white.contains(&place.rect), "{:?}", place.rect);
    // Blank pages at the end are not signed.
    let pages = [body(Form::new()), Form::new(), Form::new()];
    let document = Document::open(crate::forms::document(&pages), None).expect("opens");
    let place = first(&document, "Không có", ProposalReason::KeywordNotFound);
    assert_eq!(place.page, 0);
}

#[test]
fn only_the_ends_of_a_very_long_document_are_looked_at() {
    let title = |form: Form| form.middle(430.0, 400.0, 13.0, "NGƯỜI LÀM ĐƠN");
    let mut pages = vec![Form::new().text(72.0, 100.0, 13.0, "trang"); 600];
    pages[0] = title(Form::new());
    let document = Document::open(crate::forms::document(&pages), None).expect("opens");
    assert_eq!(
        first(&document, "Người làm đơn", ProposalReason::Keyword).page,
        0
    );
    pages[0] = Form::new().text(72.0, 100.0, 13.0, "trang");
    pages[200] = title(Form::new());
    let document = Document::open(crate::forms::document(&pages), None).expect("opens");
    assert_eq!(
        first(&document, "Người làm đơn", ProposalReason::KeywordNotFound).page,
        599
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    /// Wherever title and text stand: a place that is called white covers no text and no other box, and lies on the page.
    #[test]
    fn a_white_place_covers_nothing(
        lines in prop::collection::vec((20.0..500.0_f64, 40.0..800.0_f64, 1..25_usize), 0..25),
        x in 40.0..460.0_f64,
        y in 40.0..800.0_f64,
        taken in (0.0..400.0_f64, 0.0..700.0_f64),
        rotate in 0..4_i32,
    ) {
        let mut form = Form::new().text(x, y, 13.0, "NGƯỜI LÀM ĐƠN").extra(&format!("/Rotate {}", rotate * 90));
        for (x, y, count) in lines {
            form = form.text(x, y, 11.0, &"chữ ".repeat(count));
        }
        let document = open(form);
        let other = Rect { x: taken.0, y: taken.1, width: 120.0, height: 60.0 };
        let proposal = document.propose("người làm đơn", BOX, &[(0, other)]);
        prop_assert!(!proposal.places.is_empty());
        let bounds = document.geometry(0).unwrap().view_bounds();
        let place = &proposal.places[0];
        if proposal.reason == ProposalReason::Keyword {
            prop_assert!(bounds.contains(&place.rect));
            prop_assert!(!place.rect.overlaps(&other));
            for line in document.text(0).unwrap().lines {
                prop_assert!(!rect_of(&[line.quad]).overlaps(&place.rect), "{:?} covers {}", place.rect, line.text);
            }
        }
    }
}
