//! The lines of an appearance, in the order in which they are given up when the box is small: last first.

use super::compose::compose;
use contract::appearance::Appearance;
use contract::value::VietnamTime;

/// One line before wrapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// `Ký bởi:` and so on.
    pub label: &'static str,
    /// What follows it, composed, on one line.
    pub value: String,
    /// How it may be set.
    pub kind: LineKind,
}

/// How a line may be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineKind {
    /// The signer: bold, wrapped where needed.
    Signer,
    /// Words that may be wrapped.
    Words,
    /// A number or a time: never broken, or it would read as another one.
    Whole,
}

/// The lines of an appearance; empty values make none.
pub(crate) fn lines(appearance: &Appearance) -> Vec<Line> {
    let date = date(&VietnamTime::from(appearance.signed_at));
    [
        (
            "Ký bởi:",
            Some(appearance.signer.as_str()),
            LineKind::Signer,
        ),
        (
            "Ngày ký:",
            appearance.shows_time.then_some(date.as_str()),
            LineKind::Whole,
        ),
        (
            "Tổ chức cấp:",
            appearance.issuer.as_deref(),
            LineKind::Words,
        ),
        (
            "Số định danh:",
            appearance.masked_id.as_deref(),
            LineKind::Whole,
        ),
        (
            "Số chứng thư:",
            appearance.serial.as_deref(),
            LineKind::Whole,
        ),
        ("Lý do:", appearance.reason.as_deref(), LineKind::Words),
        ("Nơi ký:", appearance.location.as_deref(), LineKind::Words),
    ]
    .into_iter()
    .filter_map(|(label, value, kind)| {
        let value = one_line(value?);
        (!value.is_empty()).then_some(Line { label, value, kind })
    })
    .collect()
}

/// `dd/MM/yyyy HH:mm:ss +07:00`.
fn date(time: &VietnamTime) -> String {
    format!(
        "{:02}/{:02}/{:04} {:02}:{:02}:{:02} +07:00",
        time.day, time.month, time.year, time.hour, time.minute, time.second
    )
}

/// Composed, control characters and repeated blanks removed.
pub(crate) fn one_line(text: &str) -> String {
    let visible: String = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .filter(|letter| !matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'))
        .collect();
    compose(&visible.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::appearance::AppearanceMode;
    use contract::value::Timestamp;

    #[test]
    fn lines_stand_in_the_agreed_order_and_words() {
        let appearance = Appearance {
            mode: AppearanceMode::TextOnly,
            signer: "Nguyê\u{303}n  Văn\nMẫu".into(),
            signed_at: Timestamp(1_683_359_592_000),
            shows_time: true,
            issuer: Some("CA Thử Nghiệm".into()),
            masked_id: Some("0620•••011".into()),
            serial: Some("540100af3c".into()),
            reason: Some("  ".into()),
            location: Some("Đắk Tô".into()),
        };
        let shown: Vec<String> = lines(&appearance)
            .iter()
            .map(|line| format!("{} {}", line.label, line.value))
            .collect();
        assert_eq!(
            shown,
            [
                "Ký bởi: Nguyễn Văn Mẫu",
                "Ngày ký: 06/05/2023 14:53:12 +07:00",
                "Tổ chức cấp: CA Thử Nghiệm",
                "Số định danh: 0620•••011",
                "Số chứng thư: 540100af3c",
                "Nơi ký: Đắk Tô",
            ]
        );
    }

    #[test]
    fn text_cannot_turn_its_direction() {
        // A name with a right-to-left override would show another name than it holds.
        assert_eq!(one_line("Mẫu\u{202e}nạt"), "Mẫunạt");
    }

    #[test]
    fn the_time_is_shown_only_when_it_is_wanted() {
        let appearance = Appearance {
            mode: AppearanceMode::TextOnly,
            signer: "Nguyễn Văn Mẫu".into(),
            signed_at: Timestamp(1_683_359_592_000),
            shows_time: false,
            issuer: None,
            masked_id: None,
            serial: None,
            reason: None,
            location: None,
        };
        assert_eq!(lines(&appearance).len(), 1);
    }
}
