//! What of the catalogue is in force: the data folder's files, and over them the versions that administrators published.
//!
//! Every instance looks now and then whether something was published or a new day began, and before money is asked for; what was in
//! force before is let go when the last request that uses it ends. A dossier keeps the procedure it was announced with, so nothing
//! here reaches one that runs.

pub mod archive;
pub mod document;
pub mod words;

use crate::catalogue::{Catalogue, Sources};
use crate::config::Config;
use crate::data::Fault;
use crate::state::{Portal, now};
use crate::tagged::Tagged;
use crate::workflow::{Calendar, Days, Office};
use anyhow::{Context as _, Result};
use contract::date::Date;
use contract::edition::{DocumentKind, EditionState, LifeEvents, SINGLE};
use contract::procedure::Procedure;
use contract::unit::Units;
use contract::work::Step;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use store::{Database, StoredEdition};

/// How often an instance looks whether something else is in force.
const LOOK: Duration = Duration::from_secs(3);

/// Kind and code.
pub type Key = (DocumentKind, String);

/// A document in force.
#[derive(Debug, Clone)]
pub struct InForce {
    /// The version; 0 is the file.
    pub number: i64,
    /// Since when; none for the file.
    pub since: Option<Date>,
    /// As a file.
    pub text: Arc<str>,
}

/// Everything in force on a day.
#[derive(Debug)]
pub struct Current {
    /// Procedures and events.
    pub catalogue: Catalogue,
    /// The events' names and order.
    pub events: LifeEvents,
    /// Administrative units as they are told.
    pub units_answer: Tagged,
    /// The documents, by kind and code.
    pub documents: BTreeMap<Key, InForce>,
    /// The usual steps of work, when a version of them was published.
    usual: Option<Vec<Step>>,
    stamp: i64,
    day: Date,
}

/// Tells what is in force from what was: the number of the last change that was published, and the day.
pub type Edition = (i64, Date);

impl Current {
    /// See [`Edition`].
    #[must_use]
    pub const fn edition(&self) -> Edition {
        (self.stamp, self.day)
    }

    /// A procedure as a new dossier keeps it: with the steps of work that are usual now, since those may change while it runs.
    #[must_use]
    pub fn for_dossier(&self, code: &str) -> Option<Procedure> {
        let mut procedure = self.catalogue.find(code)?.clone();
        if procedure.work.is_empty()
            && let Some(usual) = &self.usual
        {
            procedure.work.clone_from(usual);
        }
        Some(procedure)
    }
}

/// The data folder, as it was read at the start.
#[derive(Debug)]
pub struct Base {
    sources: Sources,
    units: (Units, String),
    holidays: (Days, String),
    work: String,
}

impl Base {
    /// The file of a document, when there is one.
    #[must_use]
    pub fn text(&self, kind: DocumentKind, code: &str) -> Option<&str> {
        if kind == DocumentKind::Procedure {
            return self
                .sources
                .procedures
                .get(code)
                .map(|(_, text)| text.as_str());
        }
        (code == SINGLE).then_some(match kind {
            DocumentKind::Units => &self.units.1,
            DocumentKind::Holidays => &self.holidays.1,
            DocumentKind::Work => &self.work,
            DocumentKind::Events | DocumentKind::Procedure => &self.sources.events_text,
        })
    }
}

/// The versions of a document that count on a day, the one in force first.
fn counting<'a>(
    published: &'a [StoredEdition],
    (kind, code): (DocumentKind, &str),
    day: Date,
) -> Vec<&'a StoredEdition> {
    let mut found: Vec<&StoredEdition> = published
        .iter()
        .filter(|edition| {
            edition.kind == kind
                && edition.code == code
                && edition.state == EditionState::Published
                && edition.effective_from.is_some_and(|from| from <= day)
        })
        .collect();
    found.sort_by_key(|edition| std::cmp::Reverse((edition.effective_from, edition.number)));
    found
}

fn in_force(edition: &StoredEdition) -> InForce {
    InForce {
        number: edition.number,
        since: edition.effective_from,
        text: edition.content.as_str().into(),
    }
}

/// Everything in force on a day. A version that can no longer be read is left out and the one before it stays: citizens are not to
/// find a closed portal because a program became stricter.
struct Chosen<'a> {
    published: &'a [StoredEdition],
    day: Date,
    documents: BTreeMap<Key, InForce>,
}

impl Chosen<'_> {
    /// The first version that can be read; none: the file counts.
    fn pick<T>(
        &mut self,
        kind: DocumentKind,
        code: &str,
        base: Option<&str>,
        read: impl Fn(&str) -> Result<T, Vec<Fault>>,
    ) -> Option<T> {
        for edition in counting(self.published, (kind, code), self.day) {
            if edition.content.is_empty() && kind == DocumentKind::Procedure {
                return None;
            }
            match read(&edition.content) {
                Ok(value) => {
                    self.documents
                        .insert((kind, code.to_owned()), in_force(edition));
                    return Some(value);
                }
                Err(faults) => tracing::error!(
                    kind = kind.tag(),
                    code,
                    number = edition.number,
                    fault = faults.first().map(ToString::to_string),
                    "a published version cannot be read and is left out"
                ),
            }
        }
        if let Some(text) = base {
            let file = InForce {
                number: 0,
                since: None,
                text: text.into(),
            };
            self.documents.insert((kind, code.to_owned()), file);
        }
        None
    }
}

fn names(events: &LifeEvents) -> BTreeSet<&str> {
    events
        .event
        .iter()
        .map(|event| event.name.as_str())
        .collect()
}

/// All codes of procedures there are or were.
fn codes<'a>(base: &'a Base, published: &'a [StoredEdition]) -> BTreeSet<&'a str> {
    let of_editions = published
        .iter()
        .filter(|edition| edition.kind == DocumentKind::Procedure)
        .map(|edition| edition.code.as_str());
    base.sources
        .procedures
        .keys()
        .map(String::as_str)
        .chain(of_editions)
        .collect()
}

/// Puts together what is in force on a day, and the days that are worked.
fn build(
    base: &Base,
    (stamp, published): (i64, &[StoredEdition]),
    day: Date,
) -> Result<(Current, Days)> {
    let mut chosen = Chosen {
        published,
        day,
        documents: BTreeMap::new(),
    };
    let single = |kind| base.text(kind, SINGLE);
    let events = chosen
        .pick(
            DocumentKind::Events,
            SINGLE,
            single(DocumentKind::Events),
            crate::catalogue::read_events,
        )
        .unwrap_or_else(|| base.sources.events.clone());
    let units = chosen.pick(
        DocumentKind::Units,
        SINGLE,
        single(DocumentKind::Units),
        crate::units::read,
    );
    let days = chosen.pick(
        DocumentKind::Holidays,
        SINGLE,
        single(DocumentKind::Holidays),
        Days::read,
    );
    let usual = chosen.pick(
        DocumentKind::Work,
        SINGLE,
        single(DocumentKind::Work),
        crate::workflow::usual,
    );
    let mut procedures = Vec::new();
    {
        let known = names(&events);
        for code in codes(base, published) {
            let file = base.sources.procedures.get(code);
            let text = file.map(|(_, text)| text.as_str());
            let read = |text: &str| crate::catalogue::read(text, &known);
            match chosen.pick(DocumentKind::Procedure, code, text, read) {
                Some(procedure) => procedures.push(Arc::new(procedure)),
                // It ended, or the file counts.
                None => {
                    let key = (DocumentKind::Procedure, code.to_owned());
                    if let (Some((procedure, _)), true) =
                        (file, chosen.documents.contains_key(&key))
                    {
                        procedures.push(procedure.clone());
                    }
                }
            }
        }
    }
    let current = Current {
        catalogue: Catalogue::of(procedures, &events)?,
        events,
        units_answer: Tagged::json(units.as_ref().unwrap_or(&base.units.0))?,
        documents: chosen.documents,
        usual: usual.map(|usual| usual.work),
        stamp,
        day,
    };
    let days = days.map_or_else(|| base.holidays.0.clone(), |(days, _)| days);
    Ok((current, days))
}

/// What would be wrong on a day with these versions: of everything in force then, with the names of the files.
#[must_use]
pub fn faults_on(base: &Base, published: &[StoredEdition], day: Date) -> Vec<(String, Fault)> {
    let mut wrong = Vec::new();
    let mut told = |name: String, faults: Vec<Fault>| {
        wrong.extend(faults.into_iter().map(|fault| (name.clone(), fault)));
    };
    let top = |kind, code| counting(published, (kind, code), day).first().copied();
    let mut events = base.sources.events.clone();
    for kind in [
        DocumentKind::Events,
        DocumentKind::Units,
        DocumentKind::Holidays,
        DocumentKind::Work,
    ] {
        let Some(edition) = top(kind, SINGLE) else {
            continue;
        };
        match document::read((kind, SINGLE), &edition.content, &BTreeSet::new()) {
            Ok(contract::edition::Document::Events(read)) => events = read,
            Ok(_) => {}
            Err(faults) => told(kind.file_name(SINGLE), faults),
        }
    }
    let known = names(&events);
    let same_events = events == base.sources.events;
    for code in codes(base, published) {
        let edition = top(DocumentKind::Procedure, code);
        let text = match (edition, base.sources.procedures.get(code)) {
            // The files were checked beside their own events.
            (None, Some(_)) if same_events => continue,
            (Some(edition), _) if edition.content.is_empty() => continue,
            (Some(edition), _) => &edition.content,
            (None, Some((_, text))) => text,
            (None, None) => continue,
        };
        if let Err(faults) = document::read((DocumentKind::Procedure, code), text, &known) {
            told(DocumentKind::Procedure.file_name(code), faults);
        }
    }
    wrong
}

/// What is in force, which changes while the portal runs.
pub struct Living {
    base: Arc<Base>,
    calendar: Calendar,
    current: RwLock<Arc<Current>>,
    /// One builds at a time.
    turn: tokio::sync::Mutex<()>,
}

impl Living {
    /// Reads the data folder; the office counts by its days.
    ///
    /// # Errors
    /// Everything that is wrong in it.
    pub fn open(config: &Config, office: &Office) -> Result<Self> {
        let (name, holidays_text) = crate::workflow::holidays_text(config.holidays.as_deref())?;
        let (days, _) = Days::read(&holidays_text).map_err(|faults| {
            let told: Vec<String> = faults
                .iter()
                .map(|fault| format!("{name}:{fault}"))
                .collect();
            anyhow::anyhow!(told.join("\n"))
        })?;
        let base = Base {
            sources: Sources::open(config.procedures.as_deref())?,
            units: crate::units::open(config.units.as_deref())?,
            holidays: (days, holidays_text),
            work: crate::workflow::USUAL.to_owned(),
        };
        Self::of(base, office.calendar.clone(), Date::in_vietnam(now()))
    }

    fn of(base: Base, calendar: Calendar, day: Date) -> Result<Self> {
        let (current, _) = build(&base, (0, &[]), day)?;
        Ok(Self {
            base: Arc::new(base),
            calendar,
            current: RwLock::new(Arc::new(current)),
            turn: tokio::sync::Mutex::new(()),
        })
    }

    /// The data folder.
    #[must_use]
    pub fn base(&self) -> &Arc<Base> {
        &self.base
    }

    /// What is in force.
    #[must_use]
    pub fn current(&self) -> Arc<Current> {
        self.current
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Sees to it that what is in force is that of a day, with everything that was published until now.
    ///
    /// # Errors
    /// When the database fails: what was in force stays.
    pub async fn follow(&self, database: &Database, day: Date) -> Result<()> {
        let fits = |stamp: i64| self.current().edition() == (stamp, day);
        if fits(database.edition_stamp().await?) {
            return Ok(());
        }
        let turn = self.turn.lock().await;
        let (stamp, published) = database.editions_in(EditionState::Published).await?;
        if fits(stamp) {
            return Ok(());
        }
        let base = self.base.clone();
        // Dozens of files are read and packed: off the async threads.
        let (current, days) =
            tokio::task::spawn_blocking(move || build(&base, (stamp, &published), day))
                .await
                .context("the catalogue was not put together")??;
        self.calendar.replace(days);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(current);
        drop(turn);
        Ok(())
    }
}

/// Follows what other instances publish, and the days, until aborted.
pub async fn run(portal: Portal) {
    let mut tick = tokio::time::interval(LOOK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        if let Err(error) = portal.follow().await {
            tracing::warn!("the catalogue could not be followed: {error:#}");
        }
    }
}

#[cfg(test)]
mod tests;
