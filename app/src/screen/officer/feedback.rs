//! What people told the province, for officers: feedback to answer, and the survey's comments.

use crate::part::field::LongField;
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::{load, title};
use crate::screen::feedback::topic;
use crate::text::{fill, t};
use crate::{api, format, text};
use contract::feedback::{AnswerFeedback, Feedback, FeedbackPage};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The screen.
#[component]
pub fn OfficerFeedback() -> impl IntoView {
    title(t("Phản ánh và đánh giá"));
    let list = load(api::feedback::list(None));
    let comments = load(api::feedback::survey_comments());
    view! {
        <div class="wrap narrow">
            <h1>{t("Phản ánh và đánh giá")}</h1>
            {move || match list.get() {
                None => view! { <Loading/> }.into_any(),
                Some(Err(error)) => view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
                Some(Ok(page)) if page.lines.is_empty() => view! { <p class="hint">{t("Chưa có phản ánh nào.")}</p> }.into_any(),
                Some(Ok(page)) => view! { <Lines page/> }.into_any(),
            }}
            {move || comments.get().and_then(Result::ok).filter(|list| !list.is_empty()).map(|list| view! {
                <section>
                    <h2>{t("Góp ý từ khảo sát")}</h2>
                    <ul class="cards">
                        {list.into_iter().map(|(at, comment)| view! {
                            <li class="card"><p class="meta">{format::day(at)}</p><p class="as-typed">{comment}</p></li>
                        }).collect_view()}
                    </ul>
                </section>
            })}
        </div>
    }
}

/// The lines of a page, and those of the next ones as they are asked for.
#[component]
fn Lines(page: FeedbackPage) -> impl IntoView {
    let lines = RwSignal::new(page.lines);
    let next = RwSignal::new(page.next);
    let busy = RwSignal::new(false);
    let trouble: RwSignal<Option<api::ApiError>> = RwSignal::new(None);
    let more = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            match api::feedback::list(next.get_untracked()).await {
                Ok(page) => {
                    let _ = lines.try_update(|lines| lines.extend(page.lines));
                    let _ = next.try_set(page.next);
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(error));
                }
            }
            let _ = busy.try_set(false);
        });
    };
    view! {
        <ul class="cards">
            <For each=move || lines.get() key=|feedback| feedback.state.code.clone() let:feedback>
                <li class="card"><One feedback/></li>
            </For>
        </ul>
        {move || trouble.get().map(|error| view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> })}
        <Show when=move || next.with(Option::is_some)>
            <p><button type="button" class="button" aria-busy=move || busy.get().to_string() on:click=more>{t("Xem thêm phản ánh")}</button></p>
        </Show>
    }
}

#[component]
fn One(feedback: Feedback) -> impl IntoView {
    let code = StoredValue::new(feedback.state.code.clone());
    let state = RwSignal::new(feedback.state);
    let answer = RwSignal::new(String::new());
    let wrong: RwSignal<Option<String>> = RwSignal::new(None);
    let trouble: RwSignal<Option<api::ApiError>> = RwSignal::new(None);
    let sent = feedback.sent;
    let from: Vec<String> = [&sent.name, &sent.contact, &sent.dossier]
        .into_iter()
        .filter(|part| !part.is_empty())
        .cloned()
        .collect();
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let answer = AnswerFeedback {
            answer: answer.get_untracked(),
        };
        let found = answer.check();
        wrong.set(
            found
                .first()
                .map(|field| text::value(field.error).to_owned()),
        );
        if !found.is_empty() {
            return;
        }
        spawn_local(async move {
            match api::feedback::answer(&code.get_value(), &answer).await {
                Ok(answered) => {
                    let _ = state.try_set(answered);
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(error));
                }
            }
        });
    };
    view! {
        <h2>{move || t(topic(state.get().topic))}</h2>
        <p class="meta">{code.get_value()}" · "{move || fill("Gửi ngày {}", &[&format::day(state.get().sent_at)])}</p>
        {(!from.is_empty()).then(|| view! { <p class="meta">{from.join(" · ")}</p> })}
        <p class="as-typed">{sent.content}</p>
        {move || trouble.get().map(|error| view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> })}
        {move || match state.get().answer {
            Some(text) => view! { <Notice tone=Tone::Good><p class="as-typed">{text}</p></Notice> }.into_any(),
            None => view! {
                <form novalidate on:submit=send>
                    <LongField id=format!("answer-{}", code.get_value()) label=t("Trả lời") required=true error=wrong
                        value=answer on_input=move |text| answer.set(text)/>
                    <p><button type="submit" class="button primary">{t("Gửi trả lời")}</button></p>
                </form>
            }.into_any(),
        }}
    }
}
