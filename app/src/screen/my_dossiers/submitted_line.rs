//! One submitted dossier: its state by the national name, and when the result is due.

use super::is_wanted;
use crate::format;
use crate::outbox::outbox;
use crate::text::after::tone;
use crate::text::{self, fill, t};
use contract::date::Date;
use contract::dossier::{DossierStatus, DossierSummary};
use contract::value::Timestamp;
use leptos::prelude::*;
use leptos_router::components::A;

/// When the result is due, as long as it is waited for: the sentence, and whether the day is over.
fn due(line: &DossierSummary, now: Timestamp) -> Option<(String, bool)> {
    let waited_for = !matches!(
        line.status,
        DossierStatus::Refused
            | DossierStatus::Withdrawn
            | DossierStatus::Stopped
            | DossierStatus::Done
            | DossierStatus::Returned
    );
    let at = line.due_at.filter(|_| waited_for)?;
    let day = format::day(at);
    let today = Date::in_vietnam(now);
    Some(if Date::in_vietnam(at) < today {
        (fill("Quá hạn trả từ {}", &[&day]), true)
    } else if Date::in_vietnam(at) == today {
        (t("Hẹn trả kết quả hôm nay").to_owned(), false)
    } else {
        (fill("Hẹn trả kết quả {}", &[&day]), false)
    })
}

/// The line.
#[component]
pub fn SubmittedLine(line: DossierSummary) -> impl IntoView {
    let now = crate::session::session().now();
    let due = due(&line, now);
    let wanted = is_wanted(line.status);
    let (outbox, id) = (outbox(), line.id);
    let answering = Memo::new(move |_| outbox.added_to(id).map(|entry| entry.sentence()));
    let address = format!("/quan-ly-ho-so/{}", line.id);
    let act = match line.status {
        DossierStatus::SupplementRequested => t("Bổ sung hồ sơ"),
        DossierStatus::PaymentRequested => t("Xem khoản phải nộp"),
        _ => t("Xem hồ sơ"),
    };
    let label = format!("{act} {}", line.code);
    view! {
        <li class:wanted=wanted>
            <div>
                <h3><A href=address.clone()>{line.procedure_name}</A></h3>
                <p class="meta">
                    <span class="code">{line.code.to_string()}</span>
                    <span>{fill("Nộp {}", &[&format::moment(line.submitted_at)])}</span>
                    <span>{fill("{} tệp, {} đã ký số", &[&line.files, &line.signed_files])}</span>
                </p>
                <p class="meta">
                    <span class=tone(line.status)>{text::status(line.status)}</span>
                    {due.map(|(sentence, late)| view! { <span class:late=late>{sentence}</span> })}
                    {move || answering.get().map(|sentence| view! { <span class="chip">{sentence}</span> })}
                </p>
            </div>
            <p class="acts">
                <A href=address attr:class=if wanted { "button primary" } else { "button" } attr:aria-label=label>{act}</A>
            </p>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    const DAY: i64 = 86_400_000;
    const NOW: Timestamp = Timestamp(1_795_000_000_000);

    fn line(status: &str, due_in: Option<i64>) -> DossierSummary {
        serde_json::from_value(serde_json::json!({
            "id": uuid::Uuid::nil(), "code": "000.00.15.H34-261123-0001", "procedure": "1", "procedure_name": "Một", "applicant": "Mẫu",
            "status": status, "submitted_at": NOW.0, "due_at": due_in.map(|due_in| NOW.0 + due_in), "files": 1, "signed_files": 0,
        }))
        .expect("a line")
    }

    #[wasm_bindgen_test]
    fn a_result_is_late_only_while_it_is_waited_for() {
        assert_eq!(due(&line("processing", None), NOW), None);
        assert!(due(&line("processing", Some(-DAY)), NOW).is_some_and(|(_, late)| late));
        assert!(due(&line("processing", Some(0)), NOW).is_some_and(|(_, late)| !late));
        assert!(due(&line("processing", Some(DAY)), NOW).is_some_and(|(_, late)| !late));
        assert_eq!(due(&line("done", Some(-DAY)), NOW), None);
    }
}
