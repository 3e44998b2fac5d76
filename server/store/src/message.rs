//! Messages between citizen and agency about one dossier.

use crate::audit::{NewRecord, append};
use crate::database::{Database, StoreError, as_word, uuid, word};
use crate::dossier::life::tell_owner;
use crate::rows::{self, Cell};
use contract::audit::AuditAction;
use contract::life::Party;
use contract::message::{Author, Message, Thread};
use contract::notice::NoticeAbout;
use contract::value::Timestamp;
use sqlx::{Any, Row as _, Transaction};
use uuid::Uuid;

/// Most messages that are shown.
const SHOWN: i64 = 500;
/// Most messages one side of a dossier may write in an hour.
const HOURLY: i64 = 30;
const HOUR_MS: i64 = 3_600_000;

/// Writes a message.
pub(crate) async fn add(
    write: &mut Transaction<'static, Any>,
    dossier: Uuid,
    message: &Message,
) -> Result<u64, StoreError> {
    add_all(write, &[(dossier, message)]).await
}

/// Adds messages to the threads of their dossiers; how many were not there.
pub(crate) async fn add_all(
    write: &mut Transaction<'static, Any>,
    messages: &[(Uuid, &Message)],
) -> Result<u64, StoreError> {
    let rows: Vec<[Cell; 7]> = messages
        .iter()
        .map(|(dossier, message)| {
            Ok([
                message.id.into(),
                (*dossier).into(),
                message.at.0.into(),
                as_word(&message.author)?.into(),
                message.name.as_str().into(),
                message.body.as_str().into(),
                message.status.as_ref().map(as_word).transpose()?.into(),
            ])
        })
        .collect::<Result<_, StoreError>>()?;
    rows::insert(
        write,
        "INSERT INTO message (id, dossier_id, at, author, name, body, status)",
        &rows,
        "ON CONFLICT (id) DO NOTHING",
    )
    .await
}

const fn other(side: Party) -> Author {
    match side {
        Party::Citizen => Author::Officer,
        Party::Officer => Author::Citizen,
    }
}

impl Database {
    /// The newest messages of a dossier, oldest first, as one side sees them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn thread(&self, dossier: Uuid, side: Party) -> Result<Thread, StoreError> {
        let mut rows = sqlx::query(
            "SELECT * FROM message WHERE dossier_id = $1 ORDER BY at DESC, id DESC LIMIT $2",
        )
        .bind(dossier.to_string())
        .bind(SHOWN)
        .fetch_all(&self.pool)
        .await?;
        rows.reverse();
        let messages = rows
            .iter()
            .map(|row| {
                Ok(Message {
                    id: uuid(&row.try_get::<String, _>("id")?)?,
                    at: Timestamp(row.try_get("at")?),
                    author: word(row.try_get("author")?)?,
                    name: row.try_get("name")?,
                    body: row.try_get("body")?,
                    status: row
                        .try_get::<Option<String>, _>("status")?
                        .map(word)
                        .transpose()?,
                })
            })
            .collect::<Result<_, StoreError>>()?;
        let unread: i64 = sqlx::query(
            "SELECT COUNT(*) AS number FROM message WHERE dossier_id = $1 AND author = $2
             AND at > COALESCE((SELECT until FROM message_seen WHERE dossier_id = $1 AND side = $3), -1)",
        )
        .bind(dossier.to_string())
        .bind(as_word(&other(side))?)
        .bind(as_word(&side)?)
        .fetch_one(&self.pool)
        .await?
        .try_get("number")?;
        Ok(Thread {
            messages,
            unread: u64::try_from(unread).unwrap_or(0),
        })
    }

    /// A side wrote; the same message again changes nothing, and is no message too many. The citizen is told of an officer's.
    ///
    /// # Errors
    /// [`StoreError::TooMany`] when the side wrote too much within an hour, [`StoreError::Conflict`] when another message has this
    /// number.
    pub async fn write_message(
        &self,
        dossier: Uuid,
        side: Party,
        by: Uuid,
        message: &Message,
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        let known = sqlx::query("SELECT dossier_id, author FROM message WHERE id = $1")
            .bind(message.id.to_string())
            .fetch_optional(&mut *write)
            .await?;
        if let Some(row) = known {
            let same = row.try_get::<String, _>("dossier_id")? == dossier.to_string()
                && row.try_get::<String, _>("author")? == as_word(&message.author)?;
            return if same {
                Ok(())
            } else {
                Err(StoreError::Conflict)
            };
        }
        let written: i64 = sqlx::query(
            "SELECT COUNT(*) AS number FROM message WHERE dossier_id = $1 AND author = $2 AND at > $3",
        )
        .bind(dossier.to_string())
        .bind(as_word(&message.author)?)
        .bind(message.at.0 - HOUR_MS)
        .fetch_one(&mut *write)
        .await?
        .try_get("number")?;
        if written >= HOURLY {
            return Err(StoreError::TooMany);
        }
        let new = add(&mut write, dossier, message).await?;
        if new == 1 && side == Party::Officer {
            let about = |dossier, code, procedure_name| NoticeAbout::Message {
                dossier,
                code,
                procedure_name,
            };
            tell_owner(&mut write, dossier, message.at, about).await?;
        }
        if new == 1 {
            let record = NewRecord {
                dossier: Some(dossier),
                subject: Some(message.id),
                ..NewRecord::of(message.at, by, AuditAction::MessageSent)
            };
            append(&mut write, &record).await?;
        }
        Ok(write.commit().await?)
    }

    /// A side has read everything up to a moment.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn read_messages(
        &self,
        dossier: Uuid,
        side: Party,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO message_seen (dossier_id, side, until) VALUES ($1, $2, $3)
             ON CONFLICT (dossier_id, side) DO UPDATE SET until = excluded.until WHERE excluded.until > message_seen.until",
        )
        .bind(dossier.to_string())
        .bind(as_word(&side)?)
        .bind(until.0)
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossier::tests::submitted;
    use crate::testing::{account, on_each};

    fn message(author: Author, at: i64, body: &str) -> Message {
        Message {
            id: Uuid::now_v7(),
            at: Timestamp(at),
            author,
            name: "Phạm Thị Kiểm".into(),
            body: body.into(),
            status: None,
        }
    }

    #[tokio::test]
    async fn each_side_has_what_it_has_not_read_and_sending_twice_is_sending_once() {
        on_each(|database| async move {
            let owner = account(&database).await;
            let dossier = submitted(&database, owner).await;
            let hello = message(Author::Officer, 20, "Chào anh");
            for _ in 0..2 {
                database
                    .write_message(dossier, Party::Officer, Uuid::nil(), &hello)
                    .await
                    .expect("written");
            }
            let thread = database
                .thread(dossier, Party::Citizen)
                .await
                .expect("there");
            assert_eq!(thread.unread, 1);
            let bodies: Vec<_> = thread.messages.iter().map(|m| m.body.as_str()).collect();
            assert_eq!(bodies, ["", "Chào anh"], "the notice of submission first");
            assert_eq!(
                database
                    .thread(dossier, Party::Officer)
                    .await
                    .expect("there")
                    .unread,
                0
            );
            let until = |at| database.read_messages(dossier, Party::Citizen, Timestamp(at));
            until(20).await.expect("read");
            until(5).await.expect("an older look changes nothing");
            let thread = database.thread(dossier, Party::Citizen).await;
            assert_eq!(thread.expect("there").unread, 0);
            let notices = database.notices(owner).await.expect("there");
            assert_eq!(notices.unread, 2, "submitted, and a message");
        })
        .await;
    }

    #[tokio::test]
    async fn nobody_floods_a_dossier() {
        on_each(|database| async move {
            let owner = account(&database).await;
            let dossier = submitted(&database, owner).await;
            for number in 0..HOURLY {
                let one = message(Author::Citizen, 100 + number, "x");
                database
                    .write_message(dossier, Party::Citizen, Uuid::nil(), &one)
                    .await
                    .expect("written");
            }
            // The answer to the last one was lost: it is there, and no message too many.
            let last = message(Author::Citizen, 100 + HOURLY, "x");
            let thread = database.thread(dossier, Party::Officer).await;
            let last = Message {
                id: thread.expect("there").messages.last().expect("one").id,
                ..last
            };
            let again = database
                .write_message(dossier, Party::Citizen, Uuid::nil(), &last)
                .await;
            again.expect("known");
            let forged = Message {
                author: Author::Officer,
                ..last
            };
            let forged = database
                .write_message(dossier, Party::Officer, Uuid::nil(), &forged)
                .await;
            assert!(matches!(forged, Err(StoreError::Conflict)));
            let late = message(Author::Citizen, 200, "x");
            assert!(matches!(
                database
                    .write_message(dossier, Party::Citizen, Uuid::nil(), &late)
                    .await,
                Err(StoreError::TooMany)
            ));
            let later = message(Author::Citizen, 200 + HOUR_MS, "x");
            assert!(
                database
                    .write_message(dossier, Party::Citizen, Uuid::nil(), &later)
                    .await
                    .is_ok()
            );
        })
        .await;
    }
}
