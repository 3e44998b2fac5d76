//! What is told about the place of a box, and how a removed box comes back.

use crate::part::placement::arrangement::Which;
use crate::part::placement::{Picture, Placed, Placement};
use crate::part::toast::Toast;
use crate::text::{self, fill, t};
use leptos::prelude::*;

/// Warnings about the place, with a way out where there is one; and what marks are.
#[component]
pub fn Told(placement: Placement, picture: Picture) -> impl IntoView {
    let warnings = Memo::new(move |_| placement.warnings());
    let caution = move || {
        placement.arrangement.with(|all| {
            if all.marks.is_empty() {
                return None;
            }
            Some(all.signature.map_or_else(
                || {
                    t("Chưa có ô nào là chữ ký số. Hãy chọn một hình làm chữ ký số, hoặc đặt ô ký.")
                        .to_owned()
                },
                |placed| {
                    fill(
                        "Chỉ ô ở trang {} là chữ ký số. Ô ở các trang khác là hình minh họa.",
                        &[&(placed.page + 1)],
                    )
                },
            ))
        })
    };
    view! {
        {move || picture.problem.get().map(|problem| view! { <p class="notice bad">{text::worker(&problem)}</p> })}
        <For each=move || warnings.get() key=|warning| warning.sentence() let:warning>
            <div class=if warning.blocks() { "notice bad" } else { "notice attention" }>
                <p>{warning.sentence()}</p>
                {warning.better().map(|better| view! {
                    <button type="button" class="button small" on:click=move |_| {
                        if let Some(placed) = placement.placed_now() {
                            placement.put(Placed { rect: better.rect, ..placed });
                            placement.show(Which::Signature);
                        }
                    }>
                        {if warning.blocks() { fill("Dời {}", &[&better.direction.word()]) } else { t("Dời giúp tôi").to_owned() }}
                    </button>
                })}
            </div>
        </For>
        {move || caution().map(|caution| view! { <p class="told">{caution}</p> })}
    }
}

/// A box was removed: for some seconds it can be brought back from here.
#[component]
pub fn BringBack(placement: Placement) -> impl IntoView {
    let back = move |_| {
        placement.undo();
        placement.go_to_box();
    };
    view! {
        <Toast said=placement.removed>
            <button type="button" on:click=back>{t("Hoàn tác")}</button>
        </Toast>
    }
}
