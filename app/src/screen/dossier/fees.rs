//! Step 3: `Thông tin phí, lệ phí`: the bill, its counts, who pays less, and how it is paid.

use super::{Open, Step};
use crate::api;
use crate::format;
use crate::part::bill::{BillTable, relief, way};
use crate::part::field::TextField;
use crate::part::notice::{Notice, Tone};
use crate::part::{focus, load};
use crate::text::{fill, n, t};
use contract::dossier::FeePayment;
use contract::payment::bill::{bill, check_choices, copies_key, exemptions, tidied, units_key};
use contract::payment::{Exemption, FeeCount, PaymentMeans};
use leptos::prelude::*;
use leptos_router::components::A;
use std::sync::Arc;

/// The screen.
#[component]
pub fn Fees() -> impl IntoView {
    view! { <Step current=2 heading=n("Thông tin phí, lệ phí") body=Arc::new(|open| view! { <Table open/> }.into_any())/> }
}

/// How fees are paid, in words.
pub fn payment(payment: FeePayment) -> &'static str {
    way(payment)
}

/// What says more about a way to pay, below its label.
fn about(method: FeePayment) -> &'static str {
    t(match method {
        FeePayment::AtCounter => n("Nộp tiền khi đến nộp bản chính hoặc nhận kết quả."),
        FeePayment::BankTransfer => n(
            "Mã QR có sẵn số tiền và nội dung hiện ra ngay sau khi nộp hồ sơ, vì nội dung chuyển khoản cần mã hồ sơ.",
        ),
        FeePayment::Online => n("Sau khi nộp hồ sơ bạn được đưa sang trang thanh toán."),
        FeePayment::None => "",
    })
}

/// Id of the input of a count.
fn input_id(key: &str) -> String {
    format!("count-{}", key.replace('.', "-"))
}

/// A count that is asked for: its key, label and bounds.
type Asked = (String, String, u32, u32);

fn asked(open: Open) -> Vec<Asked> {
    open.draft.with_untracked(|draft| {
        draft
            .procedure
            .fees
            .iter()
            .flat_map(|fee| [(&fee.count, units_key(fee)), (&fee.copies, copies_key(fee))])
            .filter_map(|(count, key)| match count {
                FeeCount::Asked { label, min, max } => Some((key, label.clone(), *min, *max)),
                _ => None,
            })
            .collect()
    })
}

/// Counts that come from step 1: label of the field and its answer.
fn bound(open: Open) -> Vec<(String, String)> {
    open.draft.with_untracked(|draft| {
        let mut keys: Vec<&String> = draft
            .procedure
            .fees
            .iter()
            .flat_map(|fee| [&fee.count, &fee.copies])
            .filter_map(|count| match count {
                FeeCount::Field { key } => Some(key),
                _ => None,
            })
            .collect();
        keys.dedup();
        keys.into_iter()
            .filter_map(|key| {
                let field = draft
                    .procedure
                    .fields
                    .iter()
                    .find(|field| field.key == *key)?;
                Some((field.label.clone(), draft.form.detail.get(key)?.clone()))
            })
            .collect()
    })
}

#[component]
fn Table(open: Open) -> impl IntoView {
    let (id, none) = open
        .draft
        .with_untracked(|draft| (draft.id, draft.procedure.fees.is_empty()));
    let means = load(api::payment::means());
    let counts = asked(open);
    let known: Vec<Exemption> = open
        .draft
        .with_untracked(|draft| exemptions(&draft.procedure).into_iter().cloned().collect());
    // What is asked for begins with the smallest count, which is right for most; the catalogue may have changed since the draft began.
    let wanted = open
        .draft
        .with_untracked(|draft| tidied(&draft.procedure, &draft.fees));
    if open.draft.with_untracked(|draft| draft.fees != wanted) {
        open.change(move |draft| draft.fees = wanted);
    }
    let sum = Memo::new(move |_| {
        open.draft
            .with(|draft| bill(&draft.procedure, &draft.form, &draft.fees))
    });
    // Nothing to pay is no way to pay, and the other way round.
    Effect::new(move |_| {
        let costs = sum.with(|bill| bill.total.0 > 0);
        let chosen = open.draft.with_untracked(|draft| draft.payment);
        match (costs, chosen) {
            (true, FeePayment::None) => open.change(|draft| draft.payment = FeePayment::AtCounter),
            (false, FeePayment::None) => {}
            (false, _) => open.change(|draft| draft.payment = FeePayment::None),
            (true, _) => {}
        }
    });
    let problems = move || {
        open.draft
            .with(|draft| check_choices(&draft.procedure, &draft.fees))
    };
    let go_on = move |event: web_sys::MouseEvent| {
        if let Some(first) = untrack(problems).first() {
            event.prevent_default();
            if let Some(key) = first.pointer.strip_prefix("/fees/counts/") {
                focus(input_id(key));
            }
        }
    };
    view! {
        {if none {
            view! { <p>{t("Thủ tục này không thu phí, lệ phí.")}</p> }.into_any()
        } else {
            view! {
                {(!counts.is_empty()).then(|| view! {
                    <fieldset>
                        <legend>{t("Số lượng")}</legend>
                        <div class="grid two">{counts.into_iter().map(|asked| view! { <Count open asked/> }).collect_view()}</div>
                    </fieldset>
                })}
                {bound(open).into_iter().map(|(label, answer)| view! {
                    <p class="meta">{fill("Tính theo mục “{}” ở bước 1: {}.", &[&label, &answer])}" "
                        <A href=format!("/ho-so/{id}/thong-tin")>{t("Sửa")}</A></p>
                }).collect_view()}
                {(!known.is_empty()).then(|| view! { <Relief open known/> })}
                {move || view! { <BillTable bill=sum.get()/> }}
                <Notes open/>
                <p class="total" role="status">{t("Phải nộp:")}" "<strong>{move || format::money(sum.with(|bill| bill.total))}</strong></p>
                {move || sum.with(|bill| bill.total.0 > 0).then(|| view! { <Ways open means=means.get().and_then(Result::ok)/> })}
            }.into_any()
        }}
        <div class="row between">
            <A href=format!("/ho-so/{id}/thanh-phan") attr:class="button">{t("Quay lại")}</A>
            <A href=format!("/ho-so/{id}/nop") attr:class="button primary" on:click=go_on>{t("Tiếp tục")}</A>
        </div>
    }
}

/// What the catalogue says of each fee.
#[component]
fn Notes(open: Open) -> impl IntoView {
    let notes: Vec<String> = open.draft.with_untracked(|draft| {
        draft
            .procedure
            .fees
            .iter()
            .filter(|fee| !fee.note.is_empty())
            .map(|fee| fee.note.clone())
            .collect()
    });
    (!notes.is_empty()).then(|| view! {
        <div class="fee-notes">{notes.into_iter().map(|note| view! { <p class="hint">{note}</p> }).collect_view()}</div>
    })
}

#[component]
fn Count(open: Open, asked: Asked) -> impl IntoView {
    let (key, label, min, max) = asked;
    let typed = RwSignal::new(open.draft.with_untracked(|draft| {
        draft
            .fees
            .counts
            .get(&key)
            .map_or_else(|| min.to_string(), ToString::to_string)
    }));
    let error = Signal::derive(move || {
        let right = typed
            .get()
            .trim()
            .parse::<u32>()
            .is_ok_and(|count| (min..=max).contains(&count));
        (!right).then(|| fill("Vui lòng nhập số từ {} đến {}.", &[&min, &max]))
    });
    let id = input_id(&key);
    let keep = move |text: String| {
        let (key, count) = (key.clone(), text.trim().parse::<u32>().ok());
        typed.set(text);
        open.change(move |draft| match count {
            Some(count) => {
                draft.fees.counts.insert(key, count);
            }
            None => {
                draft.fees.counts.remove(&key);
            }
        });
    };
    view! { <TextField id label kind="number" width="short" required=true value=typed error=error on_input=keep/> }
}

/// `Đối tượng miễn, giảm`.
#[component]
fn Relief(open: Open, known: Vec<Exemption>) -> impl IntoView {
    let chosen = move |code: Option<String>| {
        open.change(move |draft| draft.fees.exemption = code);
    };
    let is = move |code: Option<&str>| {
        open.draft
            .with(|draft| draft.fees.exemption.as_deref() == code)
    };
    let proofs = known.clone();
    view! {
        <fieldset class="relief">
            <legend>{t("Đối tượng miễn, giảm")}</legend>
            <label class="choice">
                <input type="radio" name="exemption" prop:checked=move || is(None) on:change=move |_| chosen(None)/>
                {t("Không thuộc đối tượng miễn, giảm")}
            </label>
            {known.into_iter().map(|exemption| {
                let (code, this) = (exemption.code.clone(), exemption.code.clone());
                view! {
                    <label class="choice">
                        <input type="radio" name="exemption" prop:checked=move || is(Some(&this)) on:change=move |_| chosen(Some(code.clone()))/>
                        <span>{exemption.who}" "<span class="meta">{format!("({})", relief(exemption.percent))}</span></span>
                    </label>
                }
            }).collect_view()}
        </fieldset>
        {move || {
            let code = open.draft.with(|draft| draft.fees.exemption.clone());
            proofs.iter().find(|known| Some(&known.code) == code.as_ref()).map(|known| {
                let proof = known.proof.clone();
                view! {
                    <Notice tone=Tone::Info>
                        {(!proof.is_empty()).then(|| view! { <p><strong>{t("Giấy tờ chứng minh:")}</strong>" "{proof}</p> })}
                        <p>{t("Cán bộ sẽ kiểm tra giấy tờ chứng minh. Nếu không được chấp nhận, bạn nộp đủ phí, lệ phí và được báo số tiền.")}</p>
                    </Notice>
                }
            })
        }}
    }
}

/// How it is paid. Without an answer of the server (no network) only what is always possible is offered, and what was chosen before.
#[component]
fn Ways(open: Open, means: Option<PaymentMeans>) -> impl IntoView {
    let means = means.unwrap_or_default();
    let chosen = open.draft.with_untracked(|draft| draft.payment);
    let offered = [
        (FeePayment::AtCounter, true),
        (FeePayment::BankTransfer, means.bank.is_some()),
        (FeePayment::Online, means.gateway.is_some()),
    ];
    view! {
        <fieldset class="ways">
            <legend>{t("Cách nộp")}</legend>
            {offered.into_iter().filter(|(way, possible)| *possible || *way == chosen).map(|(this, _)| view! {
                <label class="choice">
                    <input type="radio" name="payment" prop:checked=move || open.draft.with(|draft| draft.payment == this)
                        on:change=move |_| open.change(move |draft| draft.payment = this)/>
                    <span>{way(this)}<span class="hint">{about(this)}</span></span>
                </label>
            }).collect_view()}
        </fieldset>
    }
}
