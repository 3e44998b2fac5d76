//! E-mail that waits to be sent: queued in the transaction of what it tells, taken under a lease.

use crate::database::{Database, StoreError, uuid};
use contract::notice::NoticeAbout;
use contract::value::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::{Any, Row as _, Transaction};
use uuid::Uuid;

/// What an e-mail tells that is no notice in the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum AccountMail {
    /// A link to set a new password; its token is made when it is sent.
    PasswordReset,
}

/// What an e-mail tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum MailAbout {
    /// Something of the account itself.
    Account(AccountMail),
    /// The same as a notice.
    Notice(NoticeAbout),
}

/// An e-mail that is due, and whose sending this instance has to itself until `leased_until`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueMail {
    /// Identifier: also its Message-ID, so that one that comes twice is seen to be the same.
    pub id: Uuid,
    /// Whose account it is about.
    pub account: Uuid,
    /// Where to.
    pub address: String,
    /// The person's name.
    pub name: String,
    /// What it tells.
    pub about: MailAbout,
    /// When it was queued.
    pub created_at: Timestamp,
    /// How often it was tried, this time included.
    pub tries: i64,
    /// Which lease it is.
    pub leased_until: Timestamp,
}

/// Queues an e-mail.
pub(crate) async fn queue(
    write: &mut Transaction<'static, Any>,
    account: Uuid,
    address: &str,
    name: &str,
    about: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO mail (id, account_id, address, name, about, created_at, next_at) VALUES ($1, $2, $3, $4, $5, $6, $6)",
    )
    .bind(Uuid::now_v7().to_string())
    .bind(account.to_string())
    .bind(address)
    .bind(name)
    .bind(about)
    .bind(at.0)
    .execute(&mut **write)
    .await?;
    Ok(())
}

impl Database {
    /// Takes what is due, oldest first; nobody else takes it before the lease is over.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn due_mails(
        &self,
        now: Timestamp,
        lease_ms: i64,
        most: i64,
    ) -> Result<Vec<DueMail>, StoreError> {
        let mut write = self.write().await?;
        let rows =
            sqlx::query("SELECT * FROM mail WHERE next_at <= $1 ORDER BY next_at, id LIMIT $2")
                .bind(now.0)
                .bind(most)
                .fetch_all(&mut *write)
                .await?;
        let leased_until = Timestamp(now.0 + lease_ms);
        let mut taken = Vec::with_capacity(rows.len());
        for row in &rows {
            let id: String = row.try_get("id")?;
            let done = sqlx::query(
                "UPDATE mail SET next_at = $1, tries = tries + 1 WHERE id = $2 AND next_at = $3",
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
            taken.push(DueMail {
                id: uuid(&id)?,
                account: uuid(&row.try_get::<String, _>("account_id")?)?,
                address: row.try_get("address")?,
                name: row.try_get("name")?,
                about: serde_json::from_str(&row.try_get::<String, _>("about")?)?,
                created_at: Timestamp(row.try_get("created_at")?),
                tries: row.try_get::<i64, _>("tries")? + 1,
                leased_until,
            });
        }
        write.commit().await?;
        Ok(taken)
    }

    /// It was sent: never again, whoever holds a lease. The address is forgotten.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mail_sent(&self, id: Uuid, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query("UPDATE mail SET sent_at = $1, next_at = NULL, address = '', problem = NULL WHERE id = $2")
            .bind(now.0)
            .bind(id.to_string())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// It was not sent; the next try, or none. Whose lease is over changes nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mail_failed(
        &self,
        mail: &DueMail,
        next: Option<Timestamp>,
        problem: &str,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE mail SET next_at = $1, problem = $2, address = CASE WHEN $3 = 1 THEN '' ELSE address END
             WHERE id = $4 AND next_at = $5",
        )
        .bind(next.map(|at| at.0))
        .bind(problem)
        .bind(i64::from(next.is_none()))
        .bind(mail.id.to_string())
        .bind(mail.leased_until.0)
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
    use contract::session::Person;

    #[tokio::test]
    async fn a_lease_gives_each_mail_to_one_and_what_was_sent_stays_sent() {
        on_each(|database| async move {
            let owner = account(&database).await;
            let person = Person {
                email: Some("mau@example.vn".into()),
                ..Person::default()
            };
            database
                .set_person(owner, &person, Timestamp(1))
                .await
                .expect("kept");
            submitted(&database, owner).await;
            let due = |at| {
                let database = database.clone();
                async move {
                    database
                        .due_mails(Timestamp(at), 100, 10)
                        .await
                        .expect("read")
                }
            };
            let first = due(20).await;
            assert_eq!((first.len(), first[0].tries), (1, 1));
            assert!(due(119).await.is_empty(), "leased");
            let second = due(120).await;
            assert_eq!((second.len(), second[0].tries), (1, 2), "its instance died");
            database
                .mail_failed(&first[0], None, "late")
                .await
                .expect("ignored");
            database
                .mail_failed(&second[0], Some(Timestamp(500)), "refused")
                .await
                .expect("noted");
            assert!(due(499).await.is_empty());
            let third = due(500).await;
            assert_eq!(third[0].tries, 3);
            database
                .mail_sent(third[0].id, Timestamp(501))
                .await
                .expect("noted");
            assert!(due(i64::MAX / 2).await.is_empty());
        })
        .await;
    }
}
