//! Two officers at once: whatever both do to a dossier they saw alike, one of them does it and the other is told.

use super::tests::{changed, submitted};
use super::*;
use crate::database::Database;
use crate::testing::{account, on_each};
use crate::work::{StepChange, WorkChange};
use contract::dossier::DossierStatus as S;
use contract::life::{Act, RESULTS_MAX};
use contract::supplement::{SupplementItem, SupplementTarget};
use contract::work::{WorkAct, WorkDone, WorkEntry};

/// What an officer does.
#[derive(Debug, Clone, Copy)]
enum Doing {
    Life(S),
    Ask,
    Work(WorkAct),
}

async fn act(
    database: Database,
    id: Uuid,
    (from, version): (S, i64),
    by: Uuid,
    doing: Doing,
) -> Result<(), StoreError> {
    let now = Timestamp(50);
    let entries = [WorkEntry {
        at: now,
        actor: by.to_string(),
        act: match doing {
            Doing::Work(act) => WorkDone::Work(act),
            Doing::Life(_) | Doing::Ask => WorkDone::Life(Act::Process),
        },
        step: String::new(),
        to: String::new(),
        note: String::new(),
        due_at: None,
        late: false,
    }];
    let step = StepChange {
        step: Some(1),
        due_at: None,
        assignee: Some(by),
        entries: &entries,
    };
    match doing {
        Doing::Work(_) => {
            database
                .change_work(&WorkChange {
                    id,
                    version,
                    status: from,
                    by,
                    now,
                    due_at: None,
                    message: None,
                    act: "test",
                    step,
                })
                .await
        }
        Doing::Life(_) | Doing::Ask => {
            let items = [SupplementItem {
                target: SupplementTarget::Field {
                    pointer: "/applicant/address".into(),
                },
                label: "Địa chỉ".into(),
                reason: "Thiếu".into(),
            }];
            let (status, with) = match doing {
                Doing::Life(status) => (status, With::Nothing),
                _ => (
                    S::SupplementRequested,
                    With::Request {
                        id: Uuid::now_v7(),
                        items: &items,
                        due_at: Timestamp(99),
                    },
                ),
            };
            let event = DossierEvent {
                at: now,
                actor: by.to_string(),
                status,
                note: String::new(),
            };
            database
                .change_life(&LifeChange {
                    id,
                    version,
                    from,
                    due_at: None,
                    event: &event,
                    tells: true,
                    by,
                    step: Some(step),
                    with,
                })
                .await
        }
    }
}

#[tokio::test]
async fn of_two_who_act_at_once_one_does_it_and_the_other_is_told() {
    on_each(|database| async move {
        let owner = account(&database).await;
        let officers = [account(&database).await, account(&database).await];
        let address = database.address.clone();
        let other = Database::open(&address).await.expect("a second instance");
        // Every act beside itself, and beside another one.
        let cases = [
            (&[][..], Doing::Life(S::Received), Doing::Life(S::Received)),
            (&[], Doing::Life(S::Received), Doing::Life(S::Refused)),
            (&[], Doing::Ask, Doing::Ask),
            (&[], Doing::Life(S::Withdrawn), Doing::Life(S::Received)),
            (&[S::Received], Doing::Life(S::Processing), Doing::Ask),
            (
                &[S::Received, S::Processing],
                Doing::Work(WorkAct::Take),
                Doing::Work(WorkAct::Take),
            ),
            (
                &[S::Received, S::Processing],
                Doing::Work(WorkAct::Advance),
                Doing::Work(WorkAct::SendBack),
            ),
            (
                &[S::Received, S::Processing],
                Doing::Work(WorkAct::Assign),
                Doing::Work(WorkAct::Assign),
            ),
            (
                &[S::Received, S::Processing],
                Doing::Work(WorkAct::Apologise),
                Doing::Life(S::Stopped),
            ),
            (
                &[S::Received, S::Processing],
                Doing::Life(S::Done),
                Doing::Work(WorkAct::Advance),
            ),
            (
                &[S::Received, S::Processing, S::Done],
                Doing::Life(S::Returned),
                Doing::Life(S::Returned),
            ),
        ];
        for (before, one, two) in cases {
            let id = submitted(&database, owner).await;
            for status in before {
                changed(&database, id, *status, None).await;
            }
            let seen = database.dossier(None, id).await.expect("there");
            let state = seen.summary.as_ref().expect("submitted").status;
            let events = seen.events.len();
            let as_seen = (state, seen.version);
            let first = tokio::spawn(act(database.clone(), id, as_seen, officers[0], one));
            let second = tokio::spawn(act(other.clone(), id, as_seen, officers[1], two));
            let results = [first.await.expect("ran"), second.await.expect("ran")];
            let winner = results.iter().position(Result::is_ok).expect("one of them");
            let told = &results[1 - winner];
            assert!(
                matches!(told, Err(StoreError::Conflict)),
                "{one:?} beside {two:?}: {told:?}"
            );
            // Nothing of the slower one is left behind.
            let left = database.dossier(None, id).await.expect("there");
            assert_eq!(left.version, seen.version + 1, "{one:?} beside {two:?}");
            assert_eq!(left.assignee, Some(officers[winner]));
            let lines = database.work_entries(id).await.expect("lines");
            assert_eq!(lines.len(), 1, "{one:?} beside {two:?}");
            assert_eq!(lines[0].actor, officers[winner].to_string());
            assert!(left.events.len() <= events + 1);
        }
        let chain = database.verify_audit(None).await.expect("followed");
        assert_eq!(chain.broken, None);
        other.pool.close().await;
    })
    .await;
}

#[tokio::test]
async fn results_that_arrive_together_are_never_more_than_there_may_be() {
    on_each(|database| async move {
        let owner = account(&database).await;
        let id = submitted(&database, owner).await;
        for status in [S::Received, S::Processing] {
            changed(&database, id, status, None).await;
        }
        let adding = (0..RESULTS_MAX + 3).map(|_| {
            let database = database.clone();
            tokio::spawn(async move {
                let file = ResultFile {
                    id: Uuid::new_v4(),
                    file_name: "ket-qua.pdf".parse().expect("a name"),
                    size: 1,
                    verdict: Verdict::Unsigned,
                    added_at: Timestamp(5),
                    hands: contract::paper::Hands::default(),
                };
                let result = StoredResult {
                    file,
                    sha256: Sha256([1; 32]),
                };
                database.add_result(id, &result, (owner, "Cán bộ")).await
            })
        });
        let mut refused = 0;
        for one in adding.collect::<Vec<_>>() {
            match one.await.expect("ran") {
                Ok(()) => {}
                Err(StoreError::TooMany) => refused += 1,
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!(refused, 3);
        let stored = database.dossier(None, id).await.expect("there");
        assert_eq!(stored.results.len(), RESULTS_MAX);
    })
    .await;
}
