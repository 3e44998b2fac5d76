//! Administrative units as a tree: what lies in a unit is shown when it is opened.

use super::part::line;
use crate::part::field::TextField;
use crate::part::notice::{Notice, Tone};
use crate::text::{fill, t};
use contract::unit::{Unit, Units};
use leptos::prelude::*;

type Of = RwSignal<Units>;

/// The form.
#[component]
pub fn TreeForm(of: Of) -> impl IntoView {
    view! {
        <fieldset class="card">
            <legend>{t("Các cấp")}</legend>
            {move || { let count = of.with(|of| of.levels.len()); (0..count).map(|place| line(
                of, format!("level-{place}"), t("Tên cấp"),
                move |of: &Units| of.levels.get(place).cloned().unwrap_or_default(),
                move |of: &mut Units, text| if let Some(level) = of.levels.get_mut(place) { *level = text },
            )).collect_view() }}
        </fieldset>
        <section class="card"><h2>{t("Đơn vị")}</h2><Within of parent=None depth=1/></section>
    }
}

/// What lies in a unit.
#[component]
fn Within(of: Of, parent: Option<String>, depth: usize) -> AnyView {
    let deepest = move || of.with(|of| of.levels.len());
    let parent = StoredValue::new(parent);
    let codes = Memo::new(move |_| {
        of.with(|of| {
            parent.with_value(|parent| {
                of.within(parent.as_deref())
                    .map(|unit| unit.code.clone())
                    .collect::<Vec<_>>()
            })
        })
    });
    view! {
        <ul class="plain units">
            <For each=move || codes.get() key=Clone::clone children=move |code| {
                let open = RwSignal::new(false);
                let (named, inside, counted) = (code.clone(), code.clone(), code.clone());
                let name = Signal::derive(move || of.with(|of| of.find(&named).map(|unit| unit.name.clone()).unwrap_or_default()));
                let count = Signal::derive(move || of.with(|of| of.within(Some(&counted)).count()));
                let kept = StoredValue::new(code);
                view! {
                    <li>
                        <details on:toggle=move |event| open.set(is_open(&event))>
                            <summary><span class="code">{kept.get_value()}</span>" "{move || name.get()}{move || { let count = count.get(); (count > 0).then(|| format!(" ({count})")) }}</summary>
                            <Show when=move || open.get()>
                                <Rename of code=kept.get_value()/>
                                {
                                    let inside = inside.clone();
                                    (depth < deepest()).then(|| view! { <Within of parent=Some(inside) depth=depth + 1/> })
                                }
                            </Show>
                        </details>
                    </li>
                }
            }/>
        </ul>
        <Add of parent/>
    }
    .into_any()
}

fn is_open(event: &web_sys::Event) -> bool {
    use wasm_bindgen::JsCast as _;
    event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::HtmlDetailsElement>().ok())
        .is_some_and(|details| details.open())
}

/// Another name, or none any more.
#[component]
fn Rename(of: Of, code: String) -> impl IntoView {
    let code = StoredValue::new(code);
    let value = Signal::derive(move || {
        of.with(|of| {
            of.find(&code.get_value())
                .map(|unit| unit.name.clone())
                .unwrap_or_default()
        })
    });
    let put = move |text: String| {
        of.update(|of| {
            if let Some(unit) = of
                .units
                .iter_mut()
                .find(|unit| code.with_value(|code| unit.code == *code))
            {
                unit.name = text;
            }
        });
    };
    let empty = move || {
        of.with(|of| {
            code.with_value(|code| of.within(Some(code)).next().is_none() && of.home != *code)
        })
    };
    view! {
        <TextField id=format!("unit-{}", code.get_value()) label=t("Tên đơn vị") value on_input=put/>
        {move || empty().then(|| view! {
            <p class="row"><button type="button" class="button small" aria-label=fill("Bỏ đơn vị {}", &[&code.get_value()])
                on:click=move |_| of.update(|of| of.units.retain(|unit| code.with_value(|code| unit.code != *code)))>{t("Bỏ")}</button></p>
        })}
    }
}

/// One unit more.
#[component]
fn Add(of: Of, parent: StoredValue<Option<String>>) -> impl IntoView {
    let code = RwSignal::new(String::new());
    let name = RwSignal::new(String::new());
    let trouble: RwSignal<Option<&'static str>> = RwSignal::new(None);
    let place = parent.get_value().unwrap_or_default();
    let add = move |_| {
        let (new, named) = (
            code.get_untracked().trim().to_owned(),
            name.get_untracked().trim().to_owned(),
        );
        if new.is_empty() || named.is_empty() {
            trouble.set(Some(t("Hãy ghi cả mã và tên.")));
            return;
        }
        if of.with_untracked(|of| of.find(&new).is_some()) {
            trouble.set(Some(t("Mã này đã có.")));
            return;
        }
        trouble.set(None);
        of.update(|of| {
            of.units.push(Unit {
                code: new,
                name: named,
                parent: parent.get_value(),
            });
        });
        code.set(String::new());
        name.set(String::new());
    };
    view! {
        <details class="add">
            <summary>{t("Thêm đơn vị ở cấp này")}</summary>
            {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
            <div class="pair">
                <TextField id=format!("add-code-{place}") label=t("Mã đơn vị") value=code on_input=move |text| code.set(text) width="middle"/>
                <TextField id=format!("add-name-{place}") label=t("Tên đơn vị") value=name on_input=move |text| name.set(text)/>
            </div>
            <p class="row"><button type="button" class="button" on:click=add>{t("Thêm")}</button></p>
        </details>
    }
}
