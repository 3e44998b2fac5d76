//! What stands around a box on its page, and what is wrong with its place.

use super::Placement;
use super::arrangement::Which;
use super::snap::{self, Magnets};
use super::warning::{Surroundings, Warning};
use crate::engine;
use contract::geometry::{Point, Rect};
use contract::text::Quad;
use contract::worker::{Answer, Ask};
use leptos::prelude::*;
use leptos::task::spawn_local;

impl Placement {
    /// What stands around a box on a page.
    pub(super) fn around<T>(self, page: u32, look: impl FnOnce(&Surroundings<'_>) -> T) -> T {
        let bounds = self.bounds(page);
        let signatures = self.signatures.with_value(|all| {
            all.iter()
                .filter(|(on, _)| *on == page)
                .map(|(_, rect)| *rect)
                .collect::<Vec<_>>()
        });
        self.text.with(|text| {
            let text = text.get(&page).map(Vec::as_slice).unwrap_or_default();
            look(&Surroundings {
                bounds: &bounds,
                text,
                signatures: &signatures,
            })
        })
    }

    /// What is wrong with the place of the signature.
    pub fn warnings(self) -> Vec<Warning> {
        // Where a field stands is its author's matter.
        if self.fixed.get() {
            return Vec::new();
        }
        self.placed().map_or_else(Vec::new, |placed| {
            self.around(placed.page, |surroundings| {
                surroundings.warnings(&placed.rect)
            })
        })
    }

    pub(super) fn warnings_now(self) -> Vec<Warning> {
        untrack(|| self.warnings())
    }

    /// Reads the lines of a page once.
    pub(super) async fn read(self, page: u32) {
        let known = self
            .text
            .try_with_untracked(|text| text.contains_key(&page))
            .unwrap_or(true);
        if known {
            return;
        }
        let ask = Ask::Text {
            document: self.document,
            page,
        };
        if let Ok((Answer::Text { text }, _)) = engine::ask(ask, Vec::new()).await {
            // Dots and blanks to write on are no letters.
            let lines = text
                .lines
                .iter()
                .filter(|line| line.text.chars().any(char::is_alphanumeric))
                .map(|line| around_quad(&line.quad))
                .collect();
            let _ = self.text.try_update(|text| text.insert(page, lines));
        }
    }

    /// Reads the lines of a page, in time for warnings and snapping.
    pub(super) fn want_text(self, page: u32) {
        spawn_local(self.read(page));
    }

    /// What attracts a box on its page.
    pub(super) fn magnets(self, page: u32, which: Which) -> Magnets {
        let mut others = self
            .arrangement
            .with_untracked(|all| all.others(page, which));
        self.signatures.with_value(|all| {
            let here = all.iter().filter(|(on, _)| *on == page);
            others.extend(here.map(|(_, rect)| *rect));
        });
        let bounds = self.bounds(page);
        self.text.with_untracked(|text| {
            let lines = text.get(&page).map(Vec::as_slice).unwrap_or_default();
            snap::magnets(&bounds, lines, &others)
        })
    }
}

/// The upright rectangle around four corners.
fn around_quad(quad: &Quad) -> Rect {
    let [first, second, third, fourth] = *quad;
    let span = |one: Point, other: Point| Rect::from_corners(one, other);
    let (one, other) = (span(first, third), span(second, fourth));
    let (x, y) = (one.x.min(other.x), one.y.min(other.y));
    Rect {
        x,
        y,
        width: one.right().max(other.right()) - x,
        height: one.far().max(other.far()) - y,
    }
}
