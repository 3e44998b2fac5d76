//! What changed from one text to another, line by line.

use serde::{Deserialize, Serialize};

/// Most lines that are compared one by one; of longer texts the middle is told as taken out and put in.
const LINES_MAX: usize = 3000;
/// Lines told before and after a change.
const AROUND: usize = 2;

/// A line, or lines that are the same and left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Piece {
    /// So many lines are the same.
    Skipped(u32),
    /// The same in both.
    Same(String),
    /// Only in the old text.
    Out(String),
    /// Only in the new text.
    In(String),
}

/// The lines of `new` beside those of `old`: what changed with a little around it. Empty when nothing changed.
#[must_use]
pub fn lines(old: &str, new: &str) -> Vec<Piece> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    if old == new {
        return Vec::new();
    }
    let same =
        |pairs: &mut dyn Iterator<Item = (&&str, &&str)>| pairs.take_while(|(a, b)| a == b).count();
    let head = same(&mut old.iter().zip(&new));
    let tail = same(&mut old.iter().skip(head).rev().zip(new.iter().skip(head).rev()));
    let middle = |lines: &[&str]| -> Vec<String> {
        lines
            .get(head..lines.len() - tail)
            .unwrap_or_default()
            .iter()
            .map(|line| (*line).to_owned())
            .collect()
    };
    let mut whole: Vec<Piece> = old
        .iter()
        .take(head)
        .map(|line| Piece::Same((*line).to_owned()))
        .collect();
    whole.extend(compared(&middle(&old), &middle(&new)));
    whole.extend(
        old.iter()
            .skip(old.len() - tail)
            .map(|line| Piece::Same((*line).to_owned())),
    );
    around(whole)
}

/// The longest common row of lines decides what is the same.
fn compared(old: &[String], new: &[String]) -> Vec<Piece> {
    let out = |line: &String| Piece::Out(line.clone());
    let put = |line: &String| Piece::In(line.clone());
    if old.len().saturating_mul(new.len()) > LINES_MAX * LINES_MAX {
        return old.iter().map(out).chain(new.iter().map(put)).collect();
    }
    let width = new.len() + 1;
    // Length of the longest common row from each pair of places on.
    let mut best = vec![0u32; (old.len() + 1) * width];
    let at = |best: &[u32], i: usize, j: usize| best.get(i * width + j).copied().unwrap_or(0);
    for (i, a) in old.iter().enumerate().rev() {
        for (j, b) in new.iter().enumerate().rev() {
            let length = if a == b {
                at(&best, i + 1, j + 1) + 1
            } else {
                at(&best, i + 1, j).max(at(&best, i, j + 1))
            };
            if let Some(place) = best.get_mut(i * width + j) {
                *place = length;
            }
        }
    }
    let (mut i, mut j, mut pieces) = (0, 0, Vec::new());
    loop {
        match (old.get(i), new.get(j)) {
            (None, None) => return pieces,
            (Some(a), Some(b)) if a == b => {
                pieces.push(Piece::Same(a.clone()));
                i += 1;
                j += 1;
            }
            (Some(a), b) if b.is_none() || at(&best, i + 1, j) >= at(&best, i, j + 1) => {
                pieces.push(out(a));
                i += 1;
            }
            (_, Some(b)) => {
                pieces.push(put(b));
                j += 1;
            }
            (Some(a), None) => {
                pieces.push(out(a));
                i += 1;
            }
        }
    }
}

/// Leaves out what is far from every change.
fn around(whole: Vec<Piece>) -> Vec<Piece> {
    let changed: Vec<usize> = whole
        .iter()
        .enumerate()
        .filter(|(_, piece)| !matches!(piece, Piece::Same(_)))
        .map(|(place, _)| place)
        .collect();
    let mut near = vec![false; whole.len()];
    for place in changed {
        let from = place.saturating_sub(AROUND);
        for mark in near.iter_mut().skip(from).take(place + AROUND + 1 - from) {
            *mark = true;
        }
    }
    let (mut told, mut skipped) = (Vec::new(), 0u32);
    for (piece, near) in whole.into_iter().zip(near) {
        if near {
            if skipped > 0 {
                told.push(Piece::Skipped(skipped));
                skipped = 0;
            }
            told.push(piece);
        } else {
            skipped = skipped.saturating_add(1);
        }
    }
    if skipped > 0 {
        told.push(Piece::Skipped(skipped));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_changed_line_is_told_with_two_lines_around_it() {
        let old = "a\nb\nc\nd\ne\nf\ng\nh";
        let told = lines(old, &old.replace('e', "E"));
        let same = |line: &str| Piece::Same(line.into());
        assert_eq!(
            told,
            [
                Piece::Skipped(2),
                same("c"),
                same("d"),
                Piece::Out("e".into()),
                Piece::In("E".into()),
                same("f"),
                same("g"),
                Piece::Skipped(1),
            ]
        );
        assert_eq!(lines(old, old), []);
    }

    #[test]
    fn texts_that_are_too_long_to_compare_are_told_whole() {
        let text = |word: &str| {
            (0..=LINES_MAX)
                .map(|line| format!("{word} {line}\n"))
                .collect::<String>()
        };
        let told = lines(&text("cũ"), &text("mới"));
        assert_eq!(told.len(), 2 * (LINES_MAX + 1));
    }

    proptest! {
        #[test]
        fn what_stays_and_what_comes_make_the_new_text(
            old in proptest::collection::vec("[a-c]{0,2}", 0..12),
            new in proptest::collection::vec("[a-c]{0,2}", 0..12),
        ) {
            let mut pieces = compared(&old, &new);
            let mut back = pieces.clone();
            pieces.retain(|piece| !matches!(piece, Piece::Out(_)));
            back.retain(|piece| !matches!(piece, Piece::In(_)));
            let said = |pieces: Vec<Piece>| -> Vec<String> {
                pieces.into_iter().map(|piece| match piece {
                    Piece::Same(line) | Piece::Out(line) | Piece::In(line) => line,
                    Piece::Skipped(_) => String::new(),
                }).collect()
            };
            prop_assert_eq!(said(pieces), new);
            prop_assert_eq!(said(back), old);
        }
    }
}
