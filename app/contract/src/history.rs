//! `Xem lịch sử ký số`: what the portal recorded of the signings of a dossier's files, beside what the files prove.
//!
//! `GET /api/officer/dossiers/{id}/signings` gives [`DossierSignings`]; [`merge`] brings one file's record and its validation together;
//! `GET …/signings/protocol` is the same on paper, sealed by the portal, and `GET …/signings/evidence` as [`Protocol`].

mod merge;
#[cfg(test)]
mod tests;
pub mod words;

pub use merge::{PREPARED_MS, SKEW_MS, merge};

use crate::dossier::DossierStatus;
use crate::provider::ProviderCode;
use crate::report::FileReport;
use crate::signing::{SigningEventKind, SigningFailure, SigningState};
use crate::validation::Verdict;
use crate::value::{Base64, DossierCode, FileName, Serial, Sha256, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The portal's side for every file of a dossier, former ones last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DossierSignings {
    /// Files, in the dossier's order.
    pub files: Vec<RecordedFile>,
}

/// What the portal recorded of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordedFile {
    /// The attachment.
    pub attachment: Uuid,
    /// Its name.
    pub file_name: FileName,
    /// Name of its component.
    pub component: String,
    /// SHA-256 of the bytes that arrived.
    pub sha256: Sha256,
    /// The server's verdict when it arrived; none where it never did.
    #[serde(default)]
    pub verdict: Option<Verdict>,
    /// When it was handed in, where that is known.
    #[serde(default)]
    pub handed_in_at: Option<Timestamp>,
    /// It was replaced since.
    #[serde(default)]
    pub former: bool,
    /// What it is.
    #[serde(default)]
    pub kind: PaperKind,
    /// Whose seal this portal put on it after the persons, by the certificate's own name; empty for none.
    #[serde(default)]
    pub seal: String,
    /// Every attempt to sign it, oldest first: those the dossier names, and those that came to nothing.
    pub signings: Vec<RecordedSigning>,
}

/// What a file with a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum PaperKind {
    /// A component: the citizen handed it in.
    #[default]
    Component,
    /// A file of the result: an officer added it, and [`RecordedFile::handed_in_at`] says when.
    Result,
    /// A slip that an officer signed: this portal drew it at [`RecordedFile::handed_in_at`].
    Slip,
}

/// One transaction as far as it concerns one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordedSigning {
    /// Its number here.
    pub id: Uuid,
    /// Who asked, by name.
    pub asked_by: String,
    /// From which kind of network; never a whole address.
    #[serde(default)]
    pub origin: Origin,
    /// Provider.
    pub provider: ProviderCode,
    /// The provider's name.
    pub provider_name: String,
    /// Account at the provider, masked.
    pub account: String,
    /// Serial of the chosen certificate.
    pub serial: Serial,
    /// Its subject's name.
    pub owner: String,
    /// Its issuer's name.
    pub issuer: String,
    /// SHA-256 of it.
    pub certificate_sha256: Sha256,
    /// How it stands.
    pub state: SigningState,
    /// More about a failure.
    #[serde(default)]
    pub failure: Option<SigningFailure>,
    /// When it was asked for.
    pub started_at: Timestamp,
    /// The provider's number.
    #[serde(default)]
    pub provider_transaction: Option<String>,
    /// The digest that was to be signed for this file; none when the transaction does not name it.
    #[serde(default)]
    pub digest: Option<Sha256>,
    /// SHA-256 of the document that was prepared.
    #[serde(default)]
    pub document_sha256: Option<Sha256>,
    /// Whether a value for this file came and was verified.
    pub has_value: bool,
    /// Files of the whole transaction.
    pub files: usize,
    /// Whether the dossier names it: the file is said to carry its signature.
    pub announced: bool,
    /// What happened, oldest first.
    pub events: Vec<RecordedEvent>,
}

/// One line of the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordedEvent {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: SigningEventKind,
    /// Who, by name; empty for the provider and the portal.
    #[serde(default)]
    pub actor: String,
}

/// From which network a request came: its class and its provider's range, so that nobody's connection is named.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "class", content = "range")]
pub enum Origin {
    /// It was not recorded.
    #[default]
    Unknown,
    /// The machine itself.
    Local,
    /// A private network.
    Private,
    /// The internet; the first 16 (IPv4) or 32 (IPv6) bits of the address.
    Public(String),
}

impl Origin {
    /// Of an address.
    #[must_use]
    pub fn of(address: std::net::IpAddr) -> Self {
        use std::net::{IpAddr, Ipv6Addr};
        match address {
            _ if address.is_unspecified() => Self::Unknown,
            _ if address.is_loopback() => Self::Local,
            IpAddr::V4(four) if four.is_private() || four.is_link_local() => Self::Private,
            IpAddr::V4(four) => {
                let [a, b, ..] = four.octets();
                Self::Public(format!("{a}.{b}.0.0/16"))
            }
            IpAddr::V6(six) if six.is_unique_local() || six.is_unicast_link_local() => {
                Self::Private
            }
            IpAddr::V6(six) => {
                let [a, b, ..] = six.segments();
                Self::Public(format!("{}/32", Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0)))
            }
        }
    }
}

/// One file's record and proof, brought together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct History {
    /// Everything in one row of time; what has no time stands last.
    pub entries: Vec<Entry>,
    /// Where record and proof differ, gravest first.
    pub disagreements: Vec<Disagreement>,
    /// Which recorded signing made which signature: places in [`RecordedFile::signings`] and in the report.
    pub pairs: Vec<(usize, usize)>,
}

/// One line of the merged history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Entry {
    /// When; none where nothing tells.
    #[serde(default)]
    pub at: Option<Timestamp>,
    /// What.
    #[serde(flatten)]
    pub what: Happening,
}

/// What happened, and who says so. Numbers are places in [`RecordedFile::signings`], its events, and the report's signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Happening {
    /// The portal recorded an event.
    Recorded {
        /// Of which signing.
        signing: usize,
        /// Which of its events.
        event: usize,
    },
    /// A signature names this time as that of signing.
    Signed {
        /// Which.
        signature: usize,
    },
    /// A timestamp proves that a signature existed.
    Proven {
        /// Which.
        signature: usize,
    },
    /// A timestamp over the whole document.
    Stamped {
        /// Which.
        signature: usize,
    },
    /// The file was handed in, added or drawn.
    HandedIn,
    /// The document was changed after a signature; when, nothing tells.
    Changed {
        /// After which.
        signature: usize,
    },
}

impl Happening {
    /// Who says so.
    #[must_use]
    pub const fn source(self) -> Source {
        match self {
            Self::Recorded { .. } | Self::HandedIn => Source::Portal,
            Self::Signed { .. }
            | Self::Proven { .. }
            | Self::Stamped { .. }
            | Self::Changed { .. } => Source::File,
        }
    }
}

/// Who says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The portal recorded it.
    Portal,
    /// The file proves it.
    File,
}

/// Where record and proof differ. Numbers as in [`Happening`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Disagreement {
    /// The bytes are not those that were handed in.
    OtherFile {
        /// Of the bytes that were checked.
        found: Sha256,
    },
    /// The portal recorded a finished signing whose signature the file does not carry.
    Missing {
        /// Which.
        signing: usize,
    },
    /// The dossier names a signing that was made for other files.
    NotNamed {
        /// Which.
        signing: usize,
    },
    /// The file has a signature of a signing that was never confirmed.
    NotConfirmed {
        /// Which.
        signing: usize,
        /// Which.
        signature: usize,
    },
    /// Same certificate and time, but another digest was signed.
    OtherDigest {
        /// Which.
        signing: usize,
        /// Which.
        signature: usize,
    },
    /// The certificate in the file has another serial number than the recorded one.
    OtherSerial {
        /// Which.
        signing: usize,
        /// Which.
        signature: usize,
    },
    /// Same serial number, another certificate.
    OtherCertificate {
        /// Which.
        signing: usize,
        /// Which.
        signature: usize,
    },
    /// The certificate in the file belongs to another identity number than the recorded account.
    OtherPerson {
        /// Which.
        signing: usize,
        /// Which.
        signature: usize,
    },
    /// The time the file names as that of signing does not lie within the signing.
    OutsideSigning {
        /// Which.
        signing: usize,
        /// Which.
        signature: usize,
        /// That time.
        at: Timestamp,
    },
    /// A timestamp proves a time at which the signing had not been asked for.
    ProvenBefore {
        /// Which.
        signing: usize,
        /// Which.
        signature: usize,
        /// That time.
        at: Timestamp,
    },
    /// A timestamp proves a time at which the portal held the file already.
    ProvenAfter {
        /// Which.
        signing: usize,
        /// Which.
        signature: usize,
        /// That time.
        at: Timestamp,
    },
    /// The file has a signature that no signing made.
    Unrecorded {
        /// Which.
        signature: usize,
    },
    /// The portal recorded that it put a seal on the file, which has no trusted signature of that name.
    SealMissing,
    /// The file has another number of signatures than were made here.
    Count {
        /// Finished signings the dossier names.
        recorded: usize,
        /// Signatures of persons in the file, without the seal.
        found: usize,
    },
    /// The verdict now is another than when the file arrived.
    OtherVerdict {
        /// Then.
        then: Verdict,
        /// Now.
        now: Verdict,
    },
}

/// How grave a disagreement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// The two cannot both be right.
    Grave,
    /// There may be a good reason; somebody has to look.
    Attention,
}

impl Disagreement {
    /// How grave it is.
    #[must_use]
    pub const fn weight(&self) -> Weight {
        match self {
            Self::Unrecorded { .. } | Self::Count { .. } | Self::OtherVerdict { .. } => {
                Weight::Attention
            }
            _ => Weight::Grave,
        }
    }
}

/// What [`Protocol::format`] says.
pub const FORMAT: &str = "ho-so-ky-so/signing-history";
/// Version of the shape.
pub const VERSION: u32 = 1;

/// The signing history of files of a dossier with its evidence, to be kept and checked elsewhere. Times are milliseconds since 1970 UTC,
/// digests lower-case hexadecimal, DER Base64. Fields are only ever added.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Protocol {
    /// Always [`FORMAT`].
    pub format: String,
    /// Always [`VERSION`] here.
    pub version: u32,
    /// When it was made.
    pub made_at: Timestamp,
    /// Who asked for it, by name.
    pub made_for: String,
    /// The dossier.
    pub code: DossierCode,
    /// Its procedure.
    pub procedure: String,
    /// Who has it.
    pub agency: String,
    /// The applicant's name.
    pub applicant: String,
    /// The applicant's identity number, masked.
    pub applicant_id: String,
    /// How it stands.
    pub status: DossierStatus,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// The files.
    pub files: Vec<FileProtocol>,
}

/// One file of a [`Protocol`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FileProtocol {
    /// What the portal recorded.
    pub recorded: RecordedFile,
    /// What the file proves, as the server found it when the protocol was made; none for a file that is no PDF.
    #[serde(default)]
    pub proof: Option<FileReport>,
    /// Both together.
    pub history: History,
    /// The disagreements as sentences, in their order.
    pub warnings: Vec<String>,
    /// What the proof rests on.
    pub evidence: FileEvidence,
}

/// Objects a file carries that prove its signatures, each once.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FileEvidence {
    /// Certificates, DER: those of the file and the roots it was checked against.
    pub certificates: Vec<Base64>,
    /// OCSP answers, DER.
    pub ocsp: Vec<Base64>,
    /// Revocation lists, DER.
    pub crls: Vec<Base64>,
    /// Timestamp tokens, DER.
    pub timestamps: Vec<Base64>,
    /// Raw signature values, in the order of the report's signatures.
    pub values: Vec<Base64>,
}
