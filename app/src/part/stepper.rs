//! The four steps of a dossier.

use leptos::prelude::*;
use leptos_router::components::A;
use uuid::Uuid;

const STEPS: [(&str, &str); 4] = [
    ("thong-tin", "Thông tin hồ sơ"),
    ("thanh-phan", "Thành phần hồ sơ"),
    ("phi", "Thông tin phí, lệ phí"),
    ("nop", "Nộp hồ sơ"),
];

/// Where one is: `current` counts from 0.
#[component]
pub fn Stepper(draft: Uuid, current: usize) -> impl IntoView {
    view! {
        <nav class="stepper" aria-label="Các bước nộp hồ sơ">
            <ol>
                {STEPS
                    .into_iter()
                    .enumerate()
                    .map(|(position, (path, name))| {
                        let here = position == current;
                        let state = if here { "step" } else { "false" };
                        let class = if here { "current" } else if position < current { "done" } else { "ahead" };
                        view! {
                            <li class=class aria-current=state>
                                <span class="number" aria-hidden="true">{position + 1}</span>
                                {if position < current {
                                    view! { <A href=format!("/ho-so/{draft}/{path}")>{name}</A> }.into_any()
                                } else {
                                    view! { <span>{name}</span> }.into_any()
                                }}
                            </li>
                        }
                    })
                    .collect_view()}
            </ol>
        </nav>
    }
}
