//! What happens to the files of step 2: added, replaced, moved, taken away and brought back.

use crate::draft::{self, Draft, DraftAttachment, DraftError, Original};
use crate::screen::dossier::Open;
use crate::text::{self, fill, t};
use contract::conversion::ConversionOffer;
use contract::dossier::{ATTACHMENTS_MAX, CopyKind};
use contract::value::{FileName, Sha256};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What the engine found when it looked into a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Looked {
    /// Pages; none when it cannot be opened.
    pub pages: Option<usize>,
    /// Why it cannot be signed; none when it can.
    pub refusal: Option<String>,
}

/// A file that was taken away and can be brought back.
#[derive(Debug, Clone)]
pub struct Removed {
    /// The file.
    pub file: DraftAttachment,
    /// Where it stood among all files.
    position: usize,
    /// What stands in its place.
    replaced_by: Option<Uuid>,
}

/// A file on its way into the draft.
#[derive(Debug)]
pub struct NewFile {
    /// Its name.
    pub file_name: FileName,
    /// The PDF.
    pub bytes: Vec<u8>,
    /// The Word file it was made of.
    pub original: Option<(FileName, Vec<u8>)>,
    /// Signings it carries, when it comes from the personal store.
    pub signings: Vec<Uuid>,
    /// The identifier under which they were made.
    pub signed_as: Option<Uuid>,
}

impl NewFile {
    /// A PDF as it was chosen.
    pub const fn plain(file_name: FileName, bytes: Vec<u8>) -> Self {
        Self {
            file_name,
            bytes,
            original: None,
            signings: Vec::new(),
            signed_as: None,
        }
    }
}

/// The state of the screen.
#[derive(Clone, Copy)]
pub struct Board {
    /// The draft.
    pub open: Open,
    /// Whose it is, and which: known also when the screen was left.
    home: (Uuid, Uuid),
    /// What is read aloud after something was done.
    pub said: RwSignal<String>,
    /// The file that is being read on this screen.
    pub reading: RwSignal<Option<Uuid>>,
    /// Files that were made here of photos or Word files and should be looked at before they are signed.
    pub made: RwSignal<BTreeSet<Uuid>>,
    /// What was taken away last.
    pub removed: RwSignal<Option<Removed>>,
    /// What the engine found.
    pub looked: RwSignal<BTreeMap<Uuid, Looked>>,
    /// Whether the portal converts Word files; none while nobody knows.
    pub offer: RwSignal<Option<ConversionOffer>>,
    /// The file that the person wants to keep in the personal store.
    pub keeping: RwSignal<Option<Uuid>>,
}

/// SHA-256 by the browser.
pub async fn sha256(bytes: &[u8]) -> Option<Sha256> {
    let subtle = web_sys::window()?.crypto().ok()?.subtle();
    let promise = subtle
        .digest_with_str_and_js_u8_array("SHA-256", &js_sys::Uint8Array::from(bytes))
        .ok()?;
    let digest = wasm_bindgen_futures::JsFuture::from(promise).await.ok()?;
    js_sys::Uint8Array::new(&digest)
        .to_vec()
        .try_into()
        .ok()
        .map(Sha256)
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

impl Board {
    /// Begins; what was taken away is forgotten for good when the screen is left.
    pub fn new(open: Open) -> Self {
        let board = Self {
            open,
            home: open.draft.with_untracked(|draft| (draft.account, draft.id)),
            said: RwSignal::new(String::new()),
            reading: RwSignal::new(None),
            made: RwSignal::new(BTreeSet::new()),
            removed: RwSignal::new(None),
            looked: RwSignal::new(BTreeMap::new()),
            offer: RwSignal::new(None),
            keeping: RwSignal::new(None),
        };
        on_cleanup(move || board.let_go());
        board
    }

    /// Adds a file to a component, or puts it in the place of another; its identifier, or the sentence why not.
    pub async fn add(
        self,
        component: String,
        new: NewFile,
        replaces: Option<Uuid>,
    ) -> Result<Uuid, String> {
        let name = new.file_name.to_string();
        let digest = sha256(&new.bytes)
            .await
            .ok_or_else(|| t("Trình duyệt không tính được mã băm của tệp.").to_owned())?;
        let look = |draft: &Draft| {
            let twice = draft
                .attachments
                .iter()
                .any(|file| file.component == component && file.sha256 == digest);
            (twice, draft.attachments.len() >= ATTACHMENTS_MAX)
        };
        let (account, draft) = self.home;
        let (twice, full) = match self.open.draft.try_with_untracked(look) {
            Some(looked) => looked,
            // The screen was left while the file was read or made.
            None => look(&draft::load(account, draft).await.map_err(sentence)?),
        };
        if twice {
            return Err(fill(
                "“{}” đã có trong thành phần này nên không được thêm lần nữa.",
                &[&name],
            ));
        }
        if full {
            return Err(fill(
                "“{}” chưa được thêm vì hồ sơ đã có {} tệp. Vui lòng ghép bớt tệp rồi thêm lại.",
                &[&name, &ATTACHMENTS_MAX],
            ));
        }
        let id = Uuid::new_v4();
        put(id, &new.bytes).await?;
        let original = match new.original {
            Some((file_name, bytes)) => Some(keep_original(file_name, &bytes).await?),
            None => None,
        };
        let attachment = DraftAttachment {
            id,
            component,
            copy_kind: CopyKind::Original,
            count: 1,
            file_name: new.file_name,
            size: length(&new.bytes),
            sha256: digest,
            signings: new.signings,
            waiting: None,
            signed_as: new.signed_as,
            original,
        };
        if self.open.draft.is_disposed() {
            // Nobody sees it any more, and it was chosen all the same. It takes no other's place unseen: both stay.
            draft::change(account, draft, self.open.now(), move |stored| {
                stored.attachments.push(attachment);
            })
            .await
            .map_err(sentence)?;
            return Ok(id);
        }
        self.place(attachment, replaces);
        self.open.save().await;
        Ok(id)
    }

    /// Puts a file at the end, or in the place of another, which can be brought back.
    fn place(self, mut attachment: DraftAttachment, replaces: Option<Uuid>) {
        let (id, name) = (attachment.id, attachment.file_name.to_string());
        let mut replaced = None;
        self.open.draft.update(|draft| {
            let files = &mut draft.attachments;
            let position = files.iter().position(|file| Some(file.id) == replaces);
            match position.and_then(|position| Some((position, files.get_mut(position)?))) {
                Some((position, place)) => {
                    attachment.component.clone_from(&place.component);
                    attachment.copy_kind = place.copy_kind;
                    attachment.count = place.count;
                    replaced = Some(Removed {
                        file: std::mem::replace(place, attachment),
                        position,
                        replaced_by: Some(id),
                    });
                }
                None => files.push(attachment),
            }
        });
        self.say(match &replaced {
            Some(removed) => fill("Đã thay “{}” bằng “{}”.", &[&removed.file.file_name, &name]),
            None => fill("Đã thêm “{}”.", &[&name]),
        });
        if let Some(removed) = replaced {
            self.let_go();
            self.removed.set(Some(removed));
            // The button that was pressed went with the row.
            crate::part::focus("undo-removal");
        }
    }

    /// Takes a file away; it can be brought back until the next one goes or the screen is left.
    pub fn remove(self, id: Uuid) {
        let mut taken = None;
        self.open.draft.update(|draft| {
            if let Some(position) = draft.attachments.iter().position(|file| file.id == id) {
                taken = Some(Removed {
                    file: draft.attachments.remove(position),
                    position,
                    replaced_by: None,
                });
            }
        });
        let Some(removed) = taken else { return };
        self.let_go();
        self.say(fill("Đã xóa “{}”.", &[&removed.file.file_name]));
        self.removed.set(Some(removed));
        spawn_local(async move { self.open.save().await });
    }

    /// Brings back what was taken away last.
    pub fn undo(self) {
        let Some(removed) = self.removed.get_untracked() else {
            return;
        };
        self.removed.set(None);
        self.say(fill("Đã lấy lại “{}”.", &[&removed.file.file_name]));
        let mut gone = Vec::new();
        self.open.draft.update(|draft| {
            draft.attachments.retain(|file| {
                let stays = Some(file.id) != removed.replaced_by;
                if !stays {
                    gone.extend(lying(file));
                }
                stays
            });
            let position = removed.position.min(draft.attachments.len());
            draft.attachments.insert(position, removed.file);
        });
        spawn_local(async move {
            self.open.save().await;
            remove(gone).await;
        });
    }

    /// Deletes the bytes of what was taken away last: it cannot be brought back any more.
    pub fn let_go(self) {
        let Some(removed) = self.removed.try_update(Option::take).flatten() else {
            return;
        };
        spawn_local(remove(lying(&removed.file).collect()));
    }

    /// Moves a file one place up or down among those of its component.
    pub fn step(self, id: Uuid, down: bool) {
        let places = self.places(id);
        let Some(here) = places.iter().position(|place| place.0 == id) else {
            return;
        };
        let other = if down {
            here.checked_add(1)
        } else {
            here.checked_sub(1)
        };
        let target = other
            .and_then(|other| places.get(other))
            .map(|place| place.1);
        if let (Some((_, from)), Some(to)) = (places.get(here).copied(), target) {
            self.open
                .draft
                .update(|draft| draft.attachments.swap(from, to));
            self.told_place(id);
        }
    }

    /// Drops a file where another of the same component stands.
    pub fn drop_on(self, id: Uuid, target: Uuid) {
        let places = self.places(id);
        let at = |wanted: Uuid| {
            places
                .iter()
                .find(|place| place.0 == wanted)
                .map(|place| place.1)
        };
        if let (Some(from), Some(to)) = (at(id), at(target))
            && from != to
        {
            self.open.draft.update(|draft| {
                let file = draft.attachments.remove(from);
                draft.attachments.insert(to, file);
            });
            self.told_place(id);
        }
    }

    /// Files of the same component and their places among all.
    fn places(self, id: Uuid) -> Vec<(Uuid, usize)> {
        self.open.draft.with_untracked(|draft| {
            let component = draft.attachments.iter().find(|file| file.id == id);
            let Some(component) = component.map(|file| file.component.clone()) else {
                return Vec::new();
            };
            let files = draft.attachments.iter().enumerate();
            files
                .filter(|(_, file)| file.component == component)
                .map(|(position, file)| (file.id, position))
                .collect()
        })
    }

    fn told_place(self, id: Uuid) {
        let places = self.places(id);
        let here = places.iter().position(|place| place.0 == id).unwrap_or(0) + 1;
        let name = self.open.draft.with_untracked(|draft| {
            let file = draft.attachments.iter().find(|file| file.id == id);
            file.map(|file| file.file_name.to_string())
                .unwrap_or_default()
        });
        self.say(fill(
            "“{}” đã chuyển tới vị trí {} trên {}.",
            &[&name, &here, &places.len()],
        ));
        spawn_local(async move { self.open.save().await });
    }

    /// Reads something aloud, also the same thing twice.
    pub fn say(self, sentence: String) {
        let _ = self.said.try_set(sentence);
    }

    /// Shows a file that was made here, so that the person looks at it before signing.
    pub fn show_made(self, id: Uuid) {
        let _ = self.made.try_update(|made| made.insert(id));
        let _ = self.reading.try_set(Some(id));
    }
}

/// Under which names the bytes of a file lie on the device: its own, and those of the Word file it was made of.
fn lying(file: &DraftAttachment) -> impl Iterator<Item = Uuid> + use<> {
    std::iter::once(file.id).chain(file.original.as_ref().map(|original| original.id))
}

async fn remove(files: Vec<Uuid>) {
    for file in files {
        let _ = draft::remove_bytes(file).await;
    }
}

fn sentence(error: DraftError) -> String {
    text::draft(error).to_owned()
}

async fn put(id: Uuid, bytes: &[u8]) -> Result<(), String> {
    draft::put_bytes(id, bytes).await.map_err(sentence)
}

async fn keep_original(file_name: FileName, bytes: &[u8]) -> Result<Original, String> {
    let id = Uuid::new_v4();
    let sha256 = sha256(bytes)
        .await
        .ok_or_else(|| t("Trình duyệt không tính được mã băm của tệp.").to_owned())?;
    put(id, bytes).await?;
    Ok(Original {
        id,
        file_name,
        size: length(bytes),
        sha256,
    })
}
