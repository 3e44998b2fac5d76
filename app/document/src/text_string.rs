//! Text strings of a file as text (ISO 32000-2, 7.9.2.2): UTF-16, UTF-8 or PDFDocEncoding.

/// Most letters that are kept of one text string.
const LETTERS_MAX: usize = 4_096;

/// Codes 0x18-0x1F and 0x80-0xA0 of PDFDocEncoding (ISO 32000-2, annex D.3); the others below 0x100 are those of Latin-1.
const LOW: [char; 8] = ['˘', 'ˇ', 'ˆ', '˙', '˝', '˛', '˚', '˜'];
const HIGH: [char; 33] = [
    '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚', '™',
    'ﬁ', 'ﬂ', 'Ł', 'Œ', 'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž', '\u{fffd}', '€',
];

/// A text string as text. Language escapes (ISO 32000-2, 7.9.2.2.2) are left out, `U+0000` too; what cannot be read becomes `U+FFFD`.
pub(crate) fn decode(bytes: &[u8]) -> String {
    let text: String = match bytes {
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        // Not in the standard, but written by some producers and read by every viewer.
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        plain => match std::str::from_utf8(plain) {
            // Producers that know no text strings write bare UTF-8. As PDFDocEncoding such bytes would be gibberish.
            Ok(text) if !text.is_ascii() => text.to_owned(),
            _ => plain.iter().map(|byte| pdf_doc_encoding(*byte)).collect(),
        },
    };
    without_escapes(&text).take(LETTERS_MAX).collect()
}

/// The same on one line, without control and direction marks; nothing when nothing is left.
pub(crate) fn decode_line(bytes: &[u8]) -> Option<String> {
    let text = one_line(&decode(bytes));
    (!text.is_empty()).then_some(text)
}

/// On one line, without control and direction marks, which could make a name look like another.
pub(crate) fn one_line(text: &str) -> String {
    let mut line = String::new();
    for letter in text.chars() {
        if letter.is_control() || letter.is_whitespace() {
            if !line.ends_with(' ') {
                line.push(' ');
            }
        } else if !is_direction_mark(letter) {
            line.push(letter);
        }
    }
    line.trim().to_owned()
}

/// Marks that turn the direction of what follows, and others that are never seen.
pub(crate) const fn is_direction_mark(letter: char) -> bool {
    matches!(
        letter,
        '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
    )
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    // A last single byte is no letter.
    let units = bytes.chunks_exact(2).map(|pair| {
        unit([
            pair.first().copied().unwrap_or(0),
            pair.get(1).copied().unwrap_or(0),
        ])
    });
    char::decode_utf16(units)
        .map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

fn pdf_doc_encoding(byte: u8) -> char {
    match byte {
        0x18..=0x1f => LOW.get(usize::from(byte - 0x18)).copied(),
        0x80..=0xa0 => HIGH.get(usize::from(byte - 0x80)).copied(),
        _ => Some(char::from(byte)),
    }
    .unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Leaves out what stands between two `U+001B` (a language code) and `U+0000`.
fn without_escapes(text: &str) -> impl Iterator<Item = char> + '_ {
    let paired = text.matches('\u{1b}').count() / 2 * 2;
    let mut seen = 0;
    text.chars().filter(move |letter| {
        if *letter == '\u{1b}' {
            seen += 1;
            return false;
        }
        *letter != '\0' && (seen % 2 == 0 || seen > paired)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_encoding_of_the_standard_is_read() {
        assert_eq!(decode(b"Don xin"), "Don xin");
        assert_eq!(
            decode(b"\xfe\xff\x00\x1b\x00v\x00i\x00\x1b\x01\x10\x1e\xa1"),
            "Đạ"
        );
        assert_eq!(decode(b"\xff\xfe\x10\x01\xa1\x1e"), "Đạ");
        assert_eq!(decode("\u{feff}Đạo".as_bytes()), "Đạo");
        assert_eq!(decode("Đạo".as_bytes()), "Đạo");
        assert_eq!(decode(b"\x80 \xa0 \xe9\x84"), "• € é—");
        assert_eq!(decode(b"\xfe\xff\xd8\x00\x00A"), "\u{fffd}A");
    }

    #[test]
    fn a_line_has_no_marks_that_turn_it() {
        assert_eq!(
            decode_line("\u{feff}a\u{202e}fdp.exe\r\n b".as_bytes()).as_deref(),
            Some("afdp.exe b")
        );
        assert_eq!(decode_line(b" \0 "), None);
    }

    proptest! {
        #[test]
        fn a_title_comes_back_from_every_encoding(text in "[a-zàáâãèéêìíòóôõùúýăđĩũơưạ-ỹ ]{0,40}") {
            let utf16: Vec<u8> = [0xfe, 0xff].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
            prop_assert_eq!(decode(&utf16), text.clone());
            prop_assert_eq!(decode(text.as_bytes()), text);
        }

        #[test]
        fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let _ = decode_line(&bytes);
        }
    }
}
