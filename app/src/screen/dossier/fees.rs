//! Step 3: `Thông tin phí, lệ phí`.

use super::{Open, Step};
use crate::format;
use contract::dossier::FeePayment;
use contract::value::Dong;
use leptos::prelude::*;
use leptos_router::components::A;
use std::sync::Arc;

/// The screen.
#[component]
pub fn Fees() -> impl IntoView {
    view! { <Step current=2 heading="Thông tin phí, lệ phí" body=Arc::new(|open| view! { <Table open/> }.into_any())/> }
}

/// How fees are paid, in words.
pub const fn payment(payment: FeePayment) -> &'static str {
    match payment {
        FeePayment::AtCounter => "Nộp tại bộ phận một cửa khi nhận kết quả",
        FeePayment::BankTransfer => {
            "Chuyển khoản theo hướng dẫn của cơ quan sau khi hồ sơ được tiếp nhận"
        }
        FeePayment::None => "Không phải nộp phí, lệ phí",
    }
}

#[component]
fn Table(open: Open) -> impl IntoView {
    let (id, fees) = open
        .draft
        .with_untracked(|draft| (draft.id, draft.procedure.fees.clone()));
    let total = Dong(fees.iter().map(|fee| fee.amount.0).sum());
    let option = move |this: FeePayment| {
        view! {
            <label class="choice">
                <input type="radio" name="payment" prop:checked=move || open.draft.with(|draft| draft.payment == this)
                    on:change=move |_| open.change(move |draft| draft.payment = this)/>
                {payment(this)}
            </label>
        }
    };
    view! {
        {if fees.is_empty() {
            view! { <p>"Thủ tục này không thu phí, lệ phí."</p> }.into_any()
        } else {
            view! {
                <table class="responsive">
                    <thead><tr><th scope="col">"Loại"</th><th scope="col">"Mức thu"</th><th scope="col">"Ghi chú"</th></tr></thead>
                    <tbody>
                        {fees.into_iter().map(|fee| view! {
                            <tr>
                                <td data-label="Loại">{fee.name}</td>
                                <td data-label="Mức thu">{format::money(fee.amount)}" / "{fee.unit}</td>
                                <td data-label="Ghi chú">{fee.note}</td>
                            </tr>
                        }).collect_view()}
                    </tbody>
                </table>
            }.into_any()
        }}
        <p class="total">"Tạm tính: "<strong>{format::money(total)}</strong></p>
        {(total.0 > 0).then(|| view! {
            <fieldset>
                <legend>"Cách nộp"</legend>
                {option(FeePayment::AtCounter)}
                {option(FeePayment::BankTransfer)}
            </fieldset>
        })}
        <div class="row between">
            <A href=format!("/ho-so/{id}/thanh-phan") attr:class="button">"Quay lại"</A>
            <A href=format!("/ho-so/{id}/nop") attr:class="button primary">"Tiếp tục"</A>
        </div>
    }
}
