//! The ten checks of Thông tư 15/2025/TT-BKHCN, annex II, as a table.

use crate::text::{self, t};
use contract::circular::{Outcome, criteria};
use contract::validation::SignatureReport;
use leptos::prelude::*;

/// The table; nothing for a document timestamp.
pub fn table(signature: &SignatureReport) -> Option<AnyView> {
    let criteria = criteria(signature);
    if criteria.is_empty() {
        return None;
    }
    let rows = criteria
        .into_iter()
        .map(|criterion| {
            let (class, mark) = match criterion.outcome {
                Outcome::Pass => ("check good", "✓"),
                Outcome::Fail => ("check bad", "✗"),
                Outcome::NotChecked => ("check open", "!"),
            };
            view! {
                <tr>
                    <th scope="row"><span class="code">{criterion.item.number()}</span>" "{criterion.item.title()}</th>
                    <td class=class><span aria-hidden="true">{mark}</span>{text::outcome(criterion.outcome)}</td>
                </tr>
            }
        })
        .collect_view();
    Some(
        view! {
            <table class="circular">
                <caption>{t("Mười mục kiểm tra theo Thông tư 15/2025/TT-BKHCN, phụ lục II")}</caption>
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any(),
    )
}
