//! The officers' inbox: a narrow copy of every submitted dossier, made to be narrowed, sorted, searched and counted quickly.

mod count;
mod fill;
mod list;
mod plain;
mod query;
mod row;
mod saved;
mod sql;
#[cfg(test)]
mod tests;

pub use list::{InboxQuery, InboxRows};
pub use row::InboxEntry;

pub(crate) use fill::fill;
pub(crate) use row::{Entering, enter_all, rename, settle};

/// What an officer sees. The one place where the queries of the inbox are limited: what is outside is neither listed nor counted nor found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// It sees what any part sees; without parts, nothing.
    pub parts: Vec<ScopePart>,
}

/// Agencies, and procedures of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScopePart {
    /// By name; none is every agency.
    pub agencies: Option<Vec<String>>,
    /// By code; none is every procedure.
    pub procedures: Option<Vec<String>>,
}

impl Scope {
    /// Everything.
    #[must_use]
    pub fn everything() -> Self {
        Self {
            parts: vec![ScopePart::default()],
        }
    }

    /// Whether nothing is left out.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.parts
            .iter()
            .any(|part| part.agencies.is_none() && part.procedures.is_none())
    }

    /// All agencies of which it sees something; none is every agency.
    fn agencies(&self) -> Option<Vec<&str>> {
        let mut all = Vec::new();
        for part in &self.parts {
            all.extend(part.agencies.as_ref()?.iter().map(String::as_str));
        }
        all.sort_unstable();
        all.dedup();
        Some(all)
    }

    /// Whether it is told by the agency alone.
    fn is_whole_agencies(&self) -> bool {
        self.parts.iter().all(|part| part.procedures.is_none())
    }
}
