//! `Giấy biên nhận hồ sơ`: made once at submission, sealed where the portal has a seal, kept by its digest. Afterwards always the same bytes.

use crate::payment;
use crate::problem::{Answer, Failure};
use crate::state::{Portal, now};
use contract::dossier::{DossierSummary, FeePayment};
use contract::geometry::Rect;
use contract::problem::ProblemCode;
use contract::value::{CitizenId, Dong};
use qrcodegen::{QrCode, QrCodeEcc};
use signature::report::receipt::{ReceiptFile, ReceiptPaper, pdf};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};
use store::{StoredDossier, StoredPayment};
use tokio::sync::{Mutex, Semaphore};
use uuid::Uuid;

/// The receipt of a submitted dossier; made when it is not there yet.
pub async fn bytes(portal: &Portal, dossier: &StoredDossier) -> Answer<Vec<u8>> {
    let line = dossier.summary.as_ref().ok_or(ProblemCode::NotFound)?;
    let digest = match portal.database.receipt(dossier.id).await? {
        Some(digest) => digest,
        None => {
            let payment = payment::ensure(portal, dossier).await?;
            let (bytes, sealed) = make(portal, dossier, line, &payment).await?;
            let digest = portal.files.put(bytes, &portal.database, now()).await?;
            portal
                .database
                .keep_receipt(dossier.id, digest, sealed, now())
                .await?
        }
    };
    Ok(portal.files.get(&digest).await?)
}

/// Receipts that wait to be made at most; of more than these each is made when it is asked for.
const WAITING_MAX: usize = 10_000;

/// Nobody handed in for so long: then there is time for receipts.
const CALM: Duration = Duration::from_millis(300);
/// Where it never is calm, the next receipt is made after so long.
const CALM_MAX: Duration = Duration::from_secs(10);

/// Receipts of dossiers that were just submitted are made one after the other, behind what people wait for.
#[derive(Debug)]
pub struct Making {
    places: Arc<Semaphore>,
    turn: Arc<Mutex<()>>,
    /// When somebody handed in last.
    last: Arc<std::sync::Mutex<Option<Instant>>>,
}

impl Making {
    /// Somebody handed in.
    fn note(&self) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Until nobody handed in for a while.
    async fn calm(&self) {
        let since = Instant::now();
        while since.elapsed() < CALM_MAX {
            let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
            let passed = last.map_or(CALM, |last| last.elapsed());
            let Some(left) = CALM.checked_sub(passed).filter(|left| !left.is_zero()) else {
                return;
            };
            tokio::time::sleep(left).await;
        }
    }
}

impl Default for Making {
    fn default() -> Self {
        Self {
            places: Arc::new(Semaphore::new(WAITING_MAX)),
            turn: Arc::default(),
            last: Arc::default(),
        }
    }
}

/// Has the receipt of a submitted dossier made soon. When many are handed in, drawing and sealing would take the processors from those
/// who hand in: it waits for a calm moment, and after each there is a pause as long as it took.
pub fn later(portal: &Portal, dossier: Uuid) {
    portal.receipts.note();
    let Ok(place) = portal.receipts.places.clone().try_acquire_owned() else {
        return;
    };
    let portal = portal.clone();
    tokio::spawn(async move {
        let _place = place;
        let turn = portal.receipts.turn.clone().lock_owned().await;
        portal.receipts.calm().await;
        let since = Instant::now();
        let made = match portal.database.dossier(None, dossier).await {
            Ok(stored) => bytes(&portal, &stored).await.map(|_| ()),
            Err(error) => Err(error.into()),
        };
        if let Err(error) = made {
            tracing::warn!(code = ?error.code, "the receipt is made when it is asked for");
        }
        tokio::time::sleep(since.elapsed()).await;
        drop(turn);
    });
}

async fn make(
    portal: &Portal,
    dossier: &StoredDossier,
    line: &DossierSummary,
    payment: &StoredPayment,
) -> Answer<(Vec<u8>, bool)> {
    let mut paper = paper(portal, dossier, line, payment);
    if let Some(seal) = &portal.config.seal {
        paper.sealed = true;
        let (plain, page, rect) = drawn(paper.clone()).await?;
        let trust = &portal.config.trust;
        let put = seal.put(plain, Some((page, rect)), &portal.evidence, trust, now());
        match put.await {
            Ok(done) => return Ok((done.bytes, true)),
            Err(error) => tracing::error!(%error, "the receipt is not sealed"),
        }
        paper.sealed = false;
    }
    let (plain, ..) = drawn(paper).await?;
    Ok((plain, false))
}

/// Drawn off the async threads: fonts are cut to what a receipt says.
async fn drawn(paper: ReceiptPaper) -> Answer<(Vec<u8>, u32, Rect)> {
    tokio::task::spawn_blocking(move || pdf(&paper))
        .await
        .map_err(|error| Failure::internal(&error))?
        .map_err(|error| Failure::internal(&error))
}

/// `15.000 đồng`.
fn money(amount: Dong) -> String {
    let digits = amount.0.unsigned_abs().to_string();
    let mut grouped = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    format!("{grouped} đồng")
}

fn size(bytes: u64) -> String {
    if bytes < 1024 * 1024 {
        format!("{} KB", bytes.div_ceil(1024))
    } else {
        let tenths = bytes.saturating_mul(10) / (1024 * 1024);
        format!("{},{} MB", tenths / 10, tenths % 10)
    }
}

/// Squares of the code for a text; none when it is too long for any.
pub fn squares(text: &str) -> Vec<Vec<bool>> {
    QrCode::encode_text(text, QrCodeEcc::Medium).map_or_else(
        |_| Vec::new(),
        |code| {
            (0..code.size())
                .map(|y| (0..code.size()).map(|x| code.get_module(x, y)).collect())
                .collect()
        },
    )
}

const fn method(method: FeePayment) -> &'static str {
    match method {
        FeePayment::AtCounter => "Cách nộp đã chọn: tại bộ phận một cửa.",
        FeePayment::BankTransfer => "Cách nộp đã chọn: chuyển khoản ngân hàng (VietQR).",
        FeePayment::Online => "Cách nộp đã chọn: thanh toán trực tuyến.",
        FeePayment::None => "Không phải nộp phí, lệ phí.",
    }
}

fn paper(
    portal: &Portal,
    dossier: &StoredDossier,
    line: &DossierSummary,
    payment: &StoredPayment,
) -> ReceiptPaper {
    let (definition, person) = (&dossier.definition, &dossier.manifest.form.applicant);
    let address = format!("{}/tra-cuu?ma={}", portal.config.public_url, line.code);
    let masked = person
        .citizen_id
        .parse::<CitizenId>()
        .map(|id| id.masked())
        .unwrap_or_default();
    let facts = [
        (
            "Thủ tục",
            format!("{} ({})", line.procedure_name, line.procedure),
        ),
        ("Người nộp", line.applicant.clone()),
        ("Số CMND/CCCD", masked),
        ("Tổ chức", person.organisation.clone()),
        ("Nội dung yêu cầu", person.content.clone()),
        ("Thời hạn giải quyết", definition.deadline.text.clone()),
    ];
    let component = |code: &str| {
        definition
            .components
            .iter()
            .find(|component| component.code == code)
            .map_or_else(|| code.to_owned(), |component| component.name.clone())
    };
    let files = dossier
        .manifest
        .attachments
        .iter()
        .map(|file| ReceiptFile {
            component: component(&file.component),
            name: file.file_name.to_string(),
            size: size(file.size),
            sha256: file.sha256,
            signed: !file.signings.is_empty(),
        })
        .collect();
    let fees = payment
        .bill
        .lines
        .iter()
        .map(|line| {
            let copies = if line.copies == 1 {
                String::new()
            } else {
                format!(" × {} bản", line.copies)
            };
            let reduced = if line.reduced.0 == 0 {
                String::new()
            } else {
                format!(", miễn giảm {}", money(line.reduced))
            };
            let count = format!("{} {}{copies}{reduced}", line.units, line.unit);
            (line.name.clone(), count, money(line.due))
        })
        .collect();
    let mut told = method(payment.method).to_owned();
    if let Some(exemption) = &payment.exemption {
        told.push_str(&format!(
            " Đề nghị miễn, giảm: {}; cán bộ sẽ kiểm tra giấy tờ chứng minh.",
            exemption.who
        ));
    }
    ReceiptPaper {
        agency: definition.summary.agency.clone(),
        code: line.code.to_string(),
        squares: squares(&address),
        address,
        submitted_at: line.submitted_at,
        facts: facts
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(label, value)| (label.to_owned(), value))
            .collect(),
        files,
        fees,
        total: money(payment.bill.total),
        payment: told,
        next: vec![
            "Bộ phận một cửa kiểm tra hồ sơ và gửi giấy tiếp nhận, hẹn trả kết quả trên cổng.".into(),
            "Nếu cần bổ sung giấy tờ, cổng thông báo cho bạn trong mục Quản lý hồ sơ.".into(),
            "Giữ mã hồ sơ để tra cứu; giấy này xác nhận đã nộp, chưa phải giấy tiếp nhận và hẹn trả kết quả.".into(),
        ],
        sealed: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_and_sizes_are_written_as_vietnamese_readers_do() {
        assert_eq!(money(Dong(1_250_000)), "1.250.000 đồng");
        assert_eq!(money(Dong(0)), "0 đồng");
        assert_eq!(size(1), "1 KB");
        assert_eq!(size(1_468_006), "1,3 MB");
    }

    #[test]
    fn the_code_is_square() {
        let rows = squares("http://localhost:8080/tra-cuu?ma=000.00.00.H34-261125-0001");
        assert!(rows.len() >= 21 && rows.iter().all(|row| row.len() == rows.len()));
    }
}
