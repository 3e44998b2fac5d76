//! The chain of cross-reference sections (ISO 32000-2, 7.5.4 and 7.5.8), read strictly from `startxref` backwards.

use super::entries::Entries;
use super::filter;
use super::object::{Dictionary, Object};
use super::parse::{Parser, is_space};
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// Most sections of a chain, so that a hand-made chain ends.
const SECTIONS_MAX: usize = 4096;
/// Largest object number (Annex C).
const NUMBER_MAX: u64 = 8_388_607;

/// Where an object stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    /// Not in use.
    Free,
    /// At this offset from the beginning of the file.
    Offset(usize, u16),
    /// In an object stream, at this place of it.
    Packed(u32, usize),
}

/// How the newest section is written: an update keeps to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// A table, also of a hybrid file.
    Table,
    /// A stream.
    Stream,
}

/// The whole chain.
#[derive(Debug)]
pub(crate) struct Chain {
    /// Newest entry of every object.
    pub entries: Entries,
    /// Trailer of the newest section.
    pub trailer: Dictionary,
    /// Offset of the newest section.
    pub newest: usize,
    /// Its style.
    pub style: Style,
    /// The smallest number that no section uses.
    pub next_number: u32,
    /// Whether any section says the file is encrypted.
    pub encrypted: bool,
    /// Largest number in use, and the newest section's `/Size`.
    largest: u32,
    size: i64,
    /// The sections, by where they begin.
    sections: BTreeMap<usize, Rc<Section>>,
    starts: OnceCell<Vec<usize>>,
}

/// One section, with the second half of a hybrid file's.
#[derive(Debug)]
struct Section {
    rows: Rows,
    /// What stands in the stream behind `/XRefStm`.
    hidden: Rows,
    trailer: Dictionary,
    style: Style,
    /// Nothing from here on was looked at.
    until: usize,
}

type Rows = Vec<(u32, Entry)>;

impl Section {
    /// Rows of both halves that lead somewhere in the file itself.
    fn offsets(&self) -> impl Iterator<Item = (u32, usize)> {
        let rows = self.rows.iter().chain(&self.hidden);
        rows.filter_map(|(number, entry)| match entry {
            Entry::Offset(offset, _) => Some((*number, *offset)),
            Entry::Free | Entry::Packed(..) => None,
        })
    }

    /// Whether it names a number at two places.
    fn doubles(&self) -> bool {
        let mut seen: HashMap<u32, Entry> = HashMap::new();
        let rows = self.rows.iter().chain(&self.hidden);
        rows.filter(|(_, entry)| *entry != Entry::Free)
            .any(|(number, entry)| *seen.entry(*number).or_insert(*entry) != *entry)
    }
}

impl Chain {
    /// Whether the newest `/Size` takes in every number in use, as it should.
    pub(crate) fn holds_all(&self) -> bool {
        self.size > i64::from(self.largest)
    }

    /// Where the section before the newest one of the file begins.
    pub(crate) fn last_but_one(&self) -> Option<usize> {
        self.sections.keys().rev().nth(1).copied()
    }

    /// Whether a section begins there.
    pub(crate) fn has_section(&self, offset: usize) -> bool {
        self.sections.contains_key(&offset)
    }

    /// Whether a section that begins there or later names a number twice, each time at another place: readers differ in which counts.
    pub(crate) fn doubles(&self, from: usize) -> bool {
        let later = self.sections.range(from..);
        later.into_iter().any(|(_, section)| section.doubles())
    }

    /// Numbers whose entry leads back before a later place that a section named: whoever searches a file from its end finds the other.
    pub(crate) fn switched_back(&self, from: usize) -> bool {
        let named = self.sections.values().flat_map(|section| section.offsets());
        named
            .filter(|(_, named)| *named >= from)
            .any(|(number, named)| match self.entries.get(number) {
                Some(Entry::Offset(offset, _)) => offset < named,
                Some(Entry::Packed(stream, _)) => match self.entries.get(stream) {
                    Some(Entry::Offset(offset, _)) => offset < named,
                    _ => true,
                },
                Some(Entry::Free) | None => false,
            })
    }

    /// Where sections begin, and where the objects that any of them names do: superseded ones too. In order.
    pub(crate) fn starts(&self) -> &[usize] {
        self.starts.get_or_init(|| {
            let mut starts: Vec<usize> = self.sections.keys().copied().collect();
            for section in self.sections.values() {
                if let Some(stream) = section.trailer.get("XRefStm").and_then(Object::as_integer) {
                    starts.extend(usize::try_from(stream));
                }
                starts.extend(section.offsets().map(|(_, offset)| offset));
            }
            starts.sort_unstable();
            starts.dedup();
            starts
        })
    }
}

/// Reads the chain; `None` when any part of it is not as it should be. `later` is that of a file which begins with this one: what both
/// have is read once.
pub(crate) fn read(data: &[u8], later: Option<&Chain>) -> Option<Chain> {
    let newest = last_startxref(data)?;
    let mut sections = BTreeMap::new();
    let mut order: Vec<Rc<Section>> = Vec::new();
    let mut encrypted = false;
    let mut size = 1_u64;
    let mut next = Some(newest);
    while let Some(offset) = next {
        let known = later.and_then(|later| later.sections.get(&offset));
        let section = match known.filter(|section| section.until <= data.len()) {
            Some(known) => known.clone(),
            None => Rc::new(read_section(data, offset)?),
        };
        if sections.insert(offset, section.clone()).is_some() || sections.len() > SECTIONS_MAX {
            return None;
        }
        let trailer = &section.trailer;
        encrypted |= !matches!(trailer.get("Encrypt"), None | Some(Object::Null));
        size = size.max(u64::try_from(trailer.get("Size")?.as_integer()?).ok()?);
        next = match trailer.get("Prev") {
            None | Some(Object::Null) => None,
            Some(previous) => Some(usize::try_from(previous.as_integer()?).ok()?),
        };
        order.push(section);
    }
    let count = order.iter().fold(0_usize, |sum, section| {
        sum.saturating_add(section.rows.len() + section.hidden.len())
    });
    let mut entries = Entries::of(count);
    for section in &order {
        merge(&mut entries, section);
    }
    let (mut largest, mut used) = (0, 0);
    for (number, entry) in entries.iter() {
        largest = number;
        if entry != Entry::Free {
            used = number;
        }
    }
    let next_number = size.max(u64::from(largest) + 1);
    if next_number > NUMBER_MAX {
        return None;
    }
    let first = order.first()?;
    let stated = first.trailer.get("Size").and_then(Object::as_integer);
    Some(Chain {
        largest: used,
        size: stated.unwrap_or(0),
        entries,
        trailer: first.trailer.clone(),
        newest,
        style: first.style,
        next_number: u32::try_from(next_number).ok()?,
        encrypted,
        sections,
        starts: OnceCell::new(),
    })
}

/// The offset after the last `startxref`, which has to stand in the last 2 KB.
fn last_startxref(data: &[u8]) -> Option<usize> {
    let tail = data.len().saturating_sub(2048);
    let window = data.get(tail..)?;
    let word = b"startxref";
    let at = window
        .windows(word.len())
        .rposition(|bytes| bytes == word)?;
    usize::try_from(Parser::new(data, tail + at + word.len()).unsigned()?).ok()
}

/// Adds a section older than what is there. Objects of the hidden half are marked free in the table half,
/// so the order is: the table's objects in use, the hidden ones, then the table's free ones.
fn merge(entries: &mut Entries, section: &Section) {
    let of = |free: bool| {
        let rows = section.rows.iter();
        rows.filter(move |(_, entry)| (*entry == Entry::Free) == free)
    };
    for (number, entry) in of(false).chain(&section.hidden).chain(of(true)) {
        entries.add(*number, *entry);
    }
}

fn read_section(data: &[u8], offset: usize) -> Option<Section> {
    if offset == 0 {
        return None;
    }
    let mut parser = Parser::new(data, offset);
    if parser.keyword("xref").is_none() {
        let (rows, trailer, until) = read_stream(data, offset)?;
        return Some(Section {
            rows,
            hidden: Vec::new(),
            trailer,
            style: Style::Stream,
            until,
        });
    }
    let (rows, trailer) = read_table(&mut parser)?;
    // A hybrid file's second half (7.5.8.4).
    let (hidden, hidden_until) = match trailer.get("XRefStm") {
        Some(offset) => {
            let offset = usize::try_from(offset.as_integer()?).ok()?;
            read_stream(data, offset).map(|(rows, _, until)| (rows, until))?
        }
        None => (Vec::new(), 0),
    };
    Some(Section {
        rows,
        hidden,
        trailer,
        style: Style::Table,
        until: parser.position().max(hidden_until),
    })
}

/// Offset or next free number, generation, and whether in use.
type Row = (u64, u64, bool);

/// A row as the standard wants it: ten digits, five digits, `n` or `f`, twenty bytes in all.
fn fixed(row: &[u8]) -> Option<Row> {
    let (offset, rest) = row.split_first_chunk::<10>()?;
    let (b' ', rest) = rest.split_first()? else {
        return None;
    };
    let (generation, rest) = rest.split_first_chunk::<5>()?;
    let &[b' ', kind @ (b'n' | b'f'), first, last] = rest else {
        return None;
    };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_u64, |sum, digit| {
            let value = digit.wrapping_sub(b'0');
            (value < 10).then(|| sum * 10 + u64::from(value))
        })
    };
    (is_space(first) && is_space(last)).then_some(())?;
    Some((number(offset)?, number(generation)?, kind == b'n'))
}

/// Takes a row, however it is spaced.
fn row(parser: &mut Parser<'_>) -> Option<Row> {
    parser.skip_space();
    if let Some(found) = parser.ahead(20).and_then(fixed) {
        parser.skip(20);
        return Some(found);
    }
    let offset = parser.unsigned()?;
    let generation = parser.unsigned()?;
    if parser.keyword("n").is_some() {
        return Some((offset, generation, true));
    }
    parser.keyword("f")?;
    Some((offset, generation, false))
}

fn read_table(parser: &mut Parser<'_>) -> Option<(Rows, Dictionary)> {
    let mut section = Vec::new();
    while parser.keyword("trailer").is_none() {
        let mut number = parser.unsigned()?;
        let count = parser.unsigned()?;
        for index in 0..count {
            let (offset, generation, used) = row(parser)?;
            // A common mistake: a table that counts from 1 although its first entry is the free object 0.
            if index == 0 && number == 1 && !used && generation == 65_535 {
                number = 0;
            }
            if number > NUMBER_MAX {
                return None;
            }
            let entry = match (used, offset) {
                (true, 1..) => Entry::Offset(
                    usize::try_from(offset).ok()?,
                    u16::try_from(generation).ok()?,
                ),
                _ => Entry::Free,
            };
            section.push((u32::try_from(number).ok()?, entry));
            number += 1;
        }
    }
    match parser.object()? {
        Object::Dictionary(trailer) => Some((section, trailer)),
        _ => None,
    }
}

/// The rows of a stream, its dictionary, and where it ends.
fn read_stream(data: &[u8], offset: usize) -> Option<(Rows, Dictionary, usize)> {
    let mut parser = Parser::new(data, offset);
    parser.object_header()?;
    let Object::Dictionary(dictionary) = parser.object()? else {
        return None;
    };
    if !dictionary.is_name("Type", "XRef") {
        return None;
    }
    // Everything in this dictionary is direct (7.5.8.2), so its length can be trusted without the table.
    let start = parser.stream_start()?;
    let length = usize::try_from(dictionary.get("Length")?.as_integer()?).ok()?;
    let end = start.checked_add(length)?;
    let decoded = filter::decode(&dictionary, data.get(start..end)?)?;
    let rows = stream_entries(&dictionary, &decoded)?;
    Some((rows, dictionary, end))
}

fn stream_entries(dictionary: &Dictionary, decoded: &[u8]) -> Option<Rows> {
    let list = |object: Option<&Object>| match object {
        Some(Object::Array(items)) => items
            .iter()
            .map(|item| {
                item.as_integer()
                    .and_then(|value| u64::try_from(value).ok())
            })
            .collect::<Option<Vec<u64>>>(),
        _ => None,
    };
    let widths = list(dictionary.get("W"))?;
    let widths: Vec<usize> = widths
        .iter()
        .map(|width| usize::try_from(*width).ok().filter(|width| *width <= 8))
        .collect::<Option<_>>()?;
    let [kind_width, second_width, third_width] = *widths.as_slice() else {
        return None;
    };
    let total = kind_width + second_width + third_width;
    if total == 0 {
        return None;
    }
    let size = u64::try_from(dictionary.get("Size")?.as_integer()?).ok()?;
    let index = list(dictionary.get("Index")).unwrap_or_else(|| vec![0, size]);
    let mut rows = decoded.chunks_exact(total);
    let mut section = Vec::new();
    for range in index.chunks(2) {
        let [first, count] = *range else {
            return None;
        };
        for number in first..first.checked_add(count)? {
            // A stream shorter than its index: what is there counts, as every reader does.
            let Some(row) = rows.next() else {
                return Some(section);
            };
            if number > NUMBER_MAX {
                return None;
            }
            let (kind, rest) = row.split_at_checked(kind_width)?;
            let (second, third) = rest.split_at_checked(second_width)?;
            let value = |field: &[u8]| {
                field
                    .iter()
                    .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte))
            };
            let kind = if kind.is_empty() { 1 } else { value(kind) };
            let entry = match kind {
                1 => Entry::Offset(
                    usize::try_from(value(second)).ok()?,
                    u16::try_from(value(third)).ok()?,
                ),
                2 => Entry::Packed(
                    u32::try_from(value(second)).ok()?,
                    usize::try_from(value(third)).ok()?,
                ),
                _ => Entry::Free, // 0, and types of the future count as null (7.5.8.3)
            };
            section.push((u32::try_from(number).ok()?, entry));
        }
    }
    Some(section)
}
