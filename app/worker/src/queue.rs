//! The asks that wait for their turn: what is seen first, what nobody wants any more not at all.

use contract::worker::{Ask, Urgency};

/// An ask that waits.
pub(crate) struct Waiting<T> {
    /// The page's number for it.
    pub(crate) id: u32,
    /// What is asked.
    pub(crate) ask: Ask,
    /// What came along.
    pub(crate) load: T,
}

/// In which order kinds of asks are worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// What somebody waits for with a document or a signature in hand: as it comes.
    Deed,
    /// Pictures that are seen.
    Seen,
    /// Text and links over them.
    Layer,
    /// Pictures that will be seen soon.
    Near,
    /// A search, a few pages at a time.
    Search,
    /// Small pictures in the list of pages.
    Thumbnail,
}

const fn rank(ask: &Ask) -> Rank {
    match ask {
        Ask::Render { urgency, .. } => match urgency {
            Urgency::Seen => Rank::Seen,
            Urgency::Near => Rank::Near,
            Urgency::Thumbnail => Rank::Thumbnail,
        },
        Ask::Text { .. } | Ask::Links { .. } => Rank::Layer,
        Ask::Find { .. } | Ask::Cautions { .. } => Rank::Search,
        Ask::Open { .. }
        | Ask::Close { .. }
        | Ask::Details { .. }
        | Ask::Attachment { .. }
        | Ask::Propose { .. }
        | Ask::Preview { .. }
        | Ask::Prepare { .. }
        | Ask::Finish { .. }
        | Ask::TimestampQuery { .. }
        | Ask::ReadTimestamp { .. }
        | Ask::Bind { .. }
        | Ask::FillForm { .. }
        | Ask::ArchiveChains
        | Ask::PrepareArchive { .. }
        | Ask::FinishArchive { .. }
        | Ask::Validate { .. }
        | Ask::Brought { .. }
        | Ask::Report { .. } => Rank::Deed,
    }
}

/// Whether a render is made useless by a newer one: the same page for the same purpose at another scale.
fn stale(old: &Ask, new: &Ask) -> bool {
    match (old, new) {
        (
            Ask::Render {
                document,
                page,
                scale,
                urgency,
                ..
            },
            Ask::Render {
                document: same_document,
                page: same_page,
                scale: other,
                urgency: same_urgency,
                ..
            },
        ) => {
            document == same_document
                && page == same_page
                && urgency == same_urgency
                && (scale - other).abs() > f64::EPSILON
        }
        _ => false,
    }
}

/// The waiting asks, in the order they came.
pub(crate) struct Queue<T>(Vec<Waiting<T>>);

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Queue<T> {
    /// Lets an ask wait; gives back the numbers of those that it made useless, which are dropped.
    pub(crate) fn push(&mut self, new: Waiting<T>) -> Vec<u32> {
        let replaced = match &new.ask {
            Ask::Open { document, .. } | Ask::Close { document } => Some(*document),
            _ => None,
        };
        let mut dropped = Vec::new();
        self.0.retain(|old| {
            // What was asked of a document that is closed or replaced meant the old one.
            let gone = replaced.is_some() && old.ask.document() == replaced && {
                !matches!(old.ask, Ask::Open { .. } | Ask::Close { .. })
            };
            let useless = gone || stale(&old.ask, &new.ask);
            if useless {
                dropped.push(old.id);
            }
            !useless
        });
        self.0.push(new);
        dropped
    }

    /// Puts an ask back in front of its like: it goes on where it was.
    pub(crate) fn resume(&mut self, ask: Waiting<T>) {
        self.0.insert(0, ask);
    }

    /// Drops an ask; whether it waited. Opening and closing are never dropped: the page counts on them.
    pub(crate) fn cancel(&mut self, id: u32) -> bool {
        let before = self.0.len();
        self.0.retain(|waiting| {
            waiting.id != id || matches!(waiting.ask, Ask::Open { .. } | Ask::Close { .. })
        });
        self.0.len() < before
    }

    /// The next ask.
    pub(crate) fn pop(&mut self) -> Option<Waiting<T>> {
        let (place, _) = self
            .0
            .iter()
            .enumerate()
            .min_by_key(|(place, waiting)| (rank(&waiting.ask), *place))?;
        Some(self.0.remove(place))
    }

    /// Whether nobody waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::worker::DocumentId;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_dedicated_worker);

    const ID: DocumentId = DocumentId(1);

    fn render(page: u32, scale: f64, urgency: Urgency) -> Ask {
        Ask::Render {
            document: ID,
            page,
            scale,
            clip: None,
            urgency,
        }
    }

    fn text(page: u32) -> Ask {
        Ask::Text { document: ID, page }
    }

    fn find() -> Ask {
        Ask::Find {
            document: ID,
            query: "đơn".into(),
            first: 0,
            count: 10,
        }
    }

    fn open() -> Ask {
        Ask::Open {
            document: ID,
            password: None,
        }
    }

    /// A queue of these asks, numbered from 0; and what was dropped.
    fn queue(asks: Vec<Ask>) -> (Queue<()>, Vec<u32>) {
        let mut queue = Queue::default();
        let mut dropped = Vec::new();
        for (id, ask) in (0..).zip(asks) {
            dropped.extend(queue.push(Waiting { id, ask, load: () }));
        }
        (queue, dropped)
    }

    fn order(mut queue: Queue<()>) -> Vec<u32> {
        std::iter::from_fn(|| queue.pop())
            .map(|waiting| waiting.id)
            .collect()
    }

    #[wasm_bindgen_test]
    fn deeds_come_first_then_what_is_seen_its_text_neighbours_searches_and_thumbnails() {
        let (queue, dropped) = queue(vec![
            render(0, 0.2, Urgency::Thumbnail),
            find(),
            render(4, 1.5, Urgency::Near),
            text(3),
            render(3, 1.5, Urgency::Seen),
            render(2, 1.5, Urgency::Seen),
            Ask::Validate {
                roots: Vec::new(),
                now: contract::value::Timestamp(0),
                password: None,
            },
        ]);
        assert!(dropped.is_empty());
        assert_eq!(order(queue), [6, 4, 5, 3, 2, 1, 0]);
    }

    #[wasm_bindgen_test]
    fn a_newer_scale_of_the_same_page_makes_the_older_picture_useless() {
        let (queue, dropped) = queue(vec![
            render(3, 1.5, Urgency::Seen),
            render(3, 0.2, Urgency::Thumbnail),
            render(4, 1.5, Urgency::Seen),
            render(3, 2.0, Urgency::Seen),
        ]);
        assert_eq!(dropped, [0]);
        assert_eq!(order(queue), [2, 3, 1]);
    }

    #[wasm_bindgen_test]
    fn tiles_of_one_scale_live_together() {
        let tile = |x| Ask::Render {
            document: ID,
            page: 0,
            scale: 4.0,
            clip: Some(contract::geometry::Rect {
                x,
                y: 0.0,
                width: 100.0,
                height: 100.0,
            }),
            urgency: Urgency::Seen,
        };
        let (queue, dropped) = queue(vec![tile(0.0), tile(100.0)]);
        assert!(dropped.is_empty());
        assert_eq!(order(queue), [0, 1]);
    }

    #[wasm_bindgen_test]
    fn what_is_cancelled_never_comes_but_opening_does() {
        let (mut queue, _) = queue(vec![open(), render(0, 1.0, Urgency::Seen), text(0)]);
        assert!(!queue.cancel(0));
        assert!(queue.cancel(1));
        assert!(!queue.cancel(99));
        assert_eq!(order(queue), [0, 2]);
    }

    #[wasm_bindgen_test]
    fn closing_a_document_drops_what_was_asked_of_it() {
        let other = Ask::Text {
            document: DocumentId(2),
            page: 0,
        };
        let (queue, dropped) = queue(vec![
            text(0),
            other,
            find(),
            Ask::Close { document: ID },
            open(),
            text(1),
        ]);
        assert_eq!(dropped, [0, 2]);
        assert_eq!(order(queue), [3, 4, 1, 5]);
    }

    #[wasm_bindgen_test]
    fn a_search_goes_on_before_a_later_one_but_after_pictures() {
        let (mut queue, _) = queue(vec![find(), render(0, 1.0, Urgency::Near)]);
        queue.resume(Waiting {
            id: 7,
            ask: find(),
            load: (),
        });
        assert_eq!(order(queue), [1, 7, 0]);
    }
}
