//! What two windows changed in one draft comes together: each brings only what it touched.

use crate::draft::{Draft, DraftAttachment};
use serde_json::{Map, Value};

/// Brings what this window changed since it last saw the stored draft (`base` → `mine`) into the draft as it is stored now.
pub fn bring(base: &Draft, mine: &Draft, stored: &mut Draft) {
    let (Ok(base_value), Ok(mine_value), Ok(mut now)) = (
        serde_json::to_value(base),
        serde_json::to_value(mine),
        serde_json::to_value(&*stored),
    ) else {
        return;
    };
    overlay(&plain(base_value), &plain(mine_value), &mut now);
    if let Ok(together) = serde_json::from_value(now) {
        *stored = together;
    }
    files(
        &base.attachments,
        &mine.attachments,
        &mut stored.attachments,
    );
}

/// Without what is counted by the storage and what comes together in its own way.
fn plain(mut draft: Value) -> Value {
    if let Some(object) = draft.as_object_mut() {
        for key in ["attachments", "version", "updated_at"] {
            object.remove(key);
        }
    }
    draft
}

/// Whether two states say the same, whenever and however often they were written.
pub fn same(one: &Draft, other: &Draft) -> bool {
    let mut twin = other.clone();
    twin.version = one.version;
    twin.updated_at = one.updated_at;
    *one == twin
}

fn overlay(base: &Value, mine: &Value, stored: &mut Value) {
    if base == mine {
        return;
    }
    let (Value::Object(mine_keys), Value::Object(stored_keys)) = (mine, &mut *stored) else {
        *stored = mine.clone();
        return;
    };
    let nothing = Map::new();
    let base_keys = base.as_object().unwrap_or(&nothing);
    for (key, value) in mine_keys {
        match (base_keys.get(key), stored_keys.get_mut(key)) {
            (Some(before), _) if before == value => {}
            (Some(before), Some(now)) => overlay(before, value, now),
            (None, Some(now)) => overlay(&Value::Null, value, now),
            (_, None) => {
                stored_keys.insert(key.clone(), value.clone());
            }
        }
    }
    for key in base_keys.keys() {
        if !mine_keys.contains_key(key) {
            stored_keys.remove(key);
        }
    }
}

/// Files by identifier: added, changed, taken away and put in order here, whatever happened to the others elsewhere.
/// Signing happens on another screen: a file with more signatures than this window knows stays as it is stored.
fn files(base: &[DraftAttachment], mine: &[DraftAttachment], stored: &mut Vec<DraftAttachment>) {
    if base == mine {
        return;
    }
    let find = |files: &[DraftAttachment], id| files.iter().find(|file| file.id == id).cloned();
    for file in mine {
        let before = find(base, file.id);
        match stored.iter_mut().find(|known| known.id == file.id) {
            Some(known)
                if before.as_ref() != Some(file) && known.signings.len() <= file.signings.len() =>
            {
                *known = file.clone();
            }
            Some(_) => {}
            // Unknown to the base: added here. Known to it: taken away elsewhere.
            None if before.is_none() => stored.push(file.clone()),
            None => {}
        }
    }
    stored.retain(|known| {
        find(base, known.id).is_none() || mine.iter().any(|file| file.id == known.id)
    });
    let order = |id| {
        mine.iter()
            .position(|file| file.id == id)
            .unwrap_or(usize::MAX)
    };
    let ids = |files: &[DraftAttachment]| files.iter().map(|file| file.id).collect::<Vec<_>>();
    if ids(base) != ids(mine) {
        stored.sort_by_key(|file| order(file.id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::tests::begun;
    use uuid::Uuid;
    use wasm_bindgen_test::wasm_bindgen_test;

    fn file(name: &str) -> DraftAttachment {
        serde_json::from_value(serde_json::json!({
            "id": Uuid::new_v4(), "component": "to-khai", "copy_kind": "original", "count": 1,
            "file_name": format!("{name}.pdf"), "size": 5, "sha256": "00".repeat(32),
        }))
        .expect("a file")
    }

    #[wasm_bindgen_test]
    async fn two_windows_lose_nothing_of_what_each_wrote() {
        let base = begun(Uuid::new_v4()).await;
        let (mut one, mut other) = (base.clone(), base.clone());
        one.form.applicant.note = "Gọi sau 17 giờ".into();
        one.form.detail.insert("ten_con".into(), "Mẫu".into());
        one.declared = true;
        other.form.applicant.phone = "0900000099".into();
        other.form.detail.insert("noi_sinh".into(), "Ví Dụ".into());
        let mut stored = base.clone();
        bring(&base, &other, &mut stored);
        bring(&base, &one, &mut stored);
        assert_eq!(stored.form.applicant.note, "Gọi sau 17 giờ");
        assert_eq!(stored.form.applicant.phone, "0900000099");
        assert_eq!(stored.form.detail.len(), 2, "{:?}", stored.form.detail);
        assert!(stored.declared);
    }

    #[wasm_bindgen_test]
    async fn what_one_window_emptied_stays_empty() {
        let mut base = begun(Uuid::new_v4()).await;
        base.form.detail.insert("con.0.ten".into(), "Mẫu".into());
        let mut mine = base.clone();
        mine.form.detail.clear();
        let mut stored = base.clone();
        stored
            .form
            .detail
            .insert("khac".into(), "ở cửa sổ kia".into());
        bring(&base, &mine, &mut stored);
        assert_eq!(stored.form.detail.keys().collect::<Vec<_>>(), ["khac"]);
    }

    #[wasm_bindgen_test]
    async fn files_are_added_taken_away_and_signed_in_different_windows() {
        let mut base = begun(Uuid::new_v4()).await;
        base.attachments = vec![file("a"), file("b")];
        let (mut mine, mut stored) = (base.clone(), base.clone());
        stored.attachments[0].signings.push(Uuid::new_v4());
        stored.attachments.push(file("c"));
        mine.attachments[0].count = 2;
        mine.attachments.remove(1);
        mine.attachments.insert(0, file("d"));
        bring(&base, &mine, &mut stored);
        let names: Vec<&str> = stored
            .attachments
            .iter()
            .map(|file| file.file_name.as_str())
            .collect();
        assert_eq!(names, ["d.pdf", "a.pdf", "c.pdf"]);
        assert_eq!(stored.attachments[1].signings.len(), 1);
        assert_eq!(stored.attachments[1].count, 1);
    }
}
