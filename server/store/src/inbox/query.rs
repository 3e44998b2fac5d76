//! What a question to the inbox becomes in SQL: conditions, orders, and where a page begins.

use super::sql::{Sql, Value};
use super::{InboxQuery, Scope};
use crate::database::{StoreError, as_word};
use contract::inbox::{Holder, Shelf, Sort, start_of};
use contract::value::Timestamp;

/// The column a list is sorted by; `number` behind it makes the order total.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) column: &'static str,
    pub(super) descending: bool,
}

impl Order {
    pub(super) fn of(sort: Sort) -> Self {
        let (column, descending) = match sort {
            Sort::Due => ("due_key", false),
            Sort::Newest => ("submitted_at", true),
            Sort::Oldest => ("submitted_at", false),
            Sort::Name => ("name_key", false),
        };
        Self { column, descending }
    }

    /// Whether the key is a name.
    pub(super) fn is_by_name(self) -> bool {
        self.column == "name_key"
    }

    /// ` ORDER BY …`; the column may have another name in an outer statement.
    pub(super) fn by(self, sql: &mut Sql, column: &'static str, number: &'static str) {
        let way = if self.descending { " DESC" } else { "" };
        sql.push(" ORDER BY ")
            .push(column)
            .push(way)
            .push(", ")
            .push(number)
            .push(way);
    }
}

/// A place in an order: a row's key and number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) key: Value,
    pub(super) number: i64,
}

impl Place {
    /// ` AND (column, number) > (…)`, in the order's direction.
    pub(super) fn after(&self, sql: &mut Sql, order: Order) {
        self.compare(sql, order, if order.descending { ") < (" } else { ") > (" });
    }

    /// The same, up to here and including it.
    pub(super) fn until(&self, sql: &mut Sql, order: Order) {
        self.compare(
            sql,
            order,
            if order.descending { ") >= (" } else { ") <= (" },
        );
    }

    fn compare(&self, sql: &mut Sql, order: Order, operator: &'static str) {
        sql.push(" AND (")
            .push(order.column)
            .push(", inbox.number")
            .push(operator)
            .bind(self.key.clone())
            .push(", ")
            .number(self.number)
            .push(")");
    }

    /// Whether it comes before another in the order.
    pub(super) fn is_before(&self, other: &Self, order: Order) -> bool {
        let (mine, theirs) = ((&self.key, self.number), (&other.key, other.number));
        if order.descending {
            mine > theirs
        } else {
            mine < theirs
        }
    }
}

/// A page's beginning as text: whether it is among the dossiers that hold the words in a row, the number, the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cursor {
    pub(super) tier: Tier,
    /// None at the beginning of the tier.
    pub(super) place: Option<Place>,
}

/// Dossiers that hold the searched words one behind the other come before those that hold them anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tier {
    InARow,
    Anywhere,
}

impl Cursor {
    /// Where those begin that hold the words anywhere.
    pub(super) const fn anywhere() -> Self {
        Self {
            tier: Tier::Anywhere,
            place: None,
        }
    }

    pub(super) fn write(&self) -> String {
        let tier = match self.tier {
            Tier::InARow => "r",
            Tier::Anywhere => "a",
        };
        match &self.place {
            None => tier.to_owned(),
            Some(place) => match &place.key {
                Value::Number(key) => format!("{tier}:{}:{key}", place.number),
                // A name is not said: a walk may end at a dossier that the officer does not see.
                Value::Text(_) => format!("{tier}:{}", place.number),
            },
        }
    }

    /// Reads one of an order; none when it is of another. A name is to be looked up by its number.
    pub(super) fn read(text: &str, order: Order) -> Option<Self> {
        let mut parts = text.splitn(3, ':');
        let tier = match parts.next()? {
            "r" => Tier::InARow,
            "a" => Tier::Anywhere,
            _ => return None,
        };
        let Some(number) = parts.next() else {
            return Some(Self { tier, place: None });
        };
        let key = match (order.is_by_name(), parts.next()) {
            (true, None) => Value::Text(String::new()),
            (false, Some(key)) => Value::Number(key.parse().ok()?),
            _ => return None,
        };
        let place = Place {
            key,
            number: number.parse().ok()?,
        };
        Some(Self {
            tier,
            place: Some(place),
        })
    }
}

/// ` AND …` what the officer sees.
pub(super) fn scope(sql: &mut Sql, scope: &Scope) {
    if scope.is_everything() {
        return;
    }
    sql.push(" AND (1 = 0");
    for part in &scope.parts {
        sql.push(" OR (1 = 1");
        if let Some(agencies) = &part.agencies {
            sql.push(" AND agency IN ");
            some(sql, agencies);
        }
        if let Some(procedures) = &part.procedures {
            sql.push(" AND procedure IN ");
            some(sql, procedures);
        }
        sql.push(")");
    }
    sql.push(")");
}

/// A list that may be empty: then nothing is in it.
fn some(sql: &mut Sql, list: &[String]) {
    if list.is_empty() {
        sql.push("('')");
    } else {
        sql.list(list.iter().map(String::as_str));
    }
}

/// ` AND …` the state.
pub(super) fn shelf(sql: &mut Sql, shelf: Shelf) -> Result<(), StoreError> {
    if shelf.is_open() {
        sql.push(" AND on_desk = 1");
    }
    if let Shelf::Only(status) = shelf {
        sql.push(" AND status = ").text(as_word(&status)?);
    }
    Ok(())
}

/// ` AND …` the deadline.
pub(super) fn deadline(sql: &mut Sql, query: &InboxQuery<'_>) {
    if let Some(class) = query.filter.deadline {
        let (from, before) = class.bounds(query.now);
        sql.push(" AND on_desk = 1 AND due_key >= ")
            .number(from.0)
            .push(" AND due_key < ")
            .number(before.0);
    }
}

/// ` AND …` the days of submission.
pub(super) fn submitted(sql: &mut Sql, query: &InboxQuery<'_>) {
    if let Some(from) = query.filter.from {
        sql.push(" AND submitted_at >= ").number(start_of(from).0);
    }
    if let Some(to) = query.filter.to {
        let Timestamp(end) = start_of(to.plus_days(1));
        sql.push(" AND submitted_at < ").number(end);
    }
}

/// ` AND …` everything that is asked for but the words.
pub(super) fn conditions(sql: &mut Sql, query: &InboxQuery<'_>) -> Result<(), StoreError> {
    let filter = query.filter;
    scope(sql, query.scope);
    shelf(sql, filter.shelf)?;
    deadline(sql, query);
    submitted(sql, query);
    if let Some(procedure) = &filter.procedure {
        sql.push(" AND procedure = ").text(procedure.as_str());
    }
    if let Some(agency) = &filter.agency {
        sql.push(" AND agency = ").text(agency.as_str());
    }
    if let Some(signed) = filter.signed {
        sql.push(" AND signed = ").number(i64::from(signed));
    }
    if let Some(channel) = filter.channel {
        sql.push(" AND channel = ").text(as_word(&channel)?);
    }
    match filter.holder {
        None => {}
        Some(Holder::Mine) => {
            sql.push(" AND assignee = ").text(query.officer.to_string());
        }
        Some(Holder::Nobody) => {
            sql.push(" AND assignee IS NULL");
        }
    }
    Ok(())
}

/// Words of the index that begin so.
pub(super) fn begins(sql: &mut Sql, word: &str) {
    sql.push("word >= ")
        .text(word)
        .push(" AND word < ")
        .text(format!("{word}\u{10ffff}"));
}

/// ` AND …` each word begins a word of the dossier.
pub(super) fn holds(sql: &mut Sql, words: &[String]) {
    for word in words {
        let escaped = word
            .replace('\\', "\\\\")
            .replace('%', "\\%")
            .replace('_', "\\_");
        sql.push(" AND search LIKE ")
            .text(format!("% {escaped}%"))
            .push(" ESCAPE '\\'");
    }
}
