//! A row as a line of JSON, and what all rows of a table add up to.

use super::schema::{Column, Kind, Table};
use crate::database::StoreError;
use serde_json::Value;
use sha2::Digest as _;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::{Any, Row as _};

/// The sum of the rows' SHA-256 digests modulo 2^256: the same rows in any order have the same, and no row can be lost, doubled or
/// changed without changing it. (Orders of rows differ between databases.)
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Sum([u64; 4]);

impl Sum {
    pub(crate) fn add(&mut self, line: &[u8]) {
        let digest: [u8; 32] = sha2::Sha256::digest(line).into();
        let mut carry = 0_u128;
        for (part, bytes) in self.0.iter_mut().zip(digest.chunks_exact(8)) {
            let term = u64::from_le_bytes(bytes.try_into().unwrap_or_default());
            let sum = u128::from(*part) + u128::from(term) + carry;
            *part = u64::try_from(sum & u128::from(u64::MAX)).unwrap_or_default();
            carry = sum >> 64;
        }
    }
}

impl std::fmt::Display for Sum {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for part in self.0.iter().rev() {
            write!(formatter, "{part:016x}")?;
        }
        Ok(())
    }
}

/// Reads all rows of a table.
pub(crate) fn select(table: &Table) -> String {
    let columns: Vec<String> = table.columns.iter().map(quoted).collect();
    format!("SELECT {} FROM \"{}\"", columns.join(", "), table.name)
}

/// Adds so many rows to a table.
pub(crate) fn insert(table: &str, columns: &[Column], rows: usize) -> String {
    let names: Vec<String> = columns.iter().map(quoted).collect();
    let row = |row: usize| {
        let first = row * columns.len();
        let places: Vec<String> = (1..=columns.len())
            .map(|place| format!("${}", first + place))
            .collect();
        format!("({})", places.join(", "))
    };
    let rows: Vec<String> = (0..rows).map(row).collect();
    format!(
        "INSERT INTO \"{table}\" ({}) VALUES {}",
        names.join(", "),
        rows.join(", ")
    )
}

fn quoted(column: &Column) -> String {
    format!("\"{}\"", column.name)
}

/// A row as a line, without the line feed.
pub(crate) fn encode(row: &AnyRow, columns: &[Column]) -> Result<Vec<u8>, StoreError> {
    let mut values = Vec::with_capacity(columns.len());
    for (place, column) in columns.iter().enumerate() {
        values.push(match column.kind {
            Kind::Text => row.try_get::<Option<String>, _>(place)?.map(Value::String),
            Kind::Integer => row.try_get::<Option<i64>, _>(place)?.map(Value::from),
            // As bits: its digits might be read back as the neighbouring number.
            Kind::Real => row
                .try_get::<Option<f64>, _>(place)?
                .map(|number| Value::from(number.to_bits())),
        });
    }
    Ok(serde_json::to_vec(&values)?)
}

/// Binds a line's values.
pub(crate) fn bind<'q>(
    mut query: sqlx::query::Query<'q, Any, AnyArguments>,
    line: &[u8],
    columns: &[Column],
) -> Result<sqlx::query::Query<'q, Any, AnyArguments>, StoreError> {
    let wrong = || StoreError::Malformed("row");
    let values: Vec<Value> = serde_json::from_slice(line)?;
    if values.len() != columns.len() {
        return Err(wrong());
    }
    for (value, column) in values.into_iter().zip(columns) {
        query = match (column.kind, value) {
            (Kind::Text, Value::Null) => query.bind(None::<String>),
            (Kind::Text, Value::String(text)) => query.bind(text),
            (Kind::Integer, Value::Null) => query.bind(None::<i64>),
            (Kind::Integer, Value::Number(number)) => {
                query.bind(number.as_i64().ok_or_else(wrong)?)
            }
            (Kind::Real, Value::Null) => query.bind(None::<f64>),
            (Kind::Real, Value::Number(number)) => {
                query.bind(f64::from_bits(number.as_u64().ok_or_else(wrong)?))
            }
            _ => return Err(wrong()),
        };
    }
    Ok(query)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_knows_the_rows_and_not_their_order() {
        let sum = |lines: &[&str]| {
            let mut sum = Sum::default();
            for line in lines {
                sum.add(line.as_bytes());
            }
            sum.to_string()
        };
        assert_eq!(sum(&["a", "b", "c"]), sum(&["c", "a", "b"]));
        for other in [
            &["a", "b"][..],
            &["a", "b", "c", "c"],
            &["a", "b", "d"],
            &[],
        ] {
            assert_ne!(sum(&["a", "b", "c"]), sum(other), "{other:?}");
        }
        assert_eq!(sum(&[]).len(), 64);
    }
}
