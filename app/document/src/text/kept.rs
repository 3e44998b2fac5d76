//! Texts that were read once: the lines of the pages used last, and of every page the folded text, which a search goes through.

use crate::limits::{FOLDED_MAX, LINES_MAX};
use crate::locate::Folded;
use contract::text::{PageText, TextLine};
use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

/// What is kept of the pages of one document, within bounds.
#[derive(Default)]
pub(crate) struct Texts(RefCell<Kept>);

#[derive(Default)]
struct Kept {
    texts: HashMap<u32, Rc<PageText>>,
    /// Pages in the order they were read.
    order: VecDeque<u32>,
    lines_bytes: usize,
    folded: HashMap<u32, Rc<Folded>>,
    folded_bytes: usize,
    /// How much had come of the document's resources.
    came: u32,
}

/// Memory that the lines of a page take, nearly.
fn bytes(text: &PageText) -> usize {
    let line = |line: &TextLine| {
        size_of::<TextLine>() + line.text.capacity() + line.advances.capacity() * 8
    };
    text.lines.iter().map(line).sum()
}

impl Texts {
    /// The lines of a page, unless more has come of the document's resources since: then nothing that is kept holds.
    pub(crate) fn text(&self, page: u32, came: u32) -> Option<Rc<PageText>> {
        let mut kept = self.0.try_borrow_mut().ok()?;
        if kept.came != came {
            *kept = Kept {
                came,
                ..Kept::default()
            };
        }
        kept.texts.get(&page).cloned()
    }

    /// Keeps the lines of a page; the ones read first make room.
    pub(crate) fn keep(&self, page: u32, text: &Rc<PageText>) {
        let Ok(mut kept) = self.0.try_borrow_mut() else {
            return;
        };
        kept.lines_bytes += bytes(text);
        if let Some(before) = kept.texts.insert(page, Rc::clone(text)) {
            kept.lines_bytes = kept.lines_bytes.saturating_sub(bytes(&before));
        } else {
            kept.order.push_back(page);
        }
        while kept.lines_bytes > LINES_MAX && kept.order.len() > 1 {
            let oldest = kept.order.pop_front();
            if let Some(gone) = oldest.and_then(|page| kept.texts.remove(&page)) {
                kept.lines_bytes = kept.lines_bytes.saturating_sub(bytes(&gone));
            }
        }
    }

    /// The folded text of a page.
    pub(crate) fn folded(&self, page: u32, came: u32) -> Option<Rc<Folded>> {
        let kept = self.0.try_borrow().ok()?;
        kept.folded
            .get(&page)
            .filter(|_| kept.came == came)
            .cloned()
    }

    /// Keeps the folded text of a page as long as there is room: a search goes through all pages, so that none is worth more than another.
    pub(crate) fn keep_folded(&self, page: u32, folded: &Rc<Folded>) {
        if let Ok(mut kept) = self.0.try_borrow_mut()
            && kept.folded_bytes + folded.bytes() <= FOLDED_MAX
            && kept.folded.insert(page, Rc::clone(folded)).is_none()
        {
            kept.folded_bytes += folded.bytes();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::geometry::Point;

    #[test]
    fn the_lines_read_first_make_room() {
        let texts = Texts::default();
        let page = Rc::new(PageText {
            lines: vec![TextLine {
                text: "x".repeat(1024 * 1024),
                quad: [Point { x: 0.0, y: 0.0 }; 4],
                advances: Vec::new(),
            }],
            unknown_letters: 0,
        });
        let most = u32::try_from(LINES_MAX / (1024 * 1024)).expect("few");
        for number in 0..most + 5 {
            texts.keep(number, &page);
        }
        assert!(texts.text(0, 0).is_none() && texts.text(4, 0).is_none());
        assert!(texts.text(most + 4, 0).is_some());
        assert!(texts.0.borrow().lines_bytes <= LINES_MAX);
        assert!(texts.text(most + 4, 1).is_none(), "read with fewer fonts");
    }
}
