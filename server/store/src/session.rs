//! Sessions: who is signed in where. The token's hash is stored, never the token; what people see of a session has a name of its own.

use crate::account::account;
use crate::audit::{NewRecord, append};
use crate::database::{Database, StoreError, as_word, one, uuid, word};
use crate::rows::{self, Dialect};
use crate::together::patiently;
use contract::access::{Device, SignInMethod};
use contract::audit::AuditAction;
use contract::session::Account;
use contract::value::Timestamp;
use sqlx::Row as _;
use sqlx::any::AnyRow;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A session to begin.
#[derive(Debug, Clone)]
pub struct NewSession<'a> {
    /// Its public name: nothing of the token.
    pub id: Uuid,
    /// SHA-256 of its token, hexadecimal.
    pub token_sha256: &'a str,
    /// Whose.
    pub account: Uuid,
    /// How the person proved who they are.
    pub method: SignInMethod,
    /// When they did: at a provider of identities that may have been before now.
    pub authenticated_at: Timestamp,
    /// What it runs on.
    pub device: &'a Device,
    /// Hash of the token that the browser had before: that session ends.
    pub replaces: Option<&'a str>,
}

/// When the person of a session that gets a new token proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proved {
    /// Just now, by all that their account asks for.
    Now,
    /// Then, and nothing new.
    Before(Timestamp),
}

/// A session with its account.
#[derive(Debug, Clone)]
pub struct StoredSession {
    /// Its public name.
    pub id: Uuid,
    /// Whose.
    pub account: Account,
    /// How the person proved who they are.
    pub method: SignInMethod,
    /// When they last did.
    pub authenticated_at: Timestamp,
}

/// A session as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedSession {
    /// Its public name.
    pub id: Uuid,
    /// How it began.
    pub method: SignInMethod,
    /// What it runs on.
    pub device: Device,
    /// When it began.
    pub begun_at: Timestamp,
    /// When it was last used, to the minute.
    pub seen_at: Timestamp,
}

/// The public name; one that an older release began has none.
fn name(row: &AnyRow) -> Result<Uuid, StoreError> {
    let text: String = row.try_get("session_id")?;
    if text.is_empty() {
        return Ok(Uuid::nil());
    }
    uuid(&text)
}

/// The names of sessions that were ended.
pub(crate) fn names(rows: &[AnyRow]) -> Result<Vec<Uuid>, StoreError> {
    rows.iter().map(name).collect()
}

/// A token that somebody came with.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    sha256: String,
    idle_since: Timestamp,
    begun_since: Timestamp,
}

/// Almost every request begins with this question: those that come in the same moment ask once for all of them. It only reads: a write
/// that waits would hold all of them.
async fn recognise(
    database: Database,
    tokens: Vec<Token>,
) -> Result<Vec<Result<Recognised, StoreError>>, StoreError> {
    let asked: BTreeSet<&str> = tokens.iter().map(|token| token.sha256.as_str()).collect();
    let text = format!(
        "SELECT account.*, session.token_sha256, session.id AS session_id, session.created_at AS begun_at, session.seen_at, session.method,
             session.authenticated_at
         FROM session JOIN account ON account.id = session.account_id WHERE token_sha256 {}",
        Dialect::spoken(&database).among(1)
    );
    let mut found: BTreeMap<String, Recognised> = BTreeMap::new();
    let rows = rows::about(text, &rows::names(asked)?);
    for row in rows.fetch_all(&database.pool).await? {
        found.insert(row.try_get("token_sha256")?, Recognised::of(&row)?);
    }
    let answer = |token: &Token| {
        let known = found.get(&token.sha256);
        known
            .filter(|known| known.is_alive(token))
            .cloned()
            .ok_or(StoreError::NotFound)
    };
    Ok(tokens.iter().map(answer).collect())
}

/// A session that is there, and how old it is.
#[derive(Debug, Clone)]
pub(crate) struct Recognised {
    begun_at: Timestamp,
    seen_at: Timestamp,
    session: StoredSession,
}

impl Recognised {
    fn of(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self {
            begun_at: Timestamp(row.try_get("begun_at")?),
            seen_at: Timestamp(row.try_get("seen_at")?),
            session: StoredSession {
                id: name(row)?,
                account: account(row)?.account,
                method: word(row.try_get("method")?)?,
                authenticated_at: Timestamp(row.try_get("authenticated_at")?),
            },
        })
    }

    /// Neither idle for too long nor too old.
    const fn is_alive(&self, token: &Token) -> bool {
        self.seen_at.0 >= token.idle_since.0 && self.begun_at.0 >= token.begun_since.0
    }
}

impl Database {
    /// Begins a session; the one whose place it took, if there was one. Failed tries are forgotten.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin_session(
        &self,
        new: &NewSession<'_>,
        now: Timestamp,
    ) -> Result<Option<Uuid>, StoreError> {
        let mut write = self.write().await?;
        sqlx::query("UPDATE account SET failures = 0, locked_until = 0 WHERE id = $1")
            .bind(new.account.to_string())
            .execute(&mut *write)
            .await?;
        let replaced =
            sqlx::query("DELETE FROM session WHERE token_sha256 = $1 RETURNING id AS session_id")
                .bind(new.replaces.unwrap_or_default())
                .fetch_optional(&mut *write)
                .await?;
        sqlx::query(
            "INSERT INTO session (token_sha256, account_id, created_at, seen_at, id, authenticated_at, method, browser, platform)
             VALUES ($1, $2, $3, $3, $4, $5, $6, $7, $8)",
        )
        .bind(new.token_sha256)
        .bind(new.account.to_string())
        .bind(now.0)
        .bind(new.id.to_string())
        .bind(new.authenticated_at.0)
        .bind(as_word(&new.method)?)
        .bind(&new.device.browser)
        .bind(&new.device.platform)
        .execute(&mut *write)
        .await?;
        let method = as_word(&new.method)?;
        let record = NewRecord {
            detail: &method,
            ..NewRecord::of(now, new.account, AuditAction::SignIn)
        };
        append(&mut write, &record).await?;
        write.commit().await?;
        replaced.as_ref().map(name).transpose()
    }

    /// The session of a token, unless it was idle since `idle_since` or began before `begun_since`; notes that it was seen.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such session any more.
    pub async fn session(
        &self,
        token_sha256: &str,
        now: Timestamp,
        idle_since: Timestamp,
        begun_since: Timestamp,
    ) -> Result<StoredSession, StoreError> {
        let token = Token {
            sha256: token_sha256.to_owned(),
            idle_since,
            begun_since,
        };
        let known = patiently(self.recognising.add(self, token, recognise)).await?;
        // One write a minute is enough to know that somebody is there.
        if known.seen_at.0 + 60_000 < now.0 {
            sqlx::query("UPDATE session SET seen_at = $1 WHERE token_sha256 = $2")
                .bind(now.0)
                .bind(token_sha256)
                .execute(&self.pool)
                .await?;
        }
        Ok(known.session)
    }

    /// Gives a session another token and notes how and when the person last proved who they are: from the commit on the old token is
    /// nobody's. A new proof is noted in the journal and failed tries are forgotten.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the session ended meanwhile.
    pub async fn renew_session(
        &self,
        token_sha256: &str,
        fresh_sha256: &str,
        method: SignInMethod,
        proved: Proved,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        let at = match proved {
            Proved::Before(at) => at,
            Proved::Now => now,
        };
        // A row of its own: what hangs on the old token is moved between.
        let made = sqlx::query(
            "INSERT INTO session (token_sha256, account_id, created_at, seen_at, id, authenticated_at, method, browser, platform)
             SELECT $1, account_id, created_at, $4, id, $3, $2, browser, platform FROM session WHERE token_sha256 = $5",
        )
        .bind(fresh_sha256)
        .bind(as_word(&method)?)
        .bind(at.0)
        .bind(now.0)
        .bind(token_sha256)
        .execute(&mut *write)
        .await?;
        one(&made, StoreError::NotFound)?;
        sqlx::query("UPDATE oidc_session SET token_sha256 = $1 WHERE token_sha256 = $2")
            .bind(fresh_sha256)
            .bind(token_sha256)
            .execute(&mut *write)
            .await?;
        // Of two at the same time one is left without.
        let row = sqlx::query("DELETE FROM session WHERE token_sha256 = $1 RETURNING account_id")
            .bind(token_sha256)
            .fetch_optional(&mut *write)
            .await?
            .ok_or(StoreError::NotFound)?;
        if matches!(proved, Proved::Now) {
            let id = uuid(&row.try_get::<String, _>("account_id")?)?;
            sqlx::query("UPDATE account SET failures = 0, locked_until = 0 WHERE id = $1")
                .bind(id.to_string())
                .execute(&mut *write)
                .await?;
            let record = NewRecord::of(now, id, AuditAction::SignInConfirmed);
            append(&mut write, &record).await?;
        }
        Ok(write.commit().await?)
    }

    /// An account's sessions that have not ended, last used first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sessions(
        &self,
        account: Uuid,
        idle_since: Timestamp,
        begun_since: Timestamp,
    ) -> Result<Vec<ListedSession>, StoreError> {
        sqlx::query(
            "SELECT id AS session_id, method, browser, platform, created_at, seen_at FROM session
             WHERE account_id = $1 AND seen_at >= $2 AND created_at >= $3 ORDER BY seen_at DESC, id",
        )
        .bind(account.to_string())
        .bind(idle_since.0)
        .bind(begun_since.0)
        .fetch_all(&self.pool)
        .await?
        .iter()
        .map(|row| {
            Ok(ListedSession {
                id: name(row)?,
                method: word(row.try_get("method")?)?,
                device: Device {
                    browser: row.try_get("browser")?,
                    platform: row.try_get("platform")?,
                },
                begun_at: Timestamp(row.try_get("created_at")?),
                seen_at: Timestamp(row.try_get("seen_at")?),
            })
        })
        .collect()
    }

    /// Those of some sessions that have not ended, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn live_sessions(
        &self,
        sessions: &[Uuid],
        idle_since: Timestamp,
        begun_since: Timestamp,
    ) -> Result<BTreeSet<Uuid>, StoreError> {
        if sessions.is_empty() {
            return Ok(BTreeSet::new());
        }
        // Numbered by hand: the query builder of `Any` writes `?`, which PostgreSQL does not know.
        let places: Vec<String> = (0..sessions.len())
            .map(|position| format!("${}", position + 3))
            .collect();
        let text = format!(
            "SELECT id AS session_id FROM session WHERE seen_at >= $1 AND created_at >= $2 AND id IN ({})",
            places.join(", ")
        );
        let mut query = sqlx::query(sqlx::AssertSqlSafe(text))
            .bind(idle_since.0)
            .bind(begun_since.0);
        for session in sessions {
            query = query.bind(session.to_string());
        }
        query
            .fetch_all(&self.pool)
            .await?
            .iter()
            .map(name)
            .collect()
    }

    /// Ends a session by its token: somebody signs out. Its name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_session(
        &self,
        token_sha256: &str,
        now: Timestamp,
    ) -> Result<Option<Uuid>, StoreError> {
        let mut write = self.write().await?;
        let ended = sqlx::query(
            "DELETE FROM session WHERE token_sha256 = $1 RETURNING account_id, id AS session_id",
        )
        .bind(token_sha256)
        .fetch_optional(&mut *write)
        .await?;
        let Some(row) = ended else {
            return Ok(None);
        };
        let id = uuid(&row.try_get::<String, _>("account_id")?)?;
        append(&mut write, &NewRecord::of(now, id, AuditAction::SignOut)).await?;
        write.commit().await?;
        name(&row).map(Some)
    }

    /// Ends one of an account's sessions from another.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the account has no such session.
    pub async fn end_one_session(
        &self,
        account: Uuid,
        session: Uuid,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        let done = sqlx::query("DELETE FROM session WHERE account_id = $1 AND id = $2")
            .bind(account.to_string())
            .bind(session.to_string())
            .execute(&mut *write)
            .await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::NotFound);
        }
        let record = NewRecord {
            subject: Some(session),
            ..NewRecord::of(now, account, AuditAction::SessionEnded)
        };
        append(&mut write, &record).await?;
        Ok(write.commit().await?)
    }

    /// Ends all of an account's sessions but one; those that ended.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_other_sessions(
        &self,
        account: Uuid,
        but: Uuid,
        now: Timestamp,
    ) -> Result<Vec<Uuid>, StoreError> {
        let mut write = self.write().await?;
        let rows = sqlx::query(
            "DELETE FROM session WHERE account_id = $1 AND id <> $2 RETURNING id AS session_id",
        )
        .bind(account.to_string())
        .bind(but.to_string())
        .fetch_all(&mut *write)
        .await?;
        if !rows.is_empty() {
            let record = NewRecord {
                detail: "others",
                ..NewRecord::of(now, account, AuditAction::SessionEnded)
            };
            append(&mut write, &record).await?;
        }
        write.commit().await?;
        names(&rows)
    }

    /// Forgets sessions that ended by themselves.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_sessions(
        &self,
        idle_since: Timestamp,
        begun_since: Timestamp,
    ) -> Result<u64, StoreError> {
        let done = sqlx::query("DELETE FROM session WHERE created_at < $1 OR seen_at < $2")
            .bind(begun_since.0)
            .bind(idle_since.0)
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::account::tests::somebody;
    use crate::testing::{account, on_each};
    use std::time::Duration;

    /// A session by password, of a device that is not known.
    pub(crate) fn new(token: &str, account: Uuid) -> NewSession<'_> {
        static DEVICE: Device = Device {
            browser: String::new(),
            platform: String::new(),
        };
        NewSession {
            id: Uuid::new_v4(),
            token_sha256: token,
            account,
            method: SignInMethod::Password,
            authenticated_at: Timestamp(1000),
            device: &DEVICE,
            replaces: None,
        }
    }

    async fn id_of(database: &Database, token: &str) -> Uuid {
        let zero = Timestamp(0);
        let session = database.session(token, zero, zero, zero).await;
        session.expect("there").id
    }

    #[tokio::test]
    async fn nobody_waits_for_what_is_noted_of_another() {
        on_each(|database| async move {
            let id = account(&database).await;
            for token in ["a", "b", "c", "d"] {
                let session = new(token, id);
                let begun = database.begin_session(&session, Timestamp(1000));
                begun.await.expect("begun");
            }
            let mut write = database.write().await.expect("begun");
            sqlx::query("UPDATE session SET seen_at = seen_at")
                .execute(&mut *write)
                .await
                .expect("held");
            let look = |token: &'static str, at: i64| {
                let (database, zero) = (database.clone(), Timestamp(0));
                tokio::spawn(
                    async move { database.session(token, Timestamp(at), zero, zero).await },
                )
            };
            // Minutes later: that these were seen is to be written, and cannot be.
            let waiting = ["a", "b", "c"].map(|token| look(token, 200_000));
            tokio::time::sleep(Duration::from_millis(200)).await;
            let other = tokio::time::timeout(Duration::from_secs(3), look("d", 1000));
            let other = other.await.expect("at once").expect("a task");
            assert_eq!(other.expect("there").account.id, id);
            write.rollback().await.expect("let go");
            for one in waiting {
                one.await.expect("a task").expect("there");
            }
        })
        .await;
    }

    #[tokio::test]
    async fn a_session_lives_until_it_is_idle_old_or_ended() {
        on_each(|database| async move {
            let id = account(&database).await;
            database
                .begin_session(&new("hash", id), Timestamp(1000))
                .await
                .expect("begun");
            let look = |idle: i64, begun: i64| {
                let database = database.clone();
                async move {
                    database
                        .session(
                            "hash",
                            Timestamp(100_000),
                            Timestamp(idle),
                            Timestamp(begun),
                        )
                        .await
                }
            };
            assert_eq!(look(0, 0).await.expect("there").account.id, id);
            assert!(matches!(look(0, 1001).await, Err(StoreError::NotFound)));
            assert!(look(100_000, 0).await.is_ok(), "it was seen at 100 000");
            assert!(matches!(look(100_001, 0).await, Err(StoreError::NotFound)));
            let name = look(0, 0).await.expect("there").id;
            let ended = database.end_session("hash", Timestamp(1)).await;
            assert_eq!(ended.expect("ended"), Some(name));
            assert!(matches!(look(0, 0).await, Err(StoreError::NotFound)));
            let again = database.end_session("hash", Timestamp(1)).await;
            assert_eq!(again.expect("nothing"), None);
        })
        .await;
    }

    #[tokio::test]
    async fn a_renewed_token_is_the_only_one_and_the_session_keeps_its_name() {
        on_each(|database| async move {
            let owner = account(&database).await;
            database
                .begin_session(&new("old", owner), Timestamp(1000))
                .await
                .expect("begun");
            let name = id_of(&database, "old").await;
            let renew = |from: &'static str, to: &'static str| {
                let database = database.clone();
                async move {
                    let with = SignInMethod::PasswordAndCode;
                    database
                        .renew_session(from, to, with, Proved::Now, Timestamp(5000))
                        .await
                }
            };
            renew("old", "new").await.expect("renewed");
            let zero = Timestamp(0);
            let gone = database.session("old", zero, zero, zero).await;
            assert!(matches!(gone, Err(StoreError::NotFound)));
            let session = database
                .session("new", zero, zero, zero)
                .await
                .expect("there");
            assert_eq!((session.id, session.account.id), (name, owner));
            assert_eq!(session.method, SignInMethod::PasswordAndCode);
            assert_eq!(session.authenticated_at, Timestamp(5000));
            let before = Proved::Before(Timestamp(5000));
            database
                .renew_session("new", "newer", session.method, before, Timestamp(9000))
                .await
                .expect("renewed");
            let session = database
                .session("newer", zero, zero, zero)
                .await
                .expect("there");
            assert_eq!(
                session.authenticated_at,
                Timestamp(5000),
                "nothing was proved"
            );
            // Of two at the same time one wins.
            assert!(matches!(
                renew("old", "third").await,
                Err(StoreError::NotFound)
            ));
        })
        .await;
    }

    #[tokio::test]
    async fn signing_in_again_ends_what_the_browser_had() {
        on_each(|database| async move {
            let owner = account(&database).await;
            let begin = |new: NewSession<'static>| {
                let database = database.clone();
                async move {
                    database
                        .begin_session(&new, Timestamp(1000))
                        .await
                        .expect("begun")
                }
            };
            assert_eq!(begin(new("first", owner)).await, None);
            let first = id_of(&database, "first").await;
            let second = NewSession {
                replaces: Some("first"),
                ..new("second", owner)
            };
            assert_eq!(begin(second).await, Some(first));
            let zero = Timestamp(0);
            let listed = database.sessions(owner, zero, zero).await.expect("read");
            assert_eq!(listed.len(), 1);
            let third = NewSession {
                replaces: Some("unknown"),
                ..new("third", owner)
            };
            assert_eq!(begin(third).await, None);
        })
        .await;
    }

    #[tokio::test]
    async fn one_or_all_other_sessions_are_ended_and_nobody_elses() {
        on_each(|database| async move {
            database.add_account(&somebody("a")).await.expect("added");
            let owner = database
                .account_by_name("a")
                .await
                .expect("there")
                .account
                .id;
            let other = account(&database).await;
            for (token, of) in [
                ("here", owner),
                ("phone", owner),
                ("home", owner),
                ("other", other),
            ] {
                database
                    .begin_session(&new(token, of), Timestamp(1000))
                    .await
                    .expect("begun");
            }
            let (here, phone) = (
                id_of(&database, "here").await,
                id_of(&database, "phone").await,
            );
            let (home, theirs) = (
                id_of(&database, "home").await,
                id_of(&database, "other").await,
            );
            let now = Timestamp(2000);
            let foreign = database.end_one_session(owner, theirs, now).await;
            assert!(matches!(foreign, Err(StoreError::NotFound)));
            database
                .end_one_session(owner, phone, now)
                .await
                .expect("ended");
            let again = database.end_one_session(owner, phone, now).await;
            assert!(matches!(again, Err(StoreError::NotFound)));
            let ended = database.end_other_sessions(owner, here, now).await;
            assert_eq!(ended.expect("ended"), [home]);
            let zero = Timestamp(0);
            let live = database
                .live_sessions(&[here, phone, home, theirs], zero, zero)
                .await
                .expect("read");
            assert_eq!(live, BTreeSet::from([here, theirs]));
            // What ended by itself is forgotten.
            let gone = database.forget_sessions(Timestamp(1001), zero).await;
            assert_eq!(gone.expect("forgotten"), 2);
        })
        .await;
    }
}
