//! Whether a value that may change is of the kind that stands there: a dictionary can be form field and list of drawings at once, and what
//! is a field's date to one reader is a picture to the page.

use super::Comparison;
use crate::pdf::object::{Dictionary, Object};

/// Entries of an appearance's characteristics (table 192), of an appearance (table 170), of a lock (table 236), of the security store
/// (12.8.4.3), of a structure tree's root (table 354) and of resources (table 34), with what older writers put there.
const CHARACTERISTICS: &[&str] = &[
    "R", "BC", "BG", "CA", "RC", "AC", "I", "RI", "IX", "IF", "TP",
];
const APPEARANCE: &[&str] = &["N", "R", "D"];
const LOCK: &[&str] = &["Type", "Action", "Fields", "P"];
const STORE: &[&str] = &["Type", "VRI", "Certs", "OCSPs", "CRLs", "TS", "TU"];
const TREE: &[&str] = &[
    "Type",
    "K",
    "IDTree",
    "ParentTree",
    "ParentTreeNextKey",
    "RoleMap",
    "ClassMap",
    "Namespaces",
    "PronunciationLexicon",
    "AF",
];
const RESOURCES: &[&str] = &[
    "ExtGState",
    "ColorSpace",
    "Pattern",
    "Shading",
    "XObject",
    "Font",
    "ProcSet",
    "Properties",
    "Encoding",
];
/// Entries that make a dictionary a font or a state of drawing.
const DRAWING: [&str; 8] = ["Subtype", "BaseFont", "ca", "CA", "SMask", "BM", "op", "OP"];

impl Comparison<'_, '_> {
    /// Whether the value of a key in the whole file is of its kind; an absent one is.
    pub(super) fn fits(&self, of: &Dictionary, key: &str) -> bool {
        let after = self.graph.after;
        let Some(given) = of.get(key) else {
            return true;
        };
        let is_stream = given.as_reference().is_some_and(|id| after.is_stream(id));
        if is_stream {
            // A long text may be a stream (12.7.5.3); it is no picture.
            return matches!(key, "RV" | "V" | "Metadata")
                && matches!(after.resolve(given), Object::Dictionary(head)
                    if key == "Metadata" || (head.get("Subtype").is_none() && head.get("Type").is_none()));
        }
        let value = after.resolve(given);
        let only = |keys: &[&str]| match &value {
            Object::Dictionary(found) => found
                .iter()
                .all(|(name, _)| keys.iter().any(|key| key.as_bytes() == name)),
            Object::Null => true,
            _ => false,
        };
        match key {
            "M" | "TU" | "DA" | "LastModified" | "RV" => {
                matches!(value, Object::String(_) | Object::Null)
            }
            "Tabs" | "AS" | "Version" => matches!(value, Object::Name(_) | Object::Null),
            "F" | "Ff" | "Q" | "TI" | "StructParent" | "StructParents" | "SigFlags" => {
                matches!(value, Object::Integer(_) | Object::Null)
            }
            "NeedAppearances" => matches!(value, Object::Boolean(_) | Object::Null),
            "I" => match value {
                Object::Array(items) => items.iter().all(|item| item.as_integer().is_some()),
                other => other == Object::Null,
            },
            "MK" => {
                let caption = match &value {
                    Object::Dictionary(looks) => after.value(looks, "CA"),
                    _ => Object::Null,
                };
                only(CHARACTERISTICS) && matches!(caption, Object::String(_) | Object::Null)
            }
            "AP" => only(APPEARANCE),
            "Lock" => only(LOCK),
            "DSS" => only(STORE),
            "StructTreeRoot" => only(TREE),
            "DR" => only(RESOURCES),
            "MarkInfo" => only(&["Marked", "UserProperties", "Suspects"]),
            "Extensions" => match value {
                Object::Dictionary(found) => found.iter().all(|(name, value)| {
                    name == b"Type"
                        || matches!(
                            after.resolve(value),
                            Object::Dictionary(_) | Object::Array(_)
                        )
                }),
                other => other == Object::Null,
            },
            "V" => match value {
                Object::Dictionary(found) => DRAWING.iter().all(|key| found.get(key).is_none()),
                Object::Array(items) => items
                    .iter()
                    .all(|item| matches!(after.resolve(item), Object::String(_))),
                _ => true,
            },
            _ => true,
        }
    }
}
