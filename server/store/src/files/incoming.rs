//! A file that is written as it comes, in blocks: it appears at once with its last byte, or not at all.

use super::sealed::Sealer;
use super::{FileError, Files};
use crate::StoreError;
use contract::value::Sha256;
use object_store::path::Path as Key;
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt as _};
use sha2::Digest as _;
use std::sync::Arc;

/// Files are written in blocks of so many bytes: what S3 takes at least. All blocks but the last have this length, since some stores
/// take nothing else.
pub(super) const BLOCK_BYTES: usize = 5 * 1024 * 1024;

/// A file on its way.
pub(crate) struct Incoming {
    store: Arc<dyn ObjectStore>,
    key: Key,
    /// None before the first full block: a small file is one request.
    parts: Option<Box<dyn MultipartUpload>>,
    block: Vec<u8>,
    digest: sha2::Sha256,
    sealer: Option<Sealer>,
}

impl Files {
    pub(super) fn incoming(&self, key: Key) -> Result<Incoming, FileError> {
        let mut block = Vec::new();
        let sealer = self
            .vault
            .as_ref()
            .map(|vault| Sealer::begin(vault, &mut block))
            .transpose()
            .map_err(StoreError::from)?;
        Ok(Incoming {
            store: self.store.clone(),
            key,
            parts: None,
            block,
            digest: sha2::Sha256::new(),
            sealer,
        })
    }

    /// Begins a file that will be named by its digest.
    pub(crate) fn incoming_file(&self, digest: &Sha256) -> Result<Incoming, FileError> {
        self.incoming(Self::key(digest))
    }
}

impl Incoming {
    /// Takes bytes.
    ///
    /// # Errors
    /// When the store fails: then nothing is kept of the file.
    pub(crate) async fn push(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        self.digest.update(bytes);
        match &mut self.sealer {
            Some(sealer) => sealer
                .push(bytes, &mut self.block)
                .map_err(StoreError::from)?,
            None => self.block.extend_from_slice(bytes),
        }
        while self.block.len() >= BLOCK_BYTES {
            let rest = self.block.split_off(BLOCK_BYTES);
            let full = std::mem::replace(&mut self.block, rest);
            if let Err(error) = self.write(full).await {
                self.give_up().await;
                return Err(error);
            }
        }
        Ok(())
    }

    async fn write(&mut self, block: Vec<u8>) -> Result<(), FileError> {
        if self.parts.is_none() {
            self.parts = Some(self.store.put_multipart(&self.key).await?);
        }
        if let Some(parts) = &mut self.parts {
            parts.put_part(block.into()).await?;
        }
        Ok(())
    }

    /// Lets the file appear when its bytes have a digest; whether they have. Else nothing is kept of it.
    ///
    /// # Errors
    /// When the store fails: then nothing is kept of it either.
    pub(crate) async fn finish(mut self, wanted: &Sha256) -> Result<bool, FileError> {
        if <[u8; 32]>::from(self.digest.clone().finalize()) != wanted.0 {
            self.give_up().await;
            return Ok(false);
        }
        if let Some(sealer) = &mut self.sealer
            && let Err(error) = sealer.finish(&mut self.block)
        {
            self.give_up().await;
            return Err(StoreError::from(error).into());
        }
        let last = std::mem::take(&mut self.block);
        match self.complete(last).await {
            Ok(()) => Ok(true),
            Err(error) => {
                self.give_up().await;
                Err(error)
            }
        }
    }

    /// Lets the file appear whatever its bytes are.
    pub(crate) async fn finish_unchecked(self) -> Result<(), FileError> {
        let digest = Sha256(self.digest.clone().finalize().into());
        self.finish(&digest).await.map(|_| ())
    }

    async fn complete(&mut self, last: Vec<u8>) -> Result<(), FileError> {
        if self.parts.is_none() {
            self.store.put(&self.key, last.into()).await?;
            return Ok(());
        }
        if !last.is_empty() {
            self.write(last).await?;
        }
        if let Some(parts) = &mut self.parts {
            parts.complete().await?;
        }
        Ok(())
    }

    /// Forgets what was written of it.
    pub(crate) async fn give_up(&mut self) {
        if let Some(mut parts) = self.parts.take() {
            let _ = parts.abort().await;
        }
    }
}
