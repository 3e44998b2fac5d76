//! Files by the SHA-256 of their bytes: written whole or not at all, checked when read. They lie in a local folder or in a bucket of
//! anything that speaks S3; what differs between the two is known here and in [`place`] alone.

mod incoming;
mod place;
mod plain;
mod sealed;
#[cfg(test)]
pub(crate) mod tests;

pub use place::{Place, S3Place};

use crate::database::{Database, StoreError};
use crate::upload::Upload;
use crate::vault::Vault;
use contract::value::{Sha256, Timestamp};
use futures_util::{Stream, TryStreamExt as _};
use incoming::Incoming;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt as _};
use sha2::Digest as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;
use uuid::Uuid;

/// Where uploads under way lie: `upload/ACCOUNT/SHA-256/…`.
const UPLOADS: &str = "upload";
/// Name of the joined pieces.
const WHOLE: &str = "whole";

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
    /// The place cannot be used as it was set up.
    #[error("file store: {0}")]
    Place(String),
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
pub struct Files {
    store: Arc<dyn ObjectStore>,
    /// The folder, where it is one.
    folder: Option<PathBuf>,
    /// Encrypts what is written, and opens what was encrypted.
    vault: Option<Vault>,
}

impl Files {
    /// Files where the settings say.
    ///
    /// # Errors
    /// When the folder cannot be made, or the bucket's address or keys cannot be used. Whether the bucket answers is another
    /// question: [`Files::ping`].
    pub fn at(place: &Place) -> Result<Self, FileError> {
        match place {
            Place::Folder(folder) => Self::local(folder),
            Place::S3(bucket) => Ok(Self::on(bucket.open()?)),
        }
    }

    /// Files in a local folder, made when missing.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn local(folder: &Path) -> Result<Self, FileError> {
        std::fs::create_dir_all(folder)?;
        let store = object_store::local::LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self {
            store: Arc::new(store),
            folder: Some(folder.to_owned()),
            vault: None,
        })
    }

    /// Files on any store whose `put` is atomic.
    pub(crate) fn on(store: Arc<dyn ObjectStore>) -> Self {
        Self {
            store,
            folder: None,
            vault: None,
        }
    }

    /// The same, encrypted from now on; what lies there already is read as it is.
    #[must_use]
    pub fn sealed_by(self, vault: Option<Vault>) -> Self {
        Self { vault, ..self }
    }

    /// Whether the store answers: the folder is there, the bucket can be listed with these keys.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), FileError> {
        if let Some(folder) = &self.folder {
            tokio::fs::metadata(folder).await?;
        }
        // A bucket that is not there answers "not found" to everything; only listing tells it from a file that is not there.
        let folder = Key::from("trial");
        match self.store.list(Some(&folder)).try_next().await {
            Ok(_) => Ok(()),
            Err(error) => Err(FileError::Store(error)),
        }
    }

    /// Whether the store keeps what is written: writes a few bytes, reads them and deletes them.
    ///
    /// # Errors
    /// When it does not, e.g. with a full disk or keys that may only read.
    pub async fn trial(&self) -> Result<(), FileError> {
        let key = Key::from(format!("trial/{}", Uuid::new_v4()));
        self.store.put(&key, key.to_string().into()).await?;
        let read = self.store.get(&key).await?.bytes().await?;
        self.store.delete(&key).await?;
        if read == key.to_string() {
            Ok(())
        } else {
            Err(FileError::Damaged)
        }
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
        let object = self.object(bytes).await?;
        self.store.put(&Self::key(&digest), object.into()).await?;
        Ok(digest)
    }

    /// Deletes a file. Only [`Database::delete_unused`] may: it knows that nobody needs it.
    pub(crate) async fn delete(&self, digest: &Sha256) -> Result<(), FileError> {
        match self.store.delete(&Self::key(digest)).await {
            Err(object_store::Error::NotFound { .. }) => Ok(()),
            other => Ok(other?),
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
        self.store
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
        let object = self.object(bytes).await?;
        self.store.put(&key, object.into()).await?;
        Ok(name)
    }

    /// Forgets a piece that did not count.
    pub async fn drop_part(&self, upload: &Upload, name: Uuid) {
        let key = Self::upload_key(upload, &name.to_string());
        let _ = self.store.delete(&key).await;
    }

    /// Joins the pieces of an upload; whether their bytes have the announced digest. The whole appears at once or not at all, and
    /// no more than a block and a piece of it is in memory.
    ///
    /// # Errors
    /// [`FileError::NotFound`] when a piece is gone: somebody else joined them.
    pub async fn join(&self, upload: &Upload, parts: &[Uuid]) -> Result<bool, FileError> {
        let mut out = self.incoming(Self::upload_key(upload, WHOLE))?;
        for part in parts {
            let key = Self::upload_key(upload, &part.to_string());
            if let Err(error) = self.append(&mut out, &key).await {
                out.give_up().await;
                return Err(error);
            }
        }
        let right = out.finish(&upload.sha256).await?;
        if right {
            for part in parts {
                self.drop_part(upload, *part).await;
            }
        }
        Ok(right)
    }

    /// Appends an object to a file that is being written.
    async fn append(&self, out: &mut Incoming, key: &Key) -> Result<(), FileError> {
        let (_, bytes) = self.plain(key).await?;
        let mut bytes = std::pin::pin!(bytes);
        while let Some(bytes) = bytes.try_next().await? {
            out.push(&bytes).await?;
        }
        Ok(())
    }

    /// Whether a file is there.
    ///
    /// # Errors
    /// [`FileError::NotFound`].
    pub async fn present(&self, digest: &Sha256) -> Result<(), FileError> {
        self.store.head(&Self::key(digest)).await?;
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

    /// Puts an upload that is whole in its place among the files, claimed as by [`Files::put`]. Doing it again changes nothing. In
    /// a bucket it is a copy and a deletion: whoever dies between them leaves both, and the next try or sweep deletes the first.
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
            .store
            .rename(&Self::upload_key(upload, WHOLE), &place)
            .await
        {
            Err(object_store::Error::NotFound { .. }) => {
                Ok(self.store.head(&place).await.map(|_| ())?)
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
        let lying: Vec<_> = self.store.list(Some(&folder)).try_collect().await?;
        for object in lying {
            self.store.delete(&object.location).await?;
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
        let all: Vec<_> = self
            .store
            .list(Some(&Key::from(UPLOADS)))
            .try_collect()
            .await?;
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

    /// Names of everything that lies of uploads.
    pub(crate) fn upload_objects(&self) -> impl Stream<Item = Result<String, FileError>> + '_ {
        self.store
            .list(Some(&Key::from(UPLOADS)))
            .map_ok(|object| object.location.to_string())
            .map_err(FileError::from)
    }

    /// Reads something that lies of an upload. It has no digest of its own.
    pub(crate) async fn open_upload_object(
        &self,
        name: &str,
    ) -> Result<impl Stream<Item = Result<Vec<u8>, FileError>> + use<>, FileError> {
        Ok(self.plain(&Key::from(name)).await?.1)
    }

    /// Begins to write something that lies of an upload, by its name.
    pub(crate) fn incoming_upload_object(&self, name: &str) -> Result<Option<Incoming>, FileError> {
        let key = Key::parse(name).ok();
        let below = |key: &Key| {
            key.parts()
                .next()
                .is_some_and(|part| part.as_ref() == UPLOADS)
        };
        key.filter(below).map(|key| self.incoming(key)).transpose()
    }

    /// Whether nothing lies here.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn is_empty(&self) -> Result<bool, FileError> {
        Ok(self.store.list(None).try_next().await?.is_none())
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
        let (size, stream) = self.plain(&Self::key(digest)).await?;
        let mut stream = Box::pin(stream);
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
                Ok(Some((held, (stream, hash, next))))
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
        let object = self.store.get(key).await?.bytes().await?;
        let bytes = if sealed::is_sealed(&object) {
            self.opened(object.into()).await?
        } else {
            object.into()
        };
        let (bytes, found) = hashed(bytes).await?;
        if found == *digest {
            Ok(bytes)
        } else {
            Err(FileError::Damaged)
        }
    }
}
