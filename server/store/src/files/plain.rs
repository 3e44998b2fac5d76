//! What is encrypted and what is not, on its way into the store and out of it. Objects of a time without keys are read as they are.

use super::sealed::{HEADER_BYTES, Opener, Sealer, is_sealed, plain_size};
use super::{FileError, Files};
use crate::StoreError;
use crate::keys::KeyError;
use contract::value::Sha256;
use futures_util::stream::BoxStream;
use futures_util::{Stream, TryStreamExt as _};
use object_store::ObjectStoreExt as _;
use object_store::path::Path as Key;

/// An object that is being read.
struct Reading {
    blocks: BoxStream<'static, object_store::Result<bytes::Bytes>>,
    /// What was read to know what it is.
    begun: Vec<u8>,
    opener: Option<Opener>,
    over: bool,
}

impl Files {
    /// The object for a small file: the file, or the file sealed.
    pub(super) async fn object(&self, bytes: Vec<u8>) -> Result<Vec<u8>, FileError> {
        let Some(vault) = self.vault.clone() else {
            return Ok(bytes);
        };
        let seal = move || {
            let mut object = Vec::with_capacity(bytes.len() + bytes.len() / 1000 + 256);
            let mut sealer = Sealer::begin(&vault, &mut object)?;
            sealer.push(&bytes, &mut object)?;
            sealer.finish(&mut object)?;
            Ok::<_, KeyError>(object)
        };
        let sealed = tokio::task::spawn_blocking(seal).await?;
        Ok(sealed.map_err(StoreError::Key)?)
    }

    /// The file of a sealed object.
    pub(super) async fn opened(&self, object: Vec<u8>) -> Result<Vec<u8>, FileError> {
        let header = object.get(..HEADER_BYTES).ok_or(FileError::Damaged)?;
        let mut opener = Opener::begin(self.vault.as_ref(), header).await?;
        let open = move || {
            let mut bytes = Vec::with_capacity(object.len());
            opener.push(object.get(HEADER_BYTES..).unwrap_or_default(), &mut bytes)?;
            opener.finish(&mut bytes)?;
            Ok::<_, FileError>(bytes)
        };
        tokio::task::spawn_blocking(open).await?
    }

    /// Reads an object's file: its length in bytes, and its bytes as they come.
    pub(super) async fn plain(
        &self,
        key: &Key,
    ) -> Result<
        (
            u64,
            impl Stream<Item = Result<Vec<u8>, FileError>> + Send + use<>,
        ),
        FileError,
    > {
        let found = self.store.get(key).await?;
        let object = found.meta.size;
        let mut blocks = found.into_stream();
        let mut begun = Vec::new();
        while begun.len() < HEADER_BYTES {
            match blocks.try_next().await? {
                Some(block) => begun.extend_from_slice(&block),
                None => break,
            }
        }
        let sealed = is_sealed(&begun);
        let opener = if sealed {
            let header = begun.get(..HEADER_BYTES).ok_or(FileError::Damaged)?;
            let opener = Opener::begin(self.vault.as_ref(), header).await?;
            begun.drain(..HEADER_BYTES);
            Some(opener)
        } else {
            None
        };
        let reading = Reading {
            blocks,
            begun,
            opener,
            over: false,
        };
        let size = if sealed { plain_size(object) } else { object };
        Ok((
            size,
            futures_util::stream::try_unfold(reading, |mut reading| async move {
                Ok::<_, FileError>(reading.next().await?.map(|block| (block, reading)))
            }),
        ))
    }

    /// Seals a file that lies there as it is; whether it did. The file is there at every moment.
    ///
    /// # Errors
    /// [`FileError::NotFound`], [`FileError::Damaged`], or when there is no key.
    pub async fn seal_file(&self, digest: &Sha256) -> Result<bool, FileError> {
        let key = Self::key(digest);
        if self.is_object_sealed(&key).await? {
            return Ok(false);
        }
        if self.vault.is_none() {
            return Err(StoreError::from(KeyError::Missing("of the store".to_owned())).into());
        }
        let mut out = self.incoming(key.clone())?;
        if let Err(error) = self.append(&mut out, &key).await {
            out.give_up().await;
            return Err(error);
        }
        if out.finish(digest).await? {
            Ok(true)
        } else {
            Err(FileError::Damaged)
        }
    }

    /// Whether an object is sealed.
    async fn is_object_sealed(&self, key: &Key) -> Result<bool, FileError> {
        let begins = self.store.get_range(key, 0..8).await;
        match begins {
            Ok(begins) => Ok(is_sealed(&begins)),
            Err(object_store::Error::NotFound { .. }) => Err(FileError::NotFound),
            // Shorter than that.
            Err(_) => Ok(is_sealed(&self.store.get(key).await?.bytes().await?)),
        }
    }
}

impl Reading {
    /// The next bytes of the file; never none of them.
    async fn next(&mut self) -> Result<Option<Vec<u8>>, FileError> {
        while !self.over {
            let block = if self.begun.is_empty() {
                self.blocks.try_next().await?.map(Vec::from)
            } else {
                Some(std::mem::take(&mut self.begun))
            };
            self.over = block.is_none();
            let out = match (&mut self.opener, block) {
                (None, block) => block.unwrap_or_default(),
                (Some(opener), block) => {
                    let mut out = Vec::new();
                    match block {
                        Some(block) => opener.push(&block, &mut out)?,
                        None => opener.finish(&mut out)?,
                    }
                    out
                }
            };
            if !out.is_empty() {
                return Ok(Some(out));
            }
        }
        Ok(None)
    }
}
