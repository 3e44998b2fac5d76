//! Validation material that a file carries (ISO 32000-2, 12.8.4.3): certificates, OCSP answers and revocation lists of `/DSS`.

use crate::pdf::file::File;
use crate::pdf::filter;
use crate::pdf::object::{Dictionary, Object};

/// Most entries of each kind.
const ENTRIES_MAX: usize = 1000;

/// What may prove something; nothing of it is believed before its signature holds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Material {
    /// Certificates, DER.
    pub(crate) certificates: Vec<Vec<u8>>,
    /// OCSP answers, DER.
    pub(crate) answers: Vec<Vec<u8>>,
    /// Revocation lists, DER.
    pub(crate) lists: Vec<Vec<u8>>,
}

impl Material {
    /// Reads the document security store.
    pub(crate) fn read(file: &File<'_>) -> Self {
        let mut found = Self::default();
        let Some(store) = file
            .catalog()
            .ok()
            .and_then(|(_, catalog)| file.dictionary(&catalog, "DSS"))
        else {
            return found;
        };
        found.take(file, &store, ["Certs", "OCSPs", "CRLs"]);
        if let Some(by_signature) = file.dictionary(&store, "VRI") {
            for (_, entry) in by_signature.iter().take(ENTRIES_MAX) {
                if let Object::Dictionary(entry) = file.resolve(entry) {
                    found.take(file, &entry, ["Cert", "OCSP", "CRL"]);
                }
            }
        }
        found
    }

    fn take(&mut self, file: &File<'_>, dictionary: &Dictionary, keys: [&str; 3]) {
        let [certificates, answers, lists] = keys;
        for (key, target) in [
            (certificates, &mut self.certificates),
            (answers, &mut self.answers),
            (lists, &mut self.lists),
        ] {
            for entry in file.array(dictionary, key).unwrap_or_default() {
                let value = entry.as_reference().and_then(|id| {
                    match (file.object(id)?, file.stream(id)?) {
                        (Object::Dictionary(head), raw) => filter::decode(&head, &raw),
                        _ => None,
                    }
                });
                if let Some(value) = value
                    && target.len() < ENTRIES_MAX
                    && !target.contains(&value)
                {
                    target.push(value);
                }
            }
        }
    }

    /// Whether it says anything about revocation.
    pub(crate) fn has_revocation(&self) -> bool {
        !self.answers.is_empty() || !self.lists.is_empty()
    }
}
