//! The chain holds with two instances at once, and tells the first link that was tampered with.

use super::*;
use crate::testing::{account, on_each};
use contract::audit::AuditAction;

async fn add(database: &Database, actor: Uuid, dossier: Option<Uuid>, at: i64) {
    let record = NewRecord {
        dossier,
        detail: "new",
        ..NewRecord::of(Timestamp(at), actor, AuditAction::DossierViewed)
    };
    database.journal(&record).await.expect("added");
}

async fn tamper(database: &Database, statement: &'static str) {
    sqlx::query(statement)
        .execute(&database.pool)
        .await
        .expect("tampered");
}

#[tokio::test]
async fn the_chain_tells_the_first_link_that_does_not_hold() {
    on_each(async |database| {
        let actor = account(&database).await;
        for at in 1..=5 {
            add(&database, actor, None, at).await;
        }
        let whole = database.verify_audit(None).await.expect("followed");
        assert_eq!((whole.records, whole.broken), (5, None));
        let kept = (3, "a".repeat(64));
        let other = database.verify_audit(Some((kept.0, kept.1.as_str()))).await;
        assert_eq!(other.expect("followed").broken, Some(Broken::Kept(3)));
        let broken = async || database.verify_audit(None).await.expect("followed").broken;
        for (harm, repair, told) in [
            (
                "UPDATE audit SET at = 77 WHERE number = 3",
                "UPDATE audit SET at = 3 WHERE number = 3",
                Broken::Changed(3),
            ),
            (
                "UPDATE audit SET actor = '' WHERE number = 1",
                "UPDATE audit SET actor = (SELECT actor FROM audit WHERE number = 2) WHERE number = 1",
                Broken::Changed(1),
            ),
            (
                "UPDATE audit SET number = 9 WHERE number = 4",
                "UPDATE audit SET number = 4 WHERE number = 9",
                Broken::Missing(4),
            ),
            (
                "UPDATE audit_head SET number = 4",
                "UPDATE audit_head SET number = 5",
                Broken::End(4),
            ),
        ] {
            tamper(&database, harm).await;
            assert_eq!(broken().await, Some(told), "{harm}");
            tamper(&database, repair).await;
            assert_eq!(broken().await, None, "{repair}");
        }
        // The last one taken away, and the end left alone.
        tamper(&database, "DELETE FROM audit WHERE number = 5").await;
        assert_eq!(broken().await, Some(Broken::End(4)));
    })
    .await;
}

#[tokio::test]
async fn two_instances_at_once_make_one_chain() {
    on_each(async |database| {
        let actor = account(&database).await;
        let url = database.address.clone();
        let other = Database::open(&url).await.expect("a second instance");
        let mut running = Vec::new();
        for at in 0..40 {
            let one = if at % 2 == 0 { &database } else { &other }.clone();
            running.push(tokio::spawn(
                async move { add(&one, actor, None, at).await },
            ));
        }
        for one in running {
            one.await.expect("ran");
        }
        let chain = database.verify_audit(None).await.expect("followed");
        assert_eq!((chain.records, chain.broken), (40, None));
        other.pool.close().await;
    })
    .await;
}

#[tokio::test]
async fn records_are_found_by_person_dossier_action_and_time_page_by_page() {
    on_each(async |database| {
        let (one, two) = (account(&database).await, account(&database).await);
        let dossier = Uuid::now_v7();
        for at in 1..=6 {
            let actor = if at % 2 == 0 { one } else { two };
            add(&database, actor, (at > 3).then_some(dossier), at).await;
        }
        let found = async |filter: AuditFilter| -> Vec<i64> {
            let records = database.audit(&filter, 2).await.expect("found");
            records.iter().map(|record| record.number).collect()
        };
        let all = AuditFilter::default;
        assert_eq!(found(all()).await, [6, 5]);
        assert_eq!(
            found(AuditFilter {
                before: Some(5),
                ..all()
            })
            .await,
            [4, 3]
        );
        assert_eq!(
            found(AuditFilter {
                actor: Some(two),
                ..all()
            })
            .await,
            [5, 3]
        );
        let both = AuditFilter {
            actor: Some(two),
            dossier: Some(dossier),
            ..all()
        };
        assert_eq!(found(both).await, [5]);
        let time = AuditFilter {
            from: Some(Timestamp(2)),
            until: Some(Timestamp(4)),
            ..all()
        };
        assert_eq!(found(time).await, [3, 2]);
        let action = AuditFilter {
            action: Some(AuditAction::SignIn),
            ..all()
        };
        assert_eq!(found(action).await, Vec::<i64>::new());
        // Officers bear their names; citizens do not.
        let named = database.audit(&all(), 1).await.expect("found");
        assert_eq!((named[0].name.as_str(), named[0].actor), ("", Some(one)));
        sqlx::query("UPDATE account SET role = 'officer' WHERE id = $1")
            .bind(one.to_string())
            .execute(&database.pool)
            .await
            .expect("an officer");
        let named = database.audit(&all(), 1).await.expect("found");
        assert_eq!(named[0].name, "Nguyễn Văn Mẫu");
    })
    .await;
}

#[tokio::test]
async fn a_chain_is_followed_on_from_what_held_before() {
    on_each(|database| async move {
        let actor = account(&database).await;
        for at in 1..=3 {
            add(&database, actor, None, at).await;
        }
        let before = database.verify_audit(None).await.expect("followed");
        let on = async || database.verify_audit_from(&before).await.expect("followed");
        assert_eq!(on().await, before, "nothing came");
        add(&database, actor, None, 4).await;
        let after = on().await;
        assert_eq!((after.records, after.broken), (4, None));
        assert_eq!(after, database.verify_audit(None).await.expect("followed"));
        tamper(&database, "UPDATE audit SET at = 77 WHERE number = 4").await;
        assert_eq!(on().await.broken, Some(Broken::Changed(4)));
        tamper(&database, "UPDATE audit SET at = 4 WHERE number = 4").await;
        // What was remembered was changed: it is told where.
        tamper(
            &database,
            "UPDATE audit SET hash = 'made anew' WHERE number = 3",
        )
        .await;
        assert_eq!(on().await.broken, Some(Broken::Changed(3)));
    })
    .await;
}
