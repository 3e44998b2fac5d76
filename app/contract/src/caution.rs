//! What a document holds that whoever signs it may not see, or not see as others do (shadow material): told before anything is signed.

use serde::{Deserialize, Serialize};

/// One thing to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Caution {
    /// What.
    pub kind: CautionKind,
    /// Pages where it is, from 0, in order; empty when it concerns the whole document.
    pub pages: Vec<u32>,
    /// Names of layers, files or fields, as the document has them; not all of them where there are many.
    pub names: Vec<String>,
}

/// The kinds of material, gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum CautionKind {
    /// Text on a page that cannot be seen: something lies over it, or it has the paper's colour.
    HiddenText,
    /// A field shows other text than it holds.
    ValueDiffers,
    /// Pages or whole documents that nothing leads to: a later change could show them instead.
    SpareContent,
    /// Two objects under one number, one of which no table names.
    DoubledObject,
    /// Content of a layer that is not shown.
    HiddenLayer,
    /// A layer or annotation that is printed and not shown, or shown and not printed; another picture for printing.
    PrintsOtherwise,
    /// An annotation that covers text: it can be taken away later.
    CoveringAnnotation,
    /// A program that can change what is shown.
    Script,
    /// An action that starts something, sends data or hides and shows parts.
    Action,
    /// Content that comes from another file or address.
    OutsideContent,
    /// Attached files: they are signed too.
    Attachment,
    /// Changes after an earlier signature that it permits, but did not see.
    LaterChanges,
}

/// Adds what was found later: one entry a kind, pages in order.
pub fn merge(known: &mut Vec<Caution>, found: Vec<Caution>) {
    for new in found {
        match known.iter_mut().find(|one| one.kind == new.kind) {
            Some(one) => {
                one.pages.extend(new.pages);
                one.pages.sort_unstable();
                one.pages.dedup();
                one.names.extend(new.names);
            }
            None => known.push(new),
        }
    }
    known.sort_by_key(|one| one.kind);
}

impl CautionKind {
    /// Whether the signer should look before signing; otherwise it is only good to know.
    #[must_use]
    pub const fn is_grave(self) -> bool {
        !matches!(self, Self::Attachment | Self::LaterChanges)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(kind: CautionKind, pages: &[u32]) -> Caution {
        Caution {
            kind,
            pages: pages.to_vec(),
            names: Vec::new(),
        }
    }

    #[test]
    fn what_is_found_later_joins_its_kind_gravest_first() {
        let mut known = vec![one(CautionKind::Script, &[])];
        merge(&mut known, vec![one(CautionKind::HiddenText, &[4])]);
        merge(&mut known, vec![one(CautionKind::HiddenText, &[1, 4])]);
        assert_eq!(
            known,
            [
                one(CautionKind::HiddenText, &[1, 4]),
                one(CautionKind::Script, &[])
            ]
        );
        assert!(!CautionKind::Attachment.is_grave());
    }
}
