//! Why signing in at an identity provider came to nothing.

use super::t;
use contract::oidc::OidcTrouble;

/// Why a sign-in at a provider came to nothing, and what to do.
pub fn oidc(trouble: OidcTrouble) -> &'static str {
    t(match trouble {
        OidcTrouble::Cancelled => {
            "Bạn đã dừng đăng nhập ở hệ thống định danh. Bạn có thể thử lại hoặc đăng nhập bằng mật khẩu."
        }
        OidcTrouble::Expired => {
            "Lần đăng nhập này đã quá 10 phút hoặc không bắt đầu từ trình duyệt này. Vui lòng bấm nút đăng nhập lại."
        }
        OidcTrouble::Unreachable => {
            "Chưa kết nối được với hệ thống định danh. Vui lòng thử lại sau ít phút hoặc đăng nhập bằng mật khẩu."
        }
        OidcTrouble::Refused => {
            "Trả lời của hệ thống định danh không hợp lệ nên cổng chưa đăng nhập cho bạn. Vui lòng thử lại."
        }
        OidcTrouble::Level => {
            "Tài khoản định danh của bạn chưa đạt mức xác thực mà cổng yêu cầu. Vui lòng nâng mức định danh rồi thử lại."
        }
        OidcTrouble::Incomplete => {
            "Hệ thống định danh không cung cấp số định danh hoặc họ tên của bạn. Vui lòng đồng ý chia sẻ thông tin rồi thử lại."
        }
        OidcTrouble::Taken => {
            "Số định danh của bạn đang thuộc một tài khoản khác trên cổng. Vui lòng liên hệ bộ phận hỗ trợ."
        }
    })
}
