//! What is wrong with where a box stands, and where it would be better. Pure, in view space.

use super::geometry::{MM, READABLE};
use crate::text::{fill, t};
use contract::geometry::Rect;

/// Farthest a box is moved to be better, in steps of a millimetre.
const FAR: u32 = 120;

/// Most of a line's box that counts as air above and below its letters, in points.
const SLACK: f64 = 3.0;

/// Which way to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// `xuống`.
    Down,
    /// `sang phải`.
    Right,
    /// `lên`.
    Up,
    /// `sang trái`.
    Left,
}

impl Direction {
    /// In the order in which they are preferred where two are as near.
    const ALL: [Self; 4] = [Self::Down, Self::Right, Self::Up, Self::Left];

    /// As people say it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Down => t("xuống"),
            Self::Right => t("sang phải"),
            Self::Up => t("lên"),
            Self::Left => t("sang trái"),
        }
    }

    const fn unit(self) -> (f64, f64) {
        match self {
            Self::Down => (0.0, 1.0),
            Self::Right => (1.0, 0.0),
            Self::Up => (0.0, -1.0),
            Self::Left => (-1.0, 0.0),
        }
    }
}

/// A better place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Better {
    /// Which way.
    pub direction: Direction,
    /// How far, in millimetres.
    pub millimetres: u32,
    /// There.
    pub rect: Rect,
}

/// One thing to tell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Warning {
    /// It lies over a signature that is there: signing is not offered.
    OverSignature(Option<Better>),
    /// It covers letters.
    OverText(Option<Better>),
    /// Letters may be hard to read.
    Small,
}

impl Warning {
    /// Whether signing has to wait.
    pub const fn blocks(&self) -> bool {
        matches!(self, Self::OverSignature(_))
    }

    /// Where it would be better.
    pub const fn better(&self) -> Option<Better> {
        match self {
            Self::OverSignature(better) | Self::OverText(better) => *better,
            Self::Small => None,
        }
    }

    /// The sentence.
    pub fn sentence(&self) -> String {
        match self {
            Self::OverSignature(_) => {
                t("Ô ký trùng với chữ ký đã có. Hãy dời ô ký để ký được.").to_owned()
            }
            Self::OverText(Some(better)) => fill(
                "Ô ký đang che chữ. Nên dời {} {}.",
                &[
                    &better.direction.word(),
                    &format!("{}\u{a0}mm", better.millimetres),
                ],
            ),
            Self::OverText(None) => t("Ô ký đang che chữ. Hãy dời ô ký tới chỗ trống.").to_owned(),
            Self::Small => t("Ô ký nhỏ hơn 30 × 12 mm, chữ có thể khó đọc.").to_owned(),
        }
    }
}

/// What of a page is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'a> {
    /// The page.
    pub bounds: &'a Rect,
    /// Lines with letters.
    pub text: &'a [Rect],
    /// Signatures that are there.
    pub signatures: &'a [Rect],
}

impl Surroundings<'_> {
    fn covers_text(&self, rect: &Rect) -> bool {
        // Boxes of lines are as high as the tallest letter could be: what is touched only is not covered.
        self.text.iter().any(|line| {
            let slack = (line.height * 0.2).min(SLACK);
            let core = Rect {
                y: line.y + slack,
                height: line.height - 2.0 * slack,
                ..*line
            };
            rect.overlaps(&core)
        })
    }

    fn covers_signature(&self, rect: &Rect) -> bool {
        self.signatures.iter().any(|other| rect.overlaps(other))
    }

    fn is_free(&self, rect: &Rect) -> bool {
        self.bounds.contains(rect) && !self.covers_text(rect) && !self.covers_signature(rect)
    }

    /// The nearest free place straight down, right, up or left; with `text_too` false letters may be covered.
    fn better(&self, rect: &Rect, text_too: bool) -> Option<Better> {
        (1..=FAR).find_map(|millimetres| {
            Direction::ALL.into_iter().find_map(|direction| {
                let (x, y) = direction.unit();
                let by = f64::from(millimetres) * MM;
                let there = Rect {
                    x: rect.x + x * by,
                    y: rect.y + y * by,
                    ..*rect
                };
                let good = if text_too {
                    self.is_free(&there)
                } else {
                    self.bounds.contains(&there) && !self.covers_signature(&there)
                };
                good.then_some(Better {
                    direction,
                    millimetres,
                    rect: there,
                })
            })
        })
    }

    /// Everything to tell of a box, the gravest first.
    pub fn warnings(&self, rect: &Rect) -> Vec<Warning> {
        let mut told = Vec::new();
        if self.covers_signature(rect) {
            let better = self.better(rect, true).or_else(|| self.better(rect, false));
            told.push(Warning::OverSignature(better));
        } else if self.covers_text(rect) {
            told.push(Warning::OverText(self.better(rect, true)));
        }
        // A hair less than the limit is rounding.
        if rect.width < READABLE.width - 0.5 || rect.height < READABLE.height - 0.5 {
            told.push(Warning::Small);
        }
        told
    }

    /// A white place for a box of this size: from the lower right corner upward, then leftward; the corner itself when there is none.
    pub fn white(&self, width: f64, height: f64) -> Rect {
        const MARGIN: f64 = 15.0 * MM;
        let corner = Rect {
            x: self.bounds.right() - width - MARGIN,
            y: self.bounds.far() - height - MARGIN,
            width,
            height,
        }
        .moved_into(self.bounds);
        let steps = |from: f64, least: f64| {
            (0..120)
                .map(move |step| from - f64::from(step) * 3.0 * MM)
                .take_while(move |at| *at >= least)
        };
        steps(corner.y, self.bounds.y)
            .find_map(|y| {
                steps(corner.x, self.bounds.x)
                    .map(|x| Rect { x, y, ..corner })
                    .find(|rect| self.is_free(rect))
            })
            .unwrap_or(corner)
    }
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

    fn at(x: f64, y: f64) -> Rect {
        Rect {
            x,
            y,
            width: 170.0,
            height: 60.0,
        }
    }

    fn page<'a>(text: &'a [Rect], signatures: &'a [Rect]) -> Surroundings<'a> {
        Surroundings {
            bounds: &PAGE,
            text,
            signatures,
        }
    }

    #[wasm_bindgen_test]
    fn a_box_on_white_has_nothing_to_tell() {
        let line = Rect {
            x: 80.0,
            y: 100.0,
            width: 400.0,
            height: 14.0,
        };
        assert_eq!(page(&[line], &[]).warnings(&at(300.0, 600.0)), []);
        // Standing on a line is not covering it.
        assert_eq!(page(&[line], &[]).warnings(&at(300.0, 42.0)), []);
    }

    #[wasm_bindgen_test]
    fn a_box_over_text_is_told_how_far_to_go() {
        let line = Rect {
            x: 80.0,
            y: 300.0,
            width: 400.0,
            height: 14.0,
        };
        let told = page(&[line], &[]).warnings(&at(200.0, 290.0));
        let [only] = told.as_slice() else {
            panic!("{told:?}");
        };
        let better = only.better().expect("white below");
        assert_eq!((better.direction, better.millimetres), (Direction::Down, 8));
        assert_eq!(
            only.sentence(),
            "Ô ký đang che chữ. Nên dời xuống 8\u{a0}mm."
        );
        assert!(!only.blocks());
        assert_eq!(page(&[line], &[]).warnings(&better.rect), []);
    }

    #[wasm_bindgen_test]
    fn a_page_full_of_text_has_no_better_place_to_offer() {
        let full = Rect {
            x: 0.0,
            y: 0.0,
            width: 595.0,
            height: 842.0,
        };
        let told = page(&[full], &[]).warnings(&at(200.0, 290.0));
        assert_eq!(told, [Warning::OverText(None)]);
    }

    #[wasm_bindgen_test]
    fn a_signature_that_is_there_blocks_and_the_way_out_is_offered() {
        let told = page(&[], &[at(300.0, 700.0)]).warnings(&at(330.0, 710.0));
        let [only] = told.as_slice() else {
            panic!("{told:?}");
        };
        assert!(only.blocks());
        let better = only.better().expect("a way out");
        assert!(!better.rect.overlaps(&at(300.0, 700.0)));
        assert!(PAGE.contains(&better.rect));
    }

    #[wasm_bindgen_test]
    fn a_small_box_is_told_but_not_refused() {
        let small = Rect {
            width: 20.0 * MM,
            height: 12.0 * MM,
            ..at(300.0, 300.0)
        };
        assert_eq!(page(&[], &[]).warnings(&small), [Warning::Small]);
    }

    #[wasm_bindgen_test]
    fn the_white_place_is_free_and_low_on_the_right() {
        let foot = Rect {
            x: 60.0,
            y: 720.0,
            width: 480.0,
            height: 60.0,
        };
        let place = page(&[foot], &[]).white(170.0, 60.0);
        assert!(
            place.far() <= foot.y + SLACK && place.x > 300.0,
            "{place:?}"
        );
        let full = PAGE;
        assert!(PAGE.contains(&page(&[full], &[]).white(170.0, 60.0)));
    }
}
