//! A bill and how its payment stands: for the citizen, for the officer, and while a dossier is prepared.

mod officer;

pub use officer::OfficerBill;

use crate::format;
use crate::part::table::{Cell, Table, words};
use crate::text::{fill, n, t};
use contract::dossier::FeePayment;
use contract::payment::{Bill, BillLine, PaymentAct, PaymentEvent, PaymentState};
use leptos::prelude::*;

/// How fees are paid, in a sentence.
pub fn way(method: FeePayment) -> &'static str {
    t(match method {
        FeePayment::AtCounter => n("Nộp tại bộ phận một cửa"),
        FeePayment::BankTransfer => n("Chuyển khoản ngân hàng bằng mã VietQR"),
        FeePayment::Online => n("Thanh toán trực tuyến"),
        FeePayment::None => n("Không phải nộp phí, lệ phí"),
    })
}

/// A payment's state, in a word.
pub fn state(state: PaymentState) -> &'static str {
    t(match state {
        PaymentState::Free => n("Không thu phí"),
        PaymentState::Exempt => n("Được miễn, chờ kiểm tra"),
        PaymentState::Unpaid => n("Chưa nộp"),
        PaymentState::Announced => n("Đã báo chuyển khoản"),
        PaymentState::Paid => n("Đã nộp"),
        PaymentState::Refunded => n("Đã hoàn trả"),
    })
}

/// The chip of a state.
#[component]
pub fn StateChip(of: PaymentState) -> impl IntoView {
    let class = match of {
        PaymentState::Free | PaymentState::Paid => "chip good",
        PaymentState::Unpaid => "chip attention",
        PaymentState::Exempt | PaymentState::Announced | PaymentState::Refunded => "chip",
    };
    view! { <span class=class>{state(of)}</span> }
}

/// What happened, in words.
pub fn happened(act: PaymentAct) -> &'static str {
    t(match act {
        PaymentAct::Chosen => n("Chọn cách nộp"),
        PaymentAct::Started => n("Bắt đầu thanh toán trực tuyến"),
        PaymentAct::Announced => n("Báo đã chuyển khoản"),
        PaymentAct::PaidOnline => n("Thanh toán trực tuyến thành công"),
        PaymentAct::Declined => n("Thanh toán trực tuyến bị từ chối"),
        PaymentAct::Expired => n("Thanh toán trực tuyến hết hạn"),
        PaymentAct::TransferConfirmed => n("Cán bộ xác nhận đã nhận chuyển khoản"),
        PaymentAct::CashReceived => n("Cán bộ xác nhận đã thu tiền mặt"),
        PaymentAct::TransferMissing => n("Cán bộ chưa thấy khoản chuyển"),
        PaymentAct::Refunded => n("Cán bộ xác nhận đã hoàn trả"),
        PaymentAct::ExemptionAccepted => n("Cán bộ chấp nhận miễn, giảm"),
        PaymentAct::ExemptionRefused => n("Cán bộ không chấp nhận miễn, giảm"),
    })
}

/// `3 trang × 2 bản`.
fn counted(line: &BillLine) -> String {
    let units = format!("{} {}", line.units, line.unit);
    if line.copies == 1 {
        units
    } else {
        fill("{} × {} bản", &[&units, &line.copies])
    }
}

/// Lines and total; a table that becomes cards on a phone.
#[component]
pub fn BillTable(bill: Bill) -> impl IntoView {
    let reduced = bill.lines.iter().any(|line| line.reduced.0 > 0);
    let mut columns = words([t("Khoản thu"), t("Mức thu"), t("Số lượng")]);
    columns.extend(reduced.then_some((t("Miễn, giảm"), true)));
    columns.push((t("Thành tiền"), true));
    let row = |line: BillLine| {
        let how_many = counted(&line);
        let price = fill("{} / {}", &[&format::money(line.price), &line.unit]);
        let counter = line.counter_price.map(|counter| {
            let sentence = fill("nộp trực tiếp: {}", &[&format::money(counter)]);
            view! { <span class="aside">{sentence}</span> }
        });
        let less = if line.reduced.0 > 0 {
            format!("−{}", format::money(line.reduced))
        } else {
            "—".to_owned()
        };
        let mut cells = vec![
            Cell::of(view! { <strong>{line.name}</strong> }),
            Cell::of(view! { {price}{counter} }),
            Cell::of(how_many),
        ];
        cells.extend(reduced.then(|| Cell::of(less)));
        cells.push(Cell::of(format::money(line.due)));
        cells
    };
    let rows = bill.lines.into_iter().map(row).collect();
    view! { <Table caption=t("Phí, lệ phí phải nộp") class="bill" columns rows/> }
}

/// What happened to a payment.
#[component]
pub fn PaymentHistory(events: Vec<PaymentEvent>) -> impl IntoView {
    // Somebody who thinks about the way to pay changes it more than once.
    let events: Vec<_> = events
        .into_iter()
        .filter(|event| event.what != PaymentAct::Chosen)
        .collect();
    (!events.is_empty()).then(|| view! {
        <details class="payment-history">
            <summary>{t("Lịch sử thanh toán")}</summary>
            <ol class="timeline">
                {events.into_iter().map(|event| view! {
                    <li>
                        <strong>{happened(event.what)}</strong>
                        <span class="meta">{format!("{} · {}", format::moment(event.at), event.actor)}</span>
                        {(event.amount.0 > 0).then(|| view! { <span>{format::money(event.amount)}</span> })}
                        {(!event.reference.is_empty()).then(|| view! { <span>{fill("Số tham chiếu: {}", &[&event.reference])}</span> })}
                        {(!event.note.is_empty()).then(|| view! { <span>{event.note}</span> })}
                    </li>
                }).collect_view()}
            </ol>
        </details>
    })
}

/// What an exemption takes off, in words.
pub fn relief(percent: u8) -> String {
    if percent >= 100 {
        t(n("miễn toàn bộ")).to_owned()
    } else {
        fill("giảm {}%", &[&percent])
    }
}
