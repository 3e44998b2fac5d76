//! Vietnamese words of the admin page.

use crate::fault::{Call, Fault};

pub(super) const fn fault_words(fault: Fault) -> &'static str {
    match fault {
        Fault::Slow => "Trả lời chậm (theo mili giây)",
        Fault::HttpError => "Lỗi máy chủ (theo mã HTTP)",
        Fault::CutBefore => "Ngắt kết nối trước khi nhận yêu cầu",
        Fault::CutAfter => "Đã nhận yêu cầu, ngắt kết nối thay vì trả lời",
        Fault::CutWithin => "Ngắt kết nối giữa câu trả lời",
        Fault::LostAnswer => "Đã nhận yêu cầu, không trả lời",
        Fault::NeverAnswers => "Không nhận, không trả lời",
        Fault::OkAroundError => "HTTP 200 nhưng nội dung báo lỗi",
        Fault::Garbage => "Đã nhận yêu cầu, trả lời không phải JSON",
        Fault::WrongSignature => "Giá trị chữ ký sai",
        Fault::WrongCertificate => "Chứng thư của người khác, ký bằng khóa khác",
        Fault::Partial => "Thiếu chữ ký của tệp cuối",
        Fault::Reordered => "Chữ ký theo thứ tự ngược",
        Fault::LostStatus => "Quên giao dịch khi được hỏi trạng thái",
        Fault::DuplicateCallbacks => "Gửi kết quả hai lần",
        Fault::LateCallbacks => "Gửi kết quả trễ (theo mili giây)",
        Fault::ClockSkew => "Đồng hồ lệch (theo giây)",
    }
}

/// What a person can choose.
pub(super) const FAULTS: [Fault; 17] = [
    Fault::Slow,
    Fault::HttpError,
    Fault::CutBefore,
    Fault::CutAfter,
    Fault::CutWithin,
    Fault::LostAnswer,
    Fault::NeverAnswers,
    Fault::OkAroundError,
    Fault::Garbage,
    Fault::WrongSignature,
    Fault::WrongCertificate,
    Fault::Partial,
    Fault::Reordered,
    Fault::LostStatus,
    Fault::DuplicateCallbacks,
    Fault::LateCallbacks,
    Fault::ClockSkew,
];

pub(super) const fn call_words(call: Call) -> &'static str {
    match call {
        Call::Token => "Đăng nhập, lấy token",
        Call::Certificates => "Lấy chứng thư số",
        Call::Authorize => "Xin phép ký (CSC)",
        Call::Sign => "Gửi yêu cầu ký",
        Call::Status => "Hỏi trạng thái",
        Call::Timestamp => "Dấu thời gian",
        Call::Revocation => "OCSP, CRL",
        Call::Other => "Khác",
    }
}

/// Calls a rule can name.
pub(super) const CALLS: [Call; 7] = [
    Call::Token,
    Call::Certificates,
    Call::Authorize,
    Call::Sign,
    Call::Status,
    Call::Timestamp,
    Call::Revocation,
];

pub(super) fn state_words(state: &str) -> &'static str {
    match state {
        "waiting" => "Đang chờ xác nhận",
        "signing" => "Đang ký",
        "permitted" => "Đã cho phép",
        "signed" => "Đã ký",
        "rejected" => "Đã từ chối",
        "pin-locked" => "Bị khóa PIN",
        "expired" => "Hết hạn",
        _ => "Không ký được",
    }
}
