//! Blank forms as papers: the head of the state, the title, lines to write on and the place for the signature, tagged like a report.
//!
//! With answers the same form is made filled in; what has no answer stays a dotted line.

use crate::appearance::font::Weight;
use crate::error::SignError;
use crate::report::sheet::{INK, MEASURE, SOFT, Sheet, Style};
use contract::blank::{BlankForm, Line, Piece, read};
use std::collections::BTreeMap;

const TEXT: Style = Style::new(12.0, Weight::Regular, INK);
const HEADING: Style = Style::new(12.0, Weight::Bold, INK);
const HEAD: Style = Style::new(12.5, Weight::Bold, INK);
const TITLE: Style = Style::new(14.0, Weight::Bold, INK);
const HINT: Style = Style::new(10.5, Weight::Regular, SOFT);
/// From one line to write on to the next, in points: room for a hand.
const PITCH: f64 = 18.6;
/// A place to write within a line.
const GAP: f64 = 58.0;
/// A place at the end of a line is at least so wide, or goes on the next one.
const GAP_MIN: f64 = 40.0;
/// Between cells beside each other.
const GUTTER: f64 = 14.0;
/// Room for a signature of the portal's usual size, in points.
const SIGNATURE: f64 = 84.0;

/// The paper. `code` is the procedure's; `answers` fill gaps by their keys.
///
/// # Errors
/// [`SignError`] when the built-in fonts cannot be used.
pub fn paper(
    form: &BlankForm,
    code: &str,
    answers: &BTreeMap<String, String>,
) -> Result<Vec<u8>, SignError> {
    let mut sheet = Sheet::new()?;
    sheet.centred(
        "P",
        HEAD,
        0.0,
        MEASURE,
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    );
    sheet.space(2.0);
    sheet.centred("P", HEAD, 0.0, MEASURE, "Độc lập - Tự do - Hạnh phúc");
    sheet.space(3.0);
    sheet.short_rule(150.0);
    sheet.space(18.0);
    title(&mut sheet, &form.title);
    sheet.space(8.0);
    if !form.recipient.is_empty() {
        sheet.centred(
            "P",
            TEXT,
            0.0,
            MEASURE,
            &format!("Kính gửi: {}", form.recipient),
        );
    }
    sheet.space(8.0);
    for line in &form.lines {
        match read(line) {
            Ok(Line::Heading(text)) => {
                sheet.space(7.0);
                sheet.keep(3.0 * PITCH);
                sheet.text("H2", HEADING, &text);
                sheet.space(3.0);
            }
            Ok(Line::Row(cells)) => row(&mut sheet, &cells, answers),
            // The catalogue refuses such a form when it is read.
            Err(_) => {}
        }
    }
    signature(&mut sheet, &form.signer);
    sheet.finish(
        &form.title,
        &format!("Thủ tục {code} · Mẫu của cổng, không thu phí"),
        "",
    )
}

/// The title may need several lines; each is centred.
fn title(sheet: &mut Sheet, text: &str) {
    let mut line = String::new();
    let mut lines = Vec::new();
    for word in text.split_whitespace() {
        let longer = if line.is_empty() {
            word.to_owned()
        } else {
            format!("{line} {word}")
        };
        if sheet.width(TITLE, &longer) > MEASURE - 60.0 && !line.is_empty() {
            lines.push(std::mem::replace(&mut line, word.to_owned()));
        } else {
            line = longer;
        }
    }
    lines.push(line);
    for line in lines {
        sheet.centred("H1", TITLE, 0.0, MEASURE, &line);
    }
}

/// What stands in one line of a cell: where it begins from the cell's left, and what.
enum Item {
    Text(f64, String),
    Leader(f64, f64),
}

fn row(sheet: &mut Sheet, cells: &[Vec<Piece>], answers: &BTreeMap<String, String>) {
    let count = f64::from(u8::try_from(cells.len()).unwrap_or(u8::MAX).max(1));
    let width = (MEASURE - GUTTER * (count - 1.0)) / count;
    let set: Vec<Vec<Vec<Item>>> = cells
        .iter()
        .map(|cell| lines(sheet, cell, width, answers))
        .collect();
    let most = set.iter().map(Vec::len).max().unwrap_or(0);
    let alone = set.len() == 1;
    if !alone {
        sheet.keep(height(most));
    }
    let mut left = 0.0;
    for cell in set {
        let drawn = cell.len();
        sheet.open("P");
        for line in cell {
            if alone {
                sheet.keep(PITCH);
            }
            for item in line {
                match item {
                    Item::Text(x, text) => sheet.piece(TEXT, left + x, &text),
                    Item::Leader(x, width) => sheet.leader(TEXT.size, left + x, width),
                }
            }
            sheet.space(PITCH);
        }
        sheet.close();
        if !alone {
            sheet.space(-height(drawn));
        }
        left += width + GUTTER;
    }
    if !alone {
        sheet.space(height(most));
    }
}

fn height(lines: usize) -> f64 {
    PITCH * f64::from(u16::try_from(lines).unwrap_or(u16::MAX))
}

/// Sets a cell: words and answers flow, gaps without an answer become dotted lines.
fn lines(
    sheet: &Sheet,
    cell: &[Piece],
    width: f64,
    answers: &BTreeMap<String, String>,
) -> Vec<Vec<Item>> {
    let mut done: Vec<Vec<Item>> = Vec::new();
    let (mut line, mut x): (Vec<Item>, f64) = (Vec::new(), 0.0);
    let blank = sheet.width(TEXT, " ");
    let flow = |text: &str, line: &mut Vec<Item>, x: &mut f64, done: &mut Vec<Vec<Item>>| {
        // Words of one line are one piece of text, so that they are found and read as one.
        let mut run = String::new();
        let mut from = *x;
        for word in text.split_whitespace() {
            let wide = sheet.width(TEXT, word);
            if *x > 0.0 && *x + wide > width {
                if !run.is_empty() {
                    line.push(Item::Text(from, std::mem::take(&mut run)));
                }
                done.push(std::mem::take(line));
                (*x, from) = (0.0, 0.0);
            }
            if !run.is_empty() {
                run.push(' ');
            }
            run.push_str(word);
            *x += wide + blank;
        }
        if !run.is_empty() {
            line.push(Item::Text(from, run));
        }
    };
    for (index, piece) in cell.iter().enumerate() {
        match piece {
            Piece::Text(text) => flow(text, &mut line, &mut x, &mut done),
            Piece::Gap { key, lines } => {
                let answer = answers.get(key).map_or("", |answer| answer.trim());
                if !answer.is_empty() {
                    flow(answer, &mut line, &mut x, &mut done);
                    continue;
                }
                let last = index + 1 == cell.len();
                let wide = if last { width - x } else { GAP };
                if x > 0.0 && (x + wide > width || (last && wide < GAP_MIN)) {
                    done.push(std::mem::take(&mut line));
                    x = 0.0;
                }
                let wide = if last { width - x } else { GAP };
                line.push(Item::Leader(x, wide));
                x += wide + blank;
                for _ in 1..*lines {
                    done.push(std::mem::take(&mut line));
                    line.push(Item::Leader(0.0, width));
                    x = width;
                }
            }
        }
    }
    done.push(line);
    done
}

fn signature(sheet: &mut Sheet, signer: &str) {
    let (from, to) = (MEASURE * 0.46, MEASURE);
    sheet.space(10.0);
    sheet.keep(4.0 * PITCH + SIGNATURE);
    sheet.centred(
        "P",
        TEXT,
        from,
        to,
        "......................, ngày ...... tháng ...... năm .........",
    );
    sheet.space(4.0);
    sheet.centred("P", HEADING, from, to, signer);
    sheet.centred("P", HINT, from, to, "(Ký, ghi rõ họ tên)");
    sheet.space(SIGNATURE);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(lines: &[&str]) -> BlankForm {
        BlankForm {
            name: "to-khai.pdf".into(),
            title: "TỜ KHAI ĐĂNG KÝ KHAI SINH".into(),
            component: "to-khai".into(),
            recipient: "Ủy ban nhân dân xã, phường".into(),
            signer: "Người yêu cầu".into(),
            lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        }
    }

    /// Another reader's words (lopdf), blanks and line ends made one.
    fn words(bytes: &[u8]) -> (usize, String) {
        let document = lopdf::Document::load_mem(bytes).expect("another reader opens it");
        let pages: Vec<u32> = document.get_pages().keys().copied().collect();
        let text = document.extract_text(&pages).expect("text");
        (
            pages.len(),
            text.split_whitespace().collect::<Vec<_>>().join(" "),
        )
    }

    #[test]
    fn a_form_has_its_title_its_labels_and_the_place_to_sign() {
        let form = form(&[
            "# Người con",
            "Họ, chữ đệm, tên: {ten_con}",
            "Ngày sinh: {} | Giới tính: {}",
        ]);
        let bytes = paper(&form, "1.001193", &BTreeMap::new()).expect("made");
        let (pages, text) = words(&bytes);
        assert_eq!(pages, 1);
        for part in [
            "TỜ KHAI ĐĂNG KÝ KHAI SINH",
            "Họ, chữ đệm, tên:",
            "Giới tính:",
            "Người yêu cầu",
            "(Ký, ghi rõ họ tên)",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert_eq!(
            bytes,
            paper(&form, "1.001193", &BTreeMap::new()).expect("again"),
            "the same bytes"
        );
    }

    #[test]
    fn answers_stand_where_the_dots_were_and_hostile_ones_only_make_it_longer() {
        let form = form(&["Họ, chữ đệm, tên: {ten_con}", "{noi_dung*3}"]);
        let answers = BTreeMap::from([
            ("ten_con".to_owned(), "Trần Thử Nghiệm".to_owned()),
            (
                "noi_dung".to_owned(),
                format!("{}\u{0}\n) Tj ET", "dài ".repeat(1500)),
            ),
        ]);
        let (pages, text) = words(&paper(&form, "1.001193", &answers).expect("made"));
        assert!(text.contains("Họ, chữ đệm, tên: Trần Thử Nghiệm"), "{text}");
        assert!(pages > 1);
    }

    #[test]
    fn a_long_form_takes_several_pages_and_the_signature_stays_together() {
        let form = form(&["Nội dung: {noi_dung*30}", "Nội dung: {noi_dung*30}"]);
        let (pages, text) = words(&paper(&form, "1.001193", &BTreeMap::new()).expect("made"));
        assert!(pages >= 2);
        assert!(text.contains("Người yêu cầu (Ký, ghi rõ họ tên)"), "{text}");
    }
}
