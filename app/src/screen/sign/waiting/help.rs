//! `Tôi không nhận được thông báo`: what can be done about it, from the least to the most.

use crate::signing::pending::PendingSigning;
use crate::signing::signings;
use crate::signing::watched::Phase;
use crate::text::{fill, t};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use uuid::Uuid;

/// The disclosure.
#[component]
pub(super) fn Help(
    id: Uuid,
    pending: PendingSigning,
    on_again: Callback<PendingSigning>,
) -> impl IntoView {
    let signings = signings();
    let app = pending.app_name.clone();
    let account = pending.start.citizen_id.to_string();
    let ending = account
        .get(account.len().saturating_sub(3)..)
        .unwrap_or_default()
        .to_owned();
    let pending = StoredValue::new(pending);
    let busy = RwSignal::new(false);
    // Taken back first: two requests on the phone would look alike.
    let start_over = move |other_profile: bool| {
        busy.set(true);
        spawn_local(async move {
            signings.cancel(id).await;
            let _ = busy.try_set(false);
            let over = signings.all.with_untracked(|all| {
                all.get(&id)
                    .is_none_or(|watched| matches!(watched.phase(), Phase::Ended(_)))
            });
            if over {
                let pending = pending.get_value();
                on_again.run(if other_profile {
                    pending.for_another_profile()
                } else {
                    pending
                });
            }
        });
    };
    view! {
        <details class="help">
            <summary>{t("Tôi không nhận được thông báo")}</summary>
            <ol>
                <li>{fill("Mở thẳng ứng dụng {}, vào mục ", &[&app])}<strong>{t("Chờ xác nhận")}</strong>{t("; yêu cầu có ở đó ngay cả khi thông báo không hiện.")}</li>
                <li>{t("Kiểm tra điện thoại có mạng và ứng dụng đã đăng nhập.")}</li>
                <li>{fill("Kiểm tra tài khoản ký số (số giấy tờ kết thúc bằng …{}) đúng là tài khoản trong ứng dụng. Nhiều người đăng ký bằng số CMND cũ.", &[&ending])}</li>
                <li>{t("Nếu vẫn không thấy, thu hồi yêu cầu này rồi gửi yêu cầu mới. Vị trí ký được giữ nguyên.")}</li>
            </ol>
            <div class="row">
                <button type="button" class="button small" disabled=move || busy.get() on:click=move |_| start_over(false)>{t("Thu hồi và gửi lại")}</button>
                <button type="button" class="button small" disabled=move || busy.get() on:click=move |_| start_over(true)>{t("Đổi mẫu chữ ký")}</button>
                <A href="/ho-tro" attr:class="button small">{t("Liên hệ hỗ trợ")}</A>
            </div>
        </details>
    }
}
