//! The CSC's JSON, both editions: what they call the same thing differently, and what their errors mean.

use crate::client::Reply;
use crate::credential;
use crate::entry::CscVersion;
use crate::lenient::{self, bytes, number};
use crate::{ProviderCertificate, ProviderError, Request, SignedItem, Status};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use contract::value::{Serial, Sha256};
use serde_json::{Value, json};

/// SHA-256.
const HASH_ALGORITHM: &str = "2.16.840.1.101.3.4.2.1";
/// Signature algorithms that fit a SHA-256 digest, best known first: rsaEncryption, sha256WithRSAEncryption, ecdsa-with-SHA256,
/// ecPublicKey. RSASSA-PSS is not among them: its values need parameters that the portal does not write.
const SIGNATURE_ALGORITHMS: [&str; 4] = [
    "1.2.840.113549.1.1.1",
    "1.2.840.113549.1.1.11",
    "1.2.840.10045.4.3.2",
    "1.2.840.10045.2.1",
];
/// Longest description.
const DESCRIPTION_MAX: usize = 500;

/// How a key is released.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// The person confirms in the provider's app.
    Implicit,
    /// PIN, password or one-time code typed into our page, or a sign-in at the provider: not built.
    Other,
}

/// What signs for a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Credential {
    pub(super) id: String,
    pub(super) certificate: ProviderCertificate,
    algorithm: &'static str,
    pub(super) items_max: usize,
    pub(super) mode: Mode,
}

impl Credential {
    /// The serial of its certificate.
    pub(super) const fn serial(&self) -> &Serial {
        &self.certificate.serial
    }
}

fn words(answer: &Value) -> (String, String) {
    let text = |key: &str| {
        let text = answer.get(key).and_then(Value::as_str).unwrap_or_default();
        contract::fold::fold(text)
    };
    (text("error"), text("error_description"))
}

fn has(text: &str, parts: &[&str]) -> bool {
    parts.iter().any(|part| text.contains(part))
}

/// Whether a refusal is about the bearer token: an answer 401, or the words of RFC 6750.
pub(super) fn is_about_token(reply: &Reply) -> bool {
    let (error, _) = words(&reply.body);
    match error.as_str() {
        "invalid_token" | "expired_token" => true,
        "" => reply.status == 401,
        _ => false,
    }
}

/// An error where there is one: `{error, error_description}`, with an HTTP status that may say 200 all the same.
pub(super) fn accepted(reply: &Reply) -> Result<(), ProviderError> {
    let (error, description) = words(&reply.body);
    if reply.status < 400 && error.is_empty() {
        return Ok(());
    }
    Err(match error.as_str() {
        "invalid_token"
        | "expired_token"
        | "unauthorized_client"
        | "invalid_client"
        | "invalid_scope" => ProviderError::Credentials,
        "temporarily_unavailable" => ProviderError::Down(503),
        "server_error" => ProviderError::Down(500),
        _ if has(
            &description,
            &["disabled", "revoked", "suspended", "certificate expired"],
        ) =>
        {
            ProviderError::CertificateUnusable
        }
        _ if has(&description, &["userid", "credentialid"]) => ProviderError::NoCertificate,
        _ if has(&description, &["quota"]) => ProviderError::QuotaUsedUp,
        "" if reply.status == 401 => ProviderError::Credentials,
        _ => ProviderError::Refused(i64::from(reply.status.max(400))),
    })
}

/// Identifiers: `credentialIDs`; in the second edition also within `credentialInfos`.
pub(super) fn credential_ids(answer: &Value) -> Vec<String> {
    let plain = answer.get("credentialIDs").and_then(Value::as_array);
    let described = answer.get("credentialInfos").and_then(Value::as_array);
    let mut found: Vec<String> = plain
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .chain(
            described
                .into_iter()
                .flatten()
                .filter_map(|info| lenient::text(info, &["credentialID"])),
        )
        .map(str::to_owned)
        .collect();
    let mut seen = std::collections::HashSet::new();
    found.retain(|id| seen.insert(id.clone()));
    found
}

pub(super) fn next_page(answer: &Value) -> Option<String> {
    lenient::text(answer, &["nextPageToken"]).map(str::to_owned)
}

/// The answer of `credentials/info`. None when the certificate cannot be read or the key signs in no way we know.
pub(super) fn credential(id: &str, answer: &Value) -> Option<Credential> {
    let certificate = credential::certificate(answer)?;
    let offered: Vec<&str> = answer
        .pointer("/key/algo")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let algorithm = SIGNATURE_ALGORITHMS
        .into_iter()
        .find(|known| offered.contains(known))?;
    // `implicit` is the default of the first edition (11.5); the second names no mode of that kind unless it tells.
    let mode = answer
        .get("authMode")
        .or_else(|| answer.pointer("/auth/mode"))
        .and_then(Value::as_str)
        .unwrap_or("implicit");
    Some(Credential {
        id: id.to_owned(),
        certificate,
        algorithm,
        items_max: answer
            .get("multisign")
            .and_then(number)
            .and_then(|most| usize::try_from(most).ok())
            .map_or(1, |most| most.max(1)),
        mode: if mode.eq_ignore_ascii_case("implicit") {
            Mode::Implicit
        } else {
            Mode::Other
        },
    })
}

fn hashes(request: &Request) -> Vec<String> {
    request
        .items
        .iter()
        .map(|item| STANDARD.encode(item.digest.0))
        .collect()
}

pub(super) fn authorize(version: CscVersion, credential: &Credential, request: &Request) -> Value {
    let description: String = request.description.chars().take(DESCRIPTION_MAX).collect();
    let mut body = json!({
        "credentialID": credential.id,
        "numSignatures": request.items.len(),
        "description": description,
    });
    match version {
        CscVersion::V1 => body["hash"] = hashes(request).into(),
        CscVersion::V2 => {
            body["hashes"] = hashes(request).into();
            body["hashAlgorithmOID"] = HASH_ALGORITHM.into();
        }
    }
    body
}

/// What `credentials/authorize` led to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Permission {
    /// The signature activation data.
    Given(Sad),
    /// The person or time decided against it.
    Ended(Status),
}

/// Signature activation data: whoever has it may sign these hashes.
#[derive(PartialEq, Eq)]
pub(super) struct Sad(String);

impl std::fmt::Debug for Sad {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sad(…)")
    }
}

pub(super) fn permission(reply: &Reply) -> Result<Permission, ProviderError> {
    if let Some(sad) = lenient::text(&reply.body, &["SAD"])
        && reply.status < 400
    {
        return Ok(Permission::Given(Sad(sad.to_owned())));
    }
    let (error, description) = words(&reply.body);
    let ended = match error.as_str() {
        "" | "invalid_token" | "expired_token" | "unauthorized_client" => None,
        _ if has(&description, &["pin locked", "otp locked", "locked"]) => Some(Status::PinLocked),
        _ if has(
            &description,
            &["expired", "timed out", "timeout", "time out", "in time"],
        ) =>
        {
            Some(Status::Expired)
        }
        "access_denied" => Some(Status::Rejected),
        "invalid_pin" | "invalid_otp" => Some(Status::Failed),
        "authorization_timeout" => Some(Status::Expired),
        _ => None,
    };
    if let Some(status) = ended {
        return Ok(Permission::Ended(status));
    }
    accepted(reply)?;
    Err(ProviderError::Malformed("authorize gives no SAD"))
}

pub(super) fn sign(
    version: CscVersion,
    credential: &Credential,
    request: &Request,
    permission: &Sad,
) -> Value {
    let mut body = json!({
        "credentialID": credential.id,
        "SAD": permission.0,
        "signAlgo": credential.algorithm,
    });
    match version {
        CscVersion::V1 => {
            body["hash"] = hashes(request).into();
            body["hashAlgo"] = HASH_ALGORITHM.into();
        }
        CscVersion::V2 => {
            body["hashes"] = hashes(request).into();
            body["hashAlgorithmOID"] = HASH_ALGORITHM.into();
            body["operationMode"] = "S".into();
        }
    }
    body
}

/// Values in the order of the request.
pub(super) fn signatures(answer: &Value, request: &Request) -> Vec<SignedItem> {
    answer
        .get("signatures")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .zip(&request.items)
        .filter_map(|(value, item)| {
            Some(SignedItem {
                doc_id: item.doc_id.clone(),
                value: bytes(value.as_str()?)?,
            })
        })
        .collect()
}

pub(super) fn timestamp(version: CscVersion, digest: &Sha256, nonce: Option<&str>) -> Value {
    let mut body = json!({ "hash": STANDARD.encode(digest.0) });
    let key = match version {
        CscVersion::V1 => "hashAlgo",
        CscVersion::V2 => "hashAlgorithmOID",
    };
    body[key] = HASH_ALGORITHM.into();
    if let Some(nonce) = nonce {
        body["nonce"] = nonce.into();
    }
    body
}

pub(super) fn timestamp_token(answer: &Value) -> Result<Vec<u8>, ProviderError> {
    lenient::text(answer, &["timestamp"])
        .and_then(bytes)
        .ok_or(ProviderError::Malformed("there is no timestamp"))
}

#[cfg(test)]
mod tests;
