//! The chain of cross-reference sections (ISO 32000-2, 7.5.4 and 7.5.8), read strictly from `startxref` backwards.

use super::filter;
use super::object::{Dictionary, Object};
use super::parse::Parser;
use std::collections::{HashMap, HashSet};

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
    pub entries: HashMap<u32, Entry>,
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
    /// Where sections begin, and where the objects that any of them names do: superseded ones too.
    pub starts: HashSet<usize>,
}

/// Reads the chain; `None` when any part of it is not as it should be.
pub(crate) fn read(data: &[u8]) -> Option<Chain> {
    let newest = last_startxref(data)?;
    let mut entries = HashMap::new();
    let mut seen = HashSet::new();
    let mut first: Option<(Dictionary, Style)> = None;
    let mut encrypted = false;
    let mut starts = HashSet::new();
    let mut size = 1_u64;
    let mut next = Some(newest);
    while let Some(offset) = next {
        if !seen.insert(offset) || seen.len() > SECTIONS_MAX {
            return None;
        }
        let (section, trailer, style) = read_section(data, offset)?;
        let hidden = hybrid(data, &trailer, style)?;
        if let Some(stream) = trailer.get("XRefStm").and_then(Object::as_integer) {
            starts.extend(usize::try_from(stream));
        }
        starts.extend(
            section
                .iter()
                .chain(&hidden)
                .filter_map(|(_, entry)| match entry {
                    Entry::Offset(offset, _) => Some(*offset),
                    Entry::Free | Entry::Packed(..) => None,
                }),
        );
        merge(&mut entries, section, hidden);
        encrypted |= !matches!(trailer.get("Encrypt"), None | Some(Object::Null));
        size = size.max(u64::try_from(trailer.get("Size")?.as_integer()?).ok()?);
        next = match trailer.get("Prev") {
            None | Some(Object::Null) => None,
            Some(previous) => Some(usize::try_from(previous.as_integer()?).ok()?),
        };
        first.get_or_insert((trailer, style));
    }
    let (trailer, style) = first?;
    let largest = entries.keys().copied().max().unwrap_or(0);
    let next_number = size.max(u64::from(largest) + 1);
    if next_number > NUMBER_MAX {
        return None;
    }
    Some(Chain {
        entries,
        trailer,
        newest,
        style,
        next_number: u32::try_from(next_number).ok()?,
        encrypted,
        starts: starts.into_iter().chain(seen).collect(),
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

type Section = Vec<(u32, Entry)>;

/// A hybrid file's second half: the stream behind `/XRefStm` (7.5.8.4). Empty for other files.
fn hybrid(data: &[u8], trailer: &Dictionary, style: Style) -> Option<Section> {
    match trailer.get("XRefStm") {
        Some(offset) if style == Style::Table => {
            let offset = usize::try_from(offset.as_integer()?).ok()?;
            read_stream(data, offset).map(|(section, _)| section)
        }
        _ => Some(Vec::new()),
    }
}

/// Adds a section older than what is there. Objects of the hidden half are marked free in the table half,
/// so the order is: the table's objects in use, the hidden ones, then the table's free ones.
fn merge(entries: &mut HashMap<u32, Entry>, section: Section, hidden: Section) {
    let (free, used): (Section, Section) = section
        .into_iter()
        .partition(|(_, entry)| *entry == Entry::Free);
    for (number, entry) in used.into_iter().chain(hidden).chain(free) {
        entries.entry(number).or_insert(entry);
    }
}

fn read_section(data: &[u8], offset: usize) -> Option<(Section, Dictionary, Style)> {
    if offset == 0 {
        return None;
    }
    let mut parser = Parser::new(data, offset);
    if parser.keyword("xref").is_some() {
        let (section, trailer) = read_table(&mut parser)?;
        Some((section, trailer, Style::Table))
    } else {
        let (section, trailer) = read_stream(data, offset)?;
        Some((section, trailer, Style::Stream))
    }
}

fn read_table(parser: &mut Parser<'_>) -> Option<(Section, Dictionary)> {
    let mut section = Vec::new();
    while parser.keyword("trailer").is_none() {
        let mut number = parser.unsigned()?;
        let count = parser.unsigned()?;
        for index in 0..count {
            let offset = parser.unsigned()?;
            let generation = parser.unsigned()?;
            let used = if parser.keyword("n").is_some() {
                true
            } else {
                parser.keyword("f")?;
                false
            };
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

fn read_stream(data: &[u8], offset: usize) -> Option<(Section, Dictionary)> {
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
    let decoded = filter::decode(&dictionary, data.get(start..start.checked_add(length)?)?)?;
    let section = stream_entries(&dictionary, &decoded)?;
    Some((section, dictionary))
}

fn stream_entries(dictionary: &Dictionary, decoded: &[u8]) -> Option<Section> {
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
