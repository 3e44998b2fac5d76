//! Sentences for everything that can happen: what happened, and what to do. One match a kind, so that a missing one does not compile.

pub mod after;
pub mod caution;
pub mod desk;
mod finding;
pub mod form;
pub mod history;
pub mod language;
pub mod sign_in;
pub mod signing;

use crate::api::ApiError;
use crate::chunk::Missing;
use crate::draft::DraftError;
use contract::circular::Outcome;
use contract::dossier::DossierStatus;
use contract::problem::ProblemCode;
use contract::provider::Usability;
use contract::validation::{
    Coverage, Headline, Indication, Integrity, Level, Modifications, Revocation, TimestampStatus,
    TrustStatus, Verdict,
};
use contract::value::ValueError;
use contract::worker::{FieldRefusal, SeedConstraint, Signability, WorkerProblem};
pub use finding::finding;
pub use language::{fill, n, t};

/// A problem of the server or the network.
pub fn problem(code: ProblemCode) -> &'static str {
    t(match code {
        ProblemCode::SignInRequired => {
            "Phiên đăng nhập đã hết hạn. Vui lòng đăng nhập lại; những gì bạn đã nhập vẫn được giữ trên thiết bị này."
        }
        ProblemCode::WrongCredentials => {
            "Tên đăng nhập hoặc mật khẩu không đúng. Vui lòng kiểm tra và thử lại."
        }
        ProblemCode::AccountLocked => {
            "Tài khoản tạm khóa 10 phút vì nhập sai mật khẩu hoặc mã nhiều lần. Vui lòng thử lại sau."
        }
        ProblemCode::CodeRequired => {
            "Mật khẩu đúng. Vui lòng nhập tiếp mã trong ứng dụng xác thực của bạn."
        }
        ProblemCode::SignInTooSlow => {
            "Đã quá 5 phút kể từ khi nhập mật khẩu. Vui lòng đăng nhập lại từ đầu."
        }
        ProblemCode::WrongCode => {
            "Mã không đúng, đã được dùng hoặc đã hết hạn. Vui lòng nhập mã mới nhất trong ứng dụng xác thực."
        }
        ProblemCode::SecondFactorRequired => {
            "Tài khoản cán bộ phải bật xác thực hai bước trước khi làm việc. Vui lòng mở mục Bảo mật tài khoản."
        }
        ProblemCode::ConfirmationRequired => {
            "Chưa xác nhận lại danh tính nên việc này chưa được thực hiện. Vui lòng thử lại và nhập mật khẩu khi được hỏi."
        }
        ProblemCode::LinkUnusable => {
            "Đường dẫn đã được dùng, đã hết hạn hoặc không đầy đủ. Vui lòng yêu cầu đường dẫn mới."
        }
        ProblemCode::PasswordGuessed => {
            "Mật khẩu này dễ đoán: nhiều người đang dùng, hoặc chỉ là một từ quen thuộc thêm vài chữ số. Vui lòng chọn một câu dài mà chỉ bạn nghĩ ra."
        }
        ProblemCode::PasswordLeaked => {
            "Mật khẩu này đã bị lộ ở một trang khác, người xấu có thể thử nó trước. Vui lòng chọn mật khẩu bạn chưa dùng ở đâu."
        }
        ProblemCode::Forbidden => "Tài khoản của bạn không có quyền thực hiện việc này.",
        ProblemCode::NotFound => {
            "Không tìm thấy nội dung này. Vui lòng kiểm tra lại đường dẫn hoặc mã đã nhập."
        }
        ProblemCode::Invalid => {
            "Một số thông tin chưa đúng. Vui lòng kiểm tra các mục được đánh dấu."
        }
        ProblemCode::Conflict => {
            "Nội dung này vừa được thay đổi ở nơi khác. Vui lòng tải lại để xem bản mới nhất."
        }
        ProblemCode::DossierChanged => {
            "Hồ sơ vừa được sửa ở một cửa sổ khác trong lúc nộp nên chưa được nộp. Vui lòng mở lại hồ sơ, kiểm tra bản mới nhất rồi bấm nộp lại; những gì bạn đã nhập vẫn còn nguyên."
        }
        ProblemCode::MethodNotAllowed | ProblemCode::MediaUnsupported => {
            "Trang này cũ hơn máy chủ. Vui lòng tải lại trang rồi thử lại."
        }
        ProblemCode::TimedOut => {
            "Hệ thống cần quá nhiều thời gian để trả lời. Vui lòng thử lại sau ít phút."
        }
        ProblemCode::TooLarge => "Tệp quá lớn. Mỗi tệp tối đa 50 MB.",
        ProblemCode::TooMany => "Có quá nhiều yêu cầu. Vui lòng đợi ít phút rồi thử lại.",
        ProblemCode::UploadMismatch => {
            "Tệp nhận được không trùng với tệp trên thiết bị của bạn. Vui lòng nộp lại."
        }
        ProblemCode::NotPdf => "Tệp không phải là PDF đọc được. Vui lòng chọn tệp khác.",
        ProblemCode::SignatureInvalid => {
            "Chữ ký trong tệp không hợp lệ nên tệp không được nhận. Vui lòng ký lại tệp gốc."
        }
        ProblemCode::SignatureMismatch => {
            "Chữ ký trong tệp không khớp với giao dịch ký số đã ghi nhận. Vui lòng ký lại tệp này."
        }
        ProblemCode::ComponentMissing => {
            "Hồ sơ còn thiếu thành phần bắt buộc hoặc tờ khai chưa ký số. Vui lòng quay lại bước Thành phần hồ sơ."
        }
        ProblemCode::NoCertificate => {
            "Không tìm thấy chứng thư số cho tài khoản này tại nhà cung cấp. Vui lòng kiểm tra số CMND/CCCD trong mẫu chữ ký (nhiều người đăng ký bằng CMND cũ)."
        }
        ProblemCode::CertificateUnusable => {
            "Chứng thư số đã hết hạn hoặc không dùng được để ký. Vui lòng liên hệ nhà cung cấp để gia hạn."
        }
        ProblemCode::ProviderDown => {
            "Nhà cung cấp chữ ký số chưa phản hồi. Tài liệu chưa được ký; vui lòng thử lại sau ít phút hoặc chọn nhà cung cấp khác."
        }
        ProblemCode::ProviderBusy => {
            "Nhà cung cấp chữ ký số đang quá tải. Yêu cầu chưa được gửi; vui lòng thử lại sau 1 phút hoặc chọn nhà cung cấp khác."
        }
        ProblemCode::SealUnavailable => {
            "Cổng chưa có con dấu số dùng được. Tệp đã ký vẫn giữ nguyên; vui lòng báo quản trị hệ thống."
        }
        ProblemCode::TimestampUnavailable => {
            "Chưa lấy được dấu thời gian. Vui lòng thử lại sau ít phút."
        }
        ProblemCode::ProviderRefused => {
            "Nhà cung cấp chữ ký số từ chối yêu cầu. Vui lòng kiểm tra tài khoản trong mẫu chữ ký."
        }
        ProblemCode::ProviderModeUnsupported => {
            "Tài khoản này chỉ ký được khi nhập mật khẩu hoặc mã OTP trên trang web; cổng không hỏi những mã đó. Vui lòng bật xác nhận bằng ứng dụng trên điện thoại với nhà cung cấp, hoặc chọn tài khoản khác."
        }
        ProblemCode::GatewayUnavailable => {
            "Cổng thanh toán chưa phản hồi. Bạn chưa bị trừ tiền; vui lòng thử lại sau ít phút hoặc chọn cách nộp khác."
        }
        ProblemCode::StorageUnavailable => {
            "Kho lưu trữ đang gián đoạn; phần đã gửi vẫn được giữ. Vui lòng thử lại sau ít phút."
        }
        ProblemCode::ProviderUnknown => {
            "Cổng này chưa kết nối với nhà cung cấp đã chọn. Vui lòng chọn nhà cung cấp khác."
        }
        ProblemCode::NotConvertible => {
            "Không chuyển được tệp này sang PDF (tệp hỏng, có mật khẩu hoặc không phải là Word). Hãy mở tệp trong Word, lưu sang PDF rồi chọn tệp PDF đó."
        }
        ProblemCode::ConversionUnavailable => {
            "Cổng này chưa chuyển được Word sang PDF. Hãy mở tệp trong Word, lưu sang PDF rồi chọn tệp PDF đó."
        }
        ProblemCode::ConversionBusy => {
            "Đang có nhiều tệp chờ chuyển sang PDF. Vui lòng thử lại sau 1 phút, hoặc tự lưu sang PDF rồi chọn tệp PDF đó."
        }
        ProblemCode::MalwareFound => {
            "Tệp có mã độc nên không được nhận. Hãy quét vi-rút trên thiết bị của bạn, tạo lại tệp từ bản sạch rồi chọn lại."
        }
        ProblemCode::ScannerUnavailable => {
            "Cổng chưa kiểm tra được mã độc của tệp nên chưa nhận. Tệp vẫn được giữ; vui lòng thử lại sau ít phút."
        }
        ProblemCode::QuotaUsedUp => {
            "Kho dữ liệu cá nhân đã đầy. Vui lòng xóa bớt tệp trong kho rồi lưu lại."
        }
        ProblemCode::Internal => {
            "Hệ thống gặp lỗi và chưa thay đổi gì. Vui lòng thử lại sau ít phút."
        }
        ProblemCode::Offline => {
            "Không có kết nối mạng. Những gì bạn đã nhập vẫn được giữ trên thiết bị này; hãy thử lại khi có mạng."
        }
    })
}

/// An error with the number to quote.
pub fn api(error: &ApiError) -> String {
    match (&error.request_id, error.code) {
        (Some(id), ProblemCode::Internal) => fill("{} (Mã lỗi {})", &[&problem(error.code), id]),
        _ => problem(error.code).to_owned(),
    }
}

/// A wrong field.
pub fn value(error: ValueError) -> &'static str {
    t(match error {
        ValueError::Required => "Vui lòng nhập mục này.",
        ValueError::TooLong => "Nội dung quá dài.",
        ValueError::Malformed => "Chưa đúng định dạng.",
    })
}

/// A part of the page that did not arrive.
pub fn chunk(missing: Missing) -> &'static str {
    let Missing = missing;
    t(
        "Chưa tải được phần này của trang vì mạng bị ngắt giữa chừng. Vui lòng kiểm tra kết nối rồi thử lại; những gì bạn đã nhập vẫn được giữ trên thiết bị này.",
    )
}

/// The device's storage.
pub fn draft(error: DraftError) -> &'static str {
    t(match error {
        DraftError::Missing => {
            "Không tìm thấy bản nháp trên thiết bị này. Có thể bản nháp đã được nộp hoặc xóa."
        }
        DraftError::Storage => {
            "Trình duyệt không lưu được dữ liệu (có thể đã hết dung lượng hoặc đang ở chế độ ẩn danh). Vui lòng giải phóng dung lượng rồi thử lại."
        }
        DraftError::Full => {
            "Bộ nhớ của trình duyệt trên thiết bị này đã đầy, thay đổi vừa rồi chưa được lưu. Vui lòng xóa bớt dữ liệu hoặc bản nháp cũ rồi thử lại, đừng đóng trang này."
        }
        DraftError::Locked => {
            "Dữ liệu trên thiết bị này đang được khóa. Vui lòng đăng nhập lại (cần có mạng) để mở; không có gì bị mất."
        }
        DraftError::BeingSigned => {
            "Tệp này đang được ký ở một cửa sổ khác. Vui lòng hoàn tất hoặc hủy yêu cầu đó trước."
        }
    })
}

/// The engine.
pub fn worker(problem: &WorkerProblem) -> &'static str {
    t(match problem {
        WorkerProblem::NotPdf => {
            "Tệp này không phải là PDF. Nếu là DOC, DOCX hoặc ảnh, vui lòng lưu sang PDF rồi chọn lại."
        }
        WorkerProblem::Damaged => {
            "Tệp PDF bị hỏng nên không mở được. Vui lòng tạo lại hoặc chọn tệp khác."
        }
        WorkerProblem::PasswordRequired => {
            "Tệp PDF có mật khẩu nên không mở được. Vui lòng bỏ mật khẩu của tệp rồi chọn lại."
        }
        WorkerProblem::UnsupportedEncryption => {
            "Tệp PDF được mã hóa theo cách chưa được hỗ trợ. Vui lòng lưu lại tệp không mã hóa."
        }
        WorkerProblem::TooLarge => "Tệp PDF quá lớn hoặc có quá nhiều trang.",
        WorkerProblem::PageUnreadable => "Trang này không hiển thị được.",
        WorkerProblem::PageTooComplex => {
            "Trang này quá phức tạp để hiển thị ở đây. Hãy xuất lại tệp PDF ở mức chất lượng thấp hơn, hoặc xem trang bằng một chương trình đọc PDF."
        }
        WorkerProblem::NotOpen => "Tài liệu cần được mở lại. Vui lòng tải lại trang.",
        WorkerProblem::NotSignable { why } => signability(*why),
        WorkerProblem::UnlockBreaksSignatures => {
            "Tệp có mật khẩu và đã có chữ ký số. Bỏ mật khẩu sẽ làm hỏng chữ ký đó nên tệp không được ký. Vui lòng xin người gửi bản không có mật khẩu."
        }
        WorkerProblem::BoxUnusable => {
            "Ô ký nằm ngoài trang hoặc quá nhỏ. Vui lòng dời hoặc kéo to ô ký."
        }
        WorkerProblem::MarksRefused => {
            "Tài liệu đã có chữ ký số nên không thể thêm hình chữ ký ở trang khác: chữ ký cũ sẽ bị báo là tài liệu bị sửa. Vui lòng bỏ các hình ở trang khác rồi ký lại."
        }
        WorkerProblem::ImageUnreadable => {
            "Ảnh chữ ký không đọc được. Vui lòng tải lại ảnh PNG hoặc JPEG trong mẫu chữ ký."
        }
        WorkerProblem::CertificateUnreadable => {
            "Chứng thư số không đọc được hoặc thuộc loại chưa hỗ trợ."
        }
        WorkerProblem::ValueMismatch => {
            "Chữ ký nhận về không khớp với tài liệu hoặc chứng thư đã chọn. Không có gì được lưu. Vui lòng ký lại."
        }
        WorkerProblem::SelfCheckFailed => {
            "Tệp đã ký không qua được bước tự kiểm tra nên không được lưu. Tài liệu gốc vẫn nguyên. Vui lòng ký lại."
        }
        WorkerProblem::TimestampRefused => {
            "Dấu thời gian nhận về không khớp với chữ ký nên không được dùng. Vui lòng thử lại."
        }
        WorkerProblem::BoxForbidden => {
            "Tài liệu đã được chứng nhận: thêm ô chữ ký trên trang sẽ làm hỏng chứng nhận đó. Vui lòng chọn kiểu chữ ký không hiển thị."
        }
        WorkerProblem::FieldRefused { why } => field_refusal(*why),
        WorkerProblem::CertifiedLate => {
            "Chỉ chữ ký đầu tiên mới chứng nhận được tài liệu, mà tài liệu này đã có chữ ký. Vui lòng ký thường."
        }
        WorkerProblem::CertificateRevoked => {
            "Chứng thư số đã bị thu hồi nên chữ ký không có giá trị và không được lưu. Vui lòng chọn chứng thư khác hoặc liên hệ nhà cung cấp."
        }
        WorkerProblem::Cancelled => "Đã dừng.",
        WorkerProblem::Crashed => {
            "Bộ xử lý tài liệu bị dừng và đã khởi động lại. Vui lòng thử lại."
        }
        WorkerProblem::Unavailable => {
            "Chưa tải được bộ xử lý tài liệu. Vui lòng kiểm tra kết nối mạng rồi thử lại."
        }
        WorkerProblem::Other { .. } => {
            "Không xử lý được tài liệu này. Vui lòng thử lại hoặc chọn tệp khác."
        }
    })
}

/// Why a waiting field of the form cannot be signed.
pub fn field_refusal(why: FieldRefusal) -> &'static str {
    t(match why {
        FieldRefusal::Missing => {
            "Ô chữ ký này không còn trong tài liệu. Vui lòng mở lại tài liệu và chọn ô khác."
        }
        FieldRefusal::Taken => "Ô chữ ký này đã được ký. Vui lòng chọn ô khác.",
        FieldRefusal::Locked => {
            "Ô chữ ký này đã bị chữ ký trước khóa. Vui lòng hỏi người lập tài liệu."
        }
        FieldRefusal::Unusable => {
            "Ô chữ ký này nằm ở nhiều chỗ nên không ký được. Vui lòng chọn ô khác hoặc đặt ô mới."
        }
        FieldRefusal::Constrained(constraint) => match constraint {
            SeedConstraint::Format => {
                "Người lập tài liệu yêu cầu một định dạng chữ ký khác. Vui lòng đặt ô mới hoặc hỏi người lập."
            }
            SeedConstraint::Reason => {
                "Người lập tài liệu yêu cầu lý do ký khác. Vui lòng sửa lý do ký trong mẫu chữ ký."
            }
            SeedConstraint::Certificate => {
                "Ô chữ ký này dành cho chứng thư khác. Vui lòng chọn chứng thư khác hoặc hỏi người lập tài liệu."
            }
            SeedConstraint::Timestamp => {
                "Ô chữ ký này yêu cầu dấu thời gian, hiện chưa lấy được. Vui lòng thử lại sau."
            }
            SeedConstraint::RevocationData => {
                "Ô chữ ký này yêu cầu kèm dữ liệu thu hồi ngay khi ký, chưa được hỗ trợ. Vui lòng đặt ô mới."
            }
            SeedConstraint::Certification => {
                "Ô chữ ký này yêu cầu kiểu chứng nhận khác. Vui lòng chọn đúng kiểu hoặc hỏi người lập tài liệu."
            }
            SeedConstraint::Other => {
                "Người lập tài liệu yêu cầu điều kiện ký chưa được hỗ trợ. Vui lòng đặt ô mới hoặc hỏi người lập."
            }
        },
    })
}

/// Why a document cannot be signed.
pub fn signability(why: Signability) -> &'static str {
    t(match why {
        Signability::Ready => "Tài liệu có thể ký số.",
        Signability::CertifiedNoChanges => {
            "Người ký trước không cho phép thêm chữ ký vào tài liệu này."
        }
        Signability::DamagedStructure => {
            "Cấu trúc tệp PDF bị lỗi nên chưa thể ký. Vui lòng mở tệp và lưu lại bằng phần mềm soạn thảo rồi chọn lại."
        }
        Signability::Encrypted => {
            "Tệp PDF được mã hóa theo cách chưa được hỗ trợ nên không ký được. Vui lòng lưu lại bản không khóa rồi chọn lại."
        }
        Signability::PasswordRequired => "Tệp PDF có mật khẩu. Vui lòng nhập mật khẩu để mở và ký.",
        Signability::OwnerForbids => {
            "Người lập tệp không cho phép ký vào tệp này. Nếu có mật khẩu của người lập, hãy nhập để ký; nếu không, vui lòng xin bản không bị hạn chế."
        }
        Signability::EarlierBroken => {
            "Chữ ký đã có trong tệp không còn hợp lệ hoặc tệp đã bị sửa sau khi ký, nên không ký thêm được. Vui lòng xin bản gốc từ người gửi."
        }
        Signability::JunkBeforeHeader => {
            "Tệp PDF có dữ liệu lạ ở đầu nên chưa thể ký. Vui lòng lưu lại tệp bằng phần mềm soạn thảo rồi chọn lại."
        }
        Signability::XfaForm => {
            "Tệp là biểu mẫu XFA, loại chưa thể ký. Vui lòng in biểu mẫu sang PDF rồi chọn lại."
        }
    })
}

/// Why a certificate cannot be chosen.
pub fn usability(usability: Usability) -> &'static str {
    t(match usability {
        Usability::Usable => "Dùng được",
        Usability::Expired => "Chứng thư số đã hết hạn. Liên hệ nhà cung cấp để gia hạn.",
        Usability::NotYetValid => "Chứng thư số chưa đến ngày hiệu lực.",
        Usability::Suspended => {
            "Nhà cung cấp cho biết chứng thư số đang tạm dừng, bị khóa hoặc bị thu hồi."
        }
        Usability::OtherPerson => "Chứng thư số cấp cho số định danh khác với tài khoản.",
        Usability::WrongUse => "Chứng thư số không được cấp để ký số.",
        Usability::Untrusted => {
            "Chứng thư số không do tổ chức mà cổng tin cậy cấp. Chọn chứng thư số khác hoặc liên hệ nhà cung cấp."
        }
    })
}

/// A dossier's status by its national name.
pub fn status(status: DossierStatus) -> &'static str {
    t(match status {
        DossierStatus::New => "Mới đăng ký",
        DossierStatus::Received => "Được tiếp nhận",
        DossierStatus::Refused => "Không được tiếp nhận",
        DossierStatus::Processing => "Đang xử lý",
        DossierStatus::SupplementRequested => "Yêu cầu bổ sung giấy tờ",
        DossierStatus::PaymentRequested => "Yêu cầu thực hiện nghĩa vụ tài chính",
        DossierStatus::Withdrawn => "Công dân yêu cầu rút hồ sơ",
        DossierStatus::Stopped => "Dừng xử lý",
        DossierStatus::Done => "Đã xử lý xong",
        DossierStatus::Returned => "Đã trả kết quả",
    })
}

/// One sentence on a file.
pub fn verdict(verdict: Verdict) -> &'static str {
    t(match verdict {
        Verdict::Valid => "Chữ ký số hợp lệ",
        Verdict::Invalid => "Chữ ký số không hợp lệ",
        Verdict::Indeterminate => "Chưa xác định được chữ ký số",
        Verdict::Unsigned => "Tài liệu không có chữ ký số",
    })
}

/// The sentence on a checked file that a person reads first, and what follows from it.
pub fn headline(headline: Headline) -> (&'static str, &'static str) {
    let (heading, more) = match headline {
        Headline::Valid => (
            "Chữ ký số hợp lệ",
            "Nội dung còn nguyên như lúc ký và chứng thư số của người ký đáng tin cậy.",
        ),
        Headline::ValidChanged => (
            "Chữ ký số hợp lệ, có thay đổi sau khi ký",
            "Phần đã ký còn nguyên; phần thêm vào sau đó người ký chưa ký. Hãy xem những gì đã đổi.",
        ),
        Headline::Invalid => (
            "Chữ ký số không hợp lệ",
            "Không nên dựa vào tài liệu này. Lý do ghi ở từng chữ ký bên dưới; hãy đề nghị người ký gửi lại bản gốc.",
        ),
        Headline::Undecided => (
            "Chưa kết luận được về chữ ký số",
            "Những gì có trong tệp chưa đủ để nói hợp lệ hay không. Lý do ghi ở từng chữ ký bên dưới.",
        ),
        Headline::Unsigned => (
            "Tài liệu không có chữ ký số",
            "Hình chữ ký hoặc con dấu vẽ trên trang không phải là chữ ký số.",
        ),
    };
    (t(heading), t(more))
}

/// The conclusion on one signature.
pub fn indication(indication: Indication) -> &'static str {
    t(match indication {
        Indication::TotalPassed => "Hợp lệ",
        Indication::TotalFailed => "Không hợp lệ",
        Indication::Indeterminate => "Chưa kết luận được",
    })
}

/// A PAdES level in plain words.
pub fn level(level: Level) -> &'static str {
    t(match level {
        Level::None => "Dạng cũ, ngoài các mức PAdES",
        Level::BB => "B-B: chữ ký cơ bản, thời điểm ký do máy người ký ghi",
        Level::BT => "B-T: thời điểm ký có dấu thời gian chứng minh",
        Level::BLt => "B-LT: kèm đủ dữ liệu để kiểm tra cả khi chứng thư đã hết hạn",
        Level::BLta => "B-LTA: có dấu thời gian lưu trữ, kiểm tra được lâu dài",
    })
}

/// What a timestamp is worth.
pub fn timestamp(status: TimestampStatus) -> &'static str {
    t(match status {
        TimestampStatus::Trusted => "đáng tin cậy",
        TimestampStatus::Untrusted => "chưa dẫn tới gốc tin cậy",
        TimestampStatus::Broken => "không khớp với chữ ký này",
        TimestampStatus::Unsupported => "thuật toán chưa được hỗ trợ",
    })
}

/// How one of the circular's ten checks ended.
pub fn outcome(outcome: Outcome) -> &'static str {
    t(match outcome {
        Outcome::Pass => "Đạt",
        Outcome::Fail => "Không đạt",
        Outcome::NotChecked => "Chưa kiểm tra được",
    })
}

/// Integrity in words.
pub fn integrity(integrity: Integrity) -> &'static str {
    t(match integrity {
        Integrity::Intact => "Nội dung đã ký còn nguyên vẹn",
        Integrity::Broken => "Nội dung hoặc chữ ký đã bị sửa",
        Integrity::Unverifiable => "Không kiểm tra được tính toàn vẹn",
    })
}

/// Coverage in words.
pub fn coverage(coverage: Coverage) -> &'static str {
    t(match coverage {
        Coverage::WholeFile => "Chữ ký phủ toàn bộ tệp",
        Coverage::WholeRevision => "Chữ ký phủ trọn phiên bản tại lúc ký",
        Coverage::Partial => "Chữ ký chỉ phủ một phần tệp",
        Coverage::None => "Không xác định được phần đã ký",
    })
}

/// Later changes in words.
pub fn modifications(modifications: Modifications) -> &'static str {
    t(match modifications {
        Modifications::None => "Không có thay đổi nào sau khi ký",
        Modifications::Lta => "Sau khi ký chỉ thêm dữ liệu kiểm tra",
        Modifications::FormFill => "Sau khi ký có điền biểu mẫu hoặc thêm chữ ký khác (được phép)",
        Modifications::Annotate => "Sau khi ký có thêm chú thích trên trang",
        Modifications::Other => "Tài liệu bị thay đổi sau khi ký",
    })
}

/// Revocation in words.
pub fn revocation(revocation: Revocation) -> &'static str {
    t(match revocation {
        Revocation::Good => "Chứng thư số chưa bị thu hồi tại thời điểm xét",
        Revocation::Revoked => "Chứng thư số đã bị thu hồi",
        Revocation::Unknown => "Dữ liệu thu hồi kèm theo không nói gì về thời điểm xét",
        Revocation::NotChecked => "Chưa kiểm tra được tình trạng thu hồi",
    })
}

/// Trust in words.
pub fn trust(trust: TrustStatus) -> &'static str {
    t(match trust {
        TrustStatus::Trusted => "Chứng thư số: Đáng tin cậy",
        TrustStatus::Untrusted => "Chứng thư số: Chưa có trong kho tin cậy",
        TrustStatus::Revoked => "Chứng thư số: Đã bị thu hồi",
        TrustStatus::Expired => "Chứng thư số: Ngoài thời hạn hiệu lực",
        TrustStatus::Unknown => "Chứng thư số: Chưa xác minh được",
    })
}
