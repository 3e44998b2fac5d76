use super::*;
use crate::payment::fee::Further;
use crate::procedure::Procedure;
use proptest::prelude::*;

fn procedure(fees: serde_json::Value) -> Procedure {
    serde_json::from_value(serde_json::json!({
        "code": "2.000815", "name": "Chứng thực bản sao", "field": "Chứng thực", "level": "commune", "service": "full",
        "agency": "Ủy ban nhân dân cấp xã", "audience": ["citizen"], "life_events": [], "description": "", "components": [],
        "deadline": { "working_days": 1, "text": "" }, "fees": fees,
    }))
    .expect("a procedure")
}

fn copies() -> Procedure {
    procedure(serde_json::json!([{
        "code": "phi", "name": "Phí chứng thực", "amount": 2000, "unit": "trang",
        "count": { "by": "asked", "label": "Số trang của một bản", "min": 1, "max": 500 },
        "copies": { "by": "field", "key": "so_ban" },
        "further": { "from": 3, "amount": 1000 }, "most": 200_000,
        "exemptions": [{ "code": "ho-ngheo", "who": "Hộ nghèo", "percent": 50 }],
    }]))
}

fn form(copies: &str) -> DossierForm {
    let mut form = DossierForm::default();
    form.detail.insert("so_ban".into(), copies.into());
    form
}

fn pages(count: u32) -> FeeChoices {
    FeeChoices {
        counts: [("phi".to_owned(), count)].into(),
        exemption: None,
    }
}

#[test]
fn certified_copies_cost_two_thousand_then_one_thousand_a_page_and_two_hundred_thousand_at_most() {
    let procedure = copies();
    let total = |count, copies: &str| bill(&procedure, &form(copies), &pages(count)).total.0;
    assert_eq!(total(1, "1"), 2000);
    assert_eq!(total(2, "1"), 4000);
    assert_eq!(total(5, "1"), 4000 + 3000);
    assert_eq!(total(5, "3"), 3 * 7000);
    assert_eq!(total(500, "2"), 2 * 200_000);
}

#[test]
fn an_exemption_takes_its_part_off_and_an_unknown_one_nothing() {
    let procedure = copies();
    let mut choices = pages(5);
    choices.exemption = Some("ho-ngheo".into());
    let half = bill(&procedure, &form("3"), &choices);
    assert_eq!(half.lines[0].full.0, 21_000);
    assert_eq!(half.lines[0].reduced.0, 10_500);
    assert_eq!(half.total.0, 10_500);
    choices.exemption = Some("ai-do".into());
    assert_eq!(bill(&procedure, &form("3"), &choices).total.0, 21_000);
    assert_eq!(check_choices(&procedure, &choices).len(), 1);
}

#[test]
fn the_price_of_a_submission_online_counts_and_the_counters_is_told() {
    let procedure = procedure(serde_json::json!([
        { "code": "le-phi", "name": "Lệ phí", "amount": 50_000, "online_amount": 25_000, "unit": "lần" },
        { "code": "phi", "name": "Phí", "amount": 100_000, "online_amount": 0, "unit": "lần" },
    ]));
    let bill = bill(&procedure, &DossierForm::default(), &FeeChoices::default());
    assert_eq!(bill.total.0, 25_000);
    assert_eq!(bill.lines[1].counter_price, Some(Dong(100_000)));
}

#[test]
fn counts_are_asked_for_and_stay_within_their_bounds() {
    let procedure = copies();
    let errors = |choices: &FeeChoices| {
        check_choices(&procedure, choices)
            .into_iter()
            .map(|problem| (problem.pointer, problem.error))
            .collect::<Vec<_>>()
    };
    assert_eq!(errors(&pages(5)), []);
    assert_eq!(
        errors(&FeeChoices::default()),
        [("/fees/counts/phi".to_owned(), ValueError::Required)]
    );
    assert_eq!(errors(&pages(501)).len(), 1);
    assert_eq!(errors(&pages(0)).len(), 1);
    let mut more = pages(5);
    more.counts.insert("khac".into(), 1);
    assert_eq!(errors(&more).len(), 1);
}

#[test]
fn choices_of_an_older_catalogue_are_brought_up_to_date() {
    let procedure = copies();
    let mut old = pages(7);
    old.counts.insert("khac".into(), 3);
    old.exemption = Some("ai-do".into());
    assert_eq!(tidied(&procedure, &old), pages(7));
    assert_eq!(tidied(&procedure, &FeeChoices::default()), pages(1));
}

#[test]
fn what_is_wrong_in_a_catalogue_is_told() {
    assert_eq!(
        faults(&copies()),
        ["fee phi: there is no field so_ban to count by"]
    );
    let wrong = procedure(serde_json::json!([
        { "code": "a", "name": "A", "amount": -1, "unit": "lần", "count": { "by": "asked", "label": "", "min": 5, "max": 2 },
          "further": { "from": 1, "amount": 1 }, "exemptions": [{ "code": "x", "who": "X", "percent": 101 }] },
        { "code": "a", "name": "A", "amount": 1, "unit": "lần" },
    ]));
    assert_eq!(faults(&wrong).len(), 6, "{:?}", faults(&wrong));
}

proptest! {
    #[test]
    fn no_bill_is_negative_and_its_sums_agree_whatever_a_catalogue_says(
        fees in proptest::collection::vec(
            (any::<i64>(), proptest::option::of(any::<i64>()), any::<u32>(), any::<u32>(), any::<u32>(), any::<i64>(),
             proptest::option::of(any::<i64>()), any::<u8>(), any::<u32>()), 0..6),
        answer in any::<u32>(),
    ) {
        let mut procedure = procedure(serde_json::json!([]));
        let mut choices = FeeChoices { exemption: Some("x".into()), ..FeeChoices::default() };
        for (index, (amount, online, min, max, from, further, most, percent, chosen)) in fees.into_iter().enumerate() {
            let fee = Fee {
                code: index.to_string(), name: String::new(), amount: Dong(amount), unit: String::new(), note: String::new(),
                online_amount: online.map(Dong),
                count: FeeCount::Asked { label: "x".into(), min, max },
                copies: FeeCount::Field { key: "so_ban".into() },
                further: Some(Further { from, amount: Dong(further) }),
                most: most.map(Dong),
                exemptions: vec![Exemption { code: "x".into(), who: String::new(), percent, proof: String::new() }],
            };
            choices.counts.insert(units_key(&fee), chosen);
            procedure.fees.push(fee);
        }
        let bill = bill(&procedure, &form(&answer.to_string()), &choices);
        prop_assert_eq!(bill.lines.len(), procedure.fees.len());
        let mut sum = 0_i128;
        for line in &bill.lines {
            prop_assert!(line.due.0 >= 0 && line.reduced.0 >= 0 && line.full.0 <= LINE_MAX.0);
            prop_assert_eq!(line.full.0 - line.reduced.0, line.due.0);
            prop_assert!(line.units <= COUNT_MAX && (1..=COUNT_MAX).contains(&line.copies));
            sum += i128::from(line.due.0);
        }
        prop_assert_eq!(sum, i128::from(bill.total.0));
    }

    #[test]
    fn nobody_pays_more_with_an_exemption_or_less_for_more_pages(pages_count in 1u32..500, copies_count in 1u32..100) {
        let procedure = copies();
        let form = form(&copies_count.to_string());
        let plain = bill(&procedure, &form, &pages(pages_count)).total;
        let mut exempt = pages(pages_count);
        exempt.exemption = Some("ho-ngheo".into());
        prop_assert!(bill(&procedure, &form, &exempt).total <= plain);
        if pages_count < 499 {
            prop_assert!(bill(&procedure, &form, &pages(pages_count + 1)).total >= plain);
        }
    }
}
