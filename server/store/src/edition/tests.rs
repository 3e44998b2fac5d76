//! Drafts of two people, publications together, withdrawals: on both databases.

use super::*;
use crate::testing::{account, on_each};

const NOW: Timestamp = Timestamp(1_795_143_600_000);
const KIND: DocumentKind = DocumentKind::Procedure;

fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

fn draft_of<'a>(author: Uuid, code: &'a str, content: &'a str, version: i64) -> NewDraft<'a> {
    NewDraft {
        kind: KIND,
        code,
        content,
        effective_from: None,
        note: "Tăng lệ phí",
        author,
        version,
        now: NOW,
    }
}

fn name(code: &str, version: i64) -> DraftName {
    DraftName {
        kind: KIND,
        code: code.into(),
        version,
    }
}

#[tokio::test]
async fn of_two_who_write_one_draft_the_second_is_told() {
    on_each(|database| async move {
        let (an, binh) = (account(&database).await, account(&database).await);
        let first = database.save_draft(&draft_of(an, "1.000001", "a", 0)).await;
        assert_eq!(first.expect("written"), 1);
        // Binh saw no draft.
        let blind = database
            .save_draft(&draft_of(binh, "1.000001", "b", 0))
            .await;
        assert!(matches!(blind, Err(StoreError::Conflict)));
        let second = database.save_draft(&draft_of(an, "1.000001", "c", 1)).await;
        assert_eq!(second.expect("written"), 2);
        let stale = database
            .save_draft(&draft_of(binh, "1.000001", "d", 1))
            .await;
        assert!(matches!(stale, Err(StoreError::Conflict)));
        let kept = database.editions(KIND, "1.000001").await.expect("read");
        assert_eq!(kept.len(), 1);
        assert_eq!((kept[0].content.as_str(), kept[0].number), ("c", 1));
        assert_eq!(kept[0].note, "Tăng lệ phí");
        let records = database.verify_audit(None).await.expect("read");
        assert_eq!(records.records, 2, "each writing stands in the journal");
    })
    .await;
}

#[tokio::test]
async fn drafts_are_published_together_or_not_at_all() {
    on_each(|database| async move {
        let an = account(&database).await;
        for code in ["1.000001", "1.000002"] {
            database
                .save_draft(&draft_of(an, code, "x", 0))
                .await
                .expect("written");
        }
        let (stamp, none) = database
            .editions_in(EditionState::Published)
            .await
            .expect("read");
        assert_eq!(none, []);
        let from = date("2026-12-01");
        let one_stale = [name("1.000001", 1), name("1.000002", 9)];
        let refused = database
            .publish_drafts(&one_stale, from, stamp, (an, NOW))
            .await;
        assert!(matches!(refused, Err(StoreError::Conflict)));
        assert_eq!(database.edition_stamp().await.expect("read"), stamp);
        let both = [name("1.000001", 1), name("1.000002", 1)];
        database
            .publish_drafts(&both, from, stamp, (an, NOW))
            .await
            .expect("published");
        let (after, published) = database
            .editions_in(EditionState::Published)
            .await
            .expect("read");
        assert_eq!(after, stamp + 1);
        assert_eq!(published.len(), 2);
        assert_eq!(published[0].effective_from, Some(from));
        // What was checked beside an older catalogue is checked anew.
        database
            .save_draft(&draft_of(an, "1.000001", "y", 0))
            .await
            .expect("the next draft");
        let late = database
            .publish_drafts(&[name("1.000001", 1)], from, stamp, (an, NOW))
            .await;
        assert!(matches!(late, Err(StoreError::Conflict)));
    })
    .await;
}

#[tokio::test]
async fn a_version_is_withdrawn_once_and_its_number_never_comes_again() {
    on_each(|database| async move {
        let an = account(&database).await;
        database
            .save_draft(&draft_of(an, "1.000001", "x", 0))
            .await
            .expect("written");
        let read = database.editions(KIND, "1.000001").await.expect("read");
        let stamp = database.edition_stamp().await.expect("read");
        let (id, version) = (read[0].id, read[0].version);
        let stale = database
            .withdraw_edition(id, version + 1, stamp, (an, NOW))
            .await;
        assert!(matches!(stale, Err(StoreError::Conflict)));
        database
            .withdraw_edition(id, version, stamp, (an, NOW))
            .await
            .expect("withdrawn");
        let again = database
            .withdraw_edition(id, version + 1, stamp + 1, (an, NOW))
            .await;
        assert!(matches!(again, Err(StoreError::Conflict)));
        database
            .save_draft(&draft_of(an, "1.000001", "y", 0))
            .await
            .expect("written");
        let read = database.editions(KIND, "1.000001").await.expect("read");
        let seen: Vec<_> = read.iter().map(|one| (one.number, one.state)).collect();
        assert_eq!(
            seen,
            [(2, EditionState::Draft), (1, EditionState::Withdrawn)]
        );
    })
    .await;
}
