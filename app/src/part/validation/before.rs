//! What came with a signature: the revision it closes beside the one before it, which for a first signature is the original.

use super::kept::{Kept, KeptFile};
use super::sides::{Names, sides};
use crate::engine;
use crate::part::notice::{Notice, Tone};
use crate::signing::Trouble;
use crate::text::{n, t};
use contract::validation::{Brought, Modifications};
use contract::worker::{Answer, Ask, WorkerProblem};
use leptos::prelude::*;
use leptos::task::spawn_local;

async fn brought(kept: &Kept, end: u64) -> Result<Option<Brought>, Trouble> {
    let ask = Ask::Brought {
        password: kept.password.clone(),
    };
    match engine::ask(ask, vec![kept.bytes(Some(end)).await?]).await? {
        (Answer::Brought { brought }, _) => Ok(brought),
        _ => Err(WorkerProblem::Crashed.into()),
    }
}

/// Below a signature; looked at when it is opened.
#[component]
pub fn Before(
    kept: KeptFile,
    /// Where the signed revision ends.
    end: u64,
) -> impl IntoView {
    let opened = RwSignal::new(false);
    view! {
        <details class="compare" on:toggle=move |_| opened.set(true)>
            <summary>{t("So sánh với bản trước khi ký")}</summary>
            {move || opened.get().then(|| view! { <Told kept end/> })}
        </details>
    }
}

#[component]
fn Told(kept: KeptFile, end: u64) -> impl IntoView {
    let answer: RwSignal<Option<Result<Option<Brought>, String>>> = RwSignal::new(None);
    let file = kept.get_value();
    spawn_local(async move {
        let told = match &file {
            Some(file) => brought(file, end).await,
            None => Err(WorkerProblem::Damaged.into()),
        };
        let _ = answer.try_set(Some(told.map_err(|trouble| trouble.sentence())));
    });
    move || {
        match answer.get() {
        None => view! { <p role="status">{t("Đang so sánh hai bản…")}</p> }.into_any(),
        Some(Err(sentence)) => view! { <Notice tone=Tone::Bad>{sentence}</Notice> }.into_any(),
        Some(Ok(None)) => view! { <p class="hint">{t("Tệp được ghi lại toàn bộ cùng với chữ ký này: không còn bản trước khi ký để so sánh.")}</p> }.into_any(),
        Some(Ok(Some(brought))) => {
            let (tone, sentence) = sentence(brought.modifications);
            let before = brought.before;
            let load = move || async move {
                let kept = kept.try_get_value().flatten().ok_or(WorkerProblem::Damaged)?;
                let old = kept.bytes(Some(before)).await?;
                Ok((old, kept.bytes(Some(end)).await?, kept.password))
            };
            let names = Names {
                old_page: n("Trước khi ký, trang {}"),
                new_page: n("Bản đã ký, trang {}"),
                only_old: n("Chỉ bản trước khi ký có:"),
                only_new: n("Chỉ bản đã ký có:"),
            };
            view! { <Notice tone>{sentence}</Notice>{sides(load, names, brought.pages)} }.into_any()
        }
    }
    }
}

/// What was brought, in a sentence.
fn sentence(modifications: Modifications) -> (Tone, String) {
    match modifications {
        Modifications::None | Modifications::Lta | Modifications::FormFill => (
            Tone::Good,
            t("Lần ký này chỉ thêm chữ ký, ô ký và dữ liệu kiểm tra, hoặc điền biểu mẫu; nội dung các trang giữ nguyên.")
                .to_owned(),
        ),
        Modifications::Annotate => (
            Tone::Attention,
            t("Cùng với chữ ký, tệp được thêm chú thích trên trang.").to_owned(),
        ),
        Modifications::Other => (
            Tone::Attention,
            t("Cùng với chữ ký, tệp còn bị sửa ở chỗ khác. Người ký đã ký cả phần sửa đó: hãy xem các trang bên dưới.")
                .to_owned(),
        ),
    }
}
