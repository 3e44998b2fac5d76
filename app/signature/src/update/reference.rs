//! Signature references (ISO 32000-2, 12.8.1, table 256): what a signature certifies and what it locks.

use crate::pdf::file::File;
use crate::pdf::object::{Dictionary, Id, Object};
use crate::terms::{FieldLock, Permitted};

/// `/Reference` of a signature; nothing when it neither certifies nor locks. `own` is the lock of its field, `/Data` the catalog.
pub(crate) fn references(
    certify: Option<Permitted>,
    locks: &[Dictionary],
    catalog: Id,
) -> Option<Object> {
    let certification = certify.map(|permitted| {
        let parameters = Dictionary::new().with("P", Object::Integer(permitted.level()));
        reference("DocMDP", parameters)
    });
    let locked = locks
        .iter()
        .map(|lock| reference("FieldMDP", lock.clone()).with("Data", catalog.into()));
    let list: Vec<Object> = certification
        .into_iter()
        .chain(locked)
        .map(Object::from)
        .collect();
    (!list.is_empty()).then_some(Object::Array(list))
}

fn reference(method: &str, parameters: Dictionary) -> Dictionary {
    let parameters = parameters
        .with("Type", Object::name("TransformParams"))
        .with("V", Object::name("1.2"));
    Dictionary::new()
        .with("Type", Object::name("SigRef"))
        .with("TransformMethod", Object::name(method))
        .with("TransformParams", parameters.into())
}

/// `/Action` and `/Fields` of a lock that was asked for.
pub(crate) fn lock(asked: &FieldLock) -> Dictionary {
    let (action, names) = match asked {
        FieldLock::All => ("All", None),
        FieldLock::Only(names) => ("Include", Some(names)),
        FieldLock::AllBut(names) => ("Exclude", Some(names)),
    };
    let lock = Dictionary::new().with("Action", Object::name(action));
    match names {
        Some(names) => {
            let names = names.iter().map(|name| Object::text(name)).collect();
            lock.with("Fields", Object::Array(names))
        }
        None => lock,
    }
}

/// `/Action` and `/Fields` of a field's own lock (12.7.5.5, table 236): the signature repeats them. Its `/P` counts where it stands.
pub(crate) fn lock_of(file: &File<'_>, field: &Dictionary) -> Option<Dictionary> {
    let own = file.dictionary(field, "Lock")?;
    let mut lock = Dictionary::new();
    for key in ["Action", "Fields"] {
        if own.get(key).is_some() {
            let value = match file.value(&own, key) {
                Object::Array(items) => {
                    Object::Array(items.iter().map(|item| file.resolve(item)).collect())
                }
                value => value,
            };
            lock.set(key, value);
        }
    }
    Some(lock)
}
