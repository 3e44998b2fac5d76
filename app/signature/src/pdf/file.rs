//! A file opened for appending: its objects by number, and whether it may be appended to at all.

use super::crypt::{Handler, Locked};
use super::filter;
use super::object::{Dictionary, Id, Object};
use super::parse::Parser;
use super::xref::{self, Chain, Entry};
use crate::digests::{Hashes, Parts};
use crate::error::SignError;
use crate::key::DigestKind;
use contract::worker::Signability;
use std::borrow::Cow;
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
    /// The first of each number.
    numbers: HashMap<u32, usize>,
}

/// A file.
#[derive(Debug)]
pub(crate) struct File<'a> {
    data: &'a [u8],
    chain: Chain,
    /// The open security handler of an encrypted file.
    handler: Option<Rc<Handler>>,
    /// Number of the dictionary that describes it, which is not encrypted itself.
    plain: Option<Id>,
    packed: RefCell<HashMap<u32, Option<Rc<Packed>>>>,
    hashes: Rc<Hashes>,
    flaws: RefCell<HashMap<u32, Option<Flaw>>>,
}

/// What is wrong with an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// It names a key twice with different values.
    Repeats,
    /// It cannot be read.
    Unreadable,
}

/// Deepest nesting of an encryption dictionary.
const ENCRYPT_DEPTH: usize = 4;

impl<'a> File<'a> {
    /// Opens a file that needs no password to be read.
    ///
    /// # Errors
    /// [`SignError::NotPdf`]; [`SignError::NotSignable`] with `JunkBeforeHeader`, `DamagedStructure`, `PasswordRequired` or `Encrypted`.
    pub(crate) fn open(data: &'a [u8]) -> Result<Self, SignError> {
        Self::open_with(data, "")
    }

    /// Opens a file with a password; one that is not encrypted needs none.
    ///
    /// # Errors
    /// Those of [`Self::open`].
    pub(crate) fn open_with(data: &'a [u8], password: &str) -> Result<Self, SignError> {
        let mut file = Self::read(data, None)?;
        if !file.chain.encrypted {
            return Ok(file);
        }
        let refused = |why| Err(SignError::NotSignable(why));
        let Some((source, id)) = file.encryption() else {
            return refused(Signability::Encrypted);
        };
        file.handler = match Handler::open(&source, &id, password) {
            Ok(handler) => Some(Rc::new(handler)),
            Err(Locked::Password) => return refused(Signability::PasswordRequired),
            Err(Locked::Unsupported) => return refused(Signability::Encrypted),
        };
        Ok(file)
    }

    /// The file as it was when it ended there, read with the same key; `None` when that was no file, or encrypted otherwise.
    pub(crate) fn earlier(&self, end: usize) -> Option<Self> {
        let mut file = Self::read(self.data.get(..end)?, Some(&self.chain)).ok()?;
        if file.chain.encrypted {
            let (source, id) = file.encryption()?;
            let same = self
                .handler
                .as_ref()
                .filter(|own| own.is_of(&source, &id))?;
            file.handler = Some(same.clone());
        }
        Some(file)
    }

    fn read(data: &'a [u8], later: Option<&Chain>) -> Result<Self, SignError> {
        let window = data
            .get(..HEADER_WINDOW.min(data.len()))
            .unwrap_or_default();
        match window.windows(5).position(|bytes| bytes == b"%PDF-") {
            None => return Err(SignError::NotPdf),
            Some(0) => {}
            Some(_) => return Err(SignError::NotSignable(Signability::JunkBeforeHeader)),
        }
        let chain =
            xref::read(data, later).ok_or(SignError::NotSignable(Signability::DamagedStructure))?;
        let plain = chain.trailer.get("Encrypt").and_then(Object::as_reference);
        Ok(Self {
            data,
            chain,
            handler: None,
            plain,
            packed: RefCell::default(),
            hashes: Rc::default(),
            flaws: RefCell::default(),
        })
    }

    /// Where an object is said to stand: its offset or its stream's, and its place in that stream.
    pub(crate) fn stands(&self, number: u32) -> Option<(usize, Option<usize>)> {
        let entries = &self.chain.entries;
        match entries.get(number)? {
            Entry::Offset(offset, _) => Some((offset, None)),
            Entry::Packed(stream, place) => match entries.get(stream)? {
                Entry::Offset(offset, _) => Some((offset, Some(place))),
                _ => None,
            },
            Entry::Free => None,
        }
    }

    /// What is wrong with the object of a number that is in use. Each is read once.
    pub(crate) fn flaw(&self, number: u32, entry: Entry) -> Option<Flaw> {
        if let Some(known) = self.flaws.borrow().get(&number) {
            return *known;
        }
        let generation = match entry {
            Entry::Offset(_, generation) => generation,
            _ => 0,
        };
        let flaw = match self.object(Id { number, generation }) {
            Some(object) if object.repeats() => Some(Flaw::Repeats),
            Some(_) => None,
            None => Some(Flaw::Unreadable),
        };
        self.flaws.borrow_mut().insert(number, flaw);
        flaw
    }

    /// Numbers of objects that are in use and cannot be read.
    pub(crate) fn unreadable(&self) -> impl Iterator<Item = u32> {
        let entries = self.chain.entries.iter();
        let used = entries.filter(|(number, _)| self.stands(*number).is_some());
        used.filter(|(number, entry)| self.flaw(*number, *entry) == Some(Flaw::Unreadable))
            .map(|(number, _)| number)
    }

    /// The encryption dictionary without references, and the first part of `/ID`.
    fn encryption(&self) -> Option<(Dictionary, Vec<u8>)> {
        let source = match self.whole(self.chain.trailer.get("Encrypt")?, ENCRYPT_DEPTH) {
            Object::Dictionary(source) => source,
            _ => return None,
        };
        let parts = self.array(&self.chain.trailer, "ID").unwrap_or_default();
        let id = match parts.first().map(|part| self.resolve(part)) {
            Some(Object::String(part)) => part,
            _ => Vec::new(),
        };
        Some((source, id))
    }

    fn whole(&self, object: &Object, depth: usize) -> Object {
        match self.resolve(object) {
            _ if depth == 0 => Object::Null,
            Object::Dictionary(dictionary) => {
                let mut whole = Dictionary::new();
                for (key, value) in dictionary.iter() {
                    whole.push(key.to_vec(), self.whole(value, depth - 1));
                }
                Object::Dictionary(whole)
            }
            other => other,
        }
    }

    /// The handler of an encrypted file.
    pub(crate) fn handler(&self) -> Option<&Handler> {
        self.handler.as_deref()
    }

    /// The whole file.
    pub(crate) const fn data(&self) -> &'a [u8] {
        self.data
    }

    /// Whether the other file begins with this one, and is read with the same key.
    pub(crate) fn begins(&self, other: &Self) -> bool {
        let key = |of: &Self| of.handler.as_ref().map(Rc::as_ptr);
        std::ptr::eq(self.data.as_ptr(), other.data.as_ptr())
            && self.data.len() <= other.data.len()
            && key(self) == key(other)
            && self.plain == other.plain
    }

    /// The digest of parts of it.
    pub(crate) fn digest(&self, kind: DigestKind, parts: &Parts) -> Vec<u8> {
        self.hashes.digest(self.data, kind, parts)
    }

    /// SHA-256 of the whole file.
    pub(crate) fn sha256(&self) -> [u8; 32] {
        self.hashes
            .sha256(self.data, &Parts::whole(self.data.len()))
    }

    /// Its hashes, to tell what is known or will be asked.
    pub(crate) const fn hashes(&self) -> &Rc<Hashes> {
        &self.hashes
    }

    /// Goes on with the hashes of a file that agrees with this one in everything that was hashed of it.
    pub(crate) fn go_on(&mut self, hashes: Rc<Hashes>) {
        self.hashes = hashes;
    }

    /// The chain of cross-reference sections.
    pub(crate) const fn chain(&self) -> &Chain {
        &self.chain
    }

    /// An indirect object; `None` when it is free, missing, of another generation, or malformed.
    pub(crate) fn object(&self, id: Id) -> Option<Object> {
        match self.chain.entries.get(id.number)? {
            Entry::Free => None,
            Entry::Offset(offset, generation) => {
                let mut parser = Parser::new(self.data, offset);
                let found = parser.object_header()?;
                if found != id || generation != id.generation {
                    return None;
                }
                let object = parser.object()?;
                match &self.handler {
                    Some(handler) if self.plain != Some(id) => Some(handler.opened(id, object)),
                    _ => Some(object),
                }
            }
            Entry::Packed(stream, place) => {
                if id.generation != 0 {
                    return None;
                }
                let packed = self.unpack(stream)?;
                // The place is a hint; the number in the stream's own header decides.
                let hinted = packed.starts.get(place);
                let start = hinted
                    .filter(|(number, _)| *number == id.number)
                    .map(|(_, start)| start)
                    .or_else(|| packed.numbers.get(&id.number))?;
                Parser::new(&packed.bytes, *start).object()
            }
        }
    }

    /// The bytes of a stream object, decrypted, before its filters; `None` when the object is no stream. With an unreadable length
    /// everything up to the end of the file: whoever compares must see a difference rather than none.
    pub(crate) fn stream(&self, id: Id) -> Option<Cow<'a, [u8]>> {
        let Entry::Offset(offset, _) = self.chain.entries.get(id.number)? else {
            return None;
        };
        let (head, raw) = self.raw(offset)?;
        Some(self.decrypted(id, &head, raw))
    }

    /// The bytes of the stream that begins there, as they stand in the file.
    pub(crate) fn stream_at(&self, offset: usize) -> Option<&'a [u8]> {
        self.raw(offset).map(|(_, raw)| raw)
    }

    fn raw(&self, offset: usize) -> Option<(Dictionary, &'a [u8])> {
        let mut parser = Parser::new(self.data, offset);
        parser.object_header()?;
        let Object::Dictionary(dictionary) = parser.object()? else {
            return None;
        };
        let start = parser.stream_start()?;
        let length = self.value(&dictionary, "Length").as_integer();
        let end = length.and_then(|length| start.checked_add(usize::try_from(length).ok()?));
        let raw = end
            .and_then(|end| self.data.get(start..end))
            .or_else(|| self.data.get(start..))?;
        Some((dictionary, raw))
    }

    /// Whether an object is a stream, without reading its bytes.
    pub(crate) fn is_stream(&self, id: Id) -> bool {
        let Some(Entry::Offset(offset, _)) = self.chain.entries.get(id.number) else {
            return false;
        };
        let mut parser = Parser::new(self.data, offset);
        parser.object_header().is_some()
            && matches!(parser.object(), Some(Object::Dictionary(_)))
            && parser.stream_start().is_some()
    }

    fn decrypted(&self, id: Id, head: &Dictionary, raw: &'a [u8]) -> Cow<'a, [u8]> {
        match &self.handler {
            Some(handler) => Cow::Owned(handler.opened_stream(id, head, raw)),
            None => Cow::Borrowed(raw),
        }
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
        let Some(Entry::Offset(offset, _)) = self.chain.entries.get(number) else {
            return None;
        };
        let mut parser = Parser::new(self.data, offset);
        let id = parser.object_header().filter(|id| id.number == number)?;
        let Object::Dictionary(dictionary) = parser.object()? else {
            return None;
        };
        let start = parser.stream_start()?;
        let length = match dictionary.get("Length")? {
            Object::Reference(id) => match self.chain.entries.get(id.number)? {
                // A length inside an object stream could lead back here.
                Entry::Offset(..) => self.object(*id)?.as_integer()?,
                _ => return None,
            },
            direct => direct.as_integer()?,
        };
        let raw = self
            .data
            .get(start..start.checked_add(usize::try_from(length).ok()?)?)?;
        let bytes = filter::decode(&dictionary, &self.decrypted(id, &dictionary, raw))?;
        let count = usize::try_from(dictionary.get("N")?.as_integer()?).ok()?;
        let first = usize::try_from(dictionary.get("First")?.as_integer()?).ok()?;
        let mut header = Parser::new(&bytes, 0);
        let (mut starts, mut numbers) = (Vec::new(), HashMap::new());
        for _ in 0..count {
            let number = u32::try_from(header.unsigned()?).ok()?;
            let start = usize::try_from(header.unsigned()?)
                .ok()?
                .checked_add(first)?;
            starts.push((number, start));
            numbers.entry(number).or_insert(start);
        }
        Some(Packed {
            bytes,
            starts,
            numbers,
        })
    }
}
