//! Appending a revision (ISO 32000-2, 7.5.6): objects, their cross-reference section in the base file's style, the trailer. A whole file of our own is written here too.

pub(crate) mod extension;
pub(crate) mod field;
pub(crate) mod mark;
pub(crate) mod objects;
pub(crate) mod reference;
pub(crate) mod seal;
pub(crate) mod section;
pub(crate) mod structure;
pub(crate) mod whole;
