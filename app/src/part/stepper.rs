//! The four steps of a dossier: where one is, in numbers and in words.

use crate::text::{fill, n, t};
use leptos::prelude::*;
use leptos_router::components::A;
use uuid::Uuid;

const STEPS: [(&str, &str); 4] = [
    ("thong-tin", n("Thông tin hồ sơ")),
    ("thanh-phan", n("Thành phần hồ sơ")),
    ("phi", n("Thông tin phí, lệ phí")),
    ("nop", n("Nộp hồ sơ")),
];

/// Where one is: `current` counts from 0. Steps that are done lead back.
#[component]
pub fn Stepper(draft: Uuid, current: usize) -> impl IntoView {
    let here = STEPS.get(current).map_or("", |(_, name)| t(name));
    view! {
        <nav class="stepper" aria-label=t("Các bước nộp hồ sơ")>
            <p class="step-now">{fill("Bước {}/{}: {}", &[&(current + 1), &STEPS.len(), &here])}</p>
            <ol>
                {STEPS
                    .into_iter()
                    .enumerate()
                    .map(|(position, (path, name))| {
                        let name = t(name);
                        let number = view! { <span class="number" aria-hidden="true">{if position < current { "✓".to_owned() } else { (position + 1).to_string() }}</span> };
                        if position < current {
                            view! {
                                <li class="done">
                                    <A href=format!("/ho-so/{draft}/{path}")>
                                        {number}
                                        <span class="name">{name}</span>
                                        <span class="visually-hidden">" "{t("(đã xong)")}</span>
                                    </A>
                                </li>
                            }.into_any()
                        } else if position == current {
                            view! { <li class="current" aria-current="step"><span>{number}<span class="name">{name}</span></span></li> }.into_any()
                        } else {
                            view! {
                                <li class="ahead"><span>{number}<span class="name">{name}</span><span class="visually-hidden">" "{t("(chưa tới)")}</span></span></li>
                            }.into_any()
                        }
                    })
                    .collect_view()}
            </ol>
        </nav>
    }
}
