//! Putting a copy into an empty place. While it lasts a table says so, and a portal does not open such a database.

use super::piece::{FileHead, Piece, Reader};
use super::rows::{self, Sum};
use super::schema::{self, Column, Table};
use super::verify::{Counted, agree, head, lines_of};
use super::{BackupError, Contents, Head, TableSum};
use crate::database::{Database, MIGRATIONS, StoreError};
use crate::files::{FileError, Files};
use crate::keys::Keys;
use crate::vault::Vault;
use futures_util::TryStreamExt as _;
use sqlx::migrate::Migrator;
use sqlx::{Any, AssertSqlSafe, Transaction};
use tokio::io::AsyncRead;

/// There for as long as a copy is not whole.
const MARK: &str = "restore_incomplete";
/// Values bound in one statement: fewer than any of the two databases takes.
const VALUES_MAX: usize = 900;

/// Where a copy is put.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// Address of the database; SQLite's file is made.
    pub database_url: &'a str,
    /// Where its files go; without it they are left out.
    pub files: Option<&'a Files>,
    /// Opens an encrypted copy, and encrypts files with the keys that come with the rows.
    pub keys: Option<&'a Keys>,
}

/// A portal opens no database that a copy was put into and not to its end.
pub(crate) async fn refuse_incomplete(database: &Database) -> Result<(), StoreError> {
    let mut connection = database.pool.acquire().await?;
    if schema::has_table(&mut connection, database.is_sqlite(), MARK).await? {
        return Err(StoreError::Incomplete);
    }
    Ok(())
}

/// Puts a copy into an empty database and an empty file store, and checks that everything arrived. What an earlier try left behind is
/// taken away first.
///
/// # Errors
/// When something is there already, when the copy is damaged, or when a store fails. Then the database says that it is incomplete.
pub async fn restore<R: AsyncRead + Unpin + Send>(
    target: Target<'_>,
    input: R,
) -> Result<Contents, BackupError> {
    let mut input = Reader::begin(input, target.keys).await?;
    let head = head(&mut input).await?;
    let steps = steps(&head)?;
    let database = Database::connect(target.database_url, true).await?;
    let again = empty(&database).await?;
    if let Some(files) = target.files.filter(|_| head.with_files && !again) {
        let empty = files.is_empty().await;
        if !empty.map_err(|error| BackupError::File("store".to_owned(), error))? {
            return Err(BackupError::NotEmpty("the file store"));
        }
    }
    let mark = format!("CREATE TABLE IF NOT EXISTS {MARK} (began_at BIGINT NOT NULL)");
    sqlx::query(AssertSqlSafe(mark))
        .execute(&database.pool)
        .await?;
    steps.run(&database.pool).await.map_err(StoreError::from)?;

    let mut found = Contents::default();
    let told = rows_and_files(&database, target, &mut input, &mut found).await?;
    agree(&told, &found).map_err(|()| input.damaged())?;
    input.end().await?;
    same(&database, &told.tables).await?;
    MIGRATIONS
        .run(&database.pool)
        .await
        .map_err(StoreError::from)?;
    sqlx::query(AssertSqlSafe(format!("DROP TABLE {MARK}")))
        .execute(&database.pool)
        .await?;
    database.pool.close().await;
    Ok(told)
}

/// The migrations that the copied database had: rows fit no other schema. What came later is done to them afterwards.
fn steps(head: &Head) -> Result<Migrator, BackupError> {
    let known = |version: &i64| MIGRATIONS.version_exists(*version);
    if let Some(unknown) = head.migrations.iter().find(|version| !known(version)) {
        return Err(BackupError::Newer(*unknown));
    }
    let had = MIGRATIONS
        .iter()
        .filter(|step| head.migrations.contains(&step.version))
        .cloned();
    Ok(Migrator::with_migrations(had.collect()))
}

/// Sees to it that the database is empty; whether an earlier try left something, which is gone now.
async fn empty(database: &Database) -> Result<bool, BackupError> {
    let mut connection = database.pool.acquire().await?;
    let tables = schema::tables(&mut connection, database.is_sqlite()).await?;
    if tables.is_empty() && schema::migrations(&mut connection).await.is_err() {
        return Ok(false);
    }
    if !tables.iter().any(|table| table.name == MARK) {
        return Err(BackupError::NotEmpty("the database"));
    }
    // The mark goes last, so that a try that ends here leaves it.
    let others = tables.iter().rev().filter(|table| table.name != MARK);
    let names = others.map(|table| table.name.as_str());
    for name in names.chain(["_sqlx_migrations"]) {
        sqlx::query(AssertSqlSafe(format!("DROP TABLE IF EXISTS \"{name}\"")))
            .execute(&mut *connection)
            .await?;
    }
    Ok(true)
}

async fn rows_and_files<R: AsyncRead + Unpin>(
    database: &Database,
    target: Target<'_>,
    input: &mut Reader<R>,
    found: &mut Contents,
) -> Result<Contents, BackupError> {
    let mut write = database.write().await?;
    let mut tables = schema::tables(&mut write, database.is_sqlite()).await?;
    tables.retain(|table| table.name != MARK);
    // Some migrations write first rows; the copy has them as they are now.
    for table in tables.iter().rev() {
        sqlx::query(AssertSqlSafe(format!("DELETE FROM \"{}\"", table.name)))
            .execute(&mut *write)
            .await?;
    }
    let mut next = input.piece().await?;
    while let Piece::Table(head) = next {
        let place = tables.iter().position(|table| table.name == head.name);
        let table = place.map(|place| tables.remove(place));
        let fits = table.is_some_and(|table| table.columns == head.columns);
        if !fits {
            return Err(BackupError::Differs(format!("table {}", head.name)));
        }
        let sum = fill(&mut write, &head.name, &head.columns, input).await?;
        found.tables.push(sum);
        next = input.piece().await?;
    }
    if let Some(left) = tables.first() {
        return Err(BackupError::Differs(format!("table {}", left.name)));
    }
    write.commit().await?;
    let files = sealed(database, target).await?;
    loop {
        match next {
            Piece::File(head) => file(files.as_ref(), head, input, found).await?,
            Piece::End(told) => return Ok(told),
            _ => return Err(input.damaged()),
        }
        next = input.piece().await?;
    }
}

/// The file store, sealed with the keys that came with the rows.
async fn sealed(database: &Database, target: Target<'_>) -> Result<Option<Files>, BackupError> {
    let Some(files) = target.files.cloned() else {
        return Ok(None);
    };
    let mut connection = database.pool.acquire().await?;
    let tables = schema::tables(&mut connection, database.is_sqlite()).await?;
    drop(connection);
    let keys = target
        .keys
        .filter(|_| tables.iter().any(|table| table.name == "store_key"));
    let vault = match keys {
        Some(keys) => Vault::open_as_is(database, keys.clone()).await?,
        None => None,
    };
    Ok(Some(files.sealed_by(vault)))
}

/// Adds a table's rows.
async fn fill<R: AsyncRead + Unpin>(
    write: &mut Transaction<'static, Any>,
    name: &str,
    columns: &[Column],
    input: &mut Reader<R>,
) -> Result<TableSum, BackupError> {
    let at_once = (VALUES_MAX / columns.len().max(1)).max(1);
    let mut counted = Counted::of(name.to_owned());
    loop {
        match input.piece().await? {
            Piece::Rows(piece) => {
                let lines: Vec<&[u8]> = lines_of(&piece).collect();
                for some in lines.chunks(at_once) {
                    let insert = rows::insert(name, columns, some.len());
                    let mut query = sqlx::query(AssertSqlSafe(insert));
                    for line in some {
                        counted.add(line);
                        query = rows::bind(query, line, columns)?;
                    }
                    query.execute(&mut **write).await?;
                }
            }
            Piece::TableEnd(told) => {
                let sum = counted.sum();
                if sum != told {
                    return Err(input.damaged());
                }
                return Ok(sum);
            }
            _ => return Err(input.damaged()),
        }
    }
}

/// Puts a file in its place, if its bytes are the right ones.
async fn file<R: AsyncRead + Unpin>(
    files: Option<&Files>,
    head: FileHead,
    input: &mut Reader<R>,
    found: &mut Contents,
) -> Result<(), BackupError> {
    let name = head.to_string();
    let failed = |error: FileError| BackupError::File(name.clone(), error);
    let mut out = match (files, &head) {
        (None, _) => None,
        (Some(files), FileHead::File(digest)) => Some(files.incoming_file(digest).map_err(failed)?),
        (Some(files), FileHead::Part(name)) => {
            let out = files.incoming_upload_object(name).map_err(failed)?;
            Some(out.ok_or_else(|| input.damaged())?)
        }
    };
    let mut size = 0;
    let whole = loop {
        match input.piece().await {
            Ok(Piece::Bytes(bytes)) => {
                size += u64::try_from(bytes.len()).unwrap_or_default();
                if let Some(out) = &mut out {
                    out.push(&bytes).await.map_err(failed)?;
                }
            }
            Ok(Piece::FileEnd(whole)) => break whole,
            other => {
                if let Some(mut out) = out {
                    out.give_up().await;
                }
                return Err(other.err().unwrap_or_else(|| input.damaged()));
            }
        }
    };
    match head {
        FileHead::File(digest) if whole => {
            let right = match out {
                Some(out) => out.finish(&digest).await.map_err(failed)?,
                None => true,
            };
            if !right {
                return Err(input.damaged());
            }
            found.files += 1;
            found.file_bytes += size;
        }
        FileHead::Part(_) => {
            match out {
                Some(out) if whole => out.finish_unchecked().await.map_err(failed)?,
                Some(mut out) => out.give_up().await,
                None => {}
            }
            found.parts += 1;
        }
        // It was damaged when the copy was made, and is named among the lost ones.
        FileHead::File(_) => {
            if let Some(mut out) = out {
                out.give_up().await;
            }
        }
    }
    Ok(())
}

/// Whether the database has what the copy tells, read back from it.
async fn same(database: &Database, told: &[TableSum]) -> Result<(), BackupError> {
    let found = sums(database).await?;
    for table in told {
        if !found.contains(table) {
            return Err(BackupError::Differs(format!("table {}", table.name)));
        }
    }
    if found.len() != told.len() {
        return Err(BackupError::Differs("the list of tables".to_owned()));
    }
    Ok(())
}

/// Counts and adds up every table.
pub(super) async fn sums(database: &Database) -> Result<Vec<TableSum>, StoreError> {
    let mut connection = database.pool.acquire().await?;
    let tables = schema::tables(&mut connection, database.is_sqlite()).await?;
    let mut sums = Vec::new();
    for table in tables.iter().filter(|table| table.name != MARK) {
        sums.push(sum(&mut connection, table).await?);
    }
    Ok(sums)
}

async fn sum(connection: &mut sqlx::AnyConnection, table: &Table) -> Result<TableSum, StoreError> {
    let select = AssertSqlSafe(rows::select(table));
    let mut found = sqlx::query(select).fetch(&mut *connection);
    let (mut count, mut sum) = (0, Sum::default());
    while let Some(row) = found.try_next().await? {
        sum.add(&rows::encode(&row, &table.columns)?);
        count += 1;
    }
    Ok(TableSum {
        name: table.name.clone(),
        rows: count,
        sum: sum.to_string(),
    })
}
