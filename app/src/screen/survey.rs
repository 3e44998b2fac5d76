//! `Khảo sát đánh giá`: five questions, one to five stars each, and what everybody answered so far.

use crate::part::field::LongField;
use crate::part::notice::{Notice, Tone};
use crate::part::{focus, load, title};
use crate::text::{fill, n, t};
use crate::{api, text};
use contract::feedback::{Question, SendSurvey, SurveyTotals};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::BTreeMap;

/// A question in words.
pub const fn question(question: Question) -> &'static str {
    match question {
        Question::Ease => n("Tìm và điền hồ sơ có dễ không?"),
        Question::Signing => n("Ký số có thuận tiện không?"),
        Question::Speed => n("Hồ sơ được giải quyết có nhanh không?"),
        Question::Officers => n("Cán bộ hướng dẫn có tận tình không?"),
        Question::Overall => n("Nhìn chung bạn có hài lòng không?"),
    }
}

const STARS: [&str; 5] = [
    n("1 sao: rất không hài lòng"),
    n("2 sao: không hài lòng"),
    n("3 sao: bình thường"),
    n("4 sao: hài lòng"),
    n("5 sao: rất hài lòng"),
];

/// The screen.
#[component]
pub fn Survey() -> impl IntoView {
    title(t("Khảo sát đánh giá"));
    let totals = load(api::feedback::survey_totals());
    let sent = RwSignal::new(false);
    view! {
        <div class="wrap narrow">
            <h1>{t("Khảo sát đánh giá")}</h1>
            <Show when=move || !sent.get() fallback=|| view! {
                <div id="survey-sent" tabindex="-1">
                    <Notice tone=Tone::Good>{t("Đã ghi nhận đánh giá. Cảm ơn bạn đã giúp cổng tốt hơn.")}</Notice>
                </div>
            }>
                <p>{t("Khảo sát ẩn danh: chúng tôi không lưu ai đã trả lời. Chỉ câu cuối là bắt buộc.")}</p>
                <Form sent totals/>
            </Show>
            {move || totals.get().and_then(Result::ok).filter(|totals| totals.answers > 0).map(|totals| view! { <Totals totals/> })}
        </div>
    }
}

#[component]
fn Form(
    sent: RwSignal<bool>,
    totals: RwSignal<Option<api::Answer<SurveyTotals>>>,
) -> impl IntoView {
    let stars: RwSignal<BTreeMap<Question, u8>> = RwSignal::new(BTreeMap::new());
    let comment = RwSignal::new(String::new());
    let wrong = RwSignal::new(false);
    let trouble: RwSignal<Option<api::ApiError>> = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let given =
        move |asked: Question| stars.with(|stars| stars.get(&asked).copied().unwrap_or_default());
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let survey = SendSurvey {
            stars: stars.get_untracked(),
            comment: comment.get_untracked(),
        };
        let bad = !survey.check().is_empty();
        wrong.set(bad);
        trouble.set(None);
        if bad {
            focus("survey-wrong");
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let answer = api::feedback::send_survey(&survey).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(()) => {
                    let _ = sent.try_set(true);
                    focus("survey-sent");
                    let fresh = api::feedback::survey_totals().await;
                    let _ = totals.try_set(Some(fresh));
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(error));
                }
            }
        });
    };
    view! {
        <form novalidate on:submit=send>
            {Question::ALL.into_iter().map(|asked| view! {
                <fieldset class="stars">
                    <legend>{t(question(asked))}{(asked == Question::Overall).then(|| view! { <span class="star" aria-hidden="true">"\u{a0}*"</span> })}</legend>
                    {STARS.into_iter().zip(1_u8..).map(|(name, number)| view! {
                        <label>
                            <input type="radio" class="visually-hidden" name=format!("survey-{asked:?}")
                                prop:checked=move || stars.with(|stars| stars.get(&asked) == Some(&number))
                                on:change=move |_| stars.update(|stars| { stars.insert(asked, number); })/>
                            <span aria-hidden="true" class:chosen={move || number <= given(asked)}>{move || if number <= given(asked) { "★" } else { "☆" }}</span>
                            <span class="visually-hidden">{t(name)}</span>
                        </label>
                    }).collect_view()}
                </fieldset>
            }).collect_view()}
            <LongField id="survey-comment" label=t("Điều gì nên tốt hơn? (không bắt buộc)") value=comment on_input=move |text| comment.set(text)/>
            <div id="survey-wrong" tabindex="-1">
                <Show when=move || wrong.get()>
                    <Notice tone=Tone::Bad>{t("Vui lòng cho sao ở câu cuối, và viết góp ý không quá 2.000 ký tự.")}</Notice>
                </Show>
                {move || trouble.get().map(|error| view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> })}
            </div>
            <p><button type="submit" class="button primary" aria-busy=move || busy.get().to_string()>{t("Gửi đánh giá")}</button></p>
        </form>
    }
}

#[component]
fn Totals(totals: SurveyTotals) -> impl IntoView {
    let rows = Question::ALL
        .into_iter()
        .filter_map(|asked| Some((asked, totals.tenths(asked)?)))
        .map(|(asked, tenths)| {
            let average = format!("{},{}", tenths / 10, tenths % 10);
            view! {
                <div>
                    <dt>{t(question(asked))}</dt>
                    <dd>
                        <meter min="10" max="50" low="25" high="40" optimum="50" value=tenths.to_string() aria-hidden="true"></meter>
                        " "{fill("{} trên 5 sao", &[&average])}
                    </dd>
                </div>
            }
        })
        .collect_view();
    view! {
        <section class="card">
            <h2>{fill("Kết quả từ {} lượt đánh giá", &[&totals.answers])}</h2>
            <dl class="facts">{rows}</dl>
        </section>
    }
}
