//! A dialog on the native element: focus stays inside, Escape closes, focus returns.

use leptos::html;
use leptos::prelude::*;

/// A modal dialog that is open while `open` is true.
#[component]
pub fn Dialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Its heading.
    #[prop(into)]
    title: String,
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        if open.get() && !dialog.open() {
            let _ = dialog.show_modal();
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
    });
    let label = title.clone();
    view! {
        <dialog node_ref=node class="dialog" aria-label=label on:close=move |_| open.set(false)>
            <h2>{title}</h2>
            <Show when=move || open.get()>{children()}</Show>
        </dialog>
    }
}
