//! `Thông tin chi tiết`: the procedure's own fields, those that stand on the form.

use super::form::Form;
use super::group::Group;
use crate::part::field::{
    ChecksField, ChoiceField, DateField, LongField, OptionField, TextField, UnitField, units,
};
use crate::text::{n, t};
use contract::form::{FieldDefinition, FieldKind, Format, NO, YES, shown};
use leptos::prelude::*;

/// Up to so many choices stand as buttons, more go into a list.
const BUTTONS_MAX: usize = 5;

/// What a part of an address is called.
pub fn part_label(part: &str) -> &'static str {
    match part {
        "province" => t("Tỉnh/Thành phố"),
        "ward" => t("Phường/Xã"),
        _ => t("Số nhà, đường, thôn"),
    }
}

/// The fields.
#[component]
pub fn DetailFields(form: Form) -> impl IntoView {
    view! {
        <fieldset class="section">
            <legend>{t("Thông tin chi tiết")}</legend>
            {fields(form, None)}
        </fieldset>
    }
}

/// The fields of the form, or of one row of a group; they come and go with the answers, and stay themselves while they stand.
pub fn fields(form: Form, row: Option<(String, u8)>) -> impl IntoView {
    let standing = Memo::new(move |_| {
        let row = row.as_ref().map(|(group, row)| (group.as_str(), *row));
        form.open.draft.with(|draft| {
            shown(&draft.procedure.fields, &draft.form.detail)
                .into_iter()
                .filter(|field| field.row.map(|(group, row)| (group.key.as_str(), row)) == row)
                .map(|field| (field.key(), field.definition.clone()))
                .collect::<Vec<_>>()
        })
    });
    view! {
        <div class="grid two">
            <For each=move || standing.get() key=|(key, _)| key.clone() children=move |(key, definition)| field(form, key, definition)/>
        </div>
    }
}

/// One field.
fn field(form: Form, key: String, definition: FieldDefinition) -> AnyView {
    let id = format!("detail-{key}");
    let pointer = format!("/detail/{key}");
    let FieldDefinition {
        label,
        hint,
        required,
        kind,
        ..
    } = definition.clone();
    let error = form.told.error(pointer.clone());
    let value = form.answer(key.clone());
    let on_input = Callback::new({
        let key = key.clone();
        move |text: String| form.write_answer(key.clone(), text)
    });
    let on_blur = Callback::new(move |()| form.told.left(&pointer));
    let pairs = |options: Vec<String>| {
        options
            .into_iter()
            .map(|option| (option.clone(), option))
            .collect::<Vec<_>>()
    };
    match kind {
        FieldKind::Text { format, max_length, .. } => {
            let (keyboard, kind) = keyboard(format);
            let width = if format.is_some_and(|format| format != Format::Email) || max_length <= 20 { "middle" } else { "" };
            view! { <TextField id label hint required error value on_input on_blur keyboard kind width/> }.into_any()
        }
        FieldKind::Phone => {
            view! { <TextField id label hint required error value on_input on_blur kind="tel" width="middle"/> }.into_any()
        }
        FieldKind::Email => {
            view! { <TextField id label hint required error value on_input on_blur kind="email"/> }.into_any()
        }
        FieldKind::CitizenId => {
            view! { <TextField id label hint required error value on_input on_blur keyboard="numeric" width="middle"/> }.into_any()
        }
        FieldKind::LongText { .. } => {
            view! { <LongField id label hint required error value on_input on_blur/> }.into_any()
        }
        FieldKind::Number { unit, decimals, .. } => {
            let keyboard = if decimals == 0 { "numeric" } else { "decimal" };
            view! { <TextField id label hint required error value on_input on_blur keyboard unit width="short"/> }.into_any()
        }
        FieldKind::Date { .. } => {
            view! { <DateField id label hint required error value on_input on_blur/> }.into_any()
        }
        FieldKind::Choice { options } if options.len() <= BUTTONS_MAX => {
            view! { <OptionField id label hint required error value on_input options=pairs(options)/> }.into_any()
        }
        FieldKind::Choice { options } => {
            view! { <ChoiceField id label hint required error value on_input on_blur options=pairs(options)/> }.into_any()
        }
        FieldKind::YesNo => {
            let options = vec![
                (YES.to_owned(), t(n("Có")).to_owned()),
                (NO.to_owned(), t(n("Không")).to_owned()),
            ];
            view! { <OptionField id label hint required error value on_input options/> }.into_any()
        }
        FieldKind::Choices { options, .. } => {
            view! { <ChecksField id label hint required error value on_input options/> }.into_any()
        }
        FieldKind::Address => view! { <Address form key label hint required/> }.into_any(),
        FieldKind::Repeat { .. } => view! { <Group form definition/> }.into_any(),
    }
}

/// `inputmode` and `type` for a format.
const fn keyboard(format: Option<Format>) -> (&'static str, &'static str) {
    match format {
        Some(Format::Digits | Format::CitizenId) => ("numeric", "text"),
        Some(Format::Phone) => ("tel", "tel"),
        Some(Format::Email) => ("email", "email"),
        Some(Format::TaxCode | Format::LicencePlate) | None => ("text", "text"),
    }
}

/// Province, ward, street.
#[component]
fn Address(form: Form, key: String, label: String, hint: String, required: bool) -> impl IntoView {
    let units = units();
    let name = |part: &str| format!("{key}.{part}");
    let (province, ward, street) = (name("province"), name("ward"), name("street"));
    let chosen = form.answer(province.clone());
    // With three levels the ward is written with its district: there is no list of all wards of a province.
    let above = Signal::derive(move || vec![chosen.get()]);
    let two = Memo::new(move |_| {
        units.with(|units| units.as_ref().is_some_and(|units| units.levels.len() == 2))
    });
    let in_province = Signal::derive(move || {
        if two.get() {
            above.get()
        } else {
            vec![String::new()]
        }
    });
    let write = move |key: String| move |text: String| form.write_answer(key.clone(), text);
    let left = move |key: &str| {
        let pointer = format!("/detail/{key}");
        move |()| form.told.left(&pointer)
    };
    let error = move |key: &str| form.told.error(format!("/detail/{key}"));
    let to_province = {
        let (province, ward) = (province.clone(), ward.clone());
        move |text: String| {
            if two.get_untracked() && chosen.get_untracked() != text {
                form.write_answer(ward.clone(), String::new());
            }
            form.write_answer(province.clone(), text);
        }
    };
    view! {
        <fieldset class="address">
            <legend>{label}</legend>
            {(!hint.is_empty()).then(|| view! { <p class="hint">{hint}</p> })}
            <div class="grid two">
                <UnitField id=format!("detail-{province}") label=part_label("province") units above=Signal::derive(Vec::new) required
                    value=chosen error=error(&province) on_input=to_province on_blur=left(&province)/>
                <UnitField id=format!("detail-{ward}") label=part_label("ward") units above=in_province required
                    value=form.answer(ward.clone()) error=error(&ward) on_input=write(ward.clone()) on_blur=left(&ward)/>
                <TextField id=format!("detail-{street}") label=part_label("street") required
                    value=form.answer(street.clone()) error=error(&street) on_input=write(street.clone()) on_blur=left(&street)/>
            </div>
        </fieldset>
    }
}
