//! Just enough PDF syntax (ISO 32000-2, 7.2-7.7) to append to a file: strict where an update would go wrong,
//! never repairing. A file that needs repair is refused, because an update on top of a rebuilt table loses pages.

pub(crate) mod crypt;
pub(crate) mod entries;
pub(crate) mod file;
pub(crate) mod filter;
pub(crate) mod form;
pub(crate) mod object;
pub(crate) mod page;
pub(crate) mod parse;
pub(crate) mod unmoved;
pub(crate) mod write;
pub(crate) mod xref;
