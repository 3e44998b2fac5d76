//! `Giấy biên nhận hồ sơ`: what was submitted, when and with which fees, as a tagged PDF with a QR code to follow the dossier, and a place
//! for the portal's seal.

use super::sheet::{INK, MEASURE, SOFT, Sheet, Style};
use super::words;
use crate::appearance::font::Weight;
use crate::error::SignError;
use crate::pdf::write::date;
use contract::geometry::Rect;
use contract::value::{Sha256, Timestamp, VietnamTime};

/// Where values begin, from the margin.
const VALUES: f64 = 126.0;
/// Side of the QR code, in points; with its quiet zone.
const CODE: f64 = 92.0;
/// Size of the box for the seal, in points.
const SEAL: (f64, f64) = (214.0, 64.0);
/// From the page's left edge.
const MARGIN: f64 = super::sheet::MARGIN;

/// What the receipt says. Texts are as people read them; amounts are set already.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReceiptPaper {
    /// Who receives the dossier.
    pub agency: String,
    /// Dossier's code.
    pub code: String,
    /// Address that follows it.
    pub address: String,
    /// The same as squares of a QR code, row by row, without the quiet zone.
    pub squares: Vec<Vec<bool>>,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// Facts of procedure and applicant: label and value.
    pub facts: Vec<(String, String)>,
    /// The files.
    pub files: Vec<ReceiptFile>,
    /// Fees: name, how it is counted, what is to be paid.
    pub fees: Vec<(String, String, String)>,
    /// Sum.
    pub total: String,
    /// How it is paid, in a sentence.
    pub payment: String,
    /// What happens next, one a line.
    pub next: Vec<String>,
    /// Whether the portal's seal will be put on it; without, the paper says that it has none.
    pub sealed: bool,
}

/// One file of a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptFile {
    /// Component's name.
    pub component: String,
    /// File name.
    pub name: String,
    /// Size as people read it.
    pub size: String,
    /// Digest; its first 16 digits are shown.
    pub sha256: Sha256,
    /// Whether it was signed on this portal.
    pub signed: bool,
}

const LABEL: Style = Style::new(10.0, Weight::Regular, SOFT);
const VALUE: Style = Style::new(10.0, Weight::Regular, INK);
const STRONG: Style = Style::new(10.0, Weight::Bold, INK);
const HEAD: Style = Style::new(11.5, Weight::Bold, INK);
const SMALL: Style = Style::new(9.2, Weight::Regular, SOFT);

/// The PDF, and where the seal goes: page from 0 and box in view space. The same paper gives the same bytes.
///
/// # Errors
/// [`SignError::Font`], when a built-in font cannot be embedded.
pub fn pdf(paper: &ReceiptPaper) -> Result<(Vec<u8>, u32, Rect), SignError> {
    let mut sheet = Sheet::new()?;
    head(&mut sheet, paper);
    for (label, value) in &paper.facts {
        pair(&mut sheet, label, value);
    }
    files(&mut sheet, &paper.files);
    fees(&mut sheet, paper);
    if !paper.next.is_empty() {
        title(&mut sheet, "Việc tiếp theo");
        sheet.open("L");
        for line in &paper.next {
            sheet.open("LI");
            sheet.text("LBody", VALUE, &format!("• {line}"));
            sheet.close();
        }
        sheet.close();
    }
    let place = seal(&mut sheet, paper.sealed);
    let at = VietnamTime::from(paper.submitted_at);
    let made = date(&at);
    let bytes = sheet.finish(
        &format!("Giấy biên nhận hồ sơ {}", paper.code),
        &format!("Giấy biên nhận hồ sơ {}", paper.code),
        &made,
    )?;
    Ok((bytes, place.0, place.1))
}

fn head(sheet: &mut Sheet, paper: &ReceiptPaper) {
    sheet.row(
        "P",
        &[
            ("Span", 0.0, 220.0, STRONG, &paper.agency),
            (
                "Span",
                MEASURE - 246.0,
                246.0,
                STRONG,
                "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            ),
        ],
    );
    sheet.row(
        "P",
        &[
            ("Span", 0.0, 220.0, SMALL, "Cổng dịch vụ công trực tuyến"),
            (
                "Span",
                MEASURE - 198.0,
                198.0,
                STRONG,
                "Độc lập - Tự do - Hạnh phúc",
            ),
        ],
    );
    sheet.space(12.0);
    sheet.rule();
    sheet.space(14.0);
    let words = format!(
        "Mã QR mở trang tra cứu hồ sơ {}: {}",
        paper.code, paper.address
    );
    sheet.squares(MEASURE - CODE, CODE, &paper.squares, &words);
    let wide = MEASURE - CODE - 20.0;
    sheet.row(
        "H1",
        &[(
            "Span",
            0.0,
            wide,
            Style::new(18.0, Weight::Bold, INK),
            "GIẤY BIÊN NHẬN HỒ SƠ",
        )],
    );
    sheet.space(4.0);
    sheet.row(
        "P",
        &[(
            "Span",
            0.0,
            wide,
            Style::new(13.0, Weight::Bold, INK),
            &paper.code,
        )],
    );
    sheet.space(3.0);
    let at = format!(
        "Nộp trực tuyến lúc {} (giờ Việt Nam)",
        words::moment(paper.submitted_at)
    );
    sheet.row("P", &[("Span", 0.0, wide, VALUE, &at)]);
    sheet.space(3.0);
    let follow = format!("Theo dõi hồ sơ: quét mã QR hoặc mở {}", paper.address);
    sheet.row("P", &[("Span", 0.0, wide, SMALL, &follow)]);
    sheet.space(24.0);
}

fn pair(sheet: &mut Sheet, label: &str, value: &str) {
    sheet.row(
        "P",
        &[
            ("Span", 0.0, VALUES - 8.0, LABEL, label),
            ("Span", VALUES, MEASURE - VALUES, VALUE, value),
        ],
    );
    sheet.space(2.5);
}

fn title(sheet: &mut Sheet, text: &str) {
    sheet.space(10.0);
    sheet.keep(64.0);
    sheet.rule();
    sheet.space(7.0);
    sheet.text("H2", HEAD, text);
    sheet.space(3.0);
}

fn files(sheet: &mut Sheet, files: &[ReceiptFile]) {
    title(sheet, &format!("Thành phần hồ sơ ({} tệp)", files.len()));
    sheet.open("Table");
    sheet.row(
        "TR",
        &[
            ("TH", 0.0, 300.0, SMALL, "Thành phần và tệp"),
            ("TH", 312.0, 60.0, SMALL, "Kích thước"),
            (
                "TH",
                376.0,
                MEASURE - 376.0,
                SMALL,
                "SHA-256 (16 ký tự đầu)",
            ),
        ],
    );
    for (index, file) in files.iter().enumerate() {
        let mark = if file.signed { " (đã ký số)" } else { "" };
        let name = format!("{}. {}: {}{mark}", index + 1, file.component, file.name);
        let digest = file.sha256.to_string();
        sheet.row(
            "TR",
            &[
                ("TD", 0.0, 300.0, VALUE, &name),
                ("TD", 312.0, 60.0, VALUE, &file.size),
                (
                    "TD",
                    376.0,
                    MEASURE - 376.0,
                    VALUE,
                    digest.get(..16).unwrap_or_default(),
                ),
            ],
        );
        sheet.space(2.5);
    }
    sheet.close();
}

fn fees(sheet: &mut Sheet, paper: &ReceiptPaper) {
    title(sheet, "Phí, lệ phí");
    if paper.fees.is_empty() {
        sheet.text("P", VALUE, "Thủ tục này không thu phí, lệ phí.");
        return;
    }
    sheet.open("Table");
    for (name, count, due) in &paper.fees {
        sheet.row(
            "TR",
            &[
                ("TD", 0.0, 226.0, VALUE, name),
                ("TD", 236.0, 150.0, VALUE, count),
                ("TD", 396.0, MEASURE - 396.0, VALUE, due),
            ],
        );
        sheet.space(2.5);
    }
    sheet.row(
        "TR",
        &[
            ("TH", 0.0, 226.0, STRONG, "Tổng cộng"),
            ("TD", 396.0, MEASURE - 396.0, STRONG, &paper.total),
        ],
    );
    sheet.close();
    sheet.space(2.5);
    sheet.text("P", VALUE, &paper.payment);
}

/// Room for the seal at the right, and what the paper says of it at the left.
fn seal(sheet: &mut Sheet, sealed: bool) -> (u32, Rect) {
    sheet.space(16.0);
    sheet.keep(SEAL.1 + 4.0);
    let (page, top) = sheet.place();
    let said = if sealed {
        "Giấy này được ký số bằng con dấu điện tử của cổng dịch vụ công. Mở tệp bằng phần mềm đọc PDF hoặc trang Kiểm tra chữ ký của cổng để xác minh."
    } else {
        "Giấy này không có chữ ký số của cổng dịch vụ công. Hãy tra cứu mã hồ sơ trên cổng để xác minh."
    };
    sheet.row("P", &[("Span", 0.0, MEASURE - SEAL.0 - 24.0, SMALL, said)]);
    let rect = Rect {
        x: MARGIN + MEASURE - SEAL.0,
        y: top,
        width: SEAL.0,
        height: SEAL.1,
    };
    (u32::try_from(page).unwrap_or(0), rect)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paper(files: usize) -> ReceiptPaper {
        ReceiptPaper {
            agency: "Ủy ban nhân dân cấp xã".into(),
            code: "000.00.00.H34-261125-0001".into(),
            address: "http://localhost:8080/tra-cuu?ma=000.00.00.H34-261125-0001".into(),
            squares: vec![vec![true, false], vec![false, true]],
            submitted_at: Timestamp(1_795_000_000_000),
            facts: vec![("Người nộp".into(), "Nguyễn Văn Mẫu".into())],
            files: (0..files)
                .map(|index| ReceiptFile {
                    component: "Tờ khai".into(),
                    name: format!("to-khai-{index}.pdf"),
                    size: "12 KB".into(),
                    sha256: Sha256([7; 32]),
                    signed: index % 2 == 0,
                })
                .collect(),
            fees: vec![("Phí".into(), "3 bản".into(), "24.000 đồng".into())],
            total: "24.000 đồng".into(),
            payment: "Nộp tại bộ phận một cửa.".into(),
            next: vec!["Cơ quan kiểm tra hồ sơ.".into()],
            sealed: true,
        }
    }

    #[test]
    fn the_same_paper_gives_the_same_bytes_and_the_seals_place_is_on_the_last_page() {
        let (bytes, page, rect) = pdf(&paper(2)).expect("made");
        assert_eq!(pdf(&paper(2)).expect("made").0, bytes);
        assert_eq!(page, 0);
        assert!(rect.y > 300.0 && rect.y + rect.height < 800.0, "{rect:?}");
        let (_, page, rect) = pdf(&paper(50)).expect("made");
        assert!(page > 0 && rect.y + rect.height < 800.0, "{page} {rect:?}");
    }

    #[test]
    fn the_qr_code_has_words_for_who_cannot_see_it() {
        let (bytes, ..) = pdf(&paper(1)).expect("made");
        let document = lopdf::Document::load_mem(&bytes).expect("readable");
        let figure = document
            .objects
            .values()
            .filter_map(|object| object.as_dict().ok())
            .find(|dictionary| {
                dictionary
                    .get(b"S")
                    .and_then(lopdf::Object::as_name)
                    .is_ok_and(|name| name == b"Figure")
            })
            .expect("a figure");
        assert!(figure.get(b"Alt").is_ok() && figure.get(b"A").is_ok());
    }
}
