//! Searches the catalogue as one types; the index is made when the first letter is there.

use crate::api::Answer;
use crate::text::{fill, t};
use contract::procedure::ProcedureSummary;
use contract::search::Index;
use leptos::prelude::*;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Searched {
    /// The best first.
    pub procedures: Vec<ProcedureSummary>,
    /// What was searched for instead, when a slip was forgiven.
    pub instead: Option<String>,
}

/// Searches a catalogue, on its way or there, for what is typed; without a word everything is found. None until it is there.
pub fn searched(
    list: Signal<Option<Answer<Vec<ProcedureSummary>>>>,
    query: Signal<String>,
) -> Memo<Option<Searched>> {
    // Comparing two indices would cost more than making one.
    let index = Memo::new_with_compare(
        move |_| {
            list.with(|list| match list {
                Some(Ok(list)) => Index::new(list),
                _ => Index::default(),
            })
        },
        |_, _| true,
    );
    Memo::new(move |_| {
        let query = query.get();
        list.with(|list| {
            let list = list.as_ref()?.as_ref().ok()?;
            if query.trim().is_empty() {
                return Some(Searched {
                    procedures: list.clone(),
                    instead: None,
                });
            }
            let found = index.with(|index| index.search(&query));
            Some(Searched {
                procedures: found
                    .hits
                    .iter()
                    .filter_map(|at| list.get(*at).cloned())
                    .collect(),
                instead: found.instead,
            })
        })
    })
}

/// How much was found, and for what.
pub fn told(count: usize, instead: Option<&str>) -> String {
    match (count, instead) {
        (0, _) => t("Không có thủ tục nào khớp.").to_owned(),
        (count, None) => fill("{} thủ tục khớp", &[&count]),
        (count, Some(instead)) => fill("{} thủ tục gần với “{}”", &[&count, &instead]),
    }
}
