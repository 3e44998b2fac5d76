//! Arithmetic of a box on its page: sizes, resizing by an edge or corner, page by page. Pure, in view space (points, y downward).

use crate::text::fill;
use contract::geometry::{Point, Rect, Size};

/// One millimetre in points.
pub const MM: f64 = 72.0 / 25.4;
/// Smallest box: 12 × 5 mm, below which not even a name can be read.
pub const SMALLEST: Size = Size {
    width: 12.0 * MM,
    height: 5.0 * MM,
};
/// Below this people are told that the letters may be hard to read: 30 × 12 mm.
pub const READABLE: Size = Size {
    width: 30.0 * MM,
    height: 12.0 * MM,
};

/// Which way an edge or corner pulls: -1 left or up, 0 not at all, 1 right or down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handle {
    /// Across.
    pub x: i8,
    /// Down.
    pub y: i8,
}

impl Handle {
    /// Four corners and four edges, with the name of their style.
    pub const ALL: [(Self, &'static str); 8] = [
        (Self { x: -1, y: -1 }, "nw"),
        (Self { x: 0, y: -1 }, "n"),
        (Self { x: 1, y: -1 }, "ne"),
        (Self { x: 1, y: 0 }, "e"),
        (Self { x: 1, y: 1 }, "se"),
        (Self { x: 0, y: 1 }, "s"),
        (Self { x: -1, y: 1 }, "sw"),
        (Self { x: -1, y: 0 }, "w"),
    ];
}

/// A box inside a page: not smaller than can be read, not larger than the page, not over its edge.
pub fn inside(rect: Rect, bounds: &Rect) -> Rect {
    Rect {
        width: rect.width.max(SMALLEST.width).min(bounds.width),
        height: rect.height.max(SMALLEST.height).min(bounds.height),
        ..rect
    }
    .moved_into(bounds)
}

/// Pulls an edge or corner by a distance; the opposite one stays. `ratio` is width / height to be kept.
pub fn resized(from: &Rect, handle: Handle, by: Point, ratio: Option<f64>, bounds: &Rect) -> Rect {
    let across = Side {
        pull: handle.x,
        start: from.x,
        length: from.width,
        near: bounds.x,
        far: bounds.right(),
        least: SMALLEST.width,
    };
    let down = Side {
        pull: handle.y,
        start: from.y,
        length: from.height,
        near: bounds.y,
        far: bounds.far(),
        least: SMALLEST.height,
    };
    let (mut width, mut height) = (across.pulled(by.x), down.pulled(by.y));
    if let Some(ratio) = ratio.filter(|ratio| ratio.is_finite() && *ratio > 0.0) {
        let wished = match (handle.x, handle.y) {
            (0, _) => height * ratio,
            (_, 0) => width,
            _ if (width / from.width) > (height / from.height) => width,
            _ => height * ratio,
        };
        width = wished
            .max(SMALLEST.width.max(SMALLEST.height * ratio))
            .min(across.room().min(down.room() * ratio));
        height = width / ratio;
    }
    Rect {
        x: across.start_of(width),
        y: down.start_of(height),
        width,
        height,
    }
}

/// A box along one axis while it is pulled.
struct Side {
    pull: i8,
    start: f64,
    length: f64,
    near: f64,
    far: f64,
    least: f64,
}

impl Side {
    /// As far as the box can grow.
    fn room(&self) -> f64 {
        if self.pull < 0 {
            self.start + self.length - self.near
        } else {
            self.far - self.start
        }
    }

    fn pulled(&self, by: f64) -> f64 {
        (self.length + by * f64::from(self.pull))
            .max(self.least)
            .min(self.room())
    }

    /// Where the box begins once it has a length: the edge that is not pulled stays.
    fn start_of(&self, length: f64) -> f64 {
        if self.pull < 0 {
            self.start + self.length - length
        } else {
            self.start
        }
    }
}

/// The largest box of a ratio inside another, around its middle.
pub fn with_ratio(rect: &Rect, ratio: f64, bounds: &Rect) -> Rect {
    if !(ratio.is_finite() && ratio > 0.0) {
        return *rect;
    }
    let width = rect.width.min(rect.height * ratio);
    let height = width / ratio;
    Rect {
        x: rect.x + (rect.width - width) / 2.0,
        y: rect.y + (rect.height - height) / 2.0,
        width,
        height,
    }
    .moved_into(bounds)
}

/// A box as people read it aloud: `cách trái 120 mm, cách trên 210 mm, 60 × 25 mm`.
pub fn spoken(rect: &Rect) -> String {
    fill(
        "cách trái {} mm, cách trên {} mm, {} × {} mm",
        &[
            &format!("{:.0}", rect.x / MM),
            &format!("{:.0}", rect.y / MM),
            &format!("{:.0}", rect.width / MM),
            &format!("{:.0}", rect.height / MM),
        ],
    )
}

/// Width / height of a PNG by its header; `None` for anything else.
pub fn png_ratio(bytes: &[u8]) -> Option<f64> {
    let side = |at: usize| {
        let four: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
        Some(f64::from(u32::from_be_bytes(four)))
    };
    let (width, height) = (side(16)?, side(20)?);
    (bytes.starts_with(b"\x89PNG\r\n\x1a\n") && width > 0.0 && height > 0.0)
        .then_some(width / height)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    const PAGE: Rect = Rect {
        x: 0.0,
        y: 0.0,
        width: 595.0,
        height: 842.0,
    };
    const BOX: Rect = Rect {
        x: 100.0,
        y: 200.0,
        width: 170.0,
        height: 60.0,
    };

    #[wasm_bindgen_test]
    fn an_edge_moves_alone_and_the_opposite_one_stays() {
        for (handle, name) in Handle::ALL {
            let after = resized(&BOX, handle, Point { x: 7.0, y: 9.0 }, None, &PAGE);
            let (left, right) = (after.x - BOX.x, after.right() - BOX.right());
            let (top, bottom) = (after.y - BOX.y, after.far() - BOX.far());
            let expected = |pull: i8, by: f64| match pull {
                -1 => (by, 0.0),
                1 => (0.0, by),
                _ => (0.0, 0.0),
            };
            assert_eq!((left, right), expected(handle.x, 7.0), "{name}");
            assert_eq!((top, bottom), expected(handle.y, 9.0), "{name}");
        }
    }

    #[wasm_bindgen_test]
    fn no_pull_leaves_the_page_or_turns_the_box_inside_out() {
        for (handle, name) in Handle::ALL {
            for distance in [-5000.0, -60.0, 60.0, 5000.0] {
                for ratio in [None, Some(3.0), Some(0.4)] {
                    let by = Point {
                        x: distance,
                        y: distance,
                    };
                    let after = resized(&BOX, handle, by, ratio, &PAGE);
                    assert!(
                        PAGE.contains(&after),
                        "{name} {distance} {ratio:?}: {after:?}"
                    );
                    assert!(
                        after.width > 10.0 && after.height > 10.0,
                        "{name}: {after:?}"
                    );
                }
            }
        }
    }

    #[wasm_bindgen_test]
    fn a_locked_ratio_is_kept_by_every_handle() {
        let square = with_ratio(&BOX, 2.0, &PAGE);
        for (handle, name) in Handle::ALL {
            let after = resized(
                &square,
                handle,
                Point { x: 13.0, y: -4.0 },
                Some(2.0),
                &PAGE,
            );
            assert!((after.width / after.height - 2.0).abs() < 1e-9, "{name}");
        }
    }

    #[wasm_bindgen_test]
    fn the_ratio_of_an_image_comes_from_its_header() {
        let mut header = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        header.extend(300_u32.to_be_bytes());
        header.extend(100_u32.to_be_bytes());
        assert_eq!(png_ratio(&header), Some(3.0));
        assert_eq!(png_ratio(&header[..20]), None);
        assert_eq!(png_ratio(b"\xff\xd8\xff"), None);
    }
}
