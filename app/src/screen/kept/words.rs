//! What is said of a kept file in few words.

use crate::format;
use crate::text::{fill, t};
use contract::date::Date;
use contract::kept::KeptFile;
use contract::validation::Verdict;
use contract::value::Timestamp;

/// Whether it is signed, and what of it.
pub fn verdict(file: &KeptFile) -> &'static str {
    match file.verdict {
        Verdict::Unsigned => t("chưa ký số"),
        Verdict::Valid => t("chữ ký hợp lệ"),
        Verdict::Indeterminate => t("có chữ ký, chưa đủ căn cứ kết luận"),
        Verdict::Invalid => t("chữ ký không hợp lệ"),
    }
}

/// Whether the day a person noted is over, by the server's clock.
pub fn is_over(file: &KeptFile, now: Timestamp) -> bool {
    file.expires_on
        .as_ref()
        .is_some_and(|day| *day < Date::in_vietnam(now).to_string())
}

/// The day a person noted, in words.
pub fn expiry(file: &KeptFile, now: Timestamp) -> Option<String> {
    let day = format::date(file.expires_on.as_deref()?);
    Some(if is_over(file, now) {
        fill("đã hết hạn ngày {}", &[&day])
    } else {
        fill("dùng được đến {}", &[&day])
    })
}
