//! A signing that waits, as the device keeps it: everything needed to finish after a reload, a closed tab or a lost network.

use contract::appearance::AppearanceMode;
use contract::geometry::Rect;
use contract::signing::{SigningView, StartSigning};
use contract::value::{Base64, Sha256, Timestamp};
use contract::worker::PreparedSignature;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One waiting signing: one PIN for one or many files of a draft. The prepared bytes of each file are kept beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PendingSigning {
    /// Whose.
    pub account: Uuid,
    /// Draft it belongs to.
    pub draft: Uuid,
    /// The dossier whose paper an officer signs; none: the draft becomes a dossier.
    #[serde(default)]
    pub desk: Option<Uuid>,
    /// As sent to the server; sending it again is the same transaction.
    pub start: StartSigning,
    /// The files, in the order of `start.items`.
    pub files: Vec<PendingFile>,
    /// Signer's certificate, DER.
    pub certificate: Base64,
    /// Its issuers.
    pub chain: Vec<Base64>,
    /// The files were prepared with room for a timestamp (`PrepareRequest::timestamped`).
    #[serde(default)]
    pub timestamped: bool,
    /// Provider's name and app, for the waiting screen.
    pub provider_name: String,
    /// The app on the phone.
    pub app_name: String,
    /// Demo mode: the sandbox's phone page.
    pub phone_page: Option<String>,
}

/// One file of a waiting signing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PendingFile {
    /// Attachment it signs.
    pub attachment: Uuid,
    /// Page of the box, from 0.
    pub page: u32,
    /// The box in view space.
    pub rect: Rect,
    /// Marks on other pages, so that another try has them too.
    #[serde(default)]
    pub copies: Vec<(u32, Rect)>,
    /// What it shows.
    pub mode: AppearanceMode,
    /// What the engine told.
    pub prepared: PreparedSignature,
}

impl PendingSigning {
    /// The file of an attachment, when it is one of them.
    #[must_use]
    pub fn file(&self, attachment: Uuid) -> Option<&PendingFile> {
        self.files.iter().find(|file| file.attachment == attachment)
    }

    /// The same request for some of its files only: what `Ký lại` starts from.
    #[must_use]
    pub fn only(mut self, wanted: impl Fn(Uuid) -> bool) -> Self {
        self.files.retain(|file| wanted(file.attachment));
        self.start.items.retain(|item| wanted(item.attachment));
        self
    }

    /// The same request without its profile: `Đổi mẫu chữ ký`.
    #[must_use]
    pub fn for_another_profile(mut self) -> Self {
        self.start.profile = Uuid::nil();
        self
    }
}

/// How far it came. Kept with the signing, so that each step is done once, whichever tab does it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Progress {
    /// The newest view of the server; with the values in it, finishing needs no network.
    #[serde(default)]
    pub view: Option<SigningView>,
    /// Trusted roots when it was sent, for a self-check without a network.
    #[serde(default)]
    pub roots: Vec<Base64>,
    /// When it was sent, by the server's clock: what never arrived is not sent again long after.
    #[serde(default)]
    pub sent_at: Option<Timestamp>,
    /// Files that are signed and stored.
    #[serde(default)]
    pub stored: Vec<StoredFile>,
    /// Its end was looked at; it is kept only until the server has been told.
    #[serde(default)]
    pub seen: bool,
}

/// One file that is signed and stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    /// The attachment.
    pub attachment: Uuid,
    /// Digest of the signed file.
    pub sha256: Sha256,
    /// What it carries beside the signature.
    pub proof: Proof,
}

/// What a signed file carries to prove its signature later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// Nothing more was wanted: the portal has no timestamp authority.
    NotOffered,
    /// A timestamp was wanted and not to be had.
    Unavailable,
    /// A timestamp.
    Timestamp,
    /// A timestamp and what says that the certificates were not revoked.
    TimestampAndRevocation,
}

/// What the device keeps of one signing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// What was sent.
    pub pending: PendingSigning,
    /// How far it came.
    #[serde(default)]
    pub progress: Progress,
}

/// One file a signing, as versions of this site before the dossier's one PIN kept it. People still have such entries on their devices.
#[derive(Deserialize)]
struct OneFile {
    account: Uuid,
    draft: Uuid,
    start: StartSigning,
    #[serde(flatten)]
    file: PendingFile,
    certificate: Base64,
    chain: Vec<Base64>,
    provider_name: String,
    app_name: String,
    phone_page: Option<String>,
}

impl From<OneFile> for Kept {
    fn from(old: OneFile) -> Self {
        Self {
            pending: PendingSigning {
                account: old.account,
                draft: old.draft,
                desk: None,
                start: old.start,
                files: vec![old.file],
                certificate: old.certificate,
                chain: old.chain,
                timestamped: false,
                provider_name: old.provider_name,
                app_name: old.app_name,
                phone_page: old.phone_page,
            },
            progress: Progress::default(),
        }
    }
}

impl Kept {
    /// Reads an entry of this or an older version of the site; none when it is neither.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text)
            .ok()
            .or_else(|| serde_json::from_str::<OneFile>(text).ok().map(Self::from))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_browser);

    /// An entry as the site kept it on 25.11.2026, before one PIN signed many files.
    pub const OLD: &str = r#"{"account":"6e0e1c8c-8f7c-4bfa-9d8f-0a5a3f6f0001","draft":"6e0e1c8c-8f7c-4bfa-9d8f-0a5a3f6f0002",
        "attachment":"6e0e1c8c-8f7c-4bfa-9d8f-0a5a3f6f0003","start":{"id":"6e0e1c8c-8f7c-4bfa-9d8f-0a5a3f6f0004",
        "profile":"6e0e1c8c-8f7c-4bfa-9d8f-0a5a3f6f0005","provider":"vnpt-ca","citizen_id":"062099000011","serial":"540101AB",
        "items":[{"attachment":"6e0e1c8c-8f7c-4bfa-9d8f-0a5a3f6f0003","file_name":"to-khai.pdf",
        "digest":"0101010101010101010101010101010101010101010101010101010101010101",
        "document_sha256":"0202020202020202020202020202020202020202020202020202020202020202"}]},
        "page":1,"rect":{"x":10.0,"y":20.5,"width":150.0,"height":60.0},"mode":"text-only",
        "prepared":{"field":"Signature1","byte_range":[0,100,200,300],"signed_attributes":"MQA=",
        "digest":"0101010101010101010101010101010101010101010101010101010101010101",
        "document_sha256":"0202020202020202020202020202020202020202020202020202020202020202"},
        "certificate":"MAA=","chain":["MAA="],"provider_name":"VNPT-CA","app_name":"VNPT SmartCA","phone_page":null}"#;

    #[wasm_bindgen_test]
    fn an_entry_of_one_file_that_an_older_version_kept_is_read() {
        let kept = Kept::read(OLD).expect("read");
        assert_eq!(kept.progress, Progress::default());
        let [file] = kept.pending.files.as_slice() else {
            panic!("{:?}", kept.pending.files)
        };
        assert_eq!(file.attachment, kept.pending.start.items[0].attachment);
        assert_eq!((file.page, file.rect.y), (1, 20.5));
        assert_eq!(file.prepared.byte_range, [0, 100, 200, 300]);
        assert!(!kept.pending.timestamped, "no room was left for one");
        let text = serde_json::to_string(&kept).expect("JSON");
        assert_eq!(Kept::read(&text), Some(kept), "written in the new form");
    }

    #[wasm_bindgen_test]
    fn what_is_no_entry_is_none() {
        assert_eq!(Kept::read("{}"), None);
        assert_eq!(Kept::read(""), None);
    }
}
