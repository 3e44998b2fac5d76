//! After submission: the code, the receipt, what to pay and what happens next.

use crate::api;
use crate::format;
use crate::part::load;
use crate::part::notice::{Notice, Tone};
use crate::screen::my_dossier::download;
use crate::screen::payment::pay::Pay;
use crate::text::{self, t};
use contract::dossier::Receipt;
use contract::payment::PaymentState;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use uuid::Uuid;

/// The screen of a dossier that was submitted; `id` is the dossier's.
#[component]
pub fn Received(id: Uuid, receipt: Receipt) -> impl IntoView {
    let (busy, trouble) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let name = format!("giay-bien-nhan-{}.pdf", receipt.code);
    let fetch = move |_| {
        busy.set(true);
        trouble.set(None);
        let name = name.clone();
        spawn_local(async move {
            match api::payment::receipt(id).await {
                Ok(bytes) => download(&bytes, &name),
                Err(error) => {
                    let _ = trouble.try_set(Some(text::api(&error)));
                }
            }
            let _ = busy.try_set(false);
        });
    };
    let payment = load(async move { api::payment::show(false, id).await });
    view! {
        <section class="receipt" id="receipt" tabindex="-1" aria-label=t("Biên nhận")>
            <h2>{t("Đã nộp hồ sơ")}</h2>
            <p class="meta">{t("Mã hồ sơ")}</p>
            <p class="big code">{receipt.code.to_string()}</p>
            <dl class="facts">
                <div><dt>{t("Thủ tục")}</dt><dd>{receipt.procedure_name}</dd></div>
                <div><dt>{t("Người nộp")}</dt><dd>{receipt.applicant}</dd></div>
                <div><dt>{t("Cơ quan nhận")}</dt><dd>{receipt.agency}</dd></div>
                <div><dt>{t("Thời điểm nộp")}</dt><dd>{format::moment_exact(receipt.submitted_at)}</dd></div>
                <div><dt>{t("Số tệp")}</dt><dd>{receipt.files}</dd></div>
                <div><dt>{t("Phí, lệ phí")}</dt><dd>{format::money(receipt.fee_total)}</dd></div>
            </dl>
            {move || trouble.get().map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })}
            <p class="row wrap-row no-print">
                <button type="button" class="button primary" disabled=move || busy.get() on:click=fetch>{t("Tải giấy biên nhận (PDF)")}</button>
                <button type="button" class="button" on:click=move |_| { let _ = window().print(); }>{t("In trang này")}</button>
            </p>
        </section>
        {move || payment.get().and_then(Result::ok).filter(|payment| payment.state != PaymentState::Free).map(|known| {
            let found = RwSignal::new(Some(Ok(known)));
            view! {
                <section class="card no-print" aria-labelledby="pay-now">
                    <h2 id="pay-now">{t("Nộp phí, lệ phí")}</h2>
                    {move || found.get().and_then(Result::ok).map(|payment| view! { <Pay payment found/> })}
                </section>
            }
        })}
        <section class="card" aria-labelledby="what-next">
            <h2 id="what-next">{t("Việc tiếp theo")}</h2>
            <ol class="next-steps">
                <li>{t("Bộ phận một cửa kiểm tra hồ sơ và gửi giấy tiếp nhận, hẹn trả kết quả.")}</li>
                <li>{t("Nếu cần bổ sung, bạn được báo trong mục Quản lý hồ sơ và bổ sung ngay tại đó.")}</li>
                <li>{t("Khi có kết quả, bạn tải về từ hồ sơ của mình. Ai có mã hồ sơ cũng tra cứu được trạng thái.")}</li>
            </ol>
            <p class="row wrap-row no-print">
                <A href=format!("/quan-ly-ho-so/{id}") attr:class="button">{t("Theo dõi hồ sơ này")}</A>
                <A href="/nhac-viec" attr:class="button">{t("Chọn cách nhận thông báo")}</A>
                <A href="/quan-ly-ho-so" attr:class="button">{t("Quản lý hồ sơ")}</A>
            </p>
        </section>
    }
}
