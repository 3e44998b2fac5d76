//! A table that becomes one card a row on a phone, where each value has its column's name beside it.

use leptos::prelude::*;

/// A table of rows; the first cell of each is what the row is about.
#[component]
pub fn Table(
    /// What it lists, read before it.
    #[prop(into)]
    caption: String,
    /// Names of the columns.
    columns: Vec<&'static str>,
    /// One view a cell, as many in each row as there are columns.
    #[prop(into)]
    rows: Signal<Vec<Vec<AnyCell>>>,
) -> impl IntoView {
    let names = columns.clone();
    view! {
        <table class="responsive">
            <caption class="visually-hidden">{caption}</caption>
            <thead><tr>{columns.into_iter().map(|name| view! { <th scope="col">{name}</th> }).collect_view()}</tr></thead>
            <tbody>
                {move || rows.get().into_iter().map(|row| view! {
                    <tr>{names.iter().zip(row).map(|(name, cell)| view! { <td data-label=*name>{cell.0()}</td> }).collect_view()}</tr>
                }).collect_view()}
            </tbody>
        </table>
    }
}

/// Makes what stands in a cell, as often as the table is drawn.
#[derive(Clone)]
pub struct AnyCell(pub std::sync::Arc<dyn Fn() -> AnyView + Send + Sync>);

impl AnyCell {
    /// A cell of text.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        Self::of(move || text.clone())
    }

    /// A cell of anything.
    pub fn of<V: IntoView + 'static>(make: impl Fn() -> V + Send + Sync + 'static) -> Self {
        Self(std::sync::Arc::new(move || make().into_any()))
    }
}
