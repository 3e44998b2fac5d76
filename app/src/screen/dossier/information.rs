//! Step 1: `Thông tin hồ sơ`.

use super::{Open, Step};
use crate::part::field::{ChoiceField, ErrorSummary, LongField, TextField};
use crate::part::focus;
use crate::text;
use contract::date::Date;
use contract::dossier::{Applicant, FormFault, check_form};
use contract::form::{FieldDefinition, FieldKind};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use std::sync::Arc;

/// The screen.
#[component]
pub fn Information() -> impl IntoView {
    view! { <Step current=0 heading="Thông tin hồ sơ" body=Arc::new(|open| view! { <Form open/> }.into_any())/> }
}

/// Id of the field behind a pointer.
fn id_of(pointer: &str) -> String {
    pointer.trim_start_matches('/').replace('/', "-")
}

/// A field of the applicant: read, write.
type Part = (fn(&Applicant) -> &String, fn(&mut Applicant) -> &mut String);

macro_rules! part {
    ($field:ident) => {
        (
            |person: &Applicant| &person.$field,
            |person: &mut Applicant| &mut person.$field,
        )
    };
}

#[component]
fn Form(open: Open) -> impl IntoView {
    let navigate = use_navigate();
    let wrong: RwSignal<Vec<FormFault>> = RwSignal::new(Vec::new());
    let error = move |pointer: String| {
        Signal::derive(move || {
            wrong.with(|wrong| {
                wrong
                    .iter()
                    .find(|field| field.pointer == pointer)
                    .map(|field| text::form::fault(field.fault))
            })
        })
    };
    let labels = StoredValue::new(vec![
        ("name", "Họ và tên"),
        ("citizen_id", "Số CMND/CCCD"),
        ("phone", "Số điện thoại"),
        ("province", "Tỉnh/Thành phố"),
        ("ward", "Phường/Xã"),
        ("address", "Địa chỉ"),
        ("id_issued_on", "Ngày cấp"),
        ("born_on", "Ngày sinh"),
        ("email", "Email"),
        ("content", "Nội dung yêu cầu giải quyết"),
    ]);
    let summary = Signal::derive(move || {
        wrong.with(|wrong| {
            wrong
                .iter()
                .map(|field| {
                    let key = field
                        .pointer
                        .rsplit('/')
                        .next()
                        .unwrap_or_default()
                        .to_owned();
                    let own = open.draft.with_untracked(|draft| {
                        draft
                            .procedure
                            .fields
                            .iter()
                            .find(|definition| definition.key == key)
                            .map(|definition| definition.label.clone())
                    });
                    let label = own
                        .or_else(|| {
                            labels.with_value(|labels| {
                                labels
                                    .iter()
                                    .find(|(name, _)| *name == key)
                                    .map(|(_, label)| (*label).to_owned())
                            })
                        })
                        .unwrap_or(key);
                    (
                        id_of(&field.pointer),
                        format!("{label}: {}", text::form::fault(field.fault)),
                    )
                })
                .collect()
        })
    });
    let line = move |name: &'static str,
                     label: &'static str,
                     kind: &'static str,
                     required: bool,
                     (read, write): Part| {
        view! {
            <TextField
                id=format!("applicant-{name}")
                label=label
                kind=kind
                required=required
                error=error(format!("/applicant/{name}"))
                value=Signal::derive(move || open.draft.with(|draft| read(&draft.form.applicant).clone()))
                on_input=move |text: String| open.change(move |draft| *write(&mut draft.form.applicant) = text)
            />
        }
    };
    let next = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let found = open
            .draft
            .with_untracked(|draft| check_form(&draft.form, &draft.procedure, Date::in_vietnam(open.state.now())));
        let good = found.is_empty();
        wrong.set(found);
        if !good {
            focus("error-summary");
            return;
        }
        let navigate = navigate.clone();
        spawn_local(async move {
            open.save().await;
            if open.trouble.get_untracked().is_none() {
                let id = open.draft.with_untracked(|draft| draft.id);
                navigate(
                    &format!("/ho-so/{id}/thanh-phan"),
                    leptos_router::NavigateOptions::default(),
                );
            }
        });
    };
    let fields = open
        .draft
        .with_untracked(|draft| draft.procedure.fields.clone());
    view! {
        <ErrorSummary errors=summary/>
        <form novalidate on:submit=next>
            <fieldset>
                <legend>"Người nộp hồ sơ"</legend>
                <div class="grid two">
                    {line("name", "Họ và tên", "text", true, part!(name))}
                    {line("citizen_id", "Số CMND/CCCD", "text", true, part!(citizen_id))}
                    {line("id_issued_on", "Ngày cấp", "date", false, part!(id_issued_on))}
                    {line("id_issued_by", "Nơi cấp", "text", false, part!(id_issued_by))}
                    {line("born_on", "Ngày sinh", "date", false, part!(born_on))}
                    {line("sex", "Giới tính", "text", false, part!(sex))}
                    {line("nationality", "Quốc tịch", "text", false, part!(nationality))}
                    {line("phone", "Số điện thoại", "tel", true, part!(phone))}
                    {line("email", "Email", "email", false, part!(email))}
                    {line("fax", "Fax", "tel", false, part!(fax))}
                    {line("province", "Tỉnh/Thành phố", "text", true, part!(province))}
                    {line("ward", "Phường/Xã", "text", true, part!(ward))}
                    {line("address", "Địa chỉ", "text", true, part!(address))}
                    {line("organisation", "Tên tổ chức (nếu có)", "text", false, part!(organisation))}
                </div>
                <LongField id="applicant-content" label="Nội dung yêu cầu giải quyết" required=true error=error("/applicant/content".into())
                    value=Signal::derive(move || open.draft.with(|draft| draft.form.applicant.content.clone()))
                    on_input=move |text: String| open.change(move |draft| draft.form.applicant.content = text)/>
                <LongField id="applicant-note" label="Ghi chú" error=error("/applicant/note".into())
                    value=Signal::derive(move || open.draft.with(|draft| draft.form.applicant.note.clone()))
                    on_input=move |text: String| open.change(move |draft| draft.form.applicant.note = text)/>
            </fieldset>
            {(!fields.is_empty()).then(|| view! {
                <fieldset>
                    <legend>"Thông tin chi tiết"</legend>
                    <div class="grid two">
                        {fields.into_iter().map(|definition| own_field(open, definition, error)).collect_view()}
                    </div>
                </fieldset>
            })}
            <div class="row end">
                <button type="submit" class="button primary">"Tiếp tục"</button>
            </div>
        </form>
    }
}

/// A field of the procedure's own form.
fn own_field(
    open: Open,
    definition: FieldDefinition,
    error: impl Fn(String) -> Signal<Option<String>>,
) -> AnyView {
    let (id, key) = (format!("detail-{}", definition.key), definition.key.clone());
    let error = error(format!("/detail/{}", definition.key));
    let read = key.clone();
    let value = Signal::derive(move || {
        open.draft
            .with(|draft| draft.form.detail.get(&read).cloned().unwrap_or_default())
    });
    let on_input = move |text: String| {
        let key = key.clone();
        open.change(move |draft| {
            draft.form.detail.insert(key, text);
        });
    };
    let (label, hint, required) = (definition.label, definition.hint, definition.required);
    match definition.kind {
        FieldKind::LongText { .. } => {
            view! { <LongField id label required error value on_input/> }.into_any()
        }
        FieldKind::Choice { options } => {
            let options: Vec<_> = options
                .into_iter()
                .map(|option| (option.clone(), option))
                .collect();
            view! { <ChoiceField id label required error value on_input options/> }.into_any()
        }
        FieldKind::Date { .. } => {
            view! { <TextField id label hint required error value on_input kind="date"/> }
                .into_any()
        }
        FieldKind::Number { .. } => {
            view! { <TextField id label hint required error value on_input kind="number"/> }
                .into_any()
        }
        _ => {
            view! { <TextField id label hint required error value on_input/> }.into_any()
        }
    }
}
