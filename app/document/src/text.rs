//! Text of a page with positions. Content order is not reading order, so lines are put together by where the letters stand.

mod letters;
mod lines;

use crate::open::{Document, PageError};
use contract::text::PageText;

impl Document {
    /// The text of a page in reading order.
    ///
    /// # Errors
    /// [`PageError::Missing`].
    pub fn text(&self, page: u32) -> Result<PageText, PageError> {
        let (letters, unknown) = self.with_page(page, letters::read)?;
        Ok(PageText {
            lines: lines::assemble(letters),
            unknown_letters: unknown,
        })
    }
}
