//! One folding of text for every search: catalogue, officers' inbox, find in a document, anchor keywords.

/// Folds text so that two spellings a Vietnamese reader takes for the same compare equal.
///
/// Lower case, accents and tone marks removed (precomposed and combining), `đ` to `d`, every run of
/// white space (no-break spaces too) to one blank, control characters and soft hyphens dropped. Leading and trailing blanks are removed.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = false;
    for letter in text.chars() {
        if letter.is_whitespace() || letter == '\u{200b}' {
            blank = !out.is_empty();
            continue;
        }
        if letter.is_control() || letter == '\u{ad}' || letter == '\u{feff}' {
            continue;
        }
        for folded in fold_letter(letter) {
            if blank {
                out.push(' ');
                blank = false;
            }
            out.push(folded);
        }
    }
    out
}

/// Folds one letter: none for a combining mark, usually one, sometimes more (`ß`, ligatures).
pub fn fold_letter(letter: char) -> impl Iterator<Item = char> {
    let marks =
        matches!(letter, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{20d0}'..='\u{20ff}');
    let ligature: &'static str = match letter {
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        _ => "",
    };
    let single = (!marks && ligature.is_empty()).then_some(letter);
    single
        .into_iter()
        .flat_map(char::to_lowercase)
        .filter(|lower| !matches!(lower, '\u{300}'..='\u{36f}'))
        .map(base_letter)
        .chain(ligature.chars())
}

/// The unaccented letter under a lower-case Latin letter.
const fn base_letter(lower: char) -> char {
    match lower {
        'à'..='å'
        | 'ā'
        | 'ă'
        | 'ą'
        | 'ǎ'
        | 'ạ'
        | 'ả'
        | 'ấ'
        | 'ầ'
        | 'ẩ'
        | 'ẫ'
        | 'ậ'
        | 'ắ'
        | 'ằ'
        | 'ẳ'
        | 'ẵ'
        | 'ặ' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'đ' | 'ð' | 'ď' => 'd',
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | 'ẹ' | 'ẻ' | 'ẽ' | 'ế' | 'ề' | 'ể' | 'ễ' | 'ệ' => {
            'e'
        }
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ǐ' | 'ỉ' | 'ị' | 'ı' => 'i',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö'
        | 'ø'
        | 'ō'
        | 'ŏ'
        | 'ő'
        | 'ơ'
        | 'ǒ'
        | 'ọ'
        | 'ỏ'
        | 'ố'
        | 'ồ'
        | 'ổ'
        | 'ỗ'
        | 'ộ'
        | 'ớ'
        | 'ờ'
        | 'ở'
        | 'ỡ'
        | 'ợ' => 'o',
        'š' | 'ś' => 's',
        'ù'..='ü'
        | 'ũ'
        | 'ū'
        | 'ŭ'
        | 'ů'
        | 'ű'
        | 'ư'
        | 'ǔ'
        | 'ụ'
        | 'ủ'
        | 'ứ'
        | 'ừ'
        | 'ử'
        | 'ữ'
        | 'ự' => 'u',
        'ý' | 'ÿ' | 'ỳ' | 'ỵ' | 'ỷ' | 'ỹ' => 'y',
        'ž' | 'ź' | 'ż' => 'z',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn precomposed_and_combining_fold_alike() {
        assert_eq!(fold("Đăng ký khai sinh"), "dang ky khai sinh");
        assert_eq!(
            fold("NGU\u{31b}O\u{31b}\u{300}I LA\u{300}M \u{110}O\u{31b}N"),
            fold("NGƯỜI LÀM ĐƠN")
        );
        assert_eq!(fold("  Giấy\u{a0}\n đề   nghị "), "giay de nghi");
    }

    #[test]
    fn all_vietnamese_vowels_lose_their_marks() {
        let vowels = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ";
        for letter in vowels.chars() {
            assert!(fold(&letter.to_string()).is_ascii(), "{letter}");
            let upper: String = letter.to_uppercase().collect();
            assert!(fold(&upper).is_ascii(), "{upper}");
        }
    }

    proptest::proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in ".*") {
            let once = fold(&text);
            proptest::prop_assert_eq!(fold(&once), once);
        }
    }
}
