//! Objects that two revisions of a file read from the very same bytes, so that comparing what they say is needless: only what they lead to
//! may have changed.

use super::file::File;
use super::object::{Id, Object};
use super::parse::Parser;
use super::xref::Entry;

/// An object that stands where it stood.
#[derive(Debug, PartialEq)]
pub(crate) struct Unmoved {
    /// The object.
    pub(crate) object: Object,
    /// Whether it is a stream, the bytes of which are the same too.
    pub(crate) is_stream: bool,
}

impl<'a> File<'a> {
    /// The object of this file that the longer file `later` reads from the same bytes. `None` says nothing: it may be the same all the same.
    pub(crate) fn unmoved(&self, later: &File<'a>, id: Id) -> Option<Unmoved> {
        if !self.begins(later) {
            return None;
        }
        match self.same_entry(later, id.number)? {
            Entry::Free => None,
            Entry::Offset(offset, generation) => {
                let (found, mut unmoved) = self.whole_at(later, offset)?;
                if found != id || generation != id.generation {
                    return None;
                }
                // Decrypted as everywhere; what was parsed is needed for its end.
                if self.handler().is_some() {
                    unmoved.object = self.object(id)?;
                }
                Some(unmoved)
            }
            Entry::Packed(stream, _) => {
                let Entry::Offset(offset, _) = self.same_entry(later, stream)? else {
                    return None;
                };
                let (_, around) = self.whole_at(later, offset)?;
                let object = around.is_stream.then(|| self.object(id))??;
                Some(Unmoved {
                    object,
                    is_stream: false,
                })
            }
        }
    }

    fn same_entry(&self, later: &File<'a>, number: u32) -> Option<Entry> {
        let entry = self.chain().entries.get(number)?;
        (later.chain().entries.get(number) == Some(entry)).then_some(entry)
    }

    /// What stands at an offset, when it ends, for every reader, before this file does.
    fn whole_at(&self, later: &File<'a>, offset: usize) -> Option<(Id, Unmoved)> {
        let mut parser = Parser::new(self.data(), offset);
        let id = parser.object_header()?;
        let object = parser.object()?;
        if parser.keyword("endobj").is_some() {
            let is_stream = false;
            return Some((id, Unmoved { object, is_stream }));
        }
        let Object::Dictionary(head) = &object else {
            return None;
        };
        let start = parser.stream_start()?;
        let length = match head.get("Length")? {
            Object::Reference(length) => {
                let Entry::Offset(offset, generation) = self.same_entry(later, length.number)?
                else {
                    return None;
                };
                let mut parser = Parser::new(self.data(), offset);
                let same = parser.object_header() == Some(*length);
                let value = parser.object()?.as_integer()?;
                parser.keyword("endobj")?;
                (same && generation == length.generation).then_some(value)?
            }
            direct => direct.as_integer()?,
        };
        let end = start.checked_add(usize::try_from(length).ok()?)?;
        let is_stream = true;
        (end < self.data().len()).then_some((id, Unmoved { object, is_stream }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of these objects.
    fn pdf(objects: &[(u32, &str)]) -> Vec<u8> {
        let mut bytes = b"%PDF-1.7\n".to_vec();
        let mut table = String::new();
        for (number, object) in objects {
            table.push_str(&format!("{number} 1\n{:010} 00000 n \n", bytes.len()));
            bytes.extend(format!("{number} 0 obj {object} endobj\n").bytes());
        }
        section(&mut bytes, &table, "");
        bytes
    }

    fn section(bytes: &mut Vec<u8>, table: &str, more: &str) {
        let start = bytes.len();
        let tail = format!(
            "xref\n{table}trailer\n<</Size 9/Root 1 0 R{more}>>\nstartxref\n{start}\n%%EOF\n"
        );
        bytes.extend(tail.bytes());
    }

    /// What of each number is unmoved after `more` was appended with these entries.
    fn unmoved(first: &[u8], more: &str, table: &str) -> Vec<bool> {
        let start = first.windows(6).rposition(|word| word == b"\nxref\n");
        let mut bytes = first.to_vec();
        bytes.extend(more.bytes());
        let previous = format!("/Prev {}", start.expect("a table") + 1);
        section(&mut bytes, table, &previous);
        let later = File::open(&bytes).expect("opens");
        let before = later.earlier(first.len()).expect("the beginning opens");
        (1..=4)
            .map(|number| before.unmoved(&later, Id::new(number)).is_some())
            .collect()
    }

    #[test]
    fn what_stands_where_it_stood_is_unmoved_and_what_was_replaced_is_not() {
        let first = pdf(&[
            (1, "<</Type/Catalog>>"),
            (2, "[1 0 R 7]"),
            (3, "<</Length 4>>stream\nabcd\nendstream"),
        ]);
        assert_eq!(unmoved(&first, "", ""), [true, true, true, false]);
        let at = first.len();
        let table = format!("2 1\n{at:010} 00000 n \n");
        let moved = unmoved(&first, "2 0 obj [1 0 R 7] endobj\n", &table);
        assert_eq!(moved, [true, false, true, false]);
    }

    #[test]
    fn a_stream_whose_length_was_replaced_is_not_unmoved() {
        let first = pdf(&[
            (1, "<</Type/Catalog>>"),
            (2, "4"),
            (3, "<</Length 2 0 R>>stream\nabcd\nendstream"),
        ]);
        assert_eq!(unmoved(&first, "", ""), [true, true, true, false]);
        let at = first.len();
        let table = format!("2 1\n{at:010} 00000 n \n");
        let moved = unmoved(&first, "2 0 obj 3 endobj\n", &table);
        assert_eq!(moved, [true, false, false, false]);
    }

    #[test]
    fn what_reaches_beyond_the_end_of_its_revision_is_not_unmoved() {
        // Entry 4 leads to the end of the first revision, where nothing stands; the second one begins with an object there.
        let first = pdf(&[(1, "<</Type/Catalog>>")]);
        let table_at = first
            .windows(6)
            .position(|word| word == b"\nxref\n")
            .expect("a table")
            + 1;
        let mut changed = first[..table_at].to_vec();
        // The same table with an entry for what comes after; its own length is part of the offset.
        let mut length = first.len() + 27;
        for _ in 0..3 {
            changed.truncate(table_at);
            let table = format!("1 1\n{:010} 00000 n \n4 1\n{length:010} 00000 n \n", 9);
            section(&mut changed, &table, "");
            length = changed.len();
        }
        let moved = unmoved(&changed, "4 0 obj (later) endobj\n", "");
        assert_eq!(moved, [true, false, false, false]);
    }
}
