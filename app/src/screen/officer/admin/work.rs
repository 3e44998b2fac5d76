//! Steps of work as a form: what is done, by whom, how long it may take, in which order.

use super::number::NumberField;
use crate::part::field::{ChoiceField, TextField};
use crate::text::desk::duty;
use crate::text::{fill, t};
use contract::edition::UsualWork;
use contract::right::Duty;
use contract::work::Step;
use leptos::prelude::*;

/// Those who work on dossiers.
const DUTIES: [Duty; 3] = [Duty::Reception, Duty::Processing, Duty::Leader];

/// The usual steps.
#[component]
pub fn WorkForm(of: RwSignal<UsualWork>) -> impl IntoView {
    view! {
        <fieldset class="card">
            <legend>{t("Các bước xử lý")}</legend>
            <p class="hint">{t("Áp dụng cho thủ tục không có quy trình riêng. Bước cuối phải của lãnh đạo.")}</p>
            <Steps steps=Signal::derive(move || of.with(|of| of.work.clone())) put=move |work| of.update(|of| of.work = work)/>
        </fieldset>
    }
}

fn word(is: Duty) -> String {
    t(duty(is)).to_owned()
}

/// A list of steps that is read and written whole.
#[component]
pub fn Steps(
    #[prop(into)] steps: Signal<Vec<Step>>,
    #[prop(into)] put: Callback<Vec<Step>>,
) -> impl IntoView {
    let count = Memo::new(move |_| steps.with(Vec::len));
    let change = move |what: &dyn Fn(&mut Vec<Step>)| {
        let mut changed = steps.get_untracked();
        what(&mut changed);
        put.run(changed);
    };
    let duties: Vec<(String, String)> = DUTIES.into_iter().map(|is| (word(is), word(is))).collect();
    let duties = Signal::stored(duties);
    view! {
        <ol class="admin-steps">
            {move || (0..count.get()).map(|place| {
                let read = move |get: fn(&Step) -> String| Signal::derive(move || steps.with(|steps| steps.get(place).map(get).unwrap_or_default()));
                let set = move |what: &dyn Fn(&mut Step)| change(&|steps: &mut Vec<Step>| if let Some(step) = steps.get_mut(place) { what(step) });
                let days = Signal::derive(move || Some(steps.with(|steps| steps.get(place).map_or(0, |step| step.working_days.into()))));
                let set_days = move |days: Option<i64>| {
                    if let Some(days) = days.and_then(|days| u16::try_from(days).ok()) {
                        set(&|step| step.working_days = days);
                    }
                };
                view! {
                    <li>
                        <div class="pair">
                            <TextField id=format!("s{place}-name") label=fill("Bước {}", &[&(place + 1)]) value=read(|step| step.name.clone()) on_input=move |text: String| set(&|step| step.name.clone_from(&text))/>
                            <ChoiceField id=format!("s{place}-duty") label=t("Nhiệm vụ") options=duties value=read(|step| word(step.duty))
                                on_input=move |text: String| if let Some(is) = DUTIES.into_iter().find(|is| word(*is) == text) { set(&|step| step.duty = is) }/>
                            <NumberField id=format!("s{place}-days") label=t("Số ngày làm việc") value=days between=(0, u16::MAX.into()) put=set_days/>
                        </div>
                        <p class="row">
                            <button type="button" class="button small" disabled=place == 0 aria-label=fill("Đưa bước {} lên trước", &[&(place + 1)])
                                on:click=move |_| change(&|steps| if place > 0 && place < steps.len() { steps.swap(place, place - 1) })>{t("Lên")}</button>
                            <button type="button" class="button small" aria-label=fill("Bỏ bước {}", &[&(place + 1)])
                                on:click=move |_| change(&|steps| if place < steps.len() { steps.remove(place); })>{t("Bỏ")}</button>
                        </p>
                    </li>
                }
            }).collect_view()}
        </ol>
        <p class="row"><button type="button" class="button" on:click=move |_| change(&|steps| steps.push(Step { name: String::new(), duty: Duty::Leader, working_days: 1 }))>{t("Thêm bước")}</button></p>
    }
}
