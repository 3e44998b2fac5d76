//! `Mẫu giao diện`: every part in every state, for those who build and check the portal.

mod form;
mod said;

use crate::part::icon::{Icon, Shape};
use crate::part::title;
use crate::text::{n, t};
use form::Forms;
use leptos::prelude::*;
use said::Said;

/// Token, and what it is for.
const COLOURS: [(&str, &str); 11] = [
    ("paper", n("nền")),
    ("sheet", n("tờ giấy")),
    ("ink", n("chữ")),
    ("ink-soft", n("chữ phụ")),
    ("line", n("đường kẻ")),
    ("indigo", n("việc có thể làm")),
    ("seal", n("chỉ dành cho ký số")),
    ("moss", n("tốt")),
    ("amber", n("cần để ý")),
    ("red", n("chưa được")),
    ("focus", n("đang chọn")),
];

/// The screen.
#[component]
pub fn Design() -> impl IntoView {
    title(t("Mẫu giao diện"));
    view! {
        <div class="wrap design">
            <h1>{t("Mẫu giao diện")}</h1>
            <p class="lead">{t("Mọi thành phần của cổng ở mọi trạng thái, để xem và kiểm tra: sáng, tối, màu của hệ thống, điện thoại.")}</p>
            <section>
                <h2>{t("Màu")}</h2>
                <ul class="colours">
                    {COLOURS.into_iter().map(|(name, meaning)| view! {
                        <li><span class=format!("patch {name}")></span><code class="code">{name}</code><span class="meta">{t(meaning)}</span></li>
                    }).collect_view()}
                </ul>
            </section>
            <section>
                <h2>{t("Chữ")}</h2>
                <div class="card">
                    <p class="design-hero">{t("Nộp hồ sơ và ký số")}</p>
                    <h1>{t("Tiêu đề của trang")}</h1>
                    <h2>{t("Tiêu đề của phần")}</h2>
                    <h3>{t("Tiêu đề của mục")}</h3>
                    <p class="lead">{t("Câu dẫn: điều cần biết trước tiên.")}</p>
                    <p>{t("Chữ thường 17 điểm ảnh, dòng cao 1,55. Đủ mọi chữ tiếng Việt: ằ ẳ ẵ ặ ấ ẩ ẫ ậ ề ể ễ ệ ố ổ ỗ ộ ờ ở ỡ ợ ừ ử ữ ự ỳ ỷ ỹ ỵ đ.")}</p>
                    <p class="hint">{t("Chữ phụ 16 điểm ảnh.")}</p>
                    <p class="code">"G22.99.05-261125-0001"</p>
                </div>
            </section>
            <section>
                <h2>{t("Nút")}</h2>
                <div class="row">
                    <button type="button" class="button primary">{t("Việc chính")}</button>
                    <button type="button" class="button">{t("Việc khác")}</button>
                    <button type="button" class="button quiet">{t("Việc nhẹ")}</button>
                    <button type="button" class="button seal">{t("Ký số")}</button>
                    <button type="button" class="button danger">{t("Xóa")}</button>
                    <button type="button" class="button small"><Icon shape=Shape::Paper/>{t("Nút nhỏ")}</button>
                </div>
                <div class="row">
                    <button type="button" class="button primary" aria-busy="true" disabled=true>{t("Đang gửi…")}</button>
                    <button type="button" class="button" aria-busy="true" disabled=true>{t("Đang lưu…")}</button>
                    <button type="button" class="button primary" disabled=true>{t("Chưa bấm được")}</button>
                    <button type="button" class="button" disabled=true>{t("Chưa bấm được")}</button>
                </div>
            </section>
            <Forms/>
            <Said/>
        </div>
    }
}
