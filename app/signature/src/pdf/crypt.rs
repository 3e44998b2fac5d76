//! The standard security handler (ISO 32000-2, 7.6): what a file's strings and streams are encrypted with, and what its owner permits.
//!
//! RC4 and MD5 are no protection any more. They are here because files are read and appended to as they are.

mod cipher;
mod password;

use super::object::{Dictionary, Id, Object};
use cipher::Method;
use sha2::{Digest as _, Sha256};

/// Bit 4 of `/P`: modify the contents (table 22).
const MODIFY: u32 = 1 << 3;
/// Bit 6: annotations and form fields.
const ANNOTATE: u32 = 1 << 5;
/// Bit 9: fill in form fields that exist, signature fields among them.
const FILL: u32 = 1 << 8;

/// Why an encrypted file cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Locked {
    /// No or another password is needed.
    Password,
    /// Another handler, or one that contradicts itself.
    Unsupported,
}

/// An open handler.
#[derive(Debug)]
pub(crate) struct Handler {
    /// What it was read from: an earlier revision must have the same.
    source: Dictionary,
    id: Vec<u8>,
    key: Vec<u8>,
    strings: Method,
    streams: Method,
    named: Vec<(Vec<u8>, Method)>,
    metadata: bool,
    permissions: u32,
    owner: bool,
}

impl Handler {
    /// Opens it with a password; the empty one opens files that anybody may read. `id` is the first part of the file's `/ID`.
    ///
    /// # Errors
    /// [`Locked`].
    pub(crate) fn open(source: &Dictionary, id: &[u8], password: &str) -> Result<Self, Locked> {
        let number = |key: &str| source.get(key).and_then(Object::as_integer);
        if !source.is_name("Filter", "Standard") {
            return Err(Locked::Unsupported);
        }
        let version = number("V").unwrap_or(0);
        let revision = number("R").ok_or(Locked::Unsupported)?;
        let bits = number("Length").unwrap_or(40);
        let length = match version {
            1 => 5,
            2 => usize::try_from(bits / 8).map_err(|_| Locked::Unsupported)?,
            4 => 16,
            5 => 32,
            _ => return Err(Locked::Unsupported),
        };
        let fits = match version {
            1 | 2 => (2..=3).contains(&revision) && (5..=16).contains(&length),
            4 => revision == 4,
            _ => matches!(revision, 5 | 6),
        };
        if !fits {
            return Err(Locked::Unsupported);
        }
        let metadata = source.get("EncryptMetadata") != Some(&Object::Boolean(false));
        // Some writers give the signed number as an unsigned one.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let permissions = number("P").ok_or(Locked::Unsupported)? as u32;
        let said = password::Said {
            revision,
            length,
            permissions,
            id,
            metadata,
            source,
        };
        let opened = password::open(&said, password)?;
        let named = filters(source, version)?;
        let method = |key: &str| match source.get(key).and_then(Object::as_name) {
            None | Some(b"Identity") => Ok(Method::Identity),
            Some(name) => named
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, method)| *method)
                .ok_or(Locked::Unsupported),
        };
        let (strings, streams) = if version < 4 {
            (Method::Rc4, Method::Rc4)
        } else {
            (method("StrF")?, method("StmF")?)
        };
        Ok(Self {
            source: source.clone(),
            id: id.to_vec(),
            key: opened.key,
            strings,
            streams,
            named,
            metadata,
            permissions: opened.permissions,
            owner: opened.owner,
        })
    }

    /// Whether another revision of the file is read with the same key.
    pub(crate) fn is_of(&self, source: &Dictionary, id: &[u8]) -> bool {
        self.source == *source && self.id == id
    }

    /// Whether a signature may be added: in a field that is there already, or in a new one.
    pub(crate) fn may_sign(&self, existing: bool) -> bool {
        let old = self.source.get("R").and_then(Object::as_integer) == Some(2);
        let has = |bits: u32| self.permissions & bits == bits;
        self.owner || has(MODIFY | ANNOTATE) || (existing && (has(ANNOTATE) || (!old && has(FILL))))
    }

    /// An object as it is meant.
    pub(crate) fn opened(&self, id: Id, object: Object) -> Object {
        self.walk(object, &mut |bytes| {
            cipher::decrypt(self.strings, &self.key, id, bytes)
        })
    }

    /// A stream's bytes as they are meant, before its filters.
    pub(crate) fn opened_stream(&self, id: Id, head: &Dictionary, bytes: &[u8]) -> Vec<u8> {
        cipher::decrypt(self.method(head), &self.key, id, bytes)
    }

    /// An object as it is written. `seed` makes the initial values: the same for the same file and object, and for nothing else.
    pub(crate) fn closed(&self, id: Id, object: Object, seed: &[u8]) -> Object {
        let mut count = 0_u64;
        self.walk(object, &mut |bytes| {
            count += 1;
            self.encrypt(self.strings, id, bytes, seed, count)
        })
    }

    /// A stream's bytes as they are written.
    pub(crate) fn closed_stream(
        &self,
        id: Id,
        head: &Dictionary,
        bytes: &[u8],
        seed: &[u8],
    ) -> Vec<u8> {
        self.encrypt(self.method(head), id, bytes, seed, 0)
    }

    fn encrypt(&self, method: Method, id: Id, bytes: &[u8], seed: &[u8], count: u64) -> Vec<u8> {
        let mut hasher = Sha256::new();
        hasher.update(&self.key);
        hasher.update(seed);
        hasher.update(id.number.to_be_bytes());
        hasher.update(id.generation.to_be_bytes());
        hasher.update(count.to_be_bytes());
        hasher.update(bytes);
        let mut vector = [0; 16];
        for (place, byte) in vector.iter_mut().zip(hasher.finalize()) {
            *place = byte;
        }
        cipher::encrypt(method, &self.key, id, bytes, vector)
    }

    /// How a stream is encrypted (7.6.6): cross-reference streams never, others as their `/Crypt` filter says.
    fn method(&self, head: &Dictionary) -> Method {
        if head.is_name("Type", "XRef")
            || (!self.metadata
                && head.is_name("Type", "Metadata")
                && head.is_name("Subtype", "XML"))
        {
            return Method::Identity;
        }
        let is_crypt = |filter: &Object| filter.as_name() == Some(b"Crypt");
        let (first, parameters) = match head.get("Filter") {
            Some(Object::Array(filters)) => (
                filters.first().is_some_and(is_crypt),
                match head.get("DecodeParms") {
                    Some(Object::Array(all)) => all.first(),
                    other => other,
                },
            ),
            Some(filter) => (is_crypt(filter), head.get("DecodeParms")),
            None => (false, None),
        };
        if !first {
            return self.streams;
        }
        let name = match parameters {
            Some(Object::Dictionary(parameters)) => {
                parameters.get("Name").and_then(Object::as_name)
            }
            _ => None,
        };
        self.named
            .iter()
            .find(|(known, _)| Some(known.as_slice()) == name)
            .map_or(Method::Identity, |(_, method)| *method)
    }

    /// Every string of an object but a signature's value, which is never encrypted (12.8.1, table 255).
    fn walk(&self, object: Object, change: &mut dyn FnMut(&[u8]) -> Vec<u8>) -> Object {
        match object {
            Object::String(bytes) => Object::String(change(&bytes)),
            Object::Array(items) => Object::Array(
                items
                    .into_iter()
                    .map(|item| self.walk(item, change))
                    .collect(),
            ),
            Object::Dictionary(dictionary) => {
                let signs = dictionary.get("ByteRange").is_some();
                let mut changed = Dictionary::new();
                for (key, value) in dictionary.iter() {
                    let value = value.clone();
                    let value = if signs && key == b"Contents" {
                        value
                    } else {
                        self.walk(value, change)
                    };
                    changed.push(key.to_vec(), value);
                }
                Object::Dictionary(changed)
            }
            other => other,
        }
    }
}

/// The crypt filters by name (7.6.6, table 25).
fn filters(source: &Dictionary, version: i64) -> Result<Vec<(Vec<u8>, Method)>, Locked> {
    if version < 4 {
        return Ok(Vec::new());
    }
    let Some(Object::Dictionary(all)) = source.get("CF") else {
        return Ok(Vec::new());
    };
    all.iter()
        .map(|(name, filter)| {
            let Object::Dictionary(filter) = filter else {
                return Err(Locked::Unsupported);
            };
            let method = match (filter.get("CFM").and_then(Object::as_name), version) {
                (None | Some(b"None"), _) => Method::Identity,
                (Some(b"V2"), 4) => Method::Rc4,
                (Some(b"AESV2"), 4) => Method::Aes128,
                (Some(b"AESV3"), 5) => Method::Aes256,
                _ => return Err(Locked::Unsupported),
            };
            Ok((name.to_vec(), method))
        })
        .collect()
}
