//! From objects to bytes.

use super::object::{Dictionary, Object};
use contract::value::VietnamTime;
use std::io::Write as _;

/// Appends an object.
pub(crate) fn object(out: &mut Vec<u8>, value: &Object) {
    match value {
        Object::Null => out.extend_from_slice(b"null"),
        Object::Boolean(true) => out.extend_from_slice(b"true"),
        Object::Boolean(false) => out.extend_from_slice(b"false"),
        Object::Integer(value) => text(out, &value.to_string()),
        Object::Real(value) => text(out, value),
        Object::String(bytes) => string(out, bytes),
        Object::Name(bytes) => name(out, bytes),
        Object::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b' ');
                }
                object(out, item);
            }
            out.push(b']');
        }
        Object::Dictionary(value) => dictionary(out, value),
        Object::Reference(id) => text(out, &format!("{} {} R", id.number, id.generation)),
    }
}

/// Appends a dictionary.
pub(crate) fn dictionary(out: &mut Vec<u8>, value: &Dictionary) {
    out.extend_from_slice(b"<<");
    for (key, item) in value.iter() {
        name(out, key);
        out.push(b' ');
        object(out, item);
    }
    out.extend_from_slice(b">>");
}

/// Appends text as it is.
pub(crate) fn text(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}

fn name(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'/');
    for byte in bytes {
        if byte.is_ascii_alphanumeric() || b"_-.+:@*!$&,;=?^|~'\"`\\".contains(byte) {
            out.push(*byte);
        } else {
            // Writing to a vector cannot fail.
            let _ = write!(out, "#{byte:02X}");
        }
    }
}

/// Literal when it is printable ASCII, hexadecimal otherwise: no byte of ours is ever changed by a transfer in text mode.
fn string(out: &mut Vec<u8>, bytes: &[u8]) {
    if bytes.iter().all(|byte| (0x20..0x7f).contains(byte)) {
        out.push(b'(');
        for byte in bytes {
            if matches!(byte, b'(' | b')' | b'\\') {
                out.push(b'\\');
            }
            out.push(*byte);
        }
        out.push(b')');
    } else {
        out.push(b'<');
        text(out, &hex::encode_upper(bytes));
        out.push(b'>');
    }
}

/// A PDF date (7.9.4) in Vietnam's time.
pub(crate) fn date(time: &VietnamTime) -> String {
    format!(
        "D:{:04}{:02}{:02}{:02}{:02}{:02}+07'00'",
        time.year, time.month, time.day, time.hour, time.minute, time.second
    )
}

#[cfg(test)]
mod tests {
    use super::super::object::Id;
    use super::super::parse::Parser;
    use super::*;
    use proptest::prelude::*;

    fn any_object() -> impl Strategy<Value = Object> {
        let leaf = prop_oneof![
            Just(Object::Null),
            any::<bool>().prop_map(Object::Boolean),
            any::<i64>().prop_map(Object::Integer),
            (-1e6..1e6_f64).prop_map(|value| Object::real(value + 0.123)),
            proptest::collection::vec(any::<u8>(), 0..40).prop_map(Object::String),
            proptest::collection::vec(1_u8..=255, 1..12).prop_map(Object::Name),
            (any::<u32>(), any::<u16>())
                .prop_map(|(number, generation)| Object::Reference(Id { number, generation })),
        ];
        leaf.prop_recursive(4, 64, 8, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..8).prop_map(Object::Array),
                proptest::collection::vec(("[A-Za-z#/ ]{1,9}", inner), 0..8).prop_map(|pairs| {
                    let mut dictionary = Dictionary::new();
                    for (key, value) in pairs {
                        dictionary.set(&key, value);
                    }
                    Object::Dictionary(dictionary)
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(value in any_object()) {
            let mut out = Vec::new();
            object(&mut out, &value);
            let read = Parser::new(&out, 0).object();
            prop_assert!(read.is_some(), "{}", String::from_utf8_lossy(&out));
            // A whole number written as a real comes back as an integer: compare what is written.
            let mut again = Vec::new();
            object(&mut again, &read.expect("checked"));
            prop_assert_eq!(String::from_utf8_lossy(&again), String::from_utf8_lossy(&out));
        }

        #[test]
        fn any_bytes_are_read_or_refused(input in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Parser::new(&input, 0).object();
        }

        #[test]
        fn bytes_of_pdf_letters_are_read_or_refused(input in "[0-9 <>()\\[\\]/R#ntrue\\\\%.\n-]{0,80}") {
            let _ = Parser::new(input.as_bytes(), 0).object();
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = vec![b'['; 100_000];
        assert_eq!(Parser::new(&deep, 0).object(), None);
    }
}
