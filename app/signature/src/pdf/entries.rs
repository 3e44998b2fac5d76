//! Where the objects of a file stand, by number: a list, for most files number their objects without gaps.

use super::xref::Entry;
use std::collections::BTreeMap;

/// The entry of every object.
#[derive(Debug, Default)]
pub(crate) struct Entries {
    /// By number, as far as at least every other number is in use.
    near: Vec<Option<Entry>>,
    room: usize,
    /// Numbers behind.
    far: BTreeMap<u32, Entry>,
}

impl Entries {
    /// For so many entries at most.
    pub(crate) fn of(count: usize) -> Self {
        Self {
            room: count.saturating_mul(2).saturating_add(64),
            ..Self::default()
        }
    }

    /// Adds an entry unless its number has one.
    pub(crate) fn add(&mut self, number: u32, entry: Entry) {
        match usize::try_from(number) {
            Ok(place) if place < self.room => {
                if place >= self.near.len() {
                    self.near.resize(place + 1, None);
                }
                if let Some(slot) = self.near.get_mut(place) {
                    slot.get_or_insert(entry);
                }
            }
            _ => {
                self.far.entry(number).or_insert(entry);
            }
        }
    }

    /// The entry of a number.
    pub(crate) fn get(&self, number: u32) -> Option<Entry> {
        match usize::try_from(number) {
            Ok(place) if place < self.room => self.near.get(place).copied().flatten(),
            _ => self.far.get(&number).copied(),
        }
    }

    /// All of them, by number.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, Entry)> {
        let near = (0_u32..).zip(&self.near);
        let near = near.filter_map(|(number, entry)| Some((number, (*entry)?)));
        near.chain(self.far.iter().map(|(number, entry)| (*number, *entry)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_first_entry_of_a_number_stays(given in proptest::collection::vec((0..400_u32, 1..9_usize), 0..60), room in 0..60_usize) {
            let mut entries = Entries::of(room);
            let mut map = BTreeMap::new();
            for (number, offset) in given {
                let entry = Entry::Offset(offset, 0);
                entries.add(number, entry);
                map.entry(number).or_insert(entry);
            }
            prop_assert!((0..400).all(|number| entries.get(number) == map.get(&number).copied()));
            prop_assert_eq!(entries.iter().map(|(number, _)| number).last(), map.keys().copied().max());
            prop_assert_eq!(entries.iter().collect::<Vec<_>>(), map.into_iter().collect::<Vec<_>>());
        }
    }
}
