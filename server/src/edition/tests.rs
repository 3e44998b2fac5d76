//! Which version is in force on which day, and what is checked before one comes into force.

use super::*;
use contract::value::Timestamp;
use uuid::Uuid;

fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

fn base() -> Base {
    let (_, holidays) = crate::workflow::holidays_text(None).expect("built in");
    Base {
        sources: Sources::open(None).expect("sound"),
        units: crate::units::open(None).expect("built in"),
        holidays: (Days::read(&holidays).expect("sound").0, holidays),
        work: crate::workflow::USUAL.to_owned(),
    }
}

fn published(
    kind: DocumentKind,
    code: &str,
    number: i64,
    from: &str,
    content: &str,
) -> StoredEdition {
    StoredEdition {
        id: Uuid::nil(),
        kind,
        code: code.into(),
        number,
        state: EditionState::Published,
        content: content.into(),
        effective_from: Some(date(from)),
        author: "Hồ Giang".into(),
        note: String::new(),
        changed_at: Timestamp(0),
        version: 1,
    }
}

fn of_birth(number: i64, from: &str, content: &str) -> StoredEdition {
    published(DocumentKind::Procedure, "1.001193", number, from, content)
}

fn birth(base: &Base) -> String {
    base.text(DocumentKind::Procedure, "1.001193")
        .expect("there")
        .to_owned()
}

fn name_on(base: &Base, editions: &[StoredEdition], day: &str) -> Option<String> {
    let (current, _) = build(base, (1, editions), date(day)).expect("built");
    current
        .catalogue
        .find("1.001193")
        .map(|procedure| procedure.summary.name.clone())
}

#[test]
fn the_version_with_the_latest_date_up_to_the_day_is_in_force() {
    let base = base();
    let file = birth(&base);
    let old = name_on(&base, &[], "2026-11-26").expect("the file");
    let named = |name: &str| file.replacen(&old, name, 1);
    let editions = [
        of_birth(1, "2027-01-01", &named("Năm mới")),
        // Written later, but in force before.
        of_birth(2, "2026-12-01", &named("Tháng chạp")),
        of_birth(3, "2026-12-01", &named("Sửa lại")),
    ];
    for (day, name) in [
        ("2026-11-30", old.as_str()),
        ("2026-12-01", "Sửa lại"),
        ("2026-12-31", "Sửa lại"),
        ("2027-01-01", "Năm mới"),
    ] {
        assert_eq!(
            name_on(&base, &editions, day).as_deref(),
            Some(name),
            "{day}"
        );
    }
    assert!(faults_on(&base, &editions, date("2027-01-01")).is_empty());
}

#[test]
fn a_procedure_ends_and_a_new_one_begins() {
    let base = base();
    let new = birth(&base).replacen("1.001193", "9.000001", 1);
    let editions = [
        of_birth(1, "2026-12-01", ""),
        published(DocumentKind::Procedure, "9.000001", 1, "2026-12-01", &new),
    ];
    let (before, _) = build(&base, (1, &editions), date("2026-11-30")).expect("built");
    assert!(before.catalogue.find("1.001193").is_some());
    assert!(before.catalogue.find("9.000001").is_none());
    let (after, _) = build(&base, (1, &editions), date("2026-12-01")).expect("built");
    assert!(after.catalogue.find("1.001193").is_none());
    assert!(after.catalogue.find("9.000001").is_some());
    assert!(
        !after
            .documents
            .contains_key(&(DocumentKind::Procedure, "1.001193".into()))
    );
}

#[test]
fn a_version_that_cannot_be_read_any_more_leaves_the_one_before() {
    let base = base();
    let old = name_on(&base, &[], "2026-11-26").expect("the file");
    let broken = [of_birth(1, "2026-11-01", "name = 7")];
    assert_eq!(name_on(&base, &broken, "2026-11-26"), Some(old));
    let told = faults_on(&base, &broken, date("2026-11-26"));
    assert_eq!(told[0].0, "1.001193.toml");
}

#[test]
fn events_that_would_leave_procedures_without_theirs_are_told() {
    let base = base();
    let fewer = base
        .text(DocumentKind::Events, SINGLE)
        .expect("there")
        .replace("Có con nhỏ", "Sinh con");
    let editions = [published(
        DocumentKind::Events,
        SINGLE,
        1,
        "2026-12-01",
        &fewer,
    )];
    assert!(faults_on(&base, &editions, date("2026-11-30")).is_empty());
    let told = faults_on(&base, &editions, date("2026-12-01"));
    assert!(told.iter().any(|(file, _)| file == "1.001193.toml"));
    assert!(
        told.iter()
            .all(|(_, fault)| fault.what.contains("Có con nhỏ"))
    );
}

#[test]
fn steps_that_become_usual_are_kept_with_new_dossiers_only() {
    let base = base();
    let (plain, _) = build(&base, (0, &[]), date("2026-11-26")).expect("built");
    let code = plain
        .catalogue
        .all()
        .find(|procedure| procedure.work.is_empty())
        .expect("one with the usual steps")
        .summary
        .code
        .clone();
    // The file's steps are those of dossiers that name none.
    assert!(plain.for_dossier(&code).expect("there").work.is_empty());
    let work = "[[work]]\nname = 'Ký'\nduty = 'leader'\nworking_days = 2\n";
    let editions = [published(DocumentKind::Work, SINGLE, 1, "2026-11-26", work)];
    let (current, _) = build(&base, (1, &editions), date("2026-11-26")).expect("built");
    let kept = current.for_dossier(&code).expect("there").work;
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].name, "Ký");
}

#[test]
fn holidays_count_from_their_day_on() {
    let base = base();
    let days = "off = [{ day = '2026-12-24', name = 'Nghỉ' }]";
    let editions = [published(
        DocumentKind::Holidays,
        SINGLE,
        1,
        "2026-12-01",
        days,
    )];
    let thursday = Timestamp(date("2026-12-23").noon().0);
    for (day, due) in [("2026-11-30", "2026-12-24"), ("2026-12-01", "2026-12-25")] {
        let (_, known) = build(&base, (1, &editions), date(day)).expect("built");
        let calendar = Calendar::default();
        calendar.replace(known);
        assert_eq!(Date::in_vietnam(calendar.due(thursday, 1)).to_string(), due);
    }
}

#[tokio::test]
async fn two_instances_follow_what_one_published_and_the_days() {
    use contract::edition::DraftName;
    use store::{NewDraft, testing};
    testing::on_each(|database| async move {
        let today = date("2026-11-26");
        let instance = || Living::of(base(), Calendar::default(), today).expect("open");
        let (one, two) = (instance(), instance());
        let shown = |living: &Living| {
            let current = living.current();
            let procedure = current.catalogue.find("1.001193").expect("there");
            procedure.summary.name.clone()
        };
        let old = shown(&one);
        let text = birth(&one.base).replacen(&old, "Khai sinh", 1);
        let author = testing::account(&database).await;
        let (kind, code) = (DocumentKind::Procedure, "1.001193");
        let draft = NewDraft {
            kind,
            code,
            content: &text,
            effective_from: None,
            note: "",
            author,
            version: 0,
            now: Timestamp(0),
        };
        database.save_draft(&draft).await.expect("written");
        let names = [DraftName {
            kind,
            code: code.into(),
            version: 1,
        }];
        let stamp = database.edition_stamp().await.expect("read");
        let tomorrow = date("2026-11-27");
        database
            .publish_drafts(&names, tomorrow, stamp, (author, Timestamp(0)))
            .await
            .expect("published");
        for living in [&one, &two] {
            living.follow(&database, today).await.expect("followed");
            assert_eq!(shown(living), old, "not before its day");
            living.follow(&database, tomorrow).await.expect("followed");
            assert_eq!(shown(living), "Khai sinh");
        }
    })
    .await;
}
