//! Where a box likes to stand: on the edges and baselines of text, at margins, in the middle of the page, in line with other boxes.
//! Pure, in view space.

use super::geometry::Handle;
use contract::geometry::Rect;

/// How near an edge has to come, in CSS pixels.
pub const REACH: f64 = 6.0;
/// Margin of a page without text: 20 mm, as official papers have it.
const MARGIN: f64 = 56.7;

/// Lines that attract the edges of a box.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Magnets {
    /// Distances from the left for left and right edges and middles.
    across: Vec<f64>,
    /// The middle of the page: for the middle of the box alone.
    middle: Option<f64>,
    /// Distances from the top for upper and lower edges.
    down: Vec<f64>,
}

/// Thin lines that tell why a box stopped.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Guides {
    /// Distance from the left of an upright line.
    pub across: Option<f64>,
    /// Distance from the top of a level line.
    pub down: Option<f64>,
}

/// What attracts on a page with this text and these other boxes.
pub fn magnets(bounds: &Rect, text: &[Rect], others: &[Rect]) -> Magnets {
    let mut found = Magnets {
        middle: Some(bounds.x + bounds.width / 2.0),
        ..Magnets::default()
    };
    let left = text.iter().map(|line| line.x).reduce(f64::min);
    let right = text.iter().map(Rect::right).reduce(f64::max);
    found.across.push(left.unwrap_or(bounds.x + MARGIN));
    found.across.push(right.unwrap_or(bounds.right() - MARGIN));
    if text.is_empty() {
        found.down.push(bounds.y + MARGIN);
        found.down.push(bounds.far() - MARGIN);
    }
    for line in text {
        // The lower edge is a little below the baseline: close enough to stand on.
        found.down.extend([line.y, line.far()]);
        found.across.extend([line.x, line.right()]);
    }
    for other in others {
        found.across.extend([other.x, other.right()]);
        found.down.extend([other.y, other.far()]);
    }
    found
}

/// The nearest magnet to one of some edges: how far to go, and where the line is.
fn nearest(edges: &[f64], magnets: &[f64], reach: f64) -> Option<(f64, f64)> {
    edges
        .iter()
        .flat_map(|edge| magnets.iter().map(move |magnet| (magnet - edge, *magnet)))
        .filter(|(distance, _)| distance.abs() <= reach)
        .min_by(|(one, _), (other, _)| one.abs().total_cmp(&other.abs()))
}

/// A box that is moved. `reach` is in points: [`REACH`] at the present zoom.
pub fn moved(rect: &Rect, magnets: &Magnets, reach: f64) -> (Rect, Guides) {
    let edges = [rect.x, rect.right()];
    let centre = [rect.x + rect.width / 2.0];
    let middle: Vec<f64> = magnets.middle.into_iter().collect();
    let across = [
        nearest(&edges, &magnets.across, reach),
        nearest(&centre, &middle, reach),
    ]
    .into_iter()
    .flatten()
    .min_by(|(one, _), (other, _)| one.abs().total_cmp(&other.abs()));
    let down = nearest(&[rect.y, rect.far()], &magnets.down, reach);
    let rect = Rect {
        x: rect.x + across.map_or(0.0, |(by, _)| by),
        y: rect.y + down.map_or(0.0, |(by, _)| by),
        ..*rect
    };
    let guides = Guides {
        across: across.map(|(_, at)| at),
        down: down.map(|(_, at)| at),
    };
    (rect, guides)
}

/// How much further an edge or corner that is pulled wants to go, and the lines it goes to.
pub fn pulled(rect: &Rect, handle: Handle, magnets: &Magnets, reach: f64) -> (f64, f64, Guides) {
    let edge = |pull: i8, near: f64, far: f64, lines: &[f64]| match pull {
        -1 => nearest(&[near], lines, reach),
        1 => nearest(&[far], lines, reach),
        _ => None,
    };
    let across = edge(handle.x, rect.x, rect.right(), &magnets.across);
    let down = edge(handle.y, rect.y, rect.far(), &magnets.down);
    let guides = Guides {
        across: across.map(|(_, at)| at),
        down: down.map(|(_, at)| at),
    };
    (
        across.map_or(0.0, |(by, _)| by),
        down.map_or(0.0, |(by, _)| by),
        guides,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    const PAGE: Rect = Rect {
        x: 0.0,
        y: 0.0,
        width: 600.0,
        height: 800.0,
    };
    const LINE: Rect = Rect {
        x: 90.0,
        y: 300.0,
        width: 400.0,
        height: 14.0,
    };

    fn at(x: f64, y: f64) -> Rect {
        Rect {
            x,
            y,
            width: 170.0,
            height: 60.0,
        }
    }

    #[wasm_bindgen_test]
    fn a_box_near_the_edge_of_text_goes_there_and_says_so() {
        let magnets = magnets(&PAGE, &[LINE], &[]);
        let (rect, guides) = moved(&at(94.0, 317.0), &magnets, REACH);
        assert_eq!((rect.x, rect.y), (90.0, 314.0));
        assert_eq!((guides.across, guides.down), (Some(90.0), Some(314.0)));
    }

    #[wasm_bindgen_test]
    fn a_box_far_from_everything_stays_where_it_is_put() {
        let magnets = magnets(&PAGE, &[LINE], &[]);
        let (rect, guides) = moved(&at(130.0, 500.0), &magnets, REACH);
        assert_eq!((rect.x, rect.y), (130.0, 500.0));
        assert_eq!(guides, Guides::default());
    }

    #[wasm_bindgen_test]
    fn the_middle_of_a_box_meets_the_middle_of_the_page() {
        let magnets = magnets(&PAGE, &[LINE], &[]);
        let (rect, guides) = moved(&at(217.5, 500.0), &magnets, REACH);
        assert_eq!(
            (rect.x + rect.width / 2.0, guides.across),
            (300.0, Some(300.0))
        );
    }

    #[wasm_bindgen_test]
    fn boxes_line_up_and_a_page_without_text_has_margins() {
        let other = at(250.0, 100.0);
        let found = magnets(&PAGE, &[], &[other]);
        let (rect, _) = moved(&at(253.0, 162.0), &found, REACH);
        assert_eq!((rect.x, rect.y), (other.x, other.far()));
        let (rect, _) = moved(&at(55.0, 400.0), &found, REACH);
        assert_eq!(rect.x, MARGIN);
    }

    #[wasm_bindgen_test]
    fn only_the_edge_that_is_pulled_snaps() {
        let found = magnets(&PAGE, &[LINE], &[]);
        let rect = at(92.0, 250.0); // left edge 2 from the text, lower edge 10 from the line
        let (dx, dy, guides) = pulled(&rect, Handle { x: 1, y: 1 }, &found, 12.0);
        assert_eq!((dx, dy), (0.0, 4.0));
        assert_eq!(guides.down, Some(314.0));
        let (dx, _, _) = pulled(&rect, Handle { x: -1, y: 0 }, &found, 12.0);
        assert_eq!(dx, -2.0);
    }
}
