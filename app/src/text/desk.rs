//! Words of the officer's desk: duties, acts of work, what the journal notes.

use super::n;
use contract::audit::AuditAction;
use contract::right::Duty;
use contract::work::{WorkAct, WorkDone};

/// What a duty lets somebody do, in words.
pub const fn duty_means(duty: Duty) -> &'static str {
    match duty {
        Duty::Reception => {
            n("Tiếp nhận, từ chối, yêu cầu bổ sung, thu phí, trả kết quả, trả lời phản ánh.")
        }
        Duty::Processing => n("Xử lý hồ sơ đã tiếp nhận, yêu cầu bổ sung khi xử lý, soạn kết quả."),
        Duty::Leader => n("Phê duyệt và ký kết quả, dừng xử lý, giao việc, xem thống kê."),
        Duty::Administrator => {
            n("Sửa danh mục và quyền của cán bộ, xem thống kê. Không xem hồ sơ.")
        }
        Duty::Auditor => n("Đọc nhật ký, xem thống kê. Không xem hồ sơ."),
    }
}

/// What a duty is called.
pub const fn duty(duty: Duty) -> &'static str {
    match duty {
        Duty::Reception => n("Tiếp nhận"),
        Duty::Processing => n("Xử lý"),
        Duty::Leader => n("Lãnh đạo"),
        Duty::Administrator => n("Quản trị"),
        Duty::Auditor => n("Kiểm tra, giám sát"),
    }
}

/// What an act of work is called on its button.
pub const fn work(act: WorkAct) -> &'static str {
    match act {
        WorkAct::Take => n("Nhận việc"),
        WorkAct::Advance => n("Chuyển bước tiếp theo"),
        WorkAct::SendBack => n("Trả lại bước trước"),
        WorkAct::Assign => n("Giao cho người khác"),
        WorkAct::Apologise => n("Xin lỗi và hẹn lại"),
        WorkAct::AllowSupplement => n("Cho phép yêu cầu bổ sung lần nữa"),
    }
}

/// What a line of work says was done.
pub const fn done(done: WorkDone) -> &'static str {
    match done {
        WorkDone::Work(act) => work(act),
        WorkDone::Life(act) => super::after::act(act),
    }
}

/// What a record of the journal says was done.
pub const fn audited(action: AuditAction) -> &'static str {
    match action {
        AuditAction::SignIn => n("Đăng nhập"),
        AuditAction::SignInFailed => n("Đăng nhập sai mật khẩu hoặc mã"),
        AuditAction::SignOut => n("Đăng xuất"),
        AuditAction::IdentityBound => n("Gắn định danh điện tử với tài khoản"),
        AuditAction::SignInConfirmed => n("Xác nhận lại danh tính"),
        AuditAction::SessionEnded => n("Đăng xuất thiết bị khác"),
        AuditAction::PasswordChanged => n("Đổi mật khẩu"),
        AuditAction::PasswordResetAsked => n("Yêu cầu đặt lại mật khẩu"),
        AuditAction::PasswordReset => n("Đặt lại mật khẩu qua email"),
        AuditAction::SecondFactorAdded => n("Bật xác thực hai bước"),
        AuditAction::SecondFactorRemoved => n("Tắt xác thực hai bước"),
        AuditAction::RecoveryCodeUsed => n("Đăng nhập bằng mã khôi phục"),
        AuditAction::PersonChanged => n("Sửa thông tin cá nhân"),
        AuditAction::DossierSubmitted => n("Nộp hồ sơ"),
        AuditAction::DossiersSearched => n("Tìm trong danh sách hồ sơ"),
        AuditAction::DossierViewed => n("Xem hồ sơ"),
        AuditAction::FileDownloaded => n("Tải tệp của hồ sơ"),
        AuditAction::SigningHistoryViewed => n("Xem lịch sử ký số"),
        AuditAction::MessagesViewed => n("Đọc trao đổi"),
        AuditAction::MessageSent => n("Gửi tin nhắn"),
        AuditAction::StatusChanged => n("Đổi trạng thái hồ sơ"),
        AuditAction::WorkDone => n("Chuyển bước, giao việc"),
        AuditAction::ResultSigned => n("Đưa tệp kết quả đã ký số vào hồ sơ"),
        AuditAction::ResultSealed => n("Đóng dấu số lên tệp kết quả"),
        AuditAction::SlipIssued => n("Lập phiếu theo mẫu"),
        AuditAction::SlipSigned => n("Đưa phiếu đã ký số vào hồ sơ"),
        AuditAction::SlipViewed => n("Xem phiếu theo mẫu"),
        AuditAction::ResultAdded => n("Thêm tệp kết quả"),
        AuditAction::ResultRemoved => n("Bỏ tệp kết quả"),
        AuditAction::ResultDownloaded => n("Tải tệp kết quả"),
        AuditAction::PaymentViewed => n("Xem thanh toán"),
        AuditAction::PaymentChanged => n("Cập nhật thanh toán"),
        AuditAction::Signing => n("Ký số"),
        AuditAction::FeedbackViewed => n("Đọc phản ánh, góp ý"),
        AuditAction::FeedbackAnswered => n("Trả lời phản ánh"),
        AuditAction::AuditSearched => n("Tra cứu nhật ký"),
        AuditAction::AuditExported => n("Tải nhật ký"),
        AuditAction::RightsChanged => n("Đổi quyền"),
        AuditAction::CatalogueChanged => n("Đổi danh mục"),
        AuditAction::KeysChanged => n("Đổi khóa mã hóa"),
        AuditAction::DataErased => n("Xóa dữ liệu hết hạn lưu"),
    }
}
