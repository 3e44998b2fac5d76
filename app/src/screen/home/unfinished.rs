//! `Tiếp tục hồ sơ đang soạn`: the newest drafts of the signed-in citizen on this device.

use crate::draft::{self, Draft};
use crate::format;
use crate::session::session;
use crate::text::{fill, t};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;

/// More stand under `Quản lý hồ sơ`.
const SHOWN: usize = 2;

/// The part; nothing when there is no draft.
#[component]
pub fn Unfinished() -> impl IntoView {
    let state = session();
    let drafts: RwSignal<Vec<Draft>> = RwSignal::new(Vec::new());
    if let Some(account) = state.account_now() {
        spawn_local(async move {
            let mut found = draft::list(account.id).await.unwrap_or_default();
            found.sort_by_key(|draft| std::cmp::Reverse(draft.updated_at));
            let _ = drafts.try_set(found);
        });
    }
    view! {
        <Show when=move || !drafts.get().is_empty()>
            <section class="unfinished" aria-labelledby="dang-soan">
                <h2 id="dang-soan">{t("Tiếp tục hồ sơ đang soạn")}</h2>
                <ul class="cards">
                    {move || drafts.get().into_iter().take(SHOWN).map(|draft| view! {
                        <li class="card">
                            <div>
                                <h3>{draft.procedure.summary.name}</h3>
                                <p class="meta">{fill("Sửa lần cuối {} · {} tệp", &[&format::moment(draft.updated_at), &draft.attachments.len()])}</p>
                            </div>
                            <A href=format!("/ho-so/{}/thong-tin", draft.id) attr:class="button primary">{t("Tiếp tục")}</A>
                        </li>
                    }).collect_view()}
                </ul>
                <Show when=move || { drafts.get().len() > SHOWN }>
                    <p><A href="/quan-ly-ho-so">{move || fill("Xem cả {} bản nháp", &[&drafts.get().len()])}</A></p>
                </Show>
            </section>
        </Show>
    }
}
