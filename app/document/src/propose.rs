//! Where a signature belongs: below a title such as "NGƯỜI LÀM ĐƠN", above a printed name, where the page is white.

use crate::draw::Picture;
use crate::open::Document;
use contract::geometry::{Rect, Size};
use contract::text::{Hit, PageText, Place, Proposal, ProposalReason, Quad};

/// Distance kept from text, in points.
const CLEAR: f64 = 3.0;
/// Distance kept from the edge of the page, in points.
const MARGIN: f64 = 18.0;
/// How far from the keyword white space is looked for, in points.
const REACH: f64 = 170.0;
/// Scale of the picture that is looked at for lines, stamps and images, in pixels per point.
const LOOK_SCALE: f64 = 0.5;

/// What stands on a page.
struct Sheet {
    bounds: Rect,
    taken: Vec<Rect>,
    picture: Option<Picture>,
}

impl Sheet {
    fn read(
        document: &Document,
        page: u32,
        text: &PageText,
        occupied: &[(u32, Rect)],
    ) -> Option<Self> {
        let bounds = document.geometry(page).ok()?.view_bounds();
        let mut taken: Vec<Rect> = text.lines.iter().map(|line| around(&line.quad)).collect();
        taken.extend(
            occupied
                .iter()
                .filter(|(on, _)| *on == page)
                .map(|(_, rect)| *rect),
        );
        Some(Self {
            bounds,
            taken,
            picture: document.render(page, LOOK_SCALE).ok(),
        })
    }

    fn is_free(&self, rect: &Rect) -> bool {
        let inner = Rect {
            x: self.bounds.x + MARGIN,
            y: self.bounds.y + MARGIN,
            width: self.bounds.width - 2.0 * MARGIN,
            height: self.bounds.height - 2.0 * MARGIN,
        };
        let clear = Rect {
            x: rect.x - CLEAR,
            y: rect.y - CLEAR,
            width: rect.width + 2.0 * CLEAR,
            height: rect.height + 2.0 * CLEAR,
        };
        inner.contains(rect)
            && !self.taken.iter().any(|other| other.overlaps(&clear))
            && self.is_white(rect)
    }

    /// Whether (nearly) nothing is painted there. A scan has noise: one dark pixel in a hundred is no letter.
    fn is_white(&self, rect: &Rect) -> bool {
        let Some(picture) = &self.picture else {
            return true;
        };
        let scale = f64::from(picture.width) / self.bounds.width.max(1.0);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        // clamped into the picture
        let pixel = |value: f64, most: u32| (value * scale).clamp(0.0, f64::from(most)) as usize;
        let (left, right) = (
            pixel(rect.x, picture.width),
            pixel(rect.right(), picture.width),
        );
        let (top, bottom) = (
            pixel(rect.y, picture.height),
            pixel(rect.far(), picture.height),
        );
        let width = usize::try_from(picture.width).unwrap_or(0);
        let (mut dark, mut all) = (0_usize, 0_usize);
        for row in top..bottom {
            let line = picture
                .rgba
                .get((row * width + left) * 4..(row * width + right) * 4)
                .unwrap_or_default();
            for pixel in line.chunks_exact(4) {
                all += 1;
                dark += usize::from(pixel.iter().take(3).any(|part| *part < 200));
            }
        }
        dark * 100 <= all
    }
}

/// The upright rectangle around a quad.
fn around(quad: &Quad) -> Rect {
    let x = |pick: fn(f64, f64) -> f64, start: f64| {
        quad.iter().fold(start, |best, corner| pick(best, corner.x))
    };
    let y = |pick: fn(f64, f64) -> f64, start: f64| {
        quad.iter().fold(start, |best, corner| pick(best, corner.y))
    };
    let (left, right) = (x(f64::min, f64::MAX), x(f64::max, f64::MIN));
    let (top, bottom) = (y(f64::min, f64::MAX), y(f64::max, f64::MIN));
    Rect {
        x: left,
        y: top,
        width: right - left,
        height: bottom - top,
    }
}

/// Sizes that are tried: the wanted one, then smaller ones.
fn sizes(size: Size) -> [Size; 3] {
    [1.0, 0.85, 0.7].map(|part| Size {
        width: size.width * part,
        height: size.height * part,
    })
}

impl Document {
    /// Proposes places for a box of `size` points: beside each occurrence of the keyword, the last signature block first.
    #[must_use]
    pub fn propose(&self, keyword: &str, size: Size, occupied: &[(u32, Rect)]) -> Proposal {
        let (mut found, mut crowded, mut has_text) = (Vec::new(), Vec::new(), false);
        // From the last page backwards: signatures stand at the end.
        for page in (0..self.page_count()).rev() {
            let Ok(text) = self.text(page) else { continue };
            has_text |= !text.lines.is_empty();
            let hits: Vec<_> = crate::locate::spans(&text, keyword)
                .iter()
                .map(|spans| crate::locate::shown(&text.lines, spans))
                .collect();
            if hits.is_empty() {
                continue;
            }
            let Some(sheet) = Sheet::read(self, page, &text, occupied) else {
                continue;
            };
            let mut hits: Vec<Hit> = hits
                .into_iter()
                .map(|(quads, text)| Hit { page, quads, text })
                .collect();
            let top = |hit: &Hit| hit.quads.first().map_or(0.0, |quad| around(quad).y);
            hits.sort_by(|a, b| top(b).total_cmp(&top(a)));
            for hit in hits {
                let Some(anchor) = hit.quads.last().map(around) else {
                    continue;
                };
                match beside(&sheet, &anchor, size) {
                    Some(rect) => found.push(Place {
                        page,
                        rect,
                        anchor: Some(hit),
                    }),
                    None => crowded.push(Place {
                        page,
                        rect: nearest(&sheet, &anchor, size),
                        anchor: Some(hit),
                    }),
                }
            }
            if found.len() >= 20 {
                break;
            }
        }
        let reason = match (found.is_empty(), crowded.is_empty(), has_text) {
            (false, ..) => ProposalReason::Keyword,
            (true, false, _) => ProposalReason::KeywordCrowded,
            (true, true, true) => ProposalReason::KeywordNotFound,
            (true, true, false) => ProposalReason::NoText,
        };
        found.extend(crowded);
        if found.is_empty() {
            found.extend(self.lower_right(size, occupied));
        }
        Proposal {
            places: found,
            reason,
        }
    }

    /// The lowest white place at the right of the last page.
    fn lower_right(&self, size: Size, occupied: &[(u32, Rect)]) -> Option<Place> {
        let page = self.page_count().checked_sub(1)?;
        let text = self.text(page).unwrap_or_default();
        let sheet = Sheet::read(self, page, &text, occupied)?;
        let corner = Rect {
            x: sheet.bounds.right() - size.width - 2.0 * MARGIN,
            y: sheet.bounds.far() - size.height - 2.0 * MARGIN,
            width: size.width,
            height: size.height,
        };
        let mut rect = corner;
        while rect.y > sheet.bounds.height * 0.3 {
            if sheet.is_free(&rect) {
                return Some(Place {
                    page,
                    rect,
                    anchor: None,
                });
            }
            rect.y -= 12.0;
        }
        Some(Place {
            page,
            rect: corner.moved_into(&sheet.bounds),
            anchor: None,
        })
    }
}

/// White space around an anchor: above a printed name, else below, above, right, left.
fn beside(sheet: &Sheet, anchor: &Rect, size: Size) -> Option<Rect> {
    sizes(size).into_iter().find_map(|size| {
        let x = anchor.x + (anchor.width - size.width) / 2.0;
        let inside = |rect: Rect| {
            let bounds = Rect {
                x: MARGIN,
                y: MARGIN,
                width: sheet.bounds.width - 2.0 * MARGIN,
                height: sheet.bounds.height - 2.0 * MARGIN,
            };
            Rect {
                x: rect.moved_into(&bounds).x,
                ..rect
            }
        };
        let at = |y: f64| {
            inside(Rect {
                x,
                y,
                width: size.width,
                height: size.height,
            })
        };
        let below = || {
            // A note such as "(Ký, ghi rõ họ tên)" may stand between the title and the space for the signature.
            steps(REACH - size.height)
                .map(|gap| at(anchor.far() + CLEAR + gap))
                .find(|rect| sheet.is_free(rect))
        };
        let above = || {
            steps(REACH / 2.0)
                .map(|gap| at(anchor.y - CLEAR - gap - size.height))
                .find(|rect| sheet.is_free(rect))
        };
        let level = anchor.y + (anchor.height - size.height) / 2.0;
        let beside = |x: f64| Rect {
            x,
            y: level,
            width: size.width,
            height: size.height,
        };
        let right =
            || Some(beside(anchor.right() + 2.0 * CLEAR)).filter(|rect| sheet.is_free(rect));
        let left =
            || Some(beside(anchor.x - 2.0 * CLEAR - size.width)).filter(|rect| sheet.is_free(rect));
        if is_printed_name(sheet, anchor, size) {
            above().or_else(below).or_else(right).or_else(left)
        } else {
            below().or_else(right).or_else(left).or_else(above)
        }
    })
}

/// Distances from the anchor, a few points at a time.
fn steps(most: f64) -> impl Iterator<Item = f64> {
    (0..40)
        .map(|step| f64::from(step) * 4.0)
        .take_while(move |gap| *gap <= most.max(0.0))
}

/// A printed name under a space left for its signature: white right above it, and a title above that.
fn is_printed_name(sheet: &Sheet, anchor: &Rect, size: Size) -> bool {
    let gap = Rect {
        x: anchor.x,
        y: anchor.y - CLEAR - size.height * 0.7,
        width: anchor.width,
        height: size.height * 0.7,
    };
    let title = Rect {
        x: anchor.x - 20.0,
        y: anchor.y - REACH,
        width: anchor.width + 40.0,
        height: REACH - size.height * 0.7 - CLEAR,
    };
    sheet.is_free(&gap) && sheet.taken.iter().any(|other| other.overlaps(&title))
}

/// As near as possible when nothing is white: below the anchor, inside the page, off other signatures where it can be.
fn nearest(sheet: &Sheet, anchor: &Rect, size: Size) -> Rect {
    Rect {
        x: anchor.x + (anchor.width - size.width) / 2.0,
        y: anchor.far() + CLEAR,
        width: size.width,
        height: size.height,
    }
    .moved_into(&sheet.bounds)
}
