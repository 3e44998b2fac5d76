//! Whose data the device holds open: who is signed in is known without a network, and gone when they sign out.

use super::database::{self, Store};
use super::seal::{self, Sealed};
use super::{DraftError, list_all, migrate, record};
use contract::session::Account;
use uuid::Uuid;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// Where the account that is signed in is kept.
const WHO: &str = "who";

/// Somebody is signed in, and the server says so: their data opens, everybody else's is locked, and who they are is known without
/// a network from now on. On a shared device the last is not kept.
pub async fn enter(account: &Account, shared: bool) -> Result<(), DraftError> {
    seal::lock_others(account.id).await?;
    if shared {
        database::delete(Store::Key, WHO).await?;
    } else {
        record::write(account.id, Store::Key, WHO, account).await?;
    }
    migrate::seal_all(account.id).await
}

/// Who was signed in when the server was last heard; none when nobody was, or on a shared device.
pub async fn recall() -> Option<Account> {
    record::read(Store::Key, WHO).await.ok()?
}

/// Nobody is signed in any more: what lies here stays, unreadable until the same person signs in again.
pub async fn leave() -> Result<(), DraftError> {
    database::delete(Store::Key, WHO).await?;
    seal::lock_others(Uuid::nil()).await
}

/// Another window signed out and locked what lies here: what this one has in memory goes too.
pub fn forget() {
    seal::forget();
}

/// How many drafts [`wipe`] would lose, answers to supplement requests among them.
pub async fn drafts(account: Uuid) -> usize {
    list_all(account)
        .await
        .map(|drafts| drafts.len())
        .unwrap_or(0)
}

/// Signs out and takes everything of the account from this device. First its key is destroyed: whatever is left when the window is
/// closed in between can never be read.
pub async fn wipe(account: Uuid) -> Result<(), DraftError> {
    database::delete(Store::Key, WHO).await?;
    seal::destroy(account).await?;
    for store in Store::sealed() {
        for at in database::keys(store).await? {
            let value = database::get(store, &at).await?;
            if value
                .as_ref()
                .and_then(Sealed::of)
                .is_some_and(|sealed| sealed.account() == account)
            {
                database::delete(store, &at).await?;
            }
        }
    }
    Ok(())
}

/// Bytes that are left on the device when they are few; none when there is room, or the browser does not say.
pub async fn room() -> Option<f64> {
    const FEW: f64 = 200.0 * 1024.0 * 1024.0;
    let navigator = web_sys::window()?.navigator();
    let storage = js_sys::Reflect::get(&navigator, &"storage".into()).ok()?;
    let estimate = js_sys::Reflect::get(&storage, &"estimate".into()).ok()?;
    let estimate: js_sys::Function = wasm_bindgen::JsCast::dyn_into(estimate).ok()?;
    let promise = js_sys::Promise::from(estimate.call0(&storage).ok()?);
    let answer = JsFuture::from(promise).await.ok()?;
    let number = |name: &str| {
        js_sys::Reflect::get(&answer, &JsValue::from(name))
            .ok()?
            .as_f64()
    };
    Some(number("quota")? - number("usage")?).filter(|left| *left < FEW)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::tests::begun;
    use crate::draft::{attachment_bytes, list, load, put_bytes};
    use crate::session;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_browser);

    fn account(id: Uuid) -> Account {
        serde_json::from_value(serde_json::json!({
            "id": id, "name": "Nguyễn Văn Mẫu", "role": "citizen", "person": {},
        }))
        .expect("an account")
    }

    #[wasm_bindgen_test]
    async fn who_is_signed_in_is_known_until_they_sign_out_and_on_a_shared_device_never() {
        let id = Uuid::new_v4();
        session::pretend(Some(id));
        enter(&account(id), false).await.expect("entered");
        assert_eq!(recall().await, Some(account(id)));
        leave().await.expect("left");
        assert_eq!(recall().await, None);
        enter(&account(id), true).await.expect("entered");
        assert_eq!(recall().await, None);
        session::pretend_anybody();
    }

    #[wasm_bindgen_test]
    async fn another_person_reads_nothing_and_the_first_everything_again() {
        let (one, other) = (Uuid::new_v4(), Uuid::new_v4());
        session::pretend(Some(one));
        enter(&account(one), false).await.expect("entered");
        let draft = begun(one).await;
        let file = Uuid::new_v4();
        put_bytes(file, b"%PDF-").await.expect("kept");
        session::pretend(Some(other));
        enter(&account(other), false).await.expect("entered");
        assert_eq!(attachment_bytes(file).await, Err(DraftError::Locked));
        assert_eq!(load(other, draft.id).await, Err(DraftError::Missing));
        assert_eq!(load(one, draft.id).await, Err(DraftError::Locked));
        assert!(list(other).await.expect("list").is_empty());
        session::pretend(Some(one));
        enter(&account(one), false).await.expect("entered");
        assert_eq!(load(one, draft.id).await, Ok(draft.clone()));
        assert_eq!(drafts(one).await, 1);
        wipe(one).await.expect("wiped");
        assert_eq!(drafts(one).await, 0);
        assert_eq!(load(one, draft.id).await, Err(DraftError::Missing));
        assert_eq!(attachment_bytes(file).await, Err(DraftError::Missing));
        session::pretend_anybody();
    }
}
