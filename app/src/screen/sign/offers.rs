//! Why the box stands where it stands, and the other places it may have.

use super::candidate::Candidate;
use crate::part::placement::arrangement::Which;
use crate::part::placement::{Placed, Placement, geometry};
use crate::text::{fill, t};
use leptos::prelude::*;

/// The candidates, and which one the box stands on.
#[derive(Clone, Copy)]
pub struct Offered {
    /// Best first; none before the engine answered.
    pub list: RwSignal<Vec<Candidate>>,
    /// The one that is shown.
    pub at: RwSignal<usize>,
    /// Whether the engine has looked for places.
    pub tried: RwSignal<bool>,
}

impl Offered {
    /// Nothing is known yet.
    pub fn new() -> Self {
        Self {
            list: RwSignal::new(Vec::new()),
            at: RwSignal::new(0),
            tried: RwSignal::new(false),
        }
    }

    /// Whether the best place needs no second look.
    pub fn is_sure(self) -> bool {
        self.list
            .with(|list| list.first().is_some_and(|first| first.sure))
    }
}

/// Why the box stands where it stands, and the other places.
#[component]
pub fn Offers(placement: Placement, offered: Offered) -> impl IntoView {
    let Offered { list, at, .. } = offered;
    let go = move |step: isize| {
        let count = list.with_untracked(Vec::len);
        if count == 0 {
            return;
        }
        let next = (at.get_untracked().cast_signed() + step)
            .rem_euclid(count.cast_signed())
            .cast_unsigned();
        at.set(next);
        if let Some(candidate) = list.with_untracked(|list| list.get(next).cloned()) {
            placement.put(candidate.placed);
            placement.show(Which::Signature);
        }
    };
    // The reason belongs to the place: it goes when the box goes.
    let still = move || {
        let middle = |placed: &Placed| {
            (
                placed.rect.x + placed.rect.width / 2.0,
                placed.rect.y + placed.rect.height / 2.0,
            )
        };
        list.with(|list| {
            let (Some(candidate), Some(placed)) = (list.get(at.get()), placement.placed()) else {
                return false;
            };
            let (one, other) = (middle(&candidate.placed), middle(&placed));
            candidate.placed.page == placed.page
                && (one.0 - other.0).hypot(one.1 - other.1) < geometry::MM
        })
    };
    let here = move |read: fn(&Candidate) -> String| {
        list.with(|list| list.get(at.get()).map(read))
            .unwrap_or_default()
    };
    view! {
        <p role="status" class="why">{move || if still() { here(|candidate| candidate.why.clone()) } else { String::new() }}</p>
        <Show when=move || list.with(|list| list.len() > 1)>
            <p class="hits">
                <button type="button" aria-label=t("Vị trí trước") on:click=move |_| go(-1)>"‹"</button>
                <span>{move || fill("Vị trí {}/{} — trang {}", &[&(at.get() + 1), &list.with(Vec::len), &here(|candidate| (candidate.placed.page + 1).to_string())])}</span>
                <button type="button" aria-label=t("Vị trí sau") on:click=move |_| go(1)>"›"</button>
            </p>
        </Show>
    }
}
