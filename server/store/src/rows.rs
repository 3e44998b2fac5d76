//! Many rows in one statement: a round trip for all of them instead of one each.
//!
//! They are bound as one value, JSON, which the database takes apart: the statement's text is the same for one row and for a thousand, so
//! that it is parsed and planned once, and not as often as there are numbers of rows.

use crate::database::{Database, StoreError};
use serde::Serialize;
use sqlx::{Any, Transaction};
use std::fmt::Write as _;

/// A value.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
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

/// How a database takes JSON apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// `jsonb_array_elements` and its relatives.
    Postgres,
    /// `json_each`.
    Sqlite,
}

impl Dialect {
    /// Whose transaction it is.
    pub(crate) fn of(write: &Transaction<'static, Any>) -> Self {
        if write.backend_name() == "SQLite" {
            Self::Sqlite
        } else {
            Self::Postgres
        }
    }

    /// The database's.
    pub(crate) const fn spoken(database: &Database) -> Self {
        if database.is_sqlite() {
            Self::Sqlite
        } else {
            Self::Postgres
        }
    }

    /// What stands behind a column that is to be one of the texts that are bound as `$1`, `$2`, … (see [`names`]).
    pub(crate) fn among(self, parameter: usize) -> String {
        match self {
            Self::Postgres => {
                format!("= ANY(ARRAY(SELECT jsonb_array_elements_text(${parameter}::jsonb)))")
            }
            Self::Sqlite => format!("IN (SELECT value FROM json_each(${parameter}))"),
        }
    }

    /// A select of the rows in `$1`, its columns `column1`, `column2`, …
    pub(crate) fn rows<const N: usize>(self, rows: &[[Cell; N]]) -> String {
        let mut text = String::from("SELECT ");
        for (place, cell) in rows.first().into_iter().flatten().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            let _ = match (self, cell) {
                (Self::Postgres, Cell::Number(_)) => {
                    write!(text, "{comma}(given.value->>{place})::bigint")
                }
                _ => write!(text, "{comma}given.value->>{place}"),
            };
            let _ = write!(text, " AS column{}", place + 1);
        }
        // The condition tells SQLite that what follows belongs to the insert and not to a join.
        text.push_str(match self {
            Self::Postgres => " FROM jsonb_array_elements($1::jsonb) AS given(value) WHERE 1 = 1",
            Self::Sqlite => " FROM json_each($1) AS given WHERE 1 = 1",
        });
        text
    }
}

/// Texts as they are bound.
pub(crate) fn names(texts: impl IntoIterator<Item = impl ToString>) -> Result<String, StoreError> {
    let texts: Vec<String> = texts.into_iter().map(|text| text.to_string()).collect();
    Ok(serde_json::to_string(&texts)?)
}

/// A query about texts that are bound as `$1`.
pub(crate) fn about(text: String, names: &str) -> Query {
    sqlx::query(sqlx::AssertSqlSafe(text)).bind(names.to_owned())
}

/// A query with rows as `$1`.
pub(crate) fn query<const N: usize>(text: String, rows: &[[Cell; N]]) -> Result<Query, StoreError> {
    // As slices: serde knows arrays up to 32.
    let rows: Vec<&[Cell]> = rows.iter().map(<[Cell; N]>::as_slice).collect();
    Ok(sqlx::query(sqlx::AssertSqlSafe(text)).bind(serde_json::to_string(&rows)?))
}

/// Inserts rows: `head` is `INSERT INTO table (columns)`, `tail` what stands behind the values. How many were inserted.
pub(crate) async fn insert<const N: usize>(
    write: &mut Transaction<'static, Any>,
    head: &str,
    rows: &[[Cell; N]],
    tail: &str,
) -> Result<u64, StoreError> {
    if rows.is_empty() {
        return Ok(0);
    }
    let text = format!("{head} {} {tail}", Dialect::of(write).rows(rows));
    let done = query(text, rows)?.execute(&mut **write).await?;
    Ok(done.rows_affected())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::on_each;
    use sqlx::Row as _;

    #[tokio::test]
    async fn what_goes_in_comes_out() {
        on_each(|database| async move {
            let given: Vec<[Cell; 4]> = vec![
                [
                    1.into(),
                    "Nguyễn \"Mẫu\" \\ 'Thử'\n".into(),
                    Cell::Text(None),
                    Cell::Number(None),
                ],
                [i64::MAX.into(), "007".into(), "".into(), i64::MIN.into()],
                [0.into(), "null".into(), "[1,2]".into(), (-1).into()],
            ];
            let dialect = Dialect::spoken(&database);
            let text = format!("SELECT * FROM ({}) AS found", dialect.rows(&given));
            let rows = query(text, &given)
                .expect("bound")
                .fetch_all(&database.pool)
                .await
                .expect("read");
            for (row, given) in rows.iter().zip(&given) {
                for (place, cell) in given.iter().enumerate() {
                    match cell {
                        Cell::Text(text) => assert_eq!(row.get::<Option<String>, _>(place), *text),
                        Cell::Number(number) => {
                            assert_eq!(row.get::<Option<i64>, _>(place), *number)
                        }
                    }
                }
            }
            assert_eq!(rows.len(), given.len());
        })
        .await;
    }

    #[tokio::test]
    async fn one_of_several_is_found_and_of_none_nothing() {
        on_each(|database| async move {
            let text = |names: &[&str]| {
                let among = Dialect::spoken(&database).among(1);
                let sql = format!("SELECT unit FROM code_counter WHERE day {among}");
                about(sql, &super::names(names).expect("names"))
            };
            let found = text(&["inbox", "no'thing"]).fetch_all(&database.pool).await;
            assert_eq!(found.expect("read").len(), 1);
            let none = text(&[]).fetch_all(&database.pool).await;
            assert!(none.expect("read").is_empty());
        })
        .await;
    }
}
