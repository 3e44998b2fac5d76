//! ETSI's developer extension (EN 319 142-1, 5.6; ISO 32000-2, 7.12): what PAdES needs came into the standard with PDF 2.0, older files
//! declare it.

use crate::pdf::file::File;
use crate::pdf::object::{Dictionary, Object};

/// Level for `ETSI.CAdES.detached`.
pub(crate) const SIGNATURE: i64 = 2;
/// Level for a document security store.
pub(crate) const STORE: i64 = 5;

/// Declares a level in the catalog, unless the file is of PDF 2.0 or declares as much already.
pub(crate) fn declare(file: &File<'_>, catalog: &mut Dictionary, level: i64) {
    let version_2 = file.data().starts_with(b"%PDF-2")
        || file
            .value(catalog, "Version")
            .as_name()
            .is_some_and(|version| version.starts_with(b"2"));
    if version_2 {
        return;
    }
    let mut extensions = file.dictionary(catalog, "Extensions").unwrap_or_default();
    let enough = match file.value(&extensions, "ESIC") {
        Object::Null => false,
        Object::Dictionary(declared) => file
            .value(&declared, "ExtensionLevel")
            .as_integer()
            .is_some_and(|declared| declared >= level),
        // Somebody else's way of writing it (an array since PDF 2.0): left alone.
        _ => true,
    };
    if enough {
        return;
    }
    let declared = Dictionary::new()
        .with("BaseVersion", Object::name("1.7"))
        .with("ExtensionLevel", Object::Integer(level));
    extensions.set("ESIC", declared.into());
    catalog.set("Extensions", extensions.into());
}
