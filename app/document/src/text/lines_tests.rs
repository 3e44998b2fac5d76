//! Letters as producers paint them, and the lines they must become.

use super::*;
use proptest::prelude::*;

fn letter(text: &str, x: f64, y: f64, width: f64) -> Letter {
    sized(text, x, y, width, 10.0)
}

fn sized(text: &str, x: f64, y: f64, width: f64, size: f64) -> Letter {
    Letter {
        content: Content::new(text).expect("some text"),
        from: Point { x, y },
        to: Point { x: x + width, y },
        up: Point { x: 0.0, y: -size },
    }
}

/// A word of letters 5 points wide.
fn word(text: &str, x: f64, y: f64) -> Vec<Letter> {
    let mut letters = Vec::new();
    let mut at = x;
    for each in text.chars() {
        letters.push(letter(&each.to_string(), at, y, 5.0));
        at += 5.0;
    }
    letters
}

fn texts(letters: Vec<Letter>) -> Vec<String> {
    assemble(letters)
        .into_iter()
        .map(|line| line.text)
        .collect()
}

/// The same letters on a page turned about the origin.
fn turned(letters: Vec<Letter>, degrees: f64) -> Vec<Letter> {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let turn = |point: Point| Point {
        x: point.x * cos - point.y * sin,
        y: point.x * sin + point.y * cos,
    };
    letters
        .into_iter()
        .map(|letter| Letter {
            from: turn(letter.from),
            to: turn(letter.to),
            up: turn(letter.up),
            ..letter
        })
        .collect()
}

#[test]
fn a_line_painted_font_by_font_reads_in_order() {
    let painted = vec![
        letter("H", 0.0, 100.0, 7.0),
        letter("n", 14.0, 100.0, 5.0),
        letter("g", 19.0, 100.0, 5.0),
        letter("ư", 7.0, 100.2, 7.0),
    ];
    assert_eq!(texts(painted), ["Hưng"]);
}

#[test]
fn gaps_are_blanks_and_wide_gaps_are_columns() {
    let painted = vec![
        letter("a", 0.0, 50.0, 5.0),
        letter("b", 8.0, 50.0, 5.0),
        letter("c", 200.0, 50.0, 5.0),
        letter("d", 0.0, 20.0, 5.0),
    ];
    assert_eq!(texts(painted), ["d", "a b", "c"]);
}

#[test]
fn painted_blanks_are_one_blank_and_many_of_them_a_column() {
    let mut painted = word("NGƯỜI", 0.0, 50.0);
    painted.extend(word("  ", 25.0, 50.0));
    painted.extend(word("KHAI", 35.0, 50.0));
    painted.extend(word("                ", 55.0, 50.0));
    painted.extend(word("CHỦ TỊCH", 135.0, 50.0));
    assert_eq!(texts(painted), ["NGƯỜI KHAI", "CHỦ TỊCH"]);
}

#[test]
fn letters_spaced_out_are_no_single_words() {
    let mut painted = Vec::new();
    let mut x = 0.0;
    for each in "TỜKHAI".chars() {
        painted.push(letter(&each.to_string(), x, 50.0, 5.0));
        x += if each == 'Ờ' { 13.0 } else { 8.0 };
    }
    assert_eq!(texts(painted), ["TỜ KHAI"]);
}

#[test]
fn a_stray_mark_goes_to_the_letter_it_stands_on() {
    // Painted last, by another font: an acute over the second letter of "NỚI", placed at its end, without width.
    let painted = vec![
        letter("N", 0.0, 50.0, 7.0),
        letter("Ơ", 7.0, 50.0, 7.0),
        letter("I", 14.0, 50.0, 3.0),
        letter("\u{301}", 14.0, 50.0, 0.0),
    ];
    assert_eq!(texts(painted), ["NỚI"]);
    // With width, over the letter.
    let wide = vec![
        letter("N", 0.0, 50.0, 7.0),
        letter("Ơ", 7.0, 50.0, 7.0),
        letter("I", 14.0, 50.0, 3.0),
        letter("\u{301}", 8.5, 48.0, 4.0),
    ];
    assert_eq!(texts(wide), ["NỚI"]);
}

#[test]
fn what_is_painted_twice_is_read_once() {
    let mut painted = word("ĐƠN", 0.0, 50.0);
    painted.extend(word("ĐƠN", 0.3, 50.2));
    painted.extend(word("ĐƠN", 0.0, 50.0));
    assert_eq!(texts(painted), ["ĐƠN"]);
    assert_eq!(texts(word("oolll", 0.0, 50.0)), ["oolll"]);
}

#[test]
fn raised_and_lowered_letters_stay_in_their_line() {
    let mut painted = word("120 m", 0.0, 50.0);
    painted.push(sized("2", 25.0, 46.5, 3.0, 6.0));
    painted.extend(word(" CO", 28.0, 50.0));
    painted.push(sized("2", 43.0, 52.0, 3.0, 6.0));
    assert_eq!(texts(painted), ["120 m2 CO2"]);
}

#[test]
fn a_turned_line_is_one_line_with_one_quad_at_any_angle() {
    for degrees in [0.0, 12.0, 45.0, 44.5, 90.0, 135.5, 180.0, -90.0, -30.25] {
        let mut painted = word("NGƯỜI LÀM ĐƠN", 100.0, 200.0);
        painted.extend(word("(ký tên)", 110.0, 215.0));
        let lines = assemble(turned(painted, degrees));
        let read: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(read, ["NGƯỜI LÀM ĐƠN", "(ký tên)"], "{degrees}");
        let [from, to, ..] = lines[0].quad;
        let length = (to.x - from.x).hypot(to.y - from.y);
        assert!((length - 65.0).abs() < 1e-3, "{degrees}: {length}");
    }
}

proptest! {
    /// Whatever order letters are painted in, and however the page is turned, they read the same.
    #[test]
    fn reading_depends_on_places_only(order in Just((0..24_usize).collect::<Vec<_>>()).prop_shuffle(), degrees in -170.0..170.0_f64) {
        let mut painted = word("Cộng hòa xã", 50.0, 80.0);
        painted.extend(word("Hạnh phúc tự do", 50.0, 95.0));
        painted.retain(|letter| !letter.content.is_blank());
        let straight = texts(painted.clone());
        let shuffled: Vec<Letter> = order.iter().filter_map(|place| painted.get(*place).cloned()).collect();
        prop_assume!(shuffled.len() == painted.len());
        prop_assert_eq!(texts(turned(shuffled, degrees)), straight);
    }

    /// Letters anywhere: every one comes back, and advances fit the text.
    #[test]
    fn nothing_is_lost(places in prop::collection::vec((0.0..500.0_f64, 0.0..500.0_f64, 1.0..30.0_f64, -180.0..180.0_f64), 0..80)) {
        let mut letters = Vec::new();
        for (number, (x, y, size, angle)) in places.iter().enumerate() {
            let text = char::from_u32(0x4e00 + u32::try_from(number).unwrap()).unwrap().to_string();
            letters.extend(turned(vec![sized(&text, *x, *y, size / 2.0, *size)], *angle));
        }
        let lines = assemble(letters);
        let read: usize = lines.iter().map(|line| line.text.chars().filter(|letter| *letter != ' ').count()).sum();
        prop_assert_eq!(read, places.len());
        for line in lines {
            prop_assert_eq!(line.text.chars().count(), line.advances.len());
        }
    }
}
