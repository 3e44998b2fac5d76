//! What is wrong in a form, and when it is told: for a field when it is left, for all when somebody wants to go on.

use crate::text;
use contract::dossier::FormFault;
use contract::form::Fault;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// What is told of a form.
#[derive(Clone, Copy)]
pub struct Told {
    /// Beside the fields, by pointer.
    told: RwSignal<BTreeMap<String, Fault>>,
    /// What the list at the top says: pointer and sentence, as of the last try to go on.
    listed: RwSignal<Vec<(String, String)>>,
    /// Everything that is wrong now.
    faults: Callback<(), Vec<FormFault>>,
}

/// Id of the field behind a pointer.
pub fn id_of(pointer: &str) -> String {
    pointer.trim_start_matches('/').replace('/', "-")
}

impl Told {
    /// Nothing told yet.
    pub fn new(faults: impl Fn() -> Vec<FormFault> + Send + Sync + 'static) -> Self {
        Self {
            told: RwSignal::new(BTreeMap::new()),
            listed: RwSignal::new(Vec::new()),
            faults: Callback::new(move |()| faults()),
        }
    }

    fn is_told(self, pointer: &str) -> bool {
        self.told.with_untracked(|told| told.contains_key(pointer))
    }

    fn now(self, pointer: &str) -> Option<Fault> {
        let all = self.faults.run(());
        let found = all.into_iter().find(|wrong| wrong.pointer == pointer);
        found.map(|wrong| wrong.fault)
    }

    /// The sentence beside a field.
    pub fn error(self, pointer: String) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.told
                .with(|told| told.get(&pointer).copied())
                .map(text::form::fault)
        })
    }

    /// A field was left: what is wrong with it is told now. That nothing was written is told only to who wants to go on.
    pub fn left(self, pointer: &str) {
        let fault = self.now(pointer).filter(|fault| {
            !matches!(fault, Fault::Required | Fault::NotChosen) || self.is_told(pointer)
        });
        self.note(pointer, fault);
    }

    /// Somebody writes: what is right by now is no longer complained of, nothing new is told yet.
    pub fn typed(self, pointer: &str) {
        if self.is_told(pointer) {
            self.note(pointer, self.now(pointer));
        }
    }

    fn note(self, pointer: &str, fault: Option<Fault>) {
        if self.told.with_untracked(|told| told.get(pointer).copied()) == fault {
            return;
        }
        self.told.update(|told| {
            match fault {
                Some(fault) => told.insert(pointer.to_owned(), fault),
                None => told.remove(pointer),
            };
        });
    }

    /// Whether one may go on; everything that is wrong is told, in the list with the field's label before it.
    pub fn is_right(self, label: impl Fn(&str) -> String) -> bool {
        let faults = self.faults.run(());
        let right = faults.is_empty();
        let sentence = |wrong: &FormFault| {
            let sentence = text::form::fault(wrong.fault);
            format!("{}: {sentence}", label(&wrong.pointer))
        };
        self.listed.set(
            faults
                .iter()
                .map(|wrong| (wrong.pointer.clone(), sentence(wrong)))
                .collect(),
        );
        self.told.set(
            faults
                .into_iter()
                .map(|wrong| (wrong.pointer, wrong.fault))
                .collect(),
        );
        right
    }

    /// The list at the top: ids and sentences.
    pub fn summary(self) -> Signal<Vec<(String, String)>> {
        Signal::derive(move || {
            self.listed
                .get()
                .into_iter()
                .map(|(pointer, sentence)| (id_of(&pointer), sentence))
                .collect()
        })
    }

    /// Ids of listed fields that are right by now.
    pub fn mended(self) -> Signal<Vec<String>> {
        Signal::derive(move || {
            let told = self.told.read();
            self.listed.with(|listed| {
                listed
                    .iter()
                    .filter(|(pointer, _)| !told.contains_key(pointer))
                    .map(|(pointer, _)| id_of(pointer))
                    .collect()
            })
        })
    }
}
