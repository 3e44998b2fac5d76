//! Columns of the list: which there are, and which this device shows.

use crate::text::{n, t};

/// A column. The code always stands first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// `Thủ tục`.
    Procedure,
    /// `Người nộp`.
    Applicant,
    /// `Trạng thái`.
    Status,
    /// `Hẹn trả`.
    Due,
    /// `Nộp lúc`.
    Submitted,
    /// `Tệp ký số`.
    Files,
    /// `Người xử lý`.
    Holder,
    /// `Cơ quan`.
    Agency,
    /// `Kênh`.
    Channel,
}

impl Column {
    /// All, in the order of the table.
    pub const ALL: [Self; 9] = [
        Self::Procedure,
        Self::Applicant,
        Self::Status,
        Self::Due,
        Self::Submitted,
        Self::Files,
        Self::Holder,
        Self::Agency,
        Self::Channel,
    ];

    /// What it is called.
    pub fn name(self) -> &'static str {
        t(match self {
            Self::Procedure => n("Thủ tục"),
            Self::Applicant => n("Người nộp"),
            Self::Status => n("Trạng thái"),
            Self::Due => n("Hẹn trả"),
            Self::Submitted => n("Nộp lúc"),
            Self::Files => n("Tệp ký số"),
            Self::Holder => n("Người xử lý"),
            Self::Agency => n("Cơ quan"),
            Self::Channel => n("Kênh"),
        })
    }

    /// Its word on this device.
    const fn word(self) -> &'static str {
        match self {
            Self::Procedure => "procedure",
            Self::Applicant => "applicant",
            Self::Status => "status",
            Self::Due => "due",
            Self::Submitted => "submitted",
            Self::Files => "files",
            Self::Holder => "holder",
            Self::Agency => "agency",
            Self::Channel => "channel",
        }
    }
}

const KEPT: &str = "inbox-columns";

/// What this device keeps, where it keeps anything.
pub fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// Those this device shows.
pub fn kept() -> Vec<Column> {
    let kept = storage().and_then(|storage| storage.get_item(KEPT).ok()?);
    match kept {
        Some(kept) => Column::ALL
            .into_iter()
            .filter(|column| kept.split(' ').any(|word| word == column.word()))
            .collect(),
        None => Column::ALL.into_iter().take(6).collect(),
    }
}

/// Keeps them.
pub fn keep(columns: &[Column]) {
    let words: Vec<&str> = columns.iter().map(|column| column.word()).collect();
    if let Some(storage) = storage() {
        // A device that keeps nothing shows the usual ones next time.
        let _ = storage.set_item(KEPT, &words.join(" "));
    }
}
