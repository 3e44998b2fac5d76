//! A search in a long document goes a few pages at a time, so that pictures are drawn in between.

use contract::text::Hit;
use contract::worker::{Answer, Ask};

/// Pages of one step: some milliseconds of work.
const STEP: u32 = 8;
/// A search with so many places ends there.
const HITS_MAX: usize = 5_000;

/// What was found in the steps before.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Found {
    hits: Vec<Hit>,
    unsure: Vec<u32>,
}

/// The first step of a search in a document of so many pages, and the rest of it. Any other ask is one step.
pub(crate) fn step(ask: Ask, pages: u32) -> (Ask, Option<Ask>) {
    let Ask::Find {
        document,
        query,
        first,
        count,
    } = ask
    else {
        return (ask, None);
    };
    let count = count.min(pages.saturating_sub(first));
    let now = count.min(STEP);
    let rest = (count > now).then(|| Ask::Find {
        document,
        query: query.clone(),
        first: first + now,
        count: count - now,
    });
    let now = Ask::Find {
        document,
        query,
        first,
        count: now,
    };
    (now, rest)
}

impl Found {
    /// Adds what a step found; whether the search is to go on.
    pub(crate) fn add(&mut self, answer: Answer) -> bool {
        if let Answer::Found { hits, unsure } = answer {
            self.hits.extend(hits);
            self.unsure.extend(unsure);
        }
        self.hits.truncate(HITS_MAX);
        self.hits.len() < HITS_MAX
    }

    /// Everything that was found.
    pub(crate) fn answer(self) -> Answer {
        Answer::Found {
            hits: self.hits,
            unsure: self.unsure,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::worker::DocumentId;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_dedicated_worker);

    fn find(first: u32, count: u32) -> Ask {
        Ask::Find {
            document: DocumentId(1),
            query: "đơn".into(),
            first,
            count,
        }
    }

    #[wasm_bindgen_test]
    fn a_search_is_cut_into_steps_that_cover_every_page_once() {
        let (mut seen, mut next) = (Vec::new(), Some(find(5, u32::MAX)));
        while let Some(ask) = next {
            let (now, rest) = step(ask, 40);
            let Ask::Find { first, count, .. } = now else {
                panic!("not a search");
            };
            assert!(count <= STEP);
            seen.extend(first..first + count);
            next = rest;
        }
        assert_eq!(seen, (5..40).collect::<Vec<_>>());
    }

    #[wasm_bindgen_test]
    fn pages_past_the_end_are_one_empty_step() {
        assert_eq!(step(find(90, 10), 40), (find(90, 0), None));
    }

    #[wasm_bindgen_test]
    fn what_the_steps_found_is_told_together() {
        let mut found = Found::default();
        for page in [3, 9] {
            assert!(found.add(Answer::Found {
                hits: Vec::new(),
                unsure: vec![page],
            }));
        }
        assert_eq!(
            found.answer(),
            Answer::Found {
                hits: Vec::new(),
                unsure: vec![3, 9]
            }
        );
    }
}
