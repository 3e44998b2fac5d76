//! An address without a screen.

use crate::part::title;
use leptos::prelude::*;
use leptos_router::components::A;

/// The screen.
#[component]
pub fn NotFound() -> impl IntoView {
    title("Không tìm thấy trang");
    view! {
        <div class="wrap narrow">
            <h1>"Không tìm thấy trang này"</h1>
            <p>"Đường dẫn có thể đã đổi hoặc gõ nhầm."</p>
            <p><A href="/" attr:class="button primary">"Về trang chủ"</A></p>
        </div>
    }
}
