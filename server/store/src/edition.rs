//! Versions of the catalogue's documents: drafts, what is published, what was withdrawn. Nothing is ever deleted or rewritten once it
//! was published.

#[cfg(test)]
mod tests;

use crate::audit::{NewRecord, append};
use crate::database::{Database, StoreError, as_word, one, uuid, word};
use crate::together::patiently;
use contract::audit::AuditAction;
use contract::date::Date;
use contract::edition::{DocumentKind, DraftName, EditionState};
use contract::value::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};
use uuid::Uuid;

/// A version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEdition {
    /// Identifier.
    pub id: Uuid,
    /// Kind of the document.
    pub kind: DocumentKind,
    /// Its code.
    pub code: String,
    /// Number within the document, from 1.
    pub number: i64,
    /// State.
    pub state: EditionState,
    /// The document as a file; empty: the procedure ends.
    pub content: String,
    /// In force from.
    pub effective_from: Option<Date>,
    /// Name of who wrote it last.
    pub author: String,
    /// What it changes, and why.
    pub note: String,
    /// When it was changed last.
    pub changed_at: Timestamp,
    /// Changes with every change.
    pub version: i64,
}

/// A draft to be written.
#[derive(Debug, Clone, Copy)]
pub struct NewDraft<'a> {
    /// Kind of the document.
    pub kind: DocumentKind,
    /// Its code.
    pub code: &'a str,
    /// The document as a file; empty: the procedure ends.
    pub content: &'a str,
    /// Planned day of coming into force.
    pub effective_from: Option<Date>,
    /// What it changes, and why.
    pub note: &'a str,
    /// Who writes.
    pub author: Uuid,
    /// The draft's version as it was read; 0 when there was none.
    pub version: i64,
    /// When.
    pub now: Timestamp,
}

fn edition(row: &AnyRow) -> Result<StoredEdition, StoreError> {
    let date: String = row.try_get("effective_from")?;
    Ok(StoredEdition {
        id: uuid(&row.try_get::<String, _>("id")?)?,
        kind: word(row.try_get("kind")?)?,
        code: row.try_get("code")?,
        number: row.try_get("number")?,
        state: word(row.try_get("state")?)?,
        content: row.try_get("content")?,
        effective_from: if date.is_empty() {
            None
        } else {
            Some(date.parse().map_err(|_| StoreError::Malformed("date"))?)
        },
        author: row.try_get("author_name")?,
        note: row.try_get("note")?,
        changed_at: Timestamp(row.try_get("changed_at")?),
        version: row.try_get("version")?,
    })
}

const READ: &str = "SELECT edition.*, account.name AS author_name FROM edition JOIN account ON account.id = edition.author";

/// Notes in the journal what was done to which version.
async fn note(
    write: &mut Transaction<'static, Any>,
    (id, by, now): (Uuid, Uuid, Timestamp),
    detail: &str,
) -> Result<(), StoreError> {
    let record = NewRecord {
        subject: Some(id),
        detail,
        ..NewRecord::of(now, by, AuditAction::CatalogueChanged)
    };
    append(write, &record).await
}

/// A draft that is still as it was read, under the lock of its row.
async fn draft(
    write: &mut Transaction<'static, Any>,
    name: &DraftName,
) -> Result<(Uuid, i64), StoreError> {
    let row = sqlx::query(
        "UPDATE edition SET version = version + 1 WHERE kind = $1 AND code = $2 AND state = 'draft' AND version = $3
         RETURNING id, number",
    )
    .bind(name.kind.tag())
    .bind(&name.code)
    .bind(name.version)
    .fetch_optional(&mut **write)
    .await?
    .ok_or(StoreError::Conflict)?;
    Ok((
        uuid(&row.try_get::<String, _>("id")?)?,
        row.try_get("number")?,
    ))
}

/// One more publication or withdrawal, unless there was one since `stamp`.
async fn stamped(write: &mut Transaction<'static, Any>, stamp: i64) -> Result<(), StoreError> {
    let done =
        sqlx::query("UPDATE edition_stamp SET number = number + 1 WHERE id = 1 AND number = $1")
            .bind(stamp)
            .execute(&mut **write)
            .await?;
    one(&done, StoreError::Conflict)
}

/// One look for all who ask in the same moment.
async fn stamps(
    database: Database,
    asked: Vec<()>,
) -> Result<Vec<Result<i64, StoreError>>, StoreError> {
    let row = sqlx::query("SELECT number FROM edition_stamp WHERE id = 1")
        .fetch_one(&database.pool)
        .await?;
    let number = row.try_get("number")?;
    Ok(asked.into_iter().map(|()| Ok(number)).collect())
}

impl Database {
    /// How often something was published or withdrawn.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn edition_stamp(&self) -> Result<i64, StoreError> {
        patiently(self.stamping.add(self, (), stamps)).await
    }

    /// All versions of a document, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn editions(
        &self,
        kind: DocumentKind,
        code: &str,
    ) -> Result<Vec<StoredEdition>, StoreError> {
        let text = format!(
            "{READ} WHERE edition.kind = $1 AND edition.code = $2 ORDER BY edition.number DESC"
        );
        sqlx::query(sqlx::AssertSqlSafe(text))
            .bind(kind.tag())
            .bind(code)
            .fetch_all(&self.pool)
            .await?
            .iter()
            .map(edition)
            .collect()
    }

    /// All versions of all documents that are in a state, and the stamp they go with or are newer than.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn editions_in(
        &self,
        state: EditionState,
    ) -> Result<(i64, Vec<StoredEdition>), StoreError> {
        // Read first: what is published in between is there without its stamp, and looked for once more.
        let stamp = self.edition_stamp().await?;
        let text = format!(
            "{READ} WHERE edition.state = $1 ORDER BY edition.kind, edition.code, edition.number"
        );
        let found = sqlx::query(sqlx::AssertSqlSafe(text))
            .bind(as_word(&state)?)
            .fetch_all(&self.pool)
            .await?
            .iter()
            .map(edition)
            .collect::<Result<_, _>>()?;
        Ok((stamp, found))
    }

    /// Writes the draft of a document; its new version.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody else wrote it since it was read, or there is one although none was read.
    pub async fn save_draft(&self, new: &NewDraft<'_>) -> Result<i64, StoreError> {
        let mut write = self.write().await?;
        let date = new
            .effective_from
            .map(|date| date.to_string())
            .unwrap_or_default();
        let name = DraftName {
            kind: new.kind,
            code: new.code.to_owned(),
            version: new.version,
        };
        let (id, number) = if new.version == 0 {
            let row = sqlx::query(
                "SELECT COALESCE(MAX(number), 0) + 1 AS number FROM edition WHERE kind = $1 AND code = $2",
            )
            .bind(new.kind.tag())
            .bind(new.code)
            .fetch_one(&mut *write)
            .await?;
            let (id, number) = (Uuid::now_v7(), row.try_get::<i64, _>("number")?);
            let made = sqlx::query(
                "INSERT INTO edition (id, kind, code, number, state, content, effective_from, author, note, changed_at, version)
                 VALUES ($1, $2, $3, $4, 'draft', $5, $6, $7, $8, $9, 1) ON CONFLICT DO NOTHING",
            )
            .bind(id.to_string())
            .bind(new.kind.tag())
            .bind(new.code)
            .bind(number)
            .bind(new.content)
            .bind(&date)
            .bind(new.author.to_string())
            .bind(new.note)
            .bind(new.now.0)
            .execute(&mut *write)
            .await?;
            one(&made, StoreError::Conflict)?;
            (id, number)
        } else {
            let (id, number) = draft(&mut write, &name).await?;
            sqlx::query(
                "UPDATE edition SET content = $1, effective_from = $2, author = $3, note = $4, changed_at = $5 WHERE id = $6",
            )
            .bind(new.content)
            .bind(&date)
            .bind(new.author.to_string())
            .bind(new.note)
            .bind(new.now.0)
            .bind(id.to_string())
            .execute(&mut *write)
            .await?;
            (id, number)
        };
        let detail = format!("{} {} {number} draft", new.kind.tag(), new.code);
        note(&mut write, (id, new.author, new.now), &detail).await?;
        write.commit().await?;
        Ok(new.version + 1)
    }

    /// Publishes drafts together, from a day on. `stamp` is the one they were checked beside.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when one of them is no longer as it was read, or something else came into force since it was checked:
    /// then none is published.
    pub async fn publish_drafts(
        &self,
        drafts: &[DraftName],
        from: Date,
        stamp: i64,
        (by, now): (Uuid, Timestamp),
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        stamped(&mut write, stamp).await?;
        let mut done = Vec::new();
        for name in drafts {
            let (id, number) = draft(&mut write, name).await?;
            sqlx::query(
                "UPDATE edition SET state = 'published', effective_from = $1, changed_at = $2 WHERE id = $3",
            )
            .bind(from.to_string())
            .bind(now.0)
            .bind(id.to_string())
            .execute(&mut *write)
            .await?;
            let detail = format!(
                "{} {} {number} published {from}",
                name.kind.tag(),
                name.code
            );
            done.push((id, detail));
        }
        // The journal's end is held last.
        for (id, detail) in done {
            note(&mut write, (id, by, now), &detail).await?;
        }
        Ok(write.commit().await?)
    }

    /// Takes a draft or a published version back. `stamp` is the one it was checked beside.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it is no longer as it was read, or withdrawn already.
    pub async fn withdraw_edition(
        &self,
        id: Uuid,
        version: i64,
        stamp: i64,
        (by, now): (Uuid, Timestamp),
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        stamped(&mut write, stamp).await?;
        let row = sqlx::query(
            "UPDATE edition SET state = 'withdrawn', version = version + 1, changed_at = $1
             WHERE id = $2 AND version = $3 AND state <> 'withdrawn' RETURNING kind, code, number",
        )
        .bind(now.0)
        .bind(id.to_string())
        .bind(version)
        .fetch_optional(&mut *write)
        .await?
        .ok_or(StoreError::Conflict)?;
        let detail = format!(
            "{} {} {} withdrawn",
            row.try_get::<String, _>("kind")?,
            row.try_get::<String, _>("code")?,
            row.try_get::<i64, _>("number")?
        );
        note(&mut write, (id, by, now), &detail).await?;
        Ok(write.commit().await?)
    }
}
