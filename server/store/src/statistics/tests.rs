//! The numbers are those that were counted by hand.

use super::*;
use crate::dossier::tests::{changed, submitted};
use crate::testing::{account, on_each};
use contract::dossier::DossierStatus as S;
use contract::statistics::{OTHER, REFUSALS, Spread};
use uuid::Uuid;

async fn run(database: &Database, statement: &'static str, id: Uuid, numbers: &[i64]) {
    let mut query = sqlx::query(statement).bind(id.to_string());
    for number in numbers {
        query = query.bind(*number);
    }
    let done = query.execute(&database.pool).await.expect("done");
    assert!(done.rows_affected() > 0, "{statement}");
}

/// Ends a dossier so many minutes after it was submitted.
async fn ended(database: &Database, id: Uuid, minutes: i64) {
    let statement =
        "UPDATE dossier_event SET at = $2 WHERE dossier_id = $1 AND status IN ('done', 'returned')";
    run(database, statement, id, &[10 + minutes * MINUTE_MS]).await;
}

async fn asked(database: &Database, id: Uuid, at: i64, answered: Option<i64>, state: &str) {
    sqlx::query(
        "INSERT INTO supplement (id, dossier_id, items, asked_at, asked_by, due_at, state, before_status, answered_at)
         VALUES ($1, $2, '[]', $3, 'Cán bộ', $3, $4, 'received', $5)",
    )
    .bind(Uuid::now_v7().to_string())
    .bind(id.to_string())
    .bind(at)
    .bind(state)
    .bind(answered)
    .execute(&database.pool)
    .await
    .expect("asked");
}

#[tokio::test]
async fn seven_dossiers_counted_by_hand() {
    on_each(|database| async move {
        let owner = account(&database).await;
        let work = [S::Received, S::Processing, S::Done];
        let mut ids = Vec::new();
        // 0: in time, 3 minutes. 1: late, 10 minutes. 2: in time but asked twice, 20 minutes of which 4 the citizen's.
        // 3: waits beyond its day. 4, 5: refused. 6: returned in time with an electronic result, 8 minutes, by post.
        let due = |minutes: i64| Some(Timestamp(10 + minutes * MINUTE_MS));
        for (due, states) in [
            (due(5), &work[..]),
            (due(5), &work[..]),
            (due(50), &work[..]),
            (due(5), &work[..1]),
            (None, &[S::Refused][..]),
            (None, &[S::Refused][..]),
            (due(9), &[S::Received, S::Processing, S::Done, S::Returned][..]),
        ] {
            let id = submitted(&database, owner).await;
            for state in states {
                let due = due.filter(|_| *state == S::Received);
                changed(&database, id, *state, due).await;
            }
            ids.push(id);
        }
        for (at, minutes) in [(0, 3), (1, 10), (2, 20), (6, 8)] {
            ended(&database, ids[at], minutes).await;
        }
        asked(&database, ids[2], 20, Some(20 + 4 * MINUTE_MS), "answered").await;
        asked(&database, ids[2], 30, Some(30), "answered").await;
        // Taken back: as if it had never been asked.
        asked(&database, ids[0], 20, None, "taken-back").await;
        asked(&database, ids[1], 20, Some(20), "answered").await;
        run(&database, "UPDATE dossier SET signed_files = 2 WHERE id = $1", ids[0], &[]).await;
        run(&database, "UPDATE dossier SET signed_files = 1 WHERE id = $1", ids[3], &[]).await;
        run(&database, "UPDATE dossier SET channel = 'post' WHERE id = $1", ids[6], &[]).await;
        for (at, id) in [(0, ids[0]), (6, ids[6])] {
            sqlx::query(
                "INSERT INTO result_file (dossier_id, id, file_name, sha256, size, verdict, added_at, added_by)
                 VALUES ($1, $2, 'a.pdf', '', 1, 'unsigned', $3, '')",
            )
            .bind(id.to_string())
            .bind(Uuid::now_v7().to_string())
            .bind(at)
            .execute(&database.pool)
            .await
            .expect("added");
        }
        sqlx::query("UPDATE dossier_event SET note = $1 WHERE dossier_id = $2 AND status = 'refused'")
            .bind(format!("{} Xem thêm.", REFUSALS[2]))
            .bind(ids[4].to_string())
            .execute(&database.pool)
            .await
            .expect("noted");
        let found = database
            .figures(Timestamp(0), Timestamp(10 + 6 * MINUTE_MS))
            .await
            .expect("counted");
        let [day] = found.as_slice() else {
            panic!("one agency, procedure and day: {found:?}");
        };
        assert_eq!((day.agency.as_str(), day.day), ("UBND cấp xã", 0));
        let wanted = Figures {
            received: 7,
            on_time: 2,
            late: 2,
            overdue: 1,
            refused: 2,
            supplemented: 2,
            signed: 2,
            online: 6,
            whole_online: 1,
        };
        assert_eq!(day.figures, wanted);
        let mut minutes = day.minutes.clone();
        minutes.sort_unstable();
        assert_eq!(minutes, [3, 8, 10, 16]);
        let spread = Spread::of(minutes).expect("some");
        assert_eq!((spread.median, spread.p90), (8, 16));
        let reasons = BTreeMap::from([(REFUSALS[2], 1), (OTHER, 1)]);
        assert_eq!(day.refusals, reasons);
        let none = database.figures(Timestamp(i64::MAX), Timestamp(0)).await;
        assert!(none.expect("counted").is_empty());
    })
    .await;
}
