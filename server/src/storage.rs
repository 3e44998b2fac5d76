//! `server backup`, `restore`, `migrate`: the portal's data as one file, back into an empty place, or into another database; `server
//! keys`: the keys it is encrypted with.

use crate::config::{Storage, StorageSettings};
use crate::state::now;
use anyhow::{Context as _, Result, bail, ensure};
use futures_util::TryStreamExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;
use store::backup::{self, Contents, Source, Target};
use store::{Database, FileError, Files, Keys, KeysInUse, Place, Vault};

fn resolved(settings: StorageSettings) -> Result<Storage> {
    settings.resolve().map_err(|wrong| told(&wrong))
}

fn told(wrong: &[String]) -> anyhow::Error {
    let lines: Vec<String> = wrong
        .iter()
        .map(|error| format!("configuration: {error}"))
        .collect();
    anyhow::anyhow!(lines.join("\n"))
}

/// The store's keys, where an operator gave his. What is encrypted is not opened without them: a portal that could not show its files
/// must not start.
pub(crate) async fn vault(database: &Database, keys: Option<&Keys>) -> Result<Option<Vault>> {
    if let Some(keys) = keys {
        return Ok(Some(Vault::open(database, keys.clone(), now()).await?));
    }
    unneeded(&database.keys_in_use().await?)?;
    Ok(None)
}

fn unneeded(used: &KeysInUse) -> Result<()> {
    let names: Vec<&str> = used.keys().map(String::as_str).collect();
    ensure!(
        names.is_empty(),
        "stored data is encrypted: PORTAL_KEK has to have the key {}",
        names.join(", ")
    );
    Ok(())
}

/// The file store as it is: nothing is made for it.
async fn files(place: &Place, database: &Database, keys: Option<&Keys>) -> Result<Files> {
    let files = Files::at(place).with_context(|| place.to_string())?;
    let vault = match keys {
        Some(keys) => Vault::open_as_is(database, keys.clone()).await?,
        None => {
            // A database of before there were keys has no table of them.
            unneeded(&database.keys_in_use().await.unwrap_or_default())?;
            None
        }
    };
    Ok(files.sealed_by(vault))
}

/// Tables, rows and sums, as lines that two runs can be compared by.
fn tell(contents: &Contents) {
    for table in &contents.tables {
        println!("{} {} {}", table.name, table.rows, table.sum);
    }
    println!(
        "{} tables, {} rows, {} files, {} bytes of files, {} pieces of uploads under way",
        contents.tables.len(),
        contents.rows(),
        contents.files,
        contents.file_bytes,
        contents.parts
    );
}

/// The exit status: 1 when files are lost.
fn lost(contents: &Contents) -> ExitCode {
    for digest in &contents.lost {
        eprintln!("lost: the database names the file {digest}, and it is missing or damaged");
    }
    ExitCode::from(u8::from(!contents.lost.is_empty()))
}

/// Writes a copy of the database and all files that it names. The portal may run meanwhile.
///
/// # Errors
/// When it cannot be written whole; then no file of that name is there.
pub async fn back_up(settings: StorageSettings, out: &Path) -> Result<ExitCode> {
    let storage = resolved(settings)?;
    ensure!(!out.exists(), "{} is there already", out.display());
    let database = Database::open_as_is(&storage.database_url).await?;
    let files = files(&storage.files, &database, storage.keys.as_ref()).await?;
    let source = Source {
        database: &database,
        files: Some(&files),
        keys: storage.keys.as_ref(),
        now: now(),
    };
    // Its name says that it is not whole until it is.
    let mut part = out.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let file = private(&part)
        .await
        .with_context(|| part.display().to_string())?;
    let contents = backup::write(source, file.try_clone().await?).await;
    let contents = match contents {
        Ok(contents) => contents,
        Err(error) => {
            let _ = tokio::fs::remove_file(&part).await;
            return Err(error.into());
        }
    };
    file.sync_all().await?;
    tokio::fs::rename(&part, out).await?;
    tell(&contents);
    match &storage.keys {
        Some(keys) => println!(
            "encrypted with the key {}; without it nobody can read this archive",
            keys.newest()
        ),
        None => println!("not encrypted: this archive has people's data as it is"),
    }
    Ok(lost(&contents))
}

/// A new file that only its owner may read.
async fn private(path: &Path) -> std::io::Result<tokio::fs::File> {
    let mut options = tokio::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    options.mode(0o600);
    options.open(path).await
}

/// Reads an archive to its end.
///
/// # Errors
/// What is damaged, and where.
pub async fn verify(file: &Path, tenant: Option<&str>) -> Result<ExitCode> {
    let keys = crate::config::keys_of(tenant).map_err(|wrong| told(&wrong))?;
    let (head, contents) = backup::verify(open(file).await?, keys.as_ref()).await?;
    tell(&contents);
    println!(
        "whole: begun at {} (milliseconds since 1970), {} migrations, from {}",
        head.made_at.0,
        head.migrations.len(),
        if head.sqlite { "SQLite" } else { "PostgreSQL" }
    );
    Ok(lost(&contents))
}

async fn open(file: &Path) -> Result<tokio::fs::File> {
    tokio::fs::File::open(file)
        .await
        .with_context(|| file.display().to_string())
}

/// Puts an archive into an empty database and an empty file store.
///
/// # Errors
/// When something is there already, or the archive is damaged.
pub async fn restore(settings: StorageSettings, file: &Path) -> Result<ExitCode> {
    let storage = resolved(settings)?;
    let archive = open(file).await?;
    let files = Files::at(&storage.files).with_context(|| storage.files.to_string())?;
    let target = Target {
        database_url: &storage.database_url,
        files: Some(&files),
        keys: storage.keys.as_ref(),
    };
    let contents = backup::restore(target, archive).await?;
    tell(&contents);
    println!("restored, read back and compared");
    Ok(lost(&contents))
}

/// Where `server migrate` copies from and to.
#[derive(Debug, Clone, clap::Args)]
pub struct Migration {
    /// Database to copy, `sqlite:FILE` or `postgres://…`. No portal may run on it meanwhile: what it writes after the copy's moment is not in the copy.
    #[arg(long)]
    from: String,
    /// Database to copy into, which is empty.
    #[arg(long)]
    to: String,
    /// Where the files lie, `file:FOLDER` or `s3://BUCKET/PREFIX`, when they are copied as well. Without this they stay where they are.
    #[arg(long, requires = "files_to")]
    files_from: Option<String>,
    /// Where the files go.
    #[arg(long, requires = "files_from")]
    files_to: Option<String>,
    /// The portal's settings file, for how to get to a bucket.
    #[arg(long, env = "PORTAL_CONFIG")]
    config: Option<PathBuf>,
    /// Of the tenants in the settings file, whose data it is: files are reached as its own settings file says.
    #[arg(long)]
    tenant: Option<String>,
}

/// Copies a database into another one.
///
/// # Errors
/// See [`restore`].
pub async fn migrate(migration: Migration) -> Result<ExitCode> {
    if migration.from == migration.to {
        bail!("a database is not copied into itself");
    }
    let place = |at: &Option<String>| {
        let settings = StorageSettings {
            config: migration.config.clone(),
            files: at.clone(),
            tenant: migration.tenant.clone(),
            ..StorageSettings::default()
        };
        settings.located().map_err(|wrong| told(&wrong))
    };
    let database = Database::open_as_is(&migration.from).await?;
    let (mut from, mut to, mut keys) = (None, None, None);
    if migration.files_from.is_some() {
        let storage = place(&migration.files_from)?;
        from = Some(files(&storage.files, &database, storage.keys.as_ref()).await?);
        to = Some(Files::at(&place(&migration.files_to)?.files)?);
        keys = storage.keys;
    }
    let stores = from.as_ref().zip(to.as_ref());
    let contents = backup::migrate(&database, stores, &migration.to, keys.as_ref(), now()).await?;
    tell(&contents);
    println!("migrated, read back and compared");
    Ok(lost(&contents))
}

/// `server keys`.
#[derive(Debug, Clone, Copy, clap::Subcommand)]
pub enum KeysCommand {
    /// Tell which keys of an operator are needed.
    Show,
    /// Seal the store's keys with the first key of `PORTAL_KEK`, and make a fresh one for what is stored from now on. No file is
    /// written anew; afterwards the other keys of `PORTAL_KEK` are not needed any more.
    Rotate,
    /// Encrypt the files that lie there as they were sent. The portal may run meanwhile, with the same `PORTAL_KEK`.
    Encrypt,
}

/// Does it.
///
/// # Errors
/// When a key is missing, or a store fails.
pub async fn keys(settings: StorageSettings, command: KeysCommand) -> Result<ExitCode> {
    let storage = resolved(settings)?;
    let database = Database::open(&storage.database_url).await?;
    if !matches!(command, KeysCommand::Show) {
        let keys = storage.keys.context("PORTAL_KEK is not set")?;
        let vault = Vault::open(&database, keys, now()).await?;
        match command {
            KeysCommand::Rotate => {
                let done = vault.rotate(now()).await?;
                vault.add_key(now()).await?;
                println!("{done} keys of the store were sealed anew, and a fresh one was made");
            }
            _ => {
                let files = Files::at(&storage.files)?.sealed_by(Some(vault));
                return encrypt(&files).await;
            }
        }
    }
    for (name, count) in database.keys_in_use().await? {
        println!("{name}: needed for {count} keys of the store");
    }
    Ok(ExitCode::SUCCESS)
}

async fn encrypt(files: &Files) -> Result<ExitCode> {
    let (mut done, mut were, mut failed) = (0_u64, 0_u64, 0_u64);
    for folder in 0..=u8::MAX {
        let all = files.old(folder, SystemTime::now(), 100);
        let mut all = std::pin::pin!(all);
        while let Some(some) = all.try_next().await? {
            for digest in some {
                match files.seal_file(&digest).await {
                    Ok(true) => done += 1,
                    Ok(false) => were += 1,
                    // Swept a moment ago.
                    Err(FileError::NotFound) => {}
                    Err(error) => {
                        eprintln!("{digest}: {error}");
                        failed += 1;
                    }
                }
            }
        }
    }
    println!("{done} files were encrypted, {were} were already, {failed} could not be");
    Ok(ExitCode::from(u8::from(failed > 0)))
}
