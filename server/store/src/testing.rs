//! Databases for tests: every storage test runs on SQLite, and on PostgreSQL where one is given.

use crate::{Database, NewAccount};
use contract::session::{Person, Role};
use std::future::Future;
use uuid::Uuid;

#[cfg(test)]
#[path = "../../tests/it/support/s3.rs"]
pub(crate) mod s3;

/// Runs a test on a fresh SQLite file and, when `TEST_POSTGRES_URL` names a server, on a fresh PostgreSQL database.
///
/// # Panics
/// When a database cannot be made: a test without its database must not pass.
#[allow(clippy::expect_used, clippy::missing_panics_doc)]
pub async fn on_each<F, T>(test: F)
where
    F: Fn(Database) -> T,
    T: Future<Output = ()>,
{
    let file = std::env::temp_dir().join(format!("hoso-test-{}.sqlite", Uuid::new_v4()));
    let database = Database::open_file(&file).await.expect("SQLite");
    test(database.clone()).await;
    database.pool.close().await;
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", file.display()));
    }
    let Some(fresh) = Postgres::fresh().await else {
        return;
    };
    let database = Database::open(&fresh.url).await.expect("PostgreSQL");
    test(database.clone()).await;
    database.pool.close().await;
    fresh.drop().await;
}

/// Adds a citizen that nobody else is.
///
/// # Panics
/// When it cannot be added.
#[allow(clippy::expect_used)]
pub async fn account(database: &Database) -> Uuid {
    let new = NewAccount {
        user_name: Uuid::new_v4().to_string(),
        password: String::new(),
        role: Role::Citizen,
        name: "Nguyễn Văn Mẫu".into(),
        agency: None,
        person: Person::default(),
        grants: Vec::new(),
    };
    database.add_account(&new).await.expect("added");
    database
        .account_by_name(&new.user_name)
        .await
        .expect("there")
        .account
        .id
}

/// A fresh database on the PostgreSQL server that `TEST_POSTGRES_URL` names.
pub struct Postgres {
    /// Its address.
    pub url: String,
    name: String,
    admin: sqlx::AnyPool,
}

#[allow(clippy::expect_used, clippy::missing_panics_doc)]
impl Postgres {
    /// Makes one; none, and it says so, when no server is named.
    pub async fn fresh() -> Option<Self> {
        let Ok(server) = std::env::var("TEST_POSTGRES_URL") else {
            eprintln!("skipped on PostgreSQL: TEST_POSTGRES_URL is not set");
            return None;
        };
        let name = format!("t{}", Uuid::new_v4().simple());
        sqlx::any::install_default_drivers();
        let admin = sqlx::AnyPool::connect(&server).await.expect("PostgreSQL");
        let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
        sqlx::query(create)
            .execute(&admin)
            .await
            .expect("a fresh database");
        let (base, _) = server.rsplit_once('/').expect("a database in the address");
        Some(Self {
            url: format!("{base}/{name}"),
            name,
            admin,
        })
    }

    /// Drops it, and whoever is still connected.
    pub async fn drop(self) {
        let drop = sqlx::AssertSqlSafe(format!("DROP DATABASE {} WITH (FORCE)", self.name));
        sqlx::query(drop)
            .execute(&self.admin)
            .await
            .expect("dropped");
    }
}
