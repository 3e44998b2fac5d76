//! Pages and numbers are those of the plain list.

use super::*;

#[tokio::test]
async fn pages_joined_are_the_whole_list_under_every_order_and_filter() {
    on_each(|database| async move {
        let officer = account(&database).await;
        let all = many(&database, officer, 60).await;
        let mut dice = Dice(11);
        let mut shown = 0;
        for sort in Sort::ALL {
            for shelf in [Shelf::Open, Shelf::All, Shelf::Only(DossierStatus::New)] {
                let filter = InboxFilter {
                    sort,
                    shelf,
                    ..InboxFilter::default()
                };
                let scope = Scope::everything();
                let list = joined(&database, officer, &filter, &scope).await;
                assert_eq!(list, expected(&all, &filter, &scope), "{filter:?}");
            }
        }
        for _ in 0..150 {
            let (filter, scope) = (some_filter(&mut dice), some_scope(&mut dice));
            let list = joined(&database, officer, &filter, &scope).await;
            assert_eq!(
                list,
                expected(&all, &filter, &scope),
                "{filter:?} {scope:?}"
            );
            shown += list.len();
        }
        assert!(shown > 100, "the filters leave something: {shown}");
    })
    .await;
}

#[tokio::test]
async fn the_numbers_are_those_of_what_the_officer_sees() {
    on_each(|database| async move {
        let officer = account(&database).await;
        let all = many(&database, officer, 60).await;
        let mut dice = Dice(3);
        for scope in (0..6)
            .map(|_| some_scope(&mut dice))
            .chain([Scope::everything(), Scope::default()])
        {
            let counts = database.inbox_counts(&scope, NOW).await.expect("counted");
            let number = |filter: InboxFilter| {
                let list = all.iter().filter(|one| one.is_asked(&filter, &scope));
                Count {
                    number: u64::try_from(list.count()).expect("few"),
                    more: false,
                }
            };
            for (status, count) in counts.states {
                let shelf = Shelf::Only(status);
                assert_eq!(
                    count,
                    number(InboxFilter {
                        shelf,
                        ..InboxFilter::default()
                    }),
                    "{status:?}"
                );
            }
            for (class, count) in counts.deadlines {
                let deadline = Some(class);
                assert_eq!(
                    count,
                    number(InboxFilter {
                        deadline,
                        ..InboxFilter::default()
                    }),
                    "{class:?}"
                );
            }
            assert_eq!(counts.open, number(InboxFilter::default()));
        }
    })
    .await;
}
