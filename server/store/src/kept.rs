//! The personal document store: rows of what was kept or noted, joined with what submitted dossiers hold.

use crate::database::{Database, StoreError, as_word, uuid, word};
use contract::dossier::DossierManifest;
use contract::kept::{KeepFile, KeptFile, KeptUse};
use contract::validation::Verdict;
use contract::value::{DossierCode, FileName, Sha256, Timestamp};
use sqlx::Row as _;
use sqlx::any::AnyRow;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Most files a person keeps on purpose.
pub const KEPT_FILES_MAX: i64 = 500;
/// What was announced and never sent takes room for so long, in milliseconds: nobody sees it to delete it.
const AWAITED_MS: i64 = 24 * 3600 * 1000;

/// A file to be kept.
#[derive(Debug, Clone)]
pub struct NewKept<'a> {
    /// Whose.
    pub account: Uuid,
    /// Digest of its bytes.
    pub sha256: Sha256,
    /// What is said of it.
    pub keep: &'a KeepFile,
    /// Most bytes of all files kept on purpose.
    pub quota_bytes: u64,
    /// When.
    pub now: Timestamp,
}

/// A row as it is stored.
struct Row {
    file: KeptFile,
    arrived: bool,
    hidden: bool,
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn digest(text: String) -> Result<Sha256, StoreError> {
    text.try_into().map_err(|_| StoreError::Malformed("digest"))
}

fn row(row: &AnyRow) -> Result<Row, StoreError> {
    let verdict: Option<String> = row.try_get("verdict")?;
    let signed_as: Option<String> = row.try_get("signed_as")?;
    let name: FileName = row
        .try_get::<String, _>("file_name")?
        .parse()
        .map_err(|_| StoreError::Malformed("file name"))?;
    Ok(Row {
        arrived: verdict.is_some(),
        hidden: row.try_get::<i64, _>("hidden")? == 1,
        file: KeptFile {
            sha256: digest(row.try_get("sha256")?)?,
            file_name: name,
            size: u64::try_from(row.try_get::<i64, _>("size")?).unwrap_or(0),
            kept_at: Timestamp(row.try_get("kept_at")?),
            verdict: verdict.map_or(Ok(Verdict::Unsigned), word)?,
            expires_on: row.try_get("expires_on")?,
            on_purpose: row.try_get::<i64, _>("on_purpose")? == 1,
            signings: serde_json::from_str(&row.try_get::<String, _>("signings")?)?,
            signed_as: signed_as.as_deref().map(uuid).transpose()?,
            used_in: Vec::new(),
        },
    })
}

impl Database {
    /// Everything in a person's store, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn kept(&self, account: Uuid) -> Result<Vec<KeptFile>, StoreError> {
        let mut noted = BTreeMap::new();
        for stored in sqlx::query("SELECT * FROM kept WHERE account_id = $1")
            .bind(account.to_string())
            .fetch_all(&self.pool)
            .await?
        {
            let found = row(&stored)?;
            noted.insert(found.file.sha256, found);
        }
        let mut files: BTreeMap<Sha256, KeptFile> = noted
            .iter()
            .filter(|(_, row)| row.arrived && row.file.on_purpose)
            .map(|(digest, row)| (*digest, row.file.clone()))
            .collect();
        let submitted = sqlx::query(
            "SELECT d.id, d.code, d.procedure_name, d.submitted_at, d.manifest, a.id AS attachment, a.sha256, a.size, a.verdict \
             FROM dossier d JOIN attachment a ON a.dossier_id = d.id \
             WHERE d.account_id = $1 AND d.submitted_at IS NOT NULL ORDER BY d.submitted_at DESC, d.id",
        )
        .bind(account.to_string())
        .fetch_all(&self.pool)
        .await?;
        // The lines of a dossier follow each other: its manifest is read once.
        let mut manifest: Option<(Uuid, DossierManifest)> = None;
        for line in &submitted {
            let digest = digest(line.try_get("sha256")?)?;
            let known = noted.get(&digest);
            if known.is_some_and(|row| row.hidden) {
                continue;
            }
            let used = used(line)?;
            let file = match files.entry(digest) {
                std::collections::btree_map::Entry::Occupied(found) => found.into_mut(),
                std::collections::btree_map::Entry::Vacant(place) => {
                    let read = match manifest.take().filter(|(of, _)| *of == used.dossier) {
                        Some(read) => read,
                        None => {
                            let text: String = line.try_get("manifest")?;
                            (used.dossier, serde_json::from_str(&text)?)
                        }
                    };
                    let (_, told) = manifest.insert(read);
                    let Some(mut file) = submitted_file(line, told, digest, used.submitted_at)?
                    else {
                        continue;
                    };
                    if let Some(row) = known {
                        file.file_name = row.file.file_name.clone();
                        file.expires_on.clone_from(&row.file.expires_on);
                    }
                    place.insert(file)
                }
            };
            if file
                .used_in
                .iter()
                .all(|known| known.dossier != used.dossier)
            {
                file.kept_at = file.kept_at.max(used.submitted_at);
                file.used_in.push(used);
            }
        }
        let mut files: Vec<KeptFile> = files.into_values().collect();
        files.sort_by_key(|file| (std::cmp::Reverse(file.kept_at), file.sha256));
        Ok(files)
    }

    /// Whether these bytes are the person's: kept, or in a dossier that was submitted. Who only knows a digest gets nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn owns_file(&self, account: Uuid, digest: &Sha256) -> Result<bool, StoreError> {
        let found: i64 = sqlx::query(
            "SELECT (SELECT COUNT(*) FROM kept WHERE account_id = $1 AND sha256 = $2 AND verdict IS NOT NULL AND hidden = 0) \
             + (SELECT COUNT(*) FROM attachment a JOIN dossier d ON d.id = a.dossier_id \
                WHERE d.account_id = $1 AND a.sha256 = $2 AND d.submitted_at IS NOT NULL) AS found",
        )
        .bind(account.to_string())
        .bind(digest.to_string())
        .fetch_one(&self.pool)
        .await?
        .try_get("found")?;
        Ok(found > 0)
    }

    /// Notes that a file is kept, or what is said of one that is; whether its bytes are still missing.
    ///
    /// # Errors
    /// [`StoreError::TooMany`] when the store is full.
    pub async fn keep_file(&self, new: &NewKept<'_>) -> Result<bool, StoreError> {
        let (account, sha256) = (new.account.to_string(), new.sha256.to_string());
        let mut write = self.write().await?;
        let before = sqlx::query("SELECT * FROM kept WHERE account_id = $1 AND sha256 = $2")
            .bind(&account)
            .bind(&sha256)
            .fetch_optional(&mut *write)
            .await?;
        let before = before.as_ref().map(row).transpose()?;
        let held = sqlx::query(
            "SELECT a.verdict, a.size FROM attachment a JOIN dossier d ON d.id = a.dossier_id \
             WHERE d.account_id = $1 AND a.sha256 = $2 AND d.submitted_at IS NOT NULL",
        )
        .bind(&account)
        .bind(&sha256)
        .fetch_optional(&mut *write)
        .await?
        .map(|line| Ok::<_, StoreError>((line.try_get("verdict")?, line.try_get("size")?)))
        .transpose()?;
        sqlx::query(
            "DELETE FROM kept WHERE account_id = $1 AND verdict IS NULL AND hidden = 0 AND kept_at < $2",
        )
        .bind(&account)
        .bind(new.now.0 - AWAITED_MS)
        .execute(&mut *write)
        .await?;
        let all = sqlx::query(
            "SELECT COUNT(*) AS files, CAST(COALESCE(SUM(size), 0) AS BIGINT) AS bytes FROM kept \
             WHERE account_id = $1 AND on_purpose = 1 AND sha256 <> $2",
        )
        .bind(&account)
        .bind(&sha256)
        .fetch_one(&mut *write)
        .await?;
        let kept = before.filter(|row| row.arrived && !row.hidden);
        let known: Option<(String, i64)> = match &kept {
            Some(row) => Some((as_word(&row.file.verdict)?, signed(row.file.size))),
            None => held,
        };
        // Of bytes that are here the length is known; what is said of it now is not asked.
        let (verdict, size) = known.map_or((None, signed(new.keep.size)), |(verdict, size)| {
            (Some(verdict), size)
        });
        let quota = signed(new.quota_bytes);
        if all.try_get::<i64, _>("files")? >= KEPT_FILES_MAX
            || all.try_get::<i64, _>("bytes")?.saturating_add(size) > quota
        {
            return Err(StoreError::TooMany);
        }
        let missing = verdict.is_none();
        sqlx::query("DELETE FROM kept WHERE account_id = $1 AND sha256 = $2")
            .bind(&account)
            .bind(&sha256)
            .execute(&mut *write)
            .await?;
        sqlx::query(
            "INSERT INTO kept (account_id, sha256, file_name, size, verdict, expires_on, signings, signed_as, on_purpose, hidden, kept_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, 0, $9)",
        )
        .bind(account)
        .bind(sha256)
        .bind(new.keep.file_name.as_str())
        .bind(size)
        .bind(verdict)
        .bind(new.keep.expires_on.clone())
        .bind(serde_json::to_string(&new.keep.signings)?)
        .bind(new.keep.signed_as.map(|id| id.to_string()))
        .bind(kept.map_or(new.now, |row| row.file.kept_at).0)
        .execute(&mut *write)
        .await?;
        write.commit().await?;
        Ok(missing)
    }

    /// A kept file's announced size in bytes, and whether its bytes are here already.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it was not announced.
    pub async fn kept_awaited(
        &self,
        account: Uuid,
        digest: &Sha256,
    ) -> Result<(u64, bool), StoreError> {
        let row = sqlx::query(
            "SELECT size, verdict FROM kept WHERE account_id = $1 AND sha256 = $2 AND hidden = 0",
        )
        .bind(account.to_string())
        .bind(digest.to_string())
        .fetch_optional(&self.pool)
        .await?
        .ok_or(StoreError::NotFound)?;
        let size = u64::try_from(row.try_get::<i64, _>("size")?).unwrap_or(0);
        let is_here = row.try_get::<Option<String>, _>("verdict")?.is_some();
        Ok((size, is_here))
    }

    /// The bytes of a kept file are here.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when it was taken away meanwhile.
    pub async fn kept_arrived(
        &self,
        account: Uuid,
        digest: &Sha256,
        verdict: Verdict,
    ) -> Result<(), StoreError> {
        let changed = sqlx::query(
            "UPDATE kept SET verdict = $1 WHERE account_id = $2 AND sha256 = $3 AND hidden = 0",
        )
        .bind(as_word(&verdict)?)
        .bind(account.to_string())
        .bind(digest.to_string())
        .execute(&self.pool)
        .await?;
        crate::database::one(&changed, StoreError::NotFound)
    }

    /// Takes a file out of the store. Dossiers keep theirs, so the row stays as a note that it is not to be shown.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_kept(
        &self,
        account: Uuid,
        digest: &Sha256,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        sqlx::query("DELETE FROM kept WHERE account_id = $1 AND sha256 = $2")
            .bind(account.to_string())
            .bind(digest.to_string())
            .execute(&mut *write)
            .await?;
        sqlx::query(
            "INSERT INTO kept (account_id, sha256, file_name, size, verdict, expires_on, signings, signed_as, on_purpose, hidden, kept_at) \
             SELECT $1, $2, 'an', 0, NULL, NULL, '[]', NULL, 0, 1, $3 FROM account WHERE id = $1 AND EXISTS \
             (SELECT 1 FROM attachment a JOIN dossier d ON d.id = a.dossier_id WHERE d.account_id = $1 AND a.sha256 = $2)",
        )
        .bind(account.to_string())
        .bind(digest.to_string())
        .bind(now.0)
        .execute(&mut *write)
        .await?;
        write.commit().await?;
        Ok(())
    }
}

fn used(line: &AnyRow) -> Result<KeptUse, StoreError> {
    let code: DossierCode = line
        .try_get::<String, _>("code")?
        .parse()
        .map_err(|_| StoreError::Malformed("code"))?;
    Ok(KeptUse {
        dossier: uuid(&line.try_get::<String, _>("id")?)?,
        code,
        procedure_name: line.try_get("procedure_name")?,
        submitted_at: Timestamp(line.try_get("submitted_at")?),
    })
}

/// A file of a dossier as the store shows it; none for what came along only as the original of a conversion.
fn submitted_file(
    line: &AnyRow,
    manifest: &DossierManifest,
    sha256: Sha256,
    at: Timestamp,
) -> Result<Option<KeptFile>, StoreError> {
    let id = uuid(&line.try_get::<String, _>("attachment")?)?;
    let Some(told) = manifest.attachments.iter().find(|told| told.id == id) else {
        return Ok(None);
    };
    if told.original_of.is_some() {
        return Ok(None);
    }
    Ok(Some(KeptFile {
        sha256,
        file_name: told.file_name.clone(),
        size: u64::try_from(line.try_get::<i64, _>("size")?).unwrap_or(0),
        kept_at: at,
        verdict: word(line.try_get("verdict")?)?,
        expires_on: None,
        on_purpose: false,
        signed_as: (!told.signings.is_empty()).then(|| told.signed_as.unwrap_or(id)),
        signings: told.signings.clone(),
        used_in: Vec::new(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{account, on_each};

    const NOW: Timestamp = Timestamp(1_795_000_000_000);

    fn keep(name: &str, size: u64) -> KeepFile {
        KeepFile {
            file_name: name.parse().expect("a name"),
            size,
            expires_on: None,
            signings: vec![Uuid::from_u128(7)],
            signed_as: Some(Uuid::from_u128(8)),
        }
    }

    #[tokio::test]
    async fn a_file_is_in_the_store_once_its_bytes_are_here_and_only_its_owner_has_it() {
        on_each(|database| async move {
            let (me, other) = (account(&database).await, account(&database).await);
            let digest = Sha256([3; 32]);
            let file = keep("giấy chứng sinh.pdf", 100);
            let new = NewKept {
                account: me,
                sha256: digest,
                keep: &file,
                quota_bytes: 150,
                now: NOW,
            };
            assert!(database.keep_file(&new).await.expect("announced"));
            assert!(database.kept(me).await.expect("list").is_empty());
            assert!(!database.owns_file(me, &digest).await.expect("asked"));
            let arrived = database.kept_arrived(me, &digest, Verdict::Valid).await;
            arrived.expect("arrived");
            let list = database.kept(me).await.expect("list");
            assert_eq!(list.len(), 1);
            assert_eq!(list[0].file_name, file.file_name);
            assert_eq!(
                (list[0].verdict, list[0].on_purpose),
                (Verdict::Valid, true)
            );
            assert_eq!(list[0].signings, file.signings);
            assert_eq!(list[0].signed_as, file.signed_as);
            assert!(!database.owns_file(other, &digest).await.expect("asked"));
            let strange = database.kept_arrived(other, &digest, Verdict::Valid).await;
            assert!(matches!(strange, Err(StoreError::NotFound)));

            // A new name and a date: the bytes are not asked for again, and the day it was kept stays.
            let mut renamed = keep("khai sinh.pdf", 100);
            renamed.expires_on = Some("2027-05-12".into());
            let again = NewKept {
                keep: &renamed,
                now: Timestamp(NOW.0 + 5),
                ..new.clone()
            };
            assert!(!database.keep_file(&again).await.expect("renamed"));
            let list = database.kept(me).await.expect("list");
            assert_eq!(list[0].file_name.as_str(), "khai sinh.pdf");
            assert_eq!(list[0].expires_on.as_deref(), Some("2027-05-12"));
            assert_eq!(list[0].kept_at, NOW);

            // A second one is more than the quota.
            let more = NewKept {
                sha256: Sha256([4; 32]),
                ..new
            };
            let full = database.keep_file(&more).await;
            assert!(matches!(full, Err(StoreError::TooMany)));
            database.forget_kept(me, &digest, NOW).await.expect("gone");
            assert!(database.kept(me).await.expect("list").is_empty());
            database.keep_file(&more).await.expect("there is room now");
        })
        .await;
    }

    #[tokio::test]
    async fn what_is_here_is_counted_as_it_is_and_what_never_came_only_for_a_day() {
        on_each(|database| async move {
            let me = account(&database).await;
            let (large, small) = (keep("quét.pdf", 100), keep("quét lại.pdf", 1));
            let new = NewKept {
                account: me,
                sha256: Sha256([3; 32]),
                keep: &large,
                quota_bytes: 150,
                now: NOW,
            };
            database.keep_file(&new).await.expect("announced");
            let arrived = database.kept_arrived(me, &new.sha256, Verdict::Unsigned);
            arrived.await.expect("arrived");
            let renamed = NewKept {
                keep: &small,
                ..new.clone()
            };
            assert!(!database.keep_file(&renamed).await.expect("renamed"));
            assert_eq!(database.kept(me).await.expect("list")[0].size, 100);
            let second = NewKept {
                sha256: Sha256([4; 32]),
                ..new.clone()
            };
            let full = database.keep_file(&second).await;
            assert!(matches!(full, Err(StoreError::TooMany)));

            let fifty = keep("không đến.pdf", 50);
            let lost = NewKept {
                sha256: Sha256([5; 32]),
                keep: &fifty,
                ..new
            };
            assert!(database.keep_file(&lost).await.expect("announced"));
            let at = |now: i64| NewKept {
                sha256: Sha256([6; 32]),
                now: Timestamp(now),
                ..lost.clone()
            };
            let soon = database.keep_file(&at(NOW.0 + AWAITED_MS)).await;
            assert!(matches!(soon, Err(StoreError::TooMany)));
            let later = at(NOW.0 + AWAITED_MS + 1);
            assert!(database.keep_file(&later).await.expect("there is room now"));
        })
        .await;
    }

    #[tokio::test]
    async fn what_a_dossier_holds_is_in_the_store_until_its_owner_takes_it_out() {
        on_each(|database| async move {
            let me = account(&database).await;
            let (attachment, digest) = (Uuid::from_u128(8), Sha256([5; 32]));
            let manifest = serde_json::json!({
                "procedure": "1.001193", "form": contract::dossier::DossierForm::default(), "declared": true, "payment": "at-counter",
                "attachments": [{
                    "id": attachment, "component": "to-khai", "copy_kind": "original", "count": 1, "file_name": "to-khai_signed.pdf",
                    "size": 9, "sha256": digest, "signings": [Uuid::from_u128(7)],
                }],
            });
            for (number, at) in [(1, Some(NOW.0)), (2, Some(NOW.0 + 9)), (3, None)] {
                let id = Uuid::from_u128(number).to_string();
                sqlx::query("INSERT INTO dossier (id, account_id, manifest, definition, code, status, applicant, procedure, procedure_name, agency, search, fee_total, signed_files, files, submitted_at, version) \
                    VALUES ($1, $2, $3, '{}', $4, 'new', 'a', '1.001193', 'Khai sinh', 'b', '', 0, 1, 1, $5, 1)")
                    .bind(&id)
                    .bind(me.to_string())
                    .bind(manifest.to_string())
                    .bind(format!("000.00.00.H34-261126-{number:04}"))
                    .bind(at)
                    .execute(&database.pool)
                    .await
                    .expect("a dossier");
                sqlx::query("INSERT INTO attachment (dossier_id, id, sha256, size, verdict) VALUES ($1, $2, $3, 9, 'valid')")
                    .bind(&id)
                    .bind(attachment.to_string())
                    .bind(digest.to_string())
                    .execute(&database.pool)
                    .await
                    .expect("a file");
            }
            let list = database.kept(me).await.expect("list");
            assert_eq!(list.len(), 1);
            assert!(!list[0].on_purpose);
            let used: Vec<_> = list[0].used_in.iter().map(|used| used.dossier.as_u128()).collect();
            assert_eq!(used, [2, 1], "submitted ones, newest first");
            assert_eq!(list[0].signed_as, Some(attachment));
            assert!(database.owns_file(me, &digest).await.expect("asked"));

            // Kept on purpose, nothing has to be sent.
            let file = keep("tờ khai của tôi.pdf", 9);
            let new = NewKept {
                account: me,
                sha256: digest,
                keep: &file,
                quota_bytes: 10,
                now: NOW,
            };
            assert!(!database.keep_file(&new).await.expect("kept"));
            let list = database.kept(me).await.expect("list");
            assert_eq!((list.len(), list[0].used_in.len()), (1, 2));
            assert_eq!(list[0].file_name, file.file_name);
            assert_eq!(list[0].verdict, Verdict::Valid);

            database.forget_kept(me, &digest, NOW).await.expect("gone");
            assert!(database.kept(me).await.expect("list").is_empty());
            assert!(database.owns_file(me, &digest).await.expect("asked"), "the dossier still holds it");
        })
        .await;
    }
}
