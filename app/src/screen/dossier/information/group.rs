//! A group of fields several times: children, members of a household.

use super::detail::fields;
use super::form::Form;
use crate::text::{fill, t};
use contract::form::{FieldDefinition, FieldKind, rows};
use leptos::prelude::*;
use std::collections::BTreeMap;
use wasm_bindgen::JsCast as _;

/// Takes a row out of the answers; those behind it move up.
fn without_row(detail: &mut BTreeMap<String, String>, group: &str, row: u8, count: u8) {
    let of_row = |detail: &BTreeMap<String, String>, row: u8| -> Vec<String> {
        let start = format!("{group}.{row}.");
        detail
            .range(start.clone()..)
            .map(|(key, _)| key.clone())
            .take_while(|key| key.starts_with(&start))
            .collect()
    };
    for key in of_row(detail, row) {
        detail.remove(&key);
    }
    for later in row.saturating_add(1)..count {
        for key in of_row(detail, later) {
            let Some(rest) = key.strip_prefix(&format!("{group}.{later}.")) else {
                continue;
            };
            if let Some(answer) = detail.remove(&key) {
                detail.insert(format!("{group}.{}.{rest}", later - 1), answer);
            }
        }
    }
    detail.insert(group.to_owned(), count.saturating_sub(1).to_string());
}

/// Puts the focus into an element once it is there.
fn focus_in(id: String, selector: &'static str) {
    request_animation_frame(move || {
        let found = document()
            .get_element_by_id(&id)
            .and_then(|element| element.query_selector(selector).ok().flatten())
            .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(element) = found {
            let _ = element.focus();
        }
    });
}

/// The group.
#[component]
pub fn Group(form: Form, definition: FieldDefinition) -> impl IntoView {
    let FieldKind::Repeat { item, min, max, .. } = definition.kind.clone() else {
        return ().into_any();
    };
    let least = min.max(u8::from(definition.required));
    let (key, label, hint) = (
        definition.key.clone(),
        definition.label.clone(),
        definition.hint.clone(),
    );
    let place = format!("detail-{key}");
    let definition = StoredValue::new(definition);
    let count = Memo::new(move |_| {
        form.open
            .draft
            .with(|draft| definition.with_value(|group| rows(group, &draft.form.detail)))
    });
    // The answers before the last row was taken away.
    let before: RwSignal<Option<(BTreeMap<String, String>, u8)>> = RwSignal::new(None);
    let add = {
        let (key, place) = (key.clone(), place.clone());
        move |_| {
            let next = count.get_untracked();
            before.set(None);
            let key = key.clone();
            form.open.change(move |draft| {
                draft.form.detail.insert(key, (next + 1).to_string());
            });
            focus_in(format!("{place}-{next}"), "input, select, textarea");
        }
    };
    let take = Callback::new({
        let (key, place) = (key.clone(), place.clone());
        move |row: u8| {
            let all = count.get_untracked();
            before.set(Some((
                form.open
                    .draft
                    .with_untracked(|draft| draft.form.detail.clone()),
                row,
            )));
            let key = key.clone();
            form.open
                .change(move |draft| without_row(&mut draft.form.detail, &key, row, all));
            focus_in(place.clone(), ".undo button");
        }
    });
    let undo = {
        let (place, key) = (place.clone(), key.clone());
        move |_| {
            if let Some((answers, row)) = before.get_untracked() {
                before.set(None);
                let start = format!("{key}.");
                let key = key.clone();
                // Other fields keep what was written since.
                form.open.change(move |draft| {
                    let detail = &mut draft.form.detail;
                    let own = |name: &str| name == key || name.starts_with(&start);
                    detail.retain(|name, _| !own(name));
                    detail.extend(answers.into_iter().filter(|(name, _)| own(name)));
                });
                focus_in(format!("{place}-{row}"), "input, select, textarea");
            }
        }
    };
    let (row_item, gone_item, add_item) = (item.clone(), item.clone(), item);
    let row_place = place.clone();
    view! {
        <fieldset class="group" id=place>
            <legend>{label}</legend>
            {(!hint.is_empty()).then(|| view! { <p class="hint">{hint}</p> })}
            <For each=move || 0..count.get() key=|row| *row children=move |row| {
                let name = format!("{row_item} {}", row + 1);
                view! {
                    <fieldset class="one" id=format!("{row_place}-{row}")>
                        <legend>{name.clone()}</legend>
                        {fields(form, Some((key.clone(), row)))}
                        <Show when=move || count.get().gt(&least)>
                            <button type="button" class="button small" aria-label=fill("Xóa {}", &[&name]) on:click=move |_| take.run(row)>{t("Xóa")}</button>
                        </Show>
                    </fieldset>
                }
            }/>
            <div class="undo" role="status">
                {move || before.get().map(|(_, row)| view! {
                    <span>{fill("Đã xóa {} {}.", &[&gone_item, &(row + 1)])}</span>
                    <button type="button" class="link" on:click=undo.clone()>{t("Hoàn tác")}</button>
                })}
            </div>
            <Show when=move || count.get().lt(&max) fallback=move || view! { <p class="hint">{fill("Nhiều nhất {} mục.", &[&max])}</p> }>
                <button type="button" class="button add" on:click=add.clone()>"+ "{fill("Thêm {}", &[&add_item.to_lowercase()])}</button>
            </Show>
        </fieldset>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn rows_behind_a_row_that_goes_move_up_and_nothing_else_moves() {
        let mut detail: BTreeMap<String, String> = [
            ("con", "3"),
            ("con.0.ten", "A"),
            ("con.1.ten", "B"),
            ("con.1.o.ward", "xã"),
            ("con.2.ten", "C"),
            ("con_nuoi.1.ten", "D"),
            ("khac", "E"),
        ]
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
        without_row(&mut detail, "con", 1, 3);
        let left: Vec<(&str, &str)> = detail
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect();
        assert_eq!(
            left,
            [
                ("con", "2"),
                ("con.0.ten", "A"),
                ("con.1.ten", "C"),
                ("con_nuoi.1.ten", "D"),
                ("khac", "E"),
            ]
        );
    }
}
