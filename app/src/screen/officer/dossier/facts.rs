//! What the citizen wrote.

use crate::format;
use crate::part::answers::answered;
use crate::text::t;
use contract::dossier::Dossier;
use contract::form::answers;
use leptos::prelude::*;

/// Step 1 as submitted, and how the fees are paid.
#[component]
pub fn Facts(dossier: Dossier) -> impl IntoView {
    let person = dossier.form.applicant;
    let mut lines = vec![
        (t("Họ và tên").to_owned(), person.name),
        (t("Số CMND/CCCD").to_owned(), person.citizen_id),
        (t("Ngày sinh").to_owned(), format::date(&person.born_on)),
        (t("Số điện thoại").to_owned(), person.phone),
        (t("Email").to_owned(), person.email),
        (
            t("Địa chỉ").to_owned(),
            format!("{}, {}, {}", person.address, person.ward, person.province),
        ),
        (t("Nội dung").to_owned(), person.content),
        (t("Ghi chú").to_owned(), person.note),
    ];
    let own = answers(&dossier.definition.fields, &dossier.form.detail);
    lines.push((
        t("Phí, lệ phí").to_owned(),
        format!(
            "{} · {}",
            format::money(dossier.fee_total),
            crate::screen::dossier::fees::payment(dossier.payment)
        ),
    ));
    view! {
        <dl class="facts">
            {lines.into_iter().filter(|(_, value)| !value.is_empty()).map(|(label, value)| view! { <div><dt>{label}</dt><dd>{value}</dd></div> }).collect_view()}
        </dl>
        {answered(own)}
    }
}
