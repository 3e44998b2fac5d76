//! `Hỗ trợ`: the guidance in plain steps.

use crate::part::title;
use leptos::prelude::*;
use leptos_router::components::A;

/// The screen.
#[component]
pub fn Help() -> impl IntoView {
    title("Hỗ trợ");
    view! {
        <div class="wrap narrow prose">
            <h1>"Hướng dẫn nộp hồ sơ và ký số"</h1>
            <h2>"1. Đăng ký chữ ký số cá nhân"</h2>
            <p>"Bạn cần có chứng thư số từ xa tại một nhà cung cấp như VNPT-CA (SmartCA), Viettel-CA (MySign), MISA-CA, CA2, BkavCA, FPT-CA hoặc Newtel-CA, và đã cài ứng dụng của nhà cung cấp trên điện thoại."</p>
            <h2>"2. Tạo mẫu chữ ký"</h2>
            <p>"Vào "<A href="/chu-ky">"Cập nhật chữ ký"</A>", bấm “+ Thêm chữ ký”: tải ảnh chữ ký (nếu muốn), nhập tên, số điện thoại ký số và từ khóa định vị vị trí, rồi thêm tài khoản nhà cung cấp. Từ khóa là chữ in trong tài liệu ở chỗ cần ký, ví dụ “NGƯỜI LÀM ĐƠN”."</p>
            <h2>"3. Chọn thủ tục và điền hồ sơ"</h2>
            <p>"Vào "<A href="/thu-tuc">"Thủ tục hành chính"</A>", chọn thủ tục, bấm “Nộp hồ sơ trực tuyến”. Nội dung bạn nhập được giữ trên thiết bị cho tới khi nộp."</p>
            <h2>"4. Ký số NEAC"</h2>
            <p>"Ở bước Thành phần hồ sơ, đính kèm tệp PDF rồi bấm “Ký số NEAC”. Ô ký tự đặt ở từ khóa; bạn kéo bằng chuột, ngón tay hoặc dùng phím mũi tên để dời (Alt và mũi tên để đổi cỡ, PageUp/PageDown để sang trang khác). Bấm “Chọn vị trí ký”, chọn chứng thư, “Xác nhận”, rồi nhập PIN trên điện thoại khi mã đối chiếu trùng nhau."</p>
            <h2>"5. Nộp và theo dõi"</h2>
            <p>"Kiểm tra lại, cam đoan và nộp. Mã hồ sơ dùng để theo dõi ở "<A href="/quan-ly-ho-so">"Quản lý hồ sơ"</A>" hoặc "<A href="/tra-cuu">"Tra cứu hồ sơ"</A>"."</p>
            <h2>"Kiểm tra một tệp đã ký"</h2>
            <p>"Trang "<A href="/kiem-tra">"Kiểm tra chữ ký"</A>" kiểm tra ngay trên máy của bạn; tệp không được gửi đi."</p>
        </div>
    }
}

/// One topic.
#[component]
pub fn HelpTopic() -> impl IntoView {
    view! { <Help/> }
}
