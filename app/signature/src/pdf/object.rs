//! PDF objects (ISO 32000-2, 7.3).

/// An indirect object's number and generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Id {
    /// Object number, from 1.
    pub number: u32,
    /// Generation; 0 for everything this crate adds.
    pub generation: u16,
}

impl Id {
    /// A new object of generation 0.
    pub(crate) const fn new(number: u32) -> Self {
        Self {
            number,
            generation: 0,
        }
    }
}

/// An object. A stream is a dictionary here; its bytes are asked for by [`Id`] (see [`super::file::File::stream`]).
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Object {
    /// `null`.
    Null,
    /// `true`, `false`.
    Boolean(bool),
    /// An integer.
    Integer(i64),
    /// A real number as the file writes it: rewriting an object must not round anything.
    Real(String),
    /// A string, decoded.
    String(Vec<u8>),
    /// A name, decoded, without its slash.
    Name(Vec<u8>),
    /// An array.
    Array(Vec<Self>),
    /// A dictionary.
    Dictionary(Dictionary),
    /// A reference.
    Reference(Id),
}

/// Ten-thousandths that are written as a whole number: many times faster than a decimal expansion, and as exact.
const PLACES_MAX: f64 = 1e15;

impl Object {
    /// A name.
    pub(crate) fn name(name: &str) -> Self {
        Self::Name(name.as_bytes().to_vec())
    }

    /// A real number with at most four decimals: finer than any printer.
    pub(crate) fn real(value: f64) -> Self {
        let places = (value * 10_000.0).round();
        let mut text = if places.abs() < PLACES_MAX {
            #[allow(clippy::cast_possible_truncation)] // whole, and far below 2^53
            let places = places as i64;
            let sign = if places < 0 { "-" } else { "" };
            let places = places.unsigned_abs();
            format!("{sign}{}.{:04}", places / 10_000, places % 10_000)
        } else {
            format!("{value:.4}")
        };
        while text.contains('.') && text.ends_with('0') {
            text.pop();
        }
        if text.ends_with('.') {
            text.pop();
        }
        if text == "-0" {
            text = "0".into();
        }
        Self::Real(text)
    }

    /// A text string (7.9.2.2): PDFDocEncoding when it is plain ASCII, UTF-16BE with its mark otherwise.
    pub(crate) fn text(text: &str) -> Self {
        if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
            return Self::String(text.as_bytes().to_vec());
        }
        let mut bytes = vec![0xfe, 0xff];
        for unit in text.encode_utf16() {
            bytes.extend_from_slice(&unit.to_be_bytes());
        }
        Self::String(bytes)
    }

    /// A rectangle or any list of numbers.
    pub(crate) fn numbers(values: &[f64]) -> Self {
        Self::Array(values.iter().map(|value| Self::real(*value)).collect())
    }

    /// As a number.
    pub(crate) fn as_number(&self) -> Option<f64> {
        match self {
            #[allow(clippy::cast_precision_loss)] // coordinates; whole numbers beyond 2^53 are none
            Self::Integer(value) => Some(*value as f64),
            Self::Real(text) => text.parse().ok().filter(|value: &f64| value.is_finite()),
            _ => None,
        }
    }

    /// As an integer; a real without a fraction counts, as some writers produce `90.0`.
    pub(crate) fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(*value),
            #[allow(clippy::cast_possible_truncation)] // checked to be whole and small
            Self::Real(_) => self
                .as_number()
                .filter(|value| value.fract() == 0.0 && value.abs() < 1e15)
                .map(|value| value as i64),
            _ => None,
        }
    }

    /// As a name's bytes.
    pub(crate) fn as_name(&self) -> Option<&[u8]> {
        match self {
            Self::Name(name) => Some(name),
            _ => None,
        }
    }

    /// Whether a dictionary in it, or itself, names a key more than once.
    pub(crate) fn repeats(&self) -> bool {
        match self {
            Self::Array(items) => items.iter().any(Self::repeats),
            Self::Dictionary(found) => {
                found.repeats() || found.iter().any(|(_, value)| value.repeats())
            }
            _ => false,
        }
    }

    /// As a reference.
    pub(crate) const fn as_reference(&self) -> Option<Id> {
        match self {
            Self::Reference(id) => Some(*id),
            _ => None,
        }
    }
}

/// A dictionary that keeps the file's order of keys.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Dictionary(Vec<(Vec<u8>, Object)>);

impl Dictionary {
    /// An empty one.
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    /// The value of a key. Where a key stands twice the last counts, as most readers do.
    pub(crate) fn get(&self, key: &str) -> Option<&Object> {
        self.0
            .iter()
            .rev()
            .find(|(name, _)| name == key.as_bytes())
            .map(|(_, value)| value)
    }

    /// Sets a key, replacing every earlier value of it.
    pub(crate) fn set(&mut self, key: &str, value: Object) {
        match self.0.iter().position(|(name, _)| name == key.as_bytes()) {
            Some(at) => {
                if let Some(entry) = self.0.get_mut(at) {
                    entry.1 = value;
                }
                let mut index = 0;
                self.0.retain(|(name, _)| {
                    index += 1;
                    index - 1 <= at || name != key.as_bytes()
                });
            }
            None => self.0.push((key.as_bytes().to_vec(), value)),
        }
    }

    /// The same dictionary with a key set; for building.
    #[must_use]
    pub(crate) fn with(mut self, key: &str, value: Object) -> Self {
        self.set(key, value);
        self
    }

    /// Adds a parsed pair without looking for duplicates.
    pub(crate) fn push(&mut self, key: Vec<u8>, value: Object) {
        self.0.push((key, value));
    }

    /// All pairs in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&[u8], &Object)> {
        self.0.iter().map(|(key, value)| (key.as_slice(), value))
    }

    /// Whether a key stands more than once.
    pub(crate) fn names_twice(&self) -> bool {
        if self.0.len() > 16 {
            let mut seen = std::collections::HashSet::new();
            return !self.0.iter().all(|(key, _)| seen.insert(key.as_slice()));
        }
        let mut rest = self.0.as_slice();
        while let Some(((key, _), after)) = rest.split_first() {
            if after.iter().any(|(other, _)| other == key) {
                return true;
            }
            rest = after;
        }
        false
    }

    /// Whether a key stands more than once with different values: readers differ in which one counts (7.3.7 permits one).
    pub(crate) fn repeats(&self) -> bool {
        if !self.names_twice() {
            return false;
        }
        let mut seen = std::collections::HashMap::new();
        // A Slovak timestamping tool writes both kinds of signature; whose value it is, is told by its format.
        let signs = self.get("ByteRange").is_some();
        self.0
            .iter()
            .filter(|(name, _)| !(signs && name == b"Type"))
            .any(|(name, value)| *seen.entry(name.as_slice()).or_insert(value) != value)
    }

    /// Whether a key's value is this name.
    pub(crate) fn is_name(&self, key: &str, name: &str) -> bool {
        self.get(key).and_then(Object::as_name) == Some(name.as_bytes())
    }
}

impl From<Dictionary> for Object {
    fn from(dictionary: Dictionary) -> Self {
        Self::Dictionary(dictionary)
    }
}

impl From<Id> for Object {
    fn from(id: Id) -> Self {
        Self::Reference(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn real(value: f64) -> String {
        match Object::real(value) {
            Object::Real(text) => text,
            other => panic!("{other:?}"),
        }
    }

    proptest! {
        #[test]
        fn a_number_is_written_to_four_decimals(
            value in prop_oneof![-1e4..1e4_f64, -1e12..1e12_f64, -0.001..0.001_f64],
        ) {
            let text = real(value);
            let read: f64 = text.parse().expect("a number");
            prop_assert!((read - value).abs() <= 0.000_05 + value.abs() * 1e-15, "{value}: {text}");
            prop_assert_eq!(real(read), text);
        }
    }

    #[test]
    fn a_number_has_no_more_digits_than_it_needs() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (-0.000_01, "0"),
            (0.5, "0.5"),
            (-0.5, "-0.5"),
            (-12.25, "-12.25"),
            (722.0, "722"),
            (1000.0, "1000"),
            (0.000_1, "0.0001"),
            (99.999_96, "100"),
            (1e15, "1000000000000000"),
        ] {
            assert_eq!(real(value), text);
        }
    }
}
