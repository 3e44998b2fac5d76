//! `Bộ lọc của tôi`: filters the officer keeps under a name.

use super::desk::Desk;
use crate::api;
use crate::part::dialog::Dialog;
use crate::part::field::TextField;
use crate::part::notice::{Notice, Tone};
use crate::part::toast::say;
use crate::screen::officer::wrong::Wrong;
use crate::text::{self, fill, t};
use contract::inbox::{InboxFilter, SaveFilter, SavedFilter};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The part.
#[component]
pub fn Saved(desk: Desk) -> impl IntoView {
    let list: RwSignal<Vec<SavedFilter>> = RwSignal::new(Vec::new());
    let (open, name) = (RwSignal::new(false), RwSignal::new(String::new()));
    let failed: RwSignal<Option<String>> = RwSignal::new(None);
    let fetch = move || {
        spawn_local(async move {
            if let Ok(found) = api::inbox::filters().await {
                let _ = list.try_set(found);
            }
        });
    };
    fetch();
    let wrong = Wrong::none();
    let save = move || {
        let asked = SaveFilter {
            name: name.get_untracked().trim().to_owned(),
            filter: desk.filter.get_untracked(),
        };
        if asked.name.is_empty() {
            return wrong.at("filter-name", t("Vui lòng đặt tên cho bộ lọc."));
        }
        spawn_local(async move {
            match api::inbox::save_filter(&asked).await {
                Ok(saved) => {
                    open.set(false);
                    say(fill("Đã lưu bộ lọc “{}”.", &[&saved.name]));
                    fetch();
                }
                Err(error) => {
                    let _ = failed.try_set(Some(text::api(&error)));
                }
            }
        });
    };
    let remove = move |filter: SavedFilter| {
        spawn_local(async move {
            match api::inbox::remove_filter(filter.id).await {
                Ok(()) => say(fill("Đã xóa bộ lọc “{}”.", &[&filter.name])),
                Err(error) => say(text::api(&error)),
            }
            fetch();
        });
    };
    let savable = move || {
        desk.filter.with(|filter| {
            *filter != InboxFilter::default()
                && list.with(|list| list.iter().all(|one| one.filter != *filter))
        })
    };
    view! {
        <div class="desk-saved">
            <Show when=move || !list.with(Vec::is_empty)>
                <ul aria-label=t("Bộ lọc của tôi")>
                    {move || list.get().into_iter().map(|one| {
                        let (choose, gone, name) = (one.clone(), one.clone(), one.name.clone());
                        let is = { let filter = one.filter.clone(); move || desk.filter.with(|now| *now == filter).to_string() };
                        view! {
                            <li class="saved">
                                <button type="button" aria-pressed=is on:click=move |_| {
                                    let filter = choose.filter.clone();
                                    desk.narrow(move |now| *now = filter);
                                }>{one.name.clone()}</button>
                                <button type="button" class="remove" aria-label=fill("Xóa bộ lọc {}", &[&name]) on:click=move |_| remove(gone.clone())>"×"</button>
                            </li>
                        }
                    }).collect_view()}
                </ul>
            </Show>
            <Show when=savable>
                <button type="button" class="link" on:click=move |_| { name.set(String::new()); failed.set(None); open.set(true); }>{t("Lưu bộ lọc này")}</button>
            </Show>
        </div>
        <Dialog open title=t("Lưu bộ lọc")>
            <form novalidate on:submit=move |event| { event.prevent_default(); save(); }>
                <TextField id="filter-name" label=t("Tên bộ lọc") value=name error=wrong.of("filter-name")
                    on_input=move |text| { wrong.clear(); name.set(text); }
                    hint=t("Chỉ bạn thấy. Bộ lọc cùng tên sẽ được thay.") required=true/>
                {move || failed.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
                <div class="row end">
                    <button type="submit" class="button primary">{t("Lưu lại")}</button>
                    <button type="button" class="button" on:click=move |_| open.set(false)>{t("Đóng")}</button>
                </div>
            </form>
        </Dialog>
    }
}
