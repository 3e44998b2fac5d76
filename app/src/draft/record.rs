//! Values of an account on the device, sealed; what older versions of the site kept unsealed is read as well.

use super::DraftError;
use super::database::{self, Store};
use super::seal::{self, Sealed};
use js_sys::Uint8Array;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;
use wasm_bindgen::{JsCast as _, JsValue};

/// Seals a value for its place, e.g. for a [`database::Work`].
pub async fn sealed<T: Serialize>(
    account: Uuid,
    store: Store,
    at: &str,
    value: &T,
) -> Result<JsValue, DraftError> {
    let text = serde_json::to_vec(value).map_err(|_| DraftError::Storage)?;
    seal::seal(account, store, at, &text).await
}

/// Keeps a value.
pub async fn write<T: Serialize>(
    account: Uuid,
    store: Store,
    at: &str,
    value: &T,
) -> Result<(), DraftError> {
    let value = sealed(account, store, at, value).await?;
    database::put(store, at, &value).await
}

/// The bytes of a record.
pub async fn bytes(store: Store, at: &str, value: &JsValue) -> Result<Vec<u8>, DraftError> {
    if let Some(sealed) = Sealed::of(value) {
        return sealed.open(store, at).await;
    }
    if let Some(text) = value.as_string() {
        return Ok(text.into_bytes());
    }
    value
        .dyn_ref::<Uint8Array>()
        .map(Uint8Array::to_vec)
        .ok_or(DraftError::Missing)
}

/// The value of a record.
pub async fn opened<T: DeserializeOwned>(
    store: Store,
    at: &str,
    value: &JsValue,
) -> Result<T, DraftError> {
    let bytes = bytes(store, at, value).await?;
    serde_json::from_slice(&bytes).map_err(|_| DraftError::Missing)
}

/// Reads a value; none when nothing is there.
pub async fn read<T: DeserializeOwned>(store: Store, at: &str) -> Result<Option<T>, DraftError> {
    match database::get(store, at).await? {
        Some(value) => opened(store, at, &value).await.map(Some),
        None => Ok(None),
    }
}

/// Every value that can be read and is not sealed for somebody else.
pub async fn list<T: DeserializeOwned>(
    account: Uuid,
    store: Store,
) -> Result<Vec<(String, T)>, DraftError> {
    let mut found = Vec::new();
    for (at, value) in database::entries(store).await? {
        let foreign = Sealed::of(&value).is_some_and(|sealed| sealed.account() != account);
        if foreign {
            continue;
        }
        match opened(store, &at, &value).await {
            Ok(value) => found.push((at, value)),
            Err(DraftError::Locked) => return Err(DraftError::Locked),
            // A form this version does not know: it stays for the one that does.
            Err(_) => {}
        }
    }
    Ok(found)
}
