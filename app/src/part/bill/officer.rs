//! The bill of a dossier for an officer: what was paid, and what the officer confirms.

use super::{BillTable, PaymentHistory, StateChip, relief, way};
use crate::api::{self, ApiError};
use crate::format;
use crate::part::field::TextField;
use crate::part::load;
use crate::part::notice::{Loading, Notice, Tone};
use crate::text::{self, fill, n, t};
use contract::payment::{
    NOTE_MAX, OfficerPayment, Payment, PaymentAct, PaymentState, REFERENCE_MAX,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;

/// What an officer may do in a state, and what the button says.
fn acts(payment: &Payment) -> Vec<(PaymentAct, &'static str)> {
    let mut acts = Vec::new();
    if payment.exemption.is_some() && payment.exemption_accepted.is_none() {
        acts.push((PaymentAct::ExemptionAccepted, n("Chấp nhận miễn, giảm")));
        acts.push((
            PaymentAct::ExemptionRefused,
            n("Không chấp nhận miễn, giảm"),
        ));
    }
    if matches!(
        payment.state,
        PaymentState::Unpaid | PaymentState::Announced
    ) {
        acts.push((PaymentAct::TransferConfirmed, n("Đã nhận chuyển khoản")));
        acts.push((PaymentAct::CashReceived, n("Đã thu tiền mặt")));
    }
    if payment.state == PaymentState::Announced {
        acts.push((PaymentAct::TransferMissing, n("Chưa thấy khoản chuyển")));
    }
    if payment.paid.0 > 0 {
        acts.push((PaymentAct::Refunded, n("Đã hoàn trả")));
    }
    acts
}

/// The panel; it loads by itself and keeps what the officer decides.
#[component]
pub fn OfficerBill(dossier: Uuid) -> impl IntoView {
    let found = load(async move { api::payment::show(true, dossier).await });
    view! {
        <section class="card payment-panel" aria-labelledby="payment-panel">
            <h2 id="payment-panel">{t("Phí, lệ phí")}</h2>
            {move || found.get().map_or_else(
                || view! { <Loading/> }.into_any(),
                |answer| match answer {
                    Err(error) => view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
                    Ok(payment) => view! { <Panel dossier payment found/> }.into_any(),
                },
            )}
        </section>
    }
}

#[component]
fn Panel(
    dossier: Uuid,
    payment: Payment,
    found: RwSignal<Option<Result<Payment, ApiError>>>,
) -> impl IntoView {
    let (reference, note) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (busy, trouble) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let version = payment.version;
    let decide = move |act: PaymentAct| {
        let explains = matches!(
            act,
            PaymentAct::Refunded | PaymentAct::ExemptionRefused | PaymentAct::TransferMissing
        );
        if explains && note.with_untracked(|note| note.trim().is_empty()) {
            trouble.set(Some(
                t("Vui lòng ghi lý do để người nộp hồ sơ biết.").to_owned(),
            ));
            return;
        }
        busy.set(true);
        let asked = OfficerPayment {
            act,
            reference: reference.get_untracked(),
            note: note.get_untracked(),
            version,
        };
        spawn_local(async move {
            match api::payment::decide(dossier, &asked).await {
                Ok(payment) => {
                    let _ = found.try_set(Some(Ok(payment)));
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(text::api(&error)));
                }
            }
            let _ = busy.try_set(false);
        });
    };
    let due = payment.due();
    let over = payment.paid.0 - payment.amount.0;
    let offered = acts(&payment);
    let exemption = payment.exemption.clone().map(|exemption| {
        let standing = match payment.exemption_accepted {
            None => t("chờ cán bộ kiểm tra"),
            Some(true) => t("đã chấp nhận"),
            Some(false) => t("không được chấp nhận"),
        };
        let proof = exemption.proof.clone();
        view! {
            <div><dt>{t("Đối tượng miễn, giảm")}</dt><dd>
                {format!("{} ({}): {standing}", exemption.who, relief(exemption.percent))}
                {(!proof.is_empty()).then(|| view! { <span class="aside">{fill("Giấy tờ chứng minh: {}", &[&proof])}</span> })}
            </dd></div>
        }
    });
    // Giving money back is rare: it stays folded away where nothing else is to be done.
    let only_back = offered.iter().all(|(act, _)| *act == PaymentAct::Refunded);
    let deeds = (!offered.is_empty()).then(|| {
        let form = view! {
            <div class="grid two">
                <TextField id="payment-reference" label=t("Số biên lai hoặc số giao dịch") value=reference
                    on_input=move |text: String| reference.set(text.chars().take(REFERENCE_MAX).collect())/>
                <TextField id="payment-note" label=t("Ghi chú cho người nộp") hint=t("Bắt buộc khi không chấp nhận, chưa thấy tiền hoặc hoàn trả.") value=note
                    on_input=move |text: String| note.set(text.chars().take(NOTE_MAX).collect())/>
            </div>
            <p class="row wrap-row">
                {offered.into_iter().map(|(act, label)| view! {
                    <button type="button" class="button small" disabled=move || busy.get() on:click=move |_| decide(act)>{t(label)}</button>
                }).collect_view()}
            </p>
        };
        if only_back {
            view! { <details><summary>{t("Hoàn trả tiền")}</summary>{form}</details> }.into_any()
        } else {
            form.into_any()
        }
    });
    view! {
        <p><StateChip of=payment.state/></p>
        <BillTable bill=payment.bill.clone()/>
        <dl class="facts">
            <div><dt>{t("Phải nộp")}</dt><dd>{format::money(payment.amount)}</dd></div>
            <div><dt>{t("Đã nộp")}</dt><dd>{format::money(payment.paid)}</dd></div>
            {(due.0 > 0 && payment.paid.0 > 0).then(|| view! { <div><dt>{t("Còn phải nộp")}</dt><dd>{format::money(due)}</dd></div> })}
            <div><dt>{t("Cách nộp")}</dt><dd>{way(payment.method)}</dd></div>
            {payment.transfer.clone().map(|transfer| view! { <div><dt>{t("Nội dung chuyển khoản")}</dt><dd class="code">{transfer.purpose}</dd></div> })}
            {exemption}
        </dl>
        {(over > 0).then(|| view! {
            <Notice tone=Tone::Attention>{fill("Người nộp đã nộp thừa {}. Vui lòng hoàn trả.", &[&format::money(contract::value::Dong(over))])}</Notice>
        })}
        {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
        {deeds}
        <PaymentHistory events=payment.events/>
    }
}
