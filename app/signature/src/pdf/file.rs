//! A file opened for appending: its objects by number, and whether it may be appended to at all.

use super::filter;
use super::object::{Dictionary, Id, Object};
use super::parse::Parser;
use super::xref::{self, Chain, Entry};
use crate::error::SignError;
use contract::worker::Signability;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Longest chain of references to references.
const HOPS_MAX: usize = 16;
/// Header has to stand in the first bytes; junk before it shifts every offset.
const HEADER_WINDOW: usize = 1024;

/// An unpacked object stream: its bytes and where each object of it begins, by place.
#[derive(Debug)]
struct Packed {
    bytes: Vec<u8>,
    starts: Vec<(u32, usize)>,
}

/// A file.
#[derive(Debug)]
pub(crate) struct File<'a> {
    data: &'a [u8],
    chain: Chain,
    packed: RefCell<HashMap<u32, Option<Rc<Packed>>>>,
}

impl<'a> File<'a> {
    /// Opens a file.
    ///
    /// # Errors
    /// [`SignError::NotPdf`]; [`SignError::NotSignable`] with `JunkBeforeHeader`, `DamagedStructure` or `Encrypted`.
    pub(crate) fn open(data: &'a [u8]) -> Result<Self, SignError> {
        let window = data
            .get(..HEADER_WINDOW.min(data.len()))
            .unwrap_or_default();
        match window.windows(5).position(|bytes| bytes == b"%PDF-") {
            None => return Err(SignError::NotPdf),
            Some(0) => {}
            Some(_) => return Err(SignError::NotSignable(Signability::JunkBeforeHeader)),
        }
        let chain =
            xref::read(data).ok_or(SignError::NotSignable(Signability::DamagedStructure))?;
        if chain.encrypted {
            return Err(SignError::NotSignable(Signability::Encrypted));
        }
        Ok(Self {
            data,
            chain,
            packed: RefCell::default(),
        })
    }

    /// The whole file.
    pub(crate) const fn data(&self) -> &'a [u8] {
        self.data
    }

    /// The chain of cross-reference sections.
    pub(crate) const fn chain(&self) -> &Chain {
        &self.chain
    }

    /// An indirect object; `None` when it is free, missing, of another generation, or malformed.
    pub(crate) fn object(&self, id: Id) -> Option<Object> {
        match self.chain.entries.get(&id.number)? {
            Entry::Free => None,
            Entry::Offset(offset, generation) => {
                let mut parser = Parser::new(self.data, *offset);
                let found = parser.object_header()?;
                if found != id || *generation != id.generation {
                    return None;
                }
                parser.object()
            }
            Entry::Packed(stream, place) => {
                if id.generation != 0 {
                    return None;
                }
                let packed = self.unpack(*stream)?;
                // The place is a hint; the number in the stream's own header decides.
                let start = packed
                    .starts
                    .get(*place)
                    .filter(|(number, _)| *number == id.number)
                    .or_else(|| {
                        packed
                            .starts
                            .iter()
                            .find(|(number, _)| *number == id.number)
                    })?
                    .1;
                Parser::new(&packed.bytes, start).object()
            }
        }
    }

    /// The raw bytes of a stream object; `None` when the object is no stream. With an unreadable length everything up to the
    /// end of the file: whoever compares must see a difference rather than none.
    pub(crate) fn stream(&self, id: Id) -> Option<&'a [u8]> {
        let Entry::Offset(offset, _) = self.chain.entries.get(&id.number)? else {
            return None;
        };
        let mut parser = Parser::new(self.data, *offset);
        parser.object_header()?;
        let Object::Dictionary(dictionary) = parser.object()? else {
            return None;
        };
        let start = parser.stream_start()?;
        let length = self.value(&dictionary, "Length").as_integer();
        let end = length.and_then(|length| start.checked_add(usize::try_from(length).ok()?));
        end.and_then(|end| self.data.get(start..end))
            .or_else(|| self.data.get(start..))
    }

    /// The object behind an object: references are followed, what cannot be found is null.
    pub(crate) fn resolve(&self, object: &Object) -> Object {
        let mut current = object.clone();
        for _ in 0..HOPS_MAX {
            match current {
                Object::Reference(id) => current = self.object(id).unwrap_or(Object::Null),
                found => return found,
            }
        }
        Object::Null
    }

    /// A key's value with references followed; null when absent.
    pub(crate) fn value(&self, dictionary: &Dictionary, key: &str) -> Object {
        dictionary
            .get(key)
            .map_or(Object::Null, |value| self.resolve(value))
    }

    /// A key's value as a dictionary.
    pub(crate) fn dictionary(&self, dictionary: &Dictionary, key: &str) -> Option<Dictionary> {
        match self.value(dictionary, key) {
            Object::Dictionary(found) => Some(found),
            _ => None,
        }
    }

    /// A key's value as an array.
    pub(crate) fn array(&self, dictionary: &Dictionary, key: &str) -> Option<Vec<Object>> {
        match self.value(dictionary, key) {
            Object::Array(found) => Some(found),
            _ => None,
        }
    }

    /// The catalog and its number.
    ///
    /// # Errors
    /// [`Signability::DamagedStructure`] when the trailer leads to none.
    pub(crate) fn catalog(&self) -> Result<(Id, Dictionary), SignError> {
        let root = self
            .chain
            .trailer
            .get("Root")
            .and_then(Object::as_reference);
        match root.and_then(|id| Some((id, self.object(id)?))) {
            Some((id, Object::Dictionary(catalog))) => Ok((id, catalog)),
            _ => Err(SignError::NotSignable(Signability::DamagedStructure)),
        }
    }

    fn unpack(&self, number: u32) -> Option<Rc<Packed>> {
        if let Some(known) = self.packed.borrow().get(&number) {
            return known.clone();
        }
        let unpacked = self.read_packed(number).map(Rc::new);
        self.packed.borrow_mut().insert(number, unpacked.clone());
        unpacked
    }

    fn read_packed(&self, number: u32) -> Option<Packed> {
        // An object stream stands in the file itself, never in another one (7.5.7).
        let Some(Entry::Offset(offset, _)) = self.chain.entries.get(&number) else {
            return None;
        };
        let mut parser = Parser::new(self.data, *offset);
        parser.object_header().filter(|id| id.number == number)?;
        let Object::Dictionary(dictionary) = parser.object()? else {
            return None;
        };
        let start = parser.stream_start()?;
        let length = match dictionary.get("Length")? {
            Object::Reference(id) => match self.chain.entries.get(&id.number)? {
                // A length inside an object stream could lead back here.
                Entry::Offset(..) => self.object(*id)?.as_integer()?,
                _ => return None,
            },
            direct => direct.as_integer()?,
        };
        let raw = self
            .data
            .get(start..start.checked_add(usize::try_from(length).ok()?)?)?;
        let bytes = filter::decode(&dictionary, raw)?;
        let count = usize::try_from(dictionary.get("N")?.as_integer()?).ok()?;
        let first = usize::try_from(dictionary.get("First")?.as_integer()?).ok()?;
        let mut header = Parser::new(&bytes, 0);
        let mut starts = Vec::new();
        for _ in 0..count {
            let number = u32::try_from(header.unsigned()?).ok()?;
            let start = usize::try_from(header.unsigned()?)
                .ok()?
                .checked_add(first)?;
            starts.push((number, start));
        }
        Some(Packed { bytes, starts })
    }
}
