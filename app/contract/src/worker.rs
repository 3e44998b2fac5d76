//! Messages between the page and the engine worker.
//!
//! The page sends `{ id, body, buffers }`: `id` a number the answer repeats, `body` an [`Ask`] (serde-wasm-bindgen), `buffers`
//! an array of `ArrayBuffer`s. Where a body speaks of bytes, they are the buffers in the order of its doc comment. It takes an
//! ask back with `{ cancel: id }`; then the answer is [`WorkerProblem::Cancelled`], or comes all the same: every ask has one answer.
//!
//! The worker sends `{ ready }` once it listens, `{ begun: id }` when it starts with an ask (a search begins several times),
//! `{ fetching: id }` when that needs something of the network, and `{ id, body, buffers, memory }`: `body` an [`Answer`],
//! `buffers` transferred (a picture is an `ImageBitmap`), `memory` the size of its memory in bytes. With [`Answer::Opened`] the file
//! comes back, so that the page can open it again in another worker. `{ failed }` instead of `ready`: it could not be started.
//!
//! Order: what a person waits for with a document in hand first, then pictures by [`Urgency`], text and links after what is seen,
//! searches after what is near. A render is dropped when another scale of the same page is asked for with the same urgency.

use crate::appearance::Appearance;
use crate::blank::BlankForm;
use crate::caution::Caution;
use crate::document::{DocumentDetails, Link};
use crate::geometry::{PageGeometry, Rect, Size};
use crate::report::ReportFormat;
use crate::text::{Hit, PageText, Proposal};
use crate::validation::{Brought, ValidationReport};
use crate::value::{Base64, Sha256, Timestamp};
use crate::waiting::WaitingField;
use serde::{Deserialize, Serialize};

/// Names an open document; chosen by the page, unique among its open documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DocumentId(pub u32);

/// What the page asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "ask", rename_all = "kebab-case")]
pub enum Ask {
    /// Open a document. Buffers: the PDF. Answer: [`Answer::Opened`]. Opening an id again replaces it.
    Open {
        /// Its name from now on.
        document: DocumentId,
        /// Password, when the person gave one.
        password: Option<String>,
    },
    /// Forget a document. Answer: [`Answer::Closed`].
    Close {
        /// Which.
        document: DocumentId,
    },
    /// Draw a page or a tile of it. Answer: [`Answer::Rendered`] with an `ImageBitmap`.
    Render {
        /// Which document.
        document: DocumentId,
        /// Page, from 0.
        page: u32,
        /// Device pixels per point.
        scale: f64,
        /// Only this part of the page, in view space; the whole page without it.
        #[serde(default)]
        clip: Option<Rect>,
        /// What is seen comes first.
        #[serde(default)]
        urgency: Urgency,
    },
    /// Text of a page. Answer: [`Answer::Text`].
    Text {
        /// Which document.
        document: DocumentId,
        /// Page, from 0.
        page: u32,
    },
    /// Find text in some pages, so that a long document answers bit by bit. Answer: [`Answer::Found`].
    Find {
        /// Which document.
        document: DocumentId,
        /// What; folded before it is compared.
        query: String,
        /// First page, from 0.
        first: u32,
        /// How many pages from there; those past the last one are left out.
        count: u32,
    },
    /// What a document says of itself, its outline, attached files and form fields. Answer: [`Answer::Details`].
    Details {
        /// Which document.
        document: DocumentId,
    },
    /// What a signer may not see of some pages, so that a long document answers bit by bit; with the first page, what concerns the whole
    /// document too. Answer: [`Answer::Cautions`].
    Cautions {
        /// Which document.
        document: DocumentId,
        /// First page, from 0.
        first: u32,
        /// How many pages from there; those past the last one are left out.
        count: u32,
    },
    /// Links of a page. Answer: [`Answer::Links`].
    Links {
        /// Which document.
        document: DocumentId,
        /// Page, from 0.
        page: u32,
    },
    /// An attached file. Answer: [`Answer::Attachment`] with its bytes.
    Attachment {
        /// Which document.
        document: DocumentId,
        /// Its place in [`crate::document::DocumentDetails::attachments`].
        index: u32,
    },
    /// Where should the box stand? Answer: [`Answer::Proposed`].
    Propose {
        /// Which document.
        document: DocumentId,
        /// The profile's anchor keyword.
        keyword: String,
        /// Size of the box in points.
        size: Size,
        /// Boxes that stand already, beside the signatures of the file: page and box in view space.
        #[serde(default)]
        taken: Vec<(u32, Rect)>,
    },
    /// Draw an appearance alone, the very one that would be embedded. Buffers: the image (PNG or JPEG), if any.
    /// Answer: [`Answer::Rendered`] with an `ImageBitmap`, transparent where nothing is drawn.
    Preview {
        /// What it shows.
        appearance: Appearance,
        /// Size of the box in points.
        size: Size,
        /// Device pixels per point.
        scale: f64,
    },
    /// Append a signature field to an open document. Buffers: the image, if any. Answer: [`Answer::Prepared`].
    Prepare {
        /// Which document.
        document: DocumentId,
        /// How.
        request: PrepareRequest,
        /// Fully qualified name of a waiting field to sign; page and box of the request do not count then.
        #[serde(default)]
        field: Option<String>,
    },
    /// Put a signature value into a prepared document, then validate the result. Buffers: the prepared bytes.
    /// Answer: [`Answer::Finished`].
    Finish {
        /// What `Prepared` told.
        prepared: PreparedSignature,
        /// Signer's certificate, DER.
        certificate: Base64,
        /// Its issuers, nearest first, DER.
        chain: Vec<Base64>,
        /// Raw value from the provider.
        value: Base64,
        /// Timestamp and validation data to embed; without them the file is PAdES B-B.
        #[serde(default)]
        evidence: Option<SigningEvidence>,
        /// Trusted roots, DER.
        roots: Vec<Base64>,
        /// Now, by the server's clock.
        now: Timestamp,
    },
    /// The RFC 3161 query over a signature value. Answer: [`Answer::TimestampQuery`].
    TimestampQuery {
        /// Raw value from the provider.
        value: Base64,
        /// Random bytes, so that an old answer is not taken for a new one.
        nonce: Base64,
    },
    /// Checks the authority's answer to a timestamp query, and tells whose revocation data has to be fetched.
    /// Answer: [`Answer::EvidenceWanted`].
    ReadTimestamp {
        /// The query.
        query: Base64,
        /// `TimeStampResp`, DER.
        reply: Base64,
        /// Signer's certificate, DER.
        certificate: Base64,
        /// Its issuers, nearest first, DER.
        chain: Vec<Base64>,
    },
    /// Makes one PDF of photos, a page each. Buffers: JPEG files, in order. Answer: [`Answer::Bound`].
    Bind {
        /// Quarter turns clockwise of each page, 0 to 3; what is missing is 0.
        turns: Vec<u8>,
    },
    /// Makes a blank form filled in with what was typed; nothing of it leaves the device. Answer: [`Answer::Bound`].
    FillForm {
        /// Which form.
        form: BlankForm,
        /// Code of its procedure.
        code: String,
        /// Answers by the keys of its gaps.
        answers: Vec<(String, String)>,
    },
    /// Whose revocation data a signed file needs to last. Buffers: the PDF. Answer: [`Answer::EvidenceWanted`].
    ArchiveChains,
    /// Adds revocation data and room for a timestamp over the whole file (PAdES B-LTA). Buffers: the PDF.
    /// Answer: [`Answer::ArchivePrepared`].
    PrepareArchive {
        /// Certificates and revocation data; a timestamp in it is not looked at.
        evidence: SigningEvidence,
        /// Random bytes, so that an old answer is not taken for a new one.
        nonce: Base64,
    },
    /// Puts the timestamp in, then validates the result. Buffers: the prepared bytes. Answer: [`Answer::Finished`].
    FinishArchive {
        /// What `ArchivePrepared` told.
        prepared: PreparedArchive,
        /// The query.
        query: Base64,
        /// `TimeStampResp`, DER.
        reply: Base64,
        /// Trusted roots, DER.
        roots: Vec<Base64>,
        /// Now, by the server's clock.
        now: Timestamp,
    },
    /// Validate a file. Buffers: the PDF. Answer: [`Answer::Validated`].
    Validate {
        /// Password of an encrypted file.
        #[serde(default)]
        password: Option<String>,
        /// Trusted roots, DER.
        roots: Vec<Base64>,
        /// Now, by the server's clock.
        now: Timestamp,
    },
    /// What the newest revision of a file brought over the one before it. Buffers: the PDF, up to the end of that revision. Answer:
    /// [`Answer::Brought`].
    Brought {
        /// Password of an encrypted file.
        #[serde(default)]
        password: Option<String>,
    },
    /// A report that can be kept. Buffers: the PDF, which is validated again as of `now`. Answer: [`Answer::Reported`].
    Report {
        /// Password of an encrypted file.
        #[serde(default)]
        password: Option<String>,
        /// In what shape.
        format: ReportFormat,
        /// The file's name.
        name: String,
        /// Trusted roots, DER.
        roots: Vec<Base64>,
        /// When the check it tells of was made.
        now: Timestamp,
    },
}

impl Ask {
    /// The document it is about; none where everything needed comes along.
    #[must_use]
    pub const fn document(&self) -> Option<DocumentId> {
        match self {
            Self::Open { document, .. }
            | Self::Close { document }
            | Self::Render { document, .. }
            | Self::Text { document, .. }
            | Self::Find { document, .. }
            | Self::Details { document }
            | Self::Cautions { document, .. }
            | Self::Links { document, .. }
            | Self::Attachment { document, .. }
            | Self::Propose { document, .. }
            | Self::Prepare { document, .. } => Some(*document),
            Self::Preview { .. }
            | Self::Finish { .. }
            | Self::TimestampQuery { .. }
            | Self::ReadTimestamp { .. }
            | Self::Bind { .. }
            | Self::FillForm { .. }
            | Self::ArchiveChains
            | Self::PrepareArchive { .. }
            | Self::FinishArchive { .. }
            | Self::Validate { .. }
            | Self::Brought { .. }
            | Self::Report { .. } => None,
        }
    }
}

/// What the worker answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum Answer {
    /// To `Open`.
    Opened {
        /// What is known at once.
        facts: DocumentFacts,
    },
    /// To `Close`.
    Closed,
    /// To `Render` and `Preview`; buffers: an `ImageBitmap`.
    Rendered {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// To `Text`.
    Text {
        /// The text.
        text: PageText,
    },
    /// To `Find`.
    Found {
        /// In reading order.
        hits: Vec<Hit>,
        /// Pages that were looked at and have letters no table of the file explains: there may be more to find.
        #[serde(default)]
        unsure: Vec<u32>,
    },
    /// To `Details`.
    Details {
        /// What was found.
        details: DocumentDetails,
    },
    /// To `Cautions`.
    Cautions {
        /// Gravest first.
        cautions: Vec<Caution>,
    },
    /// To `Links`.
    Links {
        /// In the order of the page's annotations.
        links: Vec<Link>,
    },
    /// To `Attachment`; buffers: its bytes.
    Attachment,
    /// To `Propose`.
    Proposed {
        /// Where.
        proposal: Proposal,
    },
    /// To `Prepare`; buffers: the prepared bytes.
    Prepared {
        /// What `Finish` and the server need.
        prepared: PreparedSignature,
    },
    /// To `Finish` and `FinishArchive`; buffers: the signed file.
    Finished {
        /// SHA-256 of the signed file.
        sha256: Sha256,
        /// The worker's own verdict on it.
        report: ValidationReport,
    },
    /// To `TimestampQuery`.
    TimestampQuery {
        /// `TimeStampReq`, DER: it holds a digest only.
        query: Base64,
    },
    /// To `PrepareArchive`; buffers: the prepared bytes.
    ArchivePrepared {
        /// What `FinishArchive` needs.
        prepared: PreparedArchive,
        /// `TimeStampReq`, DER: it holds a digest only.
        query: Base64,
    },
    /// To `ReadTimestamp` and `ArchiveChains`.
    EvidenceWanted {
        /// Certificates with their issuers, each leaf first, DER: the signer's and the timestamp's.
        chains: Vec<Vec<Base64>>,
    },
    /// To `Bind` and `FillForm`; buffers: the PDF.
    Bound {
        /// Pages.
        pages: u32,
    },
    /// To `Validate`.
    Validated {
        /// The verdict.
        report: ValidationReport,
    },
    /// To `Brought`.
    Brought {
        /// None where nothing stood before it.
        brought: Option<Brought>,
    },
    /// To `Report`; buffers: the report.
    Reported,
    /// It did not work; nothing was changed.
    Failed {
        /// Why.
        problem: WorkerProblem,
    },
}

/// What the worker does first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Urgency {
    /// Somebody looks at it now.
    #[default]
    Seen,
    /// A neighbour of what is seen.
    Near,
    /// A small picture in the list of pages.
    Thumbnail,
}

/// What is known of a document once it is open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DocumentFacts {
    /// Length in bytes.
    pub size: u64,
    /// Boxes of every page.
    pub pages: Vec<PageGeometry>,
    /// Title from the document information, if any.
    pub title: Option<String>,
    /// Whether it can be signed as it is, and if not, why.
    pub signability: Signability,
    /// Names of the fields that hold a signature already.
    pub signatures: Vec<String>,
    /// Where those signatures stand, visible ones only: page and box in view space.
    pub signature_boxes: Vec<(u32, Rect)>,
    /// Signature fields that wait for a signature.
    pub waiting: Vec<WaitingField>,
    /// An earlier signer certified it: a new box on a page would hurt that; a waiting field or a signature nobody sees does not.
    pub certified: bool,
    /// It needs a password to be read, which those who receive it do not have: what is signed is a copy without it.
    pub unlocks: bool,
}

/// Whether a document can be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Signability {
    /// It can.
    Ready,
    /// Certified with no changes permitted (DocMDP P=1), or every field that could be added is locked by an earlier signature.
    CertifiedNoChanges,
    /// Its cross-reference table is damaged; an update would lose pages.
    DamagedStructure,
    /// Encrypted in a way that is not known here.
    Encrypted,
    /// Encrypted, and the password was not given or is another one.
    PasswordRequired,
    /// Encrypted, and its owner permits neither to fill in its fields nor to add one: the owner's password is needed.
    OwnerForbids,
    /// Something stands before `%PDF-` so that every offset is shifted.
    JunkBeforeHeader,
    /// An XFA form, which viewers draw from other data than the pages.
    XfaForm,
    /// It carries a signature that does not hold, or was changed after one beyond what that permits.
    EarlierBroken,
}

/// How to prepare a signature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PrepareRequest {
    /// Page, from 0.
    pub page: u32,
    /// Box in view space.
    pub rect: Rect,
    /// The same picture on other pages (or elsewhere on this one): marks for people, not signatures. Page and box in view space.
    /// Refused where an earlier signature would be hurt by them.
    #[serde(default)]
    pub copies: Vec<(u32, Rect)>,
    /// What it shows; `signed_at` becomes `/M`, `reason` and `location` become `/Reason` and `/Location`.
    pub appearance: Appearance,
    /// Signer's certificate, DER: it is bound by signing-certificate-v2.
    pub certificate: Base64,
    /// Its issuers, nearest first, DER: they size `/Contents`.
    pub chain: Vec<Base64>,
    /// Leave room for a signature timestamp (PAdES B-T and above).
    #[serde(default)]
    pub timestamped: bool,
}

/// What makes a signature provable later (ETSI EN 319 142-1, levels B-T and B-LT).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SigningEvidence {
    /// `TimeStampResp` over the signature value, DER.
    #[serde(default)]
    pub timestamp: Option<Base64>,
    /// Certificates for the DSS, DER.
    #[serde(default)]
    pub certificates: Vec<Base64>,
    /// `OCSPResponse`s, DER.
    #[serde(default)]
    pub ocsp: Vec<Base64>,
    /// `CertificateList`s, DER.
    #[serde(default)]
    pub crls: Vec<Base64>,
}

/// A prepared signature: everything but the document needed to finish it. Kept by the browser until it is finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PreparedSignature {
    /// Name of the new field.
    pub field: String,
    /// `/ByteRange`.
    pub byte_range: [u64; 4],
    /// The signed attributes, DER as `SET OF` (tag 0x31).
    pub signed_attributes: Base64,
    /// SHA-256 of `signed_attributes`: the only thing that leaves the browser.
    pub digest: Sha256,
    /// SHA-256 of the document as it was given, before it was signed (and before its password was taken off).
    pub document_sha256: Sha256,
}

/// A file with room for a timestamp over it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PreparedArchive {
    /// Name of the new field.
    pub field: String,
    /// `/ByteRange`.
    pub byte_range: [u64; 4],
    /// SHA-256 of what the range covers.
    pub digest: Sha256,
}

/// Why a field of the form cannot take a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "refusal", content = "constraint", rename_all = "kebab-case")]
pub enum FieldRefusal {
    /// There is no such signature field.
    Missing,
    /// It holds a signature already.
    Taken,
    /// An earlier signature locks it.
    Locked,
    /// It stands in several places, or in none of its own.
    Unusable,
    /// The author of the form asks for something that the signature would not keep.
    Constrained(SeedConstraint),
}

/// What a form's author can ask of a signature (ISO 32000-2, table 237).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SeedConstraint {
    /// Another format or digest than PAdES with SHA-256.
    Format,
    /// Another reason than the one that was given.
    Reason,
    /// Another certificate.
    Certificate,
    /// A timestamp.
    Timestamp,
    /// Revocation data inside.
    RevocationData,
    /// Another certification.
    Certification,
    /// Something that is not offered here.
    Other,
}

/// Why the worker could not do it; one sentence each in `app/src/text`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "problem", rename_all = "kebab-case")]
pub enum WorkerProblem {
    /// Not a PDF at all.
    NotPdf,
    /// A PDF too damaged to open.
    Damaged,
    /// A password is needed, or the given one is wrong.
    PasswordRequired,
    /// Encrypted in a way we cannot read.
    UnsupportedEncryption,
    /// More pages, bytes or pixels than the limits allow.
    TooLarge,
    /// The page does not exist or cannot be drawn.
    PageUnreadable,
    /// The page asks for more work or memory than the limits allow; the other pages are not touched by that.
    PageTooComplex,
    /// The document is not open in this worker (it was restarted); open it again.
    NotOpen,
    /// The document cannot be signed.
    NotSignable {
        /// Why.
        why: Signability,
    },
    /// The file has a password and carries signatures, which a copy without the password would lose.
    UnlockBreaksSignatures,
    /// The box lies off the page or is too small to hold anything.
    BoxUnusable,
    /// The document is certified: a new box would hurt that. An invisible signature does not.
    BoxForbidden,
    /// The field that was asked for cannot be signed.
    FieldRefused {
        /// Why.
        why: FieldRefusal,
    },
    /// Only the first signature of a document can certify it.
    CertifiedLate,
    /// Marks on other pages were asked for, but the document carries a signature already, which they would hurt.
    MarksRefused,
    /// The image is neither PNG nor JPEG, or damaged.
    ImageUnreadable,
    /// The certificate cannot be read or its key is of no supported kind.
    CertificateUnreadable,
    /// The value does not verify against certificate and digest: nothing was embedded.
    ValueMismatch,
    /// The finished file did not pass its own validation: it was thrown away.
    SelfCheckFailed,
    /// The timestamp authority's answer does not fit the query.
    TimestampRefused,
    /// The revocation data says that the signer's certificate or one above it is revoked: nothing was kept.
    CertificateRevoked,
    /// Cancelled by the page.
    Cancelled,
    /// The worker did not answer in time or crashed over this ask; it was restarted.
    Crashed,
    /// The engine could not be loaded.
    Unavailable,
    /// Anything else; `detail` is English, for the log.
    Other {
        /// What.
        detail: String,
    },
}
