//! What the portal says: notices, banner, toast, dialog; what is on its way, empty, or failed.

use crate::part::dialog::Dialog;
use crate::part::empty::Empty;
use crate::part::icon::Shape;
use crate::part::notice::{Loading, Notice, Tone};
use crate::part::toast::say;
use crate::text::{n, t};
use leptos::prelude::*;
use leptos_router::components::A;

const NOTICES: [(Tone, &str); 4] = [
    (Tone::Info, n("Hồ sơ này giải quyết trong 3 ngày làm việc.")),
    (Tone::Good, n("Đã lưu thông tin.")),
    (
        Tone::Attention,
        n("Chứng thư số hết hạn sau 9 ngày. Hãy gia hạn với nhà cung cấp."),
    ),
    (
        Tone::Bad,
        n("Chưa gửi được tệp. Tệp vẫn ở trên thiết bị này; vui lòng thử lại."),
    ),
];

/// The part.
#[component]
pub fn Said() -> impl IntoView {
    let open = RwSignal::new(false);
    view! {
        <section>
            <h2>{t("Thông báo")}</h2>
            {NOTICES.into_iter().map(|(tone, sentence)| view! { <Notice tone>{t(sentence)}</Notice> }).collect_view()}
            <div class="banner"><span>{t("Cổng bảo trì từ 22 giờ đến 23 giờ hôm nay.")}</span><A href="/tin-tuc">{t("Xem thông báo")}</A></div>
            <p class="row">
                <span class="chip">{t("Đang xử lý")}</span><span class="chip good">{t("Hợp lệ")}</span>
                <span class="chip attention">{t("Cần bổ sung")}</span><span class="chip seal">{t("Đã ký số")}</span>
            </p>
            <p class="row">
                <button type="button" class="button" on:click=move |_| say(t("Đã sao chép mã hồ sơ."))>{t("Hiện lời nhắn")}</button>
                <button type="button" class="button" on:click=move |_| open.set(true)>{t("Mở hộp thoại")}</button>
            </p>
            <Dialog open title=t("Xóa bản nháp?")>
                <p>{t("Các tệp đính kèm trên thiết bị này cũng bị xóa.")}</p>
                <p class="row end">
                    <button type="button" class="button" on:click=move |_| open.set(false)>{t("Giữ lại")}</button>
                    <button type="button" class="button danger" on:click=move |_| open.set(false)>{t("Xóa")}</button>
                </p>
            </Dialog>
        </section>
        <section>
            <h2>{t("Đang tải, chưa có gì, chưa được")}</h2>
            <Loading/>
            <Empty shape=Shape::Paper title=t("Bạn chưa nộp hồ sơ nào.")>
                <p>{t("Hồ sơ đã nộp sẽ hiện ở đây với trạng thái và hạn trả.")}</p>
                <A href="/thu-tuc" attr:class="button primary">{t("Chọn thủ tục")}</A>
            </Empty>
            <Notice tone=Tone::Bad>
                {t("Chưa tải được danh sách. Kiểm tra kết nối mạng rồi thử lại.")}" "
                <button type="button" class="button small">{t("Thử lại")}</button>
            </Notice>
        </section>
    }
}
