//! What slips say, in the words of their forms (TT 01/2018/TT-VPCP, annex). Names of the data stay as they are.

use super::About;
use crate::receipt::squares;
use crate::state::Portal;
use contract::dossier::{Applicant, DossierStatus};
use contract::life::Act;
use contract::paper::SlipForm;
use contract::procedure::Component;
use contract::supplement::{Supplement, SupplementTarget};
use contract::value::{Timestamp, VietnamTime};
use contract::work::{WorkAct, WorkDone, WorkEntry};
use signature::report::slip::{Part, SlipPaper};
use store::StoredDossier;

const OFFICE: &str = "Bộ phận tiếp nhận và trả kết quả";

/// `8 giờ 05 phút, ngày 26 tháng 11 năm 2026`.
fn moment(at: Timestamp) -> String {
    let at = VietnamTime::from(at);
    format!(
        "{} giờ {:02} phút, ngày {:02} tháng {:02} năm {}",
        at.hour, at.minute, at.day, at.month, at.year
    )
}

/// `ngày 26 tháng 11 năm 2026`.
fn day(at: Timestamp) -> String {
    let at = VietnamTime::from(at);
    format!("ngày {:02} tháng {:02} năm {}", at.day, at.month, at.year)
}

/// `08:05 26/11/2026`.
fn short(at: Timestamp) -> String {
    let at = VietnamTime::from(at);
    format!(
        "{:02}:{:02} {:02}/{:02}/{}",
        at.hour, at.minute, at.day, at.month, at.year
    )
}

/// What the paper says of its seal: whether there is one, and whose. `None`: none; the agency's own, else the portal's.
pub fn seal(own: Option<bool>) -> String {
    match own {
        Some(true) => "Phiếu được ký số bằng con dấu điện tử của cơ quan. Kiểm tra tại mục Kiểm tra chữ ký của cổng dịch vụ công.",
        Some(false) => "Phiếu được ký số bằng con dấu điện tử của cổng dịch vụ công, không phải con dấu riêng của cơ quan. Kiểm tra tại mục Kiểm tra chữ ký.",
        None => "Phiếu này không có con dấu điện tử. Hãy tra cứu mã hồ sơ trên cổng để xác minh.",
    }
    .to_owned()
}

fn pair(label: &str, value: impl Into<String>) -> Part {
    Part::Pair(label.into(), value.into())
}

fn place(person: &Applicant) -> String {
    [&person.address, &person.ward, &person.province]
        .into_iter()
        .filter(|part| !part.trim().is_empty())
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}

fn applicant(person: &Applicant) -> String {
    if person.organisation.trim().is_empty() {
        person.name.clone()
    } else {
        format!("{} ({})", person.name, person.organisation)
    }
}

/// Who it is about; lines without a value are left out.
fn person(label: &str, dossier: &StoredDossier) -> Vec<Part> {
    let person = &dossier.manifest.form.applicant;
    let content = if person.content.trim().is_empty() {
        dossier.definition.summary.name.clone()
    } else {
        person.content.clone()
    };
    [
        (label, applicant(person)),
        ("Địa chỉ", place(person)),
        ("Số điện thoại", person.phone.clone()),
        ("Email", person.email.clone()),
        ("Nội dung yêu cầu giải quyết", content),
    ]
    .into_iter()
    .filter(|(_, value)| !value.trim().is_empty())
    .map(|(label, value)| pair(label, value))
    .collect()
}

/// What was handed in: each component with how many files it has, those that are missing left out.
fn components(dossier: &StoredDossier) -> Vec<String> {
    let line = |component: &Component| {
        let files = dossier
            .manifest
            .attachments
            .iter()
            .filter(|file| file.component == component.code && file.original_of.is_none());
        let copies: u32 = files.clone().map(|file| u32::from(file.count)).sum();
        let count = files.count();
        (count > 0).then(|| format!("{} ({count} tệp, {copies} bản)", component.name))
    };
    dossier
        .definition
        .components
        .iter()
        .filter_map(line)
        .collect()
}

fn code(dossier: &StoredDossier) -> String {
    dossier
        .summary
        .as_ref()
        .map(|line| line.code.to_string())
        .unwrap_or_default()
}

/// The part of a code that counts the day's dossiers.
fn count(code: &str) -> &str {
    code.rsplit('-').next().unwrap_or_default()
}

fn blank(portal: &Portal, dossier: &StoredDossier, form: SlipForm, at: Timestamp) -> SlipPaper {
    let code = code(dossier);
    let address = format!("{}/tra-cuu?ma={code}", portal.config.public_url);
    SlipPaper {
        form,
        agency: dossier.definition.summary.agency.clone(),
        office: OFFICE.to_owned(),
        number: String::new(),
        dated: format!("Ngày {}", day(at).trim_start_matches("ngày ")),
        squares: squares(&address),
        address,
        code,
        parts: Vec::new(),
        hands: Vec::new(),
        at,
        seal: seal(None),
        preview: false,
    }
}

/// A slip about something that was done, or would be.
pub fn paper(
    portal: &Portal,
    dossier: &StoredDossier,
    number: u32,
    about: &About<'_>,
) -> SlipPaper {
    let mut paper = blank(portal, dossier, about.form(), about.at());
    let count = count(&paper.code).to_owned();
    // The second one of a form has a number of its own.
    let again = if number > 1 {
        format!(".{number}")
    } else {
        String::new()
    };
    let agency = paper.agency.clone();
    match about {
        About::Received(at, actor, due) => {
            paper.number = format!("Số: {count}{again}/TNHS");
            paper.parts = received(dossier, *at, *due);
            paper.hands = vec![
                ("NGƯỜI NỘP HỒ SƠ".into(), String::new()),
                ("NGƯỜI TIẾP NHẬN HỒ SƠ".into(), (*actor).to_owned()),
            ];
        }
        About::Asked(request) => {
            paper.number = format!("Số: {count}{again}/HDHS");
            paper.parts = asked(portal, dossier, request);
            paper.hands = vec![("NGƯỜI HƯỚNG DẪN".into(), request.asked_by.clone())];
        }
        About::Refused(_, actor, reason) => {
            paper.number = format!("Số: {count}{again}/TCHS");
            paper.parts = person("Tiếp nhận hồ sơ của", dossier);
            paper.parts.push(Part::Text(format!(
                "Qua xem xét, {OFFICE} của {agency} thông báo không tiếp nhận, giải quyết hồ sơ này với lý do cụ thể như sau:"
            )));
            paper.parts.push(Part::Text((*reason).to_owned()));
            paper.parts.push(Part::Text(
                "Xin thông báo cho Ông/Bà được biết và thực hiện./.".into(),
            ));
            paper.hands = vec![
                ("NGƯỜI NỘP HỒ SƠ".into(), String::new()),
                ("NGƯỜI TIẾP NHẬN HỒ SƠ".into(), (*actor).to_owned()),
            ];
        }
        About::Late(line, before, due) => {
            paper.office = String::new();
            paper.number = format!("Số: {count}{again}/PXL");
            paper.parts = late(dossier, &agency, line, *before, *due);
            paper.hands = vec![("THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ".into(), String::new())];
        }
    }
    paper
}

fn received(dossier: &StoredDossier, at: Timestamp, due: Timestamp) -> Vec<Part> {
    let mut parts = person("Tiếp nhận hồ sơ của", dossier);
    parts.push(Part::Text("Thành phần hồ sơ nộp gồm:".into()));
    parts.push(Part::List(components(dossier)));
    let deadline = &dossier.definition.deadline;
    let allowed = if deadline.text.trim().is_empty() {
        format!("{} ngày làm việc", deadline.working_days)
    } else {
        deadline.text.clone()
    };
    parts.extend([
        pair("Số lượng hồ sơ", "01 bộ, nộp trực tuyến"),
        pair("Thời gian giải quyết hồ sơ theo quy định", allowed),
        pair("Thời gian nhận hồ sơ", moment(at)),
        pair("Thời gian trả kết quả giải quyết hồ sơ", moment(due)),
        pair(
            "Đăng ký nhận kết quả tại",
            "Cổng dịch vụ công, mục Quản lý hồ sơ; bản giấy nếu có tại bộ phận tiếp nhận và trả kết quả",
        ),
        Part::Note(
            "Ghi chú: Thời gian trả kết quả được dời khi cơ quan yêu cầu bổ sung hồ sơ, kể từ ngày yêu cầu đến ngày nhận đủ giấy tờ. Ông/Bà tra cứu tình trạng hồ sơ bằng mã QR hoặc mã hồ sơ nêu trên.".into(),
        ),
    ]);
    parts
}

fn asked(portal: &Portal, dossier: &StoredDossier, request: &Supplement) -> Vec<Part> {
    let mut parts = person("Hồ sơ của", dossier);
    parts.push(Part::Text(
        "Yêu cầu hoàn thiện hồ sơ gồm những nội dung sau:".into(),
    ));
    let name = |target: &SupplementTarget, label: &str| match target {
        SupplementTarget::Component { code } => dossier
            .definition
            .components
            .iter()
            .find(|component| component.code == *code)
            .map_or_else(|| label.to_owned(), |component| component.name.clone()),
        SupplementTarget::Field { .. } => format!("Thông tin “{label}”"),
    };
    let lines = request.items.iter().map(|item| {
        format!(
            "{}. Lý do: {}",
            name(&item.target, &item.label),
            item.reason
        )
    });
    parts.push(Part::List(lines.collect()));
    parts.push(pair("Hạn bổ sung", moment(request.due_at)));
    parts.push(Part::Text(format!(
        "Trong quá trình hoàn thiện hồ sơ nếu có vướng mắc, Ông (Bà) liên hệ với {OFFICE} của {} qua mục Trao đổi của hồ sơ tại {} để được hướng dẫn./.",
        dossier.definition.summary.agency, portal.config.public_url
    )));
    parts
}

fn late(
    dossier: &StoredDossier,
    agency: &str,
    line: &WorkEntry,
    before: Option<Timestamp>,
    due: Timestamp,
) -> Vec<Part> {
    let who = &dossier.manifest.form.applicant;
    let received = dossier
        .events
        .iter()
        .find(|event| event.status == DossierStatus::Received)
        .map_or(line.at, |event| event.at);
    let promised = before.map_or_else(String::new, |before| {
        format!(" Thời gian hẹn trả kết quả: {}.", moment(before))
    });
    vec![
        pair("Kính gửi", applicant(who)),
        Part::Text(format!(
            "Ngày {}, {agency} tiếp nhận giải quyết hồ sơ đề nghị giải quyết thủ tục {} của Ông/Bà/tổ chức {}; mã số: {}.{promised}",
            day(received).trim_start_matches("ngày "),
            dossier.definition.summary.name,
            applicant(who),
            code(dossier),
        )),
        Part::Text(format!(
            "Tuy nhiên, {agency} chưa trả kết quả giải quyết hồ sơ của Ông/Bà/tổ chức đúng thời hạn ghi trên Giấy tiếp nhận hồ sơ và hẹn trả kết quả với lý do: {}",
            line.note
        )),
        Part::Text(format!(
            "Sự chậm trễ này đã gây phiền hà, tốn kém chi phí, công sức của Ông/Bà/tổ chức. {agency} xin lỗi Ông/Bà/tổ chức và sẽ trả kết quả vào {}. Mong nhận được sự thông cảm của Ông/Bà/tổ chức vì sự chậm trễ này./.",
            moment(due)
        )),
    ]
}

/// How a stretch of work ended.
fn outcome(due: Option<Timestamp>, ended: Option<Timestamp>, late: bool, now: Timestamp) -> String {
    let days = |at| {
        let at = VietnamTime::from(at);
        (at.year, at.month, at.day)
    };
    let word = match (due, ended) {
        (_, Some(_)) if late => "Quá hạn",
        (Some(due), Some(ended)) if ended > due => "Quá hạn",
        (Some(due), Some(ended)) if days(ended) < days(due) => "Trước hạn",
        (_, Some(_)) => "Đúng hạn",
        (Some(due), None) if due < now => "Quá hạn, chưa xong",
        (_, None) => "Đang giải quyết",
    };
    match ended {
        Some(ended) => format!("{word} ({})", short(ended)),
        None => word.to_owned(),
    }
}

/// Whether a line hands the dossier to another step, or to the counter.
const fn hands_over(act: WorkDone) -> bool {
    matches!(
        act,
        WorkDone::Life(Act::Receive | Act::Process | Act::Finish | Act::Return)
            | WorkDone::Work(WorkAct::Advance | WorkAct::SendBack)
    )
}

/// One row a stretch: what, handed over by whom and when, taken by whom and when, how it ended, remarks.
fn stretches(dossier: &StoredDossier, work: &[WorkEntry], now: Timestamp) -> Vec<Vec<String>> {
    let submitted = dossier.summary.as_ref().map(|line| line.submitted_at);
    let who = applicant(&dossier.manifest.form.applicant);
    let begins: Vec<usize> = work
        .iter()
        .enumerate()
        .filter(|(_, line)| hands_over(line.act))
        .map(|(index, _)| index)
        .collect();
    let mut rows = Vec::new();
    for (order, index) in begins.iter().enumerate() {
        let Some(line) = work.get(*index) else {
            continue;
        };
        let end = begins.get(order + 1).copied();
        let within = work
            .get(index + 1..end.unwrap_or(work.len()))
            .unwrap_or_default();
        let next = end.and_then(|end| work.get(end));
        let mut notes: Vec<String> = Vec::new();
        let mut note = |text: &str| {
            if !text.trim().is_empty() {
                notes.push(text.trim().to_owned());
            }
        };
        note(&line.note);
        for line in within {
            match line.act {
                WorkDone::Life(Act::AskSupplement) => {
                    note(&format!("Yêu cầu bổ sung lúc {}", short(line.at)));
                }
                WorkDone::Life(Act::Supplement) => {
                    note(&format!("Đã bổ sung lúc {}", short(line.at)));
                }
                WorkDone::Work(WorkAct::Apologise) => note(&format!(
                    "Xin lỗi, hẹn lại {}",
                    line.due_at.map(short).unwrap_or_default()
                )),
                _ => {}
            }
        }
        let taken = within
            .iter()
            .rev()
            .find(|line| matches!(line.act, WorkDone::Work(WorkAct::Take | WorkAct::Assign)));
        let taken = |fallback: &str| {
            taken.map_or_else(
                || fallback.to_owned(),
                |line| format!("{}, {}", line.to, short(line.at)),
            )
        };
        let moved = within
            .iter()
            .rev()
            .find(|line| matches!(line.act, WorkDone::Life(Act::Supplement)))
            .and_then(|line| line.due_at);
        let ended = next.map(|next| next.at);
        let late = next.is_some_and(|next| next.late);
        let (what, given, got, result) = match line.act {
            WorkDone::Life(Act::Receive) => (
                OFFICE.to_owned(),
                format!("{who}, {}", submitted.map(short).unwrap_or_default()),
                format!("{}, {}", line.actor, short(line.at)),
                outcome(None, ended, false, now),
            ),
            WorkDone::Life(Act::Finish) => (
                format!("{OFFICE} (trả kết quả)"),
                format!("{}, {}", line.actor, short(line.at)),
                next.map_or_else(
                    || "chưa nhận".to_owned(),
                    |next| format!("{}, {}", next.actor, short(next.at)),
                ),
                outcome(
                    dossier.summary.as_ref().and_then(|line| line.due_at),
                    ended,
                    false,
                    now,
                ),
            ),
            // Its end stands in the row before.
            WorkDone::Life(Act::Return) => continue,
            _ => (
                line.step.clone(),
                format!("{}, {}", line.actor, short(line.at)),
                taken("chưa nhận"),
                // A supplement stops the clock: afterwards the step's end is the moved one.
                outcome(moved.or(line.due_at), ended, late, now),
            ),
        };
        rows.push(vec![
            what,
            format!("Giao: {given}. Nhận: {got}"),
            result,
            notes.join("; "),
        ]);
    }
    rows
}

/// Form 05 as things stand.
pub fn control(
    portal: &Portal,
    dossier: &StoredDossier,
    work: &[WorkEntry],
    now: Timestamp,
) -> Option<SlipPaper> {
    let line = dossier.summary.as_ref()?;
    let mut paper = blank(portal, dossier, SlipForm::Control, now);
    paper.number = format!("Số: {}/KSHS", count(&paper.code));
    paper.parts = vec![
        pair("Cơ quan giải quyết hồ sơ", &*paper.agency.clone()),
        pair(
            "Thủ tục",
            format!("{} ({})", line.procedure_name, line.procedure),
        ),
        pair("Người nộp", applicant(&dossier.manifest.form.applicant)),
        pair("Nộp lúc", moment(line.submitted_at)),
    ];
    if let Some(due) = line.due_at {
        paper.parts.push(pair("Hẹn trả kết quả", moment(due)));
    }
    let heads = [
        (30, "Bộ phận, bước"),
        (44, "Thời gian giao, nhận hồ sơ"),
        (24, "Kết quả"),
        (26, "Ghi chú"),
    ];
    let rows = stretches(dossier, work, now);
    paper.parts.push(if rows.is_empty() {
        Part::Text("Hồ sơ chưa được tiếp nhận.".into())
    } else {
        let heads = heads.map(|(share, head)| (share, head.to_owned()));
        Part::Table(heads.to_vec(), rows)
    });
    paper.seal = format!(
        "Lập lúc {} từ nhật ký xử lý của cổng; không đóng dấu.",
        short(now)
    );
    Some(paper)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 24 * 3_600_000;

    #[test]
    fn moments_are_written_as_the_forms_do() {
        // 2026-11-26 01:05 UTC is 08:05 in Vietnam.
        let at = Timestamp(1_795_655_100_000);
        assert_eq!(moment(at), "8 giờ 05 phút, ngày 26 tháng 11 năm 2026");
        assert_eq!(day(at), "ngày 26 tháng 11 năm 2026");
        assert_eq!(short(at), "08:05 26/11/2026");
        assert_eq!(count("000.00.00.H34-261126-0007"), "0007");
    }

    #[test]
    fn a_step_ends_before_on_or_after_its_day() {
        let (now, due) = (Timestamp(20 * DAY), Timestamp(10 * DAY + 1_000));
        let at = |ended: i64, late| outcome(Some(due), Some(Timestamp(ended)), late, now);
        assert!(at(8 * DAY, false).starts_with("Trước hạn"));
        assert!(at(10 * DAY, false).starts_with("Đúng hạn"));
        assert!(at(11 * DAY, false).starts_with("Quá hạn"));
        assert!(
            at(8 * DAY, true).starts_with("Quá hạn"),
            "as it was noted then"
        );
        assert_eq!(outcome(Some(due), None, false, now), "Quá hạn, chưa xong");
        assert_eq!(outcome(None, None, false, now), "Đang giải quyết");
    }
}
