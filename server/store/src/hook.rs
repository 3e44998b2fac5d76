//! What other systems of the province are told: a message is written in the transaction of its event, and taken under a lease.
//!
//! Messages about one dossier (or one signing) go one after the other: a later one is due once the earlier ones arrived or were given up.

use crate::database::{Database, StoreError, uuid};
use contract::dossier::DossierStatus;
use contract::value::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};
use uuid::Uuid;

/// What a system can ask to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum HookEvent {
    /// A dossier was submitted.
    #[serde(rename = "dossier.submitted")]
    DossierSubmitted,
    /// An agency received it.
    #[serde(rename = "dossier.received")]
    DossierReceived,
    /// Its citizen was asked for more.
    #[serde(rename = "dossier.supplement-asked")]
    DossierSupplementAsked,
    /// It was refused, stopped, or worked to its end.
    #[serde(rename = "dossier.decided")]
    DossierDecided,
    /// Its result was returned.
    #[serde(rename = "dossier.returned")]
    DossierReturned,
    /// Any other change of its state.
    #[serde(rename = "dossier.changed")]
    DossierChanged,
    /// A signing was completed: the browser embedded the values and verified the files.
    #[serde(rename = "signing.completed")]
    SigningCompleted,
}

impl HookEvent {
    /// Its word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::DossierSubmitted => "dossier.submitted",
            Self::DossierReceived => "dossier.received",
            Self::DossierSupplementAsked => "dossier.supplement-asked",
            Self::DossierDecided => "dossier.decided",
            Self::DossierReturned => "dossier.returned",
            Self::DossierChanged => "dossier.changed",
            Self::SigningCompleted => "signing.completed",
        }
    }

    const fn of(status: DossierStatus) -> Self {
        match status {
            DossierStatus::New => Self::DossierSubmitted,
            DossierStatus::Received => Self::DossierReceived,
            DossierStatus::SupplementRequested => Self::DossierSupplementAsked,
            DossierStatus::Refused | DossierStatus::Stopped | DossierStatus::Done => {
                Self::DossierDecided
            }
            DossierStatus::Returned => Self::DossierReturned,
            DossierStatus::Processing
            | DossierStatus::PaymentRequested
            | DossierStatus::Withdrawn => Self::DossierChanged,
        }
    }
}

/// A message that is due, and whose delivery this instance has to itself until `leased_until`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueHook {
    /// The same at every try.
    pub id: Uuid,
    /// Whom it is for.
    pub hook: String,
    /// What it tells.
    pub body: String,
    /// When it was first to be delivered.
    pub begun_at: Timestamp,
    /// How often it was tried, this time included.
    pub tries: i64,
    /// Which lease it is.
    pub leased_until: Timestamp,
}

/// A message that did not arrive, for an operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HookLine {
    /// Identifier.
    pub id: Uuid,
    /// Whom it is for.
    pub hook: String,
    /// The event's word.
    pub event: String,
    /// When it was first to be delivered.
    pub begun_at: Timestamp,
    /// How often it was tried.
    pub tries: i64,
    /// Whether it was given up.
    pub failed: bool,
    /// What came of the last try.
    pub problem: String,
}

fn line(row: &AnyRow) -> Result<HookLine, StoreError> {
    Ok(HookLine {
        id: uuid(&row.try_get::<String, _>("id")?)?,
        hook: row.try_get("hook")?,
        event: row.try_get("event")?,
        begun_at: Timestamp(row.try_get("begun_at")?),
        tries: row.try_get("tries")?,
        failed: row.try_get::<Option<i64>, _>("failed_at")?.is_some(),
        problem: row
            .try_get::<Option<String>, _>("problem")?
            .unwrap_or_default(),
    })
}

/// Who asked for such events.
async fn hooks(
    write: &mut Transaction<'static, Any>,
    event: HookEvent,
) -> Result<Vec<String>, StoreError> {
    sqlx::query("SELECT name FROM hook WHERE active = 1 AND events LIKE $1")
        .bind(format!("%,{},%", event.word()))
        .fetch_all(&mut **write)
        .await?
        .iter()
        .map(|row| Ok(row.try_get("name")?))
        .collect()
}

/// Queues a message about something for everybody who asked for such events.
async fn queue(
    write: &mut Transaction<'static, Any>,
    hooks: &[String],
    event: HookEvent,
    subject: Uuid,
    at: Timestamp,
    data: &serde_json::Value,
) -> Result<(), StoreError> {
    let body = json!({ "type": event.word(), "timestamp": at.0, "data": data }).to_string();
    for hook in hooks {
        sqlx::query(
            "INSERT INTO hook_message (id, hook, subject_id, position, event, body, begun_at, next_at)
             VALUES ($1, $2, $3, (SELECT COUNT(*) FROM hook_message WHERE hook = $2 AND subject_id = $3), $4, $5, $6, $6)",
        )
        .bind(Uuid::now_v7().to_string())
        .bind(hook)
        .bind(subject.to_string())
        .bind(event.word())
        .bind(&body)
        .bind(at.0)
        .execute(&mut **write)
        .await?;
    }
    Ok(())
}

/// Tells that dossiers have a new state. Code, procedure and the state are all that is said: the rest is fetched by whoever may.
pub(crate) async fn dossiers(
    write: &mut Transaction<'static, Any>,
    status: DossierStatus,
    changed: &[(Uuid, Option<&str>, &str, Timestamp)],
) -> Result<(), StoreError> {
    let event = HookEvent::of(status);
    let hooks = hooks(write, event).await?;
    for (id, code, procedure, at) in changed {
        let data = json!({ "dossier": id, "code": code, "procedure": procedure, "status": status, "at": at.0 });
        queue(write, &hooks, event, *id, *at, &data).await?;
    }
    Ok(())
}

/// The same of one whose row was written.
pub(crate) async fn dossier(
    write: &mut Transaction<'static, Any>,
    id: Uuid,
    status: DossierStatus,
    at: Timestamp,
) -> Result<(), StoreError> {
    let row = sqlx::query("SELECT code, procedure FROM dossier WHERE id = $1")
        .bind(id.to_string())
        .fetch_one(&mut **write)
        .await?;
    let code: Option<String> = row.try_get("code")?;
    let procedure: String = row.try_get("procedure")?;
    dossiers(write, status, &[(id, code.as_deref(), &procedure, at)]).await
}

/// Tells that a signing was completed.
pub(crate) async fn signing(
    write: &mut Transaction<'static, Any>,
    id: Uuid,
    at: Timestamp,
) -> Result<(), StoreError> {
    let data = json!({ "signing": id, "at": at.0 });
    let event = HookEvent::SigningCompleted;
    let hooks = hooks(write, event).await?;
    queue(write, &hooks, event, id, at, &data).await
}

impl Database {
    /// From now on these are told of these events, and nobody else.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_hooks(&self, hooks: &[(String, Vec<HookEvent>)]) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        sqlx::query("UPDATE hook SET active = 0")
            .execute(&mut *write)
            .await?;
        for (name, events) in hooks {
            let words: Vec<&str> = events.iter().map(|event| event.word()).collect();
            sqlx::query(
                "INSERT INTO hook (name, events, active) VALUES ($1, $2, 1)
                 ON CONFLICT (name) DO UPDATE SET events = excluded.events, active = 1",
            )
            .bind(name)
            .bind(format!(",{},", words.join(",")))
            .execute(&mut *write)
            .await?;
        }
        Ok(write.commit().await?)
    }

    /// Takes what is due, oldest first, of each subject the first that waits; nobody else takes it before the lease is over.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn due_hooks(
        &self,
        now: Timestamp,
        lease_ms: i64,
        most: i64,
    ) -> Result<Vec<DueHook>, StoreError> {
        // Asked without holding up writers: most of the time nothing is due.
        let rows = sqlx::query(
            "SELECT m.* FROM hook_message m JOIN hook h ON h.name = m.hook
             WHERE m.next_at <= $1 AND h.active = 1 AND NOT EXISTS (
                SELECT 1 FROM hook_message earlier WHERE earlier.hook = m.hook AND earlier.subject_id = m.subject_id
                    AND earlier.position < m.position AND earlier.next_at IS NOT NULL)
             ORDER BY m.next_at, m.id LIMIT $2",
        )
        .bind(now.0)
        .bind(most)
        .fetch_all(&self.pool)
        .await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let mut write = self.write().await?;
        let leased_until = Timestamp(now.0.saturating_add(lease_ms));
        let mut taken = Vec::with_capacity(rows.len());
        for row in &rows {
            let id: String = row.try_get("id")?;
            let done = sqlx::query(
                "UPDATE hook_message SET next_at = $1, tries = tries + 1 WHERE id = $2 AND next_at = $3",
            )
            .bind(leased_until.0)
            .bind(&id)
            .bind(row.try_get::<i64, _>("next_at")?)
            .execute(&mut *write)
            .await?;
            // Another instance was faster.
            if done.rows_affected() != 1 {
                continue;
            }
            taken.push(DueHook {
                id: uuid(&id)?,
                hook: row.try_get("hook")?,
                body: row.try_get("body")?,
                begun_at: Timestamp(row.try_get("begun_at")?),
                tries: row.try_get::<i64, _>("tries")?.saturating_add(1),
                leased_until,
            });
        }
        write.commit().await?;
        Ok(taken)
    }

    /// It arrived, whoever holds a lease.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn hook_delivered(&self, id: Uuid, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE hook_message SET delivered_at = $1, next_at = NULL, failed_at = NULL, problem = NULL WHERE id = $2",
        )
        .bind(now.0)
        .bind(id.to_string())
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// It did not arrive; the next try, or none. Whose lease is over changes nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn hook_failed(
        &self,
        due: &DueHook,
        next: Option<Timestamp>,
        problem: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE hook_message SET next_at = $1, problem = $2, failed_at = $3 WHERE id = $4 AND next_at = $5",
        )
        .bind(next.map(|at| at.0))
        .bind(problem)
        .bind(next.is_none().then_some(now.0))
        .bind(due.id.to_string())
        .bind(due.leased_until.0)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Messages that did not arrive, oldest first: those that wait and those that were given up.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn hooks_open(&self, most: i64) -> Result<Vec<HookLine>, StoreError> {
        sqlx::query(
            "SELECT * FROM hook_message WHERE delivered_at IS NULL ORDER BY begun_at, id LIMIT $1",
        )
        .bind(most)
        .fetch_all(&self.pool)
        .await?
        .iter()
        .map(line)
        .collect()
    }

    /// Tries those again that were given up, all or one system's, for another day; how many they are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn retry_hooks(&self, hook: Option<&str>, now: Timestamp) -> Result<u64, StoreError> {
        let done = sqlx::query(
            "UPDATE hook_message SET next_at = $1, begun_at = $1, failed_at = NULL, tries = 0
             WHERE failed_at IS NOT NULL AND ($2 = '' OR hook = $2)",
        )
        .bind(now.0)
        .bind(hook.unwrap_or_default())
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected())
    }

    /// Forgets messages that arrived before a moment, a few at a time; how many they were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_hooks(&self, before: Timestamp, most: i64) -> Result<u64, StoreError> {
        let done = sqlx::query(
            "DELETE FROM hook_message WHERE id IN (SELECT id FROM hook_message WHERE delivered_at < $1 LIMIT $2)",
        )
        .bind(before.0)
        .bind(most)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossier::tests::submitted;
    use crate::testing::{account, on_each};

    #[test]
    fn words_are_those_of_the_settings() {
        for event in [
            HookEvent::DossierSubmitted,
            HookEvent::DossierReceived,
            HookEvent::DossierSupplementAsked,
            HookEvent::DossierDecided,
            HookEvent::DossierReturned,
            HookEvent::DossierChanged,
            HookEvent::SigningCompleted,
        ] {
            let word = serde_json::to_value(event).expect("a word");
            assert_eq!(word, event.word());
        }
    }

    #[tokio::test]
    async fn a_message_is_written_for_those_who_asked_and_goes_to_one_instance_at_a_time() {
        on_each(|database| async move {
            let owner = account(&database).await;
            // Before anybody asked nothing is kept.
            submitted(&database, owner).await;
            let asked = |events: &[HookEvent]| events.to_vec();
            database
                .set_hooks(&[
                    ("thue".into(), asked(&[HookEvent::DossierSubmitted])),
                    ("kho".into(), asked(&[HookEvent::DossierReturned])),
                ])
                .await
                .expect("kept");
            submitted(&database, owner).await;
            let due = |at| {
                let database = database.clone();
                async move {
                    database
                        .due_hooks(Timestamp(at), 100, 10)
                        .await
                        .expect("read")
                }
            };
            let far = 1_000_000_000_000_000;
            let first = due(far).await;
            assert_eq!(first.len(), 1);
            assert_eq!((first[0].hook.as_str(), first[0].tries), ("thue", 1));
            let body: serde_json::Value = serde_json::from_str(&first[0].body).expect("JSON");
            assert_eq!(body["type"], "dossier.submitted");
            assert_eq!(body["data"]["status"], "new");
            let mut keys: Vec<_> = body["data"].as_object().expect("data").keys().collect();
            keys.sort();
            assert_eq!(keys, ["at", "code", "dossier", "procedure", "status"]);
            assert!(due(far + 99).await.is_empty(), "leased");
            let second = due(far + 100).await;
            assert_eq!((second.len(), second[0].tries), (1, 2), "its instance died");
            assert_eq!(second[0].id, first[0].id);
            let late = Timestamp(far + 101);
            database
                .hook_failed(&first[0], None, "late", late)
                .await
                .expect("ignored");
            database
                .hook_failed(&second[0], None, "500", late)
                .await
                .expect("noted");
            assert!(due(far * 2).await.is_empty(), "given up");
            let open = database.hooks_open(10).await.expect("read");
            assert_eq!((open.len(), open[0].failed), (1, true));
            assert_eq!(open[0].problem, "500");
            assert_eq!(
                database.retry_hooks(Some("kho"), late).await.expect("done"),
                0
            );
            assert_eq!(database.retry_hooks(None, late).await.expect("done"), 1);
            let again = due(far + 102).await;
            assert_eq!((again.len(), again[0].tries), (1, 1));
            database
                .hook_delivered(again[0].id, late)
                .await
                .expect("noted");
            assert!(database.hooks_open(10).await.expect("read").is_empty());
            let forgotten = database.forget_hooks(Timestamp(far * 2), 10).await;
            assert_eq!(forgotten.expect("done"), 1);
        })
        .await;
    }

    #[tokio::test]
    async fn messages_about_one_subject_go_one_after_the_other() {
        on_each(|database| async move {
            let hooks = [("a".to_owned(), vec![HookEvent::SigningCompleted])];
            database.set_hooks(&hooks).await.expect("kept");
            let (one, other) = (Uuid::now_v7(), Uuid::now_v7());
            for (at, subject) in [(5, one), (3, one), (4, other)] {
                let mut write = database.write().await.expect("begun");
                signing(&mut write, subject, Timestamp(at))
                    .await
                    .expect("queued");
                write.commit().await.expect("kept");
            }
            let due = database
                .due_hooks(Timestamp(10), 100, 10)
                .await
                .expect("read");
            let times: Vec<i64> = due.iter().map(|due| due.begun_at.0).collect();
            assert_eq!(
                times,
                [4, 5],
                "the second of a subject waits, whatever its time says"
            );
            let first = due.iter().find(|due| due.begun_at.0 == 5).expect("there");
            database
                .hook_delivered(first.id, Timestamp(11))
                .await
                .expect("noted");
            let next = database
                .due_hooks(Timestamp(12), 100, 10)
                .await
                .expect("read");
            assert_eq!(next.len(), 1);
            assert_eq!(next[0].begun_at, Timestamp(3));
        })
        .await;
    }
}
