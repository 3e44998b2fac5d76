//! MySign's JSON: numbers as text, certificates in an array without a name, states as numbers.

use crate::callback;
use crate::client::Reply;
use crate::credential;
use crate::lenient::{self, bytes, number};
use crate::plain::plain;
use crate::{ProviderCertificate, ProviderError, Request, SignedItem, Started, Status};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use contract::value::Serial;
use serde_json::{Value, json};

/// SHA-256.
const HASH_ALGORITHM: &str = "2.16.840.1.101.3.4.2.1";
/// `rsaEncryption`: what a credential signs with that does not tell.
const RSA: &str = "1.2.840.113549.1.1.1";
/// Texts on the phone have to stay below 100 letters of base64: 72 bytes are 96 letters.
const TEXT_BYTES_MAX: usize = 72;

/// What signs for a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Credential {
    pub(super) id: String,
    pub(super) certificate: ProviderCertificate,
    /// Algorithm of the key, as the provider names it.
    algorithm: String,
    /// Most hashes of one request.
    pub(super) items_max: usize,
    /// `authMode` is `implicit` (or not told): the app asks for the PIN, nobody else.
    pub(super) is_confirmed_on_the_phone: bool,
}

impl Credential {
    /// The serial of its certificate.
    pub(super) const fn serial(&self) -> &Serial {
        &self.certificate.serial
    }
}

fn error_number(answer: &Value) -> Option<i64> {
    let error = answer.get("error")?;
    number(error).or_else(|| {
        // "58008: user not found"
        let text = error.as_str()?;
        let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    })
}

fn error_text(answer: &Value) -> String {
    let texts: Vec<&str> = [answer.get("error"), answer.get("error_description")]
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    contract::fold::fold(&texts.join(" "))
}

/// Whether a 401 is about the bearer token and not about who asks.
pub(super) fn is_about_token(answer: &Value) -> bool {
    error_number(answer).is_none()
}

/// An error where there is one: `{error, error_description}`, with an HTTP status that may say 200 all the same.
pub(super) fn accepted(reply: &Reply) -> Result<(), ProviderError> {
    let answer = &reply.body;
    let failed = answer.get("error").is_some_and(|error| !error.is_null()) || reply.status >= 400;
    if !failed {
        return Ok(());
    }
    let text = error_text(answer);
    match error_number(answer) {
        Some(58007 | 86024 | 86002 | 59033) => Err(ProviderError::Credentials),
        Some(58008) => Err(ProviderError::NoCertificate),
        Some(13004) => Err(ProviderError::CertificateUnusable),
        Some(4005) => Err(ProviderError::QuotaUsedUp),
        Some(50000) => Err(ProviderError::Down(500)),
        Some(other) => Err(ProviderError::Refused(other)),
        None if reply.status == 401 || text.contains("invalid_client") => {
            Err(ProviderError::Credentials)
        }
        None if reply.status == 404 => Err(ProviderError::Refused(404)),
        None => Err(ProviderError::Refused(i64::from(reply.status))),
    }
}

/// The credentials of an account: an array, or one alone, or either in `data`. One whose certificate cannot be read is left out.
pub(super) fn credentials(answer: &Value) -> Result<Vec<Credential>, ProviderError> {
    let inner = answer.get("data").unwrap_or(answer);
    let found: Vec<Credential> = match inner {
        Value::Array(list) => list.iter().filter_map(credential).collect(),
        object => credential(object).into_iter().collect(),
    };
    if found.is_empty() {
        Err(ProviderError::NoCertificate)
    } else {
        Ok(found)
    }
}

fn credential(entry: &Value) -> Option<Credential> {
    let id = lenient::text(entry, &["credential_id", "credentialID", "credentialId"])?;
    let certificate = credential::certificate(entry)?;
    let algorithm = entry
        .pointer("/key/algo")
        .and_then(Value::as_array)
        .and_then(|list| list.iter().find_map(Value::as_str))
        .unwrap_or(RSA);
    let items_max = entry
        .get("multisign")
        .and_then(number)
        .and_then(|most| usize::try_from(most).ok())
        .filter(|most| *most > 0)
        .unwrap_or(usize::MAX);
    Some(Credential {
        id: id.to_owned(),
        certificate,
        algorithm: algorithm.to_owned(),
        items_max,
        is_confirmed_on_the_phone: credential::is_or_untold(entry.get("authMode"), "implicit"),
    })
}

/// Text for the phone: base64 of plain ASCII.
fn shown(text: &str) -> String {
    STANDARD.encode(plain(text, TEXT_BYTES_MAX))
}

pub(super) fn sign(
    client_id: &str,
    client_secret: &str,
    credential: &Credential,
    request: &Request,
    webhook: bool,
) -> Value {
    let documents: Vec<Value> = request
        .items
        .iter()
        .enumerate()
        .map(|(position, item)| {
            let id = if webhook {
                callback::document_id(request.transaction, position)
            } else {
                (position + 1).to_string()
            };
            json!({ "document_id": id, "document_name": shown(&item.doc_id) })
        })
        .collect();
    let hashes: Vec<String> = request
        .items
        .iter()
        .map(|item| STANDARD.encode(item.digest.0))
        .collect();
    json!({
        "client_id": client_id,
        "client_secret": client_secret,
        "credentialID": credential.id,
        "numSignatures": request.items.len(),
        "description": shown(&request.description),
        "documents": documents,
        "hash": hashes,
        "hashAlgo": HASH_ALGORITHM,
        "signAlgo": credential.algorithm,
        "async": if webhook { 3 } else { 1 },
    })
}

/// The answer to `signHash`: a number to ask with, or the values at once.
pub(super) fn started(answer: &Value, doc_ids: &[String]) -> Result<Started, ProviderError> {
    let place = answer.get("data").unwrap_or(answer);
    let code = lenient::text(place, &["transactionId", "transactionID", "transaction_id"])
        .map(str::to_owned)
        .or_else(|| number(place.get("transactionId")?).map(|number| number.to_string()));
    let signed = values(place, doc_ids);
    if code.is_none() && signed.is_empty() {
        return Err(ProviderError::Malformed("signHash gives no transactionId"));
    }
    Ok(Started {
        provider_code: code,
        expires_in: ["expires_in", "expired_in"]
            .iter()
            .find_map(|key| lenient::seconds(place.get(key)?)),
        signed: (!signed.is_empty()).then_some(signed),
        ended: None,
    })
}

/// Values in the order of the request; one that is missing leaves its place empty.
fn values(place: &Value, doc_ids: &[String]) -> Vec<SignedItem> {
    place
        .get("signatures")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .zip(doc_ids)
        .filter_map(|(item, doc_id)| {
            let value = item
                .as_str()
                .or_else(|| lenient::text(item, &["signature", "signature_value"]))
                .and_then(bytes)?;
            Some(SignedItem {
                doc_id: doc_id.clone(),
                value,
            })
        })
        .collect()
}

/// The answer to `requests/status`. A value is the only proof of success.
pub(super) fn status(reply: &Reply, doc_ids: &[String]) -> Result<Status, ProviderError> {
    let place = reply.body.get("data").unwrap_or(&reply.body);
    let found = values(place, doc_ids);
    if !found.is_empty() {
        return Ok(Status::Signed(found));
    }
    match place.get("status").and_then(number) {
        Some(state) => state_of(state),
        None => match error_number(&reply.body) {
            Some(state @ (4000..=4005 | 6000 | 13004 | 50000)) => state_of(state),
            _ if reply.status == 404 || says_unknown(&reply.body) => Ok(Status::Unknown),
            _ => {
                accepted(reply)?;
                Err(ProviderError::Malformed("the status is no number"))
            }
        },
    }
}

fn says_unknown(answer: &Value) -> bool {
    let text = error_text(answer);
    text.contains("transaction")
        && ["not found", "not exist", "unknown", "invalid"]
            .iter()
            .any(|words| text.contains(words))
}

const fn state_of(state: i64) -> Result<Status, ProviderError> {
    match state {
        // 1 without a value: the values are on their way.
        1 | 4000 | 6000 => Ok(Status::Pending),
        4001 => Ok(Status::Expired),
        4002 => Ok(Status::Rejected),
        // Authorising the key failed: in VNPT's list of the same numbers, and in practice after too many wrong PINs.
        4003 => Ok(Status::PinLocked),
        4005 => Err(ProviderError::QuotaUsedUp),
        13004 => Err(ProviderError::CertificateUnusable),
        // Its own trouble: the request may still be decided, so it is asked again until its time is over.
        50000 => Err(ProviderError::Down(500)),
        _ => Ok(Status::Failed),
    }
}

#[cfg(test)]
mod tests;
