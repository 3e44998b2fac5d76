//! Waiting for the phone, and how it ended.

mod clock;
mod help;
mod outcome;
mod overlay;
mod phone;

use crate::format::countdown;
use crate::part::notice::{Notice, Tone};
use crate::part::{focus, title};
use crate::signing::pending::PendingSigning;
use crate::signing::signings;
use crate::signing::watched::{Phase, Stage, Watched};
use crate::text::{fill, t};
use leptos::prelude::*;
use outcome::{Done, Ended, Partial, Refused};
use overlay::Overlays;
use phone::Phone;
use uuid::Uuid;

/// What the screen is about; the focus moves to the heading when this changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    Nothing,
    Phone,
    Embedding,
    Over(Phase),
}

impl From<Phase> for View {
    fn from(phase: Phase) -> Self {
        match phase {
            Phase::Sending | Phase::Unknown | Phase::Waiting => Self::Phone,
            Phase::Embedding => Self::Embedding,
            over => Self::Over(over),
        }
    }
}

/// The screen while a signing is under way, and after it.
#[component]
pub fn Waiting(
    id: Uuid,
    /// Called for `Ký lại`, with the files that are still to be signed: their boxes stand where they stood.
    on_again: Callback<PendingSigning>,
) -> impl IntoView {
    let signings = signings();
    let watched = Memo::new(move |_| signings.all.with(|all| all.get(&id).cloned()));
    let phase = Memo::new(move |_| watched.with(|watched| watched.as_ref().map(Watched::phase)));
    let view = Memo::new(move |_| phase.get().map_or(View::Nothing, View::from));
    let left = clock::left(watched);
    // The tab's title tells the time left, and the end.
    Effect::new(move |_| match phase.get() {
        Some(Phase::Done) => title(t("✓ Ký số thành công")),
        Some(Phase::Partial) => title(t("Mới ký được một phần")),
        Some(Phase::Waiting) => title(&fill(
            "({}) Chờ xác nhận",
            &[&countdown(left.get().unwrap_or(0))],
        )),
        Some(Phase::Sending | Phase::Unknown | Phase::Embedding) | None => title(t("Đang ký số")),
        Some(Phase::Refused | Phase::NeverArrived | Phase::Ended(_)) => title(t("Chưa ký được")),
    });
    Effect::new(move |_| {
        view.track();
        focus("waiting-title");
    });
    // Seen to its end as soon as the screen is left, by a button or any other way.
    on_cleanup(move || {
        if phase
            .try_get_untracked()
            .flatten()
            .is_some_and(Phase::is_over)
        {
            signings.dismiss(id);
        }
    });
    view! {
        <div class="wrap waiting">
            <Overlays id view_is_over=Signal::derive(move || matches!(view.get(), View::Over(_))) embedding=Signal::derive(move || view.get() == View::Embedding)/>
            {move || {
                let shown = view.get();
                let Some(now) = watched.get_untracked() else { return ().into_any() };
                match shown {
                    View::Nothing => ().into_any(),
                    View::Phone => view! { <Phone id pending=now.pending phase left on_again/> }.into_any(),
                    View::Embedding => view! { <Embedding watched/> }.into_any(),
                    View::Over(Phase::Done) => view! { <Done watched=now/> }.into_any(),
                    View::Over(Phase::Partial) => view! { <Partial watched=now on_again/> }.into_any(),
                    View::Over(Phase::Refused) => view! { <Refused watched=now on_again/> }.into_any(),
                    View::Over(phase) => view! { <Ended watched=now phase on_again/> }.into_any(),
                }
            }}
        </div>
    }
}

/// Values are here: each file is finished after the other.
#[component]
fn Embedding(watched: Memo<Option<Watched>>) -> impl IntoView {
    let count = Memo::new(move |_| {
        watched.with(|watched| {
            watched.as_ref().map_or((0, 1), |watched| {
                let values = watched.view.as_ref().map_or(0, |view| {
                    view.items
                        .iter()
                        .filter(|item| item.signature.is_some())
                        .count()
                });
                (watched.stored.len() + watched.refused.len(), values.max(1))
            })
        })
    });
    let stage = Memo::new(move |_| {
        watched.with(|watched| watched.as_ref().and_then(|watched| watched.stage))
    });
    let doing = move || match stage.get() {
        Some(Stage::Proving) => t("Đang lấy dấu thời gian và bằng chứng thu hồi…"),
        Some(Stage::Telling) => t("Đang kiểm tra chữ ký…"),
        Some(Stage::Embedding) | None => {
            t("Chữ ký đang được gắn vào tài liệu và kiểm tra trên máy của bạn.")
        }
    };
    let trouble = move || {
        watched.with(|watched| {
            watched
                .as_ref()
                .and_then(|watched| watched.trouble.clone())
                .filter(|_| stage.get().is_none())
        })
    };
    view! {
        <div class="dial working" aria-hidden="true"></div>
        <h1 id="waiting-title" tabindex="-1">{t("Đã nhận xác nhận. Đang ghép chữ ký…")}</h1>
        <p role="status">
            <strong class="figures">{move || fill("{}/{} tệp", &[&count.get().0, &count.get().1])}</strong>
            " · "{doing}
        </p>
        <progress class="progress seal" aria-label=t("Đã ghép") max=move || count.get().1.to_string() prop:value=move || count.get().0.to_string()></progress>
        {move || trouble().map(|trouble| view! {
            <Notice tone=Tone::Attention>{trouble.sentence()}{t(" Hệ thống đang tự thử lại.")}</Notice>
        })}
    }
}
