//! Keys in three steps: an operator's key (`PORTAL_KEK`) seals the store's keys, which lie in the database; a store's key seals the key
//! that each file has of its own, which lies at the file's beginning. An operator's key is replaced by sealing a few rows anew
//! ([`Vault::rotate`]); no file is touched, whatever store it lies in.

use crate::audit::{NewRecord, append};
use crate::database::{Database, StoreError, uuid};
use crate::keys::{self, KeyError, Keys, Secret, Wrapped};
use contract::audit::AuditAction;
use contract::value::Timestamp;
use sqlx::Row as _;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use uuid::Uuid;

/// What store keys are sealed for.
const PURPOSE: &str = "store-key";
/// A sealed value begins with this.
const VALUE: &str = "sealed1:";

/// Seals and opens with the store's keys; cheap to clone.
#[derive(Clone)]
pub struct Vault(Arc<Inner>);

struct Inner {
    database: Database,
    keys: Keys,
    opened: RwLock<Opened>,
}

#[derive(Default)]
struct Opened {
    all: BTreeMap<Uuid, Secret>,
    newest: Option<Uuid>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("Vault").field(&self.0.keys).finish()
    }
}

/// How often operators' keys seal store keys.
pub type KeysInUse = BTreeMap<String, u64>;

impl Database {
    /// Which operators' keys are needed to open what this database and its files have sealed; empty when nothing is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keys_in_use(&self) -> Result<KeysInUse, StoreError> {
        let mut used = KeysInUse::new();
        for row in sqlx::query("SELECT kek FROM store_key")
            .fetch_all(&self.pool)
            .await?
        {
            *used.entry(row.try_get("kek")?).or_default() += 1;
        }
        Ok(used)
    }
}

/// What the journal says of a store key.
fn changed(now: Timestamp, id: Uuid, detail: &'static str) -> NewRecord<'static> {
    NewRecord {
        at: now,
        actor: None,
        action: AuditAction::KeysChanged,
        dossier: None,
        subject: Some(id),
        detail,
    }
}

impl Vault {
    /// Opens all of the store's keys, and makes the first one when there is none.
    ///
    /// # Errors
    /// [`StoreError::Key`] when a key is needed that was not given.
    pub async fn open(database: &Database, keys: Keys, now: Timestamp) -> Result<Self, StoreError> {
        let vault = Self::load(database, keys).await?;
        if vault.newest().is_err() {
            vault.add_key(now).await?;
        }
        Ok(vault)
    }

    /// The same, but nothing is made: none when nothing was ever sealed.
    ///
    /// # Errors
    /// [`StoreError::Key`] when a key is needed that was not given.
    pub async fn open_as_is(database: &Database, keys: Keys) -> Result<Option<Self>, StoreError> {
        let vault = Self::load(database, keys).await?;
        Ok(vault.newest().is_ok().then_some(vault))
    }

    async fn load(database: &Database, keys: Keys) -> Result<Self, StoreError> {
        let vault = Self(Arc::new(Inner {
            database: database.clone(),
            keys,
            opened: RwLock::default(),
        }));
        vault.read().await?;
        Ok(vault)
    }

    async fn rows(&self) -> Result<Vec<(Uuid, Wrapped)>, StoreError> {
        sqlx::query("SELECT id, kek, sealed FROM store_key ORDER BY made_at, id")
            .fetch_all(&self.0.database.pool)
            .await?
            .iter()
            .map(|row| {
                let wrapped = Wrapped {
                    by: row.try_get("kek")?,
                    sealed: row.try_get("sealed")?,
                };
                Ok((uuid(&row.try_get::<String, _>("id")?)?, wrapped))
            })
            .collect()
    }

    /// Reads the store's keys, also those that another instance made.
    async fn read(&self) -> Result<(), StoreError> {
        let mut opened = Opened::default();
        for (id, wrapped) in self.rows().await? {
            let purpose = format!("{PURPOSE} {id}");
            opened
                .all
                .insert(id, self.0.keys.unwrap(&purpose, &wrapped)?);
            opened.newest = Some(id);
        }
        *self
            .0
            .opened
            .write()
            .unwrap_or_else(PoisonError::into_inner) = opened;
        Ok(())
    }

    /// Makes a fresh store key, with which everything is sealed from now on. Instances that run go on with theirs until they start
    /// anew, and open what is sealed with this one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_key(&self, now: Timestamp) -> Result<(), StoreError> {
        let id = Uuid::new_v4();
        let wrapped = self
            .0
            .keys
            .wrap(&format!("{PURPOSE} {id}"), &keys::fresh())?;
        let mut write = self.0.database.write().await?;
        sqlx::query("INSERT INTO store_key (id, kek, sealed, made_at) VALUES ($1, $2, $3, $4)")
            .bind(id.to_string())
            .bind(wrapped.by)
            .bind(wrapped.sealed)
            .bind(now.0)
            .execute(&mut *write)
            .await?;
        append(&mut write, &changed(now, id, "made")).await?;
        write.commit().await?;
        self.read().await
    }

    /// Seals every store key with the newest operator's key; how many were sealed with another. After that the others are not needed
    /// any more.
    ///
    /// # Errors
    /// When the database fails; what was not done yet is done by another call.
    pub async fn rotate(&self, now: Timestamp) -> Result<u64, StoreError> {
        let mut done = 0;
        for (id, wrapped) in self.rows().await? {
            if wrapped.by == self.0.keys.newest() {
                continue;
            }
            let purpose = format!("{PURPOSE} {id}");
            let key = self.0.keys.unwrap(&purpose, &wrapped)?;
            let anew = self.0.keys.wrap(&purpose, &key)?;
            let mut write = self.0.database.write().await?;
            let told = sqlx::query(
                "UPDATE store_key SET kek = $1, sealed = $2 WHERE id = $3 AND sealed = $4",
            )
            .bind(anew.by)
            .bind(anew.sealed)
            .bind(id.to_string())
            .bind(wrapped.sealed)
            .execute(&mut *write)
            .await?;
            // Another one may do the same in this moment.
            if told.rows_affected() == 1 {
                append(&mut write, &changed(now, id, "sealed anew")).await?;
                write.commit().await?;
                done += 1;
            }
        }
        Ok(done)
    }

    /// The key that seals.
    pub(crate) fn newest(&self) -> Result<(Uuid, Secret), KeyError> {
        let opened = self.0.opened.read().unwrap_or_else(PoisonError::into_inner);
        let id = opened.newest.ok_or(KeyError::Damaged)?;
        let key = opened.all.get(&id).ok_or(KeyError::Damaged)?;
        Ok((id, key.clone()))
    }

    /// A key by its name, also one that another instance made a moment ago.
    pub(crate) async fn key(&self, id: Uuid) -> Result<Secret, StoreError> {
        for again in [false, true] {
            if again {
                self.read().await?;
            }
            let opened = self.0.opened.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(key) = opened.all.get(&id) {
                return Ok(key.clone());
            }
        }
        Err(KeyError::Missing(format!("of the store, {id}")).into())
    }

    /// Seals a short value, e.g. a column. `context` says what it is and whose, such as `totp ACCOUNT`: opened in another's place it
    /// is damaged.
    ///
    /// # Errors
    /// When there is no key.
    pub fn seal(&self, context: &str, bytes: &[u8]) -> Result<String, KeyError> {
        let (id, key) = self.newest()?;
        let sealed = keys::seal(&key, context.as_bytes(), bytes)?;
        Ok(format!("{VALUE}{id}:{}", hex::encode(sealed)))
    }

    /// Opens what [`Vault::seal`] made.
    ///
    /// # Errors
    /// [`StoreError::Key`] when it is not what was sealed in this context.
    pub async fn unseal(&self, context: &str, sealed: &str) -> Result<Vec<u8>, StoreError> {
        let parts = sealed
            .strip_prefix(VALUE)
            .and_then(|rest| rest.split_once(':'));
        let (id, sealed) = parts.ok_or(KeyError::Damaged)?;
        let id = id.parse().map_err(|_| KeyError::Damaged)?;
        let sealed = hex::decode(sealed).map_err(|_| KeyError::Damaged)?;
        let key = self.key(id).await?;
        Ok(keys::open(&key, context.as_bytes(), &sealed)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::tests::keys;
    use crate::testing::on_each;

    const NOW: Timestamp = Timestamp(1000);

    #[tokio::test]
    async fn a_value_is_opened_in_its_place_alone_and_after_the_operators_key_was_replaced() {
        on_each(|database| async move {
            let first = Vault::open(&database, keys(&["2025"]), NOW)
                .await
                .expect("opens");
            let sealed = first.seal("totp a", b"bi mat").expect("sealed");
            assert_eq!(
                first.unseal("totp a", &sealed).await.expect("opened"),
                b"bi mat"
            );
            assert!(first.unseal("totp b", &sealed).await.is_err());
            assert!(first.unseal("totp a", "sealed1:x").await.is_err());
            let wrong = Vault::open(&database, keys(&["2026"]), NOW).await;
            let missing = KeyError::Missing("2025".into());
            assert!(matches!(wrong, Err(StoreError::Key(error)) if error == missing));

            let both = Vault::open(&database, keys(&["2026", "2025"]), NOW).await;
            let both = both.expect("opens");
            assert_eq!(both.rotate(NOW).await.expect("rotated"), 1);
            assert_eq!(both.rotate(NOW).await.expect("rotated"), 0);
            let used = database.keys_in_use().await.expect("asked");
            assert_eq!(used, KeysInUse::from([("2026".to_owned(), 1)]));
            // The old key is thrown away.
            let new = Vault::open(&database, keys(&["2026"]), NOW)
                .await
                .expect("opens");
            assert_eq!(
                new.unseal("totp a", &sealed).await.expect("opened"),
                b"bi mat"
            );
            // Another instance makes a key: this one opens what it seals.
            both.add_key(Timestamp(2000)).await.expect("made");
            let theirs = both.seal("x", b"y").expect("sealed");
            assert_ne!(theirs.get(..44), sealed.get(..44), "another key");
            assert_eq!(new.unseal("x", &theirs).await.expect("opened"), b"y");
        })
        .await;
    }
}
