//! How long the engine may take, and how much memory.

use contract::worker::{Ask, DocumentId, WorkerProblem};
use js_sys::Reflect;

/// Milliseconds until the engine listens: it may come over a slow network.
pub(super) const START: u32 = 120_000;
/// Milliseconds until a worker that has something to do says something.
pub(super) const SILENCE: u32 = 10_000;
/// Milliseconds for something that an ask needs of the network.
pub(super) const NETWORK: u32 = 60_000;
/// Milliseconds between the end of patience and the end of the worker. A computer that slept finds its timers ended before
/// the answers are read that arrived meanwhile.
pub(super) const GRACE: u32 = 500;
/// Milliseconds without an ask until a worker with too much memory is replaced.
pub(super) const REST: u32 = 3_000;

/// Milliseconds an ask may be worked on that touches so many bytes: a hostile file may never end.
pub(super) fn patience(ask: &Ask, bytes: usize) -> u32 {
    let megabytes = u32::try_from(bytes / (1024 * 1024)).unwrap_or(u32::MAX);
    let by_size = megabytes.saturating_mul(500).min(120_000);
    match ask {
        Ask::Render { .. }
        | Ask::Text { .. }
        | Ask::Links { .. }
        | Ask::Preview { .. }
        | Ask::Close { .. } => 10_000,
        Ask::Open { .. }
        | Ask::Find { .. }
        | Ask::Details { .. }
        | Ask::Cautions { .. }
        | Ask::Attachment { .. } => 10_000 + by_size,
        // These read the file several times, or all of it.
        Ask::Propose { .. }
        | Ask::Prepare { .. }
        | Ask::FillForm { .. }
        | Ask::Finish { .. }
        | Ask::TimestampQuery { .. }
        | Ask::ReadTimestamp { .. }
        | Ask::Bind { .. }
        | Ask::ArchiveChains
        | Ask::PrepareArchive { .. }
        | Ask::FinishArchive { .. }
        | Ask::Validate { .. }
        | Ask::Brought { .. }
        | Ask::Report { .. } => 20_000 + by_size,
    }
}

/// Bytes of the worker's memory from where on a fresh worker is better: wasm never gives memory back.
pub(super) fn memory_bound() -> f64 {
    let device = web_sys::window()
        .and_then(|window| Reflect::get(&window.navigator(), &"deviceMemory".into()).ok())
        .and_then(|gigabytes| gigabytes.as_f64());
    let megabytes = if device.is_some_and(|gigabytes| gigabytes <= 2.0) {
        256.0
    } else {
        512.0
    };
    megabytes * 1024.0 * 1024.0
}

/// What an ask does to which document and page, at whatever scale: what a worker died of twice is not tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Deed {
    kind: u8,
    pub(super) document: DocumentId,
    page: u32,
}

impl Deed {
    /// The deed of an ask that can be repeated.
    pub(super) const fn of(ask: &Ask) -> Option<Self> {
        let (kind, document, page) = match ask {
            Ask::Render { document, page, .. } => (0, *document, *page),
            Ask::Text { document, page } => (1, *document, *page),
            Ask::Links { document, page } => (2, *document, *page),
            Ask::Details { document } => (3, *document, 0),
            Ask::Propose { document, .. } => (4, *document, 0),
            Ask::Attachment { document, index } => (5, *document, *index),
            Ask::Cautions {
                document, first, ..
            } => (6, *document, *first),
            _ => return None,
        };
        Some(Self {
            kind,
            document,
            page,
        })
    }
}

/// What to say of an ask that a worker died of.
pub(super) const fn verdict(ask: &Ask) -> WorkerProblem {
    match ask {
        Ask::Render { .. } | Ask::Text { .. } | Ask::Links { .. } => WorkerProblem::PageTooComplex,
        _ => WorkerProblem::Crashed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::worker::Urgency;
    use wasm_bindgen_test::wasm_bindgen_test;

    fn render(page: u32, scale: f64) -> Ask {
        Ask::Render {
            document: DocumentId(1),
            page,
            scale,
            clip: None,
            urgency: Urgency::Seen,
        }
    }

    #[wasm_bindgen_test]
    fn the_same_page_at_another_scale_is_the_same_deed() {
        assert_eq!(Deed::of(&render(3, 1.0)), Deed::of(&render(3, 4.0)));
        assert_ne!(Deed::of(&render(3, 1.0)), Deed::of(&render(4, 1.0)));
        let text = Ask::Text {
            document: DocumentId(1),
            page: 3,
        };
        assert_ne!(Deed::of(&render(3, 1.0)), Deed::of(&text));
    }

    #[wasm_bindgen_test]
    fn a_large_file_may_take_longer_but_not_for_ever() {
        let open = Ask::Open {
            document: DocumentId(1),
            password: None,
        };
        let megabyte = 1024 * 1024;
        assert!(patience(&open, 40 * megabyte) > patience(&open, megabyte));
        assert!(patience(&open, usize::MAX) < 200_000);
        assert_eq!(
            patience(&render(0, 1.0), megabyte),
            patience(&render(0, 1.0), 40 * megabyte)
        );
    }

    #[wasm_bindgen_test]
    fn a_page_that_kills_workers_is_told_apart_from_a_file_that_does() {
        assert_eq!(verdict(&render(0, 1.0)), WorkerProblem::PageTooComplex);
        let details = Ask::Details {
            document: DocumentId(1),
        };
        assert_eq!(verdict(&details), WorkerProblem::Crashed);
    }
}
