//! Many rows in one statement: a round trip for all of them instead of one each.

use crate::database::StoreError;
use sqlx::{Any, Transaction};
use std::fmt::Write as _;

/// Most values of one statement; SQLite takes 32,766.
const VALUES_MAX: usize = 8_000;

/// A value.
#[derive(Debug, Clone)]
pub(crate) enum Cell {
    /// Text, or none.
    Text(Option<String>),
    /// A number, or none.
    Number(Option<i64>),
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

impl From<Option<String>> for Cell {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}

impl From<uuid::Uuid> for Cell {
    fn from(id: uuid::Uuid) -> Self {
        Self::Text(Some(id.to_string()))
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Number(Some(number))
    }
}

impl From<Option<i64>> for Cell {
    fn from(number: Option<i64>) -> Self {
        Self::Number(number)
    }
}

/// A query with its values bound.
pub(crate) type Query = sqlx::query::Query<'static, Any, sqlx::any::AnyArguments>;

/// `$1, $2, …` in rows of `width`, in parentheses: what stands behind `VALUES`.
pub(crate) fn places(rows: usize, width: usize) -> String {
    let mut text = String::with_capacity(rows * width * 6);
    for place in 0..rows * width {
        let before = match (place, place.is_multiple_of(width)) {
            (0, _) => "(",
            (_, true) => "), (",
            _ => ", ",
        };
        let _ = write!(text, "{before}${}", place + 1);
    }
    text.push(')');
    text
}

/// `$1, $2, …`: what stands behind `IN`, between parentheses.
pub(crate) fn list(many: usize) -> String {
    let places: Vec<String> = (1..=many).map(|place| format!("${place}")).collect();
    places.join(", ")
}

/// A query about cells. Its text differs by how many there are: only that of one row is worth being kept prepared.
pub(crate) fn query<const N: usize>(text: String, rows: &[[Cell; N]]) -> Query {
    let mut query = sqlx::query(sqlx::AssertSqlSafe(text)).persistent(rows.len() == 1);
    for cell in rows.iter().flatten() {
        query = match cell {
            Cell::Text(text) => query.bind(text.clone()),
            Cell::Number(number) => query.bind(*number),
        };
    }
    query
}

/// Inserts rows: `head` is `INSERT INTO table (columns)`, `tail` what stands behind the values. How many were inserted.
pub(crate) async fn insert<const N: usize>(
    write: &mut Transaction<'static, Any>,
    head: &str,
    rows: &[[Cell; N]],
    tail: &str,
) -> Result<u64, StoreError> {
    let mut inserted = 0;
    for rows in rows.chunks((VALUES_MAX / N.max(1)).max(1)) {
        let text = format!("{head} VALUES {} {tail}", places(rows.len(), N));
        inserted += query(text, rows)
            .execute(&mut **write)
            .await?
            .rows_affected();
    }
    Ok(inserted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_stand_in_rows() {
        assert_eq!(places(1, 1), "($1)");
        assert_eq!(places(2, 3), "($1, $2, $3), ($4, $5, $6)");
    }
}
