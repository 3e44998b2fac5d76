//! Step 4: `Nộp hồ sơ`: everything once more with ways back to change it, what happens next, the declaration.

use super::components::{Want, wanting};
use super::received::Received;
use super::sending::Sending;
use super::{Open, Step};
use crate::draft::Draft;
use crate::format;
use crate::part::answers::{answered, fact};
use crate::part::focus;
use crate::part::notice::{Notice, Tone};
use crate::text::{fill, n, t};
use contract::dossier::{CopyKind, Receipt, check_form};
use contract::form::answers;
use contract::payment::check_choices;
use leptos::prelude::*;
use leptos_router::components::A;
use std::sync::Arc;
use uuid::Uuid;

/// The screen.
#[component]
pub fn Review() -> impl IntoView {
    view! { <Step current=3 heading=n("Nộp hồ sơ") body=Arc::new(|open| view! { <Answers open/> }.into_any())/> }
}

/// What keeps the dossier from being submitted: sentence, and the step where it is put right.
fn missing(open: Open) -> Vec<(String, &'static str)> {
    let today = open.today();
    open.draft.with(|draft| {
        let mut missing = Vec::new();
        let wrong = check_form(&draft.form, &draft.procedure, today).len();
        if wrong > 0 {
            missing.push((
                fill("Thông tin hồ sơ còn {} mục chưa đúng.", &[&wrong]),
                "thong-tin",
            ));
        }
        if !check_choices(&draft.procedure, &draft.fees).is_empty() {
            missing.push((t("Số lượng tính phí chưa đúng.").to_owned(), "phi"));
        }
        missing.extend(wanting(draft).into_iter().map(|one| {
            let sentence = match one.what {
                Want::File => fill("Chưa có tệp cho “{}”.", &[&one.name]),
                Want::Signature => fill("“{}” chưa ký số.", &[&one.name]),
            };
            (sentence, "thanh-phan")
        }));
        missing
    })
}

#[component]
fn Answers(open: Open) -> impl IntoView {
    let id = open.draft.with_untracked(|draft| draft.id);
    let receipt: RwSignal<Option<Receipt>> = RwSignal::new(None);
    let undeclared = RwSignal::new(false);
    let lacks = Memo::new(move |_| missing(open));
    let ready = move |()| {
        let declared = open.draft.with_untracked(|draft| draft.declared);
        undeclared.set(!declared);
        if !lacks.with_untracked(Vec::is_empty) {
            focus("missing");
            return false;
        }
        if !declared {
            focus("declare");
        }
        declared
    };
    view! {
        <Show when=move || receipt.get().is_none()>
            <Show when=move || !lacks.get().is_empty()>
                <div class="notice attention" id="missing" tabindex="-1">
                    <h2>{t("Hồ sơ chưa nộp được")}</h2>
                    <ul>
                        {move || lacks.get().into_iter().map(|(sentence, step)| view! {
                            <li><A href=format!("/ho-so/{id}/{step}")>{sentence}</A></li>
                        }).collect_view()}
                    </ul>
                </div>
            </Show>
            <p>{t("Hãy đọc lại lần cuối. Sau khi nộp, hồ sơ chỉ sửa được khi cán bộ yêu cầu bổ sung.")}</p>
            {move || open.draft.with(|draft| information(draft).into_any())}
            {move || open.draft.with(|draft| files(draft).into_any())}
            <section class="card answered">
                <h2>{t("Phí, lệ phí")}{edit(id, "phi", t("Phí, lệ phí"))}</h2>
                <p>{move || super::fees::payment(open.draft.with(|draft| draft.payment))}</p>
            </section>
            <section class="card">
                <h2>{t("Sau khi bạn nộp")}</h2>
                <ol class="next-steps">
                    <li>{t("Bạn nhận ngay mã hồ sơ và biên nhận.")}</li>
                    <li>{t("Bộ phận một cửa kiểm tra, tiếp nhận và hẹn ngày trả kết quả; nếu thiếu giấy tờ, bạn được báo bổ sung một lần.")}</li>
                    <li>{deadline(open)}</li>
                </ol>
            </section>
            <label class="declare" class:wrong=move || undeclared.get()>
                <input id="declare" type="checkbox" aria-describedby="declare-error" aria-invalid=move || undeclared.get().to_string()
                    prop:checked=move || open.draft.with(|draft| draft.declared)
                    on:change=move |event| {
                        let ticked = event_target_checked(&event);
                        if ticked {
                            undeclared.set(false);
                        }
                        open.change(move |draft| draft.declared = ticked);
                    }/>
                <span>{t("Tôi cam đoan nội dung hồ sơ là đúng sự thật và chịu trách nhiệm trước pháp luật.")}</span>
            </label>
            <div id="declare-error" role="alert">
                {move || undeclared.get().then(|| view! { <Notice tone=Tone::Bad>{t("Vui lòng đánh dấu vào lời cam đoan trước khi nộp.")}</Notice> })}
            </div>
            <Sending open ready receipt/>
        </Show>
        {move || receipt.get().map(|receipt| view! { <Received id receipt/> })}
    }
}

/// When the result can be expected, in the official words.
fn deadline(open: Open) -> String {
    open.draft
        .with_untracked(|draft| fill("Thời hạn giải quyết: {}", &[&draft.procedure.deadline.text]))
}

/// The way back to a step.
fn edit(draft: Uuid, step: &'static str, of: &'static str) -> impl IntoView {
    view! {
        <A href=format!("/ho-so/{draft}/{step}") attr:class="edit">
            {t("Sửa")}<span class="visually-hidden">" "{of}</span>
        </A>
    }
}

/// Step 1 as it was filled in.
fn information(draft: &Draft) -> impl IntoView + use<> {
    let person = &draft.form.applicant;
    let id = draft.id;
    let sex = crate::part::person::sex(&person.sex);
    let place = [
        &person.address,
        &person.ward,
        &person.district,
        &person.province,
    ]
    .into_iter()
    .filter(|part| !part.is_empty())
    .cloned()
    .collect::<Vec<_>>()
    .join(", ");
    let issued = [
        format::date(&person.id_issued_on),
        person.id_issued_by.clone(),
    ]
    .into_iter()
    .filter(|part| !part.is_empty())
    .collect::<Vec<_>>()
    .join(", ");
    let asked = [
        (t("Họ và tên"), person.name.clone()),
        (t("Số CMND/CCCD"), person.citizen_id.clone()),
        (t("Số điện thoại"), person.phone.clone()),
        (t("Địa chỉ"), place),
        (t("Nội dung"), person.content.clone()),
    ];
    // What nobody has to fill in stands here only when it was.
    let free = [
        (t("Ngày và nơi cấp"), issued),
        (t("Ngày sinh"), format::date(&person.born_on)),
        (t("Giới tính"), sex),
        (t("Quốc tịch"), person.nationality.clone()),
        (t("Email"), person.email.clone()),
        (t("Fax"), person.fax.clone()),
        (t("Tên tổ chức"), person.organisation.clone()),
        (t("Ghi chú"), person.note.clone()),
    ];
    let own = answers(&draft.procedure.fields, &draft.form.detail);
    view! {
        <section class="card answered">
            <h2>{t("Thông tin hồ sơ")}{edit(id, "thong-tin", t("Thông tin hồ sơ"))}</h2>
            <dl class="facts">
                {asked.into_iter().map(|(label, value)| fact(label.to_owned(), value)).collect_view()}
                {free.into_iter().filter(|(_, value)| !value.is_empty()).map(|(label, value)| fact(label.to_owned(), value)).collect_view()}
            </dl>
            {answered(own)}
        </section>
    }
}

/// Step 2 as it stands.
fn files(draft: &Draft) -> impl IntoView + use<> {
    let id = draft.id;
    let groups: Vec<_> = draft
        .procedure
        .components
        .iter()
        .map(|component| {
            let files: Vec<_> = draft
                .attachments
                .iter()
                .filter(|file| file.component == component.code)
                .map(|file| {
                    let kind = match file.copy_kind {
                        CopyKind::Original => t("Bản chính"),
                        CopyKind::Copy => t("Bản sao"),
                    };
                    let signed = !file.signings.is_empty();
                    let how = format!("{kind} × {}", file.count);
                    (file.file_name.to_string(), how, signed)
                })
                .collect();
            (component.name.clone(), files)
        })
        .filter(|(_, files)| !files.is_empty())
        .collect();
    let nothing = groups.is_empty();
    view! {
        <section class="card answered">
            <h2>{t("Thành phần hồ sơ")}{edit(id, "thanh-phan", t("Thành phần hồ sơ"))}</h2>
            {nothing.then(|| view! { <p class="unanswered">{t("Chưa có tệp nào.")}</p> })}
            {groups.into_iter().map(|(name, files)| view! {
                <h3>{name}</h3>
                <ul class="plain">
                    {files.into_iter().map(|(name, how, signed)| view! {
                        <li>
                            <span class="name">{name}</span>
                            <span class="hint">{how}</span>
                            {if signed { view! { <span class="chip good">{t("Đã ký số")}</span> } } else { view! { <span class="chip">{t("Không ký")}</span> } }}
                        </li>
                    }).collect_view()}
                </ul>
            }).collect_view()}
        </section>
    }
}
