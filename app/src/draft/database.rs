//! IndexedDB: six stores, keyed by identifier.

use super::DraftError;
use idb::{Database, DatabaseEvent as _, Factory, ObjectStoreParams, TransactionMode};
use wasm_bindgen::JsValue;

const NAME: &str = "ho-so-ky-so";
const VERSION: u32 = 2;

/// What is kept where.
#[derive(Debug, Clone, Copy)]
pub(super) enum Store {
    Draft,
    File,
    Original,
    Pending,
    PreparedFile,
    Habit,
}

const ALL: [Store; 6] = [
    Store::Draft,
    Store::File,
    Store::Original,
    Store::Pending,
    Store::PreparedFile,
    Store::Habit,
];

impl Store {
    const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::File => "file",
            Self::Original => "original",
            Self::Pending => "pending",
            Self::PreparedFile => "prepared-file",
            Self::Habit => "habit",
        }
    }
}

fn failed<E>(_: E) -> DraftError {
    DraftError::Storage
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
    request.await.map_err(failed)
}

/// Writes one value.
pub(super) async fn put(store: Store, key: &str, value: &JsValue) -> Result<(), DraftError> {
    let database = open().await?;
    let transaction = database
        .transaction(&[store.name()], TransactionMode::ReadWrite)
        .map_err(failed)?;
    let request = transaction
        .object_store(store.name())
        .map_err(failed)?
        .put(value, Some(&key.into()))
        .map_err(failed)?;
    request.await.map_err(failed)?;
    transaction.await.map_err(failed)?;
    database.close();
    Ok(())
}

/// Changes one value in one transaction: tabs that do so at the same time do it one after the other.
pub(super) async fn change<T>(
    store: Store,
    key: &str,
    edit: impl FnOnce(Option<JsValue>) -> Result<(JsValue, T), DraftError>,
) -> Result<T, DraftError> {
    let database = open().await?;
    let transaction = database
        .transaction(&[store.name()], TransactionMode::ReadWrite)
        .map_err(failed)?;
    let objects = transaction.object_store(store.name()).map_err(failed)?;
    let request = objects.get(JsValue::from(key)).map_err(failed)?;
    let (value, result) = edit(request.await.map_err(failed)?)?;
    let request = objects.put(&value, Some(&key.into())).map_err(failed)?;
    request.await.map_err(failed)?;
    transaction.await.map_err(failed)?;
    database.close();
    Ok(result)
}

/// Reads one value.
pub(super) async fn get(store: Store, key: &str) -> Result<Option<JsValue>, DraftError> {
    let database = open().await?;
    let transaction = database
        .transaction(&[store.name()], TransactionMode::ReadOnly)
        .map_err(failed)?;
    let request = transaction
        .object_store(store.name())
        .map_err(failed)?
        .get(JsValue::from(key))
        .map_err(failed)?;
    let value = request.await.map_err(failed)?;
    database.close();
    Ok(value)
}

/// Reads every value.
pub(super) async fn all(store: Store) -> Result<Vec<JsValue>, DraftError> {
    let database = open().await?;
    let transaction = database
        .transaction(&[store.name()], TransactionMode::ReadOnly)
        .map_err(failed)?;
    let request = transaction
        .object_store(store.name())
        .map_err(failed)?
        .get_all(None, None)
        .map_err(failed)?;
    let values = request.await.map_err(failed)?;
    database.close();
    Ok(values)
}

/// Removes one value.
pub(super) async fn delete(store: Store, key: &str) -> Result<(), DraftError> {
    let database = open().await?;
    let transaction = database
        .transaction(&[store.name()], TransactionMode::ReadWrite)
        .map_err(failed)?;
    let request = transaction
        .object_store(store.name())
        .map_err(failed)?
        .delete(JsValue::from(key))
        .map_err(failed)?;
    request.await.map_err(failed)?;
    transaction.await.map_err(failed)?;
    database.close();
    Ok(())
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
