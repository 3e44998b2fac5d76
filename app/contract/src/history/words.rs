//! The signing history in Vietnamese, for paper and page alike. The page finds the English of a sentence by its pattern, as it does for
//! the validator's (`app/text/en/officer3.json`, held to this file by `cargo xtask tidy`).

use super::{Disagreement, Happening, Origin, PaperKind, RecordedFile, RecordedSigning};
use crate::signing::{SigningEventKind, SigningState};
use crate::validation::{
    Integrity, Modifications, RevocationSource, SignatureReport, TimestampStatus, TrustStatus,
    ValidationReport, Verdict,
};
use crate::value::{Timestamp, VietnamTime};

/// `06/05/2023 14:53:12`, Vietnamese time.
#[must_use]
pub fn moment(at: Timestamp) -> String {
    let time = VietnamTime::from(at);
    format!(
        "{:02}/{:02}/{:04} {:02}:{:02}:{:02}",
        time.day, time.month, time.year, time.hour, time.minute, time.second
    )
}

/// What the portal recorded.
#[must_use]
pub const fn event(what: SigningEventKind) -> &'static str {
    match what {
        SigningEventKind::Requested => "Người ký tạo yêu cầu ký số",
        SigningEventKind::Sent => "Mã băm đã gửi tới nhà cung cấp, chờ xác nhận trên điện thoại",
        SigningEventKind::Confirmed => {
            "Người ký xác nhận trên điện thoại; chữ ký nhận về và đã kiểm tra"
        }
        SigningEventKind::ConfirmedPartly => {
            "Người ký xác nhận trên điện thoại; chữ ký về cho một phần số tệp"
        }
        SigningEventKind::Withdrawn => "Nhà cung cấp đã thu hồi yêu cầu khỏi điện thoại",
        SigningEventKind::Completed => "Trình duyệt gắn chữ ký vào tài liệu và tự kiểm tra đạt",
        SigningEventKind::Rejected => "Người ký từ chối trên điện thoại",
        SigningEventKind::Expired => "Hết thời gian chờ xác nhận",
        SigningEventKind::Cancelled => "Người ký hủy trên cổng",
        SigningEventKind::Failed => "Nhà cung cấp báo lỗi",
        SigningEventKind::Mismatch => "Chữ ký nhận về không khớp, không sử dụng",
        SigningEventKind::LateSignatureIgnored => "Chữ ký đến muộn sau khi đã hủy, không sử dụng",
        SigningEventKind::Received => "Tệp đã ký nộp cùng hồ sơ; máy chủ kiểm tra lại đạt",
    }
}

/// How an attempt ended, or stands.
#[must_use]
pub const fn state(state: SigningState) -> &'static str {
    match state {
        SigningState::Sending | SigningState::Unknown => "Đang gửi tới nhà cung cấp",
        SigningState::Waiting => "Đang chờ xác nhận trên điện thoại",
        SigningState::Confirmed => "Đã xác nhận",
        SigningState::Done => "Đã ký xong",
        SigningState::Partial => "Đã ký một phần số tệp",
        SigningState::Rejected => "Bị từ chối",
        SigningState::Expired => "Hết hạn",
        SigningState::Cancelled => "Đã hủy",
        SigningState::Failed => "Lỗi ở nhà cung cấp",
        SigningState::Mismatch => "Chữ ký không khớp",
    }
}

/// A verdict.
#[must_use]
pub const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Valid => "Chữ ký số hợp lệ",
        Verdict::Invalid => "Chữ ký số không hợp lệ",
        Verdict::Indeterminate => "Chưa xác định được chữ ký số",
        Verdict::Unsigned => "Tài liệu không có chữ ký số",
    }
}

/// From where a request came.
#[must_use]
pub fn origin(origin: &Origin) -> String {
    match origin {
        Origin::Unknown => "Không ghi nhận".to_owned(),
        Origin::Local => "Chính máy chủ".to_owned(),
        Origin::Private => "Mạng nội bộ".to_owned(),
        Origin::Public(range) => format!("Internet, dải {range}"),
    }
}

/// What a certificate of the path is worth.
const fn trust(trust: TrustStatus) -> &'static str {
    match trust {
        TrustStatus::Trusted => "Dẫn tới chứng thư gốc trong danh sách tin cậy",
        TrustStatus::Untrusted => "Không dẫn tới chứng thư gốc nào trong danh sách tin cậy",
        TrustStatus::Revoked => "Có chứng thư trong đường dẫn đã bị thu hồi",
        TrustStatus::Expired => "Ngoài thời hạn hiệu lực tại thời điểm xét",
        TrustStatus::Unknown => "Chưa xác định được",
    }
}

/// Whether the bytes are those that were signed.
#[must_use]
pub const fn integrity(integrity: Integrity) -> &'static str {
    match integrity {
        Integrity::Intact => "Nội dung đã ký còn nguyên vẹn",
        Integrity::Broken => "Nội dung hoặc chữ ký đã bị sửa",
        Integrity::Unverifiable => "Không kiểm tra được tính toàn vẹn",
    }
}

/// What happened to the file behind a signature.
#[must_use]
pub const fn modifications(modifications: Modifications) -> &'static str {
    match modifications {
        Modifications::None => "Không có thay đổi nào sau khi ký",
        Modifications::Lta => "Chỉ thêm dữ liệu kiểm tra hoặc dấu thời gian",
        Modifications::FormFill => "Có điền biểu mẫu hoặc thêm chữ ký khác (được phép)",
        Modifications::Annotate => "Có thêm chú thích trên trang",
        Modifications::Other => "Tài liệu bị thay đổi vượt quá những gì được phép",
    }
}

/// One line of the merged history as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What happened.
    pub title: String,
    /// Who did it, by name; empty for machines.
    pub actor: String,
    /// More: label and value.
    pub facts: Vec<(&'static str, String)>,
}

impl Line {
    fn of(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            actor: String::new(),
            facts: Vec::new(),
        }
    }
}

fn name(signature: &SignatureReport) -> &str {
    if signature.signer.is_empty() {
        "không rõ"
    } else {
        &signature.signer
    }
}

/// One line in words; none when it speaks of what is not there.
#[must_use]
pub fn line(what: Happening, report: &ValidationReport, recorded: &RecordedFile) -> Option<Line> {
    let of = |place: usize| report.signatures.get(place);
    Some(match what {
        Happening::Recorded { signing, event } => {
            let signing = recorded.signings.get(signing)?;
            recorded_line(signing, event)?
        }
        Happening::Signed { signature } => signed_line(of(signature)?),
        Happening::Proven { signature } => {
            let proof = of(signature)?;
            let mut line = Line::of(format!(
                "Dấu thời gian chứng minh chữ ký của {} đã có",
                name(proof)
            ));
            let stamps = proof.timestamps.iter();
            let trusted = stamps.filter(|stamp| stamp.status == TimestampStatus::Trusted);
            for stamp in trusted {
                line.facts
                    .push(("Tổ chức cấp dấu thời gian", stamp.authority.clone()));
            }
            line
        }
        Happening::Stamped { signature } => {
            let proof = of(signature)?;
            let mut line = Line::of("Dấu thời gian trên toàn tài liệu");
            line.facts
                .push(("Tổ chức cấp dấu thời gian", name(proof).to_owned()));
            line.facts.push(("Tin cậy", trust(proof.trust).to_owned()));
            line
        }
        Happening::HandedIn => {
            let mut line = Line::of(match recorded.kind {
                PaperKind::Component => "Tệp được nộp; máy chủ kiểm tra khi nhận",
                PaperKind::Result => "Tệp kết quả được thêm vào hồ sơ; máy chủ kiểm tra khi nhận",
                PaperKind::Slip => "Cổng lập phiếu",
            });
            // A paper of the agency was signed and sealed later than that: what is known is of the bytes that are kept now.
            let (result, digest) = match recorded.kind {
                PaperKind::Component => ("Kết quả", "SHA-256 của tệp"),
                PaperKind::Result | PaperKind::Slip => {
                    ("Kết quả kiểm tra bản đang lưu", "SHA-256 của bản đang lưu")
                }
            };
            if !recorded.seal.is_empty() {
                let seal = ("Con dấu của bản đang lưu", recorded.seal.clone());
                line.facts.push(seal);
            }
            if let Some(found) = recorded.verdict {
                line.facts.push((result, verdict(found).to_owned()));
            }
            line.facts.push((digest, recorded.sha256.to_string()));
            line
        }
        Happening::Changed { signature } => {
            let proof = of(signature)?;
            let mut line = Line::of(format!("Tài liệu thay đổi sau chữ ký của {}", name(proof)));
            line.facts
                .push(("Thay đổi", modifications(proof.modifications).to_owned()));
            if !proof.changed_pages.is_empty() {
                let pages: Vec<String> = proof
                    .changed_pages
                    .iter()
                    .map(|page| page.saturating_add(1).to_string())
                    .collect();
                line.facts.push(("Trang khác đi", pages.join(", ")));
            }
            line
        }
    })
}

fn recorded_line(signing: &RecordedSigning, place: usize) -> Option<Line> {
    let happened = signing.events.get(place)?;
    let mut line = Line::of(event(happened.what));
    line.actor.clone_from(&happened.actor);
    let mut put = |label, value: String| line.facts.push((label, value));
    match happened.what {
        SigningEventKind::Requested => {
            put("Nhà cung cấp", signing.provider_name.clone());
            put("Tài khoản", signing.account.clone());
            put("Số chứng thư", signing.serial.to_string());
            put("Chủ chứng thư", signing.owner.clone());
            put("Tổ chức cấp", signing.issuer.clone());
            if let Some(digest) = signing.digest {
                put("Mã băm được ký", digest.to_string());
            }
            put("Gửi từ", origin(&signing.origin));
            if signing.files > 1 {
                put("Số tệp của lần ký", signing.files.to_string());
            }
            if !signing.announced {
                put("Kết quả", state(signing.state).to_owned());
            }
        }
        SigningEventKind::Sent => {
            if let Some(number) = &signing.provider_transaction {
                put("Số giao dịch ở nhà cung cấp", number.clone());
            }
        }
        _ => {}
    }
    Some(line)
}

fn signed_line(proof: &SignatureReport) -> Line {
    use crate::validation::{Indication, Revocation};
    let mut line = Line::of(format!("Tệp mang chữ ký của {}", name(proof)));
    let mut put = |label, value: &str| line.facts.push((label, value.to_owned()));
    put(
        "Kết luận",
        match proof.indication {
            Indication::TotalPassed => "Chữ ký số hợp lệ",
            Indication::TotalFailed => "Chữ ký số không hợp lệ",
            Indication::Indeterminate => "Chưa xác định được chữ ký số",
        },
    );
    put("Toàn vẹn", integrity(proof.integrity));
    put("Sau khi ký", modifications(proof.modifications));
    if !proof.issuer.is_empty() {
        put("Tổ chức cấp", &proof.issuer);
    }
    put("Tin cậy", trust(proof.trust));
    put("Số chứng thư", proof.serial.as_str());
    let revocation = match (proof.revocation, proof.revocation_word) {
        (Revocation::Good, Some(word)) => {
            let source = match word.source {
                RevocationSource::Ocsp => "OCSP",
                RevocationSource::Crl => "CRL",
            };
            let at = moment(word.stated_at);
            format!("Chưa bị thu hồi, theo {source} lúc {at}")
        }
        (Revocation::Good, None) => "Chưa bị thu hồi".to_owned(),
        (Revocation::Revoked, _) => "Đã bị thu hồi".to_owned(),
        (Revocation::Unknown | Revocation::NotChecked, _) => {
            "Chưa có dữ liệu về thu hồi".to_owned()
        }
    };
    put("Thu hồi", &revocation);
    put("Thời điểm", {
        if proof.proven_at.is_some() {
            "Theo đồng hồ của người ký, có dấu thời gian chứng minh"
        } else {
            "Theo đồng hồ của người ký, chưa có gì chứng minh"
        }
    });
    if let Some(digest) = proof.signed_attributes_sha256 {
        put("Mã băm được ký", &digest.to_string());
    }
    line
}

/// A disagreement as a sentence.
#[must_use]
pub fn disagreement(
    what: &Disagreement,
    report: &ValidationReport,
    recorded: &RecordedFile,
) -> String {
    let who = |place: &usize| {
        let signature = report.signatures.get(*place);
        signature.map_or("không rõ", name).to_owned()
    };
    let when = |place: &usize| {
        let signing = recorded.signings.get(*place);
        signing.map_or_else(String::new, |one| moment(one.started_at))
    };
    match what {
        Disagreement::OtherFile { .. } => {
            "Tệp đang xem không phải tệp đã nộp: mã SHA-256 khác với mã cổng ghi nhận.".to_owned()
        }
        Disagreement::Missing { signing } => {
            let (when, by) = (when(signing), asked_by(recorded, *signing));
            format!(
                "Cổng ghi nhận {by} đã ký xong lần ký lúc {when}, nhưng tệp không mang chữ ký đó."
            )
        }
        Disagreement::NotNamed { signing } => {
            let when = when(signing);
            format!(
                "Hồ sơ khai tệp được ký trong lần ký lúc {when}, nhưng lần ký đó không có tệp này."
            )
        }
        Disagreement::NotConfirmed { signing, signature } => {
            let (when, who) = (when(signing), who(signature));
            format!(
                "Tệp mang chữ ký của {who} từ lần ký lúc {when}, nhưng cổng ghi nhận lần ký đó không được xác nhận."
            )
        }
        Disagreement::OtherDigest { signing, signature } => {
            let (when, who) = (when(signing), who(signature));
            format!(
                "Mã băm mà chữ ký của {who} bảo vệ khác với mã băm cổng đã gửi đi ký lúc {when}."
            )
        }
        Disagreement::OtherSerial { signing, signature } => {
            let (when, who) = (when(signing), who(signature));
            format!(
                "Số chứng thư trong chữ ký của {who} khác với chứng thư đã chọn cho lần ký lúc {when}."
            )
        }
        Disagreement::OtherCertificate { signing, signature } => {
            let (when, who) = (when(signing), who(signature));
            format!(
                "Chứng thư trong chữ ký của {who} trùng số nhưng không phải chứng thư đã chọn cho lần ký lúc {when}."
            )
        }
        Disagreement::OtherPerson { signing, signature } => {
            let (when, who) = (when(signing), who(signature));
            format!(
                "Số định danh trong chứng thư của {who} khác với tài khoản đã dùng cho lần ký lúc {when}."
            )
        }
        Disagreement::OutsideSigning {
            signing,
            signature,
            at,
        } => {
            let (when, who, at) = (when(signing), who(signature), moment(*at));
            format!(
                "Chữ ký của {who} ghi thời điểm {at}, nằm ngoài lần ký mà cổng ghi nhận lúc {when}."
            )
        }
        Disagreement::ProvenBefore {
            signing,
            signature,
            at,
        } => {
            let (when, who, at) = (when(signing), who(signature), moment(*at));
            format!(
                "Dấu thời gian cho thấy chữ ký của {who} đã có lúc {at}, trước khi cổng nhận yêu cầu ký lúc {when}."
            )
        }
        Disagreement::ProvenAfter { signature, at, .. } => {
            let (who, at) = (who(signature), moment(*at));
            format!("Dấu thời gian của chữ ký của {who} ghi {at}, sau khi cổng đã nhận tệp.")
        }
        Disagreement::Unrecorded { signature } => {
            let who = who(signature);
            format!(
                "Tệp có chữ ký của {who} mà cổng không ghi nhận lần ký nào: có thể đã ký ở nơi khác."
            )
        }
        Disagreement::SealMissing => {
            let seal = &recorded.seal;
            format!("Cổng ghi nhận đã đóng dấu của {seal}, nhưng tệp không mang con dấu đó.")
        }
        Disagreement::Count { recorded, found } => {
            format!(
                "Số chữ ký không bằng nhau: cổng ghi nhận {recorded} lần ký xong, tệp có {found} chữ ký."
            )
        }
        Disagreement::OtherVerdict { then, now } => {
            let (then, now) = (verdict(*then), verdict(*now));
            format!("Kết quả kiểm tra đã khác: khi nhận là “{then}”, bây giờ là “{now}”.")
        }
    }
}

fn asked_by(recorded: &RecordedFile, place: usize) -> String {
    let signing = recorded.signings.get(place);
    signing.map_or_else(String::new, |one| one.asked_by.clone())
}
