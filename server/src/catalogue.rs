//! The catalogue of procedures: one TOML file each, and the events they are found under, built in or from a folder, all errors at once.

mod check;

pub use check::read;

use crate::data::{Fault, parse};
use crate::tagged::Tagged;
use anyhow::{Result, bail};
use contract::edition::LifeEvents;
use contract::procedure::{Procedure, ProcedureSummary};
use signature::SignError;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// The built-in files; which procedures are real is said in `data/procedures/README.md`.
const BUILT_IN: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/procedures.rs"));
/// The file of the events, in the folder of the procedures.
pub const EVENTS: &str = "events.toml";

/// So many lines the page shows before somebody asks for more.
const FIRST: usize = 20;

/// Procedures by code, and what they are sorted by.
#[derive(Debug, Clone)]
pub struct Catalogue {
    procedures: BTreeMap<String, Arc<Procedure>>,
    list: Tagged,
    /// The codes of the lines that stand first in it.
    first: Vec<String>,
    events: Tagged,
    /// Procedures as they are told, each made when somebody first asks for it.
    told: BTreeMap<String, OnceLock<Tagged>>,
    /// Blank forms by procedure and name, each made when somebody first asks for it.
    forms: BTreeMap<(String, String), OnceLock<Tagged>>,
}

/// The files of a folder that were read, with their texts.
#[derive(Debug, Clone)]
pub struct Sources {
    /// Events of life.
    pub events: LifeEvents,
    /// Their text.
    pub events_text: String,
    /// Procedures with their texts, by code.
    pub procedures: BTreeMap<String, (Arc<Procedure>, String)>,
}

/// Reads events of life.
///
/// # Errors
/// What is wrong first, or an event without a name.
pub fn read_events(text: &str) -> Result<LifeEvents, Vec<Fault>> {
    let events: LifeEvents = parse(text).map_err(|fault| vec![fault])?;
    let mut names = BTreeSet::new();
    let mut wrong = Vec::new();
    for event in &events.event {
        if event.name.trim().is_empty() {
            wrong.push(Fault::at(text, "\"\"", "an event has no name".to_owned()));
        } else if !names.insert((event.name.as_str(), event.audience.tag())) {
            let what = format!("event {} stands twice", event.name);
            wrong.push(Fault::at(text, &event.name, what));
        }
    }
    if wrong.is_empty() {
        Ok(events)
    } else {
        Err(wrong)
    }
}

impl Sources {
    /// Reads a folder of `.toml` files, or the built-in ones. A folder without `events.toml` gets the built-in events.
    ///
    /// # Errors
    /// Everything that is wrong in any file, in one message.
    pub fn open(folder: Option<&Path>) -> Result<Self> {
        let mut texts = match folder {
            None => built_in(),
            Some(folder) => crate::data::toml_files(folder)?,
        };
        if !texts.contains_key(EVENTS) {
            texts.extend(built_in().remove_entry(EVENTS));
        }
        let mut wrong = Vec::new();
        let events_text = texts.remove(EVENTS).unwrap_or_default();
        let events = read_events(&events_text).unwrap_or_else(|faults| {
            wrong.extend(faults.iter().map(|fault| format!("{EVENTS}:{fault}")));
            LifeEvents::default()
        });
        let known: BTreeSet<&str> = events
            .event
            .iter()
            .map(|event| event.name.as_str())
            .collect();
        let mut procedures = BTreeMap::new();
        for (name, text) in texts {
            match check::read(&text, &known) {
                Err(faults) => {
                    wrong.extend(faults.into_iter().map(|fault| format!("{name}:{fault}")));
                }
                Ok(procedure) => {
                    let code = procedure.summary.code.clone();
                    if procedures
                        .insert(code.clone(), (Arc::new(procedure), text))
                        .is_some()
                    {
                        wrong.push(format!("{name}: code {code} stands twice"));
                    }
                }
            }
        }
        if !wrong.is_empty() {
            bail!("procedures:\n{}", wrong.join("\n"));
        }
        Ok(Self {
            events,
            events_text,
            procedures,
        })
    }
}

impl Catalogue {
    /// Reads a folder of `.toml` files, or the built-in ones.
    ///
    /// # Errors
    /// See [`Sources::open`].
    pub fn open(folder: Option<&Path>) -> Result<Self> {
        let sources = Sources::open(folder)?;
        let procedures = sources
            .procedures
            .into_values()
            .map(|(procedure, _)| procedure);
        Self::of(procedures, &sources.events)
    }

    /// A catalogue of what was read.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn of(
        procedures: impl IntoIterator<Item = Arc<Procedure>>,
        events: &LifeEvents,
    ) -> Result<Self> {
        let procedures: BTreeMap<String, Arc<Procedure>> = procedures
            .into_iter()
            .map(|procedure| (procedure.summary.code.clone(), procedure))
            .collect();
        let mut list: Vec<&ProcedureSummary> = procedures
            .values()
            .map(|procedure| &procedure.summary)
            .collect();
        list.sort_by(|a, b| (&a.field, &a.name).cmp(&(&b.field, &b.name)));
        let forms = procedures
            .values()
            .flat_map(|procedure| {
                procedure.forms.iter().map(|form| {
                    let key = (procedure.summary.code.clone(), form.name.clone());
                    (key, OnceLock::new())
                })
            })
            .collect();
        let told = procedures
            .keys()
            .map(|code| (code.clone(), OnceLock::new()))
            .collect();
        Ok(Self {
            told,
            forms,
            list: Tagged::json(&list)?,
            first: list
                .iter()
                .take(FIRST)
                .map(|line| line.code.clone())
                .collect(),
            events: Tagged::json(&events.event)?,
            procedures,
        })
    }

    /// All procedures, by code.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Procedure>> {
        self.procedures.values()
    }

    /// One procedure.
    #[must_use]
    pub fn find(&self, code: &str) -> Option<&Procedure> {
        self.procedures.get(code).map(Arc::as_ref)
    }

    /// One procedure as it is told; none when there is no such procedure.
    #[must_use]
    pub fn tell(&self, code: &str) -> Option<Result<&Tagged>> {
        let told = self.told.get(code)?;
        if let Some(kept) = told.get() {
            return Some(Ok(kept));
        }
        Some(Tagged::json(self.find(code)?).map(|made| told.get_or_init(|| made)))
    }

    /// A blank form as a PDF; none when there is no such form.
    #[must_use]
    pub fn form(&self, code: &str, name: &str) -> Option<Result<&Tagged, SignError>> {
        let made = self.forms.get(&(code.to_owned(), name.to_owned()))?;
        if let Some(kept) = made.get() {
            return Some(Ok(kept));
        }
        let form = self
            .find(code)?
            .forms
            .iter()
            .find(|form| form.name == name)?;
        Some(
            signature::blank::paper(form, code, &BTreeMap::new())
                .map(|bytes| made.get_or_init(|| Tagged::new("application/pdf", bytes))),
        )
    }

    /// The catalogue's lines, by field and name.
    #[must_use]
    pub const fn list(&self) -> &Tagged {
        &self.list
    }

    /// The lines that stand first, as many as the page shows at once.
    pub fn first(&self) -> impl Iterator<Item = &ProcedureSummary> {
        self.first
            .iter()
            .filter_map(|code| Some(&self.find(code)?.summary))
    }

    /// The events of life, in order.
    #[must_use]
    pub const fn events(&self) -> &Tagged {
        &self.events
    }
}

fn built_in() -> BTreeMap<String, String> {
    BUILT_IN
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("folder");
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).expect("written");
        }
        folder
    }

    fn birth() -> String {
        built_in().remove("1.001193.toml").expect("built in")
    }

    #[test]
    fn the_built_in_catalogue_is_sound_and_holds_birth_registration() {
        let catalogue = Catalogue::open(None).expect("sound");
        assert!(catalogue.procedures.len() >= 42);
        let birth = catalogue.find("1.001193").expect("there");
        assert!(
            birth
                .components
                .iter()
                .any(|component| component.signature_required)
        );
    }

    #[test]
    fn all_faults_of_all_files_are_told_at_once_with_their_lines() {
        let slip = birth().replace("signature_required = true", "signature_requierd = true");
        let lost = birth().replace("[\"Có con nhỏ\"]", "[\"Có con lớn\"]");
        let folder = folder(&[("a.toml", "code = 1"), ("b.toml", &slip), ("c.toml", &lost)]);
        let told = Catalogue::open(Some(folder.path()))
            .expect_err("refused")
            .to_string();
        let line =
            |text: &str, of: &str| text.lines().take_while(|line| !line.contains(of)).count() + 1;
        assert!(told.contains("a.toml:1:"), "{told}");
        let at = line(&slip, "signature_requierd");
        assert!(
            told.contains(&format!("b.toml:{at}: signature_requierd")),
            "{told}"
        );
        let at = line(&lost, "Có con lớn");
        assert!(told.contains(&format!("c.toml:{at}:")), "{told}");
    }

    #[test]
    fn every_event_leads_somewhere_and_every_form_opens() {
        let catalogue = Catalogue::open(None).expect("sound");
        let events: LifeEvents = toml::from_str(&built_in()[EVENTS]).expect("events");
        for event in &events.event {
            let found = catalogue.procedures.values().any(|procedure| {
                procedure.summary.life_events.contains(&event.name)
                    && procedure.summary.audience.contains(&event.audience)
            });
            assert!(found, "{} leads nowhere", event.name);
        }
        for procedure in catalogue.procedures.values() {
            assert!(!procedure.forms.is_empty(), "{}", procedure.summary.code);
        }
        // One of them all the way; that all lines are sound was checked when they were read.
        let form = catalogue
            .form("1.001193", "to-khai-dang-ky-khai-sinh.pdf")
            .expect("there")
            .expect("made");
        assert_eq!(form.answer(&axum::http::HeaderMap::new()).status(), 200);
        assert!(catalogue.form("1.001193", "khac.pdf").is_none());
    }

    #[test]
    fn a_province_may_bring_its_own_events() {
        let text = birth().replace("[\"Có con nhỏ\"]", "[\"Sinh con\"]");
        let own = "[[event]]\nname='Sinh con'\naudience='citizen'\nicon='child'\n";
        let folder = folder(&[("a.toml", &text), ("events.toml", own)]);
        let catalogue = Catalogue::open(Some(folder.path())).expect("sound");
        assert!(catalogue.find("1.001193").is_some());
    }
}
