//! Passwords that are guessed first: those that most people have, and words of this place (OWASP ASVS 5 V6.2.4 and V6.2.11).

use contract::fold::fold;
use std::collections::HashSet;
use std::sync::LazyLock;

/// The 3,000 most frequent that are long enough and not digits alone; from the lists of zxcvbn (MIT, Dropbox and its contributors).
const COMMON: &str = include_str!("guessed/common.txt");
/// Words of this place, without accents and blanks: the portal, the offices, the providers. An operator's own may be added.
const HERE: &str = include_str!("guessed/here.txt");

static KNOWN: LazyLock<HashSet<&'static str>> = LazyLock::new(|| COMMON.lines().collect());

/// Whether a password is among the first that somebody would try: a frequent one, or a word of this place with nothing but digits and
/// signs around it.
#[must_use]
pub fn is_guessed(password: &str) -> bool {
    let folded = fold(password);
    let letters: String = folded
        .chars()
        .filter(|letter| letter.is_alphabetic())
        .collect();
    KNOWN.contains(folded.as_str()) || HERE.lines().any(|word| word == letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_most_people_have_and_words_of_this_place_are_guessed() {
        assert_eq!(KNOWN.len(), 3000);
        for guessed in [
            "password",
            "PassWord",
            "1qaz2wsx",
            "qwertyuiop",
            "Mật khẩu 123",
            "dichvucong@2026",
            "VNeID-2026!",
        ] {
            assert!(is_guessed(guessed), "{guessed}");
        }
        for other in [
            "",
            "Demo@2026",
            "mật khẩu mới",
            "một câu dễ nhớ",
            "12-34-56",
        ] {
            assert!(!is_guessed(other), "{other}");
        }
    }
}
