//! Databases for tests: every storage test runs on SQLite, and on PostgreSQL where one is given.

use crate::Database;
use std::future::Future;

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
    let file = std::env::temp_dir().join(format!("hoso-test-{}.sqlite", uuid::Uuid::new_v4()));
    let database = Database::open_file(&file).await.expect("SQLite");
    test(database.clone()).await;
    database.pool.close().await;
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", file.display()));
    }
    let Ok(server) = std::env::var("TEST_POSTGRES_URL") else {
        eprintln!("skipped on PostgreSQL: TEST_POSTGRES_URL is not set");
        return;
    };
    let name = format!("t{}", uuid::Uuid::new_v4().simple());
    sqlx::any::install_default_drivers();
    let admin = sqlx::AnyPool::connect(&server).await.expect("PostgreSQL");
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::query(create)
        .execute(&admin)
        .await
        .expect("a fresh database");
    let (base, _) = server.rsplit_once('/').expect("a database in the address");
    let database = Database::open(&format!("{base}/{name}"))
        .await
        .expect("PostgreSQL");
    test(database.clone()).await;
    database.pool.close().await;
    let drop = sqlx::AssertSqlSafe(format!("DROP DATABASE {name}"));
    sqlx::query(drop).execute(&admin).await.expect("dropped");
}
