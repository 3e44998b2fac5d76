//! What became of a feedback, by its code.

use super::topic;
use crate::part::field::TextField;
use crate::part::notice::{Notice, Tone};
use crate::text::{fill, t};
use crate::{api, format, text};
use contract::feedback::FeedbackState;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Looks up the answer.
#[component]
pub fn Answer() -> impl IntoView {
    let code = RwSignal::new(String::new());
    let found: RwSignal<Option<api::Answer<FeedbackState>>> = RwSignal::new(None);
    let wrong: RwSignal<Option<String>> = RwSignal::new(None);
    let ask = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let wanted = code.get_untracked().trim().to_owned();
        if wanted.is_empty() {
            wrong.set(Some(
                t("Vui lòng nhập mã đã nhận khi gửi phản ánh.").to_owned(),
            ));
            return;
        }
        wrong.set(None);
        spawn_local(async move {
            let answer = api::feedback::show(&wanted).await;
            let _ = found.try_set(Some(answer));
        });
    };
    view! {
        <section class="card">
            <h2>{t("Xem câu trả lời")}</h2>
            <form on:submit=ask>
                <TextField id="feedback-code" label=t("Mã phản ánh") hint=t("Có dạng PA-XXXX-XXXX-XXXX.") error=wrong
                    value=code on_input=move |text| code.set(text)/>
                <p><button type="submit" class="button">{t("Xem")}</button></p>
            </form>
            <div aria-live="polite">
                {move || found.get().map(|answer| match answer {
                    Err(error) => view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
                    Ok(state) => view! {
                        <p class="meta">{t(topic(state.topic))}" · "{fill("Gửi ngày {}", &[&format::day(state.sent_at)])}</p>
                        {match state.answer {
                            Some(answer) => view! { <Notice tone=Tone::Good><p class="as-typed">{answer}</p></Notice> }.into_any(),
                            None => view! { <Notice tone=Tone::Info>{t("Phản ánh đã được nhận và đang chờ cán bộ trả lời.")}</Notice> }.into_any(),
                        }}
                    }.into_any(),
                })}
            </div>
        </section>
    }
}
