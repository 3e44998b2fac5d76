//! The document security store (ISO 32000-2, 12.8.4.3): validation data for the file's signatures, appended as a revision of its own.
//! It is permitted after every signature, also in a file that is certified against all other changes (12.8.2.2.2).

use crate::error::SignError;
use crate::pdf::file::File;
use crate::pdf::object::{Dictionary, Id, Object};
use crate::tlv;
use crate::update::objects::{Body, Objects};
use crate::update::{extension, section};
use crate::validate::material::Material;

/// Appends what the store does not hold yet; a file that lacks nothing stays as it is. What is no DER is left out. `digest` differs
/// for different files.
///
/// # Errors
/// [`SignError`]: the file cannot be appended to.
pub(crate) fn append(
    mut bytes: Vec<u8>,
    added: &Material,
    password: &str,
    digest: [u8; 32],
) -> Result<Vec<u8>, SignError> {
    let revision = revision(&bytes, added, password, digest)?;
    bytes.reserve_exact(revision.len());
    bytes.extend_from_slice(&revision);
    Ok(bytes)
}

fn revision(
    bytes: &[u8],
    added: &Material,
    password: &str,
    digest: [u8; 32],
) -> Result<Vec<u8>, SignError> {
    let file = File::open_with(bytes, password)?;
    let known = Material::read(&file);
    let (catalog_id, catalog) = file.catalog()?;
    let mut store = file
        .dictionary(&catalog, "DSS")
        .unwrap_or_else(|| Dictionary::new().with("Type", Object::name("DSS")));
    let mut objects = Objects::new(file.chain().next_number);
    let mut grew = false;
    for (key, added, known) in [
        ("Certs", &added.certificates, &known.certificates),
        ("OCSPs", &added.answers, &known.answers),
        ("CRLs", &added.lists, &known.lists),
    ] {
        let new = streams(&mut objects, added, known);
        if !new.is_empty() {
            grew = true;
            let mut list = file.array(&store, key).unwrap_or_default();
            list.extend(new.into_iter().map(Object::from));
            store.set(key, Object::Array(list));
        }
    }
    if !grew {
        return Ok(Vec::new());
    }
    let mut changed = catalog.clone();
    let own = catalog
        .get("DSS")
        .and_then(Object::as_reference)
        .filter(|id| matches!(file.object(*id), Some(Object::Dictionary(_))));
    match own {
        Some(id) => objects.set(id, Body::Plain(store.into())),
        None => {
            let id = objects.add(Body::Plain(store.into()));
            changed.set("DSS", id.into());
        }
    }
    extension::declare(&file, &mut changed, extension::STORE);
    if changed != catalog {
        objects.set(catalog_id, Body::Plain(changed.into()));
    }
    Ok(section::append(&file, objects, &digest)?.bytes)
}

/// One stream for each value that is not there yet.
fn streams(objects: &mut Objects, added: &[Vec<u8>], known: &[Vec<u8>]) -> Vec<Id> {
    let mut written: Vec<&[u8]> = Vec::new();
    let mut new = Vec::new();
    for value in added {
        let is_der = tlv::expect(value, tlv::SEQUENCE).is_some_and(|(_, rest)| rest.is_empty());
        if is_der && !known.contains(value) && !written.contains(&value.as_slice()) {
            written.push(value);
            new.push(objects.add_deflated(Dictionary::new(), value));
        }
    }
    new
}
