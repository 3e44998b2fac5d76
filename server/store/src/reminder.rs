//! Reminders a person ordered: on their day they become notices and e-mail.

use crate::database::{Database, StoreError, one, uuid};
use crate::notice::notify;
use contract::notice::{
    KnownCertificate, NoticeAbout, REMINDERS_MAX, Reminder, ReminderAbout, fires_at,
};
use contract::provider::CertificateInfo;
use contract::value::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};
use uuid::Uuid;

fn reminder(row: &AnyRow) -> Result<Reminder, StoreError> {
    let moment = |column: &str| -> Result<Option<Timestamp>, StoreError> {
        Ok(row.try_get::<Option<i64>, _>(column)?.map(Timestamp))
    };
    Ok(Reminder {
        id: uuid(&row.try_get::<String, _>("id")?)?,
        about: serde_json::from_str(&row.try_get::<String, _>("about")?)?,
        title: row.try_get("title")?,
        days_before: u16::try_from(row.try_get::<i64, _>("days_before")?)
            .map_err(|_| StoreError::Malformed("days"))?,
        at: moment("at")?,
        fires_at: moment("fires_at")?,
        told_at: moment("told_at")?,
    })
}

/// The day a dossier is due has moved, or it is over: reminders that did not tell yet follow it.
pub(crate) async fn follow_dossier(
    write: &mut Transaction<'static, Any>,
    dossier: Uuid,
    due: Option<Timestamp>,
) -> Result<(), StoreError> {
    let rows = sqlx::query("SELECT * FROM reminder WHERE dossier_id = $1 AND told_at IS NULL")
        .bind(dossier.to_string())
        .fetch_all(&mut **write)
        .await?;
    for row in &rows {
        let known = reminder(row)?;
        sqlx::query("UPDATE reminder SET at = $1, fires_at = $2 WHERE id = $3")
            .bind(due.map(|at| at.0))
            .bind(due.map(|at| fires_at(at, known.days_before).0))
            .bind(known.id.to_string())
            .execute(&mut **write)
            .await?;
    }
    Ok(())
}

impl Database {
    /// A person's reminders: next first, those that told last.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reminders(&self, account: Uuid) -> Result<Vec<Reminder>, StoreError> {
        let rows = sqlx::query(
            "SELECT * FROM reminder WHERE account_id = $1
             ORDER BY CASE WHEN told_at IS NULL THEN 0 ELSE 1 END, COALESCE(fires_at, 9000000000000000), id",
        )
        .bind(account.to_string())
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(reminder).collect()
    }

    /// Adds a reminder; the same again changes nothing.
    ///
    /// # Errors
    /// [`StoreError::TooMany`] beyond [`REMINDERS_MAX`].
    pub async fn add_reminder(&self, account: Uuid, new: &Reminder) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        let number: i64 =
            sqlx::query("SELECT COUNT(*) AS number FROM reminder WHERE account_id = $1")
                .bind(account.to_string())
                .fetch_one(&mut *write)
                .await?
                .try_get("number")?;
        if usize::try_from(number).is_ok_and(|number| number >= REMINDERS_MAX) {
            return Err(StoreError::TooMany);
        }
        let dossier = match &new.about {
            ReminderAbout::Dossier { dossier } => Some(dossier.to_string()),
            _ => None,
        };
        sqlx::query(
            "INSERT INTO reminder (id, account_id, about, dossier_id, title, days_before, at, fires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING",
        )
        .bind(new.id.to_string())
        .bind(account.to_string())
        .bind(serde_json::to_string(&new.about)?)
        .bind(dossier)
        .bind(&new.title)
        .bind(i64::from(new.days_before))
        .bind(new.at.map(|at| at.0))
        .bind(new.fires_at.map(|at| at.0))
        .execute(&mut *write)
        .await?;
        Ok(write.commit().await?)
    }

    /// Deletes one of a person's reminders.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn remove_reminder(&self, account: Uuid, id: Uuid) -> Result<(), StoreError> {
        let done = sqlx::query("DELETE FROM reminder WHERE account_id = $1 AND id = $2")
            .bind(account.to_string())
            .bind(id.to_string())
            .execute(&self.pool)
            .await?;
        one(&done, StoreError::NotFound)
    }

    /// Tells what is due, each once whatever the number of instances; how many it were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tell_reminders(&self, now: Timestamp, most: i64) -> Result<usize, StoreError> {
        let mut write = self.write().await?;
        let rows = sqlx::query(
            "SELECT * FROM reminder WHERE told_at IS NULL AND fires_at <= $1 ORDER BY fires_at, id LIMIT $2",
        )
        .bind(now.0)
        .bind(most)
        .fetch_all(&mut *write)
        .await?;
        let mut told = 0;
        for row in &rows {
            let known = reminder(row)?;
            let done =
                sqlx::query("UPDATE reminder SET told_at = $1 WHERE id = $2 AND told_at IS NULL")
                    .bind(now.0)
                    .bind(known.id.to_string())
                    .execute(&mut *write)
                    .await?;
            let (1, Some(at)) = (done.rows_affected(), known.at) else {
                continue;
            };
            let account = uuid(&row.try_get::<String, _>("account_id")?)?;
            let about = NoticeAbout::Reminder {
                about: known.about,
                title: known.title,
                at,
            };
            notify(&mut write, account, now, &about).await?;
            told += 1;
        }
        write.commit().await?;
        Ok(told)
    }

    /// The certificates of a person that providers showed, each once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn known_certificates(
        &self,
        account: Uuid,
    ) -> Result<Vec<KnownCertificate>, StoreError> {
        let rows =
            sqlx::query("SELECT content FROM certificate WHERE account_id = $1 ORDER BY serial")
                .bind(account.to_string())
                .fetch_all(&self.pool)
                .await?;
        let mut known: Vec<KnownCertificate> = Vec::new();
        for row in &rows {
            let info: CertificateInfo =
                serde_json::from_str(&row.try_get::<String, _>("content")?)?;
            if !known.iter().any(|one| one.serial == info.serial) {
                known.push(KnownCertificate {
                    serial: info.serial,
                    owner: info.owner,
                    issuer: info.issuer,
                    valid_to: info.valid_to,
                });
            }
        }
        Ok(known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossier::tests::{changed, submitted};
    use crate::testing::{account, on_each};
    use contract::dossier::DossierStatus;

    const DAY: i64 = 86_400_000;

    fn note(at: i64) -> Reminder {
        Reminder {
            id: Uuid::new_v4(),
            about: ReminderAbout::Note {
                text: "Lấy kết quả".into(),
                day: "2026-11-27".into(),
            },
            title: "Lấy kết quả".into(),
            days_before: 1,
            at: Some(Timestamp(at)),
            fires_at: Some(fires_at(Timestamp(at), 1)),
            told_at: None,
        }
    }

    #[tokio::test]
    async fn a_reminder_tells_once_on_its_day() {
        on_each(|database| async move {
            let owner = account(&database).await;
            let new = note(10 * DAY);
            database.add_reminder(owner, &new).await.expect("kept");
            database.add_reminder(owner, &new).await.expect("the same");
            let tell = |at| database.tell_reminders(Timestamp(at), 10);
            assert_eq!(tell(9 * DAY - 1).await.expect("told"), 0);
            let (one, two) = tokio::join!(tell(9 * DAY), tell(9 * DAY));
            assert_eq!(one.expect("told") + two.expect("told"), 1);
            assert_eq!(database.unread_notices(owner).await.expect("one"), 1);
            let stranger = account(&database).await;
            assert!(matches!(
                database.remove_reminder(stranger, new.id).await,
                Err(StoreError::NotFound)
            ));
            database
                .remove_reminder(owner, new.id)
                .await
                .expect("removed");
            assert!(database.reminders(owner).await.expect("none").is_empty());
        })
        .await;
    }

    #[tokio::test]
    async fn a_reminder_of_a_dossier_moves_with_its_due_date_and_ends_with_it() {
        on_each(|database| async move {
            let owner = account(&database).await;
            let dossier = submitted(&database, owner).await;
            let new = Reminder {
                about: ReminderAbout::Dossier { dossier },
                at: None,
                fires_at: None,
                ..note(0)
            };
            database.add_reminder(owner, &new).await.expect("kept");
            let due = Some(Timestamp(20 * DAY));
            changed(&database, dossier, DossierStatus::Received, due).await;
            let known = database.reminders(owner).await.expect("there");
            assert_eq!(known[0].fires_at, Some(Timestamp(19 * DAY)));
            changed(&database, dossier, DossierStatus::Withdrawn, None).await;
            let known = database.reminders(owner).await.expect("there");
            assert_eq!(known[0].fires_at, None);
        })
        .await;
    }
}
