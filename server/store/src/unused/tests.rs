//! What is referred to stays, what is not goes, and who puts the same bytes in that moment has them.

use super::*;
use crate::dossier::tests::submitted;
use crate::testing::s3::S3;
use crate::testing::{account, on_each};
use futures_util::TryStreamExt as _;
use std::time::{Duration, SystemTime};
use uuid::Uuid;

const OLD: Timestamp = Timestamp(1_000);
const LATER: Timestamp = Timestamp(2_000);

/// A folder beside SQLite, a bucket beside PostgreSQL; both are there for as long as the first value lives.
async fn store(database: &Database) -> ((tempfile::TempDir, Option<S3>), Files) {
    let folder = tempfile::tempdir().expect("folder");
    if database.is_sqlite() {
        let files = Files::local(folder.path()).expect("opens");
        return ((folder, None), files);
    }
    let server = S3::start(folder.path()).await;
    let place = crate::files::tests::bucket(&server);
    let files = Files::at(&crate::Place::S3(place)).expect("opens");
    ((folder, Some(server)), files)
}

/// One row of every kind that refers to a file, and how the reference ends.
const KINDS: [(&str, &str); 6] = [
    (
        "INSERT INTO attachment (dossier_id, id, sha256, size, verdict) VALUES ($2, 'x', $3, 1, 'valid')",
        "DELETE FROM attachment WHERE id = 'x'",
    ),
    (
        "INSERT INTO kept (account_id, sha256, file_name, size, verdict, signings, on_purpose, hidden, kept_at) VALUES ($1, $3, 'a.pdf', 1, 'valid', '[]', 1, 0, 1)",
        "DELETE FROM kept",
    ),
    (
        "INSERT INTO result_file (dossier_id, id, file_name, sha256, size, verdict, added_at, added_by) VALUES ($2, 'x', 'a.pdf', $3, 1, 'valid', 1, 'x')",
        "DELETE FROM result_file",
    ),
    (
        "INSERT INTO receipt (dossier_id, sha256, sealed, made_at) VALUES ($2, $3, 0, 1)",
        "DELETE FROM receipt",
    ),
    (
        "INSERT INTO slip (dossier_id, id, form, number, at, due_at, sha256, size, unsealed, place, hands, made_at) VALUES ($2, 'x', 'reception', 1, 1, 0, $3, 1, 1, '[]', '{}', 1)",
        "DELETE FROM slip",
    ),
    (
        "INSERT INTO upload (account_id, sha256, size, received, whole, updated_at) VALUES ($1, $3, 1, 1, 1, 1)",
        "DELETE FROM upload",
    ),
];

#[tokio::test]
async fn a_file_stays_while_anything_refers_to_it_and_while_its_claim_is_young() {
    on_each(|database| async move {
        let (_folder, files) = store(&database).await;
        let owner = account(&database).await;
        let dossier = submitted(&database, owner).await;
        assert_eq!(KINDS.len(), REFERENCES.len(), "every kind is tried");
        for (insert, end) in KINDS {
            let bytes = insert.as_bytes().to_vec();
            let digest = files.put(bytes.clone(), &database, OLD).await.expect("put");
            sqlx::query(insert)
                .bind(owner.to_string())
                .bind(dossier.to_string())
                .bind(digest.to_string())
                .execute(&database.pool)
                .await
                .expect(insert);
            assert_eq!(database.unused_files(&[digest]).await.expect("asked"), []);
            let deleted = database.delete_unused(&files, &digest, LATER).await;
            assert!(!deleted.expect("asked"), "{insert}");
            assert_eq!(files.get(&digest).await.expect(insert), bytes);

            sqlx::query(end).execute(&database.pool).await.expect(end);
            let unused = database.unused_files(&[digest]).await.expect("asked");
            assert_eq!(unused, [digest]);
            // Claimed in the moment that is looked at, or after: whoever put it is about to refer to it.
            let young = database.delete_unused(&files, &digest, OLD).await;
            assert!(!young.expect("asked"));
            let deleted = database.delete_unused(&files, &digest, LATER).await;
            assert!(deleted.expect("deleted"), "{end}");
            let gone = files.get(&digest).await;
            assert!(matches!(gone, Err(FileError::NotFound)));
        }
    })
    .await;
}

#[tokio::test]
async fn who_only_announced_a_digest_keeps_nobodys_file() {
    on_each(|database| async move {
        let (_folder, files) = store(&database).await;
        let curious = account(&database).await;
        let digest = files.put(b"nguoi khac".to_vec(), &database, OLD).await.expect("put");
        for announced in [
            "INSERT INTO kept (account_id, sha256, file_name, size, signings, on_purpose, hidden, kept_at) VALUES ($1, $2, 'a.pdf', 1, '[]', 1, 0, 1)",
            "INSERT INTO upload (account_id, sha256, size, received, whole, updated_at) VALUES ($1, $2, 10, 0, 0, 1)",
        ] {
            sqlx::query(announced)
                .bind(curious.to_string())
                .bind(digest.to_string())
                .execute(&database.pool)
                .await
                .expect("announced");
        }
        let deleted = database.delete_unused(&files, &digest, LATER).await;
        assert!(deleted.expect("deleted"));
    })
    .await;
}

/// A table that is added and names files would be forgotten by nobody's eye.
#[tokio::test]
async fn every_column_that_names_a_file_is_looked_at() {
    let file = tempfile::NamedTempFile::new().expect("file");
    let database = Database::open_file(file.path()).await.expect("SQLite");
    let named = sqlx::query(
        "SELECT m.name AS name FROM sqlite_master m JOIN pragma_table_info(m.name) c ON c.name = 'sha256' WHERE m.type = 'table'",
    )
    .fetch_all(&database.pool)
    .await
    .expect("schema");
    let named: BTreeSet<String> = named.iter().map(|row| row.get("name")).collect();
    // The claim itself, and pieces of uploads that are no files yet.
    let known = REFERENCES.iter().map(|(table, _)| *table);
    let known = known.chain(["file_claim", "upload_part"]);
    assert_eq!(named, known.map(str::to_owned).collect());
}

/// The same bytes are put while they are deleted: whoever comes first, the file is there afterwards.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_puts_bytes_that_are_being_deleted_has_them_afterwards() {
    on_each(|database| async move {
        let (_folder, files) = store(&database).await;
        let mut deleted_first = 0;
        for round in 0..40_u8 {
            let bytes = vec![round; 100];
            let digest = files.put(bytes.clone(), &database, OLD).await.expect("put");
            let put = {
                let (files, database, bytes) = (files.clone(), database.clone(), bytes.clone());
                tokio::spawn(async move { files.put(bytes, &database, LATER).await })
            };
            let deleted = {
                let (files, database) = (files.clone(), database.clone());
                tokio::spawn(async move { database.delete_unused(&files, &digest, LATER).await })
            };
            put.await.expect("ran").expect("put");
            deleted_first += u32::from(deleted.await.expect("ran").expect("asked"));
            assert_eq!(files.get(&digest).await.expect("there"), bytes);
        }
        println!("{deleted_first} of 40 were deleted before they came again");
    })
    .await;
}

#[tokio::test]
async fn old_files_are_listed_folder_by_folder_in_batches() {
    let file = tempfile::NamedTempFile::new().expect("file");
    let database = Database::open_file(file.path()).await.expect("SQLite");
    let (_folder, files) = store(&database).await;
    let mut put = BTreeSet::new();
    for number in 0..600_u32 {
        let bytes = number.to_le_bytes().to_vec();
        put.insert(files.put(bytes, &database, OLD).await.expect("put"));
    }
    let upload = crate::Upload {
        account: Uuid::new_v4(),
        sha256: Sha256([1; 32]),
        size: 1,
        received: 0,
        whole: false,
    };
    files.put_part(&upload, vec![1]).await.expect("put");
    let later = SystemTime::now() + Duration::from_secs(60);
    let mut found = BTreeSet::new();
    for folder in 0..=255 {
        let batches: Vec<_> = files
            .old(folder, later, 2)
            .try_collect()
            .await
            .expect("listed");
        assert!(batches.iter().all(|batch| batch.len() <= 2));
        found.extend(batches.into_iter().flatten());
        let none: Vec<_> = files
            .old(folder, SystemTime::UNIX_EPOCH, 2)
            .try_collect()
            .await
            .expect("listed");
        assert!(none.is_empty());
    }
    assert_eq!(found, put, "no upload among them");
}
