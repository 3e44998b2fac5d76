//! Sentences about a dossier's life: what a state means, what happens next, what an act is called.

use super::{n, t};
use contract::dossier::DossierStatus;
use contract::life::Act;

/// What a state means and what happens next, in plain words.
pub fn meaning(status: DossierStatus) -> &'static str {
    t(match status {
        DossierStatus::New => {
            "Cổng đã nhận hồ sơ. Bộ phận một cửa sẽ kiểm tra, rồi báo tiếp nhận hoặc yêu cầu bổ sung. Bạn chưa cần làm gì."
        }
        DossierStatus::Received => {
            "Hồ sơ đủ và đã được tiếp nhận. Cơ quan sẽ giải quyết trước ngày hẹn trả. Bạn chưa cần làm gì."
        }
        DossierStatus::Refused => {
            "Hồ sơ không được tiếp nhận. Lý do ghi ở phần quá trình xử lý; bạn có thể sửa và nộp hồ sơ mới."
        }
        DossierStatus::Processing => {
            "Cơ quan đang giải quyết hồ sơ. Bạn sẽ nhận được thông báo khi có kết quả."
        }
        DossierStatus::SupplementRequested => {
            "Hồ sơ cần bổ sung. Thời gian giải quyết tạm dừng cho đến khi bạn bổ sung xong."
        }
        DossierStatus::PaymentRequested => {
            "Hồ sơ có khoản cần nộp. Cơ quan sẽ tiếp tục giải quyết sau khi nhận được tiền."
        }
        DossierStatus::Withdrawn => "Bạn đã rút hồ sơ. Hồ sơ không được giải quyết nữa.",
        DossierStatus::Stopped => {
            "Cơ quan đã dừng giải quyết hồ sơ. Lý do ghi ở phần quá trình xử lý."
        }
        DossierStatus::Done => "Hồ sơ đã giải quyết xong. Kết quả sẽ được trả trong thời gian tới.",
        DossierStatus::Returned => "Kết quả đã được trả. Hồ sơ đã hoàn tất.",
    })
}

/// The same for somebody who has the code only.
pub fn meaning_for_anybody(status: DossierStatus) -> &'static str {
    t(match status {
        DossierStatus::New => "Hồ sơ đã nộp và đang chờ bộ phận một cửa kiểm tra.",
        DossierStatus::Received => "Hồ sơ đã được tiếp nhận và chờ giải quyết.",
        DossierStatus::Refused => {
            "Hồ sơ không được tiếp nhận. Người nộp xem lý do sau khi đăng nhập."
        }
        DossierStatus::Processing => "Cơ quan đang giải quyết hồ sơ.",
        DossierStatus::SupplementRequested => {
            "Hồ sơ đang chờ người nộp bổ sung giấy tờ. Người nộp xem danh sách sau khi đăng nhập."
        }
        DossierStatus::PaymentRequested => "Hồ sơ đang chờ người nộp thực hiện nghĩa vụ tài chính.",
        DossierStatus::Withdrawn => "Người nộp đã rút hồ sơ.",
        DossierStatus::Stopped => "Cơ quan đã dừng giải quyết hồ sơ.",
        DossierStatus::Done => "Hồ sơ đã giải quyết xong và chờ trả kết quả.",
        DossierStatus::Returned => "Kết quả đã được trả cho người nộp.",
    })
}

/// What an act is called on its button.
pub const fn act(act: Act) -> &'static str {
    match act {
        Act::Receive => n("Tiếp nhận"),
        Act::Refuse => n("Không tiếp nhận"),
        Act::AskSupplement => n("Yêu cầu bổ sung"),
        Act::TakeBackSupplement => n("Rút yêu cầu bổ sung"),
        Act::Supplement => n("Tôi đã bổ sung xong"),
        Act::Process => n("Chuyển xử lý"),
        Act::Finish => n("Đã xử lý xong"),
        Act::Return => n("Trả kết quả"),
        Act::Withdraw => n("Rút hồ sơ"),
        Act::Stop => n("Dừng xử lý"),
    }
}

/// The colour of a state's chip: calm, good, or one's turn.
pub const fn tone(status: DossierStatus) -> &'static str {
    match status {
        DossierStatus::Returned | DossierStatus::Done => "chip good",
        DossierStatus::SupplementRequested
        | DossierStatus::PaymentRequested
        | DossierStatus::Refused
        | DossierStatus::Stopped => "chip attention",
        _ => "chip",
    }
}
