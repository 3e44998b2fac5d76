//! Many who submit in the same moment.

use super::super::StoredDossier;
use super::super::tests::{TODAY, announced, file};
use super::*;
use crate::testing::{account, on_each};
use contract::value::DossierCode;

async fn state(database: &Database, id: Uuid) -> StoredDossier {
    database.dossier(None, id).await.expect("there")
}

#[tokio::test]
async fn many_at_once_have_a_code_each_and_nobody_fails_because_of_another() {
    on_each(|database| async move {
        let (owner, stranger) = (account(&database).await, account(&database).await);
        let mut whole = Vec::new();
        for number in 0..30 {
            let new = announced(owner, &format!("Nguyễn Văn {number}"));
            let done = database.announce_dossier(&new, Timestamp(5)).await;
            done.expect("announced");
            whole.push(new.id);
        }
        let mut lacking = announced(owner, "Thiếu");
        lacking.manifest.attachments = vec![file(Uuid::new_v4(), "to-khai", 1)];
        let done = database.announce_dossier(&lacking, Timestamp(5)).await;
        done.expect("announced");
        let submit = |owner, id| {
            let database = database.clone();
            tokio::spawn(async move { database.submit_dossier(owner, id, &TODAY).await })
        };
        let early = submit(owner, lacking.id);
        let mut pressed = Vec::new();
        for id in &whole {
            pressed.push((*id, submit(owner, *id)));
            pressed.push((*id, submit(owner, *id)));
        }
        let theirs = submit(stranger, whole[0]);
        let nobody = submit(owner, Uuid::new_v4());
        let mut codes: BTreeMap<Uuid, BTreeSet<DossierCode>> = BTreeMap::new();
        for (id, pressed) in pressed {
            let done = pressed.await.expect("a task").expect("submitted");
            assert_eq!(done.line.id, id);
            codes.entry(id).or_default().insert(done.line.code);
        }
        assert!(codes.values().all(|codes| codes.len() == 1));
        let mut given: Vec<_> = codes.into_values().flatten().collect();
        given.sort();
        let counted: Vec<DossierCode> = (1..=30)
            .map(|number| {
                format!("000.00.00.H34-261123-{number:04}")
                    .parse()
                    .expect("a code")
            })
            .collect();
        assert_eq!(given, counted, "no number is lost");
        let early = early.await.expect("a task");
        assert!(matches!(early, Err(StoreError::Conflict)));
        assert!(state(&database, lacking.id).await.summary.is_none());
        for missing in [theirs, nobody] {
            let missing = missing.await.expect("a task");
            assert!(matches!(missing, Err(StoreError::NotFound)));
        }
        for id in whole {
            assert_eq!(state(&database, id).await.events.len(), 1);
            let thread = database.thread(id, contract::life::Party::Citizen).await;
            assert_eq!(thread.expect("a thread").messages.len(), 1);
            database.payment(id).await.expect("a bill");
        }
        let notices = database.notices(owner).await.expect("notices");
        assert_eq!(notices.notices.len(), 30);
        let chain = database.verify_audit(None).await.expect("followed");
        assert_eq!(chain.broken, None);
    })
    .await;
}

#[tokio::test]
async fn what_was_looked_at_is_written_together_and_the_chain_holds() {
    on_each(|database| async move {
        let who = account(&database).await;
        let mut looked = Vec::new();
        for number in 0..50 {
            let database = database.clone();
            looked.push(tokio::spawn(async move {
                let record = NewRecord::of(Timestamp(number), who, AuditAction::DossiersSearched);
                database.journal(&record).await
            }));
        }
        for looked in looked {
            looked.await.expect("a task").expect("noted");
        }
        let chain = database.verify_audit(None).await.expect("followed");
        assert_eq!((chain.broken, chain.records), (None, 50));
    })
    .await;
}
