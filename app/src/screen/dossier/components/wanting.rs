//! What step 2 still wants, in sentences that lead to the component.

use crate::draft::Draft;
use crate::text::{n, t};

/// Something that is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanting {
    /// Component's code.
    pub component: String,
    /// Its name.
    pub name: String,
    /// What it wants.
    pub what: Want,
}

/// What a component wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// A file.
    File,
    /// A signature on every file.
    Signature,
}

impl Want {
    /// The sentence behind the component's name.
    pub fn sentence(self) -> &'static str {
        t(match self {
            Self::File => n("chưa có tệp"),
            Self::Signature => n("chưa ký số"),
        })
    }
}

/// Everything that is missing, in the order of the components. The server asks for the same.
pub fn wanting(draft: &Draft) -> Vec<Wanting> {
    draft
        .procedure
        .components
        .iter()
        .filter_map(|component| {
            let mut files = draft
                .attachments
                .iter()
                .filter(|file| file.component == component.code)
                .peekable();
            let none = files.peek().is_none();
            let what = if none && component.required {
                Want::File
            } else if component.signature_required && files.any(|file| file.signings.is_empty()) {
                Want::Signature
            } else {
                return None;
            };
            Some(Wanting {
                component: component.code.clone(),
                name: component.name.clone(),
                what,
            })
        })
        .collect()
}

/// Where the card of a component stands.
pub fn anchor(component: &str) -> String {
    format!("component-{component}")
}
