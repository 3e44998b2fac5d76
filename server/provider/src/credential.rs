//! Credentials in the manner of the CSC API, which MySign shares: how their certificate is told, and what is remembered of them between
//! the list that a person saw and the request that follows.

use crate::lenient::{bytes, serial, text};
use crate::{ProviderCertificate, ProviderError};
use contract::value::{CitizenId, Serial};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Most credentials that are remembered; then all are forgotten and asked for again.
const REMEMBERED_MAX: usize = 4096;

/// The certificate of `credentials/info` (CSC API 1.0.4, 11.5): `cert` and the state of `key`. None when it cannot be read.
pub(crate) fn certificate(info: &Value) -> Option<ProviderCertificate> {
    let cert = info.get("cert")?;
    let mut chain = cert
        .get("certificates")?
        .as_array()?
        .iter()
        .filter_map(|item| bytes(item.as_str()?));
    let der = chain.next()?;
    let serial = serial(&der)
        .or_else(|| text(cert, &["serialNumber"]).and_then(|text| text.parse().ok()))?;
    let active = is_or_untold(cert.get("status"), "valid")
        && is_or_untold(info.pointer("/key/status"), "enabled");
    Some(ProviderCertificate {
        der,
        chain: chain.collect(),
        serial,
        active,
    })
}

/// Whether a state is this word, or is not told.
pub(crate) fn is_or_untold(state: Option<&Value>, word: &str) -> bool {
    state
        .and_then(Value::as_str)
        .is_none_or(|state| state.eq_ignore_ascii_case(word))
}

/// What is remembered, by account and serial.
#[derive(Debug)]
pub(crate) struct Remembered<C>(Mutex<HashMap<(CitizenId, Serial), C>>);

impl<C> Default for Remembered<C> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<C: Clone> Remembered<C> {
    fn lock(&self) -> MutexGuard<'_, HashMap<(CitizenId, Serial), C>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers what an account has.
    pub(crate) fn keep(&self, account: &CitizenId, found: &[C], serial: impl Fn(&C) -> &Serial) {
        let mut all = self.lock();
        if all.len() + found.len() > REMEMBERED_MAX {
            all.clear();
        }
        for credential in found {
            all.insert(
                (account.clone(), serial(credential).clone()),
                credential.clone(),
            );
        }
    }

    /// One that was kept.
    pub(crate) fn get(&self, account: &CitizenId, serial: &Serial) -> Option<C> {
        self.lock().get(&(account.clone(), serial.clone())).cloned()
    }
}

/// The one of these that a request names.
pub(crate) fn of_serial<C>(
    found: Vec<C>,
    wanted: &Serial,
    serial: impl Fn(&C) -> &Serial,
) -> Result<C, ProviderError> {
    found
        .into_iter()
        .find(|credential| serial(credential) == wanted)
        .ok_or(ProviderError::NoCertificate)
}
