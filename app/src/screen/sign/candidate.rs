//! Where the box may stand, best first: found by the keyword, remembered from last time, or at the end of the document. Pure.

use crate::part::placement::Placed;
use crate::part::placement::memory::Remembered;
use crate::text::{fill, t};
use contract::geometry::PageGeometry;
use contract::text::{Proposal, ProposalReason};

/// One place and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// There.
    pub placed: Placed,
    /// What is told.
    pub why: String,
    /// Whether nobody needs to look at it: the keyword was found once with room beside it, or it was signed there last time.
    pub sure: bool,
}

/// All candidates. The keyword wins when it is found; what is remembered wins over everything else.
pub fn candidates(
    proposal: &Proposal,
    keyword: &str,
    last: Option<&Remembered>,
    pages: &[PageGeometry],
) -> Vec<Candidate> {
    let count = u32::try_from(pages.len()).unwrap_or(u32::MAX);
    let found = matches!(
        proposal.reason,
        ProposalReason::Keyword | ProposalReason::KeywordCrowded
    );
    let hits = proposal.places.len();
    let proposed = proposal.places.iter().enumerate().map(|(position, place)| {
        // Only the first place is the one the reason speaks of.
        let reason = match proposal.reason {
            ProposalReason::KeywordCrowded if position > 0 => ProposalReason::Keyword,
            reason => reason,
        };
        Candidate {
            placed: Placed {
                page: place.page,
                rect: place.rect,
            },
            why: sentence(reason, keyword, place.page, hits),
            sure: reason == ProposalReason::Keyword && hits == 1,
        }
    });
    let remembered = last.and_then(|last| {
        let page = last.page(count)?;
        let bounds = pages.get(usize::try_from(page).ok()?)?.view_bounds();
        let rect = last.rect.moved_into(&bounds);
        let what = if found {
            ""
        } else {
            t(" Ô ký được đặt tại đó.")
        };
        let why = fill("Lần trước bạn ký {}.{}", &[&last.words(&bounds), &what]);
        Some(Candidate {
            placed: Placed { page, rect },
            why,
            sure: true,
        })
    });
    if found {
        proposed.chain(remembered).collect()
    } else {
        remembered.into_iter().chain(proposed).collect()
    }
}

/// Why the box stands where it stands.
fn sentence(reason: ProposalReason, keyword: &str, page: u32, hits: usize) -> String {
    let page = page + 1;
    match reason {
        ProposalReason::Keyword if hits > 1 => fill("Đã tìm thấy “{}” ở {} vị trí. Ô ký đang ở trang {}; bạn có thể xem các vị trí khác.", &[&keyword, &hits, &page]),
        ProposalReason::Keyword => fill("Đã tìm thấy “{}” ở trang {}. Ô ký được đặt tại đó; bạn có thể dời đi chỗ khác.", &[&keyword, &page]),
        ProposalReason::KeywordCrowded => fill("Đã tìm thấy “{}” ở trang {} nhưng quanh đó không đủ chỗ trống. Vui lòng kiểm tra vị trí ô ký.", &[&keyword, &page]),
        ProposalReason::KeywordNotFound => fill("Không thấy từ khóa “{}”. Ô ký được đặt ở cuối trang cuối; hãy chạm vào chỗ cần ký.", &[&keyword]),
        ProposalReason::NoText => t("Tài liệu là bản quét, không có chữ để tìm. Ô ký được đặt ở cuối trang cuối; hãy chạm vào chỗ cần ký.").to_owned(),
    }
}

/// Pages nobody looked at, as people say them: `1, 4–6`; counted from 1.
pub fn unseen(seen: impl Fn(u32) -> bool, count: u32) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut page = 0;
    while page < count {
        if seen(page) {
            page += 1;
            continue;
        }
        let first = page;
        while page < count && !seen(page) {
            page += 1;
        }
        parts.push(if page - first == 1 {
            format!("{page}")
        } else {
            format!("{}–{page}", first + 1)
        });
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::part::placement::memory::PageFrom;
    use contract::geometry::{Rect, Rotation};
    use contract::text::Place;
    use wasm_bindgen_test::wasm_bindgen_test;

    const RECT: Rect = Rect {
        x: 400.0,
        y: 700.0,
        width: 170.0,
        height: 60.0,
    };

    fn pages(count: usize) -> Vec<PageGeometry> {
        let page = PageGeometry {
            crop_box: Rect {
                x: 0.0,
                y: 0.0,
                width: 595.0,
                height: 842.0,
            },
            rotation: Rotation::Upright,
            user_unit: 1.0,
        };
        vec![page; count]
    }

    fn proposal(reason: ProposalReason, on: &[u32]) -> Proposal {
        let places = on
            .iter()
            .map(|page| Place {
                page: *page,
                rect: Rect { x: 50.0, ..RECT },
                anchor: None,
            })
            .collect();
        Proposal { places, reason }
    }

    const LAST: Remembered = Remembered {
        page: PageFrom::End(0),
        rect: RECT,
    };

    #[wasm_bindgen_test]
    fn a_keyword_that_is_found_wins_over_what_is_remembered() {
        let all = candidates(
            &proposal(ProposalReason::Keyword, &[1]),
            "NGƯỜI LÀM ĐƠN",
            Some(&LAST),
            &pages(3),
        );
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].placed.page, 1);
        assert!(
            all[0]
                .why
                .starts_with("Đã tìm thấy “NGƯỜI LÀM ĐƠN” ở trang 2")
        );
        assert!(all[0].sure);
        assert_eq!(all[1].placed.page, 2);
        assert_eq!(all[1].why, "Lần trước bạn ký ở góc phải dưới trang cuối.");
    }

    #[wasm_bindgen_test]
    fn what_is_remembered_wins_where_the_keyword_is_missing() {
        for reason in [ProposalReason::KeywordNotFound, ProposalReason::NoText] {
            let all = candidates(&proposal(reason, &[2]), "x", Some(&LAST), &pages(3));
            assert_eq!(all[0].placed.rect, RECT, "{reason:?}");
            let none = candidates(&proposal(reason, &[2]), "x", None, &pages(3));
            assert_eq!(none.len(), 1);
            assert!(all[0].sure && !none[0].sure, "{reason:?}");
        }
    }

    #[wasm_bindgen_test]
    fn several_hits_are_counted() {
        let all = candidates(
            &proposal(ProposalReason::Keyword, &[4, 1]),
            "Người yêu cầu",
            None,
            &pages(5),
        );
        assert!(
            !all[0].sure,
            "one of two places has to be chosen by a person"
        );
        assert!(
            all[1].why.contains("ở 2 vị trí. Ô ký đang ở trang 2"),
            "{}",
            all[1].why
        );
    }

    #[wasm_bindgen_test]
    fn pages_nobody_saw_are_told_as_ranges() {
        let seen = |seen: &'static [u32]| move |page: u32| seen.contains(&page);
        assert_eq!(unseen(seen(&[0, 1, 2]), 6), "4–6");
        assert_eq!(unseen(seen(&[1, 2]), 6), "1, 4–6");
        assert_eq!(unseen(seen(&[0, 2]), 3), "2");
        assert_eq!(unseen(seen(&[0, 1]), 2), "");
        assert_eq!(unseen(seen(&[]), 1), "1");
    }
}
