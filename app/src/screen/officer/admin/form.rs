//! The main facts of a procedure as a form. What it does not show (fields, blank forms) stays as it is.

use super::fee::Fees;
use super::part::{Edited, line, lines, number, tick};
use super::work::Steps;
use crate::api;
use crate::part::field::{ChecksField, ChoiceField, LongField};
use crate::part::load;
use crate::screen::procedures::{level, service};
use crate::text::{fill, t};
use contract::procedure::{Audience, Component, Level, Procedure, Service};
use leptos::prelude::*;

const LEVELS: [Level; 4] = [
    Level::Ministry,
    Level::Province,
    Level::District,
    Level::Commune,
];
const SERVICES: [Service; 3] = [Service::Information, Service::Partial, Service::Full];

/// The form.
#[component]
pub fn ProcedureForm(of: Edited) -> impl IntoView {
    let levels: Vec<_> = LEVELS
        .into_iter()
        .map(|is| (is.tag().to_owned(), level(is).to_owned()))
        .collect();
    let services: Vec<_> = SERVICES
        .into_iter()
        .map(|is| (is.tag().to_owned(), service(is).to_owned()))
        .collect();
    let level_is = Signal::derive(move || of.with(|of| of.summary.level.tag().to_owned()));
    let service_is = Signal::derive(move || of.with(|of| of.summary.service.tag().to_owned()));
    let description = Signal::derive(move || of.with(|of| of.description.clone()));
    let audience = move |who: Audience| {
        tick(
            of,
            match who {
                Audience::Citizen => t("Công dân"),
                Audience::Business => t("Doanh nghiệp"),
            },
            move |of: &Procedure| of.summary.audience.contains(&who),
            move |of: &mut Procedure, on| {
                of.summary.audience.retain(|other| *other != who);
                if on {
                    of.summary.audience.push(who);
                }
            },
        )
    };
    view! {
        <fieldset class="card">
            <legend>{t("Thông tin chung")}</legend>
            {line(of, "p-name", t("Tên thủ tục"), |of| of.summary.name.clone(), |of, text| of.summary.name = text)}
            {line(of, "p-field", t("Lĩnh vực"), |of| of.summary.field.clone(), |of, text| of.summary.field = text)}
            {line(of, "p-agency", t("Cơ quan thực hiện"), |of| of.summary.agency.clone(), |of, text| of.summary.agency = text)}
            <div class="pair">
                <ChoiceField id="p-level" label=t("Cấp thực hiện") options=Signal::stored(levels) value=level_is
                    on_input=move |text: String| if let Some(is) = LEVELS.into_iter().find(|is| is.tag() == text) { of.update(|of| of.summary.level = is) }/>
                <ChoiceField id="p-service" label=t("Mức độ") options=Signal::stored(services) value=service_is
                    on_input=move |text: String| if let Some(is) = SERVICES.into_iter().find(|is| is.tag() == text) { of.update(|of| of.summary.service = is) }/>
            </div>
            <fieldset class="field options"><legend>{t("Đối tượng")}</legend>{audience(Audience::Citizen)}{audience(Audience::Business)}</fieldset>
            <LongField id="p-description" label=t("Mô tả") value=description on_input=move |text| of.update(|of| of.description = text)/>
            <EventsOf of/>
            {lines(of, "p-keywords", t("Từ khóa tìm kiếm"), t("Mỗi dòng một từ khóa."), |of| &of.summary.keywords, |of| &mut of.summary.keywords)}
        </fieldset>
        <fieldset class="card">
            <legend>{t("Thời hạn giải quyết")}</legend>
            {number(of, "p-days", t("Số ngày làm việc"), (0, u16::MAX.into()), |of| i64::from(of.deadline.working_days), |of, days| if let Ok(days) = u16::try_from(days) { of.deadline.working_days = days })}
            {line(of, "p-deadline", t("Cách ghi cho công dân"), |of| of.deadline.text.clone(), |of, text| of.deadline.text = text)}
        </fieldset>
        <Fees of/>
        <Components of/>
        <fieldset class="card">
            <legend>{t("Kết quả và trình tự")}</legend>
            {lines(of, "p-results", t("Kết quả thực hiện"), t("Mỗi dòng một kết quả."), |of| &of.results, |of| &mut of.results)}
            {tick(of, t("Bắt buộc ký số kết quả"), |of| of.signed_result, |of, on| of.signed_result = on)}
            {lines(of, "p-steps", t("Trình tự thực hiện"), t("Mỗi dòng một bước."), |of| &of.steps, |of| &mut of.steps)}
            {lines(of, "p-legal", t("Căn cứ pháp lý"), t("Mỗi dòng một văn bản."), |of| &of.legal_basis, |of| &mut of.legal_basis)}
        </fieldset>
        <fieldset class="card">
            <legend>{t("Các bước xử lý của cán bộ")}</legend>
            <p class="hint">{t("Để trống thì dùng quy trình thường dùng.")}</p>
            <Steps steps=Signal::derive(move || of.with(|of| of.work.clone())) put=move |work| of.update(|of| of.work = work)/>
        </fieldset>
    }
}

/// The events under which it is found.
#[component]
fn EventsOf(of: Edited) -> impl IntoView {
    let events = load(api::unit::events());
    let value = Signal::derive(move || of.with(|of| of.summary.life_events.join("\n")));
    move || {
        events.get().and_then(Result::ok).map(|events| {
            let mut names: Vec<String> = events.into_iter().map(|event| event.name).collect();
            // What it names already stays to be seen.
            for name in of.with_untracked(|of| of.summary.life_events.clone()) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            names.dedup();
            view! {
                <details class="events">
                    <summary>{move || fill("Sự kiện: {}", &[&of.with(|of| of.summary.life_events.join(", "))])}</summary>
                    <ChecksField id="p-events" label=t("Sự kiện") options=names value
                        on_input=move |text: String| of.update(|of| of.summary.life_events = text.lines().map(str::to_owned).collect())/>
                </details>
            }
        })
    }
}

fn at(of: &Procedure, place: usize) -> Component {
    of.components
        .get(place)
        .cloned()
        .unwrap_or_else(|| new_component(place))
}

fn new_component(place: usize) -> Component {
    Component {
        code: format!("thanh-phan-{}", place + 1),
        name: String::new(),
        required: true,
        signature_required: false,
        originals: 1,
        copies: 0,
        note: String::new(),
    }
}

fn set(of: &mut Procedure, place: usize, change: impl FnOnce(&mut Component)) {
    if let Some(component) = of.components.get_mut(place) {
        change(component);
    }
}

/// `Thành phần hồ sơ`.
#[component]
fn Components(of: Edited) -> impl IntoView {
    let count = Memo::new(move |_| of.with(|of| of.components.len()));
    let small = |number: i64| u8::try_from(number).ok();
    view! {
        <fieldset class="card">
            <legend>{t("Thành phần hồ sơ")}</legend>
            {move || (0..count.get()).map(|place| {
                let forms = move || of.with(|of| {
                    let code = at(of, place).code;
                    of.forms.iter().filter(|form| form.component == code).map(|form| form.name.clone()).collect::<Vec<_>>().join(", ")
                });
                view! {
                    <fieldset class="part">
                        <legend>{fill("Thành phần {}", &[&(place + 1)])}</legend>
                        {line(of, format!("c{place}-name"), t("Tên thành phần"), move |of| at(of, place).name, move |of, text| set(of, place, |one| one.name = text))}
                        <div class="pair">
                            {line(of, format!("c{place}-code"), t("Mã thành phần"), move |of| at(of, place).code, move |of, text| set(of, place, |one| one.code = text))}
                            {number(of, format!("c{place}-originals"), t("Số bản chính"), (0, u8::MAX.into()), move |of| at(of, place).originals.into(), move |of, to| if let Some(to) = small(to) { set(of, place, |one| one.originals = to) })}
                            {number(of, format!("c{place}-copies"), t("Số bản sao"), (0, u8::MAX.into()), move |of| at(of, place).copies.into(), move |of, to| if let Some(to) = small(to) { set(of, place, |one| one.copies = to) })}
                        </div>
                        {tick(of, t("Bắt buộc nộp"), move |of| at(of, place).required, move |of, on| set(of, place, |one| one.required = on))}
                        {tick(of, t("Bắt buộc ký số"), move |of| at(of, place).signature_required, move |of, on| set(of, place, |one| one.signature_required = on))}
                        {line(of, format!("c{place}-note"), t("Lưu ý"), move |of| at(of, place).note, move |of, text| set(of, place, |one| one.note = text))}
                        {move || { let names = forms(); (!names.is_empty()).then(|| view! { <p class="hint">{fill("Mẫu đơn: {}. Nội dung mẫu sửa ở phần toàn văn.", &[&names])}</p> }) }}
                        <p class="row"><button type="button" class="button small" aria-label=fill("Bỏ thành phần {}", &[&(place + 1)])
                            on:click=move |_| of.update(|of| if place < of.components.len() { of.components.remove(place); })>{t("Bỏ")}</button></p>
                    </fieldset>
                }
            }).collect_view()}
            <p class="row"><button type="button" class="button" on:click=move |_| of.update(|of| { let new = new_component(of.components.len()); of.components.push(new); })>{t("Thêm thành phần")}</button></p>
        </fieldset>
    }
}
