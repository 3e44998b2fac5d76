//! One page of the inbox.
//!
//! However many dossiers there are, a question reads a bounded number of rows. Where something asked for is rare (a number, a name, a
//! procedure of few dossiers) its dossiers are looked up and sorted. Else the list's own index is walked in its order, at most
//! [`WALKED`] rows, and whatever fits is the page: it may be short and say where to go on.

use super::Scope;
use super::query::{
    Cursor, Order, Place, Tier, begins, conditions, deadline, holds, shelf, submitted,
};
use super::sql::{Sql, Value};
use crate::database::{Database, StoreError, uuid, word};
use crate::dossier::summary;
use contract::fold::fold;
use contract::inbox::{Holder, InboxFilter, InboxLine, Shelf, query_words};
use contract::value::Timestamp;
use sqlx::Row as _;
use sqlx::any::AnyRow;
use uuid::Uuid;

/// What is rare enough to be looked up and sorted, in dossiers. Tests have few, and go both ways.
pub(super) const RARE: i64 = if cfg!(test) { 6 } else { 2000 };
/// Rows of an index that are walked for one page.
const WALKED: i64 = if cfg!(test) { 9 } else { 4000 };
/// Agencies whose lists are walked side by side; with more, all agencies are.
const SIDE_BY_SIDE: usize = 12;

/// What an officer asks.
#[derive(Debug, Clone, Copy)]
pub struct InboxQuery<'a> {
    /// What they see.
    pub scope: &'a Scope,
    /// Who: for `Mine`.
    pub officer: Uuid,
    /// What the list is narrowed to.
    pub filter: &'a InboxFilter,
    /// Now: for deadlines.
    pub now: Timestamp,
    /// [`InboxRows::next`] of the page before.
    pub after: Option<&'a str>,
    /// At most so many.
    pub limit: usize,
}

/// A page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InboxRows {
    /// Lines in order.
    pub lines: Vec<InboxLine>,
    /// Where to go on; a short page may have it.
    pub next: Option<String>,
}

/// Dossiers that are looked up: those with a word, those of procedures, those of a condition.
#[derive(Debug, Clone, Default)]
struct Lookup {
    word: Option<String>,
    procedures: Vec<String>,
    condition: Option<Condition>,
}

#[derive(Debug, Clone, Copy)]
enum Condition {
    Procedure,
    Mine,
    Deadline,
    Submitted,
}

/// A question made ready.
struct Ask<'a> {
    query: InboxQuery<'a>,
    order: Order,
    words: Vec<String>,
    /// The words in a row, when that is rare.
    row: Option<String>,
}

impl Database {
    /// One page.
    ///
    /// # Errors
    /// [`StoreError::Malformed`] for an `after` that this order never gave.
    pub async fn inbox(&self, query: InboxQuery<'_>) -> Result<InboxRows, StoreError> {
        let order = Order::of(query.filter.sort.on(query.filter.shelf));
        let mut cursor = query
            .after
            .map(|text| Cursor::read(text, order).ok_or(StoreError::Malformed("place")))
            .transpose()?;
        if query.scope.parts.is_empty() {
            return Ok(InboxRows::default());
        }
        if order.is_by_name()
            && let Some(place) = cursor.as_mut().and_then(|cursor| cursor.place.as_mut())
        {
            place.key = self.name_of(place.number).await?;
        }
        let words = query_words(&query.filter.search);
        // Something was typed, and nothing of it is a word.
        if words.is_empty() && !query.filter.search.trim().is_empty() {
            return Ok(InboxRows::default());
        }
        let mut ask = Ask {
            query,
            order,
            words,
            row: None,
        };
        if ask.words.len() > 1 {
            let row = ask.words.join(" ");
            let lookup = Lookup {
                word: Some(row.clone()),
                ..Lookup::default()
            };
            let number = self.rows_of(&ask, &lookup).await?;
            ask.row = (1..=RARE).contains(&number).then_some(row);
        }
        let cursor = cursor.unwrap_or(Cursor {
            tier: Tier::InARow,
            place: None,
        });
        if let (Tier::InARow, Some(row)) = (cursor.tier, ask.row.clone()) {
            let lookup = Lookup {
                word: Some(row),
                ..Lookup::default()
            };
            let mut page = self.looked_up(&ask, &lookup, &cursor).await?;
            // An empty page that has another behind it would tell that there is such a dossier where the officer sees none.
            if !page.lines.is_empty() {
                page.next.get_or_insert_with(|| Cursor::anywhere().write());
                return Ok(page);
            }
        }
        let cursor = match cursor.tier {
            Tier::InARow => Cursor::anywhere(),
            Tier::Anywhere => cursor,
        };
        match self.rarest(&ask).await? {
            Some(lookup) => self.looked_up(&ask, &lookup, &cursor).await,
            None => self.walked(&ask, &cursor).await,
        }
    }

    /// The name by which a dossier is sorted.
    async fn name_of(&self, number: i64) -> Result<Value, StoreError> {
        let row = sqlx::query("SELECT name_key FROM inbox WHERE number = $1")
            .bind(number)
            .fetch_optional(&self.pool)
            .await?
            .ok_or(StoreError::Malformed("place"))?;
        Ok(Value::Text(row.try_get("name_key")?))
    }

    /// The rarest thing that is asked for, if it is rare.
    async fn rarest(&self, ask: &Ask<'_>) -> Result<Option<Lookup>, StoreError> {
        let mut tried = Vec::new();
        if !ask.words.is_empty() {
            let names = self.procedure_words().await?;
            // The longest first: it is likely the rarest.
            let mut words = ask.words.clone();
            words.sort_by_key(|word| std::cmp::Reverse(word.len()));
            for word in words {
                let mut procedures: Vec<String> = names
                    .iter()
                    .filter(|(_, text)| text.contains(&format!(" {word}")))
                    .map(|(code, _)| code.clone())
                    .collect();
                procedures.dedup();
                tried.push(Lookup {
                    word: Some(word),
                    procedures,
                    condition: None,
                });
            }
        }
        let filter = ask.query.filter;
        let by_due = ask.order.column == "due_key";
        let by_day = ask.order.column == "submitted_at";
        for (is, condition) in [
            (filter.procedure.is_some(), Condition::Procedure),
            (filter.holder == Some(Holder::Mine), Condition::Mine),
            (filter.deadline.is_some() && !by_due, Condition::Deadline),
            (
                (filter.from.is_some() || filter.to.is_some()) && !by_day,
                Condition::Submitted,
            ),
        ] {
            if is {
                tried.push(Lookup {
                    condition: Some(condition),
                    ..Lookup::default()
                });
            }
        }
        let mut best: Option<(i64, Lookup)> = None;
        for lookup in tried {
            let number = self.rows_of(ask, &lookup).await?;
            if number <= RARE && best.as_ref().is_none_or(|(least, _)| number < *least) {
                let enough = number <= RARE / 10;
                best = Some((number, lookup));
                if enough {
                    break;
                }
            }
        }
        Ok(best.map(|(_, lookup)| lookup))
    }

    /// Codes and folded names of procedures, each word after a blank.
    async fn procedure_words(&self) -> Result<Vec<(String, String)>, StoreError> {
        let rows =
            sqlx::query("SELECT procedure, name FROM inbox_procedure ORDER BY procedure, name")
                .fetch_all(&self.pool)
                .await?;
        rows.iter()
            .map(|row| {
                let code: String = row.try_get("procedure")?;
                let name: String = row.try_get("name")?;
                let words: Vec<String> = [code.as_str(), name.as_str()]
                    .into_iter()
                    .flat_map(|text| {
                        fold(text)
                            .split(' ')
                            .map(|word| {
                                word.trim_matches(|letter: char| !letter.is_alphanumeric())
                                    .to_owned()
                            })
                            .collect::<Vec<_>>()
                    })
                    .collect();
                Ok((code, format!(" {}", words.join(" "))))
            })
            .collect()
    }

    /// How many dossiers a look-up gives, not counted beyond what is rare.
    async fn rows_of(&self, ask: &Ask<'_>, lookup: &Lookup) -> Result<i64, StoreError> {
        let mut sql = Sql::default();
        sql.push("SELECT COUNT(*) AS number FROM (");
        lookup.select(&mut sql, ask)?;
        sql.push(" LIMIT ").number(RARE + 1).push(") AS looked");
        let row = sql
            .optional(&self.pool)
            .await?
            .ok_or(StoreError::NotFound)?;
        Ok(row.try_get("number")?)
    }

    /// A page of what is rare: looked up, compared, sorted.
    async fn looked_up(
        &self,
        ask: &Ask<'_>,
        lookup: &Lookup,
        cursor: &Cursor,
    ) -> Result<InboxRows, StoreError> {
        let mut sql = Sql::default();
        begin(&mut sql, ask.order);
        sql.push("SELECT inbox.number, dossier_id, inbox.channel, ")
            .push(ask.order.column)
            .push(" AS sort_key FROM (SELECT DISTINCT number FROM (");
        lookup.select(&mut sql, ask)?;
        // SQLite keeps the order of a CROSS JOIN: the look-up first.
        sql.push(") AS looked) AS rare CROSS JOIN inbox WHERE inbox.number = rare.number");
        conditions(&mut sql, &ask.query)?;
        ask.words_of(&mut sql, cursor.tier);
        if let Some(place) = &cursor.place {
            place.after(&mut sql, ask.order);
        }
        ask.order.by(&mut sql, ask.order.column, "inbox.number");
        sql.push(" LIMIT ").number(ask.more());
        end(&mut sql, ask.order);
        let rows = sql.all(&self.pool).await?;
        ask.page(&rows, cursor.tier, None)
    }

    /// A page of what is common: the list's own index, walked in its order.
    async fn walked(&self, ask: &Ask<'_>, cursor: &Cursor) -> Result<InboxRows, StoreError> {
        let agencies = ask.agencies();
        let lists: Vec<Option<&str>> = match &agencies {
            Some(agencies) => agencies.iter().map(|agency| Some(*agency)).collect(),
            None => vec![None],
        };
        let mut bound: Option<Place> = None;
        if ask.compares(agencies.is_some()) {
            let each = WALKED / i64::try_from(lists.len().max(1)).unwrap_or(1);
            for agency in &lists {
                let end = self.walk_ends(ask, cursor, *agency, each).await?;
                if let Some(end) = end
                    && bound
                        .as_ref()
                        .is_none_or(|bound| end.is_before(bound, ask.order))
                {
                    bound = Some(end);
                }
            }
        }
        let mut sql = Sql::default();
        begin(&mut sql, ask.order);
        for (at, agency) in lists.iter().enumerate() {
            if at > 0 {
                sql.push(" UNION ALL ");
            }
            sql.push("SELECT * FROM (SELECT number, dossier_id, channel, ")
                .push(ask.order.column)
                .push(" AS sort_key FROM inbox WHERE 1 = 1");
            if let Some(agency) = agency {
                sql.push(" AND agency = ").text(*agency);
            }
            conditions(&mut sql, &ask.query)?;
            ask.words_of(&mut sql, cursor.tier);
            if let Some(place) = &cursor.place {
                place.after(&mut sql, ask.order);
            }
            if let Some(bound) = &bound {
                bound.until(&mut sql, ask.order);
            }
            ask.order.by(&mut sql, ask.order.column, "inbox.number");
            sql.push(" LIMIT ").number(ask.more()).push(") AS one");
        }
        if lists.is_empty() {
            return Ok(InboxRows::default());
        }
        ask.order.by(&mut sql, "sort_key", "number");
        sql.push(" LIMIT ").number(ask.more());
        end(&mut sql, ask.order);
        let rows = sql.all(&self.pool).await?;
        ask.page(&rows, cursor.tier, bound)
    }

    /// The place behind which a walk does not go; none when it comes to the end before.
    async fn walk_ends(
        &self,
        ask: &Ask<'_>,
        cursor: &Cursor,
        agency: Option<&str>,
        rows: i64,
    ) -> Result<Option<Place>, StoreError> {
        let mut sql = Sql::default();
        sql.push("SELECT number, ")
            .push(ask.order.column)
            .push(" AS sort_key FROM inbox WHERE 1 = 1");
        ask.walk(&mut sql, agency)?;
        if let Some(place) = &cursor.place {
            place.after(&mut sql, ask.order);
        }
        ask.order.by(&mut sql, ask.order.column, "inbox.number");
        // Not a page's place: the bound of the walk, always as far.
        sql.push(" LIMIT 1 OFFSET ").number(rows.max(1) - 1);
        sql.optional(&self.pool)
            .await?
            .map(|row| place(&row, ask.order))
            .transpose()
    }
}

impl Ask<'_> {
    /// One more than a page: whether there is something behind it.
    fn more(&self) -> i64 {
        i64::try_from(self.query.limit.saturating_add(1)).unwrap_or(i64::MAX)
    }

    /// Agencies whose lists are walked side by side; none is all.
    fn agencies(&self) -> Option<Vec<&str>> {
        let filter = self.query.filter;
        if filter.procedure.is_some() {
            return None;
        }
        let agencies = match &filter.agency {
            Some(agency) => vec![agency.as_str()],
            None => self.query.scope.agencies()?,
        };
        (agencies.len() <= SIDE_BY_SIDE).then_some(agencies)
    }

    /// ` AND …` what an index is walked by.
    fn walk(&self, sql: &mut Sql, agency: Option<&str>) -> Result<(), StoreError> {
        let filter = self.query.filter;
        if let Some(agency) = agency {
            sql.push(" AND agency = ").text(agency);
        }
        match &filter.procedure {
            Some(procedure) => {
                sql.push(" AND procedure = ").text(procedure.as_str());
                if filter.shelf.is_open() {
                    sql.push(" AND on_desk = 1");
                }
            }
            None => shelf(sql, filter.shelf)?,
        }
        match self.order.column {
            "due_key" => deadline(sql, &self.query),
            "submitted_at" => submitted(sql, &self.query),
            _ => {}
        }
        Ok(())
    }

    /// Whether rows of the walk are compared with anything else, so that some may not fit.
    fn compares(&self, by_agency: bool) -> bool {
        let filter = self.query.filter;
        let days = filter.from.is_some() || filter.to.is_some();
        let agencies_alone =
            by_agency && filter.agency.is_none() && self.query.scope.is_whole_agencies();
        let scoped = !(self.query.scope.is_everything() || agencies_alone);
        !self.words.is_empty()
            || scoped
            || filter.procedure.is_some()
            || (filter.deadline.is_some() && self.order.column != "due_key")
            || (days && self.order.column != "submitted_at")
            || filter.signed.is_some()
            || filter.channel.is_some()
            || filter.holder.is_some()
            || (filter.agency.is_some() && !by_agency)
    }

    /// ` AND …` the words: those that hold them in a row were shown before.
    fn words_of(&self, sql: &mut Sql, tier: Tier) {
        if tier == Tier::InARow {
            return;
        }
        holds(sql, &self.words);
        if let Some(row) = &self.row {
            sql.push(" AND inbox.number NOT IN (SELECT number FROM inbox_word WHERE ");
            begins(sql, row);
            sql.push(")");
        }
    }

    fn page(
        &self,
        rows: &[AnyRow],
        tier: Tier,
        bound: Option<Place>,
    ) -> Result<InboxRows, StoreError> {
        let shown = rows.get(..self.query.limit).unwrap_or(rows);
        let next = if rows.len() > shown.len() {
            shown.last().map(|row| place(row, self.order)).transpose()?
        } else {
            bound
        };
        Ok(InboxRows {
            lines: shown.iter().map(line).collect::<Result<_, _>>()?,
            next: next.map(|place| {
                Cursor {
                    tier,
                    place: Some(place),
                }
                .write()
            }),
        })
    }
}

impl Lookup {
    /// `SELECT number …`; a dossier may come twice.
    fn select(&self, sql: &mut Sql, ask: &Ask<'_>) -> Result<(), StoreError> {
        let mut first = true;
        let mut union = |sql: &mut Sql| {
            if !std::mem::take(&mut first) {
                sql.push(" UNION ALL ");
            }
        };
        if let Some(word) = &self.word {
            union(sql);
            sql.push("SELECT number FROM inbox_word WHERE ");
            begins(sql, word);
        }
        // One list: SQLite joins no more than 500 selects, and there are thousands of procedures.
        if !self.procedures.is_empty() {
            union(sql);
            sql.push("SELECT number FROM inbox WHERE procedure IN ")
                .list(self.procedures.iter().map(String::as_str));
        }
        if let Some(condition) = self.condition {
            union(sql);
            sql.push("SELECT number FROM inbox WHERE 1 = 1");
            let open = ask.query.filter.shelf.is_open();
            match (condition, &ask.query.filter.procedure) {
                (Condition::Procedure, Some(procedure)) => {
                    sql.push(" AND procedure = ").text(procedure.as_str());
                    if open {
                        sql.push(" AND on_desk = 1");
                    }
                }
                (Condition::Procedure, None) => {}
                (Condition::Mine, _) => {
                    sql.push(" AND assignee = ")
                        .text(ask.query.officer.to_string());
                }
                (Condition::Deadline, _) => deadline(sql, &ask.query),
                (Condition::Submitted, _) => {
                    // With one state its days are in one index, and rarer.
                    if let Shelf::Only(_) = ask.query.filter.shelf {
                        shelf(sql, ask.query.filter.shelf)?;
                    }
                    submitted(sql, &ask.query);
                }
            }
        }
        Ok(())
    }
}

/// Around the numbers of a page: what a line shows comes from the dossiers themselves.
fn begin(sql: &mut Sql, _: Order) {
    sql.push(
        "SELECT page.number, page.sort_key, page.channel, dossier.id, dossier.code, dossier.procedure, dossier.procedure_name, dossier.applicant,
         dossier.status, dossier.submitted_at, dossier.due_at, dossier.files, dossier.signed_files, dossier.agency, dossier.version,
         account.name AS holder FROM (",
    );
}

fn end(sql: &mut Sql, order: Order) {
    sql.push(
        ") AS page CROSS JOIN dossier LEFT JOIN account ON account.id = dossier.assignee WHERE dossier.id = page.dossier_id",
    );
    order.by(sql, "page.sort_key", "page.number");
}

fn place(row: &AnyRow, order: Order) -> Result<Place, StoreError> {
    let key = if order.is_by_name() {
        Value::Text(row.try_get("sort_key")?)
    } else {
        Value::Number(row.try_get("sort_key")?)
    };
    Ok(Place {
        key,
        number: row.try_get("number")?,
    })
}

fn line(row: &AnyRow) -> Result<InboxLine, StoreError> {
    // Checked here: a dossier in the inbox has an identifier and a code.
    uuid(&row.try_get::<String, _>("id")?)?;
    Ok(InboxLine {
        summary: summary(row)?.ok_or(StoreError::Malformed("code"))?,
        agency: row.try_get("agency")?,
        channel: word(row.try_get("channel")?)?,
        holder: row.try_get("holder")?,
        version: row.try_get("version")?,
    })
}
