//! A table that becomes one card a row on a phone, where each value has its column's name beside it.

use leptos::prelude::*;

/// A column: its name, and whether its values are figures to be compared, at the right.
pub type Column = (&'static str, bool);

/// Columns of words.
pub fn words<const N: usize>(names: [&'static str; N]) -> Vec<Column> {
    names.map(|name| (name, false)).into()
}

/// What stands in a cell.
pub struct Cell(AnyView);

impl Cell {
    /// A cell of anything.
    pub fn of(view: impl IntoView + 'static) -> Self {
        Self(view.into_any())
    }
}

/// A table of rows; the first cell of each is what the row is about.
#[component]
pub fn Table(
    /// What it lists, read before it.
    caption: &'static str,
    /// Its columns.
    columns: Vec<Column>,
    /// As many cells in each row as there are columns.
    rows: Vec<Vec<Cell>>,
    /// What its look is named by, besides.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let of = |sum: bool| sum.then_some("sum");
    let heads = columns
        .iter()
        .map(|(name, sum)| view! { <th scope="col" class=of(*sum)>{*name}</th> })
        .collect_view();
    let rows = rows
        .into_iter()
        .map(|row| {
            let cells = columns
                .iter()
                .zip(row)
                .map(|((name, sum), cell)| {
                    view! { <td data-label=*name class=of(*sum)>{cell.0}</td> }
                })
                .collect_view();
            view! { <tr>{cells}</tr> }
        })
        .collect_view();
    view! {
        <table class=format!("responsive {class}")>
            <caption class="visually-hidden">{caption}</caption>
            <thead><tr>{heads}</tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
}
