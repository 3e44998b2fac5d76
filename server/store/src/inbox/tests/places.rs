//! Where a page goes on, and that nobody learns of what they may not see.

use super::*;

#[tokio::test]
async fn a_place_of_another_order_is_refused_and_without_rights_nothing_is_seen() {
    on_each(|database| async move {
        let officer = account(&database).await;
        many(&database, officer, 10).await;
        let ask = |after: Option<&'static str>, scope: Scope| {
            let database = database.clone();
            async move {
                let filter = InboxFilter::default();
                let query = InboxQuery {
                    scope: &scope,
                    officer,
                    filter: &filter,
                    now: NOW,
                    after,
                    limit: 4,
                };
                database.inbox(query).await
            }
        };
        for bad in ["", "x", "a:1", "a:1:x", "a:x:1"] {
            ask(Some(bad), Scope::everything()).await.expect_err(bad);
        }
        let nothing = ask(None, Scope::default()).await.expect("answered");
        assert_eq!(nothing, crate::InboxRows::default());
    })
    .await;
}

#[tokio::test]
async fn a_name_elsewhere_is_answered_as_a_name_nowhere() {
    on_each(|database| async move {
        let officer = account(&database).await;
        let all = many(&database, officer, 10).await;
        let elsewhere = Scope {
            parts: vec![ScopePart {
                agencies: None,
                procedures: Some(vec!["9.999999".into()]),
            }],
        };
        let mut asked = 0;
        for name in NAMES.into_iter().chain(["Không Có Ai"]) {
            let row = query_words(name).join(" ");
            let holds = |one: &Plain| one.found.index.iter().any(|word| word.starts_with(&row));
            asked += usize::from(all.iter().any(holds));
            let filter = InboxFilter {
                search: name.into(),
                shelf: Shelf::All,
                ..InboxFilter::default()
            };
            let query = InboxQuery {
                scope: &elsewhere,
                officer,
                filter: &filter,
                now: NOW,
                after: None,
                limit: 4,
            };
            let told = database.inbox(query).await.expect("answered");
            assert_eq!(told, crate::InboxRows::default(), "{name}");
        }
        assert!(asked > 2, "names that are there");
    })
    .await;
}

#[tokio::test]
async fn where_a_page_goes_on_names_nobody() {
    on_each(|database| async move {
        let officer = account(&database).await;
        many(&database, officer, 40).await;
        let some = Scope {
            parts: vec![ScopePart {
                agencies: None,
                procedures: Some(vec![PROCEDURES[0].0.into()]),
            }],
        };
        let filter = InboxFilter {
            shelf: Shelf::All,
            sort: Sort::Name,
            ..InboxFilter::default()
        };
        let (mut after, mut places) = (None, 0);
        loop {
            let query = InboxQuery {
                scope: &some,
                officer,
                filter: &filter,
                now: NOW,
                after: after.as_deref(),
                limit: 4,
            };
            after = database.inbox(query).await.expect("a page").next;
            let Some(place) = &after else { break };
            assert!(
                !place.contains(|sign: char| sign.is_alphabetic() && sign != 'a'),
                "{place}"
            );
            places += 1;
        }
        assert!(places > 2);
    })
    .await;
}

#[tokio::test]
async fn thousands_of_procedures_are_no_question_too_long() {
    on_each(|database| async move {
        let officer = account(&database).await;
        let all = many(&database, officer, 10).await;
        let mut codes: Vec<String> = (0..5000).map(|number| format!("9.{number:06}")).collect();
        for code in codes.iter().take(600) {
            sqlx::query("INSERT INTO inbox_procedure (procedure, name) VALUES ($1, $2)")
                .bind(code)
                .bind("Đăng ký khai thác")
                .execute(&database.pool)
                .await
                .expect("inserted");
        }
        codes.extend(PROCEDURES.map(|(code, _)| code.to_owned()));
        let named = Scope {
            parts: vec![ScopePart {
                agencies: None,
                procedures: Some(codes),
            }],
        };
        let filter = InboxFilter {
            search: "khai".into(),
            shelf: Shelf::All,
            ..InboxFilter::default()
        };
        let found = joined(&database, officer, &filter, &named).await;
        assert_eq!(found, expected(&all, &filter, &named));
        assert!(!found.is_empty());
        let counts = database.inbox_counts(&named, NOW).await.expect("counted");
        let whole = database.inbox_counts(&Scope::everything(), NOW).await;
        assert_eq!(counts, whole.expect("counted"));
    })
    .await;
}
