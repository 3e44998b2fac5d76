use super::*;
use crate::testing::{account, on_each};
use crate::{NewDossier, Submission};
use contract::payment::BillLine;
use serde_json::json;

const NOW: Timestamp = Timestamp(1_795_000_000_000);

fn later(seconds: i64) -> Timestamp {
    Timestamp(NOW.0 + seconds * 1000)
}

async fn submitted(database: &Database) -> (Uuid, Uuid) {
    let (owner, id) = (account(database).await, Uuid::new_v4());
    let new = NewDossier {
        id,
        account: owner,
        manifest: serde_json::from_value(json!({
            "procedure": "2.000635", "form": { "applicant": { "name": "Nguyễn Văn Mẫu" } }, "attachments": [],
            "payment": "at-counter", "declared": true,
        }))
        .expect("a manifest"),
        definition: serde_json::from_value(json!({
            "code": "2.000635", "name": "Trích lục", "field": "Hộ tịch", "level": "commune", "service": "full",
            "agency": "Ủy ban nhân dân cấp xã", "audience": ["citizen"], "life_events": [], "description": "",
            "components": [], "deadline": { "working_days": 1, "text": "" },
        }))
        .expect("a procedure"),
        fee_total: Dong(8000),
    };
    database
        .announce_dossier(&new, Timestamp(5))
        .await
        .expect("announced");
    let submission = Submission {
        unit: "000.00.00.H34",
        day: "261125",
        actor: "Nguyễn Văn Mẫu",
        now: NOW,
    };
    database
        .submit_dossier(owner, id, &submission)
        .await
        .expect("submitted");
    // As if a release had submitted it that opened the bill later: the tests open their own.
    sqlx::query("DELETE FROM payment WHERE dossier_id = $1")
        .bind(id.to_string())
        .execute(&database.pool)
        .await
        .expect("none");
    (owner, id)
}

fn new_payment(dossier: Uuid, total: i64, full: i64) -> NewPayment {
    NewPayment {
        dossier,
        bill: Bill {
            lines: vec![BillLine {
                code: "phi".into(),
                name: "Phí".into(),
                price: Dong(full),
                counter_price: None,
                unit: "bản".into(),
                units: 1,
                copies: 1,
                full: Dong(full),
                reduced: Dong(full - total),
                due: Dong(total),
            }],
            total: Dong(total),
        },
        full: Dong(full),
        exemption: (total < full).then(|| Exemption {
            code: "ho-ngheo".into(),
            who: "Hộ nghèo".into(),
            percent: 100,
            proof: String::new(),
        }),
        method: FeePayment::BankTransfer,
        now: NOW,
    }
}

fn act(act: PaymentAct) -> PaymentChange<'static> {
    PaymentChange {
        act,
        money: Dong(0),
        method: None,
        actor: "Phạm Thị Kiểm",
        by: None,
        reference: "FT26",
        note: "",
        version: None,
        now: later(1),
    }
}

fn attempt(dossier: Uuid) -> OnlineTry {
    OnlineTry {
        id: Uuid::new_v4(),
        dossier,
        amount: Dong(8000),
        reference: String::new(),
        address: String::new(),
        expires_at: later(900),
    }
}

#[tokio::test]
async fn a_payment_begins_once_and_every_change_leaves_an_event() {
    on_each(|database| async move {
        let (owner, dossier) = submitted(&database).await;
        assert_eq!(
            database.payments_of(owner).await.expect("list").len(),
            1,
            "before payments were kept"
        );
        let begun = database
            .open_payment(&new_payment(dossier, 8000, 8000))
            .await
            .expect("begun");
        let again = database
            .open_payment(&new_payment(dossier, 1, 1))
            .await
            .expect("there");
        assert_eq!(
            (begun.standing, again.standing.amount),
            (again.standing, Dong(8000))
        );

        let announced = database
            .change_payment(dossier, &act(PaymentAct::Announced))
            .await
            .expect("announced");
        assert_eq!(announced.standing.state, PaymentState::Announced);
        let mut confirm = act(PaymentAct::TransferConfirmed);
        confirm.version = Some(begun.version);
        assert!(matches!(
            database.change_payment(dossier, &confirm).await,
            Err(StoreError::Conflict)
        ));
        confirm.version = Some(announced.version);
        let paid = database
            .change_payment(dossier, &confirm)
            .await
            .expect("confirmed");
        assert_eq!(
            (paid.standing.state, paid.standing.paid),
            (PaymentState::Paid, Dong(8000))
        );
        assert!(matches!(
            database
                .change_payment(dossier, &act(PaymentAct::CashReceived))
                .await,
            Err(StoreError::Conflict)
        ));
        let events: Vec<_> = paid
            .events
            .iter()
            .map(|event| (event.what, event.amount.0))
            .collect();
        assert_eq!(
            events,
            [
                (PaymentAct::Announced, 0),
                (PaymentAct::TransferConfirmed, 8000)
            ]
        );
        let notices = database.notices(owner).await.expect("notices").notices;
        assert!(
            matches!(
                &notices[0].about,
                NoticeAbout::Payment {
                    act: PaymentAct::TransferConfirmed,
                    ..
                }
            ),
            "{notices:?}"
        );
        let line = database.payments_of(owner).await.expect("list").remove(0);
        assert_eq!(
            (line.state, line.paid, line.dossier),
            (PaymentState::Paid, Dong(8000), dossier)
        );
        let stranger = account(&database).await;
        assert!(
            database
                .payments_of(stranger)
                .await
                .expect("list")
                .is_empty()
        );
    })
    .await;
}

#[tokio::test]
async fn a_refused_exemption_asks_for_the_whole_fee() {
    on_each(|database| async move {
        let (_, dossier) = submitted(&database).await;
        let begun = database
            .open_payment(&new_payment(dossier, 0, 8000))
            .await
            .expect("begun");
        assert_eq!(begun.standing.state, PaymentState::Exempt);
        let refused = database
            .change_payment(dossier, &act(PaymentAct::ExemptionRefused))
            .await
            .expect("refused");
        assert_eq!(
            (refused.standing.state, refused.standing.due()),
            (PaymentState::Unpaid, Dong(8000))
        );
        assert_eq!(refused.standing.accepted, Some(false));
    })
    .await;
}

#[tokio::test]
async fn the_gateway_pays_once_however_often_it_says_so() {
    on_each(|database| async move {
        let (_, dossier) = submitted(&database).await;
        database
            .open_payment(&new_payment(dossier, 8000, 8000))
            .await
            .expect("begun");
        let first = attempt(dossier);
        database
            .start_online(&first, "Nguyễn Văn Mẫu", NOW, later(60), 1)
            .await
            .expect("started");
        database
            .note_online(first.id, "GW-1", "http://localhost/pay", None)
            .await
            .expect("noted");
        let noted = database.online_try(first.id).await.expect("there");
        assert_eq!(
            (noted.reference.as_str(), noted.expires_at),
            ("GW-1", first.expires_at)
        );
        // A gateway that says when its page ends is believed.
        let soon = Some(later(9));
        let again = database.note_online(first.id, "GW-1", "http://localhost/pay", soon);
        again.await.expect("noted");
        let tries = database.open_tries(dossier).await.expect("tries");
        assert_eq!(tries[0].expires_at, later(9));
        assert!(
            database
                .may_ask_online(first.id, later(1), later(1))
                .await
                .expect("asked")
        );
        assert!(
            !database
                .may_ask_online(first.id, later(1), later(2))
                .await
                .expect("asked")
        );

        let settle = |id, outcome| {
            let database = database.clone();
            async move { database.settle_online(id, outcome, "Cổng", later(5)).await }
        };
        assert!(
            settle(first.id, OnlineOutcome::Declined)
                .await
                .expect("declined")
        );
        assert!(
            !settle(first.id, OnlineOutcome::Expired)
                .await
                .expect("over already")
        );
        let second = attempt(dossier);
        let version = database.payment(dossier).await.expect("there").version;
        let other_window = database
            .start_online(
                &attempt(dossier),
                "Nguyễn Văn Mẫu",
                later(6),
                later(66),
                version - 1,
            )
            .await;
        assert!(matches!(other_window, Err(StoreError::Conflict)));
        database
            .start_online(&second, "Nguyễn Văn Mẫu", later(6), later(66), version)
            .await
            .expect("started again");
        let (one, other) = tokio::join!(
            settle(second.id, OnlineOutcome::Paid),
            settle(second.id, OnlineOutcome::Paid)
        );
        assert!(
            one.expect("told") != other.expect("told"),
            "one of two counts"
        );
        let paid = database.payment(dossier).await.expect("there");
        assert_eq!(
            (paid.standing.state, paid.standing.paid, paid.method),
            (PaymentState::Paid, Dong(8000), FeePayment::Online)
        );
        assert!(matches!(
            database
                .start_online(
                    &attempt(dossier),
                    "Nguyễn Văn Mẫu",
                    later(7),
                    later(67),
                    paid.version
                )
                .await,
            Err(StoreError::Conflict)
        ));
        // The one that was declined was paid after all: nothing is lost.
        assert!(settle(first.id, OnlineOutcome::Paid).await.expect("late"));
        let twice = database.payment(dossier).await.expect("there");
        assert_eq!(twice.standing.paid, Dong(16_000));
        assert!(matches!(
            settle(Uuid::new_v4(), OnlineOutcome::Paid).await,
            Err(StoreError::NotFound)
        ));
    })
    .await;
}

#[tokio::test]
async fn a_try_is_due_until_it_ends_and_one_instance_has_it_at_a_time() {
    on_each(|database| async move {
        let (_, dossier) = submitted(&database).await;
        database
            .open_payment(&new_payment(dossier, 8000, 8000))
            .await
            .expect("begun");
        let first = attempt(dossier);
        database
            .start_online(&first, "Nguyễn Văn Mẫu", NOW, later(60), 1)
            .await
            .expect("started");
        let due = |at| {
            let database = database.clone();
            async move { database.due_online(at, 1000, 10).await.expect("asked") }
        };
        assert_eq!(due(later(59)).await, []);
        let (one, other) = tokio::join!(due(later(60)), due(later(60)));
        let taken = [one, other].concat();
        assert_eq!(taken.len(), 1, "one of two has it");
        assert_eq!((taken[0].attempt.id, taken[0].looks), (first.id, 1));
        // Whoever had it died: another takes it when the lease is over, and the first changes nothing any more.
        let again = due(later(61)).await;
        assert_eq!(again[0].looks, 2);
        for (held, next) in [(&taken[0], None), (&again[0], Some(later(70)))] {
            database.asked_online(held, next).await.expect("noted");
        }
        assert_eq!(due(later(69)).await, []);
        assert_eq!(due(later(70)).await.len(), 1);
        let over = OnlineOutcome::Expired;
        let ended = database.settle_online(first.id, over, "Cổng", later(71));
        assert!(ended.await.expect("ended"));
        assert_eq!(due(later(900)).await, [], "it has ended");
    })
    .await;
}

#[tokio::test]
async fn the_first_receipt_counts() {
    on_each(|database| async move {
        let (_, dossier) = submitted(&database).await;
        assert_eq!(database.receipt(dossier).await.expect("none"), None);
        let first = Sha256([1; 32]);
        assert_eq!(
            database
                .keep_receipt(dossier, first, true, NOW)
                .await
                .expect("kept"),
            first
        );
        assert_eq!(
            database
                .keep_receipt(dossier, Sha256([2; 32]), false, NOW)
                .await
                .expect("there"),
            first
        );
    })
    .await;
}
