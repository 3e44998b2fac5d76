//! How a dossier stands now, what it means, and the figures around it.

use super::{Steps, download};
use crate::part::notice::{Notice, Tone};
use crate::text::after::{meaning, tone};
use crate::text::t;
use crate::{api, format, text};
use contract::dossier::Dossier;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;

/// The state first, then the dates.
#[component]
pub fn Overview(dossier: Dossier) -> impl IntoView {
    let line = dossier.summary;
    let due = line.due_at.map_or_else(
        || t("Sau khi hồ sơ được tiếp nhận").to_owned(),
        format::moment,
    );
    let id = line.id;
    let trouble: RwSignal<Option<api::ApiError>> = RwSignal::new(None);
    let name = format!("giay-bien-nhan-{}.pdf", line.code);
    let save = move |_| {
        let name = name.clone();
        spawn_local(async move {
            match api::payment::receipt(id).await {
                Ok(bytes) => download(&bytes, &name),
                Err(error) => {
                    let _ = trouble.try_set(Some(error));
                }
            }
        });
    };
    let late = dossier.after.counts_as_late();
    // An exemption may be refused: then something is to be paid after all.
    let costs = dossier.fee_total.0 > 0
        || dossier
            .definition
            .fees
            .iter()
            .any(|fee| !fee.exemptions.is_empty());
    view! {
        <section class="card standing" aria-label=t("Tình trạng hồ sơ")>
            <p class="state"><span class=tone(line.status)>{text::status(line.status)}</span></p>
            <p class="lead">{meaning(line.status)}</p>
            <Steps status=line.status/>
            <dl class="facts">
                <div><dt>{t("Ngày nộp")}</dt><dd>{format::moment(line.submitted_at)}</dd></div>
                <div><dt>{t("Hẹn trả")}</dt><dd>{due}</dd></div>
                <div><dt>{t("Cơ quan")}</dt><dd>{dossier.definition.summary.agency}</dd></div>
                <div><dt>{t("Phí, lệ phí tạm tính")}</dt><dd>{format::money(dossier.fee_total)}</dd></div>
            </dl>
            <p class="row">
                <button type="button" class="button" on:click=save>{t("Tải giấy biên nhận")}</button>
                {costs.then(|| view! { <A href=format!("/thanh-toan/{id}") attr:class="button">{t("Phí và thanh toán")}</A> })}
            </p>
            {move || trouble.get().map(|error| view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> })}
            {late.then(|| view! { <p class="hint">{t("Hồ sơ đã bị yêu cầu bổ sung hơn một lần. Theo quy định, hồ sơ được tính là trễ hẹn.")}</p> })}
        </section>
    }
}
