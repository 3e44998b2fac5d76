//! Where a signature belongs: below a title such as "NGƯỜI LÀM ĐƠN", above a printed name, on dotted lines, where the page is white.

mod anchor;
mod place;
mod sheet;

use crate::limits::{PAGES_BEFORE, PAGES_FIRST, PAGES_LAST, PLACES_MAX};
use crate::open::Document;
use anchor::{Kind, anchors};
use contract::geometry::{Rect, Size};
use contract::text::{Place, Proposal, ProposalReason};
use place::{SIZES, Spot};
use sheet::{MARGIN, Sheet};

/// Most pages at the end that may be blank when nothing tells where to sign.
const BLANK_PAGES_MAX: u32 = 5;

/// A place and what it is worth: free ones before crowded ones, titles before labels, the last one first.
struct Ranked {
    crowded: bool,
    kind: Kind,
    without_note: bool,
    place: Place,
    /// Place of the anchor on its page.
    down: f64,
    across: f64,
}

impl Document {
    /// Proposes places for a box of `size` points near the occurrences of the keyword, the last signature block first; off the boxes in
    /// `occupied` and the form fields of the file.
    ///
    /// Of a very long document the end is looked at first, then the beginning, and no more than that.
    #[must_use]
    pub fn propose(&self, keyword: &str, size: Size, occupied: &[(u32, Rect)]) -> Proposal {
        let mut occupied = occupied.to_vec();
        let fields = self.with_catalog(crate::form::fields);
        occupied.extend(fields.into_iter().filter_map(|field| field.place));
        let (mut ranked, mut has_text) = (Vec::new(), false);
        let mut enough: Option<u32> = None;
        for page in self.pages_to_look_at() {
            // Further back than that no better block is expected.
            if ranked.len() >= PLACES_MAX
                || enough.is_some_and(|found| found.abs_diff(page) > PAGES_BEFORE)
            {
                break;
            }
            has_text |= self.look(page, keyword, size, &occupied, &mut ranked);
            let is_block = |found: &Ranked| !found.crowded && found.kind == Kind::Title;
            if enough.is_none() && ranked.iter().any(is_block) {
                enough = Some(page);
            }
        }
        ranked.sort_by(|a, b| {
            (a.crowded, a.kind, a.without_note)
                .cmp(&(b.crowded, b.kind, b.without_note))
                .then(b.place.page.cmp(&a.place.page))
                .then(b.down.total_cmp(&a.down))
                .then(b.across.total_cmp(&a.across))
        });
        let reason = match (ranked.first(), has_text) {
            (Some(first), _) if !first.crowded => ProposalReason::Keyword,
            (Some(_), _) => ProposalReason::KeywordCrowded,
            (None, true) => ProposalReason::KeywordNotFound,
            (None, false) => ProposalReason::NoText,
        };
        let mut places: Vec<Place> = ranked.into_iter().map(|found| found.place).collect();
        if places.is_empty() {
            places.extend(self.lower_right(size, &occupied));
        }
        Proposal { places, reason }
    }

    /// From the last page backwards: signatures stand at the end. Attachments may follow a form, so the beginning is looked at too.
    fn pages_to_look_at(&self) -> impl Iterator<Item = u32> + use<> {
        let count = self.page_count();
        let end = count.saturating_sub(PAGES_LAST);
        (end..count).rev().chain((0..end.min(PAGES_FIRST)).rev())
    }

    /// Ranks the occurrences on one page; whether it has any text.
    fn look(
        &self,
        page: u32,
        keyword: &str,
        size: Size,
        occupied: &[(u32, Rect)],
        ranked: &mut Vec<Ranked>,
    ) -> bool {
        let Ok(text) = self.page_text(page) else {
            return false;
        };
        let anchors: Vec<_> = anchors(page, &text, keyword)
            .into_iter()
            .filter(|anchor| anchor.kind != Kind::Sentence)
            .take(PLACES_MAX)
            .collect();
        if !anchors.is_empty()
            && let Some(sheet) = Sheet::read(self, page, &text, occupied)
        {
            for anchor in anchors {
                let spot = Spot::new(&sheet, &text, &anchor);
                let white = spot.white(size);
                ranked.push(Ranked {
                    crowded: white.is_none(),
                    kind: anchor.kind,
                    without_note: !spot.has_note,
                    down: anchor.rect.far(),
                    across: anchor.rect.right(),
                    place: Place {
                        page,
                        rect: white.unwrap_or_else(|| spot.nearest(size)),
                        anchor: Some(anchor.hit.clone()),
                    },
                });
            }
        }
        !text.lines.is_empty()
    }

    /// White space as far down and to the right as there is on the last page that is not blank.
    fn lower_right(&self, size: Size, occupied: &[(u32, Rect)]) -> Option<Place> {
        let last = self.page_count().checked_sub(1)?;
        let read = |page| {
            let text = self.page_text(page).unwrap_or_default();
            Sheet::read(self, page, &text, occupied)
        };
        let (mut page, mut sheet) = (last, read(last)?);
        while sheet.is_blank() && page > 0 && last - page < BLANK_PAGES_MAX {
            match read(page - 1) {
                Some(before) => (page, sheet) = (page - 1, before),
                None => break,
            }
        }
        // A document of blank pages is signed on its last one.
        if sheet.is_blank() {
            (page, sheet) = (last, read(last)?);
        }
        let rect = SIZES
            .iter()
            .find_map(|part| {
                let size = Size {
                    width: size.width * part,
                    height: size.height * part,
                };
                white_corner(&sheet, size)
            })
            .unwrap_or_else(|| corner(&sheet, size).moved_into(&sheet.bounds));
        Some(Place {
            page,
            rect,
            anchor: None,
        })
    }
}

/// The lower right corner inside the margins.
fn corner(sheet: &Sheet, size: Size) -> Rect {
    Rect {
        x: sheet.bounds.right() - size.width - 2.0 * MARGIN,
        y: sheet.bounds.far() - size.height - 2.0 * MARGIN,
        width: size.width,
        height: size.height,
    }
}

/// The lowest white place: at the right, else in the middle, else at the left; in the upper part of the page only when the lower one is full.
fn white_corner(sheet: &Sheet, size: Size) -> Option<Rect> {
    let corner = corner(sheet, size);
    let free = (corner.x - sheet.bounds.x - 2.0 * MARGIN).max(0.0);
    let columns = [0.0, 0.25, 0.5, 0.75, 1.0].map(|part| corner.x - part * free);
    let height = sheet.bounds.height;
    let parts = [(0.45, 1.0), (0.0, 0.45)];
    parts.into_iter().find_map(|(top, bottom)| {
        columns.into_iter().find_map(|x| {
            (0..400)
                .map(|step| corner.y - f64::from(step) * 8.0)
                .skip_while(|y| *y > bottom * height)
                .take_while(|y| *y > top * height)
                .map(|y| Rect { x, y, ..corner })
                .find(|rect| sheet.is_free(rect, &[]))
        })
    })
}
