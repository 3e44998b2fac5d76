//! Status of certificates and timestamps: OCSP, revocation lists, issuers' certificates, RFC 3161. Certificates name these places
//! at `http://pki.sandbox.test/…`; they are served here at the same paths.

mod crl;
mod ocsp;
mod tsa;
mod write;

use crate::Sandbox;
use crate::fault::{Call, Fault, PKI};
use crate::key::Hash;
use crate::protocol::with_mistake;
use crate::subscriber::Standing;
use anyhow::Result;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::sync::Arc;

type Shared = State<Arc<Sandbox>>;

pub(crate) fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/ocsp", post(ask))
        .route("/ocsp/{*request}", get(ask_by_get))
        .route("/crl/issuing.crl", get(issuing_list))
        .route("/crl/root.crl", get(root_list))
        .route("/certificates/issuing.cer", get(issuing))
        .route("/certificates/root.cer", get(root))
        .route("/tsa", post(stamp))
}

/// A certificate of the issuing CA, and how it stands.
#[derive(Debug, Clone)]
struct Known {
    /// Without leading zeros.
    serial: Vec<u8>,
    /// When it was revoked or suspended, in seconds since 1970.
    revoked: Option<(u64, Standing)>,
}

impl Sandbox {
    /// All certificates of the issuing CA made so far.
    fn issued(&self) -> Vec<Known> {
        let services = [&self.authority.responder.0, &self.authority.stamper.0];
        let services = services.into_iter().map(|certificate| Known {
            serial: certificate
                .tbs_certificate()
                .serial_number()
                .as_bytes()
                .to_vec(),
            revoked: None,
        });
        let changed = self.manners().standings.clone();
        let people = self.subscribers.made().map(|credential| {
            let (standing, at) = changed
                .get(&credential.serial)
                .copied()
                // Those that were never good since tests began.
                .unwrap_or((credential.standing, credential.from + 3600));
            let revoked = matches!(standing, Standing::Revoked | Standing::Suspended);
            Known {
                serial: hex::decode(&credential.serial).unwrap_or_default(),
                revoked: revoked.then_some((at, standing)),
            }
        });
        services.chain(people).collect()
    }

    /// Whether values of this kind of call are to be spoiled.
    fn spoils(&self, call: Call) -> bool {
        !self
            .faults()
            .strike_named(PKI, call, &[Fault::WrongSignature])
            .is_empty()
    }

    /// A timestamp token over a digest, for the API of the Cloud Signature Consortium.
    pub(crate) fn timestamp(
        &self,
        hash: Hash,
        digest: &[u8],
        nonce: Option<&[u8]>,
    ) -> Result<Vec<u8>> {
        tsa::token(
            &self.authority,
            &tsa::Wanted {
                hash,
                digest,
                nonce: nonce.map(write::integer),
                with_certificates: true,
                at: self.clock(PKI),
                spoiled: self.spoils(Call::Timestamp),
            },
        )
    }
}

fn typed(kind: &'static str, bytes: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, kind)], bytes).into_response()
}

fn broken(error: &anyhow::Error) -> Response {
    tracing::error!(%error, "the PKI service failed");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

fn has_type(headers: &HeaderMap, kind: &str) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(kind.as_bytes()))
}

async fn ask(State(sandbox): Shared, headers: HeaderMap, body: Bytes) -> Response {
    if !has_type(&headers, "application/ocsp-request") {
        return with_mistake(
            StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response(),
            "Content-Type is not application/ocsp-request",
        );
    }
    answered(&sandbox, &body)
}

async fn ask_by_get(State(sandbox): Shared, Path(request): Path<String>) -> Response {
    match STANDARD.decode(request.trim_start_matches('/')) {
        Ok(request) => answered(&sandbox, &request),
        Err(_) => with_mistake(
            typed("application/ocsp-response", ocsp::malformed()),
            "the path is no base64",
        ),
    }
}

fn answered(sandbox: &Sandbox, request: &[u8]) -> Response {
    let now = sandbox.clock(PKI);
    let spoiled = sandbox.spoils(Call::Revocation);
    match ocsp::answer(&sandbox.authority, &sandbox.issued(), request, now, spoiled) {
        Ok((answer, mistake)) => {
            let response = typed("application/ocsp-response", answer);
            match mistake {
                Some(mistake) => with_mistake(response, mistake),
                None => response,
            }
        }
        Err(error) => broken(&error),
    }
}

async fn issuing_list(State(sandbox): Shared) -> Response {
    listed(&sandbox, true).await
}

async fn root_list(State(sandbox): Shared) -> Response {
    listed(&sandbox, false).await
}

async fn listed(sandbox: &Arc<Sandbox>, of_issuing: bool) -> Response {
    let now = sandbox.clock(PKI);
    let (authority, issued) = (Arc::clone(&sandbox.authority), sandbox.issued());
    // An RSA signature: not on the threads that answer.
    let made = tokio::task::spawn_blocking(move || {
        if of_issuing {
            crl::list(&authority.issuing, &authority.issuing_key, &issued, now)
        } else {
            crl::list(&authority.root, &authority.root_key, &[], now)
        }
    });
    match made.await.map_err(anyhow::Error::from).flatten() {
        Ok(list) => typed("application/pkix-crl", list),
        Err(error) => broken(&error),
    }
}

async fn issuing(State(sandbox): Shared) -> Response {
    typed("application/pkix-cert", sandbox.subscribers.chain.0.clone())
}

async fn root(State(sandbox): Shared) -> Response {
    typed("application/pkix-cert", sandbox.subscribers.chain.1.clone())
}

async fn stamp(State(sandbox): Shared, headers: HeaderMap, body: Bytes) -> Response {
    if !has_type(&headers, "application/timestamp-query") {
        return with_mistake(
            StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response(),
            "Content-Type is not application/timestamp-query",
        );
    }
    let (now, spoiled) = (sandbox.clock(PKI), sandbox.spoils(Call::Timestamp));
    match tsa::answer(&sandbox.authority, &body, now, spoiled) {
        Ok((answer, mistake)) => {
            let response = typed("application/timestamp-reply", answer);
            match mistake {
                Some(mistake) => with_mistake(response, mistake),
                None => response,
            }
        }
        Err(error) => broken(&error),
    }
}
