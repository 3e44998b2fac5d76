//! Sentences of a signing: how it ended, what waits, its history.

use super::{fill, t};
use crate::signing::pending::Proof;
use crate::signing::watched::Unusable;
use contract::signing::{SigningFailure, SigningState};
use contract::worker::WorkerProblem;

/// How a signing ended: heading and what to do.
pub fn end(state: SigningState, failure: Option<SigningFailure>) -> (&'static str, &'static str) {
    let (heading, more) = match (state, failure) {
        (SigningState::Rejected, _) => (
            "Bạn đã từ chối trên điện thoại",
            "Tài liệu chưa được ký. Vị trí ký vẫn được giữ, bạn có thể ký lại.",
        ),
        (SigningState::Expired, _) => (
            "Yêu cầu đã hết hạn",
            "Chưa có xác nhận trên điện thoại trong thời gian cho phép. Tài liệu chưa được ký; vị trí ký vẫn được giữ, bạn có thể gửi lại yêu cầu.",
        ),
        (SigningState::Cancelled, _) => (
            "Đã hủy",
            "Nếu điện thoại vẫn hiện yêu cầu, hãy bấm Từ chối; nếu lỡ xác nhận, chữ ký đó sẽ không được dùng. Vị trí ký vẫn được giữ.",
        ),
        (SigningState::Mismatch, _) => (
            "Chữ ký nhận về không khớp",
            "Chữ ký không khớp với tài liệu hoặc chứng thư đã chọn. Không có gì được lưu. Vui lòng ký lại hoặc liên hệ bộ phận hỗ trợ (mã KS-409).",
        ),
        (SigningState::Failed, Some(SigningFailure::ProviderDown)) => (
            "Nhà cung cấp chưa phản hồi",
            "Yêu cầu chưa được ký. Vui lòng thử lại sau ít phút hoặc chọn nhà cung cấp khác.",
        ),
        (SigningState::Failed, Some(SigningFailure::NoCertificate)) => (
            "Không tìm thấy tài khoản ký số",
            "Nhà cung cấp không có chứng thư cho số CMND/CCCD này. Vui lòng kiểm tra mẫu chữ ký.",
        ),
        (SigningState::Failed, Some(SigningFailure::CertificateUnusable)) => (
            "Chứng thư số không dùng được",
            "Chứng thư số đã hết hạn, bị khóa hoặc bị thu hồi. Vui lòng liên hệ nhà cung cấp.",
        ),
        (SigningState::Failed, Some(SigningFailure::PinLocked)) => (
            "Ứng dụng đã khóa do nhập sai PIN",
            "Hãy dùng mục Kích hoạt lại tài khoản trong ứng dụng ký số, rồi gửi lại yêu cầu.",
        ),
        (SigningState::Failed, Some(SigningFailure::ProviderBusy)) => (
            "Nhà cung cấp đang quá tải",
            "Yêu cầu chưa được gửi. Vui lòng thử lại sau 1 phút hoặc chọn nhà cung cấp khác.",
        ),
        (SigningState::Failed, Some(SigningFailure::Interrupted)) => (
            "Yêu cầu bị gián đoạn",
            "Kết nối với nhà cung cấp bị ngắt trước khi bạn xác nhận xong. Tài liệu chưa được ký. Nếu điện thoại vẫn hiện yêu cầu, hãy bấm Từ chối rồi ký lại.",
        ),
        (SigningState::Failed, Some(SigningFailure::QuotaUsedUp)) => (
            "Tài khoản đã hết lượt ký",
            "Gói chữ ký số của bạn đã hết lượt. Vui lòng liên hệ nhà cung cấp để mua thêm lượt, hoặc chọn tài khoản khác.",
        ),
        (SigningState::Failed, _) => (
            "Nhà cung cấp từ chối yêu cầu",
            "Tài liệu chưa được ký. Vui lòng thử lại hoặc chọn nhà cung cấp khác.",
        ),
        (SigningState::Partial, _) => (
            "Mới ký được một phần",
            "Các tệp đã ký được giữ lại. Bạn có thể ký lại những tệp còn thiếu; không cần ký lại tệp đã xong.",
        ),
        (SigningState::Done, _) => (
            "Ký số thành công",
            "Chữ ký đã được kiểm tra hợp lệ trên máy của bạn.",
        ),
        (
            SigningState::Sending
            | SigningState::Unknown
            | SigningState::Waiting
            | SigningState::Confirmed,
            _,
        ) => ("Đang ký số", ""),
    };
    (t(heading), t(more))
}

/// Where the request is while nothing can be done but wait: heading.
pub fn on_the_way(unknown: bool, provider: &str) -> String {
    if unknown {
        t("Đang kiểm tra yêu cầu đã tới nhà cung cấp chưa…").to_owned()
    } else {
        fill("Đang gửi yêu cầu tới {}…", &[&provider])
    }
}

/// What the request's way means for the person.
pub fn on_the_way_hint(unknown: bool) -> &'static str {
    t(if unknown {
        "Nhà cung cấp trả lời chậm. Yêu cầu không bị gửi hai lần; nếu điện thoại đã hiện yêu cầu, bạn có thể xác nhận ngay."
    } else {
        "Điện thoại của bạn sẽ hiện yêu cầu ký trong giây lát."
    })
}

/// Why the person should compare.
pub fn compare(files: usize) -> String {
    fill(
        "Chỉ nhập PIN nếu điện thoại hiện đúng mã này và {} tệp.",
        &[&files],
    )
}

/// Said aloud while it waits: at the start, and when 60, 30 and 10 seconds are left.
pub fn spoken(seconds_left: Option<i64>) -> &'static str {
    t(match seconds_left {
        Some(0..=10) => "Còn dưới 10 giây.",
        Some(11..=30) => "Sắp hết hạn, còn dưới 30 giây.",
        Some(31..=60) => "Còn dưới 1 phút.",
        _ => "Vui lòng kiểm tra điện thoại.",
    })
}

/// No network, while it waits.
pub const OFFLINE: &str =
    "Mất kết nối mạng. Bạn vẫn có thể xác nhận trên điện thoại; kết quả sẽ hiện khi có mạng.";
/// No network, and the request has not reached the server: no phone has anything to confirm.
pub const OFFLINE_UNSENT: &str = "Mất kết nối mạng nên yêu cầu ký chưa gửi được; điện thoại chưa hiện gì. Có mạng lại trong 2 phút thì trang này tự gửi tiếp.";
/// No network, while values are being embedded.
pub const OFFLINE_EMBEDDING: &str =
    "Mất kết nối mạng. Chữ ký đã nhận được giữ trên thiết bị này và vẫn được ghép vào tài liệu.";
/// The login ended.
pub const SIGNED_OUT: &str =
    "Phiên đăng nhập hết hạn. Đăng nhập lại để xem kết quả; yêu cầu ký không bị mất.";
/// Another window shows the same.
pub const ELSEWHERE: &str = "Tệp này đang được ký ở một cửa sổ khác. Bạn có thể theo dõi ở đây hoặc ở cửa sổ đó; chỉ cần xác nhận một lần trên điện thoại.";

/// Partly done.
pub fn partly(stored: usize, all: usize) -> String {
    fill("Đã ký {}/{} tệp", &[&stored, &all])
}

/// All done: heading.
pub fn done(all: usize) -> String {
    if all == 1 {
        t("Ký số thành công").to_owned()
    } else {
        fill("Ký số thành công {}/{} tệp", &[&all, &all])
    }
}

/// What the signed files carry to prove the signature later.
pub fn proof(proof: Proof) -> Option<&'static str> {
    let sentence = match proof {
        Proof::NotOffered => None,
        Proof::Unavailable => Some(
            "Chưa lấy được dấu thời gian. Chữ ký vẫn hợp lệ; thời gian ký là giờ hệ thống ghi nhận.",
        ),
        Proof::Timestamp => {
            Some("Có dấu thời gian; chưa lấy được bằng chứng thu hồi. Chữ ký vẫn hợp lệ.")
        }
        Proof::TimestampAndRevocation => Some("Có dấu thời gian và bằng chứng thu hồi"),
    };
    sentence.map(t)
}

/// Why a file of several is not signed.
pub fn unsigned(why: Option<&Unusable>) -> &'static str {
    t(match why {
        None => "Chưa ký: nhà cung cấp không trả về chữ ký cho tệp này.",
        Some(why) => unusable(why).1,
    })
}

/// Why values could not be used: heading and what to do.
pub fn unusable(why: &Unusable) -> (&'static str, &'static str) {
    let (heading, more) = match why {
        Unusable::Engine(WorkerProblem::Crashed) => (
            "Chưa ghép được chữ ký",
            "Chữ ký đã nhận nhưng bộ xử lý tài liệu bị dừng nhiều lần. Chữ ký vẫn được giữ; hãy thử lại, hoặc đóng bớt ứng dụng khác rồi thử lại.",
        ),
        Unusable::Engine(WorkerProblem::ValueMismatch) => (
            "Chữ ký nhận về không khớp",
            "Chữ ký nhận về không khớp với tài liệu hoặc chứng thư đã chọn. Không có gì được lưu. Mã lỗi KS-409.",
        ),
        Unusable::Engine(problem) => ("Chưa ghép được chữ ký", super::worker(problem)),
        Unusable::Changed => (
            "Tệp đã thay đổi sau khi gửi yêu cầu",
            "Tệp trong hồ sơ không còn là tệp đã gửi đi ký nên chữ ký không được ghép vào. Vui lòng ký lại tệp hiện có.",
        ),
        Unusable::Lost => (
            "Không còn dữ liệu để ghép chữ ký",
            "Trình duyệt đã xóa dữ liệu của lần ký này. Tài liệu gốc vẫn nguyên; vui lòng ký lại.",
        ),
    };
    (t(heading), t(more))
}

/// The request never reached the server: heading and what to do.
pub const NEVER_ARRIVED: (&str, &str) = (
    "Yêu cầu chưa được gửi",
    "Mạng bị ngắt trước khi yêu cầu tới được cổng. Tài liệu chưa được ký; vị trí ký vẫn được giữ, bạn có thể ký lại.",
);

/// The bar: requests wait for the phone.
pub fn bar_waiting(count: usize) -> String {
    fill("Bạn có {} yêu cầu ký đang chờ", &[&count.max(1)])
}

/// The bar: values are being embedded.
pub const BAR_EMBEDDING: &str = "Đã nhận xác nhận, đang ghép chữ ký";

/// The bar: it was done while nobody looked.
pub fn bar_done(files: usize) -> String {
    fill("Đã ký xong {} tệp khi bạn vắng mặt", &[&files])
}

/// The bar: time ran out.
pub fn bar_expired(at: &str) -> String {
    fill("Yêu cầu ký đã hết hạn lúc {}", &[&at])
}

/// The bar: it ended otherwise.
pub const BAR_ENDED: &str = "Yêu cầu ký chưa thành công";
