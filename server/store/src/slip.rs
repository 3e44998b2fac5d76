//! Slips by the standard forms that were issued for a dossier: each made once, later only signed.

use crate::audit::{NewRecord, append};
use crate::database::{Database, StoreError, as_word, one, uuid, word};
use contract::audit::AuditAction;
use contract::geometry::Rect;
use contract::paper::{Hands, Slip};
use contract::value::{Sha256, Timestamp};
use sqlx::Row as _;
use uuid::Uuid;

/// A slip and where its bytes are.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredSlip {
    /// As people see it.
    pub slip: Slip,
    /// Digest: its name in the file store.
    pub sha256: Sha256,
    /// So many bytes from its beginning are the slip as it was drawn, before any seal or signature.
    pub unsealed: u64,
    /// The date it promises, if it does.
    pub due_at: Option<Timestamp>,
    /// Where the seal belongs: page from 0 and box in view space.
    pub place: (u32, Rect),
}

fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

impl Database {
    /// Slips of a dossier, in the order of what they are about.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn slips(&self, dossier: Uuid) -> Result<Vec<StoredSlip>, StoreError> {
        let rows =
            sqlx::query("SELECT * FROM slip WHERE dossier_id = $1 ORDER BY at, form, number")
                .bind(dossier.to_string())
                .fetch_all(&self.pool)
                .await?;
        let size = |value: i64| u64::try_from(value).map_err(|_| StoreError::Malformed("size"));
        rows.iter()
            .map(|row| {
                let due_at: i64 = row.try_get("due_at")?;
                Ok(StoredSlip {
                    slip: Slip {
                        id: uuid(&row.try_get::<String, _>("id")?)?,
                        form: word(row.try_get("form")?)?,
                        number: u32::try_from(row.try_get::<i64, _>("number")?)
                            .map_err(|_| StoreError::Malformed("number"))?,
                        at: Timestamp(row.try_get("at")?),
                        size: size(row.try_get("size")?)?,
                        hands: serde_json::from_str(&row.try_get::<String, _>("hands")?)?,
                    },
                    sha256: Sha256::try_from(row.try_get::<String, _>("sha256")?)
                        .map_err(|_| StoreError::Malformed("digest"))?,
                    unsealed: size(row.try_get("unsealed")?)?,
                    due_at: (due_at != 0).then_some(Timestamp(due_at)),
                    place: serde_json::from_str(&row.try_get::<String, _>("place")?)?,
                })
            })
            .collect()
    }

    /// Keeps a slip that was made; when somebody was faster, theirs stays.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn issue_slip(
        &self,
        dossier: Uuid,
        made: &StoredSlip,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        let done = sqlx::query(
            "INSERT INTO slip (dossier_id, id, form, number, at, due_at, sha256, size, unsealed, place, hands, made_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (dossier_id, form, number) DO NOTHING",
        )
        .bind(dossier.to_string())
        .bind(made.slip.id.to_string())
        .bind(as_word(&made.slip.form)?)
        .bind(i64::from(made.slip.number))
        .bind(made.slip.at.0)
        .bind(made.due_at.map_or(0, |at| at.0))
        .bind(made.sha256.to_string())
        .bind(number(made.slip.size))
        .bind(number(made.unsealed))
        .bind(serde_json::to_string(&made.place)?)
        .bind(serde_json::to_string(&made.slip.hands)?)
        .bind(now.0)
        .execute(&mut *write)
        .await?;
        if done.rows_affected() == 1 {
            let record = NewRecord {
                at: now,
                actor: None,
                action: AuditAction::SlipIssued,
                dossier: Some(dossier),
                subject: Some(made.slip.id),
                detail: made.slip.form.number(),
            };
            append(&mut write, &record).await?;
        }
        Ok(write.commit().await?)
    }

    /// Puts the signed form of a slip in its place, if it is still the one that was signed.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody was faster.
    pub async fn sign_slip(
        &self,
        dossier: Uuid,
        before: &Sha256,
        signed: (Uuid, Sha256, u64, &Hands),
        by: Uuid,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (id, sha256, size, hands) = signed;
        let mut write = self.write().await?;
        let done = sqlx::query(
            "UPDATE slip SET sha256 = $1, size = $2, hands = $3 WHERE dossier_id = $4 AND id = $5 AND sha256 = $6",
        )
        .bind(sha256.to_string())
        .bind(number(size))
        .bind(serde_json::to_string(hands)?)
        .bind(dossier.to_string())
        .bind(id.to_string())
        .bind(before.to_string())
        .execute(&mut *write)
        .await?;
        one(&done, StoreError::Conflict)?;
        let record = NewRecord {
            dossier: Some(dossier),
            subject: Some(id),
            ..NewRecord::of(now, by, AuditAction::SlipSigned)
        };
        append(&mut write, &record).await?;
        Ok(write.commit().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossier::tests::submitted;
    use crate::testing::{account, on_each};
    use contract::paper::SlipForm;

    fn made(form: SlipForm, number: u32, byte: u8) -> StoredSlip {
        StoredSlip {
            slip: Slip {
                id: Uuid::new_v4(),
                form,
                number,
                at: Timestamp(20),
                size: 900,
                hands: Hands {
                    seal: "UBND".into(),
                    ..Hands::default()
                },
            },
            sha256: Sha256([byte; 32]),
            unsealed: 700,
            due_at: (form == SlipForm::Reception).then_some(Timestamp(50)),
            place: (
                0,
                Rect {
                    x: 213.5,
                    y: 480.25,
                    width: 172.0,
                    height: 50.0,
                },
            ),
        }
    }

    #[tokio::test]
    async fn a_slip_is_issued_once_and_signed_by_who_saw_it_as_it_is() {
        on_each(|database| async move {
            let owner = account(&database).await;
            let dossier = submitted(&database, owner).await;
            let first = made(SlipForm::Reception, 1, 1);
            let asked = made(SlipForm::Supplement, 1, 3);
            for slip in [&first, &made(SlipForm::Reception, 1, 2), &asked] {
                let issued = database.issue_slip(dossier, slip, Timestamp(30)).await;
                issued.expect("issued");
            }
            let kept = database.slips(dossier).await.expect("slips");
            assert_eq!(kept, [first.clone(), asked.clone()]);
            let hands = Hands {
                signers: vec!["Hoàng Minh Chí".into()],
                signings: vec![Uuid::new_v4()],
                seal: "UBND".into(),
            };
            let signed = (first.slip.id, Sha256([9; 32]), 1_800, &hands);
            let sign = |before: Sha256| {
                let database = database.clone();
                async move {
                    database
                        .sign_slip(dossier, &before, signed, owner, Timestamp(31))
                        .await
                }
            };
            assert!(matches!(
                sign(Sha256([2; 32])).await,
                Err(StoreError::Conflict)
            ));
            sign(first.sha256).await.expect("signed");
            let again = sign(first.sha256).await;
            assert!(matches!(again, Err(StoreError::Conflict)), "another by now");
            let kept = database.slips(dossier).await.expect("slips");
            assert_eq!(kept[0].slip.hands, hands);
            assert_eq!((kept[0].slip.size, kept[0].unsealed), (1_800, 700));
        })
        .await;
    }
}
