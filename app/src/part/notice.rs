//! Sentences in a box: what happened and what to do.

use crate::text::t;
use leptos::prelude::*;

/// How grave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Good to know.
    Info,
    /// It worked.
    Good,
    /// Look at it.
    Attention,
    /// It did not work.
    Bad,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Self::Info => "notice info",
            Self::Good => "notice good",
            Self::Attention => "notice attention",
            Self::Bad => "notice bad",
        }
    }
}

/// A notice; a bad one is announced at once.
#[component]
pub fn Notice(tone: Tone, children: Children) -> impl IntoView {
    let role = if tone == Tone::Bad { "alert" } else { "status" };
    view! { <div class=tone.class() role=role>{children()}</div> }
}

/// While something is on its way.
#[component]
pub fn Loading() -> impl IntoView {
    view! {
        <div class="skeleton" role="status">
            <span class="visually-hidden">{t("Đang tải…")}</span>
            <span></span><span></span><span></span>
        </div>
    }
}
