//! What must be found, and where.

use super::*;
use proptest::prelude::*;

fn line_at(text: &str, x: f64, y: f64) -> TextLine {
    let advances: Vec<(f32, f32)> = (0_u16..)
        .zip(text.chars())
        .map(|(n, _)| (f32::from(n) * 5.0, f32::from(n) * 5.0 + 5.0))
        .collect();
    let end = x + f64::from(advances.last().map_or(0.0, |last| last.1));
    let at = |x, y| Point { x, y };
    TextLine {
        text: text.into(),
        quad: [
            at(x, y + 2.0),
            at(end, y + 2.0),
            at(end, y - 8.0),
            at(x, y - 8.0),
        ],
        advances,
    }
}

fn line(text: &str, y: f64) -> TextLine {
    line_at(text, 0.0, y)
}

fn find_in(lines: &[TextLine], query: &str) -> Vec<(Vec<Quad>, String)> {
    let page = PageText {
        lines: lines.to_vec(),
        unknown_letters: 0,
    };
    spans(&page, query)
        .iter()
        .map(|spans| shown(lines, spans))
        .collect()
}

#[test]
fn spellings_blanks_and_line_ends_make_no_difference() {
    let lines = [line("Kính gửi: NGƯỜI LÀM", 20.0), line("ĐƠN ký tên", 32.0)];
    for query in [
        "người làm đơn",
        "nguoi lam don",
        "NGU\u{31b}O\u{31b}\u{300}I  LA\u{300}M ĐƠN",
    ] {
        let found = find_in(&lines, query);
        assert_eq!(found.len(), 1, "{query}");
        assert_eq!(found[0].1, "NGƯỜI LÀM ĐƠN");
        assert_eq!(found[0].0.len(), 2, "a quad a line");
    }
    let (quads, _) = &find_in(&lines, "NGƯỜI")[0];
    assert!((quads[0][0].x - 50.0).abs() < 0.01 && (quads[0][1].x - 75.0).abs() < 0.01);
    assert!(find_in(&lines, "  ").is_empty());
}

#[test]
fn a_hyphen_at_the_end_of_a_line_is_found_with_and_without() {
    let lines = [line("chứng thu-", 20.0), line("ận e-mail", 32.0)];
    for query in ["thuận", "thu-ận", "thuận e-mail", "chứng thu- ận"] {
        let found = find_in(&lines, query);
        assert_eq!(found.len(), 1, "{query}");
    }
    let (quads, text) = &find_in(&lines, "thu-ận")[0];
    assert_eq!((quads.len(), text.as_str()), (2, "thu- ận"));
    assert!(
        find_in(&lines, "email").is_empty(),
        "in a line it is a letter"
    );
}

#[test]
fn text_does_not_go_on_into_another_column() {
    let lines = [
        line("cuối cột một", 300.0),
        line_at("đầu cột hai", 200.0, 20.0),
        line_at("xa bên dưới", 200.0, 120.0),
    ];
    assert!(find_in(&lines, "một đầu").is_empty());
    assert!(find_in(&lines, "hai xa").is_empty());
    assert_eq!(find_in(&lines, "cot hai").len(), 1);
}

#[test]
fn every_place_is_found_and_none_overlaps() {
    let found = find_in(&[line("aaaa a", 20.0)], "aa");
    assert_eq!(found.len(), 2);
}

proptest! {
    /// Whatever part of the text is asked for, in any spelling, is found where it stands.
    #[test]
    fn any_part_of_the_text_is_found_where_it_stands(
        words in prop::collection::vec("[a-zăâđêôơưáàảãạấầẩẫậỉĩịỳỵỷẾỆỢỰ0-9]{1,7}", 2..12),
        from in any::<prop::sample::Index>(),
        length in 2..20_usize,
        capitals in any::<bool>(),
        bare in any::<bool>(),
    ) {
        let text = words.join(" ");
        let letters: Vec<char> = text.chars().collect();
        let from = from.index(letters.len());
        let part: String = letters.iter().skip(from).take(length).collect();
        prop_assume!(fold(&part).chars().filter(|letter| *letter != ' ').count() >= 2);
        let query = if bare { fold(&part) } else if capitals { part.to_uppercase() } else { part.clone() };
        // The text breaks into two lines somewhere.
        let (first, second): (String, String) = (letters.iter().take(letters.len() / 2).collect(), letters.iter().skip(letters.len() / 2).collect());
        let lines = [line(&first, 20.0), line(&second, 32.0)];
        let found = find_in(&lines, &query);
        prop_assert!(!found.is_empty(), "{} in {}", query, text);
        // One of them covers the letters that were asked for, unless an earlier overlapping one took its letters.
        let half = letters.len() / 2;
        let inside = |place: usize| {
            let (y, x) = if place < half { (20.0, place) } else { (32.0, place - half) };
            let x = f64::from(u32::try_from(x).unwrap()) * 5.0 + 2.5;
            found.iter().flat_map(|(quads, _)| quads).any(|quad| quad[0].x <= x && x <= quad[1].x && quad[2].y <= y && y <= quad[0].y)
        };
        let first_letter = (from..from + length).find(|place| letters.get(*place).is_some_and(|letter| *letter != ' '));
        prop_assert!(first_letter.is_some_and(inside));
    }

    /// Any text and any query: nothing panics, and hits read like the query.
    #[test]
    fn hits_read_like_the_query(first in ".{0,20}", second in ".{0,20}", query in ".{0,4}") {
        for (_, text) in find_in(&[line(&first, 20.0), line(&second, 32.0)], &query) {
            let folded: String = fold(&text).chars().filter(|letter| *letter != ' ' && *letter != '-').collect();
            let asked: String = fold(&query).chars().filter(|letter| *letter != ' ' && *letter != '-').collect();
            prop_assert!(folded.contains(&asked), "{} for {}", folded, asked);
        }
    }
}
