//! Every table and file goes from SQLite into an archive, into PostgreSQL and back, and is the same; what is damaged or ends early is
//! noticed.

use super::restore::sums;
use super::*;
use crate::audit::NewRecord;
use crate::database::MIGRATIONS;
use crate::keys::tests::keys;
use crate::testing::{Postgres, account};
use crate::{Database, Files, Keys};
use contract::audit::AuditAction;
use sqlx::{AssertSqlSafe, Row as _};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, ReadBuf};
use tokio::sync::Notify;
use uuid::Uuid;

const NOW: Timestamp = Timestamp(1_800_000_000_000);

/// A database in SQLite and files in a folder.
struct House {
    _folder: tempfile::TempDir,
    url: String,
    files: Files,
}

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("folder");
        let url = format!("sqlite:{}", folder.path().join("portal.sqlite").display());
        let files = Files::local(&folder.path().join("files")).expect("opens");
        Self {
            _folder: folder,
            url,
            files,
        }
    }

    /// One with rows in every table and some files.
    async fn full() -> (Self, Database) {
        let house = Self::new();
        let database = Database::open(&house.url).await.expect("SQLite");
        seed(&database, &house.files).await;
        (house, database)
    }

    fn target(&self) -> Target<'_> {
        Target {
            database_url: &self.url,
            files: Some(&self.files),
            keys: None,
        }
    }
}

/// The first word that a column takes, where the table names them: `CHECK (column IN ('word', …))`.
fn allowed(sql: &str, column: &str) -> Option<String> {
    let words = sql.split(&format!("({column} IN ('")).nth(1)?;
    Some(words.split('\'').next()?.to_owned())
}

/// What a column may hold, and what it refers to.
struct Shape {
    name: String,
    kind: String,
    nullable: bool,
    allowed: Option<String>,
    refers_to: Option<(String, String)>,
}

async fn shapes(database: &Database, table: &str) -> Vec<Shape> {
    let columns = format!(
        "SELECT name, type AS kind, \"notnull\" AS filled, pk FROM pragma_table_info('{table}')"
    );
    let references = format!(
        "SELECT \"from\" AS name, \"table\" AS other, \"to\" AS place FROM pragma_foreign_key_list('{table}')"
    );
    let references: BTreeMap<String, (String, String)> = sqlx::query(AssertSqlSafe(references))
        .fetch_all(&database.pool)
        .await
        .expect("asked")
        .iter()
        .map(|row| (row.get("name"), (row.get("other"), row.get("place"))))
        .collect();
    let columns = sqlx::query(AssertSqlSafe(columns)).fetch_all(&database.pool);
    let columns = columns.await.expect("asked");
    let made = sqlx::query("SELECT sql FROM sqlite_master WHERE name = $1").bind(table);
    let made = made.fetch_one(&database.pool).await.expect("asked");
    let made: String = made.get("sql");
    columns
        .iter()
        .map(|row| {
            let name: String = row.get("name");
            Shape {
                kind: row.get("kind"),
                nullable: row.get::<i64, _>("filled") == 0 && row.get::<i64, _>("pk") == 0,
                refers_to: references.get(&name).cloned(),
                allowed: allowed(&made, &name),
                name,
            }
        })
        .collect()
}

/// Text that no encoding may trip over.
fn text(column: &str, row: usize) -> String {
    let mut text = format!("{column} {row} Đặng Thị \"Ỷ\" \\ 'x'\r\n\t\u{1F1FB}\u{1F1F3} \u{2028}");
    if row == 1 {
        // One is longer than a piece; the others fit into an index of PostgreSQL.
        text += &"dài ".repeat(if column == "manifest" { 100_000 } else { 80 });
    }
    text
}

/// Three rows in every table the schema has, also in those that come after this was written; some files; a journal.
async fn seed(database: &Database, files: &Files) {
    let mut digests = Vec::new();
    for length in [0, 1, 70_000, 5_300_000] {
        let bytes: Vec<u8> = (0..=250).cycle().take(length).collect();
        digests.push(files.put(bytes, database, NOW).await.expect("put"));
    }
    let vault = crate::Vault::open(database, keys(&["2025"]), NOW).await;
    vault.expect("a key");
    let owner = account(database).await;
    for _ in 0..5 {
        let record = NewRecord::of(NOW, owner, AuditAction::SignIn);
        database.journal(&record).await.expect("noted");
    }
    let mut connection = database.pool.acquire().await.expect("connection");
    let tables = schema::tables(&mut connection, true).await.expect("asked");
    drop(connection);
    for table in tables {
        // A chain, claims of files and keys that open: made above.
        if table.name.starts_with("audit")
            || ["file_claim", "store_key"].contains(&table.name.as_str())
        {
            continue;
        }
        let shapes = shapes(database, &table.name).await;
        for row in 0..3 {
            let insert = rows::insert(&table.name, &table.columns, 1);
            let mut query = sqlx::query(AssertSqlSafe(insert));
            for column in &table.columns {
                let shape = shapes.iter().find(|shape| shape.name == column.name);
                let shape = shape.expect("a column");
                let integer = [10, i64::MAX, i64::MIN][row];
                query = match (&shape.refers_to, shape.kind.as_str()) {
                    (Some((other, place)), _) => {
                        let asked = format!(
                            "SELECT \"{place}\" AS it FROM \"{other}\" LIMIT 1 OFFSET {row}"
                        );
                        let found = sqlx::query(AssertSqlSafe(asked)).fetch_one(&database.pool);
                        query.bind(found.await.expect("a row").get::<String, _>("it"))
                    }
                    (_, "BIGINT") if shape.nullable && row == 2 => query.bind(None::<i64>),
                    (_, "BIGINT") => query.bind(integer),
                    (_, "DOUBLE") => query.bind([0.1, f64::MAX, -0.0][row]),
                    _ if shape.nullable && row == 2 => query.bind(None::<String>),
                    _ if column.name == "sha256" => query.bind(digests[row + 1].to_string()),
                    _ if shape.allowed.is_some() => query.bind(shape.allowed.clone()),
                    _ => query.bind(text(&column.name, row)),
                };
            }
            let done = query.execute(&database.pool).await;
            done.unwrap_or_else(|error| panic!("{}: {error}", table.name));
        }
    }
    // An upload under way, of which a piece lies there.
    let upload = crate::Upload {
        account: owner,
        sha256: Sha256([9; 32]),
        size: 10,
        received: 5,
        whole: false,
    };
    files
        .put_part(&upload, b"manh ".to_vec())
        .await
        .expect("put");
}

async fn archive(database: &Database, files: &Files, keys: Option<&Keys>) -> (Vec<u8>, Contents) {
    let mut bytes = Vec::new();
    let source = Source {
        database,
        files: Some(files),
        keys,
        now: NOW,
    };
    let contents = write(source, &mut bytes).await.expect("written");
    (bytes, contents)
}

/// Sums of all tables by name; the claims of files are those of the copy's moment.
async fn state(url: &str) -> Vec<TableSum> {
    let database = Database::open_as_is(url).await.expect("there");
    let found = sums(&database).await.expect("added up");
    database.pool.close().await;
    found
}

async fn chain_holds(url: &str) {
    let database = Database::open(url).await.expect("opens");
    let chain = database.verify_audit(None).await.expect("followed");
    assert!(chain.broken.is_none() && chain.records >= 5, "{chain:?}");
    database.pool.close().await;
}

async fn same_files(one: &Files, other: &Files, contents: &Contents) {
    use futures_util::TryStreamExt as _;
    assert_eq!((contents.files, contents.parts), (3, 1));
    let later = std::time::SystemTime::now() + Duration::from_secs(60);
    for folder in 0..=255 {
        let found: Vec<Vec<Sha256>> = other
            .old(folder, later, 9)
            .try_collect()
            .await
            .expect("listed");
        for digest in found.concat() {
            let (one, other) = (one.get(&digest).await, other.get(&digest).await);
            assert!(one.expect("there") == other.expect("there"));
        }
    }
    let parts: Vec<String> = one.upload_objects().try_collect().await.expect("listed");
    let there: Vec<String> = other.upload_objects().try_collect().await.expect("listed");
    assert_eq!(parts, there);
}

#[tokio::test]
async fn everything_goes_through_an_archive_into_the_other_database_and_back() {
    let (house, database) = House::full().await;
    let (bytes, contents) = archive(&database, &house.files, None).await;
    let before = state(&house.url).await;
    assert_eq!(contents.tables, before, "the copy is what is there");
    for table in &before {
        assert!(table.rows >= 1, "{} is seeded", table.name);
    }
    assert!(contents.lost.is_empty(), "{:?}", contents.lost);
    let (head, verified) = verify(bytes.as_slice(), None).await.expect("whole");
    assert_eq!((head.sqlite, verified), (true, contents.clone()));

    // With PostgreSQL in the middle, where there is one.
    let postgres = Postgres::fresh().await;
    let middle = House::new();
    let url = postgres.as_ref().map_or(&middle.url, |fresh| &fresh.url);
    let target = Target {
        database_url: url,
        ..middle.target()
    };
    let restored = restore(target, bytes.as_slice()).await.expect("restored");
    assert_eq!(restored, contents);
    assert_eq!(by_name(state(url).await), by_name(before.clone()));
    same_files(&house.files, &middle.files, &contents).await;

    let there = Database::open_as_is(url).await.expect("there");
    let (again, _) = archive(&there, &middle.files, None).await;
    there.pool.close().await;
    let last = House::new();
    restore(last.target(), again.as_slice())
        .await
        .expect("restored");
    let after = state(&last.url).await;
    // Claims are made anew by each copy.
    let data = |sums: Vec<TableSum>| {
        let mut sums = by_name(sums);
        sums.remove("file_claim");
        sums
    };
    assert_eq!(data(after), data(before));
    same_files(&house.files, &last.files, &contents).await;
    for url in [&house.url, url, &last.url] {
        chain_holds(url).await;
    }
    if let Some(fresh) = postgres {
        fresh.drop().await;
    }
}

fn by_name(sums: Vec<TableSum>) -> BTreeMap<String, (u64, String)> {
    sums.into_iter()
        .map(|table| (table.name, (table.rows, table.sum)))
        .collect()
}

#[tokio::test]
async fn a_copy_goes_straight_into_another_database() {
    let Some(fresh) = Postgres::fresh().await else {
        return;
    };
    let (house, database) = House::full().await;
    let told = migrate(&database, None, &fresh.url, None, NOW).await;
    assert_eq!(told.expect("migrated").tables, state(&house.url).await);
    let there = Database::open_as_is(&fresh.url).await.expect("there");
    let back = House::new();
    migrate(&there, None, &back.url, None, NOW)
        .await
        .expect("migrated back");
    assert_eq!(
        by_name(state(&back.url).await),
        by_name(state(&house.url).await)
    );
    chain_holds(&back.url).await;
    there.pool.close().await;
    fresh.drop().await;
}

#[tokio::test]
async fn a_place_with_something_in_it_is_left_alone() {
    let (house, database) = House::full().await;
    let (bytes, _) = archive(&database, &house.files, None).await;
    let before = state(&house.url).await;
    let refused = restore(house.target(), bytes.as_slice()).await;
    assert!(matches!(
        refused,
        Err(BackupError::NotEmpty("the database"))
    ));
    assert_eq!(state(&house.url).await, before);
    let other = House::new();
    let target = Target {
        files: Some(&house.files),
        ..other.target()
    };
    let refused = restore(target, bytes.as_slice()).await;
    assert!(matches!(
        refused,
        Err(BackupError::NotEmpty("the file store"))
    ));
}

#[tokio::test]
async fn damage_anywhere_is_noticed_and_says_where() {
    let (house, database) = House::full().await;
    for keys in [None, Some(keys(&["2026"]))] {
        let (bytes, _) = archive(&database, &house.files, keys.as_ref()).await;
        let (mut tables, mut files) = (0, 0);
        for place in (0..bytes.len()).step_by(bytes.len() / 24) {
            let mut damaged = bytes.clone();
            damaged[place] ^= 1;
            let told = verify(damaged.as_slice(), keys.as_ref()).await;
            let told = told.expect_err("noticed").to_string();
            tables += usize::from(told.contains("table"));
            files += usize::from(told.contains("file "));
        }
        assert!(tables > 0 && files > 5, "{tables} {files}");
        for length in (0..bytes.len()).step_by(bytes.len() / 12) {
            let cut = verify(&bytes[..length], keys.as_ref()).await;
            let told = cut.expect_err("noticed");
            let early = matches!(told, BackupError::Ends(_) | BackupError::Unknown);
            assert!(early || length < 300, "{length}: {told}");
        }
        let longer = [bytes.as_slice(), b"x".as_slice()].concat();
        assert!(verify(longer.as_slice(), keys.as_ref()).await.is_err());
    }
}

#[tokio::test]
async fn an_encrypted_archive_shows_nothing_and_needs_its_key() {
    let (house, database) = House::full().await;
    let (old, new) = (keys(&["2025"]), keys(&["2026", "2025"]));
    let (bytes, contents) = archive(&database, &house.files, Some(&old)).await;
    let (plain, _) = archive(&database, &house.files, None).await;
    let seen = |bytes: &[u8]| bytes.windows(7).any(|part| part == "Đặng".as_bytes());
    assert!(seen(&plain) && !seen(&bytes));
    assert!(
        matches!(verify(bytes.as_slice(), None).await, Err(BackupError::Sealed(by)) if by == "2025")
    );
    let other = verify(bytes.as_slice(), Some(&keys(&["2026"]))).await;
    assert!(matches!(other, Err(BackupError::Key(KeyError::Missing(_)))));
    let there = House::new();
    let target = Target {
        keys: Some(&new),
        ..there.target()
    };
    assert_eq!(
        restore(target, bytes.as_slice()).await.expect("restored"),
        contents
    );
}

/// Gives its bytes and then nothing more, for ever: a machine that was switched off.
struct Stuck<'a>(&'a [u8], Arc<Notify>);

impl AsyncRead for Stuck<'_> {
    fn poll_read(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        if self.0.is_empty() {
            self.1.notify_one();
            return std::task::Poll::Pending;
        }
        let (now, rest) = self.0.split_at(self.0.len().min(into.remaining()));
        into.put_slice(now);
        self.0 = rest;
        std::task::Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn a_copy_that_was_not_put_back_to_its_end_is_no_portal_and_is_put_back_anew() {
    let (house, database) = House::full().await;
    let (bytes, contents) = archive(&database, &house.files, None).await;
    let before = by_name(state(&house.url).await);
    let postgres = Postgres::fresh().await;
    let (one, other) = (House::new(), House::new());
    let mut places = vec![(&one.url, &one.files)];
    places.extend(postgres.as_ref().map(|fresh| (&fresh.url, &other.files)));
    for (url, files) in places {
        let target = Target {
            database_url: url,
            files: Some(files),
            keys: None,
        };
        // In the rows, in a file, right before the end.
        for length in [bytes.len() / 10, bytes.len() / 2, bytes.len() - 10] {
            let dry = Arc::new(Notify::new());
            tokio::select! {
                _ = restore(target, Stuck(&bytes[..length], dry.clone())) => panic!("it waits for more"),
                () = dry.notified() => {}
            }
            let opened = Database::open(url).await;
            assert!(matches!(opened, Err(crate::StoreError::Incomplete)));
            let mut damaged = bytes.clone();
            damaged[length] ^= 1;
            assert!(restore(target, damaged.as_slice()).await.is_err());
            let opened = Database::open(url).await;
            assert!(matches!(opened, Err(crate::StoreError::Incomplete)));
        }
        let whole = restore(target, bytes.as_slice()).await.expect("restored");
        assert_eq!(whole, contents);
        assert_eq!(by_name(state(url).await), before);
        chain_holds(url).await;
        let twice = restore(target, bytes.as_slice()).await;
        assert!(matches!(twice, Err(BackupError::NotEmpty(_))));
    }
    if let Some(fresh) = postgres {
        fresh.drop().await;
    }
}

#[tokio::test]
async fn a_copy_is_of_one_moment_while_others_write() {
    crate::testing::on_each(|database| async move {
        let folder = tempfile::tempdir().expect("folder");
        let files = Files::local(folder.path()).expect("opens");
        let owner = account(&database).await;
        let writing = {
            let database = database.clone();
            tokio::spawn(async move {
                loop {
                    let record = NewRecord::of(NOW, owner, AuditAction::SignOut);
                    database.journal(&record).await.expect("noted");
                }
            })
        };
        for _ in 0..5 {
            tokio::time::sleep(Duration::from_millis(30)).await;
            let (bytes, _) = archive(&database, &files, None).await;
            let there = House::new();
            restore(there.target(), bytes.as_slice())
                .await
                .expect("restored");
            let copy = Database::open(&there.url).await.expect("opens");
            let chain = copy.verify_audit(None).await.expect("followed");
            assert!(chain.broken.is_none(), "{chain:?}");
        }
        writing.abort();
        let _ = writing.await;
    })
    .await;
}

#[tokio::test]
async fn a_file_that_was_lost_before_is_named_and_the_rest_is_kept() {
    let (house, database) = House::full().await;
    let path = |digest: &Sha256| {
        let name = digest.to_string();
        Path::new(house.url.trim_start_matches("sqlite:"))
            .with_file_name("files")
            .join("sha256")
            .join(&name[..2])
            .join(name)
    };
    let mut named = Vec::new();
    for row in sqlx::query("SELECT sha256 FROM attachment")
        .fetch_all(&database.pool)
        .await
        .expect("asked")
    {
        named.push(Sha256::try_from(row.get::<String, _>("sha256")).expect("digest"));
    }
    std::fs::remove_file(path(&named[0])).expect("removed");
    std::fs::write(path(&named[1]), b"khac").expect("overwritten");
    let (bytes, contents) = archive(&database, &house.files, None).await;
    let mut lost = contents.lost.clone();
    lost.sort_unstable_by_key(|digest| digest.0);
    named.truncate(2);
    named.sort_unstable_by_key(|digest| digest.0);
    assert_eq!(lost, named);
    verify(bytes.as_slice(), None)
        .await
        .expect("the archive itself is whole");
    let there = House::new();
    let restored = restore(there.target(), bytes.as_slice())
        .await
        .expect("restored");
    assert_eq!(restored.files, 1);
}

#[tokio::test]
async fn a_copy_of_an_older_schema_is_brought_up_to_date_and_one_of_a_newer_is_refused() {
    let house = House::new();
    let database = Database::connect(&house.url, true).await.expect("SQLite");
    let old = MIGRATIONS.iter().filter(|step| step.version <= 12).cloned();
    let old = sqlx::migrate::Migrator::with_migrations(old.collect());
    old.run(&database.pool).await.expect("migrated");
    sqlx::query("INSERT INTO account (id, user_name, password, role, name, person) VALUES ($1, 'a', '', 'citizen', 'A', $2)")
        .bind(Uuid::new_v4().to_string())
        .bind(serde_json::to_string(&contract::session::Person::default()).expect("text"))
        .execute(&database.pool)
        .await
        .expect("added");
    let (bytes, _) = archive(&database, &house.files, None).await;
    let there = House::new();
    restore(there.target(), bytes.as_slice())
        .await
        .expect("restored");
    let restored = Database::open(&there.url).await.expect("opens");
    restored
        .account_by_name("a")
        .await
        .expect("there, with the columns of today");

    let mut head = verify(bytes.as_slice(), None).await.expect("whole").0;
    head.migrations.push(9999);
    let mut newer = Vec::new();
    let mut out = piece::Writer::begin(&mut newer, None).await.expect("begun");
    out.piece(&piece::Piece::Head(head)).await.expect("written");
    out.end().await.expect("written");
    let nowhere = House::new();
    let refused = restore(nowhere.target(), newer.as_slice()).await;
    assert!(matches!(refused, Err(BackupError::Newer(9999))));
    assert!(
        Database::open_as_is(&nowhere.url).await.is_err(),
        "nothing was made"
    );
}
