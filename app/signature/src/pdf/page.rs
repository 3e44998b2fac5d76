//! The page tree (ISO 32000-2, 7.7.3), walked exactly as `document`'s reader walks it so that page indices agree.

use super::file::File;
use super::object::{Dictionary, Id, Object};
use crate::error::SignError;
use contract::geometry::{PageGeometry, Point, Rect, Rotation};
use contract::worker::Signability;
use std::collections::HashSet;

/// Most pages of a file.
const PAGES_MAX: usize = 100_000;
/// Deepest page tree.
const DEPTH_MAX: usize = 256;
/// The page of a file that states no MediaBox, in points.
const A4: Rect = Rect {
    x: 0.0,
    y: 0.0,
    width: 595.275_590_551_181,
    height: 841.889_763_779_528,
};

/// One page.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    /// Its number; `None` for a page written directly into `/Kids`, which cannot be updated.
    pub id: Option<Id>,
    /// Its dictionary.
    pub dictionary: Dictionary,
    inherited: Inherited,
}

#[derive(Debug, Clone, Default)]
struct Inherited {
    media_box: Option<Rect>,
    crop_box: Option<Rect>,
    rotate: Option<i64>,
}

impl Inherited {
    /// The attributes of a node over those of its parents.
    fn below(&self, file: &File<'_>, node: &Dictionary) -> Self {
        Self {
            media_box: rectangle(file, &file.value(node, "MediaBox")).or(self.media_box),
            crop_box: rectangle(file, &file.value(node, "CropBox")).or(self.crop_box),
            rotate: file.value(node, "Rotate").as_integer().or(self.rotate),
        }
    }
}

impl Page {
    /// Its boxes.
    pub(crate) fn geometry(&self, file: &File<'_>) -> PageGeometry {
        let own = self.inherited.below(file, &self.dictionary);
        let media_box = own.media_box.unwrap_or(A4);
        let crop_box = own
            .crop_box
            .map_or(media_box, |crop| intersection(&crop, &media_box));
        let usable = crop_box.width > 0.0 && crop_box.height > 0.0;
        let user_unit = file
            .value(&self.dictionary, "UserUnit")
            .as_number()
            .filter(|unit| *unit > 0.0)
            .unwrap_or(1.0);
        PageGeometry {
            crop_box: if usable { crop_box } else { A4 },
            rotation: Rotation::from_degrees(own.rotate.unwrap_or(0)),
            user_unit,
        }
    }
}

/// All pages in order.
///
/// # Errors
/// [`Signability::DamagedStructure`] when the catalog leads to no page tree or the tree is out of all bounds.
pub(crate) fn pages(file: &File<'_>, catalog: &Dictionary) -> Result<Vec<Page>, SignError> {
    let damaged = SignError::NotSignable(Signability::DamagedStructure);
    let root = catalog
        .get("Pages")
        .and_then(Object::as_reference)
        .ok_or_else(|| damaged.clone())?;
    let Some(Object::Dictionary(node)) = file.object(root) else {
        return Err(damaged);
    };
    let mut seen = HashSet::from([root]);
    let mut found = Vec::new();
    let start = Inherited::default().below(file, &node);
    let kids = file.array(&node, "Kids").ok_or_else(|| damaged.clone())?;
    let mut stack = vec![(kids.into_iter(), start)];
    while let Some((kids, inherited)) = stack.last_mut() {
        let Some(kid) = kids.next() else {
            stack.pop();
            continue;
        };
        let id = kid.as_reference();
        if id.is_some_and(|id| !seen.insert(id)) {
            continue;
        }
        let Object::Dictionary(dictionary) = file.resolve(&kid) else {
            continue;
        };
        let kind = file.value(&dictionary, "Type");
        if kind.as_name() == Some(b"Pages") {
            let below = inherited.below(file, &dictionary);
            if let Some(kids) = file.array(&dictionary, "Kids") {
                stack.push((kids.into_iter(), below));
            }
        } else {
            found.push(Page {
                id,
                dictionary,
                inherited: inherited.clone(),
            });
        }
        if found.len() > PAGES_MAX || stack.len() > DEPTH_MAX {
            return Err(damaged);
        }
    }
    if found.is_empty() {
        Err(damaged)
    } else {
        Ok(found)
    }
}

/// A rectangle of four finite numbers, corners in any order (7.9.5).
pub(crate) fn rectangle(file: &File<'_>, object: &Object) -> Option<Rect> {
    let Object::Array(items) = object else {
        return None;
    };
    let numbers: Vec<f64> = items
        .iter()
        .map(|item| file.resolve(item).as_number())
        .collect::<Option<_>>()?;
    let [left, bottom, right, top] = *numbers.as_slice() else {
        return None;
    };
    Some(Rect::from_corners(
        Point { x: left, y: bottom },
        Point { x: right, y: top },
    ))
}

fn intersection(a: &Rect, b: &Rect) -> Rect {
    let (x, y) = (a.x.max(b.x), a.y.max(b.y));
    Rect {
        x,
        y,
        width: (a.right().min(b.right()) - x).max(0.0),
        height: (a.far().min(b.far()) - y).max(0.0),
    }
}
