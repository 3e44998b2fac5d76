//! Whether the chain holds: every record is followed from the first, up to its end as it was when the look began.

use super::Fields;
use crate::database::{Database, StoreError};
use sqlx::Row as _;

/// Records read at once.
const PAGE: i64 = 2000;

/// What came of following the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// Records that hold, from the first.
    pub records: i64,
    /// Hash of the last of them: kept elsewhere it proves later that nothing up to there was changed.
    pub hash: String,
    /// The first link that does not hold.
    pub broken: Option<Broken>,
}

/// The first link that does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// The record of this number is missing.
    Missing(i64),
    /// The record of this number is not the one that was added.
    Changed(i64),
    /// All records hold, but the end says something else: the last ones were taken away, or records put behind it.
    End(i64),
    /// The record of this number does not have the hash that was kept elsewhere: the whole chain was made anew.
    Kept(i64),
}

impl Database {
    /// Follows the chain. `kept` is a number and its hash as somebody kept them elsewhere.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn verify_audit(&self, kept: Option<(i64, &str)>) -> Result<Chain, StoreError> {
        self.follow(None, kept).await
    }

    /// Follows the chain from a record that held when it was followed before: that one, and everything behind it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn verify_audit_from(&self, before: &Chain) -> Result<Chain, StoreError> {
        if before.broken.is_some() || before.records == 0 {
            return self.follow(None, None).await;
        }
        let held = sqlx::query("SELECT hash FROM audit WHERE number = $1")
            .bind(before.records)
            .fetch_optional(&self.pool)
            .await?;
        let same = match held {
            Some(row) => row.try_get::<String, _>("hash")? == before.hash,
            None => false,
        };
        if same {
            self.follow(Some(before), None).await
        } else {
            // Somebody changed what held: from the first, to tell where; a chain that was made anew as a whole does not pass either.
            let known = (before.records, before.hash.as_str());
            self.follow(None, Some(known)).await
        }
    }

    async fn follow(
        &self,
        from: Option<&Chain>,
        kept: Option<(i64, &str)>,
    ) -> Result<Chain, StoreError> {
        let head = sqlx::query("SELECT number, hash FROM audit_head WHERE id = 1")
            .fetch_one(&self.pool)
            .await?;
        let (end, end_hash): (i64, String) = (head.try_get("number")?, head.try_get("hash")?);
        let mut chain = from.cloned().unwrap_or_else(|| Chain {
            records: 0,
            hash: "0".repeat(64),
            broken: None,
        });
        loop {
            let rows =
                sqlx::query("SELECT * FROM audit WHERE number > $1 ORDER BY number LIMIT $2")
                    .bind(chain.records)
                    .bind(PAGE)
                    .fetch_all(&self.pool)
                    .await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                let number: i64 = row.try_get("number")?;
                if chain.records == end {
                    // Added since the look began, or behind the end: the next look tells.
                    break;
                }
                if number != chain.records + 1 {
                    chain.broken = Some(Broken::Missing(chain.records + 1));
                    return Ok(chain);
                }
                let word = |column| row.try_get::<String, _>(column);
                let (actor, action) = (word("actor")?, word("action")?);
                let (dossier, subject) = (word("dossier")?, word("subject")?);
                let detail = word("detail")?;
                let fields = Fields {
                    number,
                    at: row.try_get("at")?,
                    actor: &actor,
                    action: &action,
                    dossier: &dossier,
                    subject: &subject,
                    detail: &detail,
                };
                let hash = fields.hash(&chain.hash)?;
                if hash != word("hash")? {
                    chain.broken = Some(Broken::Changed(number));
                    return Ok(chain);
                }
                if kept.is_some_and(|(at, known)| at == number && known != hash) {
                    chain.broken = Some(Broken::Kept(number));
                    return Ok(chain);
                }
                chain.records = number;
                chain.hash = hash;
            }
            if chain.records >= end {
                break;
            }
        }
        let lost = kept.is_some_and(|(at, _)| at > chain.records);
        if chain.records != end || chain.hash != end_hash || lost {
            chain.broken = Some(Broken::End(chain.records));
        }
        Ok(chain)
    }
}
