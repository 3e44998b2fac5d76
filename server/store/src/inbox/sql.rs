//! A statement that is put together from constant pieces; every value is bound.

use crate::database::StoreError;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AnyPool, AssertSqlSafe};
use std::collections::BTreeMap;

/// A value to bind, or one that was read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Value {
    /// BIGINT.
    Number(i64),
    /// TEXT.
    Text(String),
}

/// The statement.
#[derive(Debug, Default)]
pub(super) struct Sql {
    text: String,
    values: Vec<Value>,
    /// Which place a value has: what is named often is bound once. SQLite takes 32,766 values, and rights may be long lists.
    places: BTreeMap<Value, usize>,
}

impl Sql {
    /// Constant text: never anything that a person wrote.
    pub(super) fn push(&mut self, piece: &'static str) -> &mut Self {
        self.text.push_str(piece);
        self
    }

    /// A value.
    pub(super) fn bind(&mut self, value: Value) -> &mut Self {
        let next = self.values.len() + 1;
        let place = *self.places.entry(value.clone()).or_insert(next);
        if place == next {
            self.values.push(value);
        }
        self.text.push('$');
        self.text.push_str(&place.to_string());
        self
    }

    pub(super) fn text(&mut self, value: impl Into<String>) -> &mut Self {
        self.bind(Value::Text(value.into()))
    }

    pub(super) fn number(&mut self, value: i64) -> &mut Self {
        self.bind(Value::Number(value))
    }

    /// `($1, $2, …)`.
    pub(super) fn list<'a>(&mut self, values: impl IntoIterator<Item = &'a str>) -> &mut Self {
        self.push("(");
        for (at, value) in values.into_iter().enumerate() {
            if at > 0 {
                self.push(", ");
            }
            self.text(value);
        }
        self.push(")")
    }

    fn query(self) -> Query<'static, Any, AnyArguments> {
        // Planned anew each time: which index is the right one hangs on the values.
        let mut query = sqlx::query(AssertSqlSafe(self.text)).persistent(false);
        for value in self.values {
            query = match value {
                Value::Number(number) => query.bind(number),
                Value::Text(text) => query.bind(text),
            };
        }
        query
    }

    pub(super) async fn all(self, pool: &AnyPool) -> Result<Vec<AnyRow>, StoreError> {
        Ok(self.query().fetch_all(pool).await?)
    }

    pub(super) async fn optional(self, pool: &AnyPool) -> Result<Option<AnyRow>, StoreError> {
        Ok(self.query().fetch_optional(pool).await?)
    }
}
