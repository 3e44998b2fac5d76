//! Which certificates somebody has, and what each is: `credentials/list` by pages, `credentials/info`.

use super::{Answer, Refusal, Shared, Version, answered, called};
use crate::Sandbox;
use crate::protocol::{Fields, b64, compact_time, standing};
use crate::subscriber::{Credential, Standing};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{OriginalUri, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;
use serde_json::json;
use std::sync::Arc;

/// Credentials on a page when the caller names no number.
const PAGE: usize = 10;

pub(super) async fn list(
    State(sandbox): Shared,
    uri: OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answered(listed(&sandbox, Version::of(uri.path()), &headers, &body).await)
}

async fn listed(
    sandbox: &Arc<Sandbox>,
    version: Version,
    headers: &HeaderMap,
    body: &[u8],
) -> Answer {
    let fields = called(sandbox, version, headers, body)?;
    let fields = Fields(&fields);
    // The token is the service's, not a person's: the person has to be named.
    let account = fields.text("userID").map_err(Refusal::bad)?;
    let size = match fields.0.get("maxResults") {
        None => PAGE,
        Some(_) => {
            let most = fields.number("maxResults").map_err(Refusal::bad)?;
            usize::try_from(most).unwrap_or(PAGE)
        }
    };
    if size == 0 {
        return Err(Refusal::bad("maxResults is 0"));
    }
    let start = match fields.optional("pageToken").map_err(Refusal::bad)? {
        None => 0,
        Some(token) => token
            .strip_prefix("from-")
            .and_then(|number| number.parse().ok())
            .ok_or_else(|| Refusal::bad("pageToken is none of ours"))?,
    };
    let known = sandbox.listed_credentials(version.code(), account).await;
    let ids: Vec<String> = known
        .iter()
        .skip(start)
        .take(size)
        .map(|credential| credential_id(account, credential))
        .collect();
    let mut answer = json!({ "credentialIDs": ids });
    if start.saturating_add(size) < known.len() {
        answer["nextPageToken"] = format!("from-{}", start + size).into();
    }
    Ok(Json(answer).into_response())
}

/// The service's name of a certificate: whose it is and which.
fn credential_id(account: &str, credential: &Credential) -> String {
    format!(
        "csc-{account}-{}",
        credential.serial.get(..16).unwrap_or("0")
    )
}

pub(super) async fn credential(
    sandbox: &Arc<Sandbox>,
    version: Version,
    fields: Fields<'_>,
) -> Result<(String, Arc<Credential>), Refusal> {
    let id = fields.text("credentialID").map_err(Refusal::bad)?;
    let account = id.split('-').nth(1).unwrap_or_default().to_owned();
    sandbox
        .listed_credentials(version.code(), &account)
        .await
        .into_iter()
        .find(|credential| credential_id(&account, credential) == id)
        .map(|credential| (account, credential))
        .ok_or_else(|| Refusal::bad("Invalid parameter credentialID"))
}

pub(super) fn algorithms(credential: &Credential) -> Vec<&'static str> {
    if credential.kind.is_rsa() {
        vec!["1.2.840.113549.1.1.1", "1.2.840.113549.1.1.11"]
    } else {
        vec![
            "1.2.840.10045.4.3.2",
            "1.2.840.10045.4.3.3",
            "1.2.840.10045.4.3.4",
        ]
    }
}

pub(super) async fn credential_info(
    State(sandbox): Shared,
    uri: OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answered(described(&sandbox, Version::of(uri.path()), &headers, &body).await)
}

async fn described(
    sandbox: &Arc<Sandbox>,
    version: Version,
    headers: &HeaderMap,
    body: &[u8],
) -> Answer {
    let fields = called(sandbox, version, headers, body)?;
    let fields = Fields(&fields);
    let depth = fields
        .optional("certificates")
        .map_err(Refusal::bad)?
        .unwrap_or("single");
    let flag = |key: &str| match fields.0.get(key) {
        None => Ok(false),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(_) => Err(Refusal::bad(format!("{key} is no boolean"))),
    };
    let (with_info, with_auth) = (flag("certInfo")?, flag("authInfo")?);
    let (_, credential) = credential(sandbox, version, fields).await?;
    let (issuing, root) = &sandbox.subscribers.chain;
    let certificates = match depth {
        "none" => Vec::new(),
        "single" => vec![b64(&credential.certificate)],
        "chain" => vec![b64(&credential.certificate), b64(issuing), b64(root)],
        _ => return Err(Refusal::bad("certificates is not none, single or chain")),
    };
    let standing = standing(sandbox, version.code(), &credential);
    let mut certificate = json!({ "status": match standing {
        Standing::Good => "valid",
        Standing::Expired => "expired",
        Standing::Revoked => "revoked",
        Standing::Suspended => "suspended",
    } });
    if depth != "none" {
        certificate["certificates"] = certificates.into();
    }
    if with_info {
        certificate["issuerDN"] = credential.issuer.as_str().into();
        certificate["serialNumber"] = credential.serial.as_str().into();
        certificate["subjectDN"] = credential.subject.as_str().into();
        certificate["validFrom"] = compact_time(credential.from).into();
        certificate["validTo"] = compact_time(credential.to).into();
    }
    let mut key = json!({
        "status": if standing == Standing::Good { "enabled" } else { "disabled" },
        "algo": algorithms(&credential), "len": credential.kind.bits(),
    });
    match credential.kind {
        crate::key::Kind::P256 => key["curve"] = "1.2.840.10045.3.1.7".into(),
        crate::key::Kind::P384 => key["curve"] = "1.3.132.0.34".into(),
        _ => {}
    }
    let mut answer = json!({
        "description": "SANDBOX, test key", "key": key, "cert": certificate, "SCAL": "2", "multisign": 100,
    });
    match version {
        Version::V1 => answer["authMode"] = "implicit".into(),
        Version::V2 if with_auth => answer["auth"] = json!({ "mode": "implicit" }),
        Version::V2 => answer["auth"] = json!({ "mode": "implicit" }),
    }
    Ok(Json(answer).into_response())
}
