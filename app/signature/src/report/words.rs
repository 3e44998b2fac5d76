//! What a report says in Vietnamese. The page has its own sentences (`app/src/text.rs`); these stand in the PDF and on the command line.

pub mod english;

pub use contract::history::words::{integrity, modifications, moment};

use contract::circular::Outcome;
use contract::validation::{Coverage, Headline, Level, Revocation, TimestampStatus, TrustStatus};
use contract::value::{Timestamp, VietnamTime};

/// The sentence read first.
#[must_use]
pub const fn headline(headline: Headline) -> &'static str {
    match headline {
        Headline::Valid => "Chữ ký số hợp lệ",
        Headline::ValidChanged => "Chữ ký số hợp lệ, có thay đổi sau khi ký",
        Headline::Invalid => "Chữ ký số không hợp lệ",
        Headline::Undecided => "Chưa kết luận được về chữ ký số",
        Headline::Unsigned => "Tài liệu không có chữ ký số",
    }
}

/// Coverage.
#[must_use]
pub const fn coverage(coverage: Coverage) -> &'static str {
    match coverage {
        Coverage::WholeFile => "phủ toàn bộ tệp",
        Coverage::WholeRevision => "phủ trọn phiên bản tại lúc ký",
        Coverage::Partial => "chỉ phủ một phần tệp",
        Coverage::None => "không xác định được phần đã ký",
    }
}

/// Revocation.
#[must_use]
pub const fn revocation(revocation: Revocation) -> &'static str {
    match revocation {
        Revocation::Good => "Chưa bị thu hồi tại thời điểm xét",
        Revocation::Revoked => "Đã bị thu hồi",
        Revocation::Unknown => "Cảnh báo: dữ liệu kèm theo không nói gì về thời điểm xét",
        Revocation::NotChecked => {
            "Cảnh báo: chưa kiểm tra được (tệp không kèm dữ liệu OCSP hoặc CRL)"
        }
    }
}

/// Trust.
#[must_use]
pub const fn trust(trust: TrustStatus) -> &'static str {
    match trust {
        TrustStatus::Trusted => "Dẫn tới chứng thư gốc tin cậy",
        TrustStatus::Untrusted => "Không dẫn tới chứng thư gốc nào trong kho tin cậy",
        TrustStatus::Revoked => "Có chứng thư trong đường dẫn đã bị thu hồi",
        TrustStatus::Expired => "Ngoài thời hạn hiệu lực tại thời điểm xét",
        TrustStatus::Unknown => "Chưa xác định được",
    }
}

/// The level.
#[must_use]
pub const fn level(level: Level) -> &'static str {
    match level {
        Level::None => "Dạng cũ, ngoài các mức PAdES",
        Level::BB => "PAdES B-B: chữ ký cơ bản, chưa có dấu thời gian",
        Level::BT => "PAdES B-T: có dấu thời gian",
        Level::BLt => "PAdES B-LT: có dấu thời gian và dữ liệu để kiểm tra về sau",
        Level::BLta => "PAdES B-LTA: có dấu thời gian lưu trữ, kiểm tra được lâu dài",
    }
}

/// A timestamp.
#[must_use]
pub const fn timestamp(status: TimestampStatus) -> &'static str {
    match status {
        TimestampStatus::Trusted => "đáng tin cậy",
        TimestampStatus::Untrusted => "chưa dẫn tới gốc tin cậy",
        TimestampStatus::Broken => "không khớp với chữ ký",
        TimestampStatus::Unsupported => "thuật toán chưa được hỗ trợ",
    }
}

/// One of the ten checks.
#[must_use]
pub const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "Đạt",
        Outcome::Fail => "Không đạt",
        Outcome::NotChecked => "Chưa kiểm tra được",
    }
}

/// `06/05/2023`.
#[must_use]
pub fn day(at: Timestamp) -> String {
    let time = VietnamTime::from(at);
    format!("{:02}/{:02}/{:04}", time.day, time.month, time.year)
}
