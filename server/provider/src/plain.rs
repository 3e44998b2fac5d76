//! Vietnamese written in plain ASCII, for providers whose phones show nothing else.

use contract::fold::fold_letter;

/// Letters without marks, digits, blanks, `_` and `-`; anything else becomes one blank. At most `most` bytes.
pub(crate) fn plain(text: &str, most: usize) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        let mut folded = fold_letter(letter).peekable();
        if folded.peek().is_none() {
            // A combining mark alone.
            continue;
        }
        for simple in folded {
            if simple.is_ascii_alphanumeric() || matches!(simple, '_' | '-') {
                out.push(if letter.is_uppercase() {
                    simple.to_ascii_uppercase()
                } else {
                    simple
                });
            } else if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        }
    }
    out.truncate(most);
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vietnamese_loses_its_marks_and_keeps_its_case() {
        assert_eq!(
            plain("1. Tờ khai Đăng ký khai sinh.pdf", 72),
            "1 To khai Dang ky khai sinh pdf"
        );
        assert_eq!(plain("To\u{31b}\u{300} khai", 72), "To khai");
        assert_eq!(plain("a\u{2014}b_c-d", 72), "a b_c-d");
        assert_eq!(plain("ký số", 4), "ky s");
        assert_eq!(plain("ký số", 3), "ky");
        assert_eq!(plain("…", 9), "");
    }

    proptest::proptest! {
        #[test]
        fn nothing_but_the_allowed_letters_comes_out(text in "\\PC{0,120}", most in 0_usize..80) {
            let out = plain(&text, most);
            proptest::prop_assert!(out.len() <= most);
            proptest::prop_assert!(out.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b' ')));
        }
    }
}
