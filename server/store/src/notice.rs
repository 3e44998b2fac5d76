//! Notices in the app, and which of them come by e-mail too.

use crate::database::{Database, StoreError, uuid};
use crate::rows::{self, Cell, Dialect};
use contract::notice::{MailChoices, Notice, NoticeAbout, Notices};
use contract::session::Person;
use contract::value::Timestamp;
use sqlx::{Any, Row as _, Transaction};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Most notices that are shown.
const SHOWN: i64 = 100;

/// Notes a notice and, if the person wants it and has an address, the e-mail, in the transaction of what it tells.
pub(crate) async fn notify(
    write: &mut Transaction<'static, Any>,
    account: Uuid,
    at: Timestamp,
    about: &NoticeAbout,
) -> Result<(), StoreError> {
    notify_all(write, &[(account, at, about)]).await
}

/// The same for several people.
pub(crate) async fn notify_all(
    write: &mut Transaction<'static, Any>,
    all: &[(Uuid, Timestamp, &NoticeAbout)],
) -> Result<(), StoreError> {
    let mut rows: Vec<[Cell; 5]> = Vec::with_capacity(all.len());
    let mut texts = Vec::with_capacity(all.len());
    for (account, at, about) in all {
        let text = serde_json::to_string(about)?;
        let dossier = match about {
            NoticeAbout::Status { dossier, .. }
            | NoticeAbout::Message { dossier, .. }
            | NoticeAbout::Payment { dossier, .. } => Some(dossier.to_string()),
            NoticeAbout::Reminder { .. } => None,
        };
        rows.push([
            Uuid::now_v7().into(),
            (*account).into(),
            at.0.into(),
            text.as_str().into(),
            dossier.into(),
        ]);
        texts.push(text);
    }
    rows::insert(
        write,
        "INSERT INTO notice (id, account_id, at, about, dossier_id)",
        &rows,
        "",
    )
    .await?;
    let people = people(write, all.iter().map(|(account, ..)| *account)).await?;
    for ((account, at, about), text) in all.iter().zip(&texts) {
        let (name, person, choices) = people.get(account).ok_or(StoreError::NotFound)?;
        let wanted = match about {
            NoticeAbout::Status { .. } | NoticeAbout::Payment { .. } => choices.status,
            NoticeAbout::Message { .. } => choices.message,
            NoticeAbout::Reminder { .. } => choices.reminder,
        };
        if let Some(address) = person.email.as_ref().filter(|_| wanted) {
            crate::mail::queue(write, *account, address, name, text, *at).await?;
        }
    }
    Ok(())
}

/// Names, addresses and choices of people.
async fn people(
    write: &mut Transaction<'static, Any>,
    accounts: impl Iterator<Item = Uuid>,
) -> Result<BTreeMap<Uuid, (String, Person, MailChoices)>, StoreError> {
    let accounts: BTreeSet<Uuid> = accounts.collect();
    let text = format!(
        "SELECT id, name, person, (SELECT choices FROM mail_choice WHERE account_id = account.id) AS choices
         FROM account WHERE id {}",
        Dialect::of(write).among(1)
    );
    rows::about(text, &rows::names(accounts)?)
        .fetch_all(&mut **write)
        .await?
        .iter()
        .map(|row| {
            let person: Person = serde_json::from_str(&row.try_get::<String, _>("person")?)?;
            let choices = read_choices(row.try_get("choices")?)?;
            let id = uuid(&row.try_get::<String, _>("id")?)?;
            Ok((id, (row.try_get("name")?, person, choices)))
        })
        .collect()
}

fn read_choices(stored: Option<String>) -> Result<MailChoices, StoreError> {
    Ok(stored
        .map(|text| serde_json::from_str(&text))
        .transpose()?
        .unwrap_or_default())
}

impl Database {
    /// A person's newest notices.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn notices(&self, account: Uuid) -> Result<Notices, StoreError> {
        let rows = sqlx::query(
            "SELECT * FROM notice WHERE account_id = $1 ORDER BY at DESC, id DESC LIMIT $2",
        )
        .bind(account.to_string())
        .bind(SHOWN)
        .fetch_all(&self.pool)
        .await?;
        let notices = rows
            .iter()
            .map(|row| {
                Ok(Notice {
                    id: uuid(&row.try_get::<String, _>("id")?)?,
                    at: Timestamp(row.try_get("at")?),
                    about: serde_json::from_str(&row.try_get::<String, _>("about")?)?,
                    read: row.try_get::<Option<i64>, _>("read_at")?.is_some(),
                })
            })
            .collect::<Result<_, StoreError>>()?;
        Ok(Notices {
            notices,
            unread: self.unread_notices(account).await?,
        })
    }

    /// How many a person has not read.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unread_notices(&self, account: Uuid) -> Result<u64, StoreError> {
        let number: i64 = sqlx::query(
            "SELECT COUNT(*) AS number FROM notice WHERE account_id = $1 AND read_at IS NULL",
        )
        .bind(account.to_string())
        .fetch_one(&self.pool)
        .await?
        .try_get("number")?;
        Ok(u64::try_from(number).unwrap_or(0))
    }

    /// A person has read one notice, those about one dossier, or all.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn read_notices(
        &self,
        account: Uuid,
        notice: Option<Uuid>,
        dossier: Option<Uuid>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let text = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
        sqlx::query(
            "UPDATE notice SET read_at = $1 WHERE account_id = $2 AND read_at IS NULL AND ($3 = '' OR id = $3) AND ($4 = '' OR dossier_id = $4)",
        )
        .bind(at.0)
        .bind(account.to_string())
        .bind(text(notice))
        .bind(text(dossier))
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Which notices come by e-mail too.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mail_choices(&self, account: Uuid) -> Result<MailChoices, StoreError> {
        let row = sqlx::query("SELECT choices FROM mail_choice WHERE account_id = $1")
            .bind(account.to_string())
            .fetch_optional(&self.pool)
            .await?;
        read_choices(row.map(|row| row.try_get("choices")).transpose()?)
    }

    /// Keeps the choice.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_mail_choices(
        &self,
        account: Uuid,
        choices: MailChoices,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO mail_choice (account_id, choices) VALUES ($1, $2)
             ON CONFLICT (account_id) DO UPDATE SET choices = excluded.choices",
        )
        .bind(account.to_string())
        .bind(serde_json::to_string(&choices)?)
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

    #[tokio::test]
    async fn notices_are_ones_own_and_e_mail_comes_to_who_wants_it() {
        on_each(|database| async move {
            let (owner, neighbour) = (account(&database).await, account(&database).await);
            let person = Person {
                email: Some("mau@example.vn".into()),
                ..Person::default()
            };
            database
                .set_person(owner, &person, Timestamp(1))
                .await
                .expect("kept");
            submitted(&database, owner).await;
            let due = |at| database.due_mails(Timestamp(at), 10, 10);
            let mails = due(20).await.expect("there");
            assert_eq!(mails.len(), 1);
            assert_eq!(mails[0].address, "mau@example.vn");
            assert!(matches!(
                mails[0].about,
                crate::MailAbout::Notice(NoticeAbout::Status { .. })
            ));

            let notices = database.notices(owner).await.expect("there");
            assert_eq!((notices.notices.len(), notices.unread), (1, 1));
            assert_eq!(database.unread_notices(neighbour).await.expect("none"), 0);
            let id = notices.notices[0].id;
            let read = |who| database.read_notices(who, Some(id), None, Timestamp(30));
            read(neighbour).await.expect("nothing of theirs");
            assert_eq!(database.unread_notices(owner).await.expect("one"), 1);
            read(owner).await.expect("read");
            assert_eq!(database.unread_notices(owner).await.expect("none"), 0);

            let none = MailChoices {
                status: false,
                ..MailChoices::default()
            };
            database.set_mail_choices(owner, none).await.expect("kept");
            assert_eq!(database.mail_choices(owner).await.expect("there"), none);
            submitted(&database, owner).await;
            let waiting = due(20).await.expect("there");
            assert!(waiting.is_empty(), "not wanted: {waiting:?}");
            assert_eq!(database.unread_notices(owner).await.expect("one"), 1);
        })
        .await;
    }
}
