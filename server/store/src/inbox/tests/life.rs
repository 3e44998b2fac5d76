//! Saved filters, and rows that follow their dossiers.

use super::*;

#[tokio::test]
async fn saved_filters_belong_to_one_officer_and_a_name_stands_once() {
    on_each(|database| async move {
        let (mine, other) = (account(&database).await, account(&database).await);
        let late = InboxFilter {
            deadline: Some(Deadline::Late),
            ..InboxFilter::default()
        };
        let saved = database
            .save_inbox_filter(mine, "Trễ hẹn", &late, NOW)
            .await
            .expect("saved");
        let again = database
            .save_inbox_filter(mine, "Trễ hẹn", &InboxFilter::default(), NOW)
            .await
            .expect("replaced");
        assert_eq!(saved.id, again.id);
        assert_eq!(database.inbox_filters(mine).await.expect("listed"), [again]);
        assert_eq!(database.inbox_filters(other).await.expect("listed"), []);
        assert!(database.remove_inbox_filter(other, saved.id).await.is_err());
        for at in 1..contract::inbox::SAVED_MAX {
            let name = format!("Bộ lọc {at}");
            database
                .save_inbox_filter(mine, &name, &late, NOW)
                .await
                .expect("saved");
        }
        assert!(matches!(
            database.save_inbox_filter(mine, "Thêm", &late, NOW).await,
            Err(crate::StoreError::TooMany)
        ));
        database
            .remove_inbox_filter(mine, saved.id)
            .await
            .expect("removed");
    })
    .await;
}

#[tokio::test]
async fn a_dossier_enters_with_its_submission_and_moves_with_its_state() {
    use crate::dossier::tests::submitted;
    on_each(|database| async move {
        let owner = account(&database).await;
        let id = submitted(&database, owner).await;
        let counts = || async {
            let counts = database
                .inbox_counts(&Scope::everything(), NOW)
                .await
                .expect("counted");
            let with: BTreeSet<String> = counts
                .states
                .iter()
                .filter(|(_, count)| count.number > 0)
                .map(|(status, _)| status.word())
                .collect();
            (with, counts.open.number)
        };
        assert_eq!(counts().await, (BTreeSet::from(["new".into()]), 1));
        assert!(ON_DESK.contains(&DossierStatus::New));
        let event = contract::dossier::DossierEvent {
            at: NOW,
            actor: "Phạm Thị Kiểm".into(),
            status: DossierStatus::Refused,
            note: "Không đúng nơi".into(),
        };
        let stored = database.dossier(None, id).await.expect("there");
        database
            .change_life(&crate::LifeChange {
                id,
                version: stored.version,
                from: DossierStatus::New,
                due_at: None,
                event: &event,
                tells: false,
                by: owner,
                step: None,
                with: crate::With::Nothing,
            })
            .await
            .expect("refused");
        assert_eq!(counts().await, (BTreeSet::from(["refused".into()]), 0));
    })
    .await;
}

#[tokio::test]
async fn what_an_instance_without_an_inbox_did_is_mended() {
    use crate::dossier::tests::submitted;
    on_each(|database| async move {
        let owner = account(&database).await;
        let (gone, stale) = (
            submitted(&database, owner).await,
            submitted(&database, owner).await,
        );
        // As an old instance leaves them: one it took in, one whose state it changed.
        for statement in [
            "DELETE FROM inbox_word",
            "DELETE FROM inbox WHERE dossier_id = $1",
        ] {
            let mut query = sqlx::query(statement);
            if statement.contains('$') {
                query = query.bind(gone.to_string());
            }
            query.execute(&database.pool).await.expect("deleted");
        }
        sqlx::query("UPDATE dossier SET status = 'refused' WHERE id = $1")
            .bind(stale.to_string())
            .execute(&database.pool)
            .await
            .expect("changed");
        let soon = Timestamp(DAY);
        assert_eq!(database.mend_inbox(soon).await.expect("mended"), (1, 1));
        assert_eq!(database.mend_inbox(soon).await.expect("mended"), (0, 0));
        let officer = account(&database).await;
        let open = joined(
            &database,
            officer,
            &InboxFilter {
                search: "mẫu".into(),
                ..InboxFilter::default()
            },
            &Scope::everything(),
        )
        .await;
        assert_eq!(open, [gone]);
    })
    .await;
}

#[tokio::test]
async fn what_is_late_today_and_soon_moves_with_the_clock_and_stands_still_for_the_citizen() {
    use crate::dossier::tests::{changed, submitted};
    on_each(|database| async move {
        let owner = account(&database).await;
        let hour = 3_600_000;
        // Due an hour ago, in an hour, tomorrow, in ten days.
        let mut all = Vec::new();
        for due in [-hour, hour, DAY, 10 * DAY] {
            let id = submitted(&database, owner).await;
            changed(
                &database,
                id,
                DossierStatus::Received,
                Some(Timestamp(NOW.0 + due)),
            )
            .await;
            all.push(id);
        }
        let counts = async |now: i64| -> Vec<u64> {
            let counts = database
                .inbox_counts(&Scope::everything(), Timestamp(now))
                .await
                .expect("counted");
            let numbers = counts.deadlines.iter();
            numbers.map(|(_, count)| count.number).collect()
        };
        assert_eq!(counts(NOW.0).await, [1, 1, 1]);
        assert_eq!(counts(NOW.0 + 2 * hour).await, [2, 0, 1]);
        assert_eq!(counts(NOW.0 + 2 * DAY).await, [3, 0, 0]);
        assert_eq!(counts(NOW.0 + 20 * DAY).await, [4, 0, 0]);
        let late = InboxFilter {
            deadline: Some(Deadline::Late),
            ..InboxFilter::default()
        };
        let listed = joined(&database, owner, &late, &Scope::everything()).await;
        assert_eq!(listed, [all[0]]);
        // Whoever is waited for is not late.
        changed(&database, all[0], DossierStatus::SupplementRequested, None).await;
        assert_eq!(counts(NOW.0).await, [0, 1, 1]);
        changed(&database, all[0], DossierStatus::Received, None).await;
        changed(&database, all[1], DossierStatus::Stopped, None).await;
        assert_eq!(counts(NOW.0).await, [1, 0, 1]);
    })
    .await;
}
