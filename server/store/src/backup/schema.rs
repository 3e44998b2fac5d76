//! What tables there are, as the database itself says it: a list by hand would forget the next one.

use crate::database::StoreError;
use serde::{Deserialize, Serialize};
use sqlx::{AnyConnection, Row as _};
use std::collections::BTreeMap;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    Text,
    Integer,
    Real,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: Kind,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) name: String,
    /// By their names.
    pub(crate) columns: Vec<Column>,
    /// Tables whose rows have to be there before.
    refers_to: Vec<String>,
}

/// Where sqlx notes which migrations were run. Not data: the copy has its own.
const MIGRATIONS: &str = "_sqlx_migrations";

const SQLITE_COLUMNS: &str = "SELECT m.name AS in_table, c.name AS name, c.type AS kind
    FROM sqlite_master m JOIN pragma_table_info(m.name) c
    WHERE m.type = 'table' AND substr(m.name, 1, 7) <> 'sqlite_' ORDER BY m.name, c.name";
const SQLITE_REFERENCES: &str = "SELECT m.name AS in_table, f.\"table\" AS name
    FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f
    WHERE m.type = 'table' ORDER BY m.name, f.\"table\"";
const POSTGRES_COLUMNS: &str =
    "SELECT c.table_name::TEXT AS in_table, c.column_name::TEXT AS name, c.data_type::TEXT AS kind
    FROM information_schema.columns c JOIN information_schema.tables t
      ON t.table_schema = c.table_schema AND t.table_name = c.table_name
    WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' ORDER BY 1, 2";
const POSTGRES_REFERENCES: &str = "SELECT o.relname::TEXT AS in_table, t.relname::TEXT AS name
    FROM pg_constraint c JOIN pg_class o ON o.oid = c.conrelid JOIN pg_class t ON t.oid = c.confrelid
      JOIN pg_namespace n ON n.oid = c.connamespace
    WHERE c.contype = 'f' AND n.nspname = current_schema() ORDER BY 1, 2";

/// Whether there is a table of this name. Every start asks, and to read the whole catalogue took 1.6 s on a busy machine.
pub(crate) async fn has_table(
    connection: &mut AnyConnection,
    sqlite: bool,
    name: &str,
) -> Result<bool, StoreError> {
    let question = if sqlite {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name = $1"
    } else {
        "SELECT tablename::TEXT AS name FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename = $1"
    };
    let found = sqlx::query(question).bind(name).fetch_optional(connection);
    Ok(found.await?.is_some())
}

/// All tables, each after those it refers to.
pub(crate) async fn tables(
    connection: &mut AnyConnection,
    sqlite: bool,
) -> Result<Vec<Table>, StoreError> {
    let (columns, references) = if sqlite {
        (SQLITE_COLUMNS, SQLITE_REFERENCES)
    } else {
        (POSTGRES_COLUMNS, POSTGRES_REFERENCES)
    };
    let mut found: BTreeMap<String, Table> = BTreeMap::new();
    for row in sqlx::query(columns).fetch_all(&mut *connection).await? {
        let name: String = row.try_get("in_table")?;
        if name == MIGRATIONS {
            continue;
        }
        let kind = match row.try_get::<String, _>("kind")?.to_lowercase().as_str() {
            "text" => Kind::Text,
            "bigint" => Kind::Integer,
            "double" | "double precision" => Kind::Real,
            _ => return Err(StoreError::Malformed("type of a column")),
        };
        let table = found.entry(name.clone()).or_insert(Table {
            name,
            columns: Vec::new(),
            refers_to: Vec::new(),
        });
        table.columns.push(Column {
            name: row.try_get("name")?,
            kind,
        });
    }
    for table in found.values_mut() {
        // Orders of names differ between databases.
        table
            .columns
            .sort_by(|one, other| one.name.cmp(&other.name));
    }
    for row in sqlx::query(references).fetch_all(&mut *connection).await? {
        if let Some(table) = found.get_mut(&row.try_get::<String, _>("in_table")?) {
            table.refers_to.push(row.try_get("name")?);
        }
    }
    in_order(found)
}

fn in_order(mut left: BTreeMap<String, Table>) -> Result<Vec<Table>, StoreError> {
    let mut ordered: Vec<Table> = Vec::new();
    while !left.is_empty() {
        let ready: Vec<String> = left
            .values()
            .filter(|table| {
                let waits = |other: &String| *other != table.name && left.contains_key(other);
                !table.refers_to.iter().any(waits)
            })
            .map(|table| table.name.clone())
            .collect();
        if ready.is_empty() {
            return Err(StoreError::Malformed("order of the tables"));
        }
        ordered.extend(ready.iter().filter_map(|name| left.remove(name)));
    }
    Ok(ordered)
}

/// Numbers of the migrations that were run, in their order.
pub(crate) async fn migrations(connection: &mut AnyConnection) -> Result<Vec<i64>, StoreError> {
    sqlx::query("SELECT version FROM _sqlx_migrations ORDER BY version")
        .fetch_all(&mut *connection)
        .await?
        .iter()
        .map(|row| Ok(row.try_get("version")?))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::on_each;

    #[tokio::test]
    async fn both_databases_say_the_same_of_their_tables_and_each_comes_after_what_it_refers_to() {
        let seen = std::sync::Mutex::new(Vec::new());
        on_each(|database| {
            let seen = &seen;
            async move {
                let mut connection = database.pool.acquire().await.expect("connection");
                let found = tables(&mut connection, database.is_sqlite()).await;
                let found = found.expect("asked");
                for (place, table) in found.iter().enumerate() {
                    for before in &table.refers_to {
                        let there = found[..place].iter().any(|table| table.name == *before);
                        assert!(there, "{} before {before}", table.name);
                    }
                }
                let names: Vec<_> = found.iter().map(|table| table.name.as_str()).collect();
                for name in ["account", "dossier", "audit", "inbox_word", "presence"] {
                    assert!(names.contains(&name), "{name}");
                }
                seen.lock().expect("lock").push(found);
            }
        })
        .await;
        let seen = seen.into_inner().expect("lock");
        for other in &seen {
            assert_eq!(*other, seen[0]);
        }
    }
}
