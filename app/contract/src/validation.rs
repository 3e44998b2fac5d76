//! What the validator says of a PDF: the same report in the browser, on the server and from `server verify --json`.

use crate::value::{Serial, Sha256, Timestamp};
use serde::{Deserialize, Serialize};

/// The whole report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ValidationReport {
    /// One word for the file: the worst of its signatures.
    pub verdict: Verdict,
    /// Every signature field that holds or claims a signature, in order of revision.
    pub signatures: Vec<SignatureReport>,
    /// What concerns the file and no single signature.
    #[serde(default)]
    pub findings: Vec<Finding>,
}

/// One word for a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Every signature is intact, trusted, and only permitted changes followed.
    Valid,
    /// At least one is broken, or what followed is not permitted.
    Invalid,
    /// It cannot be decided (unknown issuer, unsupported algorithm, expired without a time proof).
    Indeterminate,
    /// There is no signature.
    Unsigned,
}

/// One signature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignatureReport {
    /// Fully qualified field name.
    pub field: String,
    /// Whether it is a document timestamp (`/ETSI.RFC3161`) and not a person's signature.
    #[serde(default)]
    pub timestamp: bool,
    /// Common name of the signer; empty when the CMS cannot be read.
    pub signer: String,
    /// Identity number in the subject (`UID=CCCD:…`), digits only.
    #[serde(default)]
    pub signer_id: Option<String>,
    /// Serial number of the signer's certificate; `0` when unknown.
    pub serial: Serial,
    /// Common name of the issuer.
    #[serde(default)]
    pub issuer: String,
    /// Validity of the signer's certificate.
    #[serde(default)]
    pub certificate_from: Option<Timestamp>,
    /// End of that validity.
    #[serde(default)]
    pub certificate_to: Option<Timestamp>,
    /// Claimed signing time (`/M` or CMS signing-time).
    #[serde(default)]
    pub signed_at: Option<Timestamp>,
    /// PAdES level the structure reaches.
    pub level: Level,
    /// Digest and signature algorithm in words, e.g. `RSA-2048 PKCS#1 v1.5 SHA-256`.
    #[serde(default)]
    pub algorithm: String,
    /// Do the signed bytes and the signature value hold together?
    pub integrity: Integrity,
    /// What of the file the signature covers.
    pub coverage: Coverage,
    /// What later revisions changed.
    pub modifications: Modifications,
    /// Does the certificate lead to a trusted root?
    pub trust: TrustStatus,
    /// Everything worth telling, most serious first.
    pub findings: Vec<Finding>,
    /// SHA-256 of the signed attributes: what the provider signed.
    #[serde(default)]
    pub signed_attributes_sha256: Option<Sha256>,
    /// The signed revision: the file's first so many bytes.
    #[serde(default)]
    pub revision_end: Option<u64>,
    /// Page (from 0) its widget stands on, when visible.
    #[serde(default)]
    pub page: Option<u32>,
    /// When it existed at the latest, by a timestamp that was verified to a trusted root.
    #[serde(default)]
    pub proven_at: Option<Timestamp>,
    /// Whether the signer's certificate was revoked at that time, else now.
    #[serde(default)]
    pub revocation: Revocation,
    /// Common names from the signer up to the root, as far as the path was found.
    #[serde(default)]
    pub chain: Vec<String>,
    /// Main indication of EN 319 102-1 (5.1.3).
    #[serde(default)]
    pub indication: Indication,
    /// Its sub-indication, where there is one.
    #[serde(default)]
    pub sub_indication: Option<SubIndication>,
    /// Organisation and department in the subject, the unit that manages the certificate; none for a private person.
    #[serde(default)]
    pub unit: Option<String>,
    /// SHA-256 of the certificates of `chain`, in its order.
    #[serde(default)]
    pub chain_sha256: Vec<Sha256>,
    /// `/SubFilter`.
    #[serde(default)]
    pub sub_filter: String,
    /// `/ByteRange`, when it is one.
    #[serde(default)]
    pub byte_range: Option<[u64; 4]>,
    /// Timestamps inside the signature; document timestamps are signatures of their own.
    #[serde(default)]
    pub timestamps: Vec<TimestampReport>,
    /// The newest word of the issuer about the signer's certificate that was believed.
    #[serde(default)]
    pub revocation_word: Option<RevocationWord>,
    /// Pages (from 0) that look different or carry something else since this signature.
    #[serde(default)]
    pub changed_pages: Vec<u32>,
}

/// One timestamp inside a signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TimestampReport {
    /// What it says; none when it cannot be read.
    pub at: Option<Timestamp>,
    /// Common name of the authority.
    pub authority: String,
    /// What it is worth.
    pub status: TimestampStatus,
}

/// What a timestamp is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum TimestampStatus {
    /// It proves its time.
    Trusted,
    /// It fits the signature, but its authority leads to no configured root or is revoked.
    Untrusted,
    /// It does not fit this signature.
    Broken,
    /// It cannot be computed.
    Unsupported,
}

/// What an issuer said of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RevocationWord {
    /// Where.
    pub source: RevocationSource,
    /// When it was so (`thisUpdate`).
    pub stated_at: Timestamp,
    /// Until when that holds (`nextUpdate`), when it says so.
    #[serde(default)]
    pub until: Option<Timestamp>,
    /// Since when it is revoked, if it is.
    #[serde(default)]
    pub revoked_since: Option<Timestamp>,
}

/// Where an issuer tells of revocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RevocationSource {
    /// An OCSP answer (RFC 6960).
    Ocsp,
    /// A revocation list (RFC 5280).
    Crl,
}

/// The one sentence a person reads first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Headline {
    /// Valid, and what people read is what was signed.
    Valid,
    /// Valid, but fields were filled or notes were added since; whoever relies on it looks at that.
    ValidChanged,
    /// Not valid.
    Invalid,
    /// It cannot be concluded.
    Undecided,
    /// There is no signature.
    Unsigned,
}

impl ValidationReport {
    /// The sentence that this report leads to.
    #[must_use]
    pub fn headline(&self) -> Headline {
        match self.verdict {
            Verdict::Valid if self.signatures.iter().any(SignatureReport::is_changed) => {
                Headline::ValidChanged
            }
            Verdict::Valid => Headline::Valid,
            Verdict::Invalid => Headline::Invalid,
            Verdict::Indeterminate => Headline::Undecided,
            Verdict::Unsigned => Headline::Unsigned,
        }
    }
}

impl SignatureReport {
    /// Whether content that people read came or changed since it: further signatures and validation data do not count.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.modifications >= Modifications::Annotate
            || self.findings.iter().any(|found| {
                matches!(
                    found.code.as_str(),
                    "field-value-replaced"
                        | "field-filled"
                        | "field-redrawn"
                        | "form-looks-changed"
                )
            })
    }

    /// Whether a finding of this code is there.
    #[must_use]
    pub fn has(&self, code: &str) -> bool {
        self.findings.iter().any(|found| found.code == code)
    }
}

/// Whether the signer's certificate was revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Revocation {
    /// An OCSP answer or a list says it was not.
    Good,
    /// One says it was.
    Revoked,
    /// What lies at hand says nothing for the decisive time.
    Unknown,
    /// Nothing lies at hand.
    #[default]
    NotChecked,
}

/// Main indication (EN 319 102-1, table 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING-KEBAB-CASE")]
pub enum Indication {
    /// Everything holds.
    TotalPassed,
    /// It is proven not to hold.
    TotalFailed,
    /// What is known does not suffice.
    #[default]
    Indeterminate,
}

/// Sub-indication (EN 319 102-1, tables 5 and 6), those that this validator gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SubIndication {
    /// The structure is not as the format asks.
    FormatFailure,
    /// The digest of the signed data does not fit, or the value does not: the two are not told apart.
    SigCryptoFailure,
    /// Later changes or the signature itself break a constraint.
    SigConstraintsFailure,
    /// The certificate may not be used so.
    ChainConstraintsFailure,
    /// An algorithm is too weak and nothing proves an earlier time.
    CryptoConstraintsFailureNoPoe,
    /// A certificate of the path was revoked before the proven time.
    Revoked,
    /// A certificate of the path is revoked, and nothing proves that the signature is older.
    RevokedNoPoe,
    /// A certificate is outside its validity, and nothing proves that the signature is older.
    OutOfBoundsNoPoe,
    /// No path to a trusted root.
    NoCertificateChainFound,
    /// The signer's certificate is not there.
    NoSigningCertificateFound,
    /// Algorithm or form is unknown.
    Generic,
}

/// PAdES levels (EN 319 142-1), by structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Level {
    /// Not PAdES baseline (e.g. `adbe.pkcs7.detached`).
    #[serde(rename = "none")]
    None,
    /// Basic.
    #[serde(rename = "B-B")]
    BB,
    /// With a timestamp.
    #[serde(rename = "B-T")]
    BT,
    /// With validation material.
    #[serde(rename = "B-LT")]
    BLt,
    /// With an archive timestamp.
    #[serde(rename = "B-LTA")]
    BLta,
}

/// Do bytes and value hold together?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Integrity {
    /// They do.
    Intact,
    /// They do not.
    Broken,
    /// It cannot be computed.
    Unverifiable,
}

/// What the ByteRange covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Coverage {
    /// The whole file but for the signature itself.
    WholeFile,
    /// A whole earlier revision.
    WholeRevision,
    /// Less than a revision: never acceptable.
    Partial,
    /// No usable ByteRange.
    None,
}

/// What came with a signature: the revision it closes beside the one before it, the original where it is the first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Brought {
    /// The revision before: the file's first so many bytes.
    pub before: u64,
    /// The gravest class of what was added or changed; at most [`Modifications::FormFill`] for a signature with its field, its box and
    /// what proves it.
    pub modifications: Modifications,
    /// Pages (from 0) that look different or carry something else.
    pub pages: Vec<u32>,
}

/// What later revisions changed, the gravest class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Modifications {
    /// Nothing.
    None,
    /// Validation material or timestamps only.
    Lta,
    /// Form fields filled, further signatures.
    FormFill,
    /// Annotations.
    Annotate,
    /// Anything else: not permitted.
    Other,
}

/// Does the certificate lead to a trusted root?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum TrustStatus {
    /// It does, at the signing time.
    Trusted,
    /// It leads to no configured root.
    Untrusted,
    /// A certificate of the chain is revoked.
    Revoked,
    /// Outside its validity at the decisive time.
    Expired,
    /// Cannot be decided.
    Unknown,
}

/// One thing the validator found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Finding {
    /// Stable, kebab-case, e.g. `digest-mismatch`; the page translates it.
    pub code: String,
    /// The same in Vietnamese for people.
    pub message: String,
    /// How grave.
    pub severity: Severity,
}

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Look at it.
    Warning,
    /// Decides against the signature.
    Error,
}
