//! Text of a page with positions. Content order is not reading order, so lines are put together by where the letters stand.

mod kept;
mod legacy;
mod letters;
mod lines;
mod order;

pub(crate) use kept::Texts;

use crate::open::{Document, PageError};
use contract::text::PageText;
use std::rc::Rc;

impl Document {
    /// The text of a page in reading order.
    ///
    /// # Errors
    /// [`PageError`].
    pub fn text(&self, page: u32) -> Result<PageText, PageError> {
        self.page_text(page).map(|text| (*text).clone())
    }

    /// The same, kept for the next one who asks.
    pub(crate) fn page_text(&self, page: u32) -> Result<Rc<PageText>, PageError> {
        if let Some(text) = self.texts.text(page, self.came()) {
            return Ok(text);
        }
        let (letters, unknown_letters) = self.with_page(page, letters::read)?;
        let text = Rc::new(PageText {
            lines: lines::assemble(letters),
            unknown_letters,
        });
        self.texts.keep(page, &text);
        Ok(text)
    }
}
