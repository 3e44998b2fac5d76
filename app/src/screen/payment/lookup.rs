//! A payment by the dossier's code: state and amount, and a VietQR code, so that anybody may pay for somebody. No name, no content.

use crate::api;
use crate::format;
use crate::part::bill::StateChip;
use crate::part::field::TextField;
use crate::part::notice::{Notice, Tone};
use crate::part::transfer::Transfer;
use crate::text::{self, t};
use contract::payment::PaymentStatus;
use contract::value::DossierCode;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The form and what was found.
#[component]
pub fn Lookup() -> impl IntoView {
    let code = RwSignal::new(String::new());
    let wrong: RwSignal<Option<String>> = RwSignal::new(None);
    let found: RwSignal<Option<Result<PaymentStatus, api::ApiError>>> = RwSignal::new(None);
    let ask = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        match code.get_untracked().parse::<DossierCode>() {
            Err(error) => wrong.set(Some(format!(
                "{} {}",
                text::value(error),
                t("Mã hồ sơ có dạng 000.00.00.H34-261123-0001.")
            ))),
            Ok(valid) => {
                wrong.set(None);
                spawn_local(async move {
                    let answer = api::payment::status(valid.as_str()).await;
                    let _ = found.try_set(Some(answer));
                });
            }
        }
    };
    view! {
        <section aria-labelledby="by-code">
            <h2 id="by-code">{t("Tra cứu theo mã hồ sơ")}</h2>
            <form on:submit=ask>
                <TextField id="payment-code" label=t("Mã hồ sơ") hint=t("Ghi trên giấy biên nhận.") value=code on_input=move |text| code.set(text) error=wrong required=true/>
                <p><button type="submit" class="button">{t("Tra cứu")}</button></p>
            </form>
            <div aria-live="polite">
                {move || found.get().map(|answer| match answer {
                    Err(error) => view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
                    Ok(status) => view! {
                        <section class="card" aria-label=t("Kết quả tra cứu")>
                            <h3 class="code">{status.code.to_string()}</h3>
                            <p><StateChip of=status.state/></p>
                            {(status.due.0 > 0).then(|| view! { <p class="total">{t("Phải nộp:")}" "<strong>{format::money(status.due)}</strong></p> })}
                            {status.transfer.map(|details| view! { <Transfer details/> })}
                        </section>
                    }.into_any(),
                })}
            </div>
        </section>
    }
}
