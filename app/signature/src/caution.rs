//! What a document holds that its signer may not see, or not as others do: found before anything is signed, by walking everything that
//! can be reached, and by looking for what cannot. Text that is painted and not seen is found by drawing, not here.

mod spare;
mod walk;

use crate::inspect;
use crate::pdf::file::File;
use crate::pdf::object::{Dictionary, Id, Object};
use crate::update::field::Document;
use crate::validate::{self, appearance};
use contract::caution::{Caution, CautionKind};
use contract::geometry::Rect;
use contract::provider::Trust;
use contract::validation::Modifications;
use contract::value::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Most names that are told of one kind.
const NAMES_MAX: usize = 20;

/// Where annotations lie that could cover something: opaque ones, other than fields; page from 0, box in view space.
#[must_use]
pub fn covers(bytes: &[u8], password: &str) -> Vec<(u32, Rect)> {
    let mut covers = Vec::new();
    if let Ok(file) = File::open_with(bytes, password)
        && let Ok(document) = inspect::open(&file)
    {
        walk::annotations(&document, &mut Told::default(), &mut covers);
    }
    covers
}

/// Looks through a document, gravest first. What cannot be opened for signing has no cautions.
#[must_use]
pub fn cautions(bytes: &[u8], password: &str) -> Vec<Caution> {
    let Ok(file) = File::open_with(bytes, password) else {
        return Vec::new();
    };
    let Ok(document) = inspect::open(&file) else {
        return Vec::new();
    };
    let mut told = Told::default();
    let reached = walk::walk(&document, &mut told);
    spare::look(&document, &reached, &mut told);
    layers(&document, &reached, &mut told);
    values(&document, &mut told);
    if !document.form.signed.is_empty() {
        let nobody = Trust { roots: Vec::new() };
        let report = validate::of_file(&file, &nobody, Timestamp(0), Rc::default());
        let changed = |class| class > Modifications::Lta && class < Modifications::Other;
        if report
            .signatures
            .last()
            .is_some_and(|last| changed(last.modifications))
        {
            told.whole(CautionKind::LaterChanges);
        }
    }
    told.list()
}

/// Findings while they are gathered.
#[derive(Default)]
struct Told(BTreeMap<CautionKind, (BTreeSet<u32>, Vec<String>)>);

impl Told {
    fn whole(&mut self, kind: CautionKind) {
        self.0.entry(kind).or_default();
    }

    fn on(&mut self, kind: CautionKind, page: Option<usize>) {
        let (pages, _) = self.0.entry(kind).or_default();
        pages.extend(page.and_then(|page| u32::try_from(page).ok()));
    }

    fn named(&mut self, kind: CautionKind, name: String) {
        let (_, names) = self.0.entry(kind).or_default();
        if !name.is_empty() && names.len() < NAMES_MAX && !names.contains(&name) {
            names.push(name);
        }
    }

    fn list(self) -> Vec<Caution> {
        let list = self.0.into_iter();
        list.map(|(kind, (pages, names))| Caution {
            kind,
            pages: pages.into_iter().collect(),
            names,
        })
        .collect()
    }
}

/// Layers (8.11.4) that are off as the file is opened and that something uses; those that print otherwise than they show.
fn layers(document: &Document<'_, '_>, reached: &walk::Reached, told: &mut Told) {
    let file = document.file;
    let Some(properties) = file.dictionary(&document.catalog, "OCProperties") else {
        return;
    };
    let standard = file.dictionary(&properties, "D").unwrap_or_default();
    let ids = |of: &Dictionary, key: &str| -> Vec<Id> {
        let list = file.array(of, key).unwrap_or_default();
        list.iter().filter_map(Object::as_reference).collect()
    };
    let set = |key: &str| -> BTreeSet<Id> { ids(&standard, key).into_iter().collect() };
    let (on, off) = (set("ON"), set("OFF"));
    let base_off = file.value(&standard, "BaseState").as_name() == Some(b"OFF");
    let mut seen = BTreeSet::new();
    for id in ids(&properties, "OCGs") {
        if !reached.ids.contains(&id) || !seen.insert(id) {
            continue;
        }
        let hidden = off.contains(&id) || (base_off && !on.contains(&id));
        let Some(Object::Dictionary(layer)) = file.object(id) else {
            continue;
        };
        let name = match file.value(&layer, "Name") {
            Object::String(name) => crate::pdf::form::decode_text(&name),
            _ => String::new(),
        };
        let usage = file.dictionary(&layer, "Usage").unwrap_or_default();
        let state = |event: &str, key: &str| {
            let event = file.dictionary(&usage, event)?;
            Some(file.value(&event, key).as_name()? == b"ON")
        };
        let prints = state("Print", "PrintState");
        let shows = state("View", "ViewState").unwrap_or(!hidden);
        if prints.is_some_and(|prints| prints != shows) {
            told.whole(CautionKind::PrintsOtherwise);
            told.named(CautionKind::PrintsOtherwise, name);
        } else if hidden {
            told.whole(CautionKind::HiddenLayer);
            told.named(CautionKind::HiddenLayer, name);
        }
    }
}

/// Text fields whose appearance says something else than their value, where no format of the form explains it.
fn values(document: &Document<'_, '_>, told: &mut Told) {
    let file = document.file;
    for (_, _, widget) in walk::annotated(document) {
        let parent = file.dictionary(&widget, "Parent").unwrap_or_default();
        let own = |key: &str| match file.value(&widget, key) {
            Object::Null => file.value(&parent, key),
            found => found,
        };
        let formatted = own("AA") != Object::Null;
        let (Object::Name(kind), Object::String(value)) = (own("FT"), own("V")) else {
            continue;
        };
        if kind != b"Tx" || formatted {
            continue;
        }
        let held = crate::pdf::form::decode_text(&value);
        let differs = appearance::text(file, &widget)
            .is_some_and(|shown| !shown.is_empty() && !appearance::agree(&shown, &held));
        if differs {
            let name = match own("T") {
                Object::String(name) => crate::pdf::form::decode_text(&name),
                _ => String::new(),
            };
            told.whole(CautionKind::ValueDiffers);
            told.named(CautionKind::ValueDiffers, name);
        }
    }
}
