//! What a signature may be besides a new box: in a field that waits for one, certifying, locking fields.

/// The terms of one signature; none by default: an approval in a new field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terms {
    /// Fully qualified name of an empty signature field of the document; its place, lock and seed values count. Page and box of the
    /// request are not looked at then.
    pub field: Option<String>,
    /// Certifies the document (ISO 32000-2, 12.8.2.2): only its first signature can.
    pub certify: Option<Permitted>,
    /// Password of an encrypted file: the owner's permits everything, another one what the owner permits.
    pub password: Option<String>,
    /// Locks fields against later changes (12.8.2.4), beside what the field itself asks to lock.
    pub lock: Option<FieldLock>,
}

/// What a certification permits later (`/P` of DocMDP, table 257).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Permitted {
    /// 1: nothing but validation data and document timestamps.
    Nothing,
    /// 2: filling in forms and signing.
    Forms,
    /// 3: comments as well.
    Annotations,
}

impl Permitted {
    /// `/P`.
    pub(crate) const fn level(self) -> i64 {
        match self {
            Self::Nothing => 1,
            Self::Forms => 2,
            Self::Annotations => 3,
        }
    }

    /// From `/P`.
    pub(crate) const fn from_level(level: i64) -> Option<Self> {
        match level {
            1 => Some(Self::Nothing),
            2 => Some(Self::Forms),
            3 => Some(Self::Annotations),
            _ => None,
        }
    }
}

/// Fields that are locked (table 259), by fully qualified names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldLock {
    /// All.
    All,
    /// These.
    Only(Vec<String>),
    /// All but these.
    AllBut(Vec<String>),
}
