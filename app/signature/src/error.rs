//! Why something could not be signed; each turns into one sentence on screen through [`SignError::problem`].

use crate::certificate::CertificateError;
use crate::timestamp::TimestampError;
use crate::value::VerifyError;
use contract::worker::{FieldRefusal, Signability, WorkerProblem};

/// Why a signature could not be prepared or finished. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// There is no `%PDF-` header near the beginning.
    #[error("not a PDF file")]
    NotPdf,
    /// The document cannot take a signature.
    #[error("the document cannot be signed: {0:?}")]
    NotSignable(Signability),
    /// The document is signed: a copy without its password would not be.
    #[error("a signed document cannot be unlocked")]
    UnlockBreaksSignatures,
    /// The page index is past the last page.
    #[error("the page does not exist")]
    PageMissing,
    /// The box is off the page, smaller than anything readable, or not finite.
    #[error("the box cannot hold a signature")]
    BoxUnusable,
    /// Marks were asked for, but the document carries a signature or a certification that new annotations would hurt.
    #[error("a signed document takes no marks")]
    MarksRefused,
    /// The document is certified: a new box on a page would hurt that.
    #[error("a certified document takes no new box")]
    BoxForbidden,
    /// The field that was asked for cannot be signed.
    #[error("the field cannot be signed: {0:?}")]
    FieldRefused(FieldRefusal),
    /// Only the first signature of a document can certify it.
    #[error("a signed document cannot be certified")]
    CertifiedLate,
    /// The image is neither PNG nor JPEG, is damaged, or has too many pixels.
    #[error("the image cannot be read")]
    ImageUnreadable,
    /// The mode shows an image but none was given.
    #[error("the appearance needs an image")]
    ImageMissing,
    /// The signer's or an issuer's certificate cannot be read.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// The signature value does not fit certificate and digest: nothing was embedded.
    #[error(transparent)]
    Value(#[from] VerifyError),
    /// Prepared bytes and `PreparedSignature` do not belong together.
    #[error("the prepared document is not the one that was prepared")]
    PreparedMismatch,
    /// The CMS is larger than the space reserved for it: other certificates than at preparation.
    #[error("the signature needs {needed} bytes but {reserved} were reserved")]
    SpaceExceeded {
        /// Bytes of the CMS.
        needed: usize,
        /// Bytes of `/Contents`.
        reserved: usize,
    },
    /// The CMS with its timestamp is larger than the space reserved for it, or none was reserved: it can still be finished without.
    #[error("the timestamp makes the signature {needed} bytes but {reserved} were reserved")]
    TimestampTooLarge {
        /// Bytes of the CMS with the token.
        needed: usize,
        /// Bytes of `/Contents`.
        reserved: usize,
    },
    /// The timestamp cannot be used: it can still be finished without.
    #[error(transparent)]
    Timestamp(#[from] TimestampError),
    /// The finished file did not come out of validation as it should: it was thrown away.
    #[error("the finished file does not validate: {0}")]
    SelfCheckFailed(&'static str),
    /// The revocation data says that the signer's certificate or one above it is revoked.
    #[error("the signer's certificate is revoked")]
    Revoked,
    /// The file is longer than offsets of this update can express.
    #[error("the file is too large")]
    TooLarge,
    /// The built-in font is unusable: a defect of the program, not of the input.
    #[error("the built-in font cannot be used: {0}")]
    Font(&'static str),
}

impl SignError {
    /// The same for the page.
    #[must_use]
    pub fn problem(&self) -> WorkerProblem {
        match self {
            Self::NotPdf => WorkerProblem::NotPdf,
            Self::NotSignable(why) => WorkerProblem::NotSignable { why: *why },
            Self::UnlockBreaksSignatures => WorkerProblem::UnlockBreaksSignatures,
            Self::PageMissing => WorkerProblem::PageUnreadable,
            Self::BoxUnusable => WorkerProblem::BoxUnusable,
            Self::MarksRefused => WorkerProblem::MarksRefused,
            Self::BoxForbidden => WorkerProblem::BoxForbidden,
            Self::FieldRefused(why) => WorkerProblem::FieldRefused { why: *why },
            Self::CertifiedLate => WorkerProblem::CertifiedLate,
            Self::ImageUnreadable | Self::ImageMissing => WorkerProblem::ImageUnreadable,
            Self::Certificate(_) | Self::Value(VerifyError::Certificate(_)) => {
                WorkerProblem::CertificateUnreadable
            }
            Self::Value(VerifyError::Mismatch) => WorkerProblem::ValueMismatch,
            Self::TooLarge => WorkerProblem::TooLarge,
            Self::Timestamp(_) | Self::TimestampTooLarge { .. } => WorkerProblem::TimestampRefused,
            Self::SelfCheckFailed(_) => WorkerProblem::SelfCheckFailed,
            Self::Revoked => WorkerProblem::CertificateRevoked,
            Self::PreparedMismatch | Self::SpaceExceeded { .. } | Self::Font(_) => {
                WorkerProblem::Other {
                    detail: self.to_string(),
                }
            }
        }
    }
}

impl From<SignError> for WorkerProblem {
    fn from(error: SignError) -> Self {
        error.problem()
    }
}
