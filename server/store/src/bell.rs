//! Tells other instances on the same PostgreSQL that something changed, so that they look at once (`LISTEN`, `NOTIFY`).
//!
//! It is a bell and no messenger: what changed is read from the tables, which everybody does now and then anyway. So nothing is lost with
//! a connection, and nothing that is told needs to be secret. `NOTIFY` stands in no transaction of its own data: PostgreSQL lets
//! only one transaction at a time commit that notifies.

use crate::database::{Database, StoreError};
use sqlx::postgres::PgListener;

/// The channel, one for a database.
const CHANNEL: &str = "portal";

/// What changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ring {
    /// Transactions of signing.
    Signings,
    /// Sessions that ended.
    Sessions,
    /// The connection was gone for a while: anything.
    Anything,
}

impl Ring {
    const fn word(self) -> &'static str {
        match self {
            Self::Signings => "signings",
            Self::Sessions => "sessions",
            Self::Anything => "anything",
        }
    }

    /// A word of another release is taken for anything.
    fn of(word: &str) -> Self {
        [Self::Signings, Self::Sessions]
            .into_iter()
            .find(|ring| ring.word() == word)
            .unwrap_or(Self::Anything)
    }
}

/// Hears the others, and itself.
#[derive(Debug)]
pub struct Bell(PgListener);

impl Bell {
    /// Listens at a database's address; none for SQLite, which has one instance.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub async fn hang(url: &str) -> Result<Option<Self>, StoreError> {
        if url.starts_with("sqlite:") {
            return Ok(None);
        }
        let mut listener = PgListener::connect(url).await?;
        listener.listen(CHANNEL).await?;
        Ok(Some(Self(listener)))
    }

    /// Waits until somebody rings. A connection that was lost is made again, which counts as a ring: something may have been missed.
    ///
    /// # Errors
    /// When there is no connection and none can be made.
    pub async fn rung(&mut self) -> Result<Ring, StoreError> {
        let heard = self.0.try_recv().await?;
        Ok(heard.map_or(Ring::Anything, |heard| Ring::of(heard.payload())))
    }
}

impl Database {
    /// Rings at all instances; does nothing on SQLite.
    ///
    /// # Errors
    /// When the database fails; they find out by themselves a little later.
    pub async fn ring(&self, what: Ring) -> Result<(), StoreError> {
        if !self.is_sqlite() {
            sqlx::query("SELECT CAST(pg_notify($1, $2) AS TEXT)")
                .bind(CHANNEL)
                .bind(what.word())
                .execute(&self.pool)
                .await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Postgres;
    use std::time::Duration;

    async fn heard(bell: &mut Bell) -> Ring {
        let rung = tokio::time::timeout(Duration::from_secs(10), bell.rung());
        rung.await.expect("in time").expect("rung")
    }

    #[tokio::test]
    async fn others_hear_what_changed_also_after_their_connection_was_cut() {
        let Some(fresh) = Postgres::fresh().await else {
            return;
        };
        let database = Database::open(&fresh.url).await.expect("opened");
        let mut bell = Bell::hang(&fresh.url).await.expect("hung").expect("a bell");
        database.ring(Ring::Signings).await.expect("rung");
        assert_eq!(heard(&mut bell).await, Ring::Signings);
        database.ring(Ring::Sessions).await.expect("rung");
        assert_eq!(heard(&mut bell).await, Ring::Sessions);
        let cut = "SELECT CAST(COUNT(pg_terminate_backend(pid)) AS BIGINT) FROM pg_stat_activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'LISTEN%'";
        sqlx::query(cut).execute(&database.pool).await.expect("cut");
        assert_eq!(heard(&mut bell).await, Ring::Anything);
        database.ring(Ring::Signings).await.expect("rung");
        assert_eq!(heard(&mut bell).await, Ring::Signings);
        drop(bell);
        database.pool.close().await;
        fresh.drop().await;
    }

    #[tokio::test]
    async fn sqlite_has_none() {
        let folder = tempfile::tempdir().expect("folder");
        let database = Database::open_file(&folder.path().join("one.sqlite"))
            .await
            .expect("opened");
        let none = Bell::hang("sqlite:one.sqlite").await.expect("no error");
        assert!(none.is_none());
        database.ring(Ring::Signings).await.expect("no error");
    }
}
