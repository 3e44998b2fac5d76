//! What a text changes of another, line by line.

use crate::text::{fill, t};
use contract::difference::Piece;
use leptos::prelude::*;

/// The lines; a sentence when nothing changes.
#[component]
pub fn Difference(pieces: Vec<Piece>) -> impl IntoView {
    if pieces.is_empty() {
        return view! { <p class="hint">{t("Giống bản đang áp dụng.")}</p> }.into_any();
    }
    view! {
        <div class="difference" tabindex="0" role="region" aria-label=t("Thay đổi so với bản đang áp dụng")>
            {pieces.into_iter().map(|piece| match piece {
                Piece::Skipped(count) => view! { <p class="skipped">{fill("… {} dòng giống nhau …", &[&count])}</p> }.into_any(),
                Piece::Same(line) => view! { <p><span aria-hidden="true">"  "</span>{line}</p> }.into_any(),
                Piece::Out(line) => view! { <p class="out"><span aria-hidden="true">"− "</span><span class="visually-hidden">{t("Bỏ:")}" "</span><del>{line}</del></p> }.into_any(),
                Piece::In(line) => view! { <p class="in"><span aria-hidden="true">"+ "</span><span class="visually-hidden">{t("Thêm:")}" "</span><ins>{line}</ins></p> }.into_any(),
            }).collect_view()}
        </div>
    }
    .into_any()
}
