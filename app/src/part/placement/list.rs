//! `Sao chép sang trang khác`: marks on other pages, as a list that needs no mouse.

use super::arrangement::{self, PagesError, Which};
use super::{MarksRule, NO_MARKS, Placement};
use crate::text::{fill, t};
use leptos::prelude::*;

/// Copying, and every mark that is there.
#[component]
pub fn Marks(placement: Placement) -> impl IntoView {
    let count = placement.count();
    let typed = RwSignal::new(String::new());
    let wrong: RwSignal<Option<PagesError>> = RwSignal::new(None);
    let marks = move || placement.arrangement.with(|all| all.marks.clone());
    if placement.marks == MarksRule::Refused {
        return view! { <p class="hint">{t(NO_MARKS)}</p> }.into_any();
    }
    if count < 2 {
        return ().into_any();
    }
    let choose = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        match arrangement::pages(&typed.get_untracked(), count) {
            Ok(pages) => {
                wrong.set(None);
                placement.copy_to(pages);
            }
            Err(error) => wrong.set(Some(error)),
        }
    };
    view! {
        <details class="marks">
            <summary>
                {t("Sao chép sang trang khác")}
                <Show when=move || !marks().is_empty()>
                    <span class="count">{move || format!(" ({})", marks().len())}</span>
                </Show>
            </summary>
            <p class="hint">{t("Thêm hình chữ ký ở các trang khác để người đọc giấy dễ thấy. Hình minh họa không phải là chữ ký số.")}</p>
            <div class="row">
                <button type="button" class="button small" on:click=move |_| placement.copy_to(0..count)>{t("Mọi trang")}</button>
                <button type="button" class="button small" on:click=move |_| placement.copy_to(1..count)>{t("Trừ trang đầu")}</button>
                <button type="button" class="button small" on:click=move |_| placement.copy_to(0..count.saturating_sub(1))>{t("Trừ trang cuối")}</button>
            </div>
            <form class="pick-pages" on:submit=choose>
                <label for="mark-pages">{t("Chọn trang")}</label>
                <input
                    id="mark-pages"
                    type="text"
                    inputmode="text"
                    autocomplete="off"
                    placeholder="2, 4-6"
                    aria-describedby="mark-pages-error"
                    aria-invalid=move || wrong.get().is_some().to_string()
                    prop:value=move || typed.get()
                    on:input=move |event| typed.set(event_target_value(&event))
                />
                <button type="submit" class="button small">{t("Sao chép")}</button>
                <p class="error" id="mark-pages-error" role="status">
                    {move || wrong.get().map(|error| match error {
                        PagesError::Malformed => t("Hãy nhập số trang, ví dụ 2, 4-6.").to_owned(),
                        PagesError::Missing => fill("Tài liệu có {} trang.", &[&count]),
                    })}
                </p>
            </form>
            <ul class="mark-list">
                <For each=marks key=|mark| (mark.id, mark.placed.page) let:mark>
                    <li>
                        <span>{fill("Trang {}", &[&(mark.placed.page + 1)])}</span>
                        <button type="button" class="button small" aria-label=fill("Dùng làm chữ ký số: hình ở trang {}", &[&(mark.placed.page + 1)]) on:click=move |_| placement.promote(mark.id)>
                            {t("Dùng làm chữ ký số")}
                        </button>
                        <button type="button" class="button small" aria-label=fill("Xóa hình ở trang {}", &[&(mark.placed.page + 1)]) on:click=move |_| placement.remove(Which::Mark(mark.id))>
                            {t("Xóa")}
                        </button>
                    </li>
                </For>
            </ul>
            <Show when=move || placement.arrangement.with(|all| all.marks.len() > 1)>
                <button type="button" class="button small" on:click=move |_| placement.remove_marks()>{t("Xóa tất cả hình minh họa")}</button>
            </Show>
        </details>
    }
    .into_any()
}
