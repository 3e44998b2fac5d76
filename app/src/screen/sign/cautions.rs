//! What the document holds that its signer may not see: asked of the engine bit by bit, told before anything is signed.

use super::files::SigningFile;
use crate::engine;
use crate::part::viewer::Viewing;
use crate::text::{caution, fill, t};
use contract::caution::{Caution, merge};
use contract::worker::{Answer, Ask};
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation as spawn;

/// Pages that are looked at with one ask, and the most that are looked at.
const PAGES: (u32, u32) = (2, 60);

/// Looks through the file, unless it was looked through already.
fn look(file: &SigningFile, pages: u32) {
    let (document, found, looked) = (file.document, file.cautions, file.looked);
    spawn(async move {
        let last = pages.clamp(1, PAGES.1);
        let mut first = looked.get_value();
        while first < last {
            let ask = Ask::Cautions {
                document,
                first,
                count: PAGES.0,
            };
            // A file the engine cannot look through any further is told as far as it came.
            let Ok((Answer::Cautions { cautions }, _)) = engine::ask(ask, Vec::new()).await else {
                return;
            };
            first = first.saturating_add(PAGES.0);
            looked.set_value(first);
            if !cautions.is_empty() {
                found.update(|known| merge(known, cautions));
            }
        }
    });
}

/// The warning, with what it is about.
#[component]
pub fn Cautions(file: SigningFile, pages: u32, viewing: Viewing) -> impl IntoView {
    look(&file, pages);
    let found = file.cautions;
    let grave = move || {
        found.with(|all| {
            all.iter()
                .filter(|one| one.kind.is_grave())
                .cloned()
                .collect::<Vec<_>>()
        })
    };
    let rest = move || {
        found.with(|all| {
            all.iter()
                .filter(|one| !one.kind.is_grave())
                .cloned()
                .collect::<Vec<_>>()
        })
    };
    view! {
        <Show when=move || !grave().is_empty()>
            <div class="notice attention cautions" role="status">
                <p><strong>{t("Hãy xem kỹ trước khi ký")}</strong></p>
                <ul>{move || grave().into_iter().map(|one| line(&one, viewing)).collect_view()}</ul>
                <p class="hint">{t("Nếu không chắc, hãy hỏi người gửi tệp hoặc ký một bản in ra PDF mới.")}</p>
            </div>
        </Show>
        {move || rest().into_iter().map(|one| view! { <p class="told">{caution::told(&one)}</p> }).collect_view()}
    }
}

/// One sentence, and the way to its pages.
fn line(one: &Caution, viewing: Viewing) -> impl IntoView + use<> {
    let go = one.pages.first().copied().map(|page| {
        view! {
            " "<button type="button" class="link" on:click=move |_| viewing.go(page)>{fill("Xem trang {}", &[&(page + 1)])}</button>
        }
    });
    view! { <li>{caution::told(one)}{go}</li> }
}
