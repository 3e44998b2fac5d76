//! Files by the SHA-256 of their bytes: written whole or not at all, checked when read.

use crate::database::{Database, StoreError};
use crate::upload::Upload;
use contract::value::{Sha256, Timestamp};
use futures_util::{Stream, TryStreamExt as _};
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt as _};
use sha2::Digest as _;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;
use uuid::Uuid;

/// Where uploads under way lie: `upload/ACCOUNT/SHA-256/…`.
const UPLOADS: &str = "upload";
/// Name of the joined pieces.
const WHOLE: &str = "whole";
/// Pieces are joined in blocks of so many bytes: what S3 takes at least.
const BLOCK_BYTES: usize = 5 * 1024 * 1024;

/// Why a file could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// No such file.
    #[error("no such file")]
    NotFound,
    /// The stored bytes are not those that were written.
    #[error("the stored file is damaged")]
    Damaged,
    /// The store failed.
    #[error("file store: {0}")]
    Store(object_store::Error),
    /// The folder cannot be used.
    #[error("file store: {0}")]
    Folder(#[from] std::io::Error),
    /// The file could not be claimed.
    #[error("{0}")]
    Claim(#[from] StoreError),
    /// A thread for work that takes long could not be had.
    #[error("file store: {0}")]
    Thread(#[from] tokio::task::JoinError),
}

/// Bytes with their digest. Large ones are hashed off the async threads: fifty megabytes take a tenth of a second and more.
async fn hashed<T: AsRef<[u8]> + Send + 'static>(bytes: T) -> Result<(T, Sha256), FileError> {
    let hash = move || {
        let digest = Sha256(sha2::Sha256::digest(bytes.as_ref()).into());
        (bytes, digest)
    };
    Ok(tokio::task::spawn_blocking(hash).await?)
}

impl From<object_store::Error> for FileError {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::NotFound,
            other => Self::Store(other),
        }
    }
}

/// The file store.
#[derive(Debug, Clone)]
pub struct Files(Arc<dyn ObjectStore>);

impl Files {
    /// Files in a local folder, made when missing.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn local(folder: &Path) -> Result<Self, FileError> {
        std::fs::create_dir_all(folder)?;
        let store = object_store::local::LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self(Arc::new(store)))
    }

    fn key(digest: &Sha256) -> Key {
        let name = digest.to_string();
        Key::from(format!(
            "sha256/{}/{name}",
            name.get(..2).unwrap_or_default()
        ))
    }

    /// Keeps bytes; their name is their digest. Writing the same bytes again changes nothing. The file is claimed first; what refers
    /// to it has to be written within the time that unused files are left.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn put(
        &self,
        bytes: Vec<u8>,
        database: &Database,
        now: Timestamp,
    ) -> Result<Sha256, FileError> {
        let (bytes, digest) = hashed(bytes).await?;
        database.claim_file(&digest, now).await?;
        self.0.put(&Self::key(&digest), bytes.into()).await?;
        Ok(digest)
    }

    /// Deletes a file. Only [`Database::delete_unused`] may: it knows that nobody needs it.
    pub(crate) async fn delete(&self, digest: &Sha256) -> Result<(), FileError> {
        match self.0.delete(&Self::key(digest)).await {
            Err(object_store::Error::NotFound { .. }) => Ok(()),
            other => Ok(other?),
        }
    }

    /// Whether the store answers: something that is never there is asked for.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), FileError> {
        match self.0.head(&Key::from("trial/none")).await {
            Ok(_) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Writes something, reads it and takes it away again.
    ///
    /// # Errors
    /// Where that fails; [`FileError::Damaged`] when something else is read than was written.
    pub async fn trial(&self) -> Result<(), FileError> {
        let key = Key::from(format!("trial/{}", Uuid::new_v4()));
        let written = Uuid::new_v4().as_bytes().to_vec();
        self.0.put(&key, written.clone().into()).await?;
        let read = self.0.get(&key).await?.bytes().await?;
        self.0.delete(&key).await?;
        if read == written {
            Ok(())
        } else {
            Err(FileError::Damaged)
        }
    }

    /// Files of one of the 256 folders that were written before a moment, in batches of at most `most`.
    pub fn old(
        &self,
        folder: u8,
        before: SystemTime,
        most: usize,
    ) -> impl Stream<Item = Result<Vec<Sha256>, FileError>> + '_ {
        let folder = Key::from(format!("sha256/{folder:02x}"));
        let named = move |object: object_store::ObjectMeta| async move {
            if SystemTime::from(object.last_modified) >= before {
                return Ok(None);
            }
            let name = object.location.filename().unwrap_or_default().to_owned();
            Ok(Sha256::try_from(name).ok())
        };
        self.0
            .list(Some(&folder))
            .map_err(FileError::from)
            .try_filter_map(named)
            .try_chunks(most.max(1))
            .map_err(|error| error.1)
    }

    fn upload_key(upload: &Upload, name: &str) -> Key {
        Key::from(format!(
            "{UPLOADS}/{}/{}/{name}",
            upload.account, upload.sha256
        ))
    }

    /// Keeps a piece of an upload under a new name.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn put_part(&self, upload: &Upload, bytes: Vec<u8>) -> Result<Uuid, FileError> {
        let name = Uuid::new_v4();
        let key = Self::upload_key(upload, &name.to_string());
        self.0.put(&key, bytes.into()).await?;
        Ok(name)
    }

    /// Forgets a piece that did not count.
    pub async fn drop_part(&self, upload: &Upload, name: Uuid) {
        let key = Self::upload_key(upload, &name.to_string());
        let _ = self.0.delete(&key).await;
    }

    /// Joins the pieces of an upload; whether their bytes have the announced digest. The whole appears at once or not at all, and
    /// no more than a block and a piece of it is in memory.
    ///
    /// # Errors
    /// [`FileError::NotFound`] when a piece is gone: somebody else joined them.
    pub async fn join(&self, upload: &Upload, parts: &[Uuid]) -> Result<bool, FileError> {
        let mut digest = sha2::Sha256::new();
        let mut out = self
            .0
            .put_multipart(&Self::upload_key(upload, WHOLE))
            .await?;
        let written = async {
            let mut block = Vec::with_capacity(BLOCK_BYTES);
            for part in parts {
                let key = Self::upload_key(upload, &part.to_string());
                let mut bytes = self.0.get(&key).await?.into_stream();
                while let Some(bytes) = bytes.try_next().await? {
                    digest.update(&bytes);
                    block.extend_from_slice(&bytes);
                    if block.len() >= BLOCK_BYTES {
                        let full = std::mem::replace(&mut block, Vec::with_capacity(BLOCK_BYTES));
                        out.put_part(full.into()).await?;
                    }
                }
            }
            out.put_part(block.into()).await
        };
        if let Err(error) = written.await {
            let _ = out.abort().await;
            return Err(error.into());
        }
        if <[u8; 32]>::from(digest.finalize()) == upload.sha256.0 {
            out.complete().await?;
            for part in parts {
                self.drop_part(upload, *part).await;
            }
            Ok(true)
        } else {
            let _ = out.abort().await;
            Ok(false)
        }
    }

    /// Whether a file is there.
    ///
    /// # Errors
    /// [`FileError::NotFound`].
    pub async fn present(&self, digest: &Sha256) -> Result<(), FileError> {
        self.0.head(&Self::key(digest)).await?;
        Ok(())
    }

    /// Reads an upload that is whole, and checks it. Only of one that is known to be whole the file in its place will do: else who
    /// knows a digest and loses the pieces in time had somebody else's file.
    ///
    /// # Errors
    /// [`FileError::NotFound`], [`FileError::Damaged`].
    pub async fn whole(&self, upload: &Upload) -> Result<Vec<u8>, FileError> {
        match self
            .checked(&Self::upload_key(upload, WHOLE), &upload.sha256)
            .await
        {
            // Whoever was to move it ended right after: it is in its place.
            Err(FileError::NotFound) if upload.whole => self.get(&upload.sha256).await,
            other => other,
        }
    }

    /// Puts an upload that is whole in its place among the files, claimed as by [`Files::put`]. Doing it again changes nothing.
    ///
    /// # Errors
    /// [`FileError::NotFound`].
    pub async fn promote(
        &self,
        upload: &Upload,
        database: &Database,
        now: Timestamp,
    ) -> Result<(), FileError> {
        database.claim_file(&upload.sha256, now).await?;
        let place = Self::key(&upload.sha256);
        match self
            .0
            .rename(&Self::upload_key(upload, WHOLE), &place)
            .await
        {
            Err(object_store::Error::NotFound { .. }) => {
                Ok(self.0.head(&place).await.map(|_| ())?)
            }
            other => Ok(other?),
        }
    }

    /// Removes all that lies of an upload.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn drop_upload(&self, upload: &Upload) -> Result<(), FileError> {
        let folder = Key::from(format!("{UPLOADS}/{}/{}", upload.account, upload.sha256));
        let lying: Vec<_> = self.0.list(Some(&folder)).try_collect().await?;
        for object in lying {
            self.0.delete(&object.location).await?;
        }
        Ok(())
    }

    /// Uploads of which something has been lying since before a moment: whose row is gone, the rest may go too.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn lying_uploads(
        &self,
        before: SystemTime,
    ) -> Result<Vec<(Uuid, Sha256)>, FileError> {
        let all: Vec<_> = self.0.list(Some(&Key::from(UPLOADS))).try_collect().await?;
        let mut old: Vec<(Uuid, Sha256)> = all
            .iter()
            .filter(|object| SystemTime::from(object.last_modified) < before)
            .filter_map(|object| {
                let mut parts = object.location.parts().skip(1);
                let account = parts.next()?.as_ref().parse().ok()?;
                let digest = Sha256::try_from(parts.next()?.as_ref().to_owned()).ok()?;
                Some((account, digest))
            })
            .collect();
        old.sort_unstable_by_key(|(account, digest)| (*account, digest.0));
        old.dedup();
        Ok(old)
    }

    /// Opens a file to send it on: its length in bytes, how it begins, and all of its bytes as they are read. The last of them come
    /// only when all have the digest, so that a damaged file breaks off.
    ///
    /// # Errors
    /// [`FileError::NotFound`]; the stream gives [`FileError::Damaged`].
    pub async fn open(
        &self,
        digest: &Sha256,
    ) -> Result<
        (
            u64,
            Vec<u8>,
            impl Stream<Item = Result<Vec<u8>, FileError>> + Send + 'static,
        ),
        FileError,
    > {
        let found = self.0.get(&Self::key(digest)).await?;
        let size = found.meta.size;
        let mut stream = found.into_stream();
        let first = stream.try_next().await?;
        let begins = first
            .iter()
            .flat_map(|bytes| bytes.iter().take(8).copied())
            .collect();
        let mut hash = sha2::Sha256::new();
        if let Some(bytes) = &first {
            hash.update(bytes);
        }
        let wanted = *digest;
        // A block is given when the next one is here; the last one when the digest is right.
        let blocks = futures_util::stream::try_unfold(
            (stream, hash, first),
            move |(mut stream, mut hash, held)| async move {
                let Some(held) = held else {
                    return Ok(None);
                };
                let next = stream.try_next().await?;
                match &next {
                    Some(bytes) => hash.update(bytes),
                    None if <[u8; 32]>::from(hash.clone().finalize()) != wanted.0 => {
                        return Err(FileError::Damaged);
                    }
                    None => {}
                }
                Ok(Some((Vec::from(held), (stream, hash, next))))
            },
        );
        Ok((size, begins, blocks))
    }

    /// Reads a file whole and checks it.
    ///
    /// # Errors
    /// [`FileError::NotFound`], [`FileError::Damaged`].
    pub async fn get(&self, digest: &Sha256) -> Result<Vec<u8>, FileError> {
        self.checked(&Self::key(digest), digest).await
    }

    async fn checked(&self, key: &Key, digest: &Sha256) -> Result<Vec<u8>, FileError> {
        let bytes = self.0.get(key).await?.bytes().await?;
        let (bytes, found) = hashed(bytes).await?;
        if found == *digest {
            Ok(bytes.into())
        } else {
            Err(FileError::Damaged)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1000);

    async fn database(folder: &Path) -> Database {
        let file = folder.join("test.sqlite");
        Database::open_file(&file).await.expect("SQLite")
    }

    #[tokio::test]
    async fn bytes_come_back_and_damage_is_noticed() {
        let folder = tempfile::tempdir().expect("folder");
        let files = Files::local(folder.path()).expect("opens");
        let database = database(folder.path()).await;
        let kept = files.put(b"to khai".to_vec(), &database, NOW).await;
        let digest = kept.expect("kept");
        assert_eq!(files.get(&digest).await.expect("there"), b"to khai");
        let name = digest.to_string();
        let path = folder.path().join("sha256").join(&name[..2]).join(&name);
        let read = |folder: Files| async move {
            let (size, begins, stream) = folder.open(&digest).await?;
            let blocks: Vec<Vec<u8>> = stream.try_collect().await?;
            Ok::<_, FileError>((size, begins, blocks.concat()))
        };
        let opened = read(files.clone()).await.expect("there");
        assert_eq!(opened, (7, b"to khai".to_vec(), b"to khai".to_vec()));
        std::fs::write(path, b"to khac").expect("overwritten");
        let damaged = read(files.clone()).await;
        assert!(matches!(damaged, Err(FileError::Damaged)));
        assert!(matches!(files.get(&digest).await, Err(FileError::Damaged)));
        assert!(matches!(
            files.get(&Sha256([0; 32])).await,
            Err(FileError::NotFound)
        ));
    }

    #[tokio::test]
    async fn pieces_become_a_file_when_their_digest_is_the_announced_one() {
        let folder = tempfile::tempdir().expect("folder");
        let files = Files::local(folder.path()).expect("opens");
        let bytes: Vec<u8> = (0..6_000_000_u32).map(|n| n.to_le_bytes()[0]).collect();
        let mut upload = Upload {
            account: Uuid::new_v4(),
            sha256: Sha256(sha2::Sha256::digest(&bytes).into()),
            size: 6_000_000,
            received: 6_000_000,
            whole: false,
        };
        let mut parts = Vec::new();
        for piece in bytes.chunks(2_500_000) {
            let name = files.put_part(&upload, piece.to_vec()).await;
            parts.push(name.expect("kept"));
        }
        let right = upload.sha256;
        let in_order = parts.clone();
        parts.reverse();
        assert!(!files.join(&upload, &parts).await.expect("joined"));
        assert!(matches!(
            files.whole(&upload).await,
            Err(FileError::NotFound)
        ));
        assert!(files.join(&upload, &in_order).await.expect("joined"));
        assert_eq!(files.whole(&upload).await.expect("there"), bytes);
        let again = files.join(&upload, &in_order).await;
        assert!(matches!(again, Err(FileError::NotFound)), "joined already");
        let database = database(folder.path()).await;
        for _ in 0..2 {
            let moved = files.promote(&upload, &database, NOW).await;
            moved.expect("in its place");
        }
        assert_eq!(files.get(&right).await.expect("there"), bytes);
        upload.whole = true;
        assert_eq!(files.whole(&upload).await.expect("found there"), bytes);
        // Somebody who knows no more than the digest, and whose pieces are gone.
        let curious = Upload {
            account: Uuid::new_v4(),
            whole: false,
            ..upload
        };
        let joined = files.join(&curious, &[Uuid::new_v4()]).await;
        assert!(matches!(joined, Err(FileError::NotFound)));
        let theirs = files.whole(&curious).await;
        assert!(matches!(theirs, Err(FileError::NotFound)), "not theirs");
        upload.whole = false;

        upload.sha256 = Sha256([9; 32]);
        files.put_part(&upload, vec![1]).await.expect("kept");
        let later = SystemTime::now() + std::time::Duration::from_secs(60);
        let lying = files.lying_uploads(later).await.expect("listed");
        assert_eq!(lying, [(upload.account, upload.sha256)]);
        assert_eq!(
            files
                .lying_uploads(SystemTime::UNIX_EPOCH)
                .await
                .expect("listed"),
            []
        );
        files.drop_upload(&upload).await.expect("gone");
        assert_eq!(files.lying_uploads(later).await.expect("listed"), []);
    }
}
