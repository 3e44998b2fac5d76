//! The storage of transactions, on SQLite and PostgreSQL.
#![allow(clippy::indexing_slicing)]

use super::*;
use crate::testing::{account, on_each};
use contract::provider::Usability;
use contract::signing::SigningItem;
use contract::value::Sha256;

/// A transaction of one file that stands in no other.
fn new(account: Uuid) -> NewSigning {
    NewSigning {
        account,
        actor: "Nguyễn Văn Mẫu".into(),
        request: StartSigning {
            follows: None,
            id: Uuid::new_v4(),
            profile: Uuid::nil(),
            provider: "vnpt-ca".to_owned().try_into().expect("valid"),
            citizen_id: "062099000011".parse().expect("valid"),
            serial: "5401".parse().expect("valid"),
            items: vec![SigningItem {
                attachment: Uuid::new_v4(),
                file_name: "to-khai.pdf".parse().expect("valid"),
                digest: Sha256([1; 32]),
                document_sha256: Sha256([2; 32]),
            }],
        },
        certificate: CertificateInfo {
            serial: "5401".parse().expect("valid"),
            owner: String::new(),
            issuer: String::new(),
            citizen_id: None,
            valid_from: Timestamp(0),
            valid_to: Timestamp(0),
            usability: Usability::Usable,
            der: Base64(vec![]),
            chain: vec![],
        },
        comparison_code: "4821".into(),
        start_waits: false,
        starts_per_minute: 10,
        now: Timestamp(1000),
        expires_at: Timestamp(301_000),
        look_at: Timestamp(2000),
    }
}

fn to(state: SigningState, from: &'static [SigningState], event: SigningEventKind) -> Change {
    Change {
        from,
        version: None,
        to: state,
        failure: None,
        provider_code: Some("tran".into()),
        expires_at: None,
        values: None,
        partial_since: None,
        next_poll_at: None,
        events: vec![event],
        actor: String::new(),
        now: Timestamp(1500),
    }
}

#[tokio::test]
async fn the_same_request_twice_is_one_transaction() {
    on_each(|database| async move {
        let (owner, other) = (account(&database).await, account(&database).await);
        let first = new(owner);
        assert!(database.add_signing(&first).await.expect("added"));
        assert!(!database.add_signing(&first).await.expect("the same"));
        let mut changed = first.clone();
        changed.request.items[0].digest = Sha256([9; 32]);
        assert!(matches!(
            database.add_signing(&changed).await,
            Err(StoreError::Conflict)
        ));
        let foreign = NewSigning {
            account: other,
            ..first
        };
        assert!(matches!(
            database.add_signing(&foreign).await,
            Err(StoreError::Conflict)
        ));
    })
    .await;
}

#[tokio::test]
async fn final_states_absorb_and_every_change_is_in_the_history() {
    on_each(|database| async move {
        let owner = account(&database).await;
        let first = new(owner);
        let id = first.request.id;
        database.add_signing(&first).await.expect("added");
        let waiting = to(
            SigningState::Waiting,
            &[SigningState::Sending],
            SigningEventKind::Sent,
        );
        assert!(
            database
                .change_signing(id, &waiting)
                .await
                .expect("changed")
                .is_some()
        );
        let cancelled = to(
            SigningState::Cancelled,
            &[SigningState::Waiting],
            SigningEventKind::Cancelled,
        );
        assert!(
            database
                .change_signing(id, &cancelled)
                .await
                .expect("changed")
                .is_some()
        );
        let late = to(
            SigningState::Confirmed,
            &[SigningState::Waiting],
            SigningEventKind::Confirmed,
        );
        assert!(
            database
                .change_signing(id, &late)
                .await
                .expect("refused")
                .is_none()
        );
        let stored = database.signing(owner, id).await.expect("there");
        assert_eq!(stored.state, SigningState::Cancelled);
        assert_eq!(stored.provider_code.as_deref(), Some("tran"));
        let history: Vec<_> = database
            .recorded_events(id)
            .await
            .expect("history")
            .into_iter()
            .map(|e| e.what)
            .collect();
        assert_eq!(
            history,
            [
                SigningEventKind::Requested,
                SigningEventKind::Sent,
                SigningEventKind::Cancelled
            ]
        );
        assert!(
            database
                .open_signings(owner)
                .await
                .expect("list")
                .is_empty()
        );
    })
    .await;
}

#[tokio::test]
async fn a_due_transaction_is_leased_to_one() {
    on_each(|database| async move {
        let owner = account(&database).await;
        database.add_signing(&new(owner)).await.expect("added");
        assert!(
            database
                .due_signings(Timestamp(1999), 1000, 50)
                .await
                .expect("none")
                .is_empty()
        );
        assert_eq!(
            database
                .due_signings(Timestamp(2000), 1000, 50)
                .await
                .expect("one")
                .len(),
            1
        );
        assert!(
            database
                .due_signings(Timestamp(2500), 1000, 50)
                .await
                .expect("leased")
                .is_empty()
        );
        assert_eq!(
            database
                .due_signings(Timestamp(3000), 1000, 50)
                .await
                .expect("lease over")
                .len(),
            1
        );
    })
    .await;
}

fn values(places: &[Option<u8>]) -> Option<Vec<Option<Base64>>> {
    Some(
        places
            .iter()
            .map(|byte| byte.map(|byte| Base64(vec![byte])))
            .collect(),
    )
}

const OPEN: &[SigningState] = &[
    SigningState::Sending,
    SigningState::Unknown,
    SigningState::Waiting,
];

#[tokio::test]
async fn a_file_stands_in_one_open_transaction_at_a_time() {
    on_each(|database| async move {
        let (owner, other) = (account(&database).await, account(&database).await);
        let first = new(owner);
        database.add_signing(&first).await.expect("added");
        let mut second = new(owner);
        second.request.items[0].attachment = first.request.items[0].attachment;
        assert!(matches!(
            database.add_signing(&second).await,
            Err(StoreError::Conflict)
        ));
        // Somebody else's file of the same number is another file.
        let theirs = NewSigning {
            account: other,
            ..second.clone()
        };
        assert!(database.add_signing(&theirs).await.expect("added"));
        second.request.id = Uuid::new_v4();

        let mut confirmed = to(SigningState::Confirmed, OPEN, SigningEventKind::Confirmed);
        confirmed.values = values(&[Some(1)]);
        let id = first.request.id;
        database
            .change_signing(id, &confirmed)
            .await
            .expect("changed");
        assert!(
            matches!(
                database.add_signing(&second).await,
                Err(StoreError::Conflict)
            ),
            "the browser embeds it now"
        );
        second.request.follows = Some(id);
        assert!(
            database.add_signing(&second).await.expect("added"),
            "the person gave the first one up"
        );
        let mut third = second.clone();
        third.request.id = Uuid::new_v4();
        third.request.follows = Some(second.request.id);
        assert!(
            matches!(
                database.add_signing(&third).await,
                Err(StoreError::Conflict)
            ),
            "the phone still asks"
        );
        let rejected = to(SigningState::Rejected, OPEN, SigningEventKind::Rejected);
        database
            .change_signing(second.request.id, &rejected)
            .await
            .expect("changed");
        assert!(database.add_signing(&third).await.expect("added"));
    })
    .await;
}

#[tokio::test]
async fn nobody_rings_a_phone_more_often_than_allowed() {
    on_each(|database| async move {
        let owner = account(&database).await;
        let limited = || NewSigning {
            starts_per_minute: 2,
            ..new(owner)
        };
        let first = limited();
        assert!(database.add_signing(&first).await.expect("added"));
        assert!(database.add_signing(&limited()).await.expect("added"));
        assert!(matches!(
            database.add_signing(&limited()).await,
            Err(StoreError::TooMany)
        ));
        assert!(
            !database.add_signing(&first).await.expect("the same"),
            "asking again is no start"
        );
        let later = NewSigning {
            now: Timestamp(62_000),
            ..limited()
        };
        assert!(database.add_signing(&later).await.expect("added"));
    })
    .await;
}

#[tokio::test]
async fn values_are_kept_one_by_one_and_dropped_when_it_ends_without_a_signature() {
    on_each(|database| async move {
        let owner = account(&database).await;
        let first = new(owner);
        let id = first.request.id;
        database.add_signing(&first).await.expect("added");
        let mut some = to(SigningState::Waiting, OPEN, SigningEventKind::Sent);
        some.values = values(&[None, Some(7)]);
        some.partial_since = Some(Timestamp(1500));
        let kept = database
            .change_signing(id, &some)
            .await
            .expect("changed")
            .expect("applied");
        let stored = database.signing(owner, id).await.expect("there");
        assert_eq!(stored.values, kept.values);
        assert_eq!(
            (stored.value(0), stored.value(1)),
            (None, Some(&Base64(vec![7])))
        );
        assert_eq!(stored.partial_since, Some(Timestamp(1500)));
        let mut outdated = to(SigningState::Confirmed, OPEN, SigningEventKind::Confirmed);
        outdated.version = Some(1);
        assert!(
            database
                .change_signing(id, &outdated)
                .await
                .expect("refused")
                .is_none(),
            "decided on an older version"
        );
        let cancelled = to(SigningState::Cancelled, OPEN, SigningEventKind::Cancelled);
        database
            .change_signing(id, &cancelled)
            .await
            .expect("changed");
        let stored = database.signing(owner, id).await.expect("there");
        assert!(stored.values.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_look_that_was_overtaken_does_not_count() {
    on_each(|database| async move {
        let owner = account(&database).await;
        let first = new(owner);
        let id = first.request.id;
        database.add_signing(&first).await.expect("added");
        let mut waiting = to(SigningState::Waiting, OPEN, SigningEventKind::Sent);
        waiting.next_poll_at = Some(Timestamp(2000));
        database
            .change_signing(id, &waiting)
            .await
            .expect("changed");
        let due = database
            .due_signings(Timestamp(2000), 1000, 50)
            .await
            .expect("one");
        assert!(
            database
                .wake_signing(id, Timestamp(2100))
                .await
                .expect("woken")
        );
        let mut look = [Looked {
            id,
            leased_until: due[0].leased_until,
            next_poll_at: Some(Timestamp(9000)),
        }];
        database.looked_at(&mut look).await.expect("written");
        let due = database
            .due_signings(Timestamp(2200), 1000, 50)
            .await
            .expect("the wake counts");
        assert_eq!((due.len(), due[0].attempts), (1, 0));
        look[0].leased_until = due[0].leased_until;
        database.looked_at(&mut look).await.expect("written");
        assert!(
            database
                .due_signings(Timestamp(8999), 1000, 50)
                .await
                .expect("none")
                .is_empty()
        );
        let due = database
            .due_signings(Timestamp(9000), 1000, 50)
            .await
            .expect("one");
        assert_eq!((due.len(), due[0].attempts), (1, 1));
    })
    .await;
}

#[tokio::test]
async fn two_pollers_share_the_work_and_each_look_happens_once() {
    on_each(|database| async move {
        let mut all = Vec::new();
        for _ in 0..12 {
            let owner = account(&database).await;
            for _ in 0..5 {
                let one = new(owner);
                database.add_signing(&one).await.expect("added");
                all.push(one.request.id);
            }
        }
        let poller = |database: Database| async move {
            let mut taken = Vec::new();
            loop {
                let due = database
                    .due_signings(Timestamp(2000), 60_000, 7)
                    .await
                    .expect("due");
                if due.is_empty() {
                    return taken;
                }
                taken.extend(due.into_iter().map(|due| due.request.id));
            }
        };
        let (one, two) = tokio::join!(
            tokio::spawn(poller(database.clone())),
            tokio::spawn(poller(database.clone()))
        );
        let mut taken = one.expect("polled");
        taken.extend(two.expect("polled"));
        taken.sort();
        all.sort();
        assert_eq!(taken, all);
    })
    .await;
}

#[tokio::test]
async fn a_call_that_runs_keeps_its_row_and_loses_it_when_it_is_over() {
    on_each(|database| async move {
        let owner = account(&database).await;
        let mut first = new(owner);
        first.start_waits = true;
        let id = first.request.id;
        database.add_signing(&first).await.expect("added");
        assert!(
            !database
                .renew_signing(id, Timestamp(5000))
                .await
                .expect("not begun")
        );
        let mut waiting = to(SigningState::Waiting, OPEN, SigningEventKind::Sent);
        waiting.next_poll_at = Some(Timestamp(2000));
        database
            .change_signing(id, &waiting)
            .await
            .expect("changed");
        assert!(
            database
                .renew_signing(id, Timestamp(5000))
                .await
                .expect("renewed")
        );
        assert!(
            !database
                .wake_signing(id, Timestamp(2500))
                .await
                .expect("nothing to ask")
        );
        assert!(
            database
                .due_signings(Timestamp(4999), 1000, 9)
                .await
                .expect("kept")
                .is_empty()
        );
        assert!(
            database
                .due_signings(Timestamp(5000), 1000, 9)
                .await
                .expect("its process died")[0]
                .start_waits
        );
        let cancelled = to(SigningState::Cancelled, OPEN, SigningEventKind::Cancelled);
        database
            .change_signing(id, &cancelled)
            .await
            .expect("changed");
        assert!(
            !database
                .renew_signing(id, Timestamp(9000))
                .await
                .expect("over")
        );
    })
    .await;
}

#[tokio::test]
async fn changes_are_read_once_for_all_and_by_either_number() {
    on_each(|database| async move {
        let owner = account(&database).await;
        let first = new(owner);
        let id = first.request.id;
        database.add_signing(&first).await.expect("added");
        let waiting = to(SigningState::Waiting, OPEN, SigningEventKind::Sent);
        database
            .change_signing(id, &waiting)
            .await
            .expect("changed");
        let changes = database
            .changed_signings(Timestamp(1500), 10)
            .await
            .expect("read");
        assert_eq!(
            changes,
            [ChangedSigning {
                id,
                account: owner,
                version: 2,
                at: Timestamp(1500)
            }]
        );
        assert!(
            database
                .changed_signings(Timestamp(1501), 10)
                .await
                .expect("read")
                .is_empty()
        );
        let since = database
            .signings_since(owner, Timestamp(1400))
            .await
            .expect("read");
        assert_eq!(since.len(), 1);
        for number in [id.to_string(), "tran".into()] {
            let found = database
                .signing_at_provider("vnpt-ca", &number)
                .await
                .expect("found");
            assert_eq!(found.request.id, id);
            assert!(database.signing_at_provider("ca2", &number).await.is_err());
        }
        assert!(
            database
                .note_signing_once(id, SigningEventKind::Withdrawn, Timestamp(1))
                .await
                .expect("noted")
        );
        assert!(
            !database
                .note_signing_once(id, SigningEventKind::Withdrawn, Timestamp(1))
                .await
                .expect("known")
        );
    })
    .await;
}

/// Rows of the first release: no new columns, all values in a plain list.
#[tokio::test]
async fn rows_of_the_first_release_are_read() {
    on_each(|database| async move {
        let owner = account(&database).await;
        let old = new(owner);
        sqlx::query(
            "INSERT INTO signing (id, account_id, request, provider, certificate, state, comparison_code, started_at, expires_at, signatures, next_poll_at, version)
             VALUES ($1, $2, $3, 'vnpt-ca', $4, 'confirmed', '4821', 1000, 2000, $5, $6, 3)",
        )
        .bind(old.request.id.to_string())
        .bind(owner.to_string())
        .bind(serde_json::to_string(&old.request).expect("json"))
        .bind(serde_json::to_string(&old.certificate).expect("json"))
        .bind("[\"AQID\"]")
        .bind(NEVER)
        .execute(&database.pool)
        .await
        .expect("written");
        let stored = database.signing(owner, old.request.id).await.expect("read");
        assert_eq!(stored.value(0), Some(&Base64(vec![1, 2, 3])));
        assert_eq!((stored.changed_at, stored.partial_since), (Timestamp(0), None));
    })
    .await;
}

#[tokio::test]
async fn attempts_at_a_file_are_found_whatever_came_of_them_and_nobody_elses() {
    use contract::history::Origin;
    on_each(|database| async move {
        let (owner, other) = (account(&database).await, account(&database).await);
        let first = new(owner);
        let file = first.request.items[0].attachment;
        database.add_signing(&first).await.expect("added");
        let range = Origin::Public("14.225.0.0/16".into());
        let id = first.request.id;
        database.note_origin(id, &range).await.expect("noted");
        database
            .note_origin(id, &Origin::Local)
            .await
            .expect("once only");
        let elsewhere = new(owner);
        database.add_signing(&elsewhere).await.expect("added");
        let mut foreign = new(other);
        foreign.request.items[0].attachment = file;
        database.add_signing(&foreign).await.expect("added");

        let found = database.attempts(owner, &[file], &[]).await.expect("read");
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].signing.request.id, &found[0].origin),
            (id, &range)
        );
        let told: Vec<_> = found[0].events.iter().map(|event| event.what).collect();
        assert_eq!(told, [SigningEventKind::Requested]);

        // What a dossier names is told though its files are others; what it names of somebody else is not.
        let named = [elsewhere.request.id, foreign.request.id];
        let found = database.attempts(owner, &[], &named).await.expect("read");
        let ids: Vec<_> = found.iter().map(|one| one.signing.request.id).collect();
        assert_eq!(ids, [elsewhere.request.id]);
        let all = [named[0], named[1], Uuid::new_v4(), id];
        let signers = database.signers(&all).await.expect("read");
        assert_eq!(signers, [owner, other]);
        assert_eq!(found[0].origin, Origin::Unknown);
    })
    .await;
}
