//! Signature fields that hold a value (ISO 32000-2, 12.7.5.5).

use super::permission::Permissions;
use crate::pdf::file::File;
use crate::pdf::form::decode_text;
use crate::pdf::object::{Dictionary, Id, Object};
use crate::pdf::page;
use contract::value::Timestamp;
use std::collections::HashSet;

const FIELDS_MAX: usize = 20_000;
const DEPTH_MAX: usize = 32;
/// Most certificates that are taken from a signature dictionary.
const CERTIFICATES_MAX: usize = 50;

/// A field and the signature dictionary it holds.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    /// Fully qualified name.
    pub(crate) name: String,
    /// `/ByteRange`, when it is an array of integers.
    pub(crate) byte_range: Option<Vec<i64>>,
    /// `/Contents`, decoded.
    pub(crate) contents: Option<Vec<u8>>,
    /// `/SubFilter`.
    pub(crate) sub_filter: Vec<u8>,
    /// `/Cert`, the signer's first: the oldest form keeps its certificates there (12.8.3.2).
    pub(crate) certificates: Vec<Vec<u8>>,
    /// `/Type` is `/DocTimeStamp`.
    doc_timestamp: bool,
    /// `/M`.
    pub(crate) signed_at: Option<Timestamp>,
    /// Page of its widget, from 0.
    pub(crate) page: Option<u32>,
    /// What it permits later.
    pub(crate) permissions: Permissions,
    /// Whether its widget shows something.
    pub(crate) visible: bool,
    /// Neither a range nor a value: a frame that waits for a signature.
    pub(crate) empty: bool,
}

impl Field {
    /// Whether it is a document timestamp (12.8.5).
    pub(crate) fn is_timestamp(&self) -> bool {
        self.doc_timestamp || self.sub_filter == b"ETSI.RFC3161"
    }

    /// Its range, when it is four numbers that are not negative.
    pub(crate) fn ranges(&self) -> Option<[u64; 4]> {
        let numbers: Option<Vec<u64>> = self
            .byte_range
            .as_ref()?
            .iter()
            .map(|number| u64::try_from(*number).ok())
            .collect();
        numbers?.try_into().ok()
    }

    /// Where its range ends, as it claims.
    pub(crate) fn end(&self) -> i64 {
        match self.byte_range.as_deref() {
            Some([_, _, start, length]) => start.saturating_add(*length),
            _ => i64::MAX,
        }
    }
}

/// All fields with a signature value.
pub(crate) fn signed(file: &File<'_>) -> Vec<Field> {
    let mut found = Vec::new();
    let Ok((_, catalog)) = file.catalog() else {
        return found;
    };
    let Some(form) = file.dictionary(&catalog, "AcroForm") else {
        return found;
    };
    let pages: Vec<Option<Id>> = page::pages(file, &catalog)
        .map(|pages| pages.into_iter().map(|page| page.id).collect())
        .unwrap_or_default();
    let mut seen = HashSet::new();
    let mut open: Vec<(Object, String, bool, usize)> = file
        .array(&form, "Fields")
        .unwrap_or_default()
        .into_iter()
        .rev()
        .map(|field| (field, String::new(), false, 0))
        .collect();
    while let Some((object, parent, parent_signs, depth)) = open.pop() {
        if depth > DEPTH_MAX || seen.len() > FIELDS_MAX {
            break;
        }
        if let Some(id) = object.as_reference()
            && !seen.insert(id)
        {
            continue;
        }
        let Object::Dictionary(field) = file.resolve(&object) else {
            continue;
        };
        let name = match file.value(&field, "T") {
            Object::String(own) if parent.is_empty() => decode_text(&own),
            Object::String(own) => format!("{parent}.{}", decode_text(&own)),
            _ => parent,
        };
        let signs = match field.get("FT") {
            Some(_) => file.value(&field, "FT").as_name() == Some(b"Sig"),
            None => parent_signs,
        };
        if signs && let Object::Dictionary(value) = file.value(&field, "V") {
            found.push(read(file, name.clone(), &field, &value, &pages));
        }
        for kid in file.array(&field, "Kids").unwrap_or_default() {
            open.push((kid, name.clone(), signs, depth + 1));
        }
    }
    found
}

fn read(
    file: &File<'_>,
    name: String,
    field: &Dictionary,
    value: &Dictionary,
    pages: &[Option<Id>],
) -> Field {
    let byte_range = file.array(value, "ByteRange").and_then(|range| {
        range
            .iter()
            .map(|number| file.resolve(number).as_integer())
            .collect()
    });
    let contents = match file.value(value, "Contents") {
        Object::String(bytes) => Some(bytes),
        _ => None,
    };
    let certificates = match file.value(value, "Cert") {
        Object::String(one) => vec![one],
        Object::Array(all) => all
            .iter()
            .take(CERTIFICATES_MAX)
            .filter_map(|one| match file.resolve(one) {
                Object::String(one) => Some(one),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    };
    let moment = match file.value(value, "M") {
        Object::String(text) => date(&text),
        _ => None,
    };
    let widget_page = field.get("P").and_then(Object::as_reference);
    Field {
        name,
        byte_range,
        contents,
        sub_filter: file
            .value(value, "SubFilter")
            .as_name()
            .unwrap_or_default()
            .to_vec(),
        certificates,
        doc_timestamp: value.is_name("Type", "DocTimeStamp"),
        signed_at: moment,
        page: widget_page
            .and_then(|id| pages.iter().position(|page| *page == Some(id)))
            .and_then(|index| u32::try_from(index).ok()),
        permissions: Permissions::read(file, field, value),
        visible: page::rectangle(file, &file.value(field, "Rect"))
            .is_some_and(|rect| rect.width > 0.0 && rect.height > 0.0)
            || field.get("Kids").is_some(),
        empty: is_empty_signature(file, value),
    }
}

/// Whether a signature dictionary holds no value: no `/Contents`, or nothing but zeros.
pub(crate) fn is_empty_signature(file: &File<'_>, value: &Dictionary) -> bool {
    match file.value(value, "Contents") {
        Object::String(bytes) => bytes.iter().all(|byte| *byte == 0),
        _ => true,
    }
}

/// What the file's certification permits (`/Perms` of the catalog), when there is one.
pub(crate) fn certification(file: &File<'_>) -> Option<Permissions> {
    let (_, catalog) = file.catalog().ok()?;
    let perms = file.dictionary(&catalog, "Perms")?;
    let value = file.dictionary(&perms, "DocMDP")?;
    Some(Permissions::read(file, &Dictionary::new(), &value))
}

/// A PDF date (7.9.4): `D:YYYYMMDDHHmmSSOHH'mm'`, later parts optional.
pub(crate) fn date(text: &[u8]) -> Option<Timestamp> {
    let text = decode_text(text);
    let text = text.strip_prefix("D:").unwrap_or(&text);
    let digits: Vec<u8> = text
        .bytes()
        .take_while(u8::is_ascii_digit)
        .map(|byte| byte - b'0')
        .collect();
    let number = |from: usize, length: usize, otherwise: i64| -> i64 {
        digits.get(from..from + length).map_or(otherwise, |part| {
            part.iter()
                .fold(0, |sum, digit| sum * 10 + i64::from(*digit))
        })
    };
    if digits.len() < 4 {
        return None;
    }
    let (year, month, day) = (number(0, 4, 0), number(4, 2, 1), number(6, 2, 1));
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Civil date to days: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let days = era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100
        + day_of_year
        - 719_468;
    let seconds = days * 86_400 + number(8, 2, 0) * 3600 + number(10, 2, 0) * 60 + number(12, 2, 0);
    let zone = text.get(digits.len()..).unwrap_or_default();
    let offset: Vec<i64> = zone
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .filter_map(|part| part.parse().ok())
        .collect();
    let minutes = offset.first().copied().unwrap_or(0).min(24) * 60
        + offset.get(1).copied().unwrap_or(0).min(60);
    let shift = match zone.chars().next() {
        Some('+') => -minutes,
        Some('-') => minutes,
        _ => 0,
    };
    Some(Timestamp((seconds + shift * 60) * 1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_with_their_zone() {
        assert_eq!(
            date(b"D:20230506145312+07'00'"),
            Some(Timestamp(1_683_359_592_000))
        );
        assert_eq!(
            date(b"D:20230506075312Z"),
            Some(Timestamp(1_683_359_592_000))
        );
        assert_eq!(date(b"D:1970"), Some(Timestamp(0)));
        assert_eq!(date(b"D:19"), None);
        assert_eq!(date(b"gestern"), None);
    }
}
