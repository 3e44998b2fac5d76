use super::*;
use crate::procedure::Procedure;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn field(text: &str) -> FieldDefinition {
    let mut value: serde_json::Value = serde_json::from_str(text).expect("JSON");
    let object = value.as_object_mut().expect("an object");
    object.entry("key").or_insert("a".into());
    object.entry("label").or_insert("A".into());
    serde_json::from_value(value).expect("a definition")
}

fn fields(texts: &[&str]) -> Vec<FieldDefinition> {
    texts.iter().map(|text| field(text)).collect()
}

fn detail(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

fn today() -> Date {
    "2026-11-25".parse().expect("a day")
}

/// What is wrong with one answer to one field.
fn fault(definition: &str, answer: &str) -> Option<Fault> {
    check(&[field(definition)], &detail(&[("a", answer)]), today())
        .into_iter()
        .next()
        .map(|(_, fault)| fault)
}

#[test]
fn definitions_written_before_the_new_kinds_are_still_read() {
    let old = r#"{"code":"1","name":"Cũ","field":"Hộ tịch","level":"commune","service":"full","agency":"Xã","audience":[],"life_events":[],
        "description":"","deadline":{"working_days":1,"text":""},"components":[],"fields":[
        {"key":"a","label":"A","kind":"text","required":true,"hint":""},{"key":"b","label":"B","kind":"number","min":0,"max":20},
        {"key":"c","label":"C","kind":"date"},{"key":"d","label":"D","kind":"choice","options":["x"]},{"key":"e","label":"E","kind":"long-text"}]}"#;
    let procedure: Procedure = serde_json::from_str(old).expect("read");
    assert_eq!(faults(&procedure.fields), Vec::<String>::new());
    let answers = detail(&[("a", "1"), ("b", "3"), ("c", "2024-02-29"), ("d", "x")]);
    assert_eq!(check(&procedure.fields, &answers, today()), []);
}

#[test]
fn each_kind_says_what_is_wrong_with_its_answer() {
    use Fault::*;
    let date = r#"{"kind":"date","not_after":"today","not_before":"today-60d"}"#;
    for (definition, answer, wanted) in [
        (r#"{"kind":"text","required":true}"#, "  ", Some(Required)),
        (r#"{"kind":"text"}"#, "", None),
        (r#"{"kind":"text","min_length":3}"#, "ab", Some(TooShort(3))),
        (
            r#"{"kind":"text","max_length":3}"#,
            "ôôôô",
            Some(TooLong(3)),
        ),
        (r#"{"kind":"text"}"#, "a\u{7}b", Some(Unreadable)),
        (
            r#"{"kind":"text","format":"digits"}"#,
            "12a",
            Some(Format(super::Format::Digits)),
        ),
        (
            r#"{"kind":"text","format":"tax-code"}"#,
            "0100000001-001",
            None,
        ),
        (
            r#"{"kind":"text","format":"tax-code"}"#,
            "0100000001-01",
            Some(Format(super::Format::TaxCode)),
        ),
        (
            r#"{"kind":"text","format":"licence-plate"}"#,
            "82A-123.45",
            None,
        ),
        (
            r#"{"kind":"text","format":"licence-plate"}"#,
            "82b1 123.45",
            None,
        ),
        (
            r#"{"kind":"text","format":"licence-plate"}"#,
            "A2-1234",
            Some(Format(super::Format::LicencePlate)),
        ),
        (
            r#"{"kind":"text","format":"licence-plate"}"#,
            "ĐĐĐ",
            Some(Format(super::Format::LicencePlate)),
        ),
        (
            r#"{"kind":"phone"}"#,
            "912345678",
            Some(Format(super::Format::Phone)),
        ),
        (r#"{"kind":"email"}"#, "a@b.vn", None),
        (
            r#"{"kind":"email"}"#,
            "a@b@c.vn",
            Some(Format(super::Format::Email)),
        ),
        (r#"{"kind":"citizen-id"}"#, "062 099 000 011", None),
        (
            r#"{"kind":"number","min":1,"max":9}"#,
            "10",
            Some(OutOfRange(1, 9)),
        ),
        (
            r#"{"kind":"number","min":1,"max":9}"#,
            "2,5",
            Some(NotANumber(0)),
        ),
        (
            r#"{"kind":"number","min":1,"max":9000,"decimals":1}"#,
            "1.250,5",
            None,
        ),
        (
            r#"{"kind":"number","min":1,"max":9,"decimals":1}"#,
            "9,1",
            Some(OutOfRange(1, 9)),
        ),
        (date, "2026-11-26", Some(AfterToday)),
        (date, "2026-11-25", None),
        (
            date,
            "2026-09-25",
            Some(Before("2026-09-26".parse().expect("a day"))),
        ),
        (date, "25/11/2026", Some(NotADate)),
        (
            r#"{"kind":"date","age_min":18}"#,
            "2008-11-26",
            Some(TooYoung(18)),
        ),
        (r#"{"kind":"date","age_min":18}"#, "2008-11-25", None),
        (
            r#"{"kind":"date","age_max":16}"#,
            "2000-01-01",
            Some(TooOld(16)),
        ),
        (
            r#"{"kind":"date","age_max":16}"#,
            "2030-01-01",
            Some(AfterToday),
        ),
        (
            r#"{"kind":"choice","options":["x"],"required":true}"#,
            "",
            Some(NotChosen),
        ),
        (
            r#"{"kind":"choice","options":["x"]}"#,
            "y",
            Some(NotAnOption),
        ),
        (
            r#"{"kind":"choices","options":["x","y","z"],"min":2}"#,
            "x",
            Some(TooFew(2)),
        ),
        (
            r#"{"kind":"choices","options":["x","y","z"],"max":2}"#,
            "x\ny\nz",
            Some(TooMany(2)),
        ),
        (
            r#"{"kind":"choices","options":["x","y"]}"#,
            "x\nx\nx",
            Some(NotAnOption),
        ),
        (r#"{"kind":"yes-no","required":true}"#, "Có", None),
        (r#"{"kind":"yes-no"}"#, "yes", Some(NotAnOption)),
    ] {
        assert_eq!(fault(definition, answer), wanted, "{definition} {answer}");
    }
}

#[test]
fn an_address_that_was_begun_is_whole() {
    let address = fields(&[r#"{"kind":"address"}"#]);
    assert_eq!(check(&address, &detail(&[]), today()), []);
    assert_eq!(
        check(&address, &detail(&[("a.ward", "Xã Ví Dụ")]), today()),
        [
            ("a.province".to_owned(), Fault::Required),
            ("a.street".to_owned(), Fault::Required)
        ]
    );
}

#[test]
fn a_hidden_field_is_neither_asked_for_nor_sent() {
    let form = fields(&[
        r#"{"key":"cuoi","kind":"yes-no","required":true}"#,
        r#"{"key":"vo","kind":"text","required":true,"when":{"key":"cuoi","is":["Có"]}}"#,
        r#"{"key":"ngay","kind":"date","required":true,"when":{"key":"vo","is":["Mẫu"]}}"#,
    ]);
    assert_eq!(faults(&form), Vec::<String>::new());
    let mut answers = detail(&[
        ("cuoi", "Không"),
        ("vo", "Mẫu"),
        ("ngay", "2020-01-01"),
        ("lạ", "x"),
    ]);
    assert_eq!(check(&form, &answers, today()), []);
    assert_eq!(tidy(&form, &answers), detail(&[("cuoi", "Không")]));
    answers.insert("cuoi".into(), "Có".into());
    assert_eq!(tidy(&form, &answers).len(), 3);
    answers.remove("ngay");
    assert_eq!(
        check(&form, &answers, today()),
        [("ngay".to_owned(), Fault::Required)]
    );
}

#[test]
fn rows_are_checked_each_with_its_own_conditions() {
    let form = fields(&[
        r#"{"key":"dan_toc","kind":"text"}"#,
        r#"{"key":"con","kind":"repeat","item":"Người con","max":3,"fields":[
            {"key":"ten","label":"Tên","kind":"text","required":true},
            {"key":"nuoi","label":"Con nuôi","kind":"yes-no"},
            {"key":"ngay","label":"Ngày nhận nuôi","kind":"date","required":true,"when":{"key":"nuoi","is":["Có"]}},
            {"key":"ho","label":"Họ theo dân tộc","kind":"text","when":{"key":"dan_toc","is":["Ba Na"]}}]}"#,
    ]);
    assert_eq!(faults(&form), Vec::<String>::new());
    let answers = detail(&[
        ("con", "2"),
        ("con.0.ten", "Mẫu"),
        ("con.0.nuoi", "Không"),
        ("con.0.ngay", "sai"),
        ("con.1.nuoi", "Có"),
        ("con.2.ten", "hàng đã xóa"),
        ("dan_toc", "Ba Na"),
        ("con.0.ho", "Y"),
    ]);
    assert_eq!(
        check(&form, &answers, today()),
        [
            ("con.1.ten".to_owned(), Fault::Required),
            ("con.1.ngay".to_owned(), Fault::Required)
        ]
    );
    let sent = tidy(&form, &answers);
    assert_eq!(
        sent.keys().map(String::as_str).collect::<Vec<_>>(),
        [
            "con",
            "con.0.ho",
            "con.0.nuoi",
            "con.0.ten",
            "con.1.nuoi",
            "dan_toc"
        ]
    );
    let told = super::answers(&form, &answers);
    assert_eq!(told[1].row, Some(("Người con".to_owned(), 1)));
    assert_eq!(told[1].text, "Mẫu");
}

#[test]
fn a_group_has_as_many_rows_as_it_must_and_may() {
    let group = field(
        r#"{"kind":"repeat","item":"Mục","min":2,"max":4,"fields":[{"key":"b","label":"B","kind":"text"}]}"#,
    );
    for (typed, wanted) in [
        ("", 2),
        ("0", 2),
        ("3", 3),
        ("9", 4),
        ("nhiều", 2),
        ("-1", 2),
    ] {
        assert_eq!(rows(&group, &detail(&[("a", typed)])), wanted, "{typed}");
    }
}

#[test]
fn answers_are_read_back_as_people_write_them() {
    let form = fields(&[
        r#"{"key":"ngay","kind":"date"}"#,
        r#"{"key":"dat","kind":"number","min":0,"max":9,"unit":"m²"}"#,
        r#"{"key":"chon","kind":"choices","options":["x","y"]}"#,
        r#"{"key":"o","kind":"address"}"#,
    ]);
    let told = super::answers(
        &form,
        &detail(&[
            ("ngay", "2020-03-05"),
            ("dat", "5"),
            ("chon", "x\ny"),
            ("o.province", "Tỉnh Thử Nghiệm"),
            ("o.ward", "Xã Ví Dụ"),
            ("o.street", "Số 1"),
        ]),
    );
    let texts: Vec<&str> = told.iter().map(|answer| answer.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "05/03/2020",
            "5 m²",
            "x; y",
            "Số 1, Xã Ví Dụ, Tỉnh Thử Nghiệm"
        ]
    );
}

#[test]
fn every_fault_of_a_definition_is_told() {
    let form = fields(&[
        r#"{"key":"một hai","kind":"text","label":" "}"#,
        r#"{"key":"b","kind":"number","min":2,"max":1}"#,
        r#"{"key":"b","kind":"choice","options":[]}"#,
        r#"{"key":"c","kind":"text","when":{"key":"d","is":["x"]}}"#,
        r#"{"key":"d","kind":"choice","options":["x","x"]}"#,
        r#"{"key":"e","kind":"text","when":{"key":"d","is":["y"]}}"#,
        r#"{"key":"f","kind":"repeat","item":"","max":31,"fields":[
            {"key":"g","label":"G","kind":"repeat","item":"H","max":1,"fields":[{"key":"h","label":"H","kind":"text"}]}]}"#,
        r#"{"key":"i","kind":"date","age_min":20,"age_max":10}"#,
        r#"{"key":"j","kind":"text","when":{"key":"d","is":[]}}"#,
    ]);
    let told = faults(&form).join("\n");
    for part in [
        "field một hai: a key",
        "field một hai: there is no label",
        "field b: min is more",
        "field b: the key stands twice",
        "field b: there is nothing to choose",
        "field c: its condition names d",
        "field d: an option stands twice",
        "field e: its condition asks for “y”",
        "field f: item",
        "field f: a repeated group has 1 to 30",
        "field g: a repeated group holds no group",
        "field i: age_min",
        "field j: its condition can never hold",
    ] {
        assert!(told.contains(part), "{part} in\n{told}");
    }
}

#[test]
fn limits_count_from_today() {
    for (text, day) in [
        ("today", "2026-11-25"),
        ("today-60d", "2026-09-26"),
        ("today+6m", "2027-05-25"),
        ("today-18y", "2008-11-25"),
        ("2020-01-01", "2020-01-01"),
    ] {
        let limit = Limit::try_from(text.to_owned()).expect(text);
        assert_eq!(limit.day(today()).to_string(), day, "{text}");
    }
    for text in [
        "",
        "tomorrow",
        "today+",
        "today5d",
        "today+5",
        "today+5w",
        "today+99999d",
        "today-30000y",
        "today+5đ",
        "01/01/2020",
    ] {
        assert_eq!(Limit::try_from(text.to_owned()), Err(NoLimit), "{text}");
    }
}

#[test]
fn numbers_are_read_as_they_are_written_in_vietnam() {
    for (text, decimals, wanted) in [
        ("1250", 0, Some(1250)),
        ("1.250", 0, Some(1250)),
        ("1 250 000", 0, Some(1_250_000)),
        ("-3", 0, Some(-3)),
        ("12,5", 2, Some(1250)),
        ("12.5", 2, Some(1250)),
        ("1.250", 2, Some(125_000)),
        ("1.250,75", 2, Some(125_075)),
        ("12,5", 0, None),
        ("1.25", 0, None),
        ("1250.000", 0, None),
        ("12,", 2, None),
        (",5", 2, None),
        ("1,2,3", 2, None),
        ("", 0, None),
        ("-", 0, None),
        ("1e3", 0, None),
        ("٣", 0, None),
        ("999999999999999999999999999999999", 0, None),
    ] {
        assert_eq!(number(text, decimals), wanted, "{text} with {decimals}");
    }
}

fn any_kind() -> impl Strategy<Value = FieldDefinition> {
    let kinds = [
        r#"{"kind":"text","format":"tax-code"}"#,
        r#"{"kind":"text","format":"licence-plate","min_length":2}"#,
        r#"{"kind":"text","format":"digits"}"#,
        r#"{"kind":"long-text","required":true}"#,
        r#"{"kind":"number","min":-9,"max":9,"decimals":6}"#,
        r#"{"kind":"date","not_after":"today+30000d","age_max":200}"#,
        r#"{"kind":"choice","options":["x","Có"]}"#,
        r#"{"kind":"choices","options":["x","y"],"min":1}"#,
        r#"{"kind":"yes-no","required":true}"#,
        r#"{"kind":"address","required":true}"#,
        r#"{"kind":"phone"}"#,
        r#"{"kind":"email"}"#,
        r#"{"kind":"citizen-id"}"#,
        r#"{"kind":"repeat","item":"M","max":3,"fields":[{"key":"b","label":"B","kind":"yes-no"},
            {"key":"c","label":"C","kind":"text","required":true,"when":{"key":"b","is":["Có"]}}]}"#,
    ];
    (
        proptest::sample::select(kinds.to_vec()),
        proptest::sample::select(vec!["a", "b", "c"]),
        proptest::option::of(proptest::sample::select(vec!["a", "b", "c"])),
    )
        .prop_map(|(kind, key, when)| {
            let mut definition = field(kind);
            definition.key = key.into();
            definition.when = when.map(|key| Condition {
                key: key.into(),
                is: vec!["Có".into(), "x".into()],
            });
            definition
        })
}

fn any_detail() -> impl Strategy<Value = BTreeMap<String, String>> {
    let key = proptest::sample::select(vec![
        "a",
        "b",
        "c",
        "a.ward",
        "b.province",
        "a.0.b",
        "a.0.c",
        "b.1.b",
        "b.1.c",
        "c.2.c",
        "x",
    ]);
    let value = prop_oneof![
        Just("Có".to_owned()),
        Just("x".to_owned()),
        Just("3".to_owned()),
        Just("x\ny".to_owned()),
        Just("2020-01-01".to_owned()),
        ".{0,12}",
    ];
    proptest::collection::btree_map(key.prop_map(str::to_owned), value, 0..9)
}

#[test]
fn nothing_hangs_on_how_many_rows_there_are() {
    let form: Vec<FieldDefinition> = serde_json::from_value(serde_json::json!([
        { "key": "c", "label": "C", "kind": "repeat", "item": "M", "fields": [{ "key": "b", "label": "B", "kind": "yes-no" }], "min": 0, "max": 3 },
        { "key": "a", "label": "A", "kind": "text", "when": { "key": "c", "is": ["Có"] } },
    ]))
    .expect("a form");
    let typed = BTreeMap::from([("c".to_owned(), "Có".to_owned())]);
    let keys: Vec<_> = shown(&form, &typed)
        .into_iter()
        .map(|field| field.key())
        .collect();
    assert_eq!(keys, ["c"]);
}

proptest! {
    /// Whatever was written down and whatever was typed, sound or not.
    #[test]
    fn what_is_sent_is_judged_as_what_was_typed(form in proptest::collection::vec(any_kind(), 0..5), typed in any_detail()) {
        let _ = faults(&form);
        let sent = tidy(&form, &typed);
        prop_assert_eq!(check(&form, &sent, today()), check(&form, &typed, today()));
        prop_assert_eq!(tidy(&form, &sent), sent.clone());
        prop_assert_eq!(super::answers(&form, &sent), super::answers(&form, &typed));
        prop_assert!(sent.values().all(|text| !text.is_empty() && text.trim() == text));
    }

    #[test]
    fn reading_numbers_and_limits_never_panics(text in ".{0,40}", decimals in 0_u8..20) {
        let _ = number(&text, decimals);
        let _ = Limit::try_from(text.clone());
        let _ = Limit::try_from(format!("today{text}"));
    }

    #[test]
    fn written_numbers_are_read(whole in 0_i64..10_000_000, cents in 0_u8..100) {
        prop_assert_eq!(number(&format!("{whole},{cents:02}"), 2), Some(i128::from(whole) * 100 + i128::from(cents)));
    }
}
