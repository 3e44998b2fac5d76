//! Dates, money and sizes as Vietnamese readers write them; in English figures have the English signs.

use crate::text::fill;
use crate::text::language::{Language, language};
use contract::value::{Dong, Timestamp, VietnamTime};

/// `06/05/2023 14:53`.
pub fn moment(at: Timestamp) -> String {
    let time = VietnamTime::from(at);
    format!(
        "{:02}/{:02}/{} {:02}:{:02}",
        time.day, time.month, time.year, time.hour, time.minute
    )
}

/// `06/05/2023`.
pub fn day(at: Timestamp) -> String {
    let time = VietnamTime::from(at);
    format!("{:02}/{:02}/{}", time.day, time.month, time.year)
}

/// `06/05/2023 14:53:12`.
pub fn moment_exact(at: Timestamp) -> String {
    let time = VietnamTime::from(at);
    format!("{}:{:02}", moment(at), time.second)
}

/// `YYYY-MM-DD` as `dd/mm/yyyy`; anything else as it is.
pub fn date(iso: &str) -> String {
    match iso.split('-').collect::<Vec<_>>().as_slice() {
        [year, month, day] => format!("{day}/{month}/{year}"),
        _ => iso.to_owned(),
    }
}

/// The sign between thousands, and the one before decimals.
fn signs() -> (char, char) {
    match language() {
        Language::Vietnamese => ('.', ','),
        Language::English => (',', '.'),
    }
}

/// `15.000 đồng`.
pub fn money(amount: Dong) -> String {
    let (thousand, _) = signs();
    let digits = amount.0.abs().to_string();
    let mut grouped = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(thousand);
        }
        grouped.push(digit);
    }
    let sign = if amount.0 < 0 { "-" } else { "" };
    fill("{} đồng", &[&format!("{sign}{grouped}")])
}

/// `1,4 MB`.
#[allow(clippy::cast_precision_loss)] // shown with one decimal
pub fn size(bytes: u64) -> String {
    if bytes < 1024 * 1024 {
        format!("{} KB", bytes.div_ceil(1024))
    } else {
        let (_, decimal) = signs();
        let figure = format!("{:.1}", bytes as f64 / (1024.0 * 1024.0));
        let figure = figure.strip_suffix(".0").unwrap_or(&figure);
        format!("{} MB", figure.replace('.', &decimal.to_string()))
    }
}

/// Milliseconds as `2:41`.
pub fn countdown(milliseconds: i64) -> String {
    let seconds = (milliseconds.max(0) + 999) / 1000;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// `14:53`.
pub fn clock(at: Timestamp) -> String {
    let time = VietnamTime::from(at);
    format!("{:02}:{:02}", time.hour, time.minute)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn money_and_sizes_are_grouped_as_vietnamese_readers_write_them() {
        assert_eq!(money(Dong(15_000)), "15.000 đồng");
        assert_eq!(money(Dong(1_234_567)), "1.234.567 đồng");
        assert_eq!(money(Dong(-500)), "-500 đồng");
        assert_eq!(size(300_000), "293 KB");
        assert_eq!(size(1_500_000), "1,4 MB");
        assert_eq!(size(200 * 1024 * 1024), "200 MB");
    }
}
