//! Answers to a procedure's own form as they are read back: before submission, and at the officer's desk.

use crate::text::t;
use contract::form::Answer;
use leptos::prelude::*;

/// Answers that stand together: the row they belong to, if any, and they themselves.
struct Part {
    row: Option<(String, u8)>,
    answers: Vec<Answer>,
}

/// A line of what was answered.
pub fn fact(label: String, value: String) -> impl IntoView {
    let empty = value.is_empty();
    view! {
        <div>
            <dt>{label}</dt>
            <dd class:unanswered=empty>{if empty { t("Không điền").to_owned() } else { value }}</dd>
        </div>
    }
}

/// All answers, rows of groups under headings of their own.
pub fn answered(all: Vec<Answer>) -> impl IntoView {
    let mut parts: Vec<Part> = Vec::new();
    for answer in all {
        match parts.last_mut() {
            Some(part) if part.row == answer.row => part.answers.push(answer),
            _ => parts.push(Part {
                row: answer.row.clone(),
                answers: vec![answer],
            }),
        }
    }
    parts
        .into_iter()
        .enumerate()
        .map(|(place, Part { row, answers })| {
            let heading = match row {
                Some((item, number)) => Some(format!("{item} {number}")),
                None => (place == 0).then(|| t("Thông tin chi tiết").to_owned()),
            };
            view! {
                {heading.map(|heading| view! { <h3>{heading}</h3> })}
                <dl class="facts">
                    {answers.into_iter().map(|answer| fact(answer.label, answer.text)).collect_view()}
                </dl>
            }
        })
        .collect_view()
}
