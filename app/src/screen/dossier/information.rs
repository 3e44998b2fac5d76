//! Step 1: `Thông tin hồ sơ`.

mod detail;
mod form;
mod group;

use super::{Open, Step};
use crate::part::field::{ErrorSummary, LongField};
use crate::part::person::{ReachFields, WhoFields, label_of};
use crate::part::{focus, title};
use crate::text::{fill, n, t};
use detail::DetailFields;
use form::Form;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;
use std::sync::Arc;

const HEADING: &str = n("Thông tin hồ sơ");

/// The screen.
#[component]
pub fn Information() -> impl IntoView {
    view! { <Step current=0 heading=HEADING body=Arc::new(|open| view! { <Fields open/> }.into_any())/> }
}

#[component]
fn Fields(open: Open) -> impl IntoView {
    let navigate = use_navigate();
    let form = Form::new(open);
    let person = form.person;
    let next = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if !form.told.is_right(|pointer| form.label(pointer)) {
            title(&fill("Lỗi: {}", &[&t(HEADING)]));
            focus("error-summary");
            return;
        }
        title(t(HEADING));
        let navigate = navigate.clone();
        let id = open.draft.with_untracked(|draft| draft.id);
        spawn_local(async move {
            open.save().await;
            // A second press finds the screen gone already.
            if open.trouble.try_get_untracked() == Some(None) {
                navigate(
                    &format!("/ho-so/{id}/thanh-phan"),
                    leptos_router::NavigateOptions::default(),
                );
            }
        });
    };
    let (has_own, code) = open.draft.with_untracked(|draft| {
        (
            !draft.procedure.fields.is_empty(),
            draft.procedure.summary.code.clone(),
        )
    });
    view! {
        <ErrorSummary errors=form.told.summary() mended=form.told.mended()/>
        <form novalidate class="wizard" on:submit=next>
            <p class="hint">{t("Mục có dấu * phải điền. Thông tin của bạn được điền sẵn từ tài khoản; hãy kiểm tra lại.")}</p>
            <fieldset class="section">
                <legend>{t("Người nộp hồ sơ")}</legend>
                <WhoFields form=person/>
            </fieldset>
            <fieldset class="section">
                <legend>{t("Liên hệ và nơi ở")}</legend>
                <ReachFields form=person required=true/>
            </fieldset>
            <fieldset class="section">
                <legend>{t("Nội dung đề nghị")}</legend>
                <LongField id=person.id("content") label=label_of("content") required=true error=person.error("content")
                    value=person.read(|applicant| &applicant.content)
                    on_input=move |text: String| person.write("content", |applicant| &mut applicant.content, text)
                    on_blur=move |()| person.left("content")/>
                <LongField id=person.id("note") label=label_of("note") error=person.error("note")
                    value=person.read(|applicant| &applicant.note)
                    on_input=move |text: String| person.write("note", |applicant| &mut applicant.note, text)
                    on_blur=move |()| person.left("note")/>
            </fieldset>
            {has_own.then(|| view! { <DetailFields form/> })}
            <div class="row between">
                <A href=format!("/thu-tuc/{code}") attr:class="button">{t("Quay lại")}</A>
                <button type="submit" class="button primary">{t("Tiếp tục")}</button>
            </div>
        </form>
    }
}
