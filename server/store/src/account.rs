//! Accounts.

use crate::audit::{NewRecord, append};
use crate::database::{Database, StoreError, as_word, one, uuid, word};
use contract::audit::AuditAction;
use contract::right::Grant;
use contract::session::{Account, Person, Role};
use contract::value::Timestamp;
use sqlx::Row as _;
use sqlx::any::AnyRow;
use uuid::Uuid;

/// Officers that are read at once where all are needed.
const OFFICERS_A_PAGE: i64 = 1000;

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// User name.
    pub user_name: String,
    /// Password hash (PHC string).
    pub password: String,
    /// Role.
    pub role: Role,
    /// Full name.
    pub name: String,
    /// Agency of an officer.
    pub agency: Option<String>,
    /// Personal data.
    pub person: Person,
    /// Rights of an officer.
    pub grants: Vec<Grant>,
}

/// An account with what sign-in needs.
#[derive(Debug, Clone)]
pub struct StoredAccount {
    /// What others may see.
    pub account: Account,
    /// Password hash (PHC string).
    pub password: String,
    /// Locked until then.
    pub locked_until: Timestamp,
}

/// An account as its row has it.
pub(crate) fn account(row: &AnyRow) -> Result<StoredAccount, StoreError> {
    Ok(StoredAccount {
        account: Account {
            id: uuid(&row.try_get::<String, _>("id")?)?,
            role: word(row.try_get("role")?)?,
            name: row
                .try_get::<String, _>("name")?
                .try_into()
                .map_err(|_| StoreError::Malformed("name"))?,
            person: serde_json::from_str(&row.try_get::<String, _>("person")?)?,
            agency: row.try_get("agency")?,
            grants: serde_json::from_str(&row.try_get::<String, _>("grants")?)?,
        },
        password: row.try_get("password")?,
        locked_until: Timestamp(row.try_get("locked_until")?),
    })
}

impl Database {
    /// Makes an account unless the user name exists; whether it was made.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_account(&self, new: &NewAccount) -> Result<bool, StoreError> {
        let made = sqlx::query(
            "INSERT INTO account (id, user_name, password, role, name, agency, person, grants)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (user_name) DO NOTHING",
        )
        .bind(Uuid::now_v7().to_string())
        .bind(&new.user_name)
        .bind(&new.password)
        .bind(as_word(&new.role)?)
        .bind(&new.name)
        .bind(&new.agency)
        .bind(serde_json::to_string(&new.person)?)
        .bind(serde_json::to_string(&new.grants)?)
        .execute(&self.pool)
        .await?;
        Ok(made.rows_affected() == 1)
    }

    /// The account of a user name.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn account_by_name(&self, user_name: &str) -> Result<StoredAccount, StoreError> {
        let row = sqlx::query("SELECT * FROM account WHERE user_name = $1")
            .bind(user_name)
            .fetch_optional(&self.pool)
            .await?;
        account(&row.ok_or(StoreError::NotFound)?)
    }

    /// An account with what sign-in needs, by its identifier.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn stored_account(&self, id: Uuid) -> Result<StoredAccount, StoreError> {
        let row = sqlx::query("SELECT * FROM account WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(&self.pool)
            .await?;
        account(&row.ok_or(StoreError::NotFound)?)
    }

    /// Replaces the password's hash, forgets failures and ends all sessions of the account but `but`; those that ended.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn set_password(
        &self,
        id: Uuid,
        password: &str,
        but: Uuid,
        now: Timestamp,
    ) -> Result<Vec<Uuid>, StoreError> {
        let mut write = self.write().await?;
        let done = sqlx::query(
            "UPDATE account SET password = $1, failures = 0, locked_until = 0 WHERE id = $2",
        )
        .bind(password)
        .bind(id.to_string())
        .execute(&mut *write)
        .await?;
        one(&done, StoreError::NotFound)?;
        let rows = sqlx::query(
            "DELETE FROM session WHERE account_id = $1 AND id <> $2 RETURNING id AS session_id",
        )
        .bind(id.to_string())
        .bind(but.to_string())
        .fetch_all(&mut *write)
        .await?;
        append(
            &mut write,
            &NewRecord::of(now, id, AuditAction::PasswordChanged),
        )
        .await?;
        write.commit().await?;
        crate::session::names(&rows)
    }

    /// Replaces personal data.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn set_person(
        &self,
        id: Uuid,
        person: &Person,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        let done = sqlx::query("UPDATE account SET person = $1 WHERE id = $2")
            .bind(serde_json::to_string(person)?)
            .bind(id.to_string())
            .execute(&mut *write)
            .await?;
        one(&done, StoreError::NotFound)?;
        append(
            &mut write,
            &NewRecord::of(now, id, AuditAction::PersonChanged),
        )
        .await?;
        Ok(write.commit().await?)
    }

    /// Counts a try to prove who somebody is, before it is looked at: of many at the same time no more than five are. Every fifth locks
    /// the account until `until`.
    ///
    /// # Errors
    /// [`StoreError::TooMany`] while the account is locked.
    pub async fn begin_try(
        &self,
        id: Uuid,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let done = sqlx::query(
            "UPDATE account SET failures = failures + 1,
             locked_until = CASE WHEN (failures + 1) % 5 = 0 THEN $1 ELSE locked_until END
             WHERE id = $2 AND locked_until <= $3",
        )
        .bind(until.0)
        .bind(id.to_string())
        .bind(now.0)
        .execute(&self.pool)
        .await?;
        one(&done, StoreError::TooMany)
    }

    /// The try was right, though not all that is wanted: it counts no more, and what it locked is open. Failures before it still count.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn try_held(&self, id: Uuid, until: Timestamp) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE account SET failures = CASE WHEN failures > 0 THEN failures - 1 ELSE 0 END,
             locked_until = CASE WHEN locked_until = $1 THEN 0 ELSE locked_until END WHERE id = $2",
        )
        .bind(until.0)
        .bind(id.to_string())
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The try was wrong: noted in the journal. Whoever it was: the account is what it was tried for.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn try_failed(&self, id: Uuid, now: Timestamp) -> Result<(), StoreError> {
        let record = NewRecord {
            actor: None,
            subject: Some(id),
            ..NewRecord::of(now, id, AuditAction::SignInFailed)
        };
        self.journal(&record).await
    }

    /// Officers with their user names, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn officers(&self) -> Result<Vec<(String, Account)>, StoreError> {
        let mut all = Vec::new();
        loop {
            let after = all.last().map(|(_, account): &(_, Account)| account.id);
            let page = self.officers_after(after, OFFICERS_A_PAGE).await?;
            let is_last = i64::try_from(page.len()).is_ok_and(|length| length < OFFICERS_A_PAGE);
            all.extend(page);
            if is_last {
                return Ok(all);
            }
        }
    }

    /// So many officers by name, behind one of them.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such officer to begin behind.
    pub async fn officers_after(
        &self,
        after: Option<Uuid>,
        most: i64,
    ) -> Result<Vec<(String, Account)>, StoreError> {
        let (name, id) = match after {
            None => (String::new(), String::new()),
            Some(id) => {
                let row =
                    sqlx::query("SELECT name FROM account WHERE id = $1 AND role = 'officer'")
                        .bind(id.to_string())
                        .fetch_optional(&self.pool)
                        .await?
                        .ok_or(StoreError::NotFound)?;
                (row.try_get("name")?, id.to_string())
            }
        };
        sqlx::query(
            "SELECT * FROM account WHERE role = 'officer' AND (name > $1 OR (name = $1 AND id > $2))
             ORDER BY name, id LIMIT $3",
        )
        .bind(name)
        .bind(id)
        .bind(most)
        .fetch_all(&self.pool)
        .await?
        .iter()
        .map(|row| Ok((row.try_get("user_name")?, account(row)?.account)))
        .collect()
    }

    /// One officer with the user name.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such officer.
    pub async fn officer(&self, id: Uuid) -> Result<(String, Account), StoreError> {
        let row = sqlx::query("SELECT * FROM account WHERE id = $1 AND role = 'officer'")
            .bind(id.to_string())
            .fetch_optional(&self.pool)
            .await?
            .ok_or(StoreError::NotFound)?;
        Ok((row.try_get("user_name")?, account(&row)?.account))
    }

    /// How many officers have no rights at all.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn officers_without_rights(&self) -> Result<i64, StoreError> {
        let row = sqlx::query(
            "SELECT COUNT(*) AS number FROM account WHERE role = 'officer' AND grants = '[]'",
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(row.try_get("number")?)
    }

    /// Replaces an officer's rights. `by` is who gives them; none: the command line.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such officer.
    pub async fn set_grants(
        &self,
        id: Uuid,
        grants: &[Grant],
        by: Option<Uuid>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.change_grants(id, grants, None, by, now).await
    }

    /// The same, unless the rights are no longer `before`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such officer, [`StoreError::Conflict`] when somebody else changed the rights.
    pub async fn change_grants(
        &self,
        id: Uuid,
        grants: &[Grant],
        before: Option<&[Grant]>,
        by: Option<Uuid>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        if let Some(before) = before {
            // Written again as it is, so that the row is held and read as the last one left it.
            let row = sqlx::query(
                "UPDATE account SET grants = grants WHERE id = $1 AND role = 'officer' RETURNING grants",
            )
            .bind(id.to_string())
            .fetch_optional(&mut *write)
            .await?
            .ok_or(StoreError::NotFound)?;
            let known: Vec<Grant> = serde_json::from_str(&row.try_get::<String, _>("grants")?)?;
            if known != before {
                return Err(StoreError::Conflict);
            }
        }
        let done = sqlx::query("UPDATE account SET grants = $1 WHERE id = $2 AND role = 'officer'")
            .bind(serde_json::to_string(grants)?)
            .bind(id.to_string())
            .execute(&mut *write)
            .await?;
        one(&done, StoreError::NotFound)?;
        let duties = grants
            .iter()
            .map(|grant| as_word(&grant.duty))
            .collect::<Result<Vec<_>, _>>()?;
        let record = NewRecord {
            actor: by,
            subject: Some(id),
            detail: &duties.join(" "),
            ..NewRecord::of(now, id, AuditAction::RightsChanged)
        };
        append(&mut write, &record).await?;
        Ok(write.commit().await?)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::testing::on_each;

    pub(crate) fn somebody(user_name: &str) -> NewAccount {
        NewAccount {
            user_name: user_name.into(),
            password: "hash".into(),
            role: Role::Citizen,
            name: "Nguyễn Văn Mẫu".into(),
            agency: None,
            person: Person::default(),
            grants: Vec::new(),
        }
    }

    #[tokio::test]
    async fn a_user_name_is_taken_once() {
        on_each(|database| async move {
            assert!(database.add_account(&somebody("a")).await.expect("added"));
            assert!(!database.add_account(&somebody("a")).await.expect("kept"));
            let missing = database.account_by_name("b").await;
            assert!(matches!(missing, Err(StoreError::NotFound)));
        })
        .await;
    }

    #[tokio::test]
    async fn officers_come_page_by_page_and_nobody_twice() {
        on_each(|database| async move {
            for number in 0..7 {
                // Two of them have one name.
                let officer = NewAccount {
                    role: Role::Officer,
                    name: format!("Cán bộ {}", number / 2),
                    ..somebody(&format!("cb{number}"))
                };
                database.add_account(&officer).await.expect("added");
            }
            database.add_account(&somebody("dân")).await.expect("added");
            let (mut after, mut seen) = (None, Vec::new());
            loop {
                let page = database.officers_after(after, 2).await.expect("read");
                let Some((_, last)) = page.last() else { break };
                after = Some(last.id);
                seen.extend(page.into_iter().map(|(user_name, _)| user_name));
            }
            assert_eq!(seen.len(), 7);
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), 7);
            assert_eq!(database.officers().await.expect("read").len(), 7);
            assert_eq!(database.officers_without_rights().await.expect("read"), 7);
        })
        .await;
    }

    #[tokio::test]
    async fn rights_that_somebody_else_changed_are_not_written_over() {
        use contract::right::Duty;
        on_each(|database| async move {
            let officer = NewAccount {
                role: Role::Officer,
                ..somebody("cb")
            };
            database.add_account(&officer).await.expect("added");
            let id = database.officers().await.expect("read")[0].1.id;
            let grant = |duty| Grant {
                duty,
                agencies: vec!["*".into()],
                procedures: vec!["*".into()],
            };
            let (first, second) = ([grant(Duty::Reception)], [grant(Duty::Leader)]);
            let now = Timestamp(1);
            let given = database
                .change_grants(id, &first, Some(&[]), None, now)
                .await;
            given.expect("as it was read");
            let stale = database
                .change_grants(id, &second, Some(&[]), None, now)
                .await;
            assert!(matches!(stale, Err(StoreError::Conflict)));
            let kept = database.officer(id).await.expect("there").1.grants;
            assert_eq!(kept, first);
        })
        .await;
    }

    #[tokio::test]
    async fn the_fifth_try_locks_and_one_that_held_counts_no_more() {
        on_each(|database| async move {
            let id = crate::testing::account(&database).await;
            let (now, until) = (Timestamp(1), Timestamp(77));
            let begin = |now: Timestamp| {
                let database = database.clone();
                async move { database.begin_try(id, until, now).await }
            };
            for _ in 0..4 {
                begin(now).await.expect("counted");
                database.try_failed(id, now).await.expect("noted");
            }
            // The fifth is looked at; it is the last.
            begin(now).await.expect("counted");
            assert!(matches!(begin(now).await, Err(StoreError::TooMany)));
            assert!(matches!(
                begin(Timestamp(76)).await,
                Err(StoreError::TooMany)
            ));
            // It was right: the account is open, but the four before it still count.
            database.try_held(id, until).await.expect("open");
            begin(now).await.expect("counted");
            assert!(matches!(begin(now).await, Err(StoreError::TooMany)));
            begin(until).await.expect("ten minutes later");
        })
        .await;
    }

    #[tokio::test]
    async fn of_many_tries_at_once_no_more_than_five_are_looked_at() {
        on_each(|database| async move {
            let id = crate::testing::account(&database).await;
            let tries = (0..20).map(|_| {
                let database = database.clone();
                tokio::spawn(async move {
                    database
                        .begin_try(id, Timestamp(77), Timestamp(1))
                        .await
                        .is_ok()
                })
            });
            let tries: Vec<_> = tries.collect();
            let mut looked_at = 0;
            for one in tries {
                looked_at += usize::from(one.await.expect("done"));
            }
            assert_eq!(looked_at, 5);
        })
        .await;
    }

    #[tokio::test]
    async fn a_new_password_ends_the_other_sessions_of_this_account_only() {
        use crate::NewSession;
        use contract::access::{Device, SignInMethod};
        on_each(|database| async move {
            let mut ids = Vec::new();
            for name in ["a", "b"] {
                database.add_account(&somebody(name)).await.expect("added");
                let stored = database.account_by_name(name).await.expect("there");
                ids.push(stored.account.id);
            }
            let mut names = Vec::new();
            let zero = Timestamp(0);
            for (token, owner) in [("here", 0), ("phone", 0), ("other", 1)] {
                let new = NewSession {
                    id: Uuid::new_v4(),
                    token_sha256: token,
                    account: ids[owner],
                    method: SignInMethod::Password,
                    authenticated_at: Timestamp(1),
                    device: &Device::default(),
                    replaces: None,
                };
                database
                    .begin_session(&new, Timestamp(1))
                    .await
                    .expect("begun");
                let session = database.session(token, zero, zero, zero).await;
                names.push(session.expect("there").id);
            }
            let ended = database
                .set_password(ids[0], "fresh", names[0], Timestamp(1))
                .await;
            assert_eq!(ended.expect("changed"), [names[1]]);
            let live = database.live_sessions(&names, zero, zero).await;
            assert_eq!(live.expect("read"), [names[0], names[2]].into());
            let stored = database.stored_account(ids[0]).await.expect("there");
            assert_eq!(stored.password, "fresh");
            let nobody = database
                .set_password(Uuid::now_v7(), "x", names[0], Timestamp(1))
                .await;
            assert!(matches!(nobody, Err(StoreError::NotFound)));
        })
        .await;
    }
}
