//! `Tra cứu hồ sơ`: status by code, without signing in. A receipt's QR code leads here with the code in the address.

use crate::part::field::TextField;
use crate::part::notice::{Notice, Tone};
use crate::part::title;
use crate::screen::my_dossier::Steps;
use crate::text::after::{meaning_for_anybody, tone};
use crate::text::{fill, t};
use crate::{api, format, text};
use contract::dossier::Tracking;
use contract::problem::ProblemCode;
use contract::value::DossierCode;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;

/// What is asked for and what was found.
type Found = RwSignal<Option<Result<Tracking, api::ApiError>>>;

/// The screen.
#[component]
pub fn Track() -> impl IntoView {
    title(t("Tra cứu hồ sơ"));
    let given = use_query_map().with_untracked(|query| query.get("ma").unwrap_or_default());
    let code = RwSignal::new(given.clone());
    let wrong: RwSignal<Option<String>> = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let found: Found = RwSignal::new(None);
    let ask = move || match code.get_untracked().trim().parse::<DossierCode>() {
        Err(error) => wrong.set(Some(fill(
            "{} Mã hồ sơ có dạng 000.00.00.H34-261123-0001.",
            &[&text::value(error)],
        ))),
        Ok(valid) => {
            wrong.set(None);
            busy.set(true);
            spawn_local(async move {
                let answer = api::track(valid.as_str()).await;
                let _ = found.try_set(Some(answer));
                let _ = busy.try_set(false);
            });
        }
    };
    if !given.is_empty() {
        ask();
    }
    view! {
        <div class="wrap narrow">
            <h1>{t("Tra cứu hồ sơ")}</h1>
            <form on:submit=move |event: web_sys::SubmitEvent| { event.prevent_default(); ask(); }>
                <TextField id="code" label=t("Mã hồ sơ") hint=t("Ghi trên giấy biên nhận khi bạn nộp hồ sơ.") value=code on_input=move |text| code.set(text) error=wrong required=true/>
                <p><button type="submit" class="button primary" aria-busy=move || busy.get().to_string()>{t("Tra cứu")}</button></p>
            </form>
            <div aria-live="polite">
                {move || found.get().map(|answer| match answer {
                    Err(error) if error.code == ProblemCode::NotFound => view! {
                        <Notice tone=Tone::Attention>{t("Không có hồ sơ nào mang mã này. Vui lòng đối chiếu từng chữ số với giấy biên nhận.")}</Notice>
                    }.into_any(),
                    Err(error) => view! { <Notice tone=Tone::Bad>{text::api(&error)}</Notice> }.into_any(),
                    Ok(tracking) => view! { <Result tracking/> }.into_any(),
                })}
            </div>
            <p class="hint">{t("Ai có mã cũng chỉ thấy trạng thái và ngày hẹn, không thấy thông tin cá nhân. Đăng nhập để xem tệp, tin nhắn và kết quả.")}</p>
        </div>
    }
}

#[component]
fn Result(tracking: Tracking) -> impl IntoView {
    let due = tracking.due_at.map_or_else(
        || t("Sau khi hồ sơ được tiếp nhận").to_owned(),
        format::moment,
    );
    view! {
        <section class="card standing" aria-label=t("Kết quả tra cứu")>
            <h2 class="code">{tracking.code.to_string()}</h2>
            <p class="state"><span class=tone(tracking.status)>{text::status(tracking.status)}</span></p>
            <p class="lead">{meaning_for_anybody(tracking.status)}</p>
            <Steps status=tracking.status/>
            <dl class="facts">
                <div><dt>{t("Thủ tục")}</dt><dd>{tracking.procedure_name}</dd></div>
                <div><dt>{t("Cơ quan")}</dt><dd>{tracking.agency}</dd></div>
                <div><dt>{t("Ngày nộp")}</dt><dd>{format::moment(tracking.submitted_at)}</dd></div>
                <div><dt>{t("Hẹn trả")}</dt><dd>{due}</dd></div>
            </dl>
        </section>
    }
}
