//! Where somebody signed last time, told so that it fits the next file of the same form: the page counted from the nearer end. Pure.

use super::Placed;
use crate::text::{fill, t};
use contract::geometry::Rect;
use serde::{Deserialize, Serialize};

/// A page, counted from the end of the document that is nearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", content = "page", rename_all = "kebab-case")]
pub enum PageFrom {
    /// 0 is the first page.
    Start(u32),
    /// 0 is the last page.
    End(u32),
}

/// A placement to be offered again.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Remembered {
    /// Page.
    pub page: PageFrom,
    /// Box in view space.
    pub rect: Rect,
}

impl Remembered {
    /// Remembers a box in a document of so many pages. The last page counts as last even if it is the first too.
    pub fn of(placed: &Placed, pages: u32) -> Self {
        let left = pages.saturating_sub(placed.page.saturating_add(1));
        let page = if left <= placed.page {
            PageFrom::End(left)
        } else {
            PageFrom::Start(placed.page)
        };
        Self {
            page,
            rect: placed.rect,
        }
    }

    /// The page in a document of so many pages; `None` when it has too few.
    pub fn page(&self, pages: u32) -> Option<u32> {
        match self.page {
            PageFrom::Start(page) => (page < pages).then_some(page),
            PageFrom::End(left) => pages.checked_sub(left.checked_add(1)?),
        }
    }

    /// `ở góc phải dưới trang cuối`.
    pub fn words(&self, bounds: &Rect) -> String {
        let middle = (
            self.rect.x + self.rect.width / 2.0,
            self.rect.y + self.rect.height / 2.0,
        );
        let third = |at: f64, length: f64| {
            if at < length / 3.0 {
                0
            } else if at > length * 2.0 / 3.0 {
                2
            } else {
                1
            }
        };
        let spot = match (
            third(middle.0, bounds.width),
            third(middle.1, bounds.height),
        ) {
            (0, 0) => t("góc trái trên"),
            (1, 0) => t("phía trên"),
            (2, 0) => t("góc phải trên"),
            (0, 1) => t("bên trái"),
            (2, 1) => t("bên phải"),
            (0, 2) => t("góc trái dưới"),
            (1, 2) => t("phía dưới"),
            (2, 2) => t("góc phải dưới"),
            _ => t("giữa"),
        };
        let page = match self.page {
            PageFrom::Start(0) => t("trang đầu").to_owned(),
            PageFrom::Start(page) => fill("trang {}", &[&(page + 1)]),
            PageFrom::End(0) => t("trang cuối").to_owned(),
            PageFrom::End(left) => fill("trang thứ {} từ cuối", &[&(left + 1)]),
        };
        fill("ở {} {}", &[&spot, &page])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    const RECT: Rect = Rect {
        x: 380.0,
        y: 700.0,
        width: 170.0,
        height: 60.0,
    };
    const PAGE: Rect = Rect {
        x: 0.0,
        y: 0.0,
        width: 595.0,
        height: 842.0,
    };

    fn on(page: u32) -> Placed {
        Placed { page, rect: RECT }
    }

    #[wasm_bindgen_test]
    fn the_last_page_stays_the_last_whatever_the_length() {
        let kept = Remembered::of(&on(4), 5);
        assert_eq!(kept.page(9), Some(8));
        assert_eq!(kept.page(1), Some(0));
        assert_eq!(kept.words(&PAGE), "ở góc phải dưới trang cuối");
        assert_eq!(Remembered::of(&on(0), 1).page(3), Some(2));
    }

    #[wasm_bindgen_test]
    fn an_early_page_counts_from_the_start_a_late_one_from_the_end() {
        assert_eq!(Remembered::of(&on(1), 10).page, PageFrom::Start(1));
        assert_eq!(Remembered::of(&on(8), 10).page, PageFrom::End(1));
        assert_eq!(Remembered::of(&on(8), 10).page(10), Some(8));
    }

    #[wasm_bindgen_test]
    fn a_document_that_is_too_short_is_offered_nothing() {
        assert_eq!(Remembered::of(&on(1), 10).page(1), None);
        assert_eq!(Remembered::of(&on(7), 10).page(2), None);
    }
}
