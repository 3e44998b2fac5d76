//! Many who announce in the same moment, and those who announce once more.

use super::super::tests::{TODAY, announced, file};
use super::*;
use crate::testing::{account, on_each};

/// When it was written last.
async fn written_at(database: &Database, id: Uuid) -> i64 {
    sqlx::query("SELECT announced_at FROM dossier WHERE id = $1")
        .bind(id.to_string())
        .fetch_one(&database.pool)
        .await
        .and_then(|row| row.try_get("announced_at"))
        .expect("there")
}

async fn name(database: &Database, id: Uuid) -> String {
    let stored = database.dossier(None, id).await.expect("there");
    stored.manifest.form.applicant.name
}

#[tokio::test]
async fn many_at_once_are_each_told_what_becomes_of_theirs() {
    on_each(|database| async move {
        let (owner, stranger) = (account(&database).await, account(&database).await);
        let (theirs, sent) = (
            announced(stranger, "Của người khác"),
            announced(owner, "Đã nộp"),
        );
        for new in [&theirs, &sent] {
            let done = database.announce_dossier(new, Timestamp(5)).await;
            done.expect("announced");
        }
        let done = database.submit_dossier(owner, sent.id, &TODAY).await;
        done.expect("submitted");
        let announce = |new: NewDossier| {
            let database = database.clone();
            tokio::spawn(async move { database.announce_dossier(&new, Timestamp(6)).await })
        };
        let mut good = Vec::new();
        for number in 0..20 {
            let mut first = announced(owner, &format!("Nguyễn Văn {number}"));
            good.push((first.id, announce(first.clone()), announce(first.clone())));
            // Pressed once more with other words.
            first.manifest.form.applicant.name = "Trần Thị Thử".to_owned();
            good.push((first.id, announce(first.clone()), announce(first)));
        }
        let taken = announce(NewDossier {
            account: owner,
            ..theirs.clone()
        });
        let late = announce(sent.clone());
        for (id, first, second) in good {
            for told in [first, second] {
                let kept = told.await.expect("a task").expect("announced");
                assert!(kept.is_empty());
            }
            assert!(!name(&database, id).await.is_empty());
        }
        let taken = taken.await.expect("a task");
        assert!(matches!(taken, Err(StoreError::NotFound)), "{taken:?}");
        let late = late.await.expect("a task");
        assert!(matches!(late, Err(StoreError::Conflict)), "{late:?}");
        assert_eq!(name(&database, theirs.id).await, "Của người khác");
    })
    .await;
}

#[tokio::test]
async fn the_same_words_are_written_again_after_an_hour_and_others_at_once() {
    on_each(|database| async move {
        let owner = account(&database).await;
        let mut new = announced(owner, "Nguyễn Văn Mẫu");
        let scan = file(Uuid::new_v4(), "to-khai", 1);
        new.manifest.attachments = vec![scan.clone()];
        let announce = async |new: &NewDossier, at: i64| {
            let told = database.announce_dossier(new, Timestamp(at)).await;
            told.expect("announced").len()
        };
        announce(&new, 1000).await;
        let arrived = StoredAttachment {
            id: scan.id,
            sha256: scan.sha256,
            size: 1,
            verdict: contract::validation::Verdict::Valid,
        };
        let noted = database.add_attachment(new.id, &arrived, &[], ("", Timestamp(1001)));
        noted.await.expect("noted");

        assert_eq!(announce(&new, 2000).await, 1, "what arrived is told");
        assert_eq!(written_at(&database, new.id).await, 1000);

        new.manifest.form.applicant.name = "Trần Thị Thử".to_owned();
        assert_eq!(announce(&new, 3000).await, 1);
        assert_eq!(written_at(&database, new.id).await, 3000);
        assert_eq!(name(&database, new.id).await, "Trần Thị Thử");

        // The fee of another edition, nothing else.
        new.fee_total = contract::value::Dong(5);
        announce(&new, 4000).await;
        assert_eq!(written_at(&database, new.id).await, 4000);

        announce(&new, 4000 + FRESH_MS).await;
        assert_eq!(written_at(&database, new.id).await, 4000 + FRESH_MS);
    })
    .await;
}
