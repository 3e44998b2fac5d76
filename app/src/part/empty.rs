//! A place where something will stand: what is not there yet, and what to do about it.

use crate::part::icon::{Icon, Shape};
use leptos::prelude::*;

/// An empty list, with a way on as its children.
#[component]
pub fn Empty(
    /// What is drawn.
    shape: Shape,
    /// What is not there.
    #[prop(into)]
    title: String,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon shape/>
            <h3>{title}</h3>
            {children()}
        </div>
    }
}
