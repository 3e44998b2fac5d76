//! Blank forms (`Mẫu đơn, tờ khai`) as data: what stands on the paper, line by line, and where answers go.
//!
//! `GET /api/procedures/{code}/forms/{name}` gives the PDF. A line is one of
//! - `# Thông tin người yêu cầu`: a heading,
//! - text with `{}` where people write, or with a field's key, `{ten_con}`, where its answer can be filled in,
//! - several of those beside each other, divided by ` | `,
//! - `{noi_dung*4}`: four lines to write on.

use crate::date::Date;
use crate::dossier::DossierForm;
use crate::form::{self, FieldDefinition};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most lines to write on that one place may ask for.
pub const LINES_MAX: u8 = 30;
/// Keys of what is known of the applicant, next to the keys of the procedure's own fields.
pub const APPLICANT_KEYS: [&str; 10] = [
    "nguoi_nop.ho_ten",
    "nguoi_nop.so_dinh_danh",
    "nguoi_nop.ngay_cap",
    "nguoi_nop.noi_cap",
    "nguoi_nop.ngay_sinh",
    "nguoi_nop.gioi_tinh",
    "nguoi_nop.quoc_tich",
    "nguoi_nop.dien_thoai",
    "nguoi_nop.dia_chi",
    "nguoi_nop.email",
];

/// One blank form of a procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BlankForm {
    /// File name: small letters, digits, hyphens, `.pdf`.
    pub name: String,
    /// Title as printed, e.g. `TỜ KHAI ĐĂNG KÝ KHAI SINH`.
    pub title: String,
    /// Code of the component it is for.
    pub component: String,
    /// `Kính gửi`; empty when the form is addressed to nobody.
    #[serde(default)]
    pub recipient: String,
    /// Who signs: also the anchor keyword beside which the signature is put.
    #[serde(default = "signer")]
    pub signer: String,
    /// What stands on it.
    pub lines: Vec<String>,
}

fn signer() -> String {
    "Người yêu cầu".to_owned()
}

/// A line that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// A heading.
    Heading(String),
    /// Cells beside each other, most often one.
    Row(Vec<Vec<Piece>>),
}

/// What a cell is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Printed text.
    Text(String),
    /// A place to write.
    Gap {
        /// Key of the answer that belongs here; empty when none does.
        key: String,
        /// How many lines; 1 stands in the text.
        lines: u8,
    },
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineFault {
    /// A brace without its partner.
    #[error("a brace has no partner")]
    Brace,
    /// The number of lines is none or too large.
    #[error("{0:?} is no number of lines from 1 to 30")]
    Lines(String),
    /// There is nothing in it.
    #[error("the line is empty")]
    Empty,
}

/// Reads one line.
///
/// # Errors
/// What is wrong with it.
pub fn read(line: &str) -> Result<Line, LineFault> {
    let line = line.trim();
    if line.is_empty() {
        return Err(LineFault::Empty);
    }
    if let Some(heading) = line.strip_prefix("# ") {
        return Ok(Line::Heading(heading.trim().to_owned()));
    }
    line.split(" | ")
        .map(cell)
        .collect::<Result<_, _>>()
        .map(Line::Row)
}

fn cell(text: &str) -> Result<Vec<Piece>, LineFault> {
    let mut pieces = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let Some((before, behind)) = rest.split_once('{') else {
            if rest.contains('}') {
                return Err(LineFault::Brace);
            }
            pieces.push(Piece::Text(rest.to_owned()));
            break;
        };
        if before.contains('}') {
            return Err(LineFault::Brace);
        }
        if !before.is_empty() {
            pieces.push(Piece::Text(before.to_owned()));
        }
        let (inside, behind) = behind.split_once('}').ok_or(LineFault::Brace)?;
        let (key, lines) = match inside.split_once('*') {
            None => (inside, 1),
            Some((key, number)) => (
                key,
                number
                    .trim()
                    .parse()
                    .ok()
                    .filter(|lines| (1..=LINES_MAX).contains(lines))
                    .ok_or_else(|| LineFault::Lines(number.to_owned()))?,
            ),
        };
        if key.contains('{') {
            return Err(LineFault::Brace);
        }
        pieces.push(Piece::Gap {
            key: key.trim().to_owned(),
            lines,
        });
        rest = behind;
    }
    Ok(pieces)
}

impl BlankForm {
    /// The keys of all answers that can be filled in.
    pub fn keys(&self) -> impl Iterator<Item = String> {
        self.lines
            .iter()
            .filter_map(|line| read(line).ok())
            .flat_map(|line| match line {
                Line::Heading(_) => Vec::new(),
                Line::Row(cells) => cells.into_iter().flatten().collect(),
            })
            .filter_map(|piece| match piece {
                Piece::Gap { key, .. } if !key.is_empty() => Some(key),
                _ => None,
            })
    }
}

/// What was typed in the wizard, by the keys of forms: dates as `dd/mm/yyyy`, addresses in one line, the rows of a group one behind
/// the other.
#[must_use]
pub fn answers(fields: &[FieldDefinition], form: &DossierForm) -> BTreeMap<String, String> {
    let day = |text: &str| {
        text.parse::<Date>()
            .map_or_else(|_| text.to_owned(), Date::shown)
    };
    let applicant = &form.applicant;
    let parts = [
        &applicant.address,
        &applicant.ward,
        &applicant.district,
        &applicant.province,
    ];
    let lived: Vec<&str> = parts
        .into_iter()
        .map(|part| part.trim())
        .filter(|part| !part.is_empty())
        .collect();
    let known = [
        applicant.name.clone(),
        applicant.citizen_id.clone(),
        day(&applicant.id_issued_on),
        applicant.id_issued_by.clone(),
        day(&applicant.born_on),
        applicant.sex.clone(),
        applicant.nationality.clone(),
        applicant.phone.clone(),
        lived.join(", "),
        applicant.email.clone(),
    ];
    let mut answers: BTreeMap<String, String> = APPLICANT_KEYS
        .into_iter()
        .map(str::to_owned)
        .zip(known)
        .collect();
    let mut last = None;
    for answer in form::answers(fields, &form.detail) {
        if answer.text.trim().is_empty() {
            continue;
        }
        // `noi_o.province` is the answer `noi_o`; `con.0.ho_ten` belongs to the group `con`.
        let key = answer.key.split('.').next().unwrap_or_default();
        let slot = answers.entry(key.to_owned()).or_default();
        let row = answer
            .row
            .as_ref()
            .map(|(item, number)| (key.to_owned(), item.clone(), *number));
        match &row {
            Some((_, item, number)) if row != last => {
                if !slot.is_empty() {
                    slot.push_str(". ");
                }
                slot.push_str(&format!("{item} {number}: {}", answer.text));
            }
            Some(_) => slot.push_str(&format!(", {}", answer.text)),
            None => answer.text.clone_into(slot),
        }
        last = row;
    }
    answers
}

/// Whether a text may be the name of a form's file: it becomes part of an address and of a header.
#[must_use]
pub fn is_file_name(name: &str) -> bool {
    name.strip_suffix(".pdf").is_some_and(|stem| {
        (1..=80).contains(&stem.len())
            && stem
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(text: &str) -> Piece {
        Piece::Text(text.into())
    }

    fn gap(key: &str, lines: u8) -> Piece {
        Piece::Gap {
            key: key.into(),
            lines,
        }
    }

    #[test]
    fn a_line_is_a_heading_or_text_with_places_to_write() {
        assert_eq!(read("# Người con"), Ok(Line::Heading("Người con".into())));
        assert_eq!(
            read("Ngày sinh: {ngay_sinh} | Giới tính: {}"),
            Ok(Line::Row(vec![
                vec![text("Ngày sinh: "), gap("ngay_sinh", 1)],
                vec![text("Giới tính: "), gap("", 1)],
            ]))
        );
        assert_eq!(
            read("{noi_dung*4}"),
            Ok(Line::Row(vec![vec![gap("noi_dung", 4)]]))
        );
    }

    #[test]
    fn what_is_wrong_with_a_line_is_named() {
        assert_eq!(read("Họ tên: {ten"), Err(LineFault::Brace));
        assert_eq!(read("Họ tên: ten}"), Err(LineFault::Brace));
        assert_eq!(read("{a*99}"), Err(LineFault::Lines("99".into())));
        assert_eq!(read("  "), Err(LineFault::Empty));
    }

    #[test]
    fn what_was_typed_fills_the_gaps_by_their_keys() {
        let fields: Vec<FieldDefinition> = serde_json::from_str(
            r#"[
                {"key": "ngay_sinh", "label": "Ngày sinh", "kind": "date"},
                {"key": "noi_sinh", "label": "Nơi sinh", "kind": "address"},
                {"key": "con", "label": "Con", "kind": "repeat", "item": "Người con", "max": 3, "fields": [
                    {"key": "ten", "label": "Tên", "kind": "text"},
                    {"key": "sinh", "label": "Sinh", "kind": "date"}
                ]}
            ]"#,
        )
        .expect("fields");
        let mut form = DossierForm::default();
        form.applicant.name = "Nguyễn Văn Mẫu".into();
        form.applicant.ward = "Phường Trung Tâm".into();
        form.applicant.province = "Tỉnh Thử Nghiệm".into();
        form.detail = [
            ("ngay_sinh", "2026-02-03"),
            ("noi_sinh.ward", "Xã Suối Đá"),
            ("noi_sinh.province", "Tỉnh Thử Nghiệm"),
            ("con", "2"),
            ("con.0.ten", "An"),
            ("con.0.sinh", "2020-01-02"),
            ("con.1.ten", "Bình"),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into();
        let answers = answers(&fields, &form);
        assert_eq!(answers["nguoi_nop.ho_ten"], "Nguyễn Văn Mẫu");
        assert_eq!(
            answers["nguoi_nop.dia_chi"],
            "Phường Trung Tâm, Tỉnh Thử Nghiệm"
        );
        assert_eq!(answers["ngay_sinh"], "03/02/2026");
        assert_eq!(answers["noi_sinh"], "Xã Suối Đá, Tỉnh Thử Nghiệm");
        assert_eq!(
            answers["con"],
            "Người con 1: An, 02/01/2020. Người con 2: Bình"
        );
    }

    #[test]
    fn a_file_name_holds_nothing_that_means_something_elsewhere() {
        assert!(is_file_name("to-khai-khai-sinh.pdf"));
        for name in [
            "a.exe",
            "../a.pdf",
            "A.pdf",
            ".pdf",
            "tờ-khai.pdf",
            "a b.pdf",
        ] {
            assert!(!is_file_name(name), "{name}");
        }
    }

    proptest! {
        #[test]
        fn any_line_is_read_or_refused(line in ".{0,80}") {
            let _ = read(&line);
        }
    }
}
