//! A bank transfer: the VietQR code and beside it everything a person types by hand, each to copy.

use crate::format;
use crate::part::notice::{Notice, Tone};
use crate::part::qr::{self, Qr};
use crate::part::toast::say;
use crate::text::{fill, t};
use contract::payment::TransferDetails;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// A value with its copy button; `plain` is what is copied.
fn copied(
    label: &'static str,
    shown: String,
    plain: String,
    said: RwSignal<Option<String>>,
) -> impl IntoView {
    let name = fill("Sao chép {}", &[&label.to_lowercase()]);
    let copy = move |_| {
        let text = plain.clone();
        spawn_local(async move {
            let promise = window().navigator().clipboard().write_text(&text);
            let done = wasm_bindgen_futures::JsFuture::from(promise).await.is_ok();
            let trouble = t("Trình duyệt không cho sao chép. Vui lòng chọn và sao chép bằng tay.");
            let _ = said.try_set((!done).then(|| trouble.to_owned()));
            if done {
                say(fill("Đã sao chép {}.", &[&text]));
            }
        });
    };
    view! {
        <div>
            <dt>{label}</dt>
            <dd><span class="value">{shown}</span>
                <button type="button" class="button small" aria-label=name on:click=copy>{t("Sao chép")}</button></dd>
        </div>
    }
}

/// The code and the account's data.
#[component]
pub fn Transfer(details: TransferDetails) -> impl IntoView {
    let said = RwSignal::new(None::<String>);
    let amount = format::money(details.amount);
    let label = fill(
        "Mã VietQR: chuyển {} tới tài khoản {} tại {}, nội dung {}",
        &[
            &amount,
            &details.account.account,
            &details.account.bank,
            &details.purpose,
        ],
    );
    let (text, lines, name) = (
        details.qr.clone(),
        vec![
            amount.clone(),
            details.purpose.clone(),
            format!("{} · {}", details.account.bank, details.account.account),
        ],
        format!("vietqr-{}.png", details.purpose),
    );
    let save = move |_| {
        // What to do next is read slowly: it stays.
        let sentence = match qr::save(&text, &lines, &name) {
            Some(()) => t("Đã lưu ảnh QR. Mở ứng dụng ngân hàng và chọn quét mã từ thư viện ảnh."),
            None => t("Trình duyệt không lưu được ảnh. Vui lòng chụp màn hình mã QR."),
        };
        said.set(Some(sentence.to_owned()));
    };
    let account = details.account.clone();
    view! {
        {account.invented.then(|| view! {
            <Notice tone=Tone::Attention>{t("Cổng đang chạy thử: tài khoản này là giả định, không ngân hàng nào nhận tiền. Đừng chuyển tiền thật.")}</Notice>
        })}
        <div class="transfer">
            <figure>
                <Qr text=details.qr label/>
                <figcaption>
                    <button type="button" class="button small" on:click=save>{t("Lưu ảnh QR")}</button>
                </figcaption>
            </figure>
            <div>
                <p class="hint">
                    <span class="for-wide">{t("Mở ứng dụng ngân hàng trên điện thoại và quét mã. Số tiền và nội dung được điền sẵn.")}</span>
                    <span class="for-phone">{t("Mở ứng dụng ngân hàng: lưu ảnh QR rồi chọn ảnh trong ứng dụng, hoặc sao chép từng mục dưới đây.")}</span>
                </p>
                <dl class="facts copy">
                    {copied(t("Số tiền"), amount, details.amount.0.to_string(), said)}
                    {copied(t("Số tài khoản"), account.account.clone(), account.account, said)}
                    <div><dt>{t("Ngân hàng")}</dt><dd>{account.bank}</dd></div>
                    <div><dt>{t("Chủ tài khoản")}</dt><dd>{account.holder}</dd></div>
                    {copied(t("Nội dung chuyển khoản"), details.purpose.clone(), details.purpose, said)}
                </dl>
                <p role="status" class="hint">{move || said.get()}</p>
            </div>
        </div>
    }
}
