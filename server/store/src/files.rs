//! Files by the SHA-256 of their bytes: written whole or not at all, checked when read.

use contract::value::Sha256;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt as _};
use sha2::Digest as _;
use std::path::Path;
use std::sync::Arc;

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

    /// Keeps bytes; their name is their digest. Writing the same bytes again changes nothing.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn put(&self, bytes: Vec<u8>) -> Result<Sha256, FileError> {
        let digest = Sha256(sha2::Sha256::digest(&bytes).into());
        self.0.put(&Self::key(&digest), bytes.into()).await?;
        Ok(digest)
    }

    /// Reads a file whole and checks it.
    ///
    /// # Errors
    /// [`FileError::NotFound`], [`FileError::Damaged`].
    pub async fn get(&self, digest: &Sha256) -> Result<Vec<u8>, FileError> {
        let bytes = self.0.get(&Self::key(digest)).await?.bytes().await?;
        if <[u8; 32]>::from(sha2::Sha256::digest(&bytes)) == digest.0 {
            Ok(bytes.to_vec())
        } else {
            Err(FileError::Damaged)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn bytes_come_back_and_damage_is_noticed() {
        let folder = tempfile::tempdir().expect("folder");
        let files = Files::local(folder.path()).expect("opens");
        let digest = files.put(b"to khai".to_vec()).await.expect("kept");
        assert_eq!(files.get(&digest).await.expect("there"), b"to khai");
        let name = digest.to_string();
        let path = folder.path().join("sha256").join(&name[..2]).join(&name);
        std::fs::write(path, b"to khac").expect("overwritten");
        assert!(matches!(files.get(&digest).await, Err(FileError::Damaged)));
        assert!(matches!(
            files.get(&Sha256([0; 32])).await,
            Err(FileError::NotFound)
        ));
    }
}
