//! Asked before drafts come into force: from which day, and that it cannot be written over.

use super::Faults;
use crate::part::field::DateField;
use crate::part::notice::{Notice, Tone};
use crate::part::toast::say;
use crate::session::session;
use crate::text::{fill, t};
use crate::{api, text};
use contract::date::Date;
use contract::edition::{DocumentFault, DraftName, Publish};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Drafts that are to be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Which.
    pub drafts: Vec<DraftName>,
    /// The day that was planned.
    pub from: Option<Date>,
}

/// The dialog; open while something is wanted.
#[component]
pub fn Publishing(
    wanted: RwSignal<Option<Wanted>>,
    #[prop(into)] done: Callback<()>,
) -> impl IntoView {
    let state = session();
    let open = RwSignal::new(false);
    let from = RwSignal::new(String::new());
    let faults: RwSignal<Vec<DocumentFault>> = RwSignal::new(Vec::new());
    let trouble: RwSignal<Option<String>> = RwSignal::new(None);
    let busy = RwSignal::new(false);
    Effect::new(move |_| {
        if let Some(wanted) = wanted.get() {
            let today = Date::in_vietnam(state.now());
            let day = wanted.from.filter(|from| *from >= today).unwrap_or(today);
            from.set(day.to_string());
            faults.set(Vec::new());
            trouble.set(None);
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() {
            wanted.set(None);
        }
    });
    let publish = move || {
        let Some(drafts) =
            wanted.with_untracked(|wanted| wanted.as_ref().map(|wanted| wanted.drafts.clone()))
        else {
            return;
        };
        let Ok(effective_from) = from.get_untracked().parse::<Date>() else {
            trouble.set(Some(t("Hãy ghi ngày hiệu lực.").to_owned()));
            return;
        };
        if effective_from < Date::in_vietnam(state.now()) {
            trouble.set(Some(
                t("Ngày hiệu lực không được trước hôm nay.").to_owned(),
            ));
            return;
        }
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            let answer = api::admin::publish(&Publish {
                drafts,
                effective_from,
            })
            .await;
            let _ = busy.try_set(false);
            match answer {
                Ok(answer) if answer.faults.is_empty() => {
                    let _ = open.try_set(false);
                    say(t("Đã ban hành."));
                    let _ = done.try_run(());
                }
                Ok(answer) => {
                    let _ = faults.try_set(answer.faults);
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(text::api(&error)));
                }
            }
        });
    };
    view! {
        <crate::part::dialog::Dialog open title=t("Ban hành")>
            <p>{move || wanted.with(|wanted| fill("{} văn bản sẽ có hiệu lực từ ngày dưới đây, trên mọi máy chủ của cổng.", &[&wanted.as_ref().map_or(0, |wanted| wanted.drafts.len())]))}</p>
            <p>{t("Hồ sơ đã nộp không thay đổi. Bản đã ban hành không sửa được nữa; muốn sửa thì ban hành bản mới hoặc thu hồi.")}</p>
            {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
            {move || { let list = faults.get(); (!list.is_empty()).then(|| view! { <Faults list/> }) }}
            <DateField id="effective-from" label=t("Có hiệu lực từ ngày") value=from on_input=move |text| from.set(text) required=true/>
            <p class="row">
                <button type="button" class="button primary" aria-busy=move || busy.get().to_string() on:click=move |_| publish()>{t("Ban hành")}</button>
                <button type="button" class="button" on:click=move |_| open.set(false)>{t("Bỏ qua")}</button>
            </p>
        </crate::part::dialog::Dialog>
    }
}
