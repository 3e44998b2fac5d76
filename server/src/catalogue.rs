//! The catalogue of procedures: one TOML file each, built in or from a folder, all errors at once.

use anyhow::{Result, bail};
use contract::procedure::{Procedure, ProcedureSummary};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The built-in procedures; which are real is said in `data/procedures/README.md`.
const BUILT_IN: &[(&str, &str)] = &include!("../data/procedures/list.rs.in");

/// Procedures by code.
#[derive(Debug, Clone)]
pub struct Catalogue(BTreeMap<String, Procedure>);

impl Catalogue {
    /// Reads a folder of `.toml` files, or the built-in ones.
    ///
    /// # Errors
    /// Every file that is wrong, in one message.
    pub fn open(folder: Option<&Path>) -> Result<Self> {
        let texts: Vec<(String, String)> = match folder {
            None => BUILT_IN
                .iter()
                .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
                .collect(),
            Some(folder) => std::fs::read_dir(folder)?
                .filter_map(|entry| Some(entry.ok()?.path()))
                .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
                .map(|path| Ok((path.display().to_string(), std::fs::read_to_string(&path)?)))
                .collect::<Result<_>>()?,
        };
        let (mut procedures, mut wrong) = (BTreeMap::new(), Vec::new());
        for (name, text) in texts {
            match toml::from_str::<Procedure>(&text) {
                Err(error) => wrong.push(format!("{name}: {error}")),
                Ok(procedure) => {
                    wrong.extend(
                        faults(&procedure)
                            .into_iter()
                            .map(|fault| format!("{name}: {fault}")),
                    );
                    if let Some(twin) = procedures.insert(procedure.summary.code.clone(), procedure)
                    {
                        wrong.push(format!("{name}: code {} stands twice", twin.summary.code));
                    }
                }
            }
        }
        if !wrong.is_empty() {
            bail!("procedures:\n{}", wrong.join("\n"));
        }
        Ok(Self(procedures))
    }

    /// One procedure.
    #[must_use]
    pub fn find(&self, code: &str) -> Option<&Procedure> {
        self.0.get(code)
    }

    /// The catalogue's lines, by field and name.
    #[must_use]
    pub fn list(&self) -> Vec<ProcedureSummary> {
        let mut list: Vec<_> = self
            .0
            .values()
            .map(|procedure| procedure.summary.clone())
            .collect();
        list.sort_by(|a, b| (&a.field, &a.name).cmp(&(&b.field, &b.name)));
        list
    }
}

fn faults(procedure: &Procedure) -> Vec<String> {
    let mut faults = Vec::new();
    let codes: BTreeSet<_> = procedure
        .components
        .iter()
        .map(|component| &component.code)
        .collect();
    if codes.len() != procedure.components.len() {
        faults.push("two components have the same code".to_owned());
    }
    if procedure.components.is_empty() {
        faults.push("there is no component".to_owned());
    }
    let keys: BTreeSet<_> = procedure.fields.iter().map(|field| &field.key).collect();
    if keys.len() != procedure.fields.len() {
        faults.push("two fields have the same key".to_owned());
    }
    if procedure.fees.iter().any(|fee| fee.amount.0 < 0) {
        faults.push("a fee is negative".to_owned());
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_catalogue_is_sound_and_holds_birth_registration() {
        let catalogue = Catalogue::open(None).expect("sound");
        assert!(catalogue.list().len() >= 12);
        let birth = catalogue.find("1.001193").expect("there");
        assert!(
            birth
                .components
                .iter()
                .any(|component| component.signature_required)
        );
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let folder = tempfile::tempdir().expect("folder");
        for name in ["a.toml", "b.toml"] {
            std::fs::write(folder.path().join(name), "code = 1").expect("written");
        }
        let told = Catalogue::open(Some(folder.path()))
            .expect_err("refused")
            .to_string();
        assert!(told.contains("a.toml") && told.contains("b.toml"));
    }
}
