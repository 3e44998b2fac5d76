//! White space for a box around an anchor, as Vietnamese forms have it: title, "(Ký, ghi rõ họ tên)", white, printed name.

use super::anchor::{Anchor, Kind, is_leader_line};
use super::sheet::{CLEAR, Sheet};
use contract::fold::fold;
use contract::geometry::{Point, Rect, Size};
use contract::text::PageText;

/// How far from the anchor white space is looked for, in points.
const REACH: f64 = 170.0;
/// Most lines of a note under a title.
const NOTE_MAX: usize = 4;

/// Sizes that are tried: the wanted one, then smaller ones of the same shape.
pub(crate) const SIZES: [f64; 4] = [1.0, 0.85, 0.7, 0.6];

/// The page turned so that an anchor reads from left to right.
struct Turn {
    along: Point,
}

impl Turn {
    fn of(anchor: &Anchor) -> Self {
        let (dx, dy) = anchor
            .hit
            .quads
            .first()
            .map_or((1.0, 0.0), |[from, to, ..]| (to.x - from.x, to.y - from.y));
        let along = if dx.abs() >= dy.abs() {
            Point {
                x: 1.0_f64.copysign(dx),
                y: 0.0,
            }
        } else {
            Point {
                x: 0.0,
                y: 1.0_f64.copysign(dy),
            }
        };
        Self { along }
    }

    fn to_frame(&self, rect: &Rect) -> Rect {
        let Point { x, y } = self.along;
        let turn = |px: f64, py: f64| Point {
            x: px * x + py * y,
            y: py * x - px * y,
        };
        Rect::from_corners(turn(rect.x, rect.y), turn(rect.right(), rect.far()))
    }

    fn to_view(&self, rect: &Rect) -> Rect {
        let Point { x, y } = self.along;
        let turn = |px: f64, py: f64| Point {
            x: px * x - py * y,
            y: px * y + py * x,
        };
        Rect::from_corners(turn(rect.x, rect.y), turn(rect.right(), rect.far()))
    }

    /// A box keeps its shape on the page, so that it lies on its side in the frame of turned text.
    fn size(&self, size: Size) -> Size {
        if self.along.y == 0.0 {
            size
        } else {
            Size {
                width: size.height,
                height: size.width,
            }
        }
    }
}

/// An anchor on its page.
pub(crate) struct Spot<'a> {
    sheet: &'a Sheet,
    text: &'a PageText,
    anchor: &'a Anchor,
    turn: Turn,
    /// The lines of the page, what is drawn, the anchor and the inner page, turned.
    lines: Vec<Rect>,
    ink: Vec<Rect>,
    title: Rect,
    inner: Rect,
    /// Where the note under the title ends.
    bottom: f64,
    /// Whether there is one.
    pub(crate) has_note: bool,
}

impl<'a> Spot<'a> {
    pub(crate) fn new(sheet: &'a Sheet, text: &'a PageText, anchor: &'a Anchor) -> Self {
        let turn = Turn::of(anchor);
        let lines: Vec<Rect> = sheet.lines.iter().map(|line| turn.to_frame(line)).collect();
        let ink: Vec<Rect> = sheet.ink.iter().map(|line| turn.to_frame(line)).collect();
        let title = turn.to_frame(&anchor.rect);
        let inner = turn.to_frame(&sheet.inner());
        let mut spot = Self {
            sheet,
            text,
            anchor,
            turn,
            lines,
            ink,
            title,
            inner,
            bottom: title.far(),
            has_note: false,
        };
        spot.read_note();
        spot
    }

    /// Lines right below the title that say how to sign: in brackets, or more of the title in capitals.
    fn read_note(&mut self) {
        let mut is_open = false;
        for _ in 0..NOTE_MAX {
            // Notes stand as far off as the lines of a web page do.
            let next = self
                .below(self.bottom - 0.3 * self.title.height)
                .find(|(_, line)| {
                    let aside = line.x + line.width / 2.0 - self.title.x - self.title.width / 2.0;
                    line.y - self.bottom < 2.5 * self.title.height
                        && aside.abs() < self.title.width.max(line.width) * 0.6
                });
            let Some((text, line)) = next else { return };
            let trimmed = text.trim();
            let opens = trimmed.starts_with('(');
            let more = line.y - self.bottom < 0.9 * self.title.height
                && !trimmed.chars().any(char::is_lowercase)
                && trimmed.chars().any(char::is_alphabetic)
                && !self.has_note;
            let says = fold(trimmed).starts_with("ky ") || fold(trimmed).starts_with("ky,");
            if !(opens || is_open || more || says) {
                return;
            }
            is_open = (is_open || opens) && !trimmed.contains(')');
            self.has_note |= opens || says;
            self.bottom = self.bottom.max(line.far());
        }
    }

    /// Lines that begin below a height and share some width with the title, from top to bottom.
    fn below(&self, height: f64) -> impl Iterator<Item = (&str, Rect)> {
        let mut found: Vec<(&str, Rect)> = self
            .text
            .lines
            .iter()
            .zip(&self.lines)
            .enumerate()
            .filter(|(place, (_, rect))| {
                rect.y >= height
                    && rect.x < self.title.right()
                    && self.title.x < rect.right()
                    && !self.anchor.lines.contains(place)
            })
            .map(|(_, (line, rect))| (line.text.as_str(), *rect))
            .collect();
        found.sort_by(|(_, a), (_, b)| a.y.total_cmp(&b.y));
        found.into_iter()
    }

    fn is_free(&self, rect: &Rect, but: &[usize]) -> bool {
        self.sheet.is_free(&self.turn.to_view(rect), but)
    }

    /// How far a box may reach to both sides: half way to what stands beside the title, so that blocks side by side keep apart.
    fn lane(&self) -> (f64, f64) {
        let (mut left, mut right) = (self.inner.x, self.inner.right());
        for line in &self.lines {
            if line.y >= self.bottom || line.far() <= self.title.y {
                continue;
            }
            if line.right() <= self.title.x + 1.0 {
                left = left.max(f64::midpoint(line.right(), self.title.x));
            }
            if line.x + 1.0 >= self.title.right() {
                right = right.min(f64::midpoint(line.x, self.title.right()));
            }
        }
        // The cell it stands in.
        for line in &self.ink {
            if line.y >= self.bottom || line.far() <= self.title.y {
                continue;
            }
            if line.right() <= self.title.x {
                left = left.max(line.right() + CLEAR);
            }
            if line.x >= self.title.right() {
                right = right.min(line.x - CLEAR);
            }
        }
        (left, right)
    }

    /// Left edges that are tried for a box of this width, the middle of the title first.
    fn lefts(&self, width: f64) -> Vec<f64> {
        let (left, right) = self.lane();
        let middle = self.title.x + (self.title.width - width) / 2.0;
        if right - left < width {
            return Vec::new();
        }
        let mut lefts: Vec<f64> = [0.0, -0.12, 0.12, -0.25, 0.25, -0.4, 0.4]
            .iter()
            .map(|part| (middle + part * width).clamp(left, right - width))
            .collect();
        lefts.dedup();
        lefts
    }

    /// White space for a box, on the page as seen.
    pub(crate) fn white(&self, size: Size) -> Option<Rect> {
        let size = self.turn.size(size);
        let smaller = |part: &f64| Size {
            width: size.width * part,
            height: size.height * part,
        };
        // A small box between title and name is better than a large one under the name.
        let over_name = SIZES
            .iter()
            .map(smaller)
            .filter(|size| self.is_printed_name(*size))
            .find_map(|size| self.above(size));
        if let Some(found) = over_name {
            return Some(self.turn.to_view(&found));
        }
        let found = SIZES.iter().map(smaller).find_map(|size| {
            if self.anchor.kind == Kind::Label {
                if let Some(found) = self.on_leader(size) {
                    return Some(found);
                }
                return self
                    .beside(size)
                    .or_else(|| self.under(size, &[]))
                    .or_else(|| self.above(size));
            }
            self.under(size, &[])
        });
        let found = found.or_else(|| {
            // A line to write on may be covered; what stands beside the title is the last choice.
            let dotted: Vec<usize> = (0..)
                .zip(&self.text.lines)
                .filter(|(_, line)| is_leader_line(line))
                .map(|(place, _)| place)
                .collect();
            SIZES.iter().map(smaller).find_map(|size| {
                let on_dots = if dotted.is_empty() {
                    None
                } else {
                    self.under(size, &dotted)
                };
                on_dots
                    .or_else(|| self.beside(size))
                    .or_else(|| self.above(size))
            })
        });
        found.map(|rect| self.turn.to_view(&rect))
    }

    /// Below title and note, but not beyond the next text.
    fn under(&self, size: Size, but: &[usize]) -> Option<Rect> {
        let first = self.bottom + CLEAR + 1.0;
        self.lefts(size.width).into_iter().find_map(|x| {
            // The edge of its cell, or a line to write on.
            let is_ruled = |line: &&Rect| {
                line.y >= self.bottom
                    && line.height < 1.0
                    && line.x < self.title.right()
                    && self.title.x < line.right()
            };
            let ruled = self.ink.iter().filter(is_ruled).map(|line| line.y);
            let next = self
                .lines
                .iter()
                .enumerate()
                .filter(|(place, line)| {
                    line.y >= self.bottom - 1.0
                        && line.x < x + size.width
                        && x < line.right()
                        && !but.contains(place)
                })
                .map(|(_, line)| line.y)
                .chain(ruled)
                .fold(self.inner.far().min(first + REACH), f64::min);
            let slack = next - CLEAR - size.height - first;
            if slack < 0.0 {
                return None;
            }
            // A little air under the note, and what is in the way is stepped over.
            let start = first + (slack / 3.0).min(6.0);
            steps(slack.min(REACH))
                .map(|gap| Rect {
                    x,
                    y: start + gap,
                    width: size.width,
                    height: size.height,
                })
                .take_while(|rect| rect.far() + CLEAR <= next)
                .find(|rect| self.is_free(rect, but))
        })
    }

    /// Above a printed name, near it, but not beyond the text over it.
    fn above(&self, size: Size) -> Option<Rect> {
        self.lefts(size.width).into_iter().find_map(|x| {
            let over = self
                .lines
                .iter()
                .filter(|line| {
                    line.far() <= self.title.y + 1.0 && line.x < x + size.width && x < line.right()
                })
                .map(Rect::far)
                .fold(self.inner.y, f64::max);
            steps(REACH / 2.0)
                .map(|gap| Rect {
                    x,
                    y: self.title.y - CLEAR - 1.0 - gap - size.height,
                    width: size.width,
                    height: size.height,
                })
                .take_while(|rect| rect.y - CLEAR >= over)
                .find(|rect| self.is_free(rect, &[]))
        })
    }

    /// To the right, else to the left, on the same height.
    fn beside(&self, size: Size) -> Option<Rect> {
        let at = |x: f64, y: f64| Rect {
            x,
            y,
            width: size.width,
            height: size.height,
        };
        let level = self.title.y + (self.title.height - size.height) / 2.0;
        let lifts = [0.0, 0.5, -0.5].map(|part| level + part * (size.height - self.title.height));
        let sides = [
            self.title.right() + 2.0 * CLEAR,
            self.title.x - 2.0 * CLEAR - size.width,
        ];
        sides
            .into_iter()
            .flat_map(|x| lifts.map(|y| at(x, y)))
            .find(|rect| self.is_free(rect, &[]))
    }

    /// On the dots behind a label.
    fn on_leader(&self, size: Size) -> Option<Rect> {
        let leader = self.turn.to_frame(&self.anchor.leader?);
        let own = self.anchor.lines.last().copied()?;
        let line = self.lines.get(own)?;
        let is_last = line.right() - leader.right() < 2.0;
        let x = leader.x + ((leader.width - size.width) / 2.0).max(0.0);
        if x + size.width > leader.right() + 1.0 && !is_last {
            return None;
        }
        // Its lower edge a little below the dots, else its middle on them.
        let lower = leader.far() + 2.0 - size.height;
        let middle = leader.y + (leader.height - size.height) / 2.0;
        [lower, middle, leader.y]
            .into_iter()
            .map(|y| Rect {
                x: x.min(self.inner.right() - size.width).max(leader.x),
                y,
                width: size.width,
                height: size.height,
            })
            .find(|rect| self.is_free(rect, &[own]))
    }

    /// A printed name under a space left for its signature: white above it, and a title or a note above that.
    fn is_printed_name(&self, size: Size) -> bool {
        if self.has_note {
            return false;
        }
        let over = self
            .text
            .lines
            .iter()
            .zip(&self.lines)
            .filter(|(_, rect)| {
                rect.far() <= self.title.y
                    && rect.x < self.title.right()
                    && self.title.x < rect.right()
            })
            .max_by(|(_, a), (_, b)| a.far().total_cmp(&b.far()));
        let Some((line, rect)) = over else {
            return false;
        };
        let gap = self.title.y - rect.far();
        let is_note =
            line.text.trim_start().starts_with('(') || line.text.trim_end().ends_with(')');
        let is_title = !line.text.chars().any(char::is_lowercase);
        let is_name = self.anchor.hit.text.chars().any(char::is_lowercase);
        (size.height * 0.55..=REACH).contains(&gap) && (is_note || (is_title && is_name))
    }

    /// As near as possible when nothing is white: off signatures at least, where that can be.
    pub(crate) fn nearest(&self, size: Size) -> Rect {
        let size = self.turn.size(size);
        let x = self.title.x + (self.title.width - size.width) / 2.0;
        let at = |x: f64, y: f64| {
            let rect = Rect {
                x,
                y,
                width: size.width,
                height: size.height,
            };
            self.turn.to_view(&rect).moved_into(&self.sheet.bounds)
        };
        let tries = [
            at(x, self.bottom + CLEAR),
            at(self.title.right() + CLEAR, self.title.y),
            at(self.title.x - CLEAR - size.width, self.title.y),
            at(x, self.title.y - CLEAR - size.height),
        ];
        let [first, ..] = tries;
        tries
            .into_iter()
            .find(|rect| self.sheet.is_off_boxes(rect))
            .unwrap_or(first)
    }
}

/// Distances, a few points at a time.
fn steps(most: f64) -> impl Iterator<Item = f64> {
    (0..60)
        .map(|step| f64::from(step) * 3.0)
        .take_while(move |gap| *gap <= most.max(0.0))
}
