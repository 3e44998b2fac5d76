//! Slips by the standard forms of TT 01/2018/TT-VPCP as tagged PDFs: state and agency above, what the form asks in lines, who signs below,
//! a QR code to follow the dossier, and a place for the organisation's seal. What they say is put together by who issues them.

use super::sheet::{INK, Paper, SOFT, Sheet, Style};
use crate::appearance::font::Weight;
use crate::error::SignError;
use crate::pdf::write::date;
use contract::geometry::Rect;
use contract::paper::SlipForm;
use contract::value::{Timestamp, VietnamTime};

/// Side of the QR code, in points.
const CODE: f64 = 58.0;
/// Size of the box for the seal, in points.
const SEAL: (f64, f64) = (172.0, 50.0);
/// What is left free below the words "signed by" for a signature, in points.
const HAND: f64 = 66.0;
/// Between a label and its value.
const GAP: f64 = 4.0;

const TEXT: Style = Style::new(10.0, Weight::Regular, INK);
const STRONG: Style = Style::new(10.0, Weight::Bold, INK);
const TITLE: Style = Style::new(13.0, Weight::Bold, INK);
const HEAD: Style = Style::new(8.6, Weight::Bold, INK);
const SMALL: Style = Style::new(8.4, Weight::Regular, SOFT);
const CELL: Style = Style::new(9.0, Weight::Regular, INK);
const CELL_HEAD: Style = Style::new(9.0, Weight::Bold, INK);

/// One part of what a slip says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// `Nhãn: giá trị`.
    Pair(String, String),
    /// A paragraph.
    Text(String),
    /// Numbered lines.
    List(Vec<String>),
    /// Small print.
    Note(String),
    /// Columns as shares of the measure with their heads, and rows.
    Table(Vec<(u8, String)>, Vec<Vec<String>>),
}

/// A slip before it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlipPaper {
    /// Which form.
    pub form: SlipForm,
    /// The agency.
    pub agency: String,
    /// Its part that deals with people, where the form names one.
    pub office: String,
    /// `Số: …`.
    pub number: String,
    /// Dossier's code.
    pub code: String,
    /// Place and date, e.g. `Tỉnh Thử Nghiệm, ngày 26 tháng 11 năm 2026`.
    pub dated: String,
    /// Address that follows the dossier.
    pub address: String,
    /// The same as squares of a QR code, row by row, without the quiet zone.
    pub squares: Vec<Vec<bool>>,
    /// What it says.
    pub parts: Vec<Part>,
    /// Who signs: what they are, and their name where it is known. One or two.
    pub hands: Vec<(String, String)>,
    /// When what it says was done.
    pub at: Timestamp,
    /// A sentence about the seal that will be put on it, or that there is none.
    pub seal: String,
    /// Nothing was issued yet: it is shown before the act.
    pub preview: bool,
}

/// Name of a form.
#[must_use]
pub const fn title(form: SlipForm) -> &'static str {
    match form {
        SlipForm::Reception => "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        SlipForm::Supplement => "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ",
        SlipForm::Refusal => "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ",
        SlipForm::Apology => "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ",
        SlipForm::Control => "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ",
    }
}

/// The PDF, and where the seal goes: page from 0 and box in view space. The same paper gives the same bytes.
///
/// # Errors
/// [`SignError::Font`], when a built-in font cannot be embedded.
pub fn pdf(paper: &SlipPaper) -> Result<(Vec<u8>, u32, Rect), SignError> {
    let mut sheet = Sheet::of(Paper::A5)?;
    head(&mut sheet, paper);
    for part in &paper.parts {
        set(&mut sheet, part);
    }
    hands(&mut sheet, &paper.hands);
    let place = foot(&mut sheet, paper);
    let made = date(&VietnamTime::from(paper.at));
    let name = format!("{} {}", title(paper.form), paper.code);
    let below = format!("Mẫu số {} · {}", paper.form.number(), paper.code);
    let bytes = sheet.finish(&name, &below, &made)?;
    Ok((bytes, place.0, place.1))
}

/// Lines of a heading that are no wider than this, about as wide as each other: no last word stands alone.
fn lines(sheet: &Sheet, style: Style, text: &str, width: f64) -> Vec<String> {
    if text.trim().is_empty() {
        return Vec::new();
    }
    let mut found = sheet.wrap(style, text, width);
    let mut narrower = width;
    while found.len() > 1 && narrower > width * 0.4 {
        narrower -= width * 0.04;
        let next = sheet.wrap(style, text, narrower);
        if next.len() > found.len() {
            break;
        }
        found = next;
    }
    found
}

fn head(sheet: &mut Sheet, paper: &SlipPaper) {
    let wide = Paper::A5.measure();
    let left = wide * 0.42;
    let right = (left + 8.0, wide);
    // Side by side: the height goes back for the second column.
    let top = sheet.height();
    for line in lines(sheet, HEAD, &paper.agency.to_uppercase(), left) {
        sheet.centred("P", HEAD, 0.0, left, &line);
    }
    for line in lines(sheet, HEAD, &paper.office.to_uppercase(), left) {
        sheet.centred("P", HEAD, 0.0, left, &line);
    }
    sheet.centred("P", TEXT, 0.0, left, &paper.number);
    let first = sheet.height();
    sheet.at(top);
    sheet.centred(
        "P",
        HEAD,
        right.0,
        right.1,
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    );
    sheet.centred("P", STRONG, right.0, right.1, "Độc lập - Tự do - Hạnh phúc");
    sheet.space(6.0);
    let dated = Style::new(9.0, Weight::Regular, SOFT);
    sheet.centred("P", dated, right.0, right.1, &paper.dated);
    let second = sheet.height();
    sheet.at(first.min(second));
    sheet.space(12.0);
    for line in lines(sheet, TITLE, title(paper.form), wide - 2.0 * CODE - 16.0) {
        sheet.centred("H1", TITLE, 0.0, wide, &line);
    }
    let below_title = sheet.height();
    sheet.at(first.min(second) - 8.0);
    let words = format!(
        "Mã QR mở trang tra cứu hồ sơ {}: {}",
        paper.code, paper.address
    );
    sheet.squares(wide - CODE, CODE, &paper.squares, &words);
    sheet.at(below_title);
    sheet.space(2.0);
    sheet.centred("P", STRONG, 0.0, wide, &format!("Mã hồ sơ: {}", paper.code));
    if paper.preview {
        let style = Style::new(9.0, Weight::Bold, super::sheet::AMBER);
        sheet.centred("P", style, 0.0, wide, "BẢN XEM TRƯỚC - CHƯA PHÁT HÀNH");
    }
    // Below the code, however short the title is.
    let free = first.min(second) - 8.0 - CODE - 8.0;
    let now = sheet.height() - 10.0;
    sheet.at(now.min(free));
}

fn set(sheet: &mut Sheet, part: &Part) {
    let wide = Paper::A5.measure();
    match part {
        Part::Pair(label, value) => {
            let label = format!("{label}:");
            let begins = sheet.width(TEXT, &label) + GAP;
            // A long label has its value below it.
            if begins > wide * 0.62 {
                sheet.text("P", TEXT, &label);
                sheet.row("P", &[("Span", 10.0, wide - 10.0, STRONG, value)]);
            } else {
                sheet.row(
                    "P",
                    &[
                        ("Span", 0.0, begins, TEXT, &label),
                        ("Span", begins, wide - begins, STRONG, value),
                    ],
                );
            }
            sheet.space(2.0);
        }
        Part::Text(text) => {
            for line in text.lines().filter(|line| !line.trim().is_empty()) {
                sheet.text("P", TEXT, line);
            }
            sheet.space(3.0);
        }
        Part::List(items) => {
            sheet.open("L");
            for (index, item) in items.iter().enumerate() {
                let number = format!("{}.", index + 1);
                sheet.row(
                    "LI",
                    &[
                        ("Lbl", 6.0, 16.0, TEXT, &number),
                        ("LBody", 24.0, wide - 24.0, TEXT, item),
                    ],
                );
                sheet.space(1.5);
            }
            sheet.close();
            sheet.space(2.0);
        }
        Part::Note(text) => {
            sheet.space(2.0);
            sheet.text("P", SMALL, text);
        }
        Part::Table(columns, rows) => table(sheet, columns, rows),
    }
}

fn table(sheet: &mut Sheet, columns: &[(u8, String)], rows: &[Vec<String>]) {
    let wide = Paper::A5.measure();
    let all: f64 = columns.iter().map(|(share, _)| f64::from(*share)).sum();
    let mut places = Vec::new();
    let mut at = 0.0;
    for (share, _) in columns {
        let width = wide * f64::from(*share) / all.max(1.0);
        places.push((at, (width - 6.0).max(12.0)));
        at += width;
    }
    sheet.space(4.0);
    sheet.rule();
    sheet.space(3.0);
    sheet.open("Table");
    let cells: Vec<_> = columns
        .iter()
        .zip(&places)
        .map(|((_, head), (x, width))| ("TH", *x, *width, CELL_HEAD, head.as_str()))
        .collect();
    sheet.row("TR", &cells);
    for row in rows {
        sheet.space(3.0);
        sheet.rule();
        sheet.space(3.0);
        let cells: Vec<_> = row
            .iter()
            .zip(&places)
            .map(|(text, (x, width))| ("TD", *x, *width, CELL, text.as_str()))
            .collect();
        sheet.row("TR", &cells);
    }
    sheet.close();
    sheet.space(3.0);
    sheet.rule();
    sheet.space(4.0);
}

fn hands(sheet: &mut Sheet, hands: &[(String, String)]) {
    let wide = Paper::A5.measure();
    let half = wide / 2.0;
    sheet.space(12.0);
    // The seal never stands on a page of its own.
    sheet.keep(HAND + 44.0 + SEAL.1 + 14.0);
    let top = sheet.height();
    let mut lowest = top;
    for (index, (what, name)) in hands.iter().enumerate() {
        // One alone stands at the right, where papers are signed.
        let left = index == 0 && hands.len() > 1;
        let (from, to) = if left { (0.0, half) } else { (half, wide) };
        sheet.at(top);
        for line in lines(sheet, STRONG, what, to - from) {
            sheet.centred("P", STRONG, from, to, &line);
        }
        sheet.centred("P", SMALL, from, to, "(Ký và ghi rõ họ tên)");
        sheet.space(HAND);
        if !name.is_empty() {
            sheet.centred("P", STRONG, from, to, name);
        }
        lowest = lowest.min(sheet.height());
    }
    sheet.at(lowest);
}

/// Room for the seal at the right, and what is said of it at the left.
fn foot(sheet: &mut Sheet, paper: &SlipPaper) -> (u32, Rect) {
    sheet.space(10.0);
    sheet.keep(SEAL.1 + 4.0);
    let (page, top) = sheet.place();
    let wide = Paper::A5.measure();
    sheet.row(
        "P",
        &[("Span", 0.0, wide - SEAL.0 - 12.0, SMALL, &paper.seal)],
    );
    let rect = Rect {
        x: Paper::A5.margin() + wide - SEAL.0,
        y: top,
        width: SEAL.0,
        height: SEAL.1,
    };
    (u32::try_from(page).unwrap_or(0), rect)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paper(form: SlipForm, lines: usize) -> SlipPaper {
        SlipPaper {
            form,
            agency: "Ủy ban nhân dân cấp xã".into(),
            office: "Bộ phận tiếp nhận và trả kết quả".into(),
            number: "Số: 0001/TNHS".into(),
            code: "000.00.00.H34-261126-0001".into(),
            dated: "Tỉnh Thử Nghiệm, ngày 26 tháng 11 năm 2026".into(),
            address: "http://localhost:8080/tra-cuu?ma=000.00.00.H34-261126-0001".into(),
            squares: vec![vec![true, false], vec![false, true]],
            parts: vec![
                Part::Pair("Tiếp nhận hồ sơ của".into(), "Nguyễn Văn Mẫu".into()),
                Part::List(
                    (0..lines)
                        .map(|line| format!("Thành phần {line}"))
                        .collect(),
                ),
                Part::Table(
                    vec![(2, "Bước".into()), (1, "Kết quả".into())],
                    vec![vec!["Thẩm định".into(), "Đúng hạn".into()]],
                ),
            ],
            hands: vec![
                ("NGƯỜI NỘP HỒ SƠ".into(), String::new()),
                ("NGƯỜI TIẾP NHẬN HỒ SƠ".into(), "Vũ Thị An".into()),
            ],
            at: Timestamp(1_795_000_000_000),
            seal: "Giấy này được ký số bằng con dấu điện tử của cổng.".into(),
            preview: false,
        }
    }

    const FORMS: [SlipForm; 5] = [
        SlipForm::Reception,
        SlipForm::Supplement,
        SlipForm::Refusal,
        SlipForm::Apology,
        SlipForm::Control,
    ];

    #[test]
    fn the_same_paper_gives_the_same_bytes_and_the_seal_fits_on_the_page() {
        for form in FORMS {
            for lines in [1, 60] {
                let (bytes, page, rect) = pdf(&paper(form, lines)).expect("made");
                assert_eq!(pdf(&paper(form, lines)).expect("made").0, bytes);
                assert_eq!(page > 0, lines == 60, "{form:?} {page}");
                assert!(rect.y + rect.height < 595.28 - 40.0, "{rect:?}");
                assert!(rect.x + rect.width < 419.53, "{rect:?}");
            }
        }
    }

    #[test]
    fn a_slip_is_a_tagged_page_of_a5_that_names_its_form() {
        let (bytes, ..) = pdf(&paper(SlipForm::Refusal, 2)).expect("made");
        let document = lopdf::Document::load_mem(&bytes).expect("readable");
        let page = document.page_iter().next().expect("a page");
        let page = document.get_dictionary(page).expect("a dictionary");
        let size = page.get(b"MediaBox").and_then(lopdf::Object::as_array);
        let size: Vec<f32> = size
            .expect("a box")
            .iter()
            .map(|side| side.as_float().expect("a number"))
            .collect();
        assert_eq!(size, [0.0, 0.0, 419.53, 595.28]);
        let catalog = document.catalog().expect("a catalog");
        assert!(catalog.get(b"StructTreeRoot").is_ok() && catalog.get(b"Lang").is_ok());
    }

    /// Seen as a reader's program gives it; skipped where poppler is not installed.
    #[test]
    fn its_words_are_found_by_a_reader() {
        let (bytes, ..) = pdf(&paper(SlipForm::Reception, 3)).expect("made");
        let folder = std::env::temp_dir().join(format!("slip-{}.pdf", std::process::id()));
        std::fs::write(&folder, bytes).expect("written");
        let told = std::process::Command::new("pdftotext")
            .args(["-layout", &folder.display().to_string(), "-"])
            .output();
        let _ = std::fs::remove_file(&folder);
        let Ok(told) = told else {
            eprintln!("skipped: no pdftotext");
            return;
        };
        let text = String::from_utf8_lossy(&told.stdout);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for words in [
            "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN",
            "Nguyễn Văn Mẫu",
            "3. Thành phần 2",
            "Đúng hạn",
            "NGƯỜI TIẾP NHẬN HỒ SƠ",
        ] {
            assert!(text.contains(words), "{words} in {text}");
        }
    }
}
