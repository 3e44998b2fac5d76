//! Vietnamese letters composed (NFC): names typed on a Mac or read from a file often come as letter and marks.
//! A table of twelve vowels instead of Unicode's whole, which would cost 55 KB of wasm.

/// Each vowel with its shape, then with grave, acute, hook, tilde and dot.
const ROWS: [&str; 24] = [
    "aàáảãạ",
    "ăằắẳẵặ",
    "âầấẩẫậ",
    "eèéẻẽẹ",
    "êềếểễệ",
    "iìíỉĩị",
    "oòóỏõọ",
    "ôồốổỗộ",
    "ơờớởỡợ",
    "uùúủũụ",
    "ưừứửữự",
    "yỳýỷỹỵ",
    "AÀÁẢÃẠ",
    "ĂẰẮẲẴẶ",
    "ÂẦẤẨẪẬ",
    "EÈÉẺẼẸ",
    "ÊỀẾỂỄỆ",
    "IÌÍỈĨỊ",
    "OÒÓỎÕỌ",
    "ÔỒỐỔỖỘ",
    "ƠỜỚỞỠỢ",
    "UÙÚỦŨỤ",
    "ƯỪỨỬỮỰ",
    "YỲÝỶỸỴ",
];

/// Composes what belongs together in Vietnamese; every other mark stays as it is.
/// Marks may come in any order: canonical decomposition puts the dot below before the circumflex.
pub(crate) fn compose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut last: Option<char> = None;
    for letter in text.chars() {
        match last.and_then(|base| join(base, letter)) {
            Some(joined) => last = Some(joined),
            None => out.extend(last.replace(letter)),
        }
    }
    out.extend(last);
    out
}

/// A vowel and a combining mark as one letter.
fn join(base: char, mark: char) -> Option<char> {
    let (row, tone) = ROWS.iter().find_map(|row| {
        row.chars()
            .position(|letter| letter == base)
            .map(|tone| (*row, tone))
    })?;
    let plain = row.chars().next()?;
    let tone_of = |column: usize| (tone == 0).then_some((plain, column));
    let (shaped, column) = match mark {
        '\u{300}' | '\u{340}' => tone_of(1)?,
        '\u{301}' | '\u{341}' => tone_of(2)?,
        '\u{309}' => tone_of(3)?,
        '\u{303}' => tone_of(4)?,
        '\u{323}' => tone_of(5)?,
        '\u{302}' => (shape(plain, "aeoAEO", "âêôÂÊÔ")?, tone),
        '\u{306}' => (shape(plain, "aA", "ăĂ")?, tone),
        '\u{31b}' => (shape(plain, "ouOU", "ơưƠƯ")?, tone),
        _ => return None,
    };
    ROWS.iter()
        .find(|row| row.starts_with(shaped))?
        .chars()
        .nth(column)
}

fn shape(plain: char, from: &str, to: &str) -> Option<char> {
    from.chars()
        .zip(to.chars())
        .find(|(letter, _)| *letter == plain)
        .map(|(_, shaped)| shaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decomposed_names_become_composed_ones() {
        let decomposed =
            "Nguye\u{302}\u{303}n Thi\u{323} Be\u{323}\u{302}nh O\u{31b}\u{301}t A\u{306}\u{323}";
        assert_eq!(compose(decomposed), "Nguyễn Thị Bệnh Ớt Ặ");
        // Half composed, as some keyboards type.
        assert_eq!(compose("ê\u{301} ơ\u{323} ạ\u{302}"), "ế ợ ậ");
    }

    #[test]
    fn every_letter_of_the_table_survives_decomposition_in_both_orders() {
        const TONES: [&str; 6] = ["", "\u{300}", "\u{301}", "\u{309}", "\u{303}", "\u{323}"];
        for (index, row) in ROWS.iter().enumerate() {
            let shaped = row.chars().next().expect("six letters");
            let (base, shape) = match shaped {
                'ă' => ('a', "\u{306}"),
                'â' => ('a', "\u{302}"),
                'ê' => ('e', "\u{302}"),
                'ô' => ('o', "\u{302}"),
                'ơ' => ('o', "\u{31b}"),
                'ư' => ('u', "\u{31b}"),
                'Ă' => ('A', "\u{306}"),
                'Â' => ('A', "\u{302}"),
                'Ê' => ('E', "\u{302}"),
                'Ô' => ('O', "\u{302}"),
                'Ơ' => ('O', "\u{31b}"),
                'Ư' => ('U', "\u{31b}"),
                plain => (plain, ""),
            };
            assert_eq!(row.chars().count(), 6, "row {index}");
            for (letter, tone) in row.chars().zip(TONES) {
                assert_eq!(compose(&format!("{base}{shape}{tone}")), letter.to_string());
                assert_eq!(compose(&format!("{base}{tone}{shape}")), letter.to_string());
                assert_eq!(compose(&letter.to_string()), letter.to_string());
            }
        }
    }

    #[test]
    fn other_marks_are_kept() {
        assert_eq!(compose("n\u{303} a\u{30a}"), "n\u{303} a\u{30a}");
        assert_eq!(compose("\u{301}"), "\u{301}");
    }
}
