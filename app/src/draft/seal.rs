//! What lies on the device lies sealed: AES-GCM by a key that no script can read out, one for each account and device.
//!
//! The key is derived (HKDF-SHA-256) from a secret the server gives to the account's sessions and from a salt that stays on this
//! device. While somebody is signed in the browser keeps the key, so that work goes on without a network; signing out takes it away,
//! and signing in again brings the same one back. Without its salt nothing sealed by it can ever be read again.
//!
//! A value is sealed in pieces of a mebibyte. Each is bound to its store, key, account, place and number, so that none can be put
//! elsewhere, left out or exchanged.

use super::DraftError;
use super::database::{self, Store};
use crate::session;
use js_sys::{Array, Object, Reflect, Uint8Array};
use std::cell::RefCell;
use std::collections::BTreeMap;
use uuid::Uuid;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto};

/// The form of sealed records; another number is another form.
const VERSION: f64 = 1.0;
/// Bytes sealed at a time.
pub const PIECE_BYTES: usize = 1024 * 1024;
/// Random part of a nonce, in bytes; the piece's number is the rest.
const NONCE_RANDOM: usize = 8;

thread_local! {
    static KEYS: RefCell<BTreeMap<Uuid, CryptoKey>> = const { RefCell::new(BTreeMap::new()) };
}

fn failed<E>(_: E) -> DraftError {
    DraftError::Storage
}

fn object(entries: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in entries {
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object
}

/// None on an address that is not secure (http): browsers offer no cryptography there.
fn subtle() -> Result<SubtleCrypto, DraftError> {
    let crypto = web_sys::window()
        .ok_or(DraftError::Locked)?
        .crypto()
        .map_err(|_| DraftError::Locked)?;
    let subtle: JsValue = crypto.subtle().into();
    if subtle.is_undefined() {
        return Err(DraftError::Locked);
    }
    Ok(subtle.unchecked_into())
}

fn random<const N: usize>() -> Result<[u8; N], DraftError> {
    let mut bytes = [0; N];
    web_sys::window()
        .and_then(|window| window.crypto().ok())
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).ok())
        .ok_or(DraftError::Locked)?;
    Ok(bytes)
}

fn key_name(account: Uuid) -> String {
    format!("key/{account}")
}

fn salt_name(account: Uuid) -> String {
    format!("salt/{account}")
}

/// The key of an account: from memory, from the browser, or made with the server's secret while that account is signed in.
async fn key(account: Uuid) -> Result<CryptoKey, DraftError> {
    if let Some(key) = KEYS.with_borrow(|keys| keys.get(&account).cloned()) {
        return Ok(key);
    }
    let kept = database::get(Store::Key, &key_name(account)).await?;
    if let Some(key) = kept.and_then(|value| value.dyn_into::<CryptoKey>().ok()) {
        KEYS.with_borrow_mut(|keys| keys.insert(account, key.clone()));
        return Ok(key);
    }
    if !session::opens(account) {
        return Err(DraftError::Locked);
    }
    let secret = secret(account).await?;
    let key = derive(account, &secret).await?;
    secret.fill(0, 0, secret.length());
    KEYS.with_borrow_mut(|keys| keys.insert(account, key.clone()));
    if !session::on_shared_device() {
        database::put(Store::Key, &key_name(account), &key).await?;
    }
    Ok(key)
}

async fn secret(account: Uuid) -> Result<Uint8Array, DraftError> {
    if cfg!(test) {
        // Tests have no server.
        return Ok(Uint8Array::from([*account.as_bytes(); 2].as_flattened()));
    }
    crate::api::device_key()
        .await
        .map_err(|_| DraftError::Locked)
}

async fn derive(account: Uuid, secret: &Uint8Array) -> Result<CryptoKey, DraftError> {
    let fresh = Uint8Array::from(random::<32>()?.as_slice());
    // Windows that open at the same time come one after the other here, and find the same salt.
    let salt: JsValue = database::change(Store::Key, &salt_name(account), |known| {
        let salt = known.unwrap_or_else(|| fresh.into());
        Ok((salt.clone(), salt))
    })
    .await?;
    let subtle = subtle()?;
    let usages: JsValue = Array::of1(&"deriveKey".into()).into();
    let base = subtle
        .import_key_with_str("raw", secret, "HKDF", false, &usages)
        .map_err(failed)?;
    let base: CryptoKey = JsFuture::from(base).await.map_err(failed)?.unchecked_into();
    let info = format!("ho-so-ky-so/device/1/{account}");
    let how = object(&[
        ("name", "HKDF".into()),
        ("hash", "SHA-256".into()),
        ("salt", salt),
        ("info", Uint8Array::from(info.as_bytes()).into()),
    ]);
    let what = object(&[("name", "AES-GCM".into()), ("length", 256.into())]);
    let usages: JsValue = Array::of2(&"encrypt".into(), &"decrypt".into()).into();
    let key = subtle
        .derive_key_with_object_and_object(&how, &base, &what, false, &usages)
        .map_err(failed)?;
    Ok(JsFuture::from(key).await.map_err(failed)?.unchecked_into())
}

/// Nothing of an account can be read any more until it signs in again.
pub async fn lock(account: Uuid) -> Result<(), DraftError> {
    KEYS.with_borrow_mut(|keys| keys.remove(&account));
    database::delete(Store::Key, &key_name(account)).await
}

/// Nothing of an account can be read ever again on this device.
pub async fn destroy(account: Uuid) -> Result<(), DraftError> {
    lock(account).await?;
    database::delete(Store::Key, &salt_name(account)).await
}

/// No key stays in the memory of this window; those on the device are left alone.
pub fn forget() {
    KEYS.with_borrow_mut(BTreeMap::clear);
}

/// Takes away the keys of everybody else.
pub async fn lock_others(account: Uuid) -> Result<(), DraftError> {
    for (name, _) in database::entries(Store::Key).await? {
        let other = name
            .strip_prefix("key/")
            .and_then(|text| text.parse::<Uuid>().ok());
        if let Some(other) = other.filter(|other| *other != account) {
            lock(other).await?;
        }
    }
    KEYS.with_borrow_mut(|keys| keys.retain(|other, _| *other == account));
    Ok(())
}

/// What a piece is bound to.
fn bound(account: Uuid, store: Store, key: &str, size: usize, number: u32) -> Uint8Array {
    let text = format!("1|{}|{key}|{account}|{size}|{number}", store.name());
    Uint8Array::from(text.as_bytes())
}

fn gcm(nonce: &[u8], number: u32, bound: &Uint8Array) -> Object {
    let mut whole = nonce.to_vec();
    whole.extend(number.to_be_bytes());
    object(&[
        ("name", "AES-GCM".into()),
        ("iv", Uint8Array::from(whole.as_slice()).into()),
        ("additionalData", bound.clone().into()),
    ])
}

/// Seals a value for its place.
pub async fn seal(
    account: Uuid,
    store: Store,
    at: &str,
    bytes: &[u8],
) -> Result<JsValue, DraftError> {
    let (subtle, key) = (subtle()?, key(account).await?);
    let nonce = random::<NONCE_RANDOM>()?;
    let pieces = Array::new();
    let empty: [&[u8]; 1] = [&[]];
    let chunks: Vec<&[u8]> = if bytes.is_empty() {
        empty.to_vec()
    } else {
        bytes.chunks(PIECE_BYTES).collect()
    };
    for (number, piece) in (0_u32..).zip(chunks) {
        let bound = bound(account, store, at, bytes.len(), number);
        let sealed = subtle
            .encrypt_with_object_and_u8_array(&gcm(&nonce, number, &bound), &key, piece)
            .map_err(failed)?;
        let sealed = JsFuture::from(sealed).await.map_err(failed)?;
        pieces.push(&Uint8Array::new(&sealed));
    }
    #[allow(clippy::cast_precision_loss)] // No file comes near 2^53 bytes.
    let size = bytes.len() as f64;
    Ok(object(&[
        ("v", VERSION.into()),
        ("account", account.to_string().into()),
        ("nonce", Uint8Array::from(nonce.as_slice()).into()),
        ("size", size.into()),
        ("pieces", pieces.into()),
    ])
    .into())
}

/// A sealed value, as it lies on the device.
pub struct Sealed {
    account: Uuid,
    nonce: Vec<u8>,
    size: usize,
    pieces: Array,
}

impl Sealed {
    /// Reads a record; none when it is not sealed: as older versions of the site kept it.
    pub fn of(value: &JsValue) -> Option<Self> {
        let field = |name: &str| Reflect::get(value, &name.into()).ok();
        if field("v")?.as_f64()? != VERSION {
            return None;
        }
        let nonce = field("nonce")?.dyn_into::<Uint8Array>().ok()?.to_vec();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // written as a length
        let size = field("size")?.as_f64()? as usize;
        Some(Self {
            account: field("account")?.as_string()?.parse().ok()?,
            nonce,
            size,
            pieces: field("pieces")?.dyn_into().ok()?,
        })
    }

    /// Whose it is.
    pub const fn account(&self) -> Uuid {
        self.account
    }

    /// Its length, in bytes.
    pub const fn size(&self) -> usize {
        self.size
    }

    /// Whether both are the same sealing.
    pub fn is(&self, other: &Self) -> bool {
        self.nonce == other.nonce && self.account == other.account
    }

    /// Opens one piece.
    pub async fn piece(&self, store: Store, at: &str, number: u32) -> Result<Vec<u8>, DraftError> {
        let (subtle, key) = (subtle()?, key(self.account).await?);
        let bound = bound(self.account, store, at, self.size, number);
        let sealed: Uint8Array = self
            .pieces
            .get(number)
            .dyn_into()
            .map_err(|_| DraftError::Storage)?;
        let opened = subtle
            .decrypt_with_object_and_js_u8_array(&gcm(&self.nonce, number, &bound), &key, &sealed)
            .map_err(failed)?;
        let opened = JsFuture::from(opened).await.map_err(failed)?;
        Ok(Uint8Array::new(&opened).to_vec())
    }

    /// Opens all of it.
    pub async fn open(&self, store: Store, at: &str) -> Result<Vec<u8>, DraftError> {
        let mut bytes = Vec::with_capacity(self.size);
        for number in 0..self.pieces.length() {
            bytes.extend(self.piece(store, at, number).await?);
        }
        if bytes.len() == self.size {
            Ok(bytes)
        } else {
            Err(DraftError::Storage)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_browser);

    fn sealed(value: &JsValue) -> Sealed {
        Sealed::of(value).expect("sealed")
    }

    #[wasm_bindgen_test]
    async fn what_is_sealed_is_opened_in_its_place_and_nowhere_else() {
        let account = Uuid::new_v4();
        let text = "Nguyễn Văn Mẫu, 062099000011".as_bytes();
        let value = seal(account, Store::Draft, "a", text)
            .await
            .expect("sealed");
        let shown = js_sys::JSON::stringify(&value).expect("JSON");
        assert!(!String::from(shown).contains("062099000011"));
        let record = sealed(&value);
        assert_eq!(record.open(Store::Draft, "a").await.expect("opens"), text);
        assert!(record.open(Store::Draft, "b").await.is_err(), "another key");
        assert!(
            record.open(Store::File, "a").await.is_err(),
            "another store"
        );
        let moved = Sealed {
            account: Uuid::new_v4(),
            ..sealed(&value)
        };
        assert!(
            moved.open(Store::Draft, "a").await.is_err(),
            "another person"
        );
    }

    #[wasm_bindgen_test]
    async fn large_files_lie_in_pieces_that_keep_their_order() {
        let account = Uuid::new_v4();
        let bytes: Vec<u8> = (0..PIECE_BYTES * 2 + 7)
            .map(|n| n.to_le_bytes()[1])
            .collect();
        let value = seal(account, Store::File, "a", &bytes)
            .await
            .expect("sealed");
        let record = sealed(&value);
        assert_eq!((record.pieces.length(), record.size()), (3, bytes.len()));
        assert_eq!(
            record.piece(Store::File, "a", 2).await.expect("opens"),
            &bytes[PIECE_BYTES * 2..]
        );
        assert_eq!(record.open(Store::File, "a").await.expect("opens"), bytes);
        let swapped = sealed(&value);
        let first = swapped.pieces.get(0);
        swapped.pieces.set(0, swapped.pieces.get(1));
        swapped.pieces.set(1, first);
        assert!(swapped.open(Store::File, "a").await.is_err());
        let empty = seal(account, Store::File, "b", &[]).await.expect("sealed");
        assert_eq!(
            sealed(&empty).open(Store::File, "b").await.expect("opens"),
            Vec::<u8>::new()
        );
    }

    #[wasm_bindgen_test]
    async fn the_key_goes_and_comes_back_and_is_destroyed_with_its_salt() {
        let account = Uuid::new_v4();
        let value = seal(account, Store::Draft, "a", b"x")
            .await
            .expect("sealed");
        let open = async || sealed(&value).open(Store::Draft, "a").await;
        lock(account).await.expect("locked");
        session::pretend(None);
        assert_eq!(open().await, Err(DraftError::Locked));
        session::pretend(Some(account));
        assert_eq!(open().await.expect("the same secret opens it"), b"x");
        // Another window signed out: the key is gone there, and from the memory here.
        database::delete(Store::Key, &key_name(account))
            .await
            .expect("gone");
        session::pretend(None);
        assert_eq!(open().await.expect("still in memory"), b"x");
        forget();
        assert_eq!(open().await, Err(DraftError::Locked));
        session::pretend(Some(account));
        assert_eq!(open().await.expect("again"), b"x");
        lock_others(Uuid::new_v4()).await.expect("locked");
        session::pretend(None);
        assert_eq!(open().await, Err(DraftError::Locked));
        destroy(account).await.expect("destroyed");
        session::pretend(Some(account));
        assert_eq!(open().await, Err(DraftError::Storage), "another salt");
        session::pretend_anybody();
    }

    #[wasm_bindgen_test]
    async fn no_script_can_read_the_key_out() {
        let account = Uuid::new_v4();
        seal(account, Store::Draft, "a", b"x")
            .await
            .expect("sealed");
        let kept = database::get(Store::Key, &key_name(account)).await;
        let key: CryptoKey = kept.expect("read").expect("kept").unchecked_into();
        assert!(!key.extractable());
    }
}
