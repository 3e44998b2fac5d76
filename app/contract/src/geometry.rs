//! Two spaces and the way between them.
//!
//! *User space* is what a PDF file speaks (ISO 32000-2, 8.3.2.3): origin anywhere, y upward, before `/Rotate`.
//! *View space* is what a person sees: the CropBox turned upright, origin at its top left corner, y downward,
//! in points of 1/72 inch (user units times `UserUnit`). Page, worker and placement speak view space only;
//! the `signature` crate turns it into user space when it writes.

use serde::{Deserialize, Serialize};

/// A point in either space, in the unit of that space.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Point {
    /// Distance from the origin to the right.
    pub x: f64,
    /// Distance from the origin: downward in view space, upward in user space.
    pub y: f64,
}

/// A width and a height.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Size {
    /// Width, never negative.
    pub width: f64,
    /// Height, never negative.
    pub height: f64,
}

/// An upright rectangle by its smallest corner and its size.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Rect {
    /// Smallest x.
    pub x: f64,
    /// Smallest y: the top edge in view space, the bottom edge in user space.
    pub y: f64,
    /// Width, never negative.
    pub width: f64,
    /// Height, never negative.
    pub height: f64,
}

impl Rect {
    /// The rectangle spanned by two opposite corners in any order.
    #[must_use]
    pub fn from_corners(a: Point, b: Point) -> Self {
        Self {
            x: a.x.min(b.x),
            y: a.y.min(b.y),
            width: (a.x - b.x).abs(),
            height: (a.y - b.y).abs(),
        }
    }

    /// Largest x.
    #[must_use]
    pub fn right(&self) -> f64 {
        self.x + self.width
    }

    /// Largest y: the bottom edge in view space, the top edge in user space.
    #[must_use]
    pub fn far(&self) -> f64 {
        self.y + self.height
    }

    /// Whether the two share an area (touching edges do not count).
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.x < other.right()
            && other.x < self.right()
            && self.y < other.far()
            && other.y < self.far()
    }

    /// Whether `inner` lies wholly inside.
    #[must_use]
    pub fn contains(&self, inner: &Self) -> bool {
        inner.x >= self.x
            && inner.y >= self.y
            && inner.right() <= self.right()
            && inner.far() <= self.far()
    }

    /// The same size, moved so that it lies inside `bounds` as far as it fits.
    #[must_use]
    pub fn moved_into(&self, bounds: &Self) -> Self {
        let x = self.x.min(bounds.right() - self.width).max(bounds.x);
        let y = self.y.min(bounds.far() - self.height).max(bounds.y);
        Self { x, y, ..*self }
    }
}

/// Clockwise turn of the page when shown (`/Rotate`, ISO 32000-2, table 31).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Rotation {
    /// Shown as written.
    #[default]
    Upright,
    /// 90° clockwise.
    Quarter,
    /// 180°.
    Half,
    /// 270° clockwise.
    ThreeQuarter,
}

impl Rotation {
    /// From the value of `/Rotate`, any multiple of 90 (negative too); other values count as 0, as viewers do.
    #[must_use]
    pub const fn from_degrees(degrees: i64) -> Self {
        match degrees.rem_euclid(360) {
            90 => Self::Quarter,
            180 => Self::Half,
            270 => Self::ThreeQuarter,
            _ => Self::Upright,
        }
    }

    /// Degrees clockwise: 0, 90, 180 or 270.
    #[must_use]
    pub const fn degrees(self) -> u16 {
        match self {
            Self::Upright => 0,
            Self::Quarter => 90,
            Self::Half => 180,
            Self::ThreeQuarter => 270,
        }
    }
}

/// The boxes of one page that decide where things stand.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PageGeometry {
    /// CropBox intersected with MediaBox, in user space.
    pub crop_box: Rect,
    /// `/Rotate`.
    pub rotation: Rotation,
    /// `/UserUnit`: points of 1/72 inch in one user unit, 1 by default.
    pub user_unit: f64,
}

impl PageGeometry {
    /// Size of the upright page in points.
    #[must_use]
    pub fn view_size(&self) -> Size {
        let (width, height) = (
            self.crop_box.width * self.user_unit,
            self.crop_box.height * self.user_unit,
        );
        match self.rotation {
            Rotation::Upright | Rotation::Half => Size { width, height },
            Rotation::Quarter | Rotation::ThreeQuarter => Size {
                width: height,
                height: width,
            },
        }
    }

    /// The whole page as a view-space rectangle.
    #[must_use]
    pub fn view_bounds(&self) -> Rect {
        let Size { width, height } = self.view_size();
        Rect {
            x: 0.0,
            y: 0.0,
            width,
            height,
        }
    }

    /// A point of user space as seen.
    #[must_use]
    pub fn point_to_view(&self, user: Point) -> Point {
        let left = (user.x - self.crop_box.x) * self.user_unit;
        let bottom = (user.y - self.crop_box.y) * self.user_unit;
        let right = self.crop_box.width * self.user_unit - left;
        let top = self.crop_box.height * self.user_unit - bottom;
        match self.rotation {
            Rotation::Upright => Point { x: left, y: top },
            Rotation::Quarter => Point { x: bottom, y: left },
            Rotation::Half => Point {
                x: right,
                y: bottom,
            },
            Rotation::ThreeQuarter => Point { x: top, y: right },
        }
    }

    /// A point of view space where the file has it.
    #[must_use]
    pub fn point_to_user(&self, view: Point) -> Point {
        let unit = self.user_unit;
        let (x, y) = (view.x / unit, view.y / unit);
        let (width, height) = (self.crop_box.width, self.crop_box.height);
        let (left, bottom) = match self.rotation {
            Rotation::Upright => (x, height - y),
            Rotation::Quarter => (y, x),
            Rotation::Half => (width - x, y),
            Rotation::ThreeQuarter => (width - y, height - x),
        };
        Point {
            x: self.crop_box.x + left,
            y: self.crop_box.y + bottom,
        }
    }

    /// A rectangle of user space as seen.
    #[must_use]
    pub fn rect_to_view(&self, user: Rect) -> Rect {
        Rect::from_corners(
            self.point_to_view(Point {
                x: user.x,
                y: user.y,
            }),
            self.point_to_view(Point {
                x: user.right(),
                y: user.far(),
            }),
        )
    }

    /// A rectangle of view space where the file has it.
    #[must_use]
    pub fn rect_to_user(&self, view: Rect) -> Rect {
        Rect::from_corners(
            self.point_to_user(Point {
                x: view.x,
                y: view.y,
            }),
            self.point_to_user(Point {
                x: view.right(),
                y: view.far(),
            }),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_geometry() -> impl Strategy<Value = PageGeometry> {
        (
            -500.0..500.0,
            -500.0..500.0,
            10.0..2000.0,
            10.0..2000.0,
            0_i64..4,
            0.5..4.0,
        )
            .prop_map(|(x, y, width, height, quarter, user_unit)| PageGeometry {
                crop_box: Rect {
                    x,
                    y,
                    width,
                    height,
                },
                rotation: Rotation::from_degrees(quarter * 90),
                user_unit,
            })
    }

    proptest! {
        #[test]
        fn view_and_user_space_are_inverse(geometry in any_geometry(), x in 0.0..1000.0, y in 0.0..1000.0) {
            let there = geometry.point_to_user(Point { x, y });
            let back = geometry.point_to_view(there);
            prop_assert!((back.x - x).abs() < 1e-6 && (back.y - y).abs() < 1e-6);
        }

        #[test]
        fn the_crop_box_is_the_whole_view(geometry in any_geometry()) {
            let seen = geometry.rect_to_view(geometry.crop_box);
            let whole = geometry.view_bounds();
            prop_assert!((seen.width - whole.width).abs() < 1e-6 && (seen.height - whole.height).abs() < 1e-6);
            prop_assert!(seen.x.abs() < 1e-6 && seen.y.abs() < 1e-6);
        }
    }

    #[test]
    fn a_quarter_turn_puts_the_lower_left_corner_at_the_top_left() {
        let geometry = PageGeometry {
            crop_box: Rect {
                x: 0.0,
                y: 0.0,
                width: 100.0,
                height: 200.0,
            },
            rotation: Rotation::Quarter,
            user_unit: 1.0,
        };
        assert_eq!(
            geometry.point_to_view(Point { x: 0.0, y: 0.0 }),
            Point { x: 0.0, y: 0.0 }
        );
    }
}
