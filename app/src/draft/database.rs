//! IndexedDB: stores of sealed records, keyed by identifier.

use super::DraftError;
use idb::{
    Database, DatabaseEvent as _, Factory, ObjectStore, ObjectStoreParams, Transaction,
    TransactionMode, TransactionResult,
};
use wasm_bindgen::JsValue;

const NAME: &str = "ho-so-ky-so";
/// Grows with every new store; stores of earlier versions stay.
const VERSION: u32 = 3;

/// What is kept where.
#[derive(Debug, Clone, Copy)]
pub(super) enum Store {
    Draft,
    File,
    Original,
    Pending,
    PreparedFile,
    Habit,
    /// Dossiers that wait to be sent.
    Outbox,
    /// Keys and salts by account, and who was signed in last.
    Key,
}

const ALL: [Store; 8] = [
    Store::Draft,
    Store::File,
    Store::Original,
    Store::Pending,
    Store::PreparedFile,
    Store::Habit,
    Store::Outbox,
    Store::Key,
];

impl Store {
    /// The stores whose records are sealed for an account: all but the keys.
    pub(super) fn sealed() -> impl Iterator<Item = Self> {
        ALL.into_iter().filter(|store| !matches!(store, Self::Key))
    }

    /// Its name on the device, to which its records are bound.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::File => "file",
            Self::Original => "original",
            Self::Pending => "pending",
            Self::PreparedFile => "prepared-file",
            Self::Habit => "habit",
            Self::Outbox => "outbox",
            Self::Key => "key",
        }
    }
}

fn failed<E: std::fmt::Debug>(error: E) -> DraftError {
    // The one thing a person can do something about.
    if format!("{error:?}").contains("QuotaExceeded") {
        DraftError::Full
    } else {
        DraftError::Storage
    }
}

async fn open() -> Result<Database, DraftError> {
    let factory = Factory::new().map_err(failed)?;
    let mut request = factory.open(NAME, Some(VERSION)).map_err(failed)?;
    request.on_upgrade_needed(|event| {
        if let Ok(database) = event.database() {
            // Stores of an earlier version stay as they are: making them again is refused.
            for store in ALL {
                let _ = database.create_object_store(store.name(), ObjectStoreParams::new());
            }
        }
    });
    match request.await {
        Ok(database) => Ok(database),
        // A newer version of the site was here, in another window perhaps: what this one knows is still there.
        Err(_) => {
            let request = factory.open(NAME, None).map_err(failed)?;
            request.await.map_err(failed)
        }
    }
}

/// Several steps that happen together or not at all. Nothing but its own requests may be awaited in between: the browser ends a
/// transaction that asks for nothing. Dropped before [`Work::commit`], what was put stays put; an error takes all of it back.
pub(super) struct Work {
    database: Database,
    transaction: Transaction,
}

impl Work {
    /// Begins; tabs that work on the same stores do it one after the other.
    pub(super) async fn begin(stores: &[Store]) -> Result<Self, DraftError> {
        Self::open(stores, TransactionMode::ReadWrite).await
    }

    async fn open(stores: &[Store], mode: TransactionMode) -> Result<Self, DraftError> {
        let database = open().await?;
        let names: Vec<&str> = stores.iter().map(|store| store.name()).collect();
        let transaction = database.transaction(&names, mode).map_err(failed)?;
        Ok(Self {
            database,
            transaction,
        })
    }

    fn store(&self, store: Store) -> Result<ObjectStore, DraftError> {
        self.transaction.object_store(store.name()).map_err(failed)
    }

    /// Reads one value.
    pub(super) async fn get(&self, store: Store, key: &str) -> Result<Option<JsValue>, DraftError> {
        let request = self.store(store)?.get(JsValue::from(key)).map_err(failed)?;
        request.await.map_err(failed)
    }

    /// Reads every value.
    pub(super) async fn all(&self, store: Store) -> Result<Vec<JsValue>, DraftError> {
        let request = self.store(store)?.get_all(None, None).map_err(failed)?;
        request.await.map_err(failed)
    }

    /// Reads every value with its key.
    pub(super) async fn entries(&self, store: Store) -> Result<Vec<(String, JsValue)>, DraftError> {
        let keys = self
            .store(store)?
            .get_all_keys(None, None)
            .map_err(failed)?;
        let keys = keys.await.map_err(failed)?;
        let values = self.all(store).await?;
        Ok(keys
            .into_iter()
            .filter_map(|key| key.as_string())
            .zip(values)
            .collect())
    }

    /// Writes one value.
    pub(super) async fn put(
        &self,
        store: Store,
        key: &str,
        value: &JsValue,
    ) -> Result<(), DraftError> {
        let request = self
            .store(store)?
            .put(value, Some(&key.into()))
            .map_err(failed)?;
        request.await.map(|_| ()).map_err(failed)
    }

    /// Removes one value.
    pub(super) async fn delete(&self, store: Store, key: &str) -> Result<(), DraftError> {
        let request = self
            .store(store)?
            .delete(JsValue::from(key))
            .map_err(failed)?;
        request.await.map_err(failed)
    }

    /// Waits until all of it is on the device.
    pub(super) async fn commit(self) -> Result<(), DraftError> {
        let result = self.transaction.await;
        self.database.close();
        match result.map_err(failed)? {
            TransactionResult::Committed => Ok(()),
            // Nobody here aborts: the browser does, without an error, when there is no room left at the end.
            TransactionResult::Aborted => Err(DraftError::Full),
        }
    }
}

/// Writes one value.
pub(super) async fn put(store: Store, key: &str, value: &JsValue) -> Result<(), DraftError> {
    let work = Work::begin(&[store]).await?;
    work.put(store, key, value).await?;
    work.commit().await
}

/// Changes one value in one transaction: tabs that do so at the same time do it one after the other.
pub(super) async fn change<T>(
    store: Store,
    key: &str,
    edit: impl FnOnce(Option<JsValue>) -> Result<(JsValue, T), DraftError>,
) -> Result<T, DraftError> {
    let work = Work::begin(&[store]).await?;
    let (value, result) = edit(work.get(store, key).await?)?;
    work.put(store, key, &value).await?;
    work.commit().await?;
    Ok(result)
}

/// Reads one value.
pub(super) async fn get(store: Store, key: &str) -> Result<Option<JsValue>, DraftError> {
    let work = Work::open(&[store], TransactionMode::ReadOnly).await?;
    let value = work.get(store, key).await?;
    work.database.close();
    Ok(value)
}

/// Reads every value with its key.
pub(super) async fn entries(store: Store) -> Result<Vec<(String, JsValue)>, DraftError> {
    let work = Work::open(&[store], TransactionMode::ReadOnly).await?;
    let entries = work.entries(store).await?;
    work.database.close();
    Ok(entries)
}

/// The keys of every value.
pub(super) async fn keys(store: Store) -> Result<Vec<String>, DraftError> {
    let work = Work::open(&[store], TransactionMode::ReadOnly).await?;
    let request = work
        .store(store)?
        .get_all_keys(None, None)
        .map_err(failed)?;
    let keys = request.await.map_err(failed)?;
    work.database.close();
    Ok(keys.into_iter().filter_map(|key| key.as_string()).collect())
}

/// Removes one value.
pub(super) async fn delete(store: Store, key: &str) -> Result<(), DraftError> {
    let work = Work::begin(&[store]).await?;
    work.delete(store, key).await?;
    work.commit().await
}

/// Asks the browser not to throw the drafts away when space gets short.
pub(super) async fn keep() {
    let asked = (|| {
        let navigator = web_sys::window()?.navigator();
        let storage = js_sys::Reflect::get(&navigator, &"storage".into()).ok()?;
        let persist = js_sys::Reflect::get(&storage, &"persist".into()).ok()?;
        let promise = js_sys::Function::from(persist).call0(&storage).ok()?;
        Some(js_sys::Promise::from(promise))
    })();
    if let Some(promise) = asked {
        let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    async fn what_the_browser_takes_back_at_the_end_is_not_taken_for_kept() {
        let work = Work::begin(&[Store::Habit]).await.expect("begun");
        let value = JsValue::from("x");
        work.put(Store::Habit, "a", &value).await.expect("put");
        let transaction = work.transaction.abort().expect("aborted");
        let database = work.database;
        let work = Work {
            database,
            transaction,
        };
        assert_eq!(work.commit().await, Err(DraftError::Full));
        assert_eq!(get(Store::Habit, "a").await, Ok(None));
    }

    #[wasm_bindgen_test]
    fn a_full_device_is_told_from_a_broken_one() {
        let full = web_sys::DomException::new_with_message_and_name("", "QuotaExceededError");
        let other = web_sys::DomException::new_with_message_and_name("", "UnknownError");
        assert_eq!(failed(full.expect("an exception")), DraftError::Full);
        assert_eq!(failed(other.expect("an exception")), DraftError::Storage);
    }
}
