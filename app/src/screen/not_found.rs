//! An address without a screen.

use crate::part::title;
use crate::text::t;
use leptos::prelude::*;
use leptos_router::components::A;

/// The screen.
#[component]
pub fn NotFound() -> impl IntoView {
    title(t("Không tìm thấy trang"));
    view! {
        <div class="wrap narrow">
            <h1>{t("Không tìm thấy trang này")}</h1>
            <p>{t("Đường dẫn có thể đã đổi hoặc gõ nhầm.")}</p>
            <p><A href="/" attr:class="button primary">{t("Về trang chủ")}</A>" "<A href="/thu-tuc" attr:class="button">{t("Tìm thủ tục")}</A></p>
        </div>
    }
}
