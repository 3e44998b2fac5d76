//! Administrative units: chosen from a list where the portal knows them, typed where it does not.

use super::{ChoiceField, TextField};
use crate::api;
use contract::unit::Units;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::RefCell;
use std::sync::Arc;

thread_local! {
    static KNOWN: RefCell<Option<Arc<Units>>> = const { RefCell::new(None) };
}

/// The units of this portal, asked for once; none until they are here, or without a network.
pub fn units() -> RwSignal<Option<Arc<Units>>> {
    let here = RwSignal::new(KNOWN.with_borrow(Clone::clone));
    if here.with_untracked(Option::is_none) {
        spawn_local(async move {
            if let Ok(units) = api::unit::units().await {
                let units = Arc::new(units);
                KNOWN.set(Some(units.clone()));
                let _ = here.try_set(Some(units));
            }
        });
    }
    here
}

/// The names of the units below those named, from the first level down; empty where none is known.
pub fn below(units: &Units, names: &[String]) -> Vec<String> {
    let mut parent: Option<&str> = None;
    for name in names {
        match units.within(parent).find(|unit| unit.name == *name) {
            Some(unit) => parent = Some(&unit.code),
            None => return Vec::new(),
        }
    }
    units.within(parent).map(|unit| unit.name.clone()).collect()
}

/// One unit by name. A name that is on no list, e.g. of before a reform, stays until another is chosen.
#[component]
pub fn UnitField(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    /// The units of the portal.
    units: RwSignal<Option<Arc<Units>>>,
    /// Names of the units around it, from the first level down.
    #[prop(into)]
    above: Signal<Vec<String>>,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_input: Callback<String>,
    #[prop(into)] on_blur: Callback<()>,
    #[prop(into, optional)] error: MaybeProp<String>,
    #[prop(into, default = "off".to_owned())] autocomplete: String,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let known = Memo::new(move |_| {
        units.with(|units| {
            units
                .as_ref()
                .map(|units| below(units, &above.get()))
                .unwrap_or_default()
        })
    });
    let listed = Memo::new(move |_| known.with(|known| !known.is_empty()));
    let options = Signal::derive(move || {
        let mut names = known.get();
        let own = value.get();
        if !own.is_empty() && !names.contains(&own) {
            names.insert(0, own);
        }
        names
            .into_iter()
            .map(|name| (name.clone(), name))
            .collect::<Vec<_>>()
    });
    view! {
        {move || {
            let (id, label, autocomplete) = (id.clone(), label.clone(), autocomplete.clone());
            if listed.get() {
                view! { <ChoiceField id label options value on_input on_blur error autocomplete required/> }.into_any()
            } else {
                view! { <TextField id label value on_input on_blur error autocomplete required/> }.into_any()
            }
        }}
    }
}
