//! What is said of a kept file in few words.

use crate::format;
use crate::text::{fill, t};
use contract::kept::KeptFile;
use contract::validation::Verdict;

/// Whether it is signed, and what of it.
pub fn verdict(file: &KeptFile) -> &'static str {
    match file.verdict {
        Verdict::Unsigned => t("chưa ký số"),
        Verdict::Valid => t("chữ ký hợp lệ"),
        Verdict::Indeterminate => t("có chữ ký, chưa đủ căn cứ kết luận"),
        Verdict::Invalid => t("chữ ký không hợp lệ"),
    }
}

/// Today in Việt Nam as `YYYY-MM-DD`.
fn today() -> String {
    let now = js_sys::Date::new_0();
    // Seven hours ahead of UTC, without daylight saving.
    let there = js_sys::Date::new(&(now.get_time() + 7.0 * 3_600_000.0).into());
    let text: String = there.to_iso_string().into();
    text.chars().take(10).collect()
}

/// Whether the day a person noted is over.
pub fn is_over(file: &KeptFile) -> bool {
    file.expires_on.as_ref().is_some_and(|day| *day < today())
}

/// The day a person noted, in words.
pub fn expiry(file: &KeptFile) -> Option<String> {
    let day = format::date(file.expires_on.as_deref()?);
    Some(if is_over(file) {
        fill("đã hết hạn ngày {}", &[&day])
    } else {
        fill("dùng được đến {}", &[&day])
    })
}
