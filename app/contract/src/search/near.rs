//! How far two words are apart when fingers slip.

/// Longest words and phrases that are compared, in letters: what is longer is no slip of one.
const LETTERS_MAX: usize = 60;

/// The number of slips between two words (a letter too many, too few, another, or two in the wrong order), when they are few enough to be
/// forgiven: one from four letters on, two from eight on.
pub(super) fn near(typed: &str, known: &str) -> Option<usize> {
    let typed: Vec<char> = typed.chars().take(LETTERS_MAX + 1).collect();
    let known: Vec<char> = known.chars().take(LETTERS_MAX + 1).collect();
    let most = match typed.len() {
        0..=3 => return None,
        4..=7 => 1,
        8..=LETTERS_MAX => 2,
        _ => return None,
    };
    if typed.len().abs_diff(known.len()) > most || known.len() < 3 {
        return None;
    }
    let distance = distance(&typed, &known);
    (distance <= most).then_some(distance)
}

/// Damerau's and Levenshtein's distance, each letter touched at most once (optimal string alignment).
fn distance(a: &[char], b: &[char]) -> usize {
    let width = b.len() + 1;
    let mut before: Vec<usize> = vec![0; width];
    let mut last: Vec<usize> = (0..width).collect();
    for (i, of_a) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(width);
        row.push(i + 1);
        for (j, of_b) in b.iter().enumerate() {
            let at =
                |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX / 2);
            let mut least = at(&last, j) + usize::from(of_a != of_b);
            least = least.min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped =
                i > 0 && j > 0 && a.get(i - 1) == Some(of_b) && b.get(j - 1) == Some(of_a);
            if swapped {
                least = least.min(at(&before, j - 1) + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_slip_is_forgiven_from_four_letters_on_and_two_from_eight_on() {
        assert_eq!(
            near("khia", "khai"),
            Some(1),
            "two letters in the wrong order"
        );
        assert_eq!(near("khaai", "khai"), Some(1));
        assert_eq!(near("thnh", "thanh"), Some(1));
        assert_eq!(near("tur", "tru"), None, "too short to tell");
        assert_eq!(near("khii", "khan"), None);
        assert_eq!(near("khaisinh", "khai sinh"), Some(1));
        assert_eq!(near("hkai sihn", "khai sinh"), Some(2));
    }

    proptest! {
        #[test]
        fn the_distance_is_the_same_both_ways_and_nothing_only_between_equals(a in "[abc ]{0,9}", b in "[abc ]{0,9}") {
            let (x, y): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            prop_assert_eq!(distance(&x, &y), distance(&y, &x));
            prop_assert_eq!(distance(&x, &y) == 0, a == b);
        }
    }
}
