//! What versions of the site before the sealing kept in the open is sealed as soon as its owner is signed in.

use super::database::{self, Store};
use super::seal::{self, Sealed};
use super::{Draft, DraftError, record, turn};
use crate::signing::pending::Kept;
use std::collections::BTreeSet;
use uuid::Uuid;
use wasm_bindgen::JsValue;

/// Seals a record where it lies, unless it is sealed.
async fn reseal(account: Uuid, store: Store, at: &str) -> Result<(), DraftError> {
    let Some(value) = database::get(store, at).await? else {
        return Ok(());
    };
    if Sealed::of(&value).is_some() {
        return Ok(());
    }
    let bytes = record::bytes(store, at, &value).await?;
    let sealed = seal::seal(account, store, at, &bytes).await?;
    database::put(store, at, &sealed).await
}

fn open_text(value: &JsValue) -> Option<String> {
    value.as_string()
}

/// Seals all that an account has in the open.
pub async fn seal_all(account: Uuid) -> Result<(), DraftError> {
    let mut files: BTreeSet<String> = BTreeSet::new();
    for (at, value) in database::entries(Store::Draft).await? {
        let draft = open_text(&value).and_then(|text| serde_json::from_str::<Draft>(&text).ok());
        let Some(draft) = draft.filter(|draft| draft.account == account) else {
            continue;
        };
        files.extend(draft.attachments.iter().map(|file| file.id.to_string()));
        let _turn = turn(draft.id).await;
        reseal(account, Store::Draft, &at).await?;
    }
    for at in files {
        reseal(account, Store::File, &at).await?;
        reseal(account, Store::Original, &at).await?;
    }
    for (at, value) in database::entries(Store::Pending).await? {
        let kept = open_text(&value).and_then(|text| Kept::read(&text));
        let Some(kept) = kept.filter(|kept| kept.pending.account == account) else {
            continue;
        };
        let _turn = turn(kept.pending.draft).await;
        for file in &kept.pending.files {
            let prepared = format!("{at}/{}", file.attachment);
            reseal(account, Store::PreparedFile, &prepared).await?;
        }
        reseal(account, Store::PreparedFile, &at).await?;
        reseal(account, Store::Pending, &at).await?;
    }
    let own = format!("/{account}/");
    for (at, _) in database::entries(Store::Habit).await? {
        if at.contains(&own) {
            reseal(account, Store::Habit, &at).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::tests::begun;
    use crate::draft::{attachment_bytes, list, load};
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    async fn what_an_older_version_kept_in_the_open_is_read_and_then_sealed() {
        let account = Uuid::new_v4();
        // As the version before the sealing wrote it: JSON in the open, without fields that came later.
        let mut old = serde_json::to_value(begun(account).await).expect("JSON");
        let (id, file) = (Uuid::new_v4(), Uuid::new_v4());
        old["id"] = id.to_string().into();
        let attachment = serde_json::json!({
            "id": file, "component": "to-khai", "copy_kind": "original", "count": 1, "file_name": "to-khai.pdf", "size": 5,
            "sha256": "00".repeat(32),
        });
        old["attachments"] = vec![attachment].into();
        for later in ["fees", "declared"] {
            old.as_object_mut().expect("an object").remove(later);
        }
        let at = id.to_string();
        database::put(Store::Draft, &at, &old.to_string().into())
            .await
            .expect("put");
        let bytes = js_sys::Uint8Array::from(b"%PDF-".as_slice());
        database::put(Store::File, &file.to_string(), &bytes)
            .await
            .expect("put");
        let read = load(account, id).await.expect("read in the open");
        assert_eq!(list(account).await.expect("list").len(), 2);
        seal_all(account).await.expect("sealed");
        seal_all(account).await.expect("once more changes nothing");
        for (store, at) in [(Store::Draft, &at), (Store::File, &file.to_string())] {
            let value = database::get(store, at).await.expect("read");
            assert!(Sealed::of(&value.expect("there")).is_some(), "{at}");
        }
        assert_eq!(load(account, id).await, Ok(read));
        assert_eq!(attachment_bytes(file).await.expect("bytes"), b"%PDF-");
    }
}
