//! Tests of dossiers on both databases.

use super::*;
use crate::database::Database;
use crate::testing::{account, on_each};
use contract::dossier::{Applicant, DossierForm, DossierStatus};
use contract::life::FormerFile;
use contract::procedure::{Audience, Deadline, Level, ProcedureSummary, Service};
use contract::supplement::{SupplementItem, SupplementTarget};

pub(super) fn announced(account: Uuid, name: &str) -> NewDossier {
    NewDossier {
        id: Uuid::new_v4(),
        account,
        manifest: DossierManifest {
            procedure: "1.001193".into(),
            form: DossierForm {
                applicant: Applicant {
                    name: name.into(),
                    ..Applicant::default()
                },
                ..DossierForm::default()
            },
            attachments: vec![],
            payment: FeePayment::AtCounter,
            fees: contract::payment::FeeChoices::default(),
            declared: true,
        },
        definition: Procedure {
            summary: ProcedureSummary {
                code: "1.001193".into(),
                name: "Đăng ký khai sinh".into(),
                field: "Hộ tịch".into(),
                level: Level::Commune,
                service: Service::Full,
                agency: "UBND cấp xã".into(),
                audience: vec![Audience::Citizen],
                life_events: vec![],
                keywords: vec![],
            },
            description: String::new(),
            deadline: Deadline {
                working_days: 1,
                text: String::new(),
            },
            fees: vec![],
            forms: Vec::new(),
            components: vec![],
            fields: vec![],
            steps: vec![],
            results: vec![],
            legal_basis: vec![],
            work: vec![],
            signed_result: false,
            retention: None,
        },
        fee_total: Dong(0),
    }
}

pub(super) const TODAY: Submission<'static> = Submission {
    unit: "000.00.00.H34",
    day: "261123",
    actor: "Nguyễn Văn Mẫu",
    now: Timestamp(10),
};

#[tokio::test]
async fn codes_count_up_and_a_second_submission_gives_the_same() {
    on_each(|database| async move {
        let owner = account(&database).await;
        let (first, second) = (
            announced(owner, "Nguyễn Văn Mẫu"),
            announced(owner, "Trần Thị Thử"),
        );
        for new in [&first, &second] {
            database
                .announce_dossier(new, Timestamp(5))
                .await
                .expect("announced");
        }
        let one = database
            .submit_dossier(owner, first.id, &TODAY)
            .await
            .expect("submitted");
        assert_eq!(one.line.code.as_str(), "000.00.00.H34-261123-0001");
        assert_eq!(
            database
                .submit_dossier(owner, first.id, &TODAY)
                .await
                .expect("again")
                .line
                .code,
            one.line.code
        );
        let two = database
            .submit_dossier(owner, second.id, &TODAY)
            .await
            .expect("submitted");
        assert_eq!(
            two.line.code.as_str(),
            "000.00.00.H34-261123-0002",
            "no number is lost"
        );
        assert!(matches!(
            database.announce_dossier(&first, Timestamp(5)).await,
            Err(StoreError::Conflict)
        ));
        let stranger = account(&database).await;
        assert!(matches!(
            database.submit_dossier(stranger, first.id, &TODAY).await,
            Err(StoreError::NotFound)
        ));
        assert!(matches!(
            database.dossier(Some(stranger), first.id).await,
            Err(StoreError::NotFound)
        ));
    })
    .await;
}

#[tokio::test]
async fn a_file_that_was_announced_otherwise_meanwhile_or_after_submission_does_not_count() {
    on_each(|database| async move {
        let owner = account(&database).await;
        let mut new = announced(owner, "Nguyễn Văn Mẫu");
        let id = Uuid::new_v4();
        let arrived = |byte| StoredAttachment {
            id,
            sha256: Sha256([byte; 32]),
            size: 1,
            verdict: contract::validation::Verdict::Unsigned,
        };
        new.manifest.attachments = vec![file(id, "to-khai", 1)];
        database
            .announce_dossier(&new, Timestamp(5))
            .await
            .expect("announced");
        new.manifest.attachments = vec![file(id, "to-khai", 2)];
        database
            .announce_dossier(&new, Timestamp(5))
            .await
            .expect("anew");
        let slow = database
            .add_attachment(new.id, &arrived(1), &[], ("", Timestamp(0)))
            .await;
        assert!(matches!(slow, Err(StoreError::Conflict)));
        let early = database.submit_dossier(owner, new.id, &TODAY).await;
        assert!(matches!(early, Err(StoreError::Conflict)), "not here");
        let right = database
            .add_attachment(new.id, &arrived(2), &[], ("", Timestamp(0)))
            .await;
        right.expect("awaited");
        let done = database.submit_dossier(owner, new.id, &TODAY).await;
        done.expect("submitted");
        for byte in [1, 2] {
            let late = database
                .add_attachment(new.id, &arrived(byte), &[], ("", Timestamp(0)))
                .await;
            assert!(matches!(late, Err(StoreError::Conflict)), "{byte}");
        }
        let kept = database.dossier(None, new.id).await.expect("there");
        assert_eq!(kept.attachments, [arrived(2)]);
    })
    .await;
}

/// A submitted dossier.
pub(crate) async fn submitted(database: &Database, owner: Uuid) -> Uuid {
    let new = announced(owner, "Nguyễn Văn Mẫu");
    database
        .announce_dossier(&new, Timestamp(5))
        .await
        .expect("announced");
    database
        .submit_dossier(owner, new.id, &TODAY)
        .await
        .expect("submitted");
    new.id
}

async fn change(
    database: &Database,
    id: Uuid,
    version: Option<i64>,
    (status, due_at): (DossierStatus, Option<Timestamp>),
    with: With<'_>,
) -> Result<(), StoreError> {
    let seen = database.dossier(None, id).await.expect("there");
    let event = DossierEvent {
        at: Timestamp(20),
        actor: "Phạm Thị Kiểm".into(),
        status,
        note: "Ghi chú".into(),
    };
    database
        .change_life(&LifeChange {
            id,
            version: version.unwrap_or(seen.version),
            from: seen.summary.expect("submitted").status,
            due_at,
            event: &event,
            tells: true,
            by: Uuid::nil(),
            step: None,
            with,
        })
        .await
}

/// Changes a dossier's state as it is now.
pub(crate) async fn changed(
    database: &Database,
    id: Uuid,
    status: DossierStatus,
    due_at: Option<Timestamp>,
) {
    change(database, id, None, (status, due_at), With::Nothing)
        .await
        .expect("changed");
}

#[tokio::test]
async fn the_faster_officer_decides() {
    on_each(|database| async move {
        let owner = account(&database).await;
        let id = submitted(&database, owner).await;
        let seen = database.dossier(None, id).await.expect("there").version;
        let decide = |status| {
            let database = database.clone();
            async move {
                let to = (status, Some(Timestamp(99)));
                change(&database, id, Some(seen), to, With::Nothing).await
            }
        };
        decide(DossierStatus::Received).await.expect("decided");
        assert!(matches!(
            decide(DossierStatus::Refused).await,
            Err(StoreError::Conflict)
        ));
        let dossier = database.dossier(None, id).await.expect("there");
        assert_eq!(
            dossier.events.iter().map(|e| e.status).collect::<Vec<_>>(),
            [DossierStatus::New, DossierStatus::Received]
        );
        assert_eq!(dossier.summary.expect("line").due_at, Some(Timestamp(99)));
        let thread = database.thread(id, contract::life::Party::Citizen).await;
        assert_eq!(thread.expect("there").messages.len(), 2, "both notices");
    })
    .await;
}

#[tokio::test]
async fn ones_own_dossiers_come_in_pages_and_none_twice() {
    on_each(|database| async move {
        let owner = account(&database).await;
        let mut all = Vec::new();
        for _ in 0..5 {
            all.push(submitted(&database, owner).await);
        }
        let (mut seen, mut behind) = (Vec::new(), None);
        loop {
            let page = database.at_most_of(owner, behind, 2).await.expect("a page");
            let Some(last) = page.last() else { break };
            behind = Some(last.id);
            seen.push(page.iter().map(|line| line.id).collect::<Vec<_>>());
        }
        let lengths: Vec<usize> = seen.iter().map(Vec::len).collect();
        assert_eq!(lengths, [2, 2, 1]);
        let whole = database.dossiers_of(owner, None).await.expect("all");
        let whole: Vec<Uuid> = whole.iter().map(|line| line.id).collect();
        assert_eq!(seen.concat(), whole, "in the same order");
        all.sort();
        let mut sorted = whole;
        sorted.sort();
        assert_eq!(sorted, all);

        // Behind what is somebody else's, or nobody's, nothing is told.
        for (who, id) in [(Uuid::new_v4(), all[0]), (owner, Uuid::new_v4())] {
            assert!(matches!(
                database.dossiers_of(who, Some(id)).await,
                Err(StoreError::NotFound)
            ));
        }
    })
    .await;
}

pub(super) fn file(id: Uuid, component: &str, byte: u8) -> AttachmentManifest {
    serde_json::from_value(serde_json::json!({
        "id": id, "component": component, "copy_kind": "original", "count": 1, "file_name": "a.pdf",
        "size": 1, "sha256": Sha256([byte; 32]).to_string(),
    }))
    .expect("a manifest")
}

#[tokio::test]
async fn a_supplement_is_asked_announced_answered_and_old_files_stay() {
    on_each(|database| async move {
        let owner = account(&database).await;
        let id = submitted(&database, owner).await;
        let request = Uuid::new_v4();
        let items = [SupplementItem {
            target: SupplementTarget::Component {
                code: "to-khai".into(),
            },
            label: "Tờ khai".into(),
            reason: "Thiếu chữ ký".into(),
        }];
        let with = With::Request {
            id: request,
            items: &items,
            due_at: Timestamp(500),
        };
        change(
            &database,
            id,
            None,
            (DossierStatus::SupplementRequested, None),
            with,
        )
        .await
        .expect("asked");
        let dossier = database.dossier(Some(owner), id).await.expect("there");
        let open = dossier.after.open().expect("open").clone();
        assert_eq!(
            (open.items.as_slice(), open.before),
            (&items[..], DossierStatus::New)
        );

        let (first, second) = (Uuid::new_v4(), Uuid::new_v4());
        let answer = |id, byte| SupplementAnswer {
            request,
            attachments: vec![file(id, "to-khai", byte)],
            fields: std::collections::BTreeMap::new(),
        };
        let arrived = |id, byte| StoredAttachment {
            id,
            sha256: Sha256([byte; 32]),
            size: 1,
            verdict: contract::validation::Verdict::Unsigned,
        };
        let one = answer(first, 1);
        assert!(
            database
                .announce_supplement(id, &one, None)
                .await
                .expect("announced")
                .is_empty()
        );
        database
            .add_attachment(id, &arrived(first, 1), &[], ("", Timestamp(0)))
            .await
            .expect("kept");
        // The citizen changes their mind: another file.
        let two = answer(second, 2);
        let known = database
            .announce_supplement(id, &two, Some(&one))
            .await
            .expect("announced");
        assert!(known.is_empty(), "{known:?}");
        database
            .add_attachment(id, &arrived(second, 2), &[], ("", Timestamp(0)))
            .await
            .expect("kept");
        let late = database
            .add_attachment(id, &arrived(first, 1), &[], ("", Timestamp(0)))
            .await;
        assert!(matches!(late, Err(StoreError::Conflict)), "given up");
        let other = database
            .add_attachment(id, &arrived(second, 3), &[], ("", Timestamp(0)))
            .await;
        assert!(matches!(other, Err(StoreError::Conflict)), "other bytes");
        let dossier = database.dossier(None, id).await.expect("there");
        assert!(dossier.awaited(second).is_some() && dossier.awaited(first).is_none());

        let mut manifest = dossier.manifest.clone();
        manifest.attachments = two.attachments.clone();
        let former = [FormerFile {
            manifest: file(Uuid::new_v4(), "to-khai", 9),
            replaced_at: Timestamp(20),
        }];
        let with = With::Answer {
            request,
            manifest: &manifest,
            former: &former,
        };
        change(&database, id, None, (DossierStatus::New, None), with)
            .await
            .expect("answered");
        let dossier = database.dossier(None, id).await.expect("there");
        assert_eq!(dossier.manifest.attachments[0].id, second);
        assert_eq!(dossier.after.former, former);
        assert!(dossier.after.open().is_none() && dossier.answer.is_none());
        let late = database
            .add_attachment(id, &arrived(second, 2), &[], ("", Timestamp(0)))
            .await;
        assert!(matches!(late, Err(StoreError::Conflict)), "answered");
        assert!(
            matches!(
                database.announce_supplement(id, &two, None).await,
                Err(StoreError::Conflict)
            ),
            "not open any more"
        );
    })
    .await;
}

#[tokio::test]
async fn a_result_is_prepared_only_while_the_dossier_is_worked_on() {
    on_each(|database| async move {
        let owner = account(&database).await;
        let id = submitted(&database, owner).await;
        let result = StoredResult {
            file: ResultFile {
                id: Uuid::new_v4(),
                file_name: "giay-khai-sinh.pdf".parse().expect("a name"),
                size: 7,
                verdict: contract::validation::Verdict::Valid,
                added_at: Timestamp(30),
                hands: contract::paper::Hands::default(),
            },
            sha256: Sha256([7; 32]),
        };
        let add = || database.add_result(id, &result, (owner, "Phạm Thị Kiểm"));
        assert!(
            matches!(add().await, Err(StoreError::Conflict)),
            "not received"
        );
        for status in [DossierStatus::Received, DossierStatus::Processing] {
            changed(&database, id, status, None).await;
        }
        add().await.expect("added");
        assert_eq!(
            database.dossier(None, id).await.expect("there").results,
            std::slice::from_ref(&result)
        );
        database
            .remove_result(id, result.file.id, owner, Timestamp(31))
            .await
            .expect("removed");
        add().await.expect("added");
        for status in [DossierStatus::Done, DossierStatus::Returned] {
            changed(&database, id, status, None).await;
        }
        assert!(
            matches!(
                database
                    .remove_result(id, result.file.id, owner, Timestamp(31))
                    .await,
                Err(StoreError::Conflict)
            ),
            "returned"
        );
    })
    .await;
}
