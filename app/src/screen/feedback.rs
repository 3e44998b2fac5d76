//! `Phản ánh kiến nghị`: tell the province something, with or without a name, and read its answer by a code.

mod answer;

use crate::part::field::{ChoiceField, ErrorSummary, LongField, TextField};
use crate::part::notice::{Notice, Tone};
use crate::part::{focus, title};
use crate::text::{n, t};
use crate::{api, text};
use answer::Answer;
use contract::feedback::{FeedbackState, SendFeedback, Topic};
use contract::problem::{FieldProblem, ProblemCode};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What a feedback is about, in words.
pub const fn topic(topic: Topic) -> &'static str {
    match topic {
        Topic::Conduct => n("Thái độ, tác phong của cán bộ"),
        Topic::Procedure => n("Quy định, thủ tục chưa hợp lý"),
        Topic::Delay => n("Hồ sơ chậm hoặc bị vướng"),
        Topic::Portal => n("Cổng dịch vụ công này"),
        Topic::Other => n("Việc khác"),
    }
}

/// The screen.
#[component]
pub fn SendAFeedback() -> impl IntoView {
    title(t("Phản ánh kiến nghị"));
    let sent: RwSignal<Option<FeedbackState>> = RwSignal::new(None);
    view! {
        <div class="wrap narrow">
            <h1>{t("Phản ánh kiến nghị")}</h1>
            {move || match sent.get() {
                Some(state) => view! { <Thanks state/> }.into_any(),
                None => view! {
                    <p>{t("Bạn không cần đăng nhập và không bắt buộc ghi tên. Chỉ cán bộ đọc được nội dung bạn gửi.")}</p>
                    <Form sent/>
                    <Answer/>
                }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Form(sent: RwSignal<Option<FeedbackState>>) -> impl IntoView {
    let what = RwSignal::new(SendFeedback {
        topic: Topic::Portal,
        content: String::new(),
        dossier: String::new(),
        name: String::new(),
        contact: String::new(),
    });
    let chosen = RwSignal::new(String::new());
    let wrong: RwSignal<Vec<FieldProblem>> = RwSignal::new(Vec::new());
    let trouble: RwSignal<Option<api::ApiError>> = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let error = move |pointer: &'static str| {
        Signal::derive(move || {
            wrong.with(|wrong| {
                let field = wrong.iter().find(|field| field.pointer == pointer)?;
                Some(text::value(field.error).to_owned())
            })
        })
    };
    let summary = Signal::derive(move || {
        wrong.with(|wrong| {
            wrong
                .iter()
                .map(|field| {
                    let id = field.pointer.trim_start_matches('/');
                    let label = match id {
                        "topic" => t("Về việc gì"),
                        "content" => t("Nội dung"),
                        "dossier" => t("Mã hồ sơ (nếu có)"),
                        "name" => t("Tên của bạn (không bắt buộc)"),
                        _ => t("Số điện thoại hoặc email (không bắt buộc)"),
                    };
                    (
                        format!("feedback-{id}"),
                        format!("{label}: {}", text::value(field.error)),
                    )
                })
                .collect()
        })
    });
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let mut found = what.with_untracked(SendFeedback::check);
        let about = Topic::ALL
            .into_iter()
            .find(|known| topic(*known) == chosen.get_untracked());
        match about {
            Some(about) => what.update(|what| what.topic = about),
            None => found.insert(
                0,
                FieldProblem {
                    pointer: "/topic".into(),
                    error: contract::value::ValueError::Required,
                },
            ),
        }
        let good = found.is_empty();
        wrong.set(found);
        trouble.set(None);
        if !good {
            focus("error-summary");
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let answer = api::feedback::send_in(&what.get_untracked()).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(state) => {
                    let _ = sent.try_set(Some(state));
                    focus("feedback-sent");
                }
                Err(error) => {
                    if error.code == ProblemCode::Invalid {
                        let _ = wrong.try_set(error.fields.clone());
                    }
                    let _ = trouble.try_set(Some(error));
                }
            }
        });
    };
    let topics = Topic::ALL
        .map(|known| (topic(known).to_owned(), t(topic(known)).to_owned()))
        .to_vec();
    view! {
        <ErrorSummary errors=summary/>
        {move || trouble.get().map(|error| view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> })}
        <form novalidate on:submit=send>
            <ChoiceField id="feedback-topic" label=t("Về việc gì") options=topics value=chosen required=true
                error=error("/topic") on_input=move |text| chosen.set(text)/>
            <LongField id="feedback-content" label=t("Nội dung") required=true error=error("/content")
                value=Signal::derive(move || what.with(|what| what.content.clone()))
                on_input=move |text| what.update(|what| what.content = text)/>
            <TextField id="feedback-dossier" label=t("Mã hồ sơ (nếu có)") error=error("/dossier")
                value=Signal::derive(move || what.with(|what| what.dossier.clone()))
                on_input=move |text| what.update(|what| what.dossier = text)/>
            <div class="grid two">
                <TextField id="feedback-name" label=t("Tên của bạn (không bắt buộc)") autocomplete="name" error=error("/name")
                    value=Signal::derive(move || what.with(|what| what.name.clone()))
                    on_input=move |text| what.update(|what| what.name = text)/>
                <TextField id="feedback-contact" label=t("Số điện thoại hoặc email (không bắt buộc)") error=error("/contact")
                    value=Signal::derive(move || what.with(|what| what.contact.clone()))
                    on_input=move |text| what.update(|what| what.contact = text)/>
            </div>
            <p><button type="submit" class="button primary" aria-busy=move || busy.get().to_string()>{t("Gửi phản ánh")}</button></p>
        </form>
    }
}

#[component]
fn Thanks(state: FeedbackState) -> impl IntoView {
    view! {
        <section id="feedback-sent" tabindex="-1" class="receipt" aria-label=t("Đã gửi phản ánh")>
            <h2>{t("Đã gửi phản ánh")}</h2>
            <p class="big code">{state.code}</p>
            <p>{t("Hãy giữ mã này: chỉ người có mã mới xem được câu trả lời, ở trang Phản ánh kiến nghị.")}</p>
        </section>
    }
}
