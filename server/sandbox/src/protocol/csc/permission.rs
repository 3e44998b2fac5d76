//! The person's permission and what it is spent for: `credentials/authorize`, `signatures/signHash`.

use super::credentials::{algorithms, credential};
use super::{Answer, Refusal, Shared, Version, algorithm, answered, called};
use crate::Sandbox;
use crate::desk::{Asked, Item, Request, State as Stands, Value as Signed};
use crate::key::Hash;
use crate::protocol::{Fields, Read, b64, standing};
use crate::subscriber::Standing;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{OriginalUri, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;

/// Permissions given: which request each belongs to.
#[derive(Debug, Default)]
pub(crate) struct Permissions(HashMap<String, String>);

/// Seconds a permission lives.
const SAD_SECONDS: u64 = 300;
/// Most digests of one permission.
const MOST: u64 = 100;

pub(super) async fn authorize(
    State(sandbox): Shared,
    uri: OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answered(authorized(&sandbox, Version::of(uri.path()), &headers, &body).await)
}

async fn authorized(
    sandbox: &Arc<Sandbox>,
    version: Version,
    headers: &HeaderMap,
    body: &[u8],
) -> Answer {
    let fields = called(sandbox, version, headers, body)?;
    let fields = Fields(&fields);
    let (account, credential) = credential(sandbox, version, fields).await?;
    let number = fields.number("numSignatures").map_err(Refusal::bad)?;
    if number == 0 || number > MOST {
        return Err(Refusal::bad("Numbers of signatures is too high"));
    }
    let hash = match fields.optional(version.algorithm()).map_err(Refusal::bad)? {
        None => Hash::Sha256,
        Some(oid) => algorithm(oid)?,
    };
    // SCAL 2: a permission is for these digests only.
    let hashes = fields
        .hashes(version.hashes(), hash.size())
        .map_err(Refusal::bad)?;
    if u64::try_from(hashes.len()) != Ok(number) {
        return Err(Refusal::bad("numSignatures does not fit the hashes"));
    }
    let description = fields
        .optional("description")
        .map_err(Refusal::bad)?
        .unwrap_or_default();
    if description.chars().count() > 500 {
        return Err(Refusal::bad("description has more than 500 characters"));
    }
    if standing(sandbox, version.code(), &credential) != Standing::Good {
        return Err(Refusal::bad(
            "The credential identified by credentialID is disabled",
        ));
    }
    let items = hashes
        .into_iter()
        .enumerate()
        .map(|(position, digest)| Item {
            doc_id: format!("hash-{}", position + 1),
            digest,
        })
        .collect();
    let request = sandbox
        .open(Asked {
            provider: version.code(),
            transaction: String::new(),
            known_by_callers_number: false,
            account,
            serial: credential.serial.clone(),
            description: description.to_owned(),
            hash,
            items,
            permission_only: true,
            webhook: None,
        })
        .map_err(|_| Refusal::bad("the request exists"))?;
    let decided = sandbox.decided(version.code(), &request.code).await;
    let denied = |mistake: &str| Err(Refusal(400, "access_denied", mistake.into()));
    match decided.map(|request| request.state) {
        Some(Stands::Permitted) => {
            let sad = format!("SAD-{}", uuid::Uuid::new_v4().simple());
            sandbox
                .permissions()
                .0
                .insert(sad.clone(), request.code.clone());
            Ok(Json(json!({ "SAD": sad, "expiresIn": SAD_SECONDS })).into_response())
        }
        Some(Stands::Rejected) => denied("The user refused on the phone"),
        Some(Stands::PinLocked) => Err(Refusal(400, "invalid_pin", "PIN locked".into())),
        Some(Stands::Expired) => denied("The user did not answer in time: expired"),
        _ => Err(Refusal(500, "server_error", "the request is gone".into())),
    }
}

pub(super) async fn sign_hash(
    State(sandbox): Shared,
    uri: OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answered(signed(&sandbox, Version::of(uri.path()), &headers, &body).await)
}

/// The request a permission belongs to, if it is for this credential and these digests.
fn permitted(
    sandbox: &Sandbox,
    version: Version,
    sad: &str,
    serial: &str,
    hashes: &[Vec<u8>],
) -> Read<Request> {
    let code = sandbox
        .permissions()
        .0
        .get(sad)
        .cloned()
        .ok_or("Invalid parameter SAD")?;
    let mut desk = sandbox.desk();
    let request = desk
        .find(version.code(), &code)
        .ok_or("Invalid parameter SAD")?;
    let asked = &request.asked;
    if request.created_at + SAD_SECONDS + desk_lifetime(request) < crate::desk::now() {
        return Err("The SAD has expired".into());
    }
    if asked.serial != serial {
        return Err("The SAD is for another credential".into());
    }
    if !hashes
        .iter()
        .all(|hash| asked.items.iter().any(|item| item.digest == *hash))
    {
        return Err("Hash is not authorized by the SAD".into());
    }
    if asked.items.len() != hashes.len() {
        return Err("The SAD is for another number of signatures".into());
    }
    Ok(request.clone())
}

/// How long the request could wait for its person.
const fn desk_lifetime(request: &Request) -> u64 {
    request.expires_at - request.created_at
}

async fn signed(
    sandbox: &Arc<Sandbox>,
    version: Version,
    headers: &HeaderMap,
    body: &[u8],
) -> Answer {
    let fields = called(sandbox, version, headers, body)?;
    let fields = Fields(&fields);
    let (_, credential) = credential(sandbox, version, fields).await?;
    let sad = fields.text("SAD").map_err(Refusal::bad)?;
    let name = fields.text("signAlgo").map_err(Refusal::bad)?;
    if !algorithms(&credential).contains(&name) {
        return Err(Refusal::bad("Invalid parameter signAlgo"));
    }
    // Required unless the signature algorithm tells it.
    let hash = match fields.optional(version.algorithm()).map_err(Refusal::bad)? {
        Some(oid) => algorithm(oid)?,
        None => match name {
            "1.2.840.113549.1.1.11" | "1.2.840.10045.4.3.2" => Hash::Sha256,
            "1.2.840.10045.4.3.3" => Hash::Sha384,
            "1.2.840.10045.4.3.4" => Hash::Sha512,
            _ => return Err(Refusal::bad("Missing hash algorithm")),
        },
    };
    let hashes = fields
        .hashes(version.hashes(), hash.size())
        .map_err(Refusal::bad)?;
    if version == Version::V2
        && fields
            .optional("operationMode")
            .map_err(Refusal::bad)?
            .is_some_and(|mode| mode != "S")
    {
        return Err(Refusal::bad("operationMode A is not offered"));
    }
    let request =
        permitted(sandbox, version, sad, &credential.serial, &hashes).map_err(Refusal::bad)?;
    let claimed = sandbox.desk().claim(
        version.code(),
        &request.code,
        &Stands::Permitted,
        Stands::Signing,
    );
    let Some(claimed) = claimed else {
        return Err(Refusal::bad("The SAD has been used"));
    };
    sandbox.permissions().0.remove(sad);
    sandbox.make_values(&claimed).await;
    let values = match sandbox.standing_of(version.code(), &request.code) {
        Some(Request {
            state: Stands::Signed(values),
            ..
        }) => values,
        _ => return Err(Refusal(500, "server_error", "signing failed".into())),
    };
    let signatures = in_order(&request, &hashes, &values);
    Ok(Json(json!({ "signatures": signatures })).into_response())
}

/// Values in the order of the digests of this call.
fn in_order(request: &Request, hashes: &[Vec<u8>], values: &[Signed]) -> Vec<String> {
    let asked: Vec<&[u8]> = request
        .asked
        .items
        .iter()
        .map(|item| item.digest.as_slice())
        .collect();
    if asked == hashes {
        return values.iter().map(|signed| b64(&signed.value)).collect();
    }
    hashes
        .iter()
        .filter_map(|hash| {
            let item = request
                .asked
                .items
                .iter()
                .find(|item| item.digest == *hash)?;
            let value = values.iter().find(|value| value.doc_id == item.doc_id)?;
            Some(b64(&value.value))
        })
        .collect()
}
