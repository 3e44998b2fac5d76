//! What a signature permits later (ISO 32000-2, 12.8.2): DocMDP of the file's certification and of the signature itself, FieldMDP, and the
//! lock of its field (12.7.5.5). Of two rules the stricter one counts.

use crate::pdf::file::File;
use crate::pdf::form::decode_text;
use crate::pdf::object::{Dictionary, Object};
use contract::validation::Modifications;

/// Fields that a signature locks.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Lock {
    All,
    Only(Vec<String>),
    AllBut(Vec<String>),
}

/// What may follow a signature.
#[derive(Debug, Clone, Default)]
pub(crate) struct Permissions {
    /// 1 to 3; `None` when nothing was said.
    level: Option<i64>,
    locks: Vec<Lock>,
    /// The file is certified, by this signature or an earlier one.
    pub(crate) certified: bool,
}

impl Permissions {
    /// Of a signature dictionary and its field, without what the file's certification says.
    pub(crate) fn read(file: &File<'_>, field: &Dictionary, value: &Dictionary) -> Self {
        let mut found = Self::default();
        for reference in file.array(value, "Reference").unwrap_or_default() {
            let Object::Dictionary(reference) = file.resolve(&reference) else {
                continue;
            };
            let parameters = file
                .dictionary(&reference, "TransformParams")
                .unwrap_or_default();
            match file.value(&reference, "TransformMethod").as_name() {
                Some(b"DocMDP") => {
                    found.certified = true;
                    found.restrict(level(file, &parameters).or(Some(2)));
                }
                Some(b"FieldMDP") => found.locks.push(lock(file, &parameters)),
                _ => {}
            }
        }
        if let Some(dictionary) = file.dictionary(field, "Lock") {
            found.locks.push(lock(file, &dictionary));
            found.restrict(level(file, &dictionary));
        }
        found
    }

    /// The same under a certification that stood when it was made.
    #[must_use]
    pub(crate) fn under(&self, certification: Option<&Self>) -> Self {
        let mut both = self.clone();
        if let Some(certification) = certification {
            both.certified = true;
            both.restrict(certification.level);
        }
        both
    }

    fn restrict(&mut self, level: Option<i64>) {
        self.level = match (self.level, level) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }

    /// The gravest class that is permitted.
    pub(crate) fn most(&self) -> Modifications {
        match self.level {
            Some(1) => Modifications::Lta,
            Some(2) => Modifications::FormFill,
            _ => Modifications::Annotate,
        }
    }

    /// Whether a field is locked: by its own name or one above it.
    pub(crate) fn locks(&self, name: &str) -> bool {
        let named = |list: &[String]| {
            list.iter().any(|locked| {
                name.strip_prefix(locked.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
        };
        self.locks.iter().any(|lock| match lock {
            Lock::All => true,
            Lock::Only(list) => named(list),
            Lock::AllBut(list) => !named(list),
        })
    }
}

/// `/P`: what is not 1, 2 or 3 permits least.
fn level(file: &File<'_>, parameters: &Dictionary) -> Option<i64> {
    parameters.get("P")?;
    match file.value(parameters, "P").as_integer() {
        Some(level @ 1..=3) => Some(level),
        _ => Some(1),
    }
}

/// `/Action` and `/Fields`: what is not understood locks everything.
fn lock(file: &File<'_>, parameters: &Dictionary) -> Lock {
    let names = || {
        file.array(parameters, "Fields")
            .unwrap_or_default()
            .iter()
            .filter_map(|name| match file.resolve(name) {
                Object::String(name) => Some(decode_text(&name)),
                _ => None,
            })
            .collect()
    };
    match file.value(parameters, "Action").as_name() {
        Some(b"Include") => Lock::Only(names()),
        Some(b"Exclude") => Lock::AllBut(names()),
        _ => Lock::All,
    }
}
