//! What people type and what they must find.

use super::*;
use crate::procedure::{Audience, Level, Service};
use crate::unit::{AgencyKind, Units};
use proptest::prelude::*;

fn procedure(code: &str, name: &str, keywords: &[&str]) -> ProcedureSummary {
    ProcedureSummary {
        code: code.into(),
        name: name.into(),
        field: "Hộ tịch".into(),
        level: Level::Commune,
        service: Service::Full,
        agency: "Ủy ban nhân dân cấp xã".into(),
        audience: vec![Audience::Citizen],
        life_events: vec!["Có con nhỏ".into()],
        keywords: keywords.iter().map(|word| (*word).to_owned()).collect(),
    }
}

fn catalogue() -> Vec<ProcedureSummary> {
    vec![
        procedure(
            "1.000894",
            "Thủ tục đăng ký kết hôn",
            &["kết hôn", "lấy vợ", "lấy chồng"],
        ),
        procedure(
            "1.001193",
            "Thủ tục đăng ký khai sinh",
            &["khai sinh", "sinh con"],
        ),
        procedure(
            "1.000656",
            "Thủ tục đăng ký khai tử",
            &["khai tử", "qua đời"],
        ),
        procedure("1.004194", "Đăng ký tạm trú", &["tạm trú", "thuê nhà"]),
        procedure(
            "2.000635",
            "Cấp bản sao trích lục hộ tịch, bản sao Giấy khai sinh",
            &["trích lục"],
        ),
        procedure(
            "1.001612",
            "Đăng ký hộ kinh doanh",
            &["hộ kinh doanh", "mở quán"],
        ),
        procedure(
            "1.004222",
            "Đăng ký thường trú",
            &["thường trú", "nhập khẩu"],
        ),
    ]
}

fn found(query: &str) -> (Vec<String>, Option<String>) {
    let list = catalogue();
    let found = Index::new(&list).search(query);
    let codes = found.hits.iter().map(|at| list[*at].code.clone()).collect();
    (codes, found.instead)
}

fn first(query: &str) -> String {
    found(query).0.first().cloned().unwrap_or_default()
}

#[test]
fn accents_capitals_and_the_crossed_d_do_not_matter() {
    for query in [
        "đăng ký khai sinh",
        "dang ky khai sinh",
        "ĐĂNG KÝ KHAI SINH",
        "Dăng kí khai sinh".replace('í', "ý").as_str(),
        "ke\u{302}\u{301}t ho\u{302}n",
    ] {
        let expected = if query.contains('\u{302}') {
            "1.000894"
        } else {
            "1.001193"
        };
        assert_eq!(first(query), expected, "{query}");
        assert_eq!(found(query).1, None);
    }
}

#[test]
fn the_code_finds_first_with_dots_or_without_and_while_it_is_typed() {
    assert_eq!(found("1.001193").0, ["1.001193"]);
    assert_eq!(found("1001193").0, ["1.001193"]);
    assert_eq!(found("1.004").0, ["1.004194", "1.004222"]);
}

#[test]
fn what_begins_so_comes_before_what_only_holds_the_words() {
    assert_eq!(found("khai sinh").0, ["1.001193", "2.000635"]);
    assert_eq!(first("dang ky k"), "1.000894");
    assert_eq!(found("thủ tục").0.len(), 3);
}

#[test]
fn a_synonym_finds_and_words_in_any_order_do() {
    assert_eq!(first("mở quán"), "1.001612");
    assert_eq!(first("sinh khai"), "1.001193");
    assert_eq!(first("lay vo"), "1.000894");
}

#[test]
fn a_question_in_whole_words_finds() {
    assert_eq!(first("tôi muốn làm giấy khai sinh"), "2.000635");
    assert_eq!(first("thủ tục tạm trú"), "1.004194");
}

#[test]
fn a_slip_is_forgiven_and_said() {
    for (query, code, instead) in [
        ("khia sinh", "1.001193", "khai sinh"),
        ("khaisinh", "1.001193", "khai sinh"),
        ("tam tur", "1.004194", "tạm trú"),
        ("dang ky thuowng tru", "1.004222", "đăng ký thường trú"),
        ("ho kinhh daonh", "1.001612", "hộ kinh doanh"),
    ] {
        let (codes, said) = found(query);
        assert_eq!(codes.first().map_or("", String::as_str), code, "{query}");
        assert_eq!(said.unwrap_or_default(), instead, "{query}");
    }
}

#[test]
fn with_a_slip_the_order_is_that_of_the_right_words() {
    let mut list = vec![procedure("1.002755", "Gia hạn tạm trú", &[])];
    list.extend(catalogue());
    let index = Index::new(&list);
    let (slip, right) = (index.search("tam tur"), index.search("tạm trú"));
    assert_eq!(slip.hits, right.hits);
    assert_eq!(list[slip.hits[0]].code, "1.004194");
}

#[test]
fn nothing_is_found_where_nothing_is_near() {
    assert_eq!(found("xyzzyx qwerty"), (Vec::new(), None));
    assert_eq!(found("").0.len(), 7);
    assert_eq!(found(" .,; ").0.len(), 7);
}

#[test]
fn three_thousand_procedures_are_searched_through_one_index() {
    let list: Vec<_> = (0..3000)
        .map(|number| {
            procedure(
                &format!("3.{number:06}"),
                &format!("Thủ tục số {number} về việc thứ {}", number % 97),
                &["việc khác"],
            )
        })
        .chain(catalogue())
        .collect();
    let index = Index::new(&list);
    let hit = |query: &str| {
        index
            .search(query)
            .hits
            .first()
            .map(|at| list[*at].code.clone())
    };
    assert_eq!(hit("khia sinh").as_deref(), Some("1.001193"));
    assert_eq!(hit("thu tuc so 2711").as_deref(), Some("3.002711"));
    assert_eq!(index.search("viec khac").hits.len(), 3000);
}

fn units() -> Units {
    Units {
        agencies: vec![
            AgencyKind {
                code: "so".into(),
                name: "Sở".into(),
                begins: vec!["Sở".into()],
            },
            AgencyKind {
                code: "khac".into(),
                name: "Khác".into(),
                begins: vec![String::new()],
            },
        ],
        ..Units::default()
    }
}

prop_compose! {
    fn any_procedure()(name in "[a-zđăê ]{0,20}", field in "[ab]", agency in "(Sở|Công an) [xy]", event in "[uv]", level in 0..4usize, service in 0..3usize, citizen: bool) -> ProcedureSummary {
        ProcedureSummary {
            field,
            agency,
            life_events: vec![event],
            level: [Level::Ministry, Level::Province, Level::District, Level::Commune][level],
            service: [Service::Information, Service::Partial, Service::Full][service],
            audience: vec![if citizen { Audience::Citizen } else { Audience::Business }],
            ..procedure("1.000001", &name, &[])
        }
    }
}

prop_compose! {
    fn any_filter()(agency in "(so|khac)?", field in "[ab]?", event in "[uv]?", level in "(commune|province)?", service in "(full|partial)?", audience in "(citizen|business)?") -> Filter {
        Filter { agency, field, level, service, event, audience }
    }
}

fn both(a: &Filter, b: &Filter) -> Option<Filter> {
    let one = |a: &str, b: &str| match (a, b) {
        ("", other) | (other, "") => Some(other.to_owned()),
        (a, b) if a == b => Some(a.to_owned()),
        _ => None,
    };
    Some(Filter {
        agency: one(&a.agency, &b.agency)?,
        field: one(&a.field, &b.field)?,
        level: one(&a.level, &b.level)?,
        service: one(&a.service, &b.service)?,
        event: one(&a.event, &b.event)?,
        audience: one(&a.audience, &b.audience)?,
    })
}

proptest! {
    #[test]
    fn whatever_is_typed_nothing_panics_and_every_hit_is_there_once(query in ".{0,60}", names in proptest::collection::vec(".{0,30}", 0..8)) {
        let list: Vec<_> = names.iter().map(|name| procedure("1.000001", name, &[name])).collect();
        let mut hits = Index::new(&list).search(&query).hits;
        prop_assert!(hits.iter().all(|at| *at < list.len()));
        let count = hits.len();
        hits.sort_unstable();
        hits.dedup();
        prop_assert_eq!(hits.len(), count);
    }

    #[test]
    fn the_whole_name_finds_itself_first(names in proptest::collection::vec("[a-zđưởấê ]{1,24}", 1..8), which in 0usize..8) {
        let list: Vec<_> = names.iter().map(|name| procedure("1.000001", name, &[])).collect();
        let asked = &names[which % names.len()];
        prop_assume!(!fold(asked).is_empty());
        let found = Index::new(&list).search(asked);
        prop_assert_eq!(fold(&list[found.hits[0]].name), fold(asked));
    }

    #[test]
    fn a_missing_accent_never_matters(names in proptest::collection::vec("[a-zđưởấê ]{1,24}", 1..8), query in "[a-eđưởấê ]{1,12}") {
        let list: Vec<_> = names.iter().map(|name| procedure("1.000001", name, &[name])).collect();
        let index = Index::new(&list);
        prop_assert_eq!(index.search(&query).hits, index.search(&fold(&query)).hits);
    }

    #[test]
    fn two_filters_together_admit_what_each_admits(procedure in any_procedure(), a in any_filter(), b in any_filter()) {
        let units = units();
        let each = a.admits(&procedure, &units) && b.admits(&procedure, &units);
        match both(&a, &b) {
            Some(both) => prop_assert_eq!(both.admits(&procedure, &units), each),
            None => prop_assert!(!each),
        }
    }
}
