//! How one payment stands and how the rest of it is paid: at the counter, by transfer, online.

use crate::api::{self, ApiError};
use crate::format;
use crate::part::bill::way;
use crate::part::field::TextField;
use crate::part::notice::{Notice, Tone};
use crate::part::transfer::Transfer;
use crate::text::{self, fill, t};
use contract::dossier::FeePayment;
use contract::payment::{PayerAct, Payment, PaymentAct, PaymentState, REFERENCE_MAX};
use contract::value::Dong;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// State of the payment, and what to do while something is to be paid. What it does is kept in `found`.
#[component]
pub fn Pay(payment: Payment, found: RwSignal<Option<Result<Payment, ApiError>>>) -> impl IntoView {
    let due = payment.due();
    let over = Dong(payment.paid.0 - payment.amount.0);
    let last = payment.events.last().cloned();
    let refused = payment.exemption.is_some() && payment.exemption_accepted == Some(false);
    let said = match payment.state {
        PaymentState::Free => {
            view! { <p>{t("Hồ sơ này không phải nộp phí, lệ phí.")}</p> }.into_any()
        }
        PaymentState::Exempt => view! {
            <Notice tone=Tone::Info>{t("Bạn được miễn phí, lệ phí theo đối tượng đã chọn. Cán bộ sẽ kiểm tra giấy tờ chứng minh; nếu không được chấp nhận, bạn sẽ được báo số tiền phải nộp.")}</Notice>
        }
        .into_any(),
        PaymentState::Refunded => {
            view! { <Notice tone=Tone::Info>{t("Khoản đã nộp được hoàn trả cho bạn.")}</Notice> }
                .into_any()
        }
        PaymentState::Paid => view! {
            <Notice tone=Tone::Good>{fill("Đã nộp {}. Bạn không phải làm gì thêm.", &[&format::money(payment.paid)])}</Notice>
        }
        .into_any(),
        PaymentState::Announced => view! {
            <Notice tone=Tone::Info>{t("Bạn đã báo chuyển khoản. Cán bộ sẽ đối chiếu với tài khoản và xác nhận tại đây; hồ sơ vẫn được xử lý.")}</Notice>
        }
        .into_any(),
        PaymentState::Unpaid => ().into_any(),
    };
    let ended = last.filter(|_| due.0 > 0).and_then(|event| match event.what {
        PaymentAct::Declined => Some((
            Tone::Attention,
            t("Giao dịch trực tuyến bị từ chối. Bạn chưa bị trừ tiền và có thể thử lại hoặc chọn cách nộp khác.").to_owned(),
        )),
        PaymentAct::Expired => Some((
            Tone::Attention,
            t("Giao dịch trực tuyến đã hết thời gian. Bạn chưa bị trừ tiền và có thể thử lại hoặc chọn cách nộp khác.").to_owned(),
        )),
        PaymentAct::Started => Some((
            Tone::Info,
            t("Giao dịch trực tuyến chưa xong. Nếu bạn vừa thanh toán, bấm “Kiểm tra lại” sau ít phút.").to_owned(),
        )),
        PaymentAct::TransferMissing => Some((
            Tone::Attention,
            fill("Cán bộ chưa thấy khoản chuyển của bạn: {}", &[&event.note]),
        )),
        PaymentAct::ExemptionRefused => Some((
            Tone::Attention,
            fill("Đề nghị miễn, giảm không được chấp nhận: {} Vui lòng nộp số tiền còn lại.", &[&event.note]),
        )),
        _ => None,
    });
    view! {
        {said}
        {(over.0 > 0).then(|| view! {
            <Notice tone=Tone::Attention>{fill("Bạn đã nộp thừa {}. Cơ quan sẽ hoàn trả cho bạn.", &[&format::money(over)])}</Notice>
        })}
        {ended.map(|(tone, sentence)| view! { <Notice tone>{sentence}</Notice> })}
        {(due.0 > 0 && payment.closed).then(|| view! {
            <p>{t("Hồ sơ đã dừng nên bạn không phải nộp thêm gì.")}</p>
        })}
        {(due.0 > 0 && !payment.closed && payment.state != PaymentState::Refunded).then(|| view! {
            <p class="total">
                {if refused || payment.paid.0 > 0 { t("Còn phải nộp:") } else { t("Phải nộp:") }}" "
                <strong>{format::money(due)}</strong>
            </p>
            <Ways payment found/>
        })}
    }
}

/// The ways to pay, one of them open.
#[component]
fn Ways(payment: Payment, found: RwSignal<Option<Result<Payment, ApiError>>>) -> impl IntoView {
    let dossier = payment.dossier;
    let (busy, trouble) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let method = RwSignal::new(match payment.method {
        FeePayment::None => FeePayment::AtCounter,
        method => method,
    });
    let reference = RwSignal::new(String::new());
    let announced = payment.state == PaymentState::Announced;
    let transfer = payment.transfer.clone();
    let gateway = payment.gateway.clone();
    let send = move |act: PayerAct| {
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            match api::payment::act(dossier, &act).await {
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
    let choose = move |this: FeePayment| {
        method.set(this);
        // The screen shows it at once; that the officer knows, too, may come later.
        spawn_local(async move {
            let _ = api::payment::act(dossier, &PayerAct::Choose { method: this }).await;
        });
    };
    let online = move |_| {
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            match api::payment::online(dossier).await {
                // Away from this site; everything is kept on the server.
                Ok(online) => {
                    let _ = window().location().set_href(&online.address);
                }
                Err(error) => {
                    let _ = trouble.try_set(Some(text::api(&error)));
                    let _ = busy.try_set(false);
                }
            }
        });
    };
    let option = move |this: FeePayment| {
        view! {
            <label class="choice">
                <input type="radio" name="way" prop:checked=move || method.get() == this on:change=move |_| choose(this)/>
                {way(this)}
            </label>
        }
    };
    let (has_bank, has_gateway) = (transfer.is_some(), gateway.is_some());
    view! {
        {(!announced).then(|| view! {
            <fieldset class="ways">
                <legend>{t("Cách nộp")}</legend>
                {option(FeePayment::AtCounter)}
                {has_bank.then(|| option(FeePayment::BankTransfer))}
                {has_gateway.then(|| option(FeePayment::Online))}
            </fieldset>
        })}
        {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
        {move || match method.get() {
            FeePayment::BankTransfer => transfer.clone().map(|details| view! {
                <Transfer details/>
                {(!announced).then(|| view! {
                    <form class="announce" on:submit=move |event: web_sys::SubmitEvent| {
                        event.prevent_default();
                        send(PayerAct::Announce { reference: reference.get_untracked().trim().to_owned() });
                    }>
                        <TextField id="transfer-reference" label=t("Số giao dịch của ngân hàng (nếu có)") value=reference
                            on_input=move |text: String| reference.set(text.chars().take(REFERENCE_MAX).collect())/>
                        <p><button type="submit" class="button primary" disabled=move || busy.get()>{t("Tôi đã chuyển khoản")}</button></p>
                    </form>
                })}
            }).into_any(),
            FeePayment::Online => gateway.clone().map(|name| view! {
                <p>{fill("Bạn sẽ sang trang của {} để thanh toán, rồi được đưa trở lại đây.", &[&name])}</p>
                <p class="row">
                    <button type="button" class="button primary" disabled=move || busy.get() on:click=online>{t("Thanh toán trực tuyến")}</button>
                </p>
            }).into_any(),
            _ => view! { <p>{t("Mang theo mã hồ sơ và nộp tiền tại bộ phận một cửa của cơ quan nhận hồ sơ. Bạn nhận biên lai tại quầy.")}</p> }.into_any(),
        }}
    }
}
