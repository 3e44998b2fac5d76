//! Where the pages stand on the long sheet that is scrolled: heights are summed once and searched by halves. A sheet that is
//! higher than a browser can hold is scrolled by a shorter one (see [`to_bar`]).

use contract::geometry::{PageGeometry, Point, Rect, Rotation, Size};

/// Distance between two pages, in CSS pixels.
pub const GAP: f64 = 16.0;
/// The highest element that is asked of the browser, in CSS pixels: Firefox stops at about 17.8 million, Chromium and Safari at 33.5.
pub const TALLEST: f64 = 12_000_000.0;

/// How the pages are looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// CSS pixels per point.
    pub scale: f64,
    /// Turned by the reader, beside what the file says.
    pub turn: Rotation,
}

/// The pages, one below the other.
#[derive(Debug)]
pub struct Layout {
    sizes: Vec<Size>,
    /// Heights above each page, in points; and the same when the pages lie on their side.
    above: [Vec<f64>; 2],
    widest: [f64; 2],
}

/// Whether a turn makes the width the height.
pub const fn sideways(turn: Rotation) -> bool {
    matches!(turn, Rotation::Quarter | Rotation::ThreeQuarter)
}

/// A size after a turn.
pub const fn turned(size: Size, turn: Rotation) -> Size {
    if sideways(turn) {
        Size {
            width: size.height,
            height: size.width,
        }
    } else {
        size
    }
}

/// Where a point of a page of this size comes to lie after a turn.
pub fn turn_point(size: Size, turn: Rotation, point: Point) -> Point {
    let Point { x, y } = point;
    let (x, y) = match turn {
        Rotation::Upright => (x, y),
        Rotation::Quarter => (size.height - y, x),
        Rotation::Half => (size.width - x, size.height - y),
        Rotation::ThreeQuarter => (y, size.width - x),
    };
    Point { x, y }
}

/// The way back of [`turn_point`].
pub fn turn_back(size: Size, turn: Rotation, point: Point) -> Point {
    let back = match turn {
        Rotation::Quarter => Rotation::ThreeQuarter,
        Rotation::ThreeQuarter => Rotation::Quarter,
        other => other,
    };
    turn_point(turned(size, turn), back, point)
}

/// A rectangle of a turned page where the upright page has it.
pub fn rect_back(size: Size, turn: Rotation, rect: Rect) -> Rect {
    let corner = Point {
        x: rect.x,
        y: rect.y,
    };
    let opposite = Point {
        x: rect.right(),
        y: rect.far(),
    };
    Rect::from_corners(
        turn_back(size, turn, corner),
        turn_back(size, turn, opposite),
    )
}

impl Layout {
    /// From the boxes of the pages.
    pub fn new(pages: &[PageGeometry]) -> Self {
        let sizes: Vec<Size> = pages.iter().map(PageGeometry::view_size).collect();
        let sums = |height: fn(&Size) -> f64| {
            let mut sum = 0.0;
            let mut above = Vec::with_capacity(sizes.len() + 1);
            above.push(sum);
            for size in &sizes {
                sum += height(size);
                above.push(sum);
            }
            above
        };
        let widest = |width: fn(&Size) -> f64| sizes.iter().map(width).fold(1.0, f64::max);
        Self {
            above: [sums(|size| size.height), sums(|size| size.width)],
            widest: [widest(|size| size.width), widest(|size| size.height)],
            sizes,
        }
    }

    /// How many pages there are.
    pub fn count(&self) -> u32 {
        u32::try_from(self.sizes.len()).unwrap_or(u32::MAX)
    }

    /// The upright size of a page.
    pub fn size(&self, page: u32) -> Size {
        self.sizes.get(index(page)).copied().unwrap_or(Size {
            width: 1.0,
            height: 1.0,
        })
    }

    /// The width of the widest page, in points.
    pub fn widest(&self, turn: Rotation) -> f64 {
        self.widest[usize::from(sideways(turn))]
    }

    /// Where a page begins on the sheet, in CSS pixels; the page after the last one begins where the sheet ends.
    pub fn top(&self, page: u32, look: Look) -> f64 {
        let above = &self.above[usize::from(sideways(look.turn))];
        let points = above
            .get(index(page))
            .or(above.last())
            .copied()
            .unwrap_or_default();
        GAP + points * look.scale + f64::from(page.min(self.count())) * GAP
    }

    /// The height of the sheet, in CSS pixels.
    pub fn height(&self, look: Look) -> f64 {
        self.top(self.count(), look)
    }

    /// The page at a height of the sheet; in a gap the page above it.
    pub fn at(&self, y: f64, look: Look) -> u32 {
        let (mut low, mut high) = (0_u32, self.count().saturating_sub(1));
        while low < high {
            let middle = (low + high).div_ceil(2);
            if self.top(middle, look) <= y {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        low
    }

    /// First and last page between two heights of the sheet.
    pub fn between(&self, from: f64, to: f64, look: Look) -> (u32, u32) {
        (self.at(from, look), self.at(to, look))
    }
}

fn index(page: u32) -> usize {
    usize::try_from(page).unwrap_or(usize::MAX)
}

/// Where the scroll bar of the short sheet stands for a place of the long one. Near both ends a pixel is a pixel, so that
/// both ends are reached by scrolling; only the middle is pressed together.
pub fn to_bar(place: f64, height: f64) -> f64 {
    let end = TALLEST / 3.0;
    if height <= TALLEST || place <= end {
        place
    } else if place >= height - end {
        place - height + TALLEST
    } else {
        end + (place - end) * (TALLEST - 2.0 * end) / (height - 2.0 * end)
    }
}

/// The way back of [`to_bar`].
pub fn from_bar(bar: f64, height: f64) -> f64 {
    let end = TALLEST / 3.0;
    if height <= TALLEST || bar <= end {
        bar
    } else if bar >= TALLEST - end {
        bar - TALLEST + height
    } else {
        end + (bar - end) * (height - 2.0 * end) / (TALLEST - 2.0 * end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    fn a4(count: usize) -> Layout {
        let page = PageGeometry {
            crop_box: Rect {
                x: 0.0,
                y: 0.0,
                width: 595.0,
                height: 842.0,
            },
            rotation: Rotation::Upright,
            user_unit: 1.0,
        };
        Layout::new(&vec![page; count])
    }

    const WHOLE: Look = Look {
        scale: 2.0,
        turn: Rotation::Upright,
    };

    #[wasm_bindgen_test]
    fn every_page_is_found_at_its_own_top_and_the_one_before_it_just_above() {
        let layout = a4(500);
        for page in [1, 2, 250, 499] {
            let top = layout.top(page, WHOLE);
            assert_eq!(layout.at(top, WHOLE), page);
            assert_eq!(layout.at(top - 0.5, WHOLE), page - 1);
        }
        assert_eq!(layout.at(-10.0, WHOLE), 0);
        assert_eq!(layout.at(f64::MAX, WHOLE), 499);
    }

    #[wasm_bindgen_test]
    fn pages_on_their_side_are_as_high_as_they_were_wide() {
        let layout = a4(3);
        let side = Look {
            turn: Rotation::Quarter,
            ..WHOLE
        };
        let step = layout.top(1, side) - layout.top(0, side);
        assert!((step - (595.0 * 2.0 + GAP)).abs() < 1e-9);
        assert!((layout.widest(Rotation::Quarter) - 842.0).abs() < 1e-9);
    }

    #[wasm_bindgen_test]
    fn a_turned_point_comes_back() {
        let size = Size {
            width: 100.0,
            height: 200.0,
        };
        for degrees in [0, 90, 180, 270] {
            let turn = Rotation::from_degrees(degrees);
            let there = turn_point(size, turn, Point { x: 10.0, y: 30.0 });
            let back = turn_back(size, turn, there);
            assert!((back.x - 10.0).abs() < 1e-9 && (back.y - 30.0).abs() < 1e-9);
        }
        let corner = turn_point(size, Rotation::Quarter, Point { x: 0.0, y: 0.0 });
        assert!((corner.x - 200.0).abs() < 1e-9 && corner.y.abs() < 1e-9);
    }

    #[wasm_bindgen_test]
    fn twenty_thousand_pages_at_four_hundred_per_cent_are_scrolled_to_both_ends() {
        let layout = a4(20_000);
        let look = Look {
            scale: 4.0 * 96.0 / 72.0,
            turn: Rotation::Upright,
        };
        let height = layout.height(look);
        assert!(height > 80_000_000.0);
        assert!((to_bar(height, height) - TALLEST).abs() < 1e-6);
        for part in [0.0, 0.01, 0.3, 0.5, 0.9, 0.999, 1.0] {
            let place = height * part;
            let bar = to_bar(place, height);
            assert!((0.0..=TALLEST).contains(&bar));
            assert!((from_bar(bar, height) - place).abs() < 1e-3);
        }
    }

    #[wasm_bindgen_test]
    fn a_document_without_pages_has_a_place_for_everything() {
        let layout = a4(0);
        assert_eq!(layout.between(0.0, 100.0, WHOLE), (0, 0));
        assert!(layout.height(WHOLE) > 0.0);
    }
}
