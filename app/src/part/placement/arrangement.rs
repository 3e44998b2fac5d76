//! All boxes of a document: the one that becomes the signature, and marks that repeat its picture. Pure.

use super::Placed;
use contract::geometry::Rect;

/// One of the boxes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Which {
    /// The signature.
    Signature,
    /// A mark by its number.
    Mark(u32),
}

impl Which {
    /// A number no other box has: 0 is the signature.
    pub const fn number(self) -> u32 {
        match self {
            Self::Signature => 0,
            Self::Mark(id) => id,
        }
    }
}

/// A picture of the signature, for people only.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    /// Its number, from 1.
    pub id: u32,
    /// Where it stands.
    pub placed: Placed,
}

/// All boxes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Arrangement {
    /// The signature's box, once it is placed.
    pub signature: Option<Placed>,
    /// Marks, in the order in which they were made.
    pub marks: Vec<Mark>,
}

impl Arrangement {
    /// Where a box stands.
    pub fn get(&self, which: Which) -> Option<Placed> {
        match which {
            Which::Signature => self.signature,
            Which::Mark(id) => self
                .marks
                .iter()
                .find(|mark| mark.id == id)
                .map(|mark| mark.placed),
        }
    }

    /// Moves a box that is there; a signature is put where there was none.
    pub fn set(&mut self, which: Which, placed: Placed) {
        match which {
            Which::Signature => self.signature = Some(placed),
            Which::Mark(id) => {
                for mark in &mut self.marks {
                    if mark.id == id {
                        mark.placed = placed;
                    }
                }
            }
        }
    }

    /// Takes a box away.
    pub fn remove(&mut self, which: Which) {
        match which {
            Which::Signature => self.signature = None,
            Which::Mark(id) => self.marks.retain(|mark| mark.id != id),
        }
    }

    /// Adds a mark and gives its number.
    pub fn add(&mut self, placed: Placed) -> Which {
        let id = self.marks.iter().map(|mark| mark.id).max().unwrap_or(0) + 1;
        self.marks.push(Mark { id, placed });
        Which::Mark(id)
    }

    /// Makes a mark the signature; what was the signature becomes a mark.
    pub fn promote(&mut self, id: u32) {
        let Some(placed) = self.get(Which::Mark(id)) else {
            return;
        };
        match self.signature.replace(placed) {
            Some(before) => self.set(Which::Mark(id), before),
            None => self.remove(Which::Mark(id)),
        }
    }

    /// The boxes of a page, the signature first.
    pub fn on(&self, page: u32) -> Vec<Which> {
        let signature = self
            .signature
            .filter(|placed| placed.page == page)
            .map(|_| Which::Signature);
        let marks = self
            .marks
            .iter()
            .filter(|mark| mark.placed.page == page)
            .map(|mark| Which::Mark(mark.id));
        signature.into_iter().chain(marks).collect()
    }

    /// Rectangles on a page but for one box.
    pub fn others(&self, page: u32, but: Which) -> Vec<Rect> {
        self.on(page)
            .into_iter()
            .filter(|which| *which != but)
            .filter_map(|which| self.get(which))
            .map(|placed| placed.rect)
            .collect()
    }

    /// Marks are as large as the signature.
    pub fn same_size(&mut self, bounds: impl Fn(u32) -> Rect) {
        let Some(signature) = self.signature else {
            return;
        };
        for mark in &mut self.marks {
            let rect = Rect {
                width: signature.rect.width,
                height: signature.rect.height,
                ..mark.placed.rect
            };
            mark.placed.rect = rect.moved_into(&bounds(mark.placed.page));
        }
    }
}

/// Why a list of pages cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PagesError {
    /// It is no list such as `2, 4-6`.
    Malformed,
    /// It names a page the document does not have.
    Missing,
}

/// Pages from 0 out of a list such as `2, 4-6`, which counts from 1; in order, each once.
///
/// # Errors
/// [`PagesError`].
pub fn pages(list: &str, count: u32) -> Result<Vec<u32>, PagesError> {
    let mut found = Vec::new();
    for part in list
        .split([',', ';'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        let number = |text: &str| {
            text.trim()
                .parse::<u32>()
                .map_err(|_| PagesError::Malformed)
        };
        let (first, last) = match part.split_once(['-', '–']) {
            Some((first, last)) => (number(first)?, number(last)?),
            None => (number(part)?, number(part)?),
        };
        if first == 0 || last > count {
            return Err(PagesError::Missing);
        }
        if first > last {
            return Err(PagesError::Malformed);
        }
        found.extend(first - 1..last);
    }
    if found.is_empty() {
        return Err(PagesError::Malformed);
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    fn at(page: u32, x: f64) -> Placed {
        Placed {
            page,
            rect: Rect {
                x,
                y: 10.0,
                width: 100.0,
                height: 40.0,
            },
        }
    }

    #[wasm_bindgen_test]
    fn a_mark_becomes_the_signature_and_the_signature_a_mark() {
        let mut all = Arrangement {
            signature: Some(at(4, 1.0)),
            ..Arrangement::default()
        };
        let Which::Mark(id) = all.add(at(2, 2.0)) else {
            panic!("a mark");
        };
        all.promote(id);
        assert_eq!(all.signature, Some(at(2, 2.0)));
        assert_eq!(all.get(Which::Mark(id)), Some(at(4, 1.0)));
        all.remove(Which::Signature);
        all.promote(id);
        assert_eq!(all.signature, Some(at(4, 1.0)));
        assert!(all.marks.is_empty());
    }

    #[wasm_bindgen_test]
    fn numbers_are_never_given_twice_and_pages_know_their_boxes() {
        let mut all = Arrangement::default();
        let first = all.add(at(0, 1.0));
        let second = all.add(at(1, 1.0));
        all.remove(first);
        let third = all.add(at(1, 50.0));
        assert_ne!(second, third);
        assert_eq!(all.on(1), [second, third]);
        assert_eq!(all.others(1, second), [at(1, 50.0).rect]);
        assert!(all.on(0).is_empty());
    }

    #[wasm_bindgen_test]
    fn marks_grow_with_the_signature_and_stay_on_their_pages() {
        let mut all = Arrangement {
            signature: Some(at(0, 0.0)),
            ..Arrangement::default()
        };
        let mark = all.add(at(1, 480.0));
        if let Some(signature) = &mut all.signature {
            signature.rect.width = 200.0;
        }
        all.same_size(|_| Rect {
            x: 0.0,
            y: 0.0,
            width: 600.0,
            height: 800.0,
        });
        let rect = all.get(mark).expect("the mark").rect;
        assert_eq!((rect.x, rect.width), (400.0, 200.0));
    }

    #[wasm_bindgen_test]
    fn a_list_of_pages_is_read_as_people_write_it() {
        assert_eq!(pages("2, 4-6", 9), Ok(vec![1, 3, 4, 5]));
        assert_eq!(pages("3;1–2, 2", 3), Ok(vec![0, 1, 2]));
        assert_eq!(pages("0", 3), Err(PagesError::Missing));
        assert_eq!(pages("2-4", 3), Err(PagesError::Missing));
        assert_eq!(pages("3-2", 3), Err(PagesError::Malformed));
        for wrong in ["", " , ", "a", "1-", "-3", "1-2-3"] {
            assert_eq!(pages(wrong, 3), Err(PagesError::Malformed), "{wrong}");
        }
    }
}
