//! What the device keeps of a signing that is being prepared: which files, and where the person put the boxes. It survives a reload
//! and carries the boxes of one try over to the next.

use crate::draft::DraftError;
use crate::draft::habit::{self, Habit};
use crate::signing::pending::PendingSigning;
use contract::appearance::AppearanceMode;
use contract::geometry::Rect;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptBox {
    /// The attachment.
    pub attachment: Uuid,
    /// Page from 0 and box in view space, where the person chose or took it.
    #[serde(default)]
    pub placed: Option<(u32, Rect)>,
    /// Marks on other pages.
    #[serde(default)]
    pub copies: Vec<(u32, Rect)>,
    /// Left out.
    #[serde(default)]
    pub skipped: bool,
    /// The person took the place.
    #[serde(default)]
    pub confirmed: bool,
    /// The document's own field that is signed.
    #[serde(default)]
    pub field: Option<String>,
}

impl KeptBox {
    /// A file nobody has looked at yet.
    pub const fn fresh(attachment: Uuid) -> Self {
        Self {
            attachment,
            placed: None,
            copies: Vec::new(),
            skipped: false,
            confirmed: false,
            field: None,
        }
    }
}

/// Files that are signed with one PIN, or one by one where the provider takes fewer.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Gathered {
    /// In the order of the dossier.
    pub files: Vec<KeptBox>,
    /// The profile of an earlier try.
    pub profile: Option<Uuid>,
    /// What its signature showed.
    pub mode: Option<AppearanceMode>,
    /// The attempt that this one follows.
    pub follows: Option<Uuid>,
    /// Confirmations that were asked for already.
    pub rounds: u32,
}

impl Gathered {
    /// Files chosen in the dossier.
    pub fn of(attachments: impl IntoIterator<Item = Uuid>) -> Self {
        Self {
            files: attachments.into_iter().map(KeptBox::fresh).collect(),
            ..Self::default()
        }
    }

    /// Another try: the boxes stand where they stood. Files that came back signed are left out by `signed`.
    pub fn again(pending: &PendingSigning, signed: impl Fn(Uuid) -> bool) -> Self {
        let files: Vec<KeptBox> = pending
            .files
            .iter()
            .filter(|file| !signed(file.attachment))
            .map(|file| KeptBox {
                attachment: file.attachment,
                placed: (file.mode != AppearanceMode::Invisible).then_some((file.page, file.rect)),
                copies: file.copies.clone(),
                skipped: false,
                confirmed: true,
                // Only a field that the document had before is there again.
                field: Some(file.prepared.field.clone()),
            })
            .collect();
        Self {
            files,
            profile: Some(pending.start.profile),
            mode: pending.files.first().map(|file| file.mode),
            follows: Some(pending.start.id),
            rounds: 0,
        }
    }
}

/// Where it is kept: for all chosen files of a draft, or for the one that is signed alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shelf {
    /// Whose.
    pub account: Uuid,
    /// The draft.
    pub draft: Uuid,
    /// The one file.
    pub attachment: Option<Uuid>,
}

impl Shelf {
    const fn habit(self) -> Habit<'static> {
        Habit::Gathered {
            account: self.account,
            draft: self.draft,
            attachment: self.attachment,
        }
    }

    /// What is kept, if anything.
    pub async fn read(self) -> Option<Gathered> {
        habit::recall(self.habit()).await
    }

    /// Keeps it; what was kept before is replaced.
    pub async fn write(self, gathered: &Gathered) -> Result<(), DraftError> {
        habit::remember(self.habit(), gathered).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signing::pending;
    use wasm_bindgen_test::wasm_bindgen_test;

    fn sent() -> PendingSigning {
        let kept = pending::Kept::read(pending::tests::OLD).expect("an entry");
        let mut pending = kept.pending;
        let mut second = pending.files[0].clone();
        second.attachment = Uuid::from_u128(7);
        pending.files.push(second);
        pending
    }

    #[wasm_bindgen_test]
    fn another_try_has_the_boxes_where_they_stood_and_leaves_out_what_is_signed() {
        let pending = sent();
        let first = pending.files[0].clone();
        let again = Gathered::again(&pending, |_| false);
        assert_eq!(again.files.len(), 2);
        assert_eq!(again.files[0].placed, Some((first.page, first.rect)));
        assert_eq!(again.follows, Some(pending.start.id));
        let rest = Gathered::again(&pending, |attachment| attachment == first.attachment);
        assert_eq!(rest.files.len(), 1);
        assert_eq!(rest.files[0].attachment, Uuid::from_u128(7));
    }

    #[wasm_bindgen_test]
    async fn what_was_placed_is_found_again_for_one_draft_and_one_file() {
        let shelf = Shelf {
            account: Uuid::new_v4(),
            draft: Uuid::new_v4(),
            attachment: None,
        };
        assert_eq!(shelf.read().await, None);
        let gathered = Gathered::again(&sent(), |_| false);
        shelf.write(&gathered).await.expect("kept");
        assert_eq!(shelf.read().await, Some(gathered));
        let alone = Shelf {
            attachment: Some(Uuid::from_u128(7)),
            ..shelf
        };
        assert_eq!(alone.read().await, None);
    }
}
