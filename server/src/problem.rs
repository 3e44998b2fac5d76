//! Every error as `application/problem+json`; details of the database or a provider never leave the server.

use axum::Json;
use axum::extract::Request;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use contract::problem::{FieldProblem, MEDIA_TYPE, Problem, ProblemCode};
use provider::ProviderError;
use store::{FileError, StoreError};
use uuid::Uuid;

/// An error on its way to the page.
#[derive(Debug)]
pub struct Failure {
    /// Kind.
    pub(crate) code: ProblemCode,
    fields: Vec<FieldProblem>,
}

/// What handlers return.
pub type Answer<T> = Result<T, Failure>;

impl From<ProblemCode> for Failure {
    fn from(code: ProblemCode) -> Self {
        Self {
            code,
            fields: Vec::new(),
        }
    }
}

impl Failure {
    /// Wrong fields.
    pub fn invalid(fields: Vec<FieldProblem>) -> Self {
        Self {
            code: ProblemCode::Invalid,
            fields,
        }
    }

    /// What the store says while a dossier is handed in: a conflict is another window that announced it anew, and what to do then is
    /// another thing than to load it again.
    pub fn while_handing_in(error: StoreError) -> Self {
        match error {
            StoreError::Conflict => ProblemCode::DossierChanged.into(),
            other => other.into(),
        }
    }

    /// Something of ours broke: logged, not told.
    pub fn internal(error: &dyn std::fmt::Display) -> Self {
        tracing::error!(%error, "internal error");
        ProblemCode::Internal.into()
    }
}

const fn status(code: ProblemCode) -> StatusCode {
    match code {
        ProblemCode::SignInRequired
        | ProblemCode::WrongCredentials
        | ProblemCode::CodeRequired
        | ProblemCode::SignInTooSlow
        | ProblemCode::WrongCode => StatusCode::UNAUTHORIZED,
        ProblemCode::Forbidden
        | ProblemCode::SecondFactorRequired
        | ProblemCode::ConfirmationRequired => StatusCode::FORBIDDEN,
        ProblemCode::NotFound | ProblemCode::ProviderUnknown | ProblemCode::NoCertificate => {
            StatusCode::NOT_FOUND
        }
        ProblemCode::Conflict | ProblemCode::DossierChanged => StatusCode::CONFLICT,
        ProblemCode::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        ProblemCode::MediaUnsupported => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ProblemCode::TimedOut => StatusCode::GATEWAY_TIMEOUT,
        ProblemCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ProblemCode::TooMany | ProblemCode::AccountLocked => StatusCode::TOO_MANY_REQUESTS,
        ProblemCode::Invalid
        | ProblemCode::LinkUnusable
        | ProblemCode::PasswordGuessed
        | ProblemCode::PasswordLeaked
        | ProblemCode::UploadMismatch
        | ProblemCode::NotPdf
        | ProblemCode::NotConvertible
        | ProblemCode::MalwareFound
        | ProblemCode::QuotaUsedUp
        | ProblemCode::SignatureInvalid
        | ProblemCode::SignatureMismatch
        | ProblemCode::ComponentMissing
        | ProblemCode::CertificateUnusable
        | ProblemCode::ProviderModeUnsupported => StatusCode::UNPROCESSABLE_ENTITY,
        ProblemCode::ProviderBusy
        | ProblemCode::ConversionBusy
        | ProblemCode::ConversionUnavailable
        | ProblemCode::TimestampUnavailable
        | ProblemCode::ScannerUnavailable
        | ProblemCode::SealUnavailable
        | ProblemCode::GatewayUnavailable
        | ProblemCode::StorageUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        ProblemCode::ProviderDown | ProblemCode::ProviderRefused => StatusCode::BAD_GATEWAY,
        ProblemCode::Internal | ProblemCode::Offline => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The code of a refusal that has none of its own: what stands around the handlers answers with a status only.
fn code(status: StatusCode) -> ProblemCode {
    match status {
        StatusCode::UNAUTHORIZED => ProblemCode::SignInRequired,
        StatusCode::FORBIDDEN => ProblemCode::Forbidden,
        StatusCode::NOT_FOUND => ProblemCode::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => ProblemCode::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => ProblemCode::TooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ProblemCode::MediaUnsupported,
        StatusCode::TOO_MANY_REQUESTS => ProblemCode::TooMany,
        StatusCode::GATEWAY_TIMEOUT => ProblemCode::TimedOut,
        _ if status.as_u16() < 500 => ProblemCode::Invalid,
        _ => ProblemCode::Internal,
    }
}

/// Sees to it that every refusal is a problem: a method that is not there, a body that is too large, time that ran out.
pub async fn told(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    let is_problem = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|of| of.as_bytes() == MEDIA_TYPE.as_bytes());
    if is_problem || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let mut made = Failure::from(code(status)).with(status);
    for (name, value) in response.headers() {
        if ![header::CONTENT_TYPE, header::CONTENT_LENGTH].contains(name) {
            made.headers_mut().append(name, value.clone());
        }
    }
    made
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = status(self.code);
        self.with(status)
    }
}

impl Failure {
    fn with(self, status: StatusCode) -> Response {
        let request_id = crate::operate::request_id().unwrap_or_else(Uuid::new_v4);
        let request_id = request_id.simple().to_string();
        tracing::info!(code = ?self.code, status = status.as_u16(), request_id, "refused");
        let problem = Problem {
            code: self.code,
            status: status.as_u16(),
            title: format!("{:?}", self.code),
            fields: self.fields,
            request_id: request_id.get(..8).map(str::to_owned),
        };
        (status, [(header::CONTENT_TYPE, MEDIA_TYPE)], Json(problem)).into_response()
    }
}

/// What came through layers that do not know of answers: a store that is not to be had stays one.
impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        match error.downcast::<StoreError>() {
            Ok(error) => error.into(),
            Err(error) => match error.downcast::<FileError>() {
                Ok(error) => error.into(),
                Err(error) => Self::internal(&format!("{error:#}")),
            },
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => ProblemCode::NotFound.into(),
            StoreError::Conflict => ProblemCode::Conflict.into(),
            StoreError::TooMany => ProblemCode::TooMany.into(),
            other if other.is_unstorable_text() => ProblemCode::Invalid.into(),
            other if other.is_unavailable() => {
                tracing::error!(error = %other, "the database is not to be had");
                ProblemCode::StorageUnavailable.into()
            }
            other => Self::internal(&other),
        }
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        match error {
            FileError::NotFound => ProblemCode::NotFound.into(),
            FileError::Store(_) | FileError::Folder(_) | FileError::Place(_) => {
                tracing::error!(%error, "files");
                ProblemCode::StorageUnavailable.into()
            }
            FileError::Claim(error) => error.into(),
            FileError::Damaged | FileError::Thread(_) => Self::internal(&error),
        }
    }
}

impl From<ProviderError> for Failure {
    fn from(error: ProviderError) -> Self {
        tracing::warn!(%error, "provider");
        match error {
            ProviderError::Unreachable | ProviderError::NoAnswer | ProviderError::Down(_) => {
                ProblemCode::ProviderDown
            }
            ProviderError::NoCertificate => ProblemCode::NoCertificate,
            ProviderError::CertificateUnusable => ProblemCode::CertificateUnusable,
            ProviderError::Busy => ProblemCode::ProviderBusy,
            ProviderError::ModeUnsupported => ProblemCode::ProviderModeUnsupported,
            ProviderError::Credentials
            | ProviderError::QuotaUsedUp
            | ProviderError::Refused(_)
            | ProviderError::Malformed(_) => ProblemCode::ProviderRefused,
        }
        .into()
    }
}

impl From<JsonRejection> for Failure {
    fn from(rejection: JsonRejection) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => ProblemCode::TooLarge.into(),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => ProblemCode::MediaUnsupported.into(),
            _ => ProblemCode::Invalid.into(),
        }
    }
}

impl From<PathRejection> for Failure {
    fn from(_: PathRejection) -> Self {
        ProblemCode::NotFound.into()
    }
}

impl From<QueryRejection> for Failure {
    fn from(_: QueryRejection) -> Self {
        ProblemCode::Invalid.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dossier_that_changes_while_it_is_handed_in_has_a_problem_of_its_own() {
        let told = |error| Failure::while_handing_in(error).code;
        assert_eq!(told(StoreError::Conflict), ProblemCode::DossierChanged);
        assert_eq!(told(StoreError::NotFound), ProblemCode::NotFound);
        assert_eq!(status(ProblemCode::DossierChanged), StatusCode::CONFLICT);
        let word = serde_json::to_string(&ProblemCode::DossierChanged).expect("word");
        assert_eq!(word, "\"dossier-changed\"");
    }
}
