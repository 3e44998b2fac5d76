//! Invented people and their dossiers. Every dossier is a function of its place, so that the same number gives the same database.

use anyhow::{Context as _, Result};
use contract::dossier::{
    Applicant, AttachmentManifest, CopyKind, DossierForm, DossierManifest, DossierStatus,
    FeePayment,
};
use contract::inbox::{Channel, Found};
use contract::procedure::{Audience, Deadline, Level, Procedure, ProcedureSummary, Service};
use contract::value::{Sha256, Timestamp};
use serde_json::json;
use std::path::Path;
use store::InboxEntry;
use uuid::Uuid;

const DAY: i64 = 24 * 3600 * 1000;
/// Over how many days they were submitted.
const DAYS: i64 = 5 * 365;
/// Dossiers of one person.
const EACH: usize = 10;

/// Families by how many of a hundred bear the name; about as in Vietnam.
const FAMILIES: [(&str, usize); 14] = [
    ("Nguyễn", 38),
    ("Trần", 12),
    ("Lê", 10),
    ("Phạm", 7),
    ("Hoàng", 5),
    ("Huỳnh", 5),
    ("Phan", 4),
    ("Vũ", 4),
    ("Võ", 4),
    ("Đặng", 3),
    ("Bùi", 3),
    ("Đỗ", 2),
    ("Hồ", 2),
    ("Y", 1),
];
const MIDDLE: [&str; 14] = [
    "Văn",
    "Thị",
    "Hữu",
    "Đức",
    "Thị Thanh",
    "Thị Ngọc",
    "Minh",
    "Quang",
    "Xuân",
    "Ngọc",
    "Thành",
    "Thị Kim",
    "Công",
    "Gia",
];
const GIVEN: [&str; 48] = [
    "An", "Anh", "Bình", "Châu", "Chi", "Cường", "Dũng", "Dương", "Đạt", "Đông", "Giang", "Hà",
    "Hạnh", "Hằng", "Hiếu", "Hoa", "Hòa", "Huệ", "Hùng", "Huy", "Hương", "Khánh", "Khôi", "Kiên",
    "Lan", "Liên", "Linh", "Long", "Mai", "Minh", "Nam", "Nga", "Nhung", "Oanh", "Phúc", "Phương",
    "Quân", "Quyên", "Sơn", "Tâm", "Thảo", "Thắng", "Thủy", "Trang", "Trung", "Tú", "Vinh", "Yến",
];
const CONTENT: [&str; 12] = [
    "Đề nghị giải quyết theo quy định",
    "Xin cấp mới cho con",
    "Xin cấp lại do bị mất",
    "Đề nghị điều chỉnh thông tin sai sót",
    "Xin gia hạn thêm hai năm",
    "Đề nghị cấp bản sao trích lục",
    "Đăng ký lần đầu cho hộ kinh doanh",
    "Chuyển nhượng thửa đất số 15 tờ bản đồ 7",
    "Xin xác nhận để vay vốn ngân hàng",
    "Bổ sung hồ sơ hưởng chế độ",
    "Thay đổi địa chỉ cư trú",
    "Xin phép sửa chữa nhà ở riêng lẻ",
];

/// Splitmix64: numbers that look thrown.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, sides: usize) -> usize {
        let sides = u64::try_from(sides.max(1)).unwrap_or(1);
        usize::try_from(self.next() % sides).unwrap_or(0)
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        let at = self.below(list.len());
        list.get(at)
    }

    fn id(&mut self) -> Uuid {
        uuid::Builder::from_random_bytes(
            (u128::from(self.next()) << 64 | u128::from(self.next())).to_be_bytes(),
        )
        .into_uuid()
    }
}

/// A dossier with everything that is written of it.
pub struct Made {
    /// Identifier.
    pub id: Uuid,
    /// Whose.
    pub account: Uuid,
    /// JSON.
    pub manifest: String,
    /// JSON.
    pub definition: String,
    /// Code.
    pub code: String,
    /// Applicant's name.
    pub applicant: String,
    /// Place of the procedure.
    pub procedure: ProcedureSummary,
    /// Files, and how many of them are signed.
    pub files: (i64, i64),
    /// The file's row.
    pub attachment: Uuid,
    /// Who works on it.
    pub assignee: Option<Uuid>,
    /// The inbox's row.
    pub entry: InboxEntry,
}

/// Invents.
pub struct Inventor {
    count: usize,
    now: i64,
    procedures: Vec<(Procedure, String)>,
    officer: Option<Uuid>,
}

/// One person.
pub struct Invented {
    /// Account.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Identity number: of a province there is none of.
    pub number: String,
}

fn line<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    text.lines()
        .find_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix('='))
        .map(|rest| rest.trim().trim_matches('"'))
}

impl Inventor {
    /// Reads the names of the catalogue's procedures.
    pub fn new(count: usize, now: i64, folder: &Path, officer: Option<Uuid>) -> Result<Self> {
        let mut files: Vec<_> = std::fs::read_dir(folder)?
            .collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
            .collect();
        files.sort();
        let mut procedures = Vec::new();
        for file in files {
            let text = std::fs::read_to_string(&file)?;
            // What is no procedure lies in the folder too.
            let (Some(code), Some(name), Some(field), Some(agency)) = (
                line(&text, "code"),
                line(&text, "name"),
                line(&text, "field"),
                line(&text, "agency"),
            ) else {
                continue;
            };
            let days = line(&text, "working_days").and_then(|days| days.parse().ok());
            let procedure = Procedure {
                summary: ProcedureSummary {
                    code: code.to_owned(),
                    name: name.to_owned(),
                    field: field.to_owned(),
                    level: Level::Commune,
                    service: Service::Full,
                    agency: agency.to_owned(),
                    audience: vec![Audience::Citizen],
                    life_events: vec![],
                    keywords: vec![],
                },
                description: String::new(),
                deadline: Deadline {
                    working_days: days.unwrap_or(5),
                    text: String::new(),
                },
                fees: vec![],
                forms: vec![],
                components: vec![],
                fields: vec![],
                steps: vec![],
                results: vec![],
                legal_basis: vec![],
                work: vec![],
                signed_result: false,
                retention: None,
            };
            let text = serde_json::to_string(&procedure)?;
            procedures.push((procedure, text));
        }
        anyhow::ensure!(
            !procedures.is_empty(),
            "no procedures in {}",
            folder.display()
        );
        Ok(Self {
            count,
            now,
            procedures,
            officer,
        })
    }

    /// Codes and names of the procedures.
    pub fn procedures(&self) -> Vec<(String, String)> {
        self.procedures
            .iter()
            .map(|(one, _)| (one.summary.code.clone(), one.summary.name.clone()))
            .collect()
    }

    /// All people.
    pub fn accounts(&self) -> Vec<Invented> {
        (0..self.count.div_ceil(EACH)).map(person).collect()
    }

    /// The dossier at a place; later ones were submitted later.
    pub fn dossier(&self, at: usize) -> Result<Made> {
        let mut dice = Dice(0x5eed_0000_0000 ^ u64::try_from(at)?);
        let owner = person(dice.below(self.count.div_ceil(EACH)));
        // Some procedures are common, many are rare.
        let kinds = self.procedures.len();
        let place = dice
            .below(kinds)
            .min(dice.below(kinds))
            .min(dice.below(kinds))
            .min(dice.below(kinds));
        let (procedure, definition) = self.procedures.get(place).context("a procedure")?;
        let age = (i64::try_from(self.count - at)? * DAYS * DAY) / i64::try_from(self.count)?;
        let submitted_at = self.now - age;
        let status = status(&mut dice, age / DAY);
        let due_at = (status != DossierStatus::New).then(|| {
            let days = i64::from(procedure.deadline.working_days.max(1));
            Timestamp(
                submitted_at
                    + (days * 7 / 5 + 1) * DAY
                    + i64::try_from(dice.below(6)).unwrap_or(0) * 3_600_000,
            )
        });
        let day = contract::date::Date::in_vietnam(Timestamp(submitted_at));
        let code = format!(
            "000.00.00.H34-{:02}{:02}{:02}-{:06}",
            day.year() % 100,
            day.month(),
            day.day(),
            at % 1_000_000
        );
        let applicant = Applicant {
            name: owner.name.clone(),
            citizen_id: owner.number.clone(),
            phone: format!("09{:08}", dice.below(100_000_000)),
            province: "Tỉnh Thử Nghiệm".into(),
            ward: "Xã Ví Dụ".into(),
            address: format!("Số {}, thôn Mẫu", 1 + dice.below(300)),
            content: dice
                .of(&CONTENT)
                .map_or_else(String::new, |text| (*text).to_owned()),
            ..Applicant::default()
        };
        let channel = match dice.below(20) {
            0 => Channel::Post,
            1..=5 => Channel::Counter,
            _ => Channel::Online,
        };
        let files = 1 + dice.below(4);
        let signed = if channel == Channel::Online && dice.below(5) > 0 {
            1 + dice.below(files)
        } else {
            0
        };
        let attachment = dice.id();
        let mut digest = [0; 32];
        for part in digest.chunks_mut(8) {
            part.copy_from_slice(&dice.next().to_le_bytes());
        }
        let found = Found::of(
            &applicant,
            &code,
            (&procedure.summary.code, &procedure.summary.name),
        );
        let manifest = DossierManifest {
            procedure: procedure.summary.code.clone(),
            form: DossierForm {
                applicant,
                ..DossierForm::default()
            },
            attachments: vec![AttachmentManifest {
                id: attachment,
                component: "to-khai".into(),
                copy_kind: CopyKind::Original,
                count: 1,
                file_name: "to-khai.pdf".parse().context("a name")?,
                size: 120_000,
                sha256: Sha256(digest),
                signings: vec![],
                signed_as: None,
                original_of: None,
            }],
            payment: FeePayment::None,
            fees: contract::payment::FeeChoices::default(),
            declared: true,
        };
        let works = matches!(status, DossierStatus::Processing | DossierStatus::Received);
        Ok(Made {
            id: dice.id(),
            account: owner.id,
            manifest: serde_json::to_string(&manifest)?,
            definition: definition.clone(),
            code,
            applicant: owner.name,
            procedure: procedure.summary.clone(),
            files: (i64::try_from(files)?, i64::try_from(signed)?),
            attachment,
            assignee: self.officer.filter(|_| works && dice.below(50) == 0),
            entry: InboxEntry {
                status,
                submitted_at: Timestamp(submitted_at),
                due_at,
                found,
                channel,
            },
        })
    }

    /// What to search for: of some dossiers the code, its end, name, number.
    pub fn samples(&self, count: usize) -> Result<serde_json::Value> {
        let mut dice = Dice(99);
        let mut list = Vec::new();
        for _ in 0..200 {
            let made = self.dossier(dice.below(count))?;
            let manifest: DossierManifest = serde_json::from_str(&made.manifest)?;
            list.push(json!({
                "id": made.id, "code": made.code, "name": made.applicant,
                "number": manifest.form.applicant.citizen_id, "phone": manifest.form.applicant.phone,
                "content": manifest.form.applicant.content, "procedure": made.procedure.code,
                "agency": made.procedure.agency,
            }));
        }
        Ok(json!(list))
    }
}

fn person(at: usize) -> Invented {
    let mut dice = Dice(0x0009_e091_e000 ^ (u64::try_from(at).unwrap_or(0) << 20));
    let mut thrown = dice.below(100);
    let mut family = "Nguyễn";
    for (name, share) in FAMILIES {
        if thrown < share {
            family = name;
            break;
        }
        thrown -= share;
    }
    let name = format!(
        "{family} {} {}",
        dice.of(&MIDDLE).copied().unwrap_or_default(),
        dice.of(&GIVEN).copied().unwrap_or_default()
    );
    Invented {
        id: dice.id(),
        name,
        number: format!("099{:09}", at * 7 % 1_000_000_000),
    }
}

fn status(dice: &mut Dice, days: i64) -> DossierStatus {
    use DossierStatus as S;
    let open = if days < 45 {
        dice.below(100) < 80
    } else {
        dice.below(1000) < 6
    };
    if open {
        match dice.below(100) {
            0..=11 if days < 5 => S::New,
            0..=30 => S::Received,
            31..=74 => S::Processing,
            75..=84 => S::SupplementRequested,
            85..=87 => S::PaymentRequested,
            _ => S::Done,
        }
    } else {
        match dice.below(100) {
            0..=2 => S::Refused,
            3 => S::Withdrawn,
            4 => S::Stopped,
            _ => S::Returned,
        }
    }
}
