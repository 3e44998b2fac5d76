//! `Đăng xuất và xóa dữ liệu trên máy này`: asks first, and says how many drafts would be lost.

use super::dialog::Dialog;
use super::toast::say;
use crate::chunk;
use crate::session::session;
use crate::text::{fill, t};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The question. `left` is called when nobody is signed in any more.
#[component]
pub fn Leave(open: RwSignal<bool>, #[prop(into)] left: Callback<()>) -> impl IntoView {
    let state = session();
    let drafts: RwSignal<Option<usize>> = RwSignal::new(None);
    Effect::new(move |_| {
        let (true, Some(account)) = (open.get(), state.account_now()) else {
            return;
        };
        drafts.set(None);
        spawn_local(async move {
            if let Ok(vault) = chunk::vault().await {
                let _ = drafts.try_set(Some((vault.drafts)(account.id).await));
            }
        });
    });
    let leave = move |wipe: bool| {
        spawn_local(async move {
            state.sign_out(wipe).await;
            say(if wipe {
                t("Đã đăng xuất và xóa dữ liệu của bạn trên máy này.")
            } else {
                t("Đã đăng xuất.")
            });
            open.set(false);
            left.run(());
        });
    };
    view! {
        <Dialog open title=t("Đăng xuất khỏi máy này")>
            <div class="leave">
                <p>{move || match drafts.get() {
                    None => t("Đang xem trên máy này còn bản nháp nào…").to_owned(),
                    Some(0) => t("Trên máy này không có bản nháp nào của bạn.").to_owned(),
                    Some(count) => fill("Trên máy này còn {} bản nháp chưa nộp. Nếu xóa thì không lấy lại được.", &[&count]),
                }}</p>
                <p class="hint">{t("Nếu chỉ đăng xuất, bản nháp và tệp vẫn nằm trên máy này dưới dạng mã hóa; chỉ bạn mở lại được sau khi đăng nhập.")}</p>
                <p class="row">
                    <button type="button" class="button danger" on:click=move |_| leave(true)>{t("Xóa dữ liệu và đăng xuất")}</button>
                    <button type="button" class="button" on:click=move |_| leave(false)>{t("Chỉ đăng xuất")}</button>
                    <button type="button" class="button" on:click=move |_| open.set(false)>{t("Ở lại")}</button>
                </p>
            </div>
        </Dialog>
    }
}
