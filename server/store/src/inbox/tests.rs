//! The inbox on both databases, compared with a plain list in memory: the list, and how tests ask for it.

mod life;
mod lists;
mod places;

use super::list::RARE;
use super::{InboxQuery, Scope, ScopePart, fill};
use crate::database::Database;
use crate::testing::{account, on_each};
use contract::dossier::{Applicant, DossierForm, DossierManifest, DossierStatus, FeePayment};
use contract::inbox::{
    Channel, Count, Deadline, Found, Holder, InboxFilter, ON_DESK, Shelf, Sort, clock_runs,
    query_words, start_of,
};
use contract::life::is_over;
use contract::value::Timestamp;
use std::cmp::Reverse;
use std::collections::BTreeSet;
use uuid::Uuid;

/// 2026-11-26 10:00 in Vietnam.
const NOW: Timestamp = Timestamp(1_795_662_000_000);
const DAY: i64 = 24 * 3600 * 1000;
const NAMES: [&str; 7] = [
    "Nguyễn Văn An",
    "Nguyễn Thị Ánh",
    "Trần Văn Khải",
    "Đặng Khánh An",
    "Lê_Hoàng 100% Ví Dụ",
    "An Nguyễn",
    "Trần Đức",
];
const PROCEDURES: [(&str, &str); 3] = [
    ("1.001193", "Đăng ký khai sinh"),
    ("1.000656", "Đăng ký khai tử"),
    ("2.000488", "Cấp phiếu lý lịch tư pháp"),
];
const AGENCIES: [&str; 3] = ["UBND xã Một", "UBND xã Hai", "Sở Tư pháp"];
const STATES: [DossierStatus; 7] = [
    DossierStatus::New,
    DossierStatus::Received,
    DossierStatus::Processing,
    DossierStatus::SupplementRequested,
    DossierStatus::Done,
    DossierStatus::Returned,
    DossierStatus::Refused,
];

/// The same numbers each time.
struct Dice(u64);

impl Dice {
    fn next(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % sides
    }

    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.next(list.len())]
    }

    fn days(&mut self, days: usize) -> i64 {
        i64::try_from(self.next(days)).expect("few") * DAY
    }

    fn sometimes<T>(&mut self, one_in: usize, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.next(one_in) == 0).then(|| make(self))
    }
}

/// A dossier as the plain list knows it.
#[derive(Debug, Clone)]
struct Plain {
    id: Uuid,
    number: i64,
    agency: &'static str,
    procedure: &'static str,
    status: DossierStatus,
    submitted_at: i64,
    due_at: Option<i64>,
    signed: bool,
    channel: Channel,
    mine: bool,
    found: Found,
}

impl Plain {
    fn due_key(&self) -> (bool, i64) {
        match self.due_at.filter(|_| clock_runs(self.status)) {
            Some(due) => (false, due),
            None => (true, self.submitted_at),
        }
    }

    fn is_asked(&self, filter: &InboxFilter, scope: &Scope) -> bool {
        let within = |list: &Option<Vec<String>>, one: &str| {
            list.as_ref()
                .is_none_or(|list| list.iter().any(|is| is == one))
        };
        let seen = scope.parts.iter().any(|part| {
            within(&part.agencies, self.agency) && within(&part.procedures, self.procedure)
        });
        let shelf = match filter.shelf {
            Shelf::All => true,
            Shelf::Open => !is_over(self.status),
            Shelf::Only(status) => self.status == status,
        };
        let due = self.due_at.filter(|_| clock_runs(self.status));
        let due = due.and_then(|due| Deadline::of(Timestamp(due), NOW));
        seen && shelf
            && filter.deadline.is_none_or(|wanted| due == Some(wanted))
            && filter
                .procedure
                .as_deref()
                .is_none_or(|is| is == self.procedure)
            && filter.agency.as_deref().is_none_or(|is| is == self.agency)
            && filter
                .from
                .is_none_or(|from| self.submitted_at >= start_of(from).0)
            && filter
                .to
                .is_none_or(|to| self.submitted_at < start_of(to.plus_days(1)).0)
            && filter.signed.is_none_or(|signed| signed == self.signed)
            && filter.channel.is_none_or(|channel| channel == self.channel)
            && filter
                .holder
                .is_none_or(|holder| (holder == Holder::Mine) == self.mine)
            && query_words(&filter.search)
                .iter()
                .all(|word| self.found.text.contains(&format!(" {word}")))
    }
}

fn sorted(mut list: Vec<Plain>, sort: Sort) -> Vec<Plain> {
    match sort {
        Sort::Due => list.sort_by_key(|one| (one.due_key(), one.number)),
        Sort::Newest => list.sort_by_key(|one| Reverse((one.submitted_at, one.number))),
        Sort::Oldest => list.sort_by_key(|one| (one.submitted_at, one.number)),
        Sort::Name => list.sort_by_key(|one| (one.found.name_key.clone(), one.number)),
    }
    list
}

/// What the whole list is, in order: first those with the words in a row, where these are few.
fn expected(all: &[Plain], filter: &InboxFilter, scope: &Scope) -> Vec<Uuid> {
    let asked: Vec<Plain> = all
        .iter()
        .filter(|one| one.is_asked(filter, scope))
        .cloned()
        .collect();
    let sort = filter.sort.on(filter.shelf);
    let words = query_words(&filter.search);
    let row = words.join(" ");
    let in_a_row = |one: &Plain| one.found.index.iter().any(|word| word.starts_with(&row));
    let entries: usize = all
        .iter()
        .flat_map(|one| &one.found.index)
        .filter(|word| word.starts_with(&row))
        .count();
    let list = if words.len() > 1 && (1..=usize::try_from(RARE).expect("few")).contains(&entries) {
        let (first, then): (Vec<Plain>, Vec<Plain>) = asked.into_iter().partition(in_a_row);
        let mut list = sorted(first, sort);
        list.extend(sorted(then, sort));
        list
    } else {
        sorted(asked, sort)
    };
    list.into_iter().map(|one| one.id).collect()
}

/// Dossiers as they stood before there was an inbox; opening makes their rows.
async fn many(database: &Database, officer: Uuid, count: usize) -> Vec<Plain> {
    let owner = account(database).await;
    let mut dice = Dice(7);
    let mut all = Vec::new();
    for at in 0..count {
        let name = dice.of(&NAMES);
        let (procedure, procedure_name) = dice.of(&PROCEDURES);
        let content = dice.of(&["Xin cấp lại", "Bổ sung hộ tịch, gấp", ""]);
        let manifest = DossierManifest {
            procedure: procedure.into(),
            form: DossierForm {
                applicant: Applicant {
                    name: name.into(),
                    citizen_id: format!("0620990000{:02}", at % 20),
                    phone: "0900000011".into(),
                    content: content.into(),
                    ..Applicant::default()
                },
                ..DossierForm::default()
            },
            attachments: vec![],
            payment: FeePayment::AtCounter,
            fees: contract::payment::FeeChoices::default(),
            declared: true,
        };
        let code = format!("000.00.00.H34-261126-{at:04}");
        let mut one = Plain {
            id: Uuid::new_v4(),
            number: 0,
            agency: dice.of(&AGENCIES),
            procedure,
            status: dice.of(&STATES),
            submitted_at: NOW.0 - dice.days(20),
            due_at: dice.sometimes(2, |dice| NOW.0 + 3600 + dice.days(12) - 4 * DAY),
            signed: dice.next(2) == 0,
            channel: dice.of(&Channel::ALL),
            mine: dice.next(4) == 0,
            found: Found::of(&manifest.form.applicant, &code, (procedure, procedure_name)),
        };
        let word = |value: &dyn erased| value.word();
        sqlx::query(
            "INSERT INTO dossier (id, account_id, manifest, definition, code, status, applicant, procedure, procedure_name, agency, search, fee_total,
             signed_files, files, submitted_at, due_at, version, channel, assignee)
             VALUES ($1, $2, $3, '{}', $4, $5, $6, $7, $8, $9, '', 0, $10, 3, $11, $12, 1, $13, $14)",
        )
        .bind(one.id.to_string())
        .bind(owner.to_string())
        .bind(serde_json::to_string(&manifest).expect("JSON"))
        .bind(&code)
        .bind(word(&one.status))
        .bind(name)
        .bind(procedure)
        .bind(procedure_name)
        .bind(one.agency)
        .bind(i64::from(one.signed))
        .bind(one.submitted_at)
        .bind(one.due_at)
        .bind(word(&one.channel))
        .bind(one.mine.then(|| officer.to_string()))
        .execute(&database.pool)
        .await
        .expect("inserted");
        one.number = i64::try_from(at).expect("few");
        all.push(one);
    }
    sqlx::query("INSERT INTO code_counter (unit, day, last) VALUES ('', 'inbox-to-fill', 0)")
        .execute(&database.pool)
        .await
        .expect("marked");
    fill(database).await.expect("filled");
    for one in &mut all {
        use sqlx::Row as _;
        one.number = sqlx::query("SELECT number FROM inbox WHERE dossier_id = $1")
            .bind(one.id.to_string())
            .fetch_one(&database.pool)
            .await
            .expect("a row")
            .get("number");
    }
    all
}

#[allow(non_camel_case_types)]
trait erased {
    fn word(&self) -> String;
}

impl<T: serde::Serialize> erased for T {
    fn word(&self) -> String {
        crate::database::as_word(self).expect("a word")
    }
}

/// All pages, joined; however short they are, there are not more of them than there is to walk.
async fn joined(
    database: &Database,
    officer: Uuid,
    filter: &InboxFilter,
    scope: &Scope,
) -> Vec<Uuid> {
    let mut after: Option<String> = None;
    let mut all = Vec::new();
    for _ in 0..200 {
        let page = database
            .inbox(InboxQuery {
                scope,
                officer,
                filter,
                now: NOW,
                after: after.as_deref(),
                limit: 4,
            })
            .await
            .expect("a page");
        assert!(page.lines.len() <= 4);
        all.extend(page.lines.iter().map(|line| line.summary.id));
        after = page.next;
        if after.is_none() {
            return all;
        }
    }
    panic!("no end: {filter:?}");
}

fn some_filter(dice: &mut Dice) -> InboxFilter {
    let day = |dice: &mut Dice| contract::date::Date::in_vietnam(Timestamp(NOW.0 - dice.days(20)));
    InboxFilter {
        shelf: match dice.next(4) {
            0 => Shelf::All,
            1 => Shelf::Only(dice.of(&STATES)),
            _ => Shelf::Open,
        },
        procedure: dice.sometimes(4, |dice| dice.of(&PROCEDURES).0.to_owned()),
        agency: dice.sometimes(4, |dice| dice.of(&AGENCIES).to_owned()),
        deadline: dice.sometimes(4, |dice| dice.of(&Deadline::ALL)),
        from: dice.sometimes(5, day),
        to: dice.sometimes(5, day),
        signed: dice.sometimes(5, |dice| dice.next(2) == 0),
        channel: dice.sometimes(5, |dice| dice.of(&Channel::ALL)),
        holder: dice.sometimes(5, |dice| dice.of(&[Holder::Mine, Holder::Nobody])),
        search: dice
            .sometimes(2, |dice| {
                dice.of(&[
                    "an",
                    "ánh",
                    "nguyen van",
                    "Trần Khai",
                    "khai sinh",
                    "gap",
                    "0011",
                    "van an",
                    "100%",
                    "l_h",
                    "261126-0003",
                    "062099000004",
                    "khong co ai",
                ])
                .to_owned()
            })
            .unwrap_or_default(),
        sort: dice.of(&Sort::ALL),
    }
}

fn some_scope(dice: &mut Dice) -> Scope {
    let part = |dice: &mut Dice| ScopePart {
        agencies: dice.sometimes(2, |dice| vec![dice.of(&AGENCIES).to_owned()]),
        procedures: dice.sometimes(3, |dice| vec![dice.of(&PROCEDURES).0.to_owned()]),
    };
    let parts = (0..1 + dice.next(2)).map(|_| part(dice)).collect();
    Scope { parts }
}
