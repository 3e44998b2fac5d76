//! The problem document of the wire (RFC 9457) and the codes behind every sentence a person reads.

use crate::value::ValueError;
use serde::{Deserialize, Serialize};

/// Media type of [`Problem`].
pub const MEDIA_TYPE: &str = "application/problem+json";

/// `application/problem+json`: what went wrong, for the page to put into words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Problem {
    /// What happened; the page chooses the sentence by it.
    pub code: ProblemCode,
    /// HTTP status.
    pub status: u16,
    /// The same in English for people who read logs; never personal data, never a secret.
    pub title: String,
    /// Where the request was wrong, field by field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldProblem>,
    /// A number to quote to the help line; also in the server's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// One field of a request that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FieldProblem {
    /// JSON pointer into the request, e.g. `/applicant/phone`.
    pub pointer: String,
    /// Why.
    pub error: ValueError,
}

/// Everything that can go wrong between page and server, one sentence each in `app/src/text`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ProblemCode {
    /// Not signed in, or the session ended.
    SignInRequired,
    /// The user name or password is wrong.
    WrongCredentials,
    /// Too many failed sign-ins; locked for a while.
    AccountLocked,
    /// The password is right; a code of the authenticator app is wanted too.
    CodeRequired,
    /// The code came too long after the password, or there was none: the sign-in begins anew.
    SignInTooSlow,
    /// The code is wrong, was used already or is too old.
    WrongCode,
    /// Who works here has to set up codes of an authenticator app first.
    SecondFactorRequired,
    /// Who asks proved too long ago who they are.
    ConfirmationRequired,
    /// The link was used, is too old or was never sent.
    LinkUnusable,
    /// The new password is among those that are guessed first.
    PasswordGuessed,
    /// The new password is in the operator's list of those that leaked.
    PasswordLeaked,
    /// The role or the agency does not allow it.
    Forbidden,
    /// No such thing, or it belongs to somebody else.
    NotFound,
    /// Fields are wrong; see `fields`.
    Invalid,
    /// Somebody or another tab changed it first; reload.
    Conflict,
    /// The dossier was changed in another window while this one handed it in; nothing was submitted.
    DossierChanged,
    /// The address does not know this method; `Allow` says which it knows.
    MethodNotAllowed,
    /// The body is of another kind than the one that is read here.
    MediaUnsupported,
    /// It took longer than it may.
    TimedOut,
    /// The body is larger than allowed.
    TooLarge,
    /// Too many requests; wait.
    TooMany,
    /// The uploaded bytes are not those that were announced (length or SHA-256 differ).
    UploadMismatch,
    /// The uploaded file is not a PDF that can be read.
    NotPdf,
    /// A signature of the uploaded file is not valid.
    SignatureInvalid,
    /// The file is signed, but not by the signing transaction it names.
    SignatureMismatch,
    /// A required component has no file, so the dossier cannot be submitted.
    ComponentMissing,
    /// The provider knows no certificate for this account.
    NoCertificate,
    /// The certificate is expired, revoked or may not sign.
    CertificateUnusable,
    /// The provider does not answer.
    ProviderDown,
    /// The provider answered with an error that is none of the others.
    ProviderRefused,
    /// The provider releases this account's key by a password or code typed into a web page, which this portal never asks for.
    ProviderModeUnsupported,
    /// The provider failed too often lately, or too many people wait for it: it is not asked for a while.
    ProviderBusy,
    /// The timestamp authority cannot be reached or refused.
    TimestampUnavailable,
    /// There is no seal that this portal trusts.
    SealUnavailable,
    /// This provider is not set up on this portal.
    ProviderUnknown,
    /// The file to convert is no DOC or DOCX that can be read, or it has a password.
    NotConvertible,
    /// This portal converts no Word files.
    ConversionUnavailable,
    /// Too many files wait for conversion.
    ConversionBusy,
    /// The scanner found malware in the file.
    MalwareFound,
    /// Files are scanned here before they are taken, and the scanner does not answer.
    ScannerUnavailable,
    /// The personal document store is full.
    QuotaUsedUp,
    /// The payment gateway does not answer, or there is none.
    GatewayUnavailable,
    /// Files cannot be kept or read right now: the store does not answer, or the disk is full.
    StorageUnavailable,
    /// The server failed; nothing was changed.
    Internal,
    /// The page got no answer (no network).
    Offline,
}
