//! What stands in an e-mail: the person's name, the code, the state, and where to read the rest. Nothing else of the person.

use contract::access::RESET_MINUTES;
use contract::dossier::DossierStatus;
use contract::notice::{NoticeAbout, ReminderAbout};
use contract::payment::PaymentAct;
use contract::value::VietnamTime;

/// Whose e-mail it is.
#[derive(Debug, Clone)]
pub struct Sender {
    /// Name of the portal as a reader knows it.
    pub name: String,
    /// Its address, for links.
    pub address: String,
}

impl Sender {
    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.address.trim_end_matches('/'))
    }
}

/// A state by its national name, and what it means for the person.
const fn status(status: DossierStatus) -> (&'static str, &'static str) {
    match status {
        DossierStatus::New => (
            "Mới đăng ký",
            "Cổng đã nhận hồ sơ. Bộ phận một cửa sẽ kiểm tra và báo tiếp nhận.",
        ),
        DossierStatus::Received => (
            "Được tiếp nhận",
            "Hồ sơ đã được tiếp nhận. Ngày hẹn trả kết quả có trên cổng.",
        ),
        DossierStatus::Refused => (
            "Không được tiếp nhận",
            "Hồ sơ không được tiếp nhận. Lý do có trên cổng.",
        ),
        DossierStatus::Processing => ("Đang xử lý", "Cơ quan đang giải quyết hồ sơ."),
        DossierStatus::SupplementRequested => (
            "Yêu cầu bổ sung giấy tờ",
            "Hồ sơ cần bổ sung. Vui lòng mở cổng để xem danh sách đầy đủ, thời hạn và bổ sung ngay tại đó.",
        ),
        DossierStatus::PaymentRequested => (
            "Yêu cầu thực hiện nghĩa vụ tài chính",
            "Hồ sơ có khoản cần nộp. Số tiền và cách nộp có trên cổng.",
        ),
        DossierStatus::Withdrawn => ("Công dân yêu cầu rút hồ sơ", "Hồ sơ đã được rút."),
        DossierStatus::Stopped => (
            "Dừng xử lý",
            "Cơ quan đã dừng giải quyết hồ sơ. Lý do có trên cổng.",
        ),
        DossierStatus::Done => (
            "Đã xử lý xong",
            "Hồ sơ đã giải quyết xong. Kết quả sẽ được trả trong thời gian tới.",
        ),
        DossierStatus::Returned => (
            "Đã trả kết quả",
            "Kết quả đã có. Vui lòng mở cổng để xem và tải về.",
        ),
    }
}

/// What somebody in the agency did about a payment.
const fn payment(act: PaymentAct) -> &'static str {
    match act {
        PaymentAct::TransferConfirmed => "Cán bộ đã xác nhận nhận được khoản chuyển của bạn.",
        PaymentAct::CashReceived => "Cán bộ đã xác nhận thu tiền của bạn tại quầy.",
        PaymentAct::TransferMissing => {
            "Cán bộ chưa thấy khoản chuyển của bạn trong tài khoản. Vui lòng mở cổng để xem lý do."
        }
        PaymentAct::Refunded => "Khoản đã nộp được hoàn trả cho bạn.",
        PaymentAct::ExemptionAccepted => "Đề nghị miễn, giảm phí của bạn được chấp nhận.",
        PaymentAct::ExemptionRefused => {
            "Đề nghị miễn, giảm phí của bạn không được chấp nhận. Vui lòng mở cổng để xem lý do và số tiền phải nộp."
        }
        _ => "Thông tin thanh toán của hồ sơ có thay đổi.",
    }
}

/// Text for HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// Subject, plain text and HTML of an e-mail.
pub type Letter = (String, String, String);

/// What a notice says by e-mail.
pub fn letter(about: &NoticeAbout, name: &str, portal: &Sender) -> Letter {
    let (subject, lines, path) = match about {
        NoticeAbout::Status {
            dossier,
            code,
            status: state,
            ..
        } => {
            let (name, meaning) = status(*state);
            (
                format!("Hồ sơ {code}: {name}"),
                vec![
                    format!("Mã hồ sơ: {code}"),
                    format!("Trạng thái: {name}"),
                    meaning.to_owned(),
                ],
                format!("/quan-ly-ho-so/{dossier}"),
            )
        }
        NoticeAbout::Message { dossier, code, .. } => (
            format!("Hồ sơ {code}: cán bộ gửi tin nhắn"),
            vec![
                format!("Mã hồ sơ: {code}"),
                "Cán bộ đã gửi tin nhắn cho bạn về hồ sơ này. Vui lòng mở cổng để đọc và trả lời."
                    .to_owned(),
            ],
            format!("/quan-ly-ho-so/{dossier}"),
        ),
        NoticeAbout::Payment {
            dossier, code, act, ..
        } => {
            let what = payment(*act);
            (
                format!("Hồ sơ {code}: phí, lệ phí"),
                vec![format!("Mã hồ sơ: {code}"), what.to_owned()],
                format!("/thanh-toan/{dossier}"),
            )
        }
        NoticeAbout::Reminder { about, at, .. } => {
            let time = VietnamTime::from(*at);
            let day = format!("{:02}/{:02}/{}", time.day, time.month, time.year);
            let what = match about {
                ReminderAbout::Dossier { .. } => {
                    format!("Ngày {day} là ngày hẹn trả kết quả hồ sơ của bạn.")
                }
                ReminderAbout::Certificate { .. } => {
                    format!(
                        "Chứng thư số của bạn hết hạn ngày {day}. Vui lòng liên hệ nhà cung cấp để gia hạn."
                    )
                }
                ReminderAbout::Note { .. } => {
                    format!("Bạn đã đặt nhắc việc cho ngày {day}. Nội dung có trên cổng.")
                }
            };
            (
                format!("Nhắc việc ngày {day}"),
                vec![what],
                "/nhac-viec".to_owned(),
            )
        }
    };
    written(&Written {
        subject,
        name,
        lines,
        address: portal.at(&path),
        portal: &portal.name,
        link: "Xem trên cổng",
        closing: "Thư này được gửi tự động, vui lòng không trả lời. Bạn có thể chọn loại thông báo nhận qua email trong mục Đăng ký nhắc việc.",
    })
}

/// A link to set a new password. The token stands in the address's fragment, which browsers send to nobody.
pub fn reset_letter(name: &str, portal: &Sender, token: &str) -> Letter {
    written(&Written {
        subject: "Đặt lại mật khẩu".to_owned(),
        name,
        lines: vec![
            format!(
                "Có người, có thể là bạn, vừa yêu cầu đặt lại mật khẩu của tài khoản này. Đường dẫn dưới đây dùng được một lần, trong {RESET_MINUTES} phút."
            ),
            "Nếu không phải bạn yêu cầu, hãy bỏ qua thư này: mật khẩu hiện tại vẫn giữ nguyên. Đừng gửi đường dẫn cho ai, kể cả người tự xưng là cán bộ."
                .to_owned(),
        ],
        address: portal.at(&format!("/dat-lai-mat-khau#{token}")),
        portal: &portal.name,
        link: "Đặt mật khẩu mới",
        closing: "Thư này được gửi tự động, vui lòng không trả lời.",
    })
}

/// What a letter is made of.
struct Written<'a> {
    subject: String,
    name: &'a str,
    lines: Vec<String>,
    address: String,
    portal: &'a str,
    link: &'a str,
    closing: &'a str,
}

fn written(letter: &Written) -> Letter {
    let Written {
        subject,
        name,
        lines,
        address,
        portal,
        link,
        closing,
    } = letter;
    let plain = format!(
        "Kính gửi {name},\n\n{}\n\n{link}: {address}\n\n--\n{portal}\n{closing}\n",
        lines.join("\n")
    );
    let paragraphs: String = lines
        .iter()
        .map(|line| format!("<p>{}</p>", escaped(line)))
        .collect();
    let html = format!(
        "<!doctype html><html lang=\"vi\"><head><meta charset=\"utf-8\"><title>{}</title></head><body><p>Kính gửi {},</p>{paragraphs}<p><a href=\"{}\">{link}</a></p><hr><p>{}</p><p><small>{closing}</small></p></body></html>",
        escaped(subject),
        escaped(name),
        escaped(address),
        escaped(portal)
    );
    (subject.clone(), plain, html)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn portal() -> Sender {
        Sender {
            name: "Cổng dịch vụ công tỉnh A & B".into(),
            address: "https://portal.example.vn/".into(),
        }
    }

    #[test]
    fn a_letter_tells_code_and_state_and_nothing_breaks_out_of_its_html() {
        let about = NoticeAbout::Status {
            dossier: Uuid::nil(),
            code: "000.00.00.H34-261125-0001".parse().expect("a code"),
            procedure_name: "Đăng ký khai sinh".into(),
            status: DossierStatus::SupplementRequested,
        };
        let name = "Nguyễn <b>Văn</b> Mẫu";
        let (subject, plain, html) = letter(&about, name, &portal());
        assert!(plain.contains("\nCổng dịch vụ công tỉnh A & B\n"));
        assert!(html.contains("<p>Cổng dịch vụ công tỉnh A &amp; B</p>"));
        assert_eq!(
            subject,
            "Hồ sơ 000.00.00.H34-261125-0001: Yêu cầu bổ sung giấy tờ"
        );
        assert!(plain.contains("https://portal.example.vn/quan-ly-ho-so/00000000"));
        assert!(!html.contains("<b>"), "{html}");
        assert!(
            !plain.contains("khai sinh"),
            "no more than is needed: {plain}"
        );
    }

    #[test]
    fn a_link_for_a_new_password_has_its_token_behind_the_hash() {
        let (_, plain, html) = reset_letter("Mẫu", &portal(), "abc123");
        for text in [&plain, &html] {
            assert!(text.contains("https://portal.example.vn/dat-lai-mat-khau#abc123"));
            assert!(text.contains("30 phút"));
        }
    }
}
