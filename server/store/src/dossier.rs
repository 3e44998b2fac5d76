//! Dossiers from manifest to decision.

use crate::database::{Database, StoreError, as_word, uuid, word};
use contract::dossier::{DossierEvent, DossierManifest, DossierStatus, DossierSummary, FeePayment};
use contract::procedure::Procedure;
use contract::validation::Verdict;
use contract::value::{Dong, DossierCode, Sha256, Timestamp};
use sqlx::Row as _;
use sqlx::any::AnyRow;
use uuid::Uuid;

/// A dossier as announced; it has no code yet.
#[derive(Debug, Clone)]
pub struct NewDossier {
    /// Chosen by the browser.
    pub id: Uuid,
    /// Owner.
    pub account: Uuid,
    /// As announced.
    pub manifest: DossierManifest,
    /// The procedure as it is now.
    pub definition: Procedure,
    /// Folded text the inbox searches, without the code.
    pub search: String,
    /// Sum of the fees.
    pub fee_total: Dong,
}

/// A whole dossier.
#[derive(Debug, Clone)]
pub struct StoredDossier {
    /// Identifier.
    pub id: Uuid,
    /// Owner.
    pub account: Uuid,
    /// As announced.
    pub manifest: DossierManifest,
    /// The procedure as it was.
    pub definition: Procedure,
    /// Its line, once submitted.
    pub summary: Option<DossierSummary>,
    /// Sum of the fees.
    pub fee_total: Dong,
    /// Files that arrived.
    pub attachments: Vec<StoredAttachment>,
    /// What happened.
    pub events: Vec<DossierEvent>,
    /// Grows with every change.
    pub version: i64,
}

/// A file that arrived and was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAttachment {
    /// Identifier.
    pub id: Uuid,
    /// Digest: its name in the file store.
    pub sha256: Sha256,
    /// Length in bytes.
    pub size: u64,
    /// The server's verdict.
    pub verdict: Verdict,
}

/// Submission of a complete dossier.
#[derive(Debug, Clone)]
pub struct Submission<'a> {
    /// Identifier of the receiving unit: the first part of the code.
    pub unit: &'a str,
    /// Day in Vietnam, `yymmdd`.
    pub day: &'a str,
    /// Who submits, by name.
    pub actor: &'a str,
    /// Now.
    pub now: Timestamp,
}

/// What an officer asks the inbox for.
#[derive(Debug, Clone, Default)]
pub struct InboxQuery {
    /// Only this status.
    pub status: Option<DossierStatus>,
    /// Folded words; all of them must occur.
    pub search: String,
    /// Only what was submitted before this moment and id (keyset).
    pub before: Option<(Timestamp, Uuid)>,
    /// At most so many.
    pub limit: i64,
}

fn summary(row: &AnyRow) -> Result<Option<DossierSummary>, StoreError> {
    let Some(code) = row.try_get::<Option<String>, _>("code")? else {
        return Ok(None);
    };
    let count = |column: &str| -> Result<usize, StoreError> {
        usize::try_from(row.try_get::<i64, _>(column)?).map_err(|_| StoreError::Malformed("count"))
    };
    Ok(Some(DossierSummary {
        id: uuid(&row.try_get::<String, _>("id")?)?,
        code: DossierCode::try_from(code).map_err(|_| StoreError::Malformed("code"))?,
        procedure: row.try_get("procedure")?,
        procedure_name: row.try_get("procedure_name")?,
        applicant: row.try_get("applicant")?,
        status: word(
            row.try_get::<Option<String>, _>("status")?
                .unwrap_or_default(),
        )?,
        submitted_at: Timestamp(
            row.try_get::<Option<i64>, _>("submitted_at")?
                .unwrap_or_default(),
        ),
        due_at: row.try_get::<Option<i64>, _>("due_at")?.map(Timestamp),
        files: count("files")?,
        signed_files: count("signed_files")?,
    }))
}

fn attachment(row: &AnyRow) -> Result<StoredAttachment, StoreError> {
    Ok(StoredAttachment {
        id: uuid(&row.try_get::<String, _>("id")?)?,
        sha256: Sha256::try_from(row.try_get::<String, _>("sha256")?)
            .map_err(|_| StoreError::Malformed("digest"))?,
        size: u64::try_from(row.try_get::<i64, _>("size")?)
            .map_err(|_| StoreError::Malformed("size"))?,
        verdict: word(row.try_get("verdict")?)?,
    })
}

impl Database {
    /// Announces a dossier, or announces it anew while it has no code; attachments that are no longer announced as they arrived are forgotten.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it was submitted already, [`StoreError::NotFound`] when it is somebody else's.
    pub async fn announce_dossier(
        &self,
        new: &NewDossier,
    ) -> Result<Vec<StoredAttachment>, StoreError> {
        let mut write = self.write().await?;
        let stored = sqlx::query("SELECT account_id, code FROM dossier WHERE id = $1")
            .bind(new.id.to_string())
            .fetch_optional(&mut *write)
            .await?;
        if let Some(row) = &stored {
            if row.try_get::<String, _>("account_id")? != new.account.to_string() {
                return Err(StoreError::NotFound);
            }
            if row.try_get::<Option<String>, _>("code")?.is_some() {
                return Err(StoreError::Conflict);
            }
        }
        let signed = new
            .manifest
            .attachments
            .iter()
            .filter(|a| !a.signings.is_empty())
            .count();
        sqlx::query(
            "INSERT INTO dossier (id, account_id, manifest, definition, applicant, procedure, procedure_name, agency, search, fee_total, signed_files, files, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1)
             ON CONFLICT (id) DO UPDATE SET manifest = excluded.manifest, definition = excluded.definition, applicant = excluded.applicant,
             procedure = excluded.procedure, procedure_name = excluded.procedure_name, agency = excluded.agency, search = excluded.search,
             fee_total = excluded.fee_total, signed_files = excluded.signed_files, files = excluded.files",
        )
        .bind(new.id.to_string())
        .bind(new.account.to_string())
        .bind(serde_json::to_string(&new.manifest)?)
        .bind(serde_json::to_string(&new.definition)?)
        .bind(&new.manifest.form.applicant.name)
        .bind(&new.definition.summary.code)
        .bind(&new.definition.summary.name)
        .bind(&new.definition.summary.agency)
        .bind(&new.search)
        .bind(new.fee_total.0)
        .bind(i64::try_from(signed).unwrap_or(0))
        .bind(i64::try_from(new.manifest.attachments.len()).unwrap_or(0))
        .execute(&mut *write)
        .await?;
        let rows = sqlx::query("SELECT * FROM attachment WHERE dossier_id = $1")
            .bind(new.id.to_string())
            .fetch_all(&mut *write)
            .await?;
        let mut kept = Vec::new();
        for row in &rows {
            let arrived = attachment(row)?;
            let announced = |a: &&contract::dossier::AttachmentManifest| {
                a.id == arrived.id && a.sha256 == arrived.sha256
            };
            if new.manifest.attachments.iter().find(announced).is_some() {
                kept.push(arrived);
            } else {
                sqlx::query("DELETE FROM attachment WHERE dossier_id = $1 AND id = $2")
                    .bind(new.id.to_string())
                    .bind(arrived.id.to_string())
                    .execute(&mut *write)
                    .await?;
            }
        }
        write.commit().await?;
        Ok(kept)
    }

    /// Notes a file that arrived and was accepted.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_attachment(
        &self,
        dossier: Uuid,
        arrived: &StoredAttachment,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO attachment (dossier_id, id, sha256, size, verdict) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (dossier_id, id) DO UPDATE SET sha256 = excluded.sha256, size = excluded.size, verdict = excluded.verdict",
        )
        .bind(dossier.to_string())
        .bind(arrived.id.to_string())
        .bind(arrived.sha256.to_string())
        .bind(i64::try_from(arrived.size).unwrap_or(i64::MAX))
        .bind(as_word(&arrived.verdict)?)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// A whole dossier; `owner` limits it to that account's.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn dossier(
        &self,
        owner: Option<Uuid>,
        id: Uuid,
    ) -> Result<StoredDossier, StoreError> {
        let row = sqlx::query("SELECT * FROM dossier WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(&self.pool)
            .await?
            .ok_or(StoreError::NotFound)?;
        let account = uuid(&row.try_get::<String, _>("account_id")?)?;
        if owner.is_some_and(|owner| owner != account) {
            return Err(StoreError::NotFound);
        }
        let attachments = sqlx::query("SELECT * FROM attachment WHERE dossier_id = $1")
            .bind(id.to_string())
            .fetch_all(&self.pool)
            .await?
            .iter()
            .map(attachment)
            .collect::<Result<_, _>>()?;
        let events =
            sqlx::query("SELECT * FROM dossier_event WHERE dossier_id = $1 ORDER BY at, id")
                .bind(id.to_string())
                .fetch_all(&self.pool)
                .await?
                .iter()
                .map(|row| {
                    Ok(DossierEvent {
                        at: Timestamp(row.try_get("at")?),
                        actor: row.try_get("actor")?,
                        status: word(row.try_get("status")?)?,
                        note: row.try_get("note")?,
                    })
                })
                .collect::<Result<_, StoreError>>()?;
        Ok(StoredDossier {
            id,
            account,
            manifest: serde_json::from_str(&row.try_get::<String, _>("manifest")?)?,
            definition: serde_json::from_str(&row.try_get::<String, _>("definition")?)?,
            summary: summary(&row)?,
            fee_total: Dong(row.try_get("fee_total")?),
            attachments,
            events,
            version: row.try_get("version")?,
        })
    }

    /// Gives a complete dossier its code and its first status; asking again gives the same line.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn submit_dossier(
        &self,
        owner: Uuid,
        id: Uuid,
        submission: &Submission<'_>,
    ) -> Result<DossierSummary, StoreError> {
        let mut write = self.write().await?;
        // The counter first: it is the row that two submissions of one unit and day wait for.
        let number: i64 = sqlx::query(
            "INSERT INTO code_counter (unit, day, last) VALUES ($1, $2, 1)
             ON CONFLICT (unit, day) DO UPDATE SET last = code_counter.last + 1 RETURNING last",
        )
        .bind(submission.unit)
        .bind(submission.day)
        .fetch_one(&mut *write)
        .await?
        .try_get("last")?;
        let code = format!("{}-{}-{number:04}", submission.unit, submission.day);
        let done = sqlx::query(
            "UPDATE dossier SET code = $1, status = 'new', submitted_at = $2, search = search || ' ' || $3, version = version + 1
             WHERE id = $4 AND account_id = $5 AND code IS NULL",
        )
        .bind(&code)
        .bind(submission.now.0)
        .bind(contract::fold::fold(&code))
        .bind(id.to_string())
        .bind(owner.to_string())
        .execute(&mut *write)
        .await?;
        if done.rows_affected() == 1 {
            add_event(
                &mut write,
                id,
                &DossierEvent {
                    at: submission.now,
                    actor: submission.actor.to_owned(),
                    status: DossierStatus::New,
                    note: String::new(),
                },
            )
            .await?;
            write.commit().await?;
        } else {
            // Submitted before: the number that was just drawn is given back.
            write.rollback().await?;
        }
        let row = sqlx::query("SELECT * FROM dossier WHERE id = $1 AND account_id = $2")
            .bind(id.to_string())
            .bind(owner.to_string())
            .fetch_optional(&self.pool)
            .await?;
        summary(&row.ok_or(StoreError::NotFound)?)?.ok_or(StoreError::NotFound)
    }

    /// An account's submitted dossiers, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn dossiers_of(&self, owner: Uuid) -> Result<Vec<DossierSummary>, StoreError> {
        let rows = sqlx::query("SELECT * FROM dossier WHERE account_id = $1 AND code IS NOT NULL ORDER BY submitted_at DESC, id DESC LIMIT 500")
            .bind(owner.to_string())
            .fetch_all(&self.pool)
            .await?;
        rows.iter()
            .filter_map(|row| summary(row).transpose())
            .collect()
    }

    /// A dossier by its code.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn dossier_by_code(
        &self,
        code: &DossierCode,
    ) -> Result<(DossierSummary, String), StoreError> {
        let row = sqlx::query("SELECT * FROM dossier WHERE code = $1")
            .bind(code.as_str())
            .fetch_optional(&self.pool)
            .await?
            .ok_or(StoreError::NotFound)?;
        Ok((
            summary(&row)?.ok_or(StoreError::NotFound)?,
            row.try_get("agency")?,
        ))
    }

    /// One page of submitted dossiers, newest first, and how many there are by status.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn inbox(
        &self,
        query: &InboxQuery,
    ) -> Result<(Vec<DossierSummary>, Vec<(DossierStatus, u64)>), StoreError> {
        let status = query
            .status
            .as_ref()
            .map(as_word)
            .transpose()?
            .unwrap_or_default();
        let escaped = query
            .search
            .replace('\\', "\\\\")
            .replace('%', "\\%")
            .replace('_', "\\_");
        let pattern = format!("%{}%", escaped.split(' ').collect::<Vec<_>>().join("%"));
        let (before, before_id) = query
            .before
            .map_or((i64::MAX, Uuid::max()), |(at, id)| (at.0, id));
        let rows = sqlx::query(
            "SELECT * FROM dossier WHERE code IS NOT NULL AND ($1 = '' OR status = $1) AND search LIKE $2 ESCAPE '\\'
             AND (submitted_at < $3 OR (submitted_at = $3 AND id < $4)) ORDER BY submitted_at DESC, id DESC LIMIT $5",
        )
        .bind(status)
        .bind(pattern)
        .bind(before)
        .bind(before_id.to_string())
        .bind(query.limit)
        .fetch_all(&self.pool)
        .await?;
        let list = rows
            .iter()
            .filter_map(|row| summary(row).transpose())
            .collect::<Result<_, _>>()?;
        let counts = sqlx::query(
            "SELECT status, COUNT(*) AS number FROM dossier WHERE code IS NOT NULL GROUP BY status",
        )
        .fetch_all(&self.pool)
        .await?
        .iter()
        .map(|row| {
            Ok((
                word(row.try_get("status")?)?,
                u64::try_from(row.try_get::<i64, _>("number")?).unwrap_or(0),
            ))
        })
        .collect::<Result<_, StoreError>>()?;
        Ok((list, counts))
    }

    /// An officer's decision on the version that was seen.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody was faster, [`StoreError::NotFound`].
    pub async fn decide_dossier(
        &self,
        id: Uuid,
        version: i64,
        due_at: Option<Timestamp>,
        decision: &DossierEvent,
    ) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        let done = sqlx::query(
            "UPDATE dossier SET status = $1, due_at = $2, version = version + 1 WHERE id = $3 AND version = $4 AND status = 'new'",
        )
        .bind(as_word(&decision.status)?)
        .bind(due_at.map(|at| at.0))
        .bind(id.to_string())
        .bind(version)
        .execute(&mut *write)
        .await?;
        crate::database::one(&done, StoreError::Conflict)?;
        add_event(&mut write, id, decision).await?;
        Ok(write.commit().await?)
    }
}

async fn add_event(
    write: &mut sqlx::Transaction<'static, sqlx::Any>,
    id: Uuid,
    event: &DossierEvent,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO dossier_event (id, dossier_id, at, actor, status, note) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(Uuid::now_v7().to_string())
        .bind(id.to_string())
        .bind(event.at.0)
        .bind(&event.actor)
        .bind(as_word(&event.status)?)
        .bind(&event.note)
        .execute(&mut **write)
        .await?;
    Ok(())
}

impl StoredDossier {
    /// See [`DossierManifest::payment`].
    #[must_use]
    pub const fn payment(&self) -> FeePayment {
        self.manifest.payment
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{account, on_each};
    use contract::dossier::{Applicant, DossierForm};
    use contract::procedure::{Audience, Deadline, Level, ProcedureSummary, Service};

    fn announced(account: Uuid, name: &str) -> NewDossier {
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
                components: vec![],
                fields: vec![],
                steps: vec![],
                results: vec![],
                legal_basis: vec![],
            },
            search: contract::fold::fold(&format!("{name} Đăng ký khai sinh")),
            fee_total: Dong(0),
        }
    }

    const TODAY: Submission<'static> = Submission {
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
                database.announce_dossier(new).await.expect("announced");
            }
            let one = database
                .submit_dossier(owner, first.id, &TODAY)
                .await
                .expect("submitted");
            assert_eq!(one.code.as_str(), "000.00.00.H34-261123-0001");
            assert_eq!(
                database
                    .submit_dossier(owner, first.id, &TODAY)
                    .await
                    .expect("again")
                    .code,
                one.code
            );
            let two = database
                .submit_dossier(owner, second.id, &TODAY)
                .await
                .expect("submitted");
            assert_eq!(
                two.code.as_str(),
                "000.00.00.H34-261123-0002",
                "no number is lost"
            );
            assert!(matches!(
                database.announce_dossier(&first).await,
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
    async fn the_inbox_searches_pages_and_counts() {
        on_each(|database| async move {
            let owner = account(&database).await;
            for name in ["Nguyễn Văn Mẫu", "Trần Thị Thử", "Lê_Hoàng 100% Ví Dụ"] {
                let new = announced(owner, name);
                database.announce_dossier(&new).await.expect("announced");
                database
                    .submit_dossier(owner, new.id, &TODAY)
                    .await
                    .expect("submitted");
            }
            database
                .announce_dossier(&announced(owner, "Chưa nộp"))
                .await
                .expect("announced");
            let ask = |search: &str, before, limit| {
                let query = InboxQuery {
                    search: search.into(),
                    before,
                    limit,
                    ..InboxQuery::default()
                };
                let database = database.clone();
                async move { database.inbox(&query).await.expect("answered") }
            };
            let (all, counts) = ask("", None, 10).await;
            assert_eq!((all.len(), counts), (3, vec![(DossierStatus::New, 3)]));
            assert_eq!(ask("tran khai sinh", None, 10).await.0.len(), 1);
            assert_eq!(ask("0002", None, 10).await.0.len(), 1);
            assert_eq!(ask("100%", None, 10).await.0.len(), 1);
            assert_eq!(
                ask("l_", None, 10).await.0.len(),
                0,
                "an underscore is not a wildcard"
            );
            let (first, _) = ask("", None, 2).await;
            let last = first.last().expect("two");
            let (rest, _) = ask("", Some((last.submitted_at, last.id)), 2).await;
            assert_eq!(rest.len(), 1);
            assert!(!first.contains(&rest[0]));
        })
        .await;
    }

    #[tokio::test]
    async fn the_faster_officer_decides() {
        on_each(|database| async move {
            let owner = account(&database).await;
            let new = announced(owner, "Nguyễn Văn Mẫu");
            database.announce_dossier(&new).await.expect("announced");
            database
                .submit_dossier(owner, new.id, &TODAY)
                .await
                .expect("submitted");
            let seen = database.dossier(None, new.id).await.expect("there").version;
            let decide = |status| {
                let database = database.clone();
                async move {
                    database
                        .decide_dossier(
                            new.id,
                            seen,
                            Some(Timestamp(99)),
                            &DossierEvent {
                                at: Timestamp(20),
                                actor: "Phạm Thị Kiểm".into(),
                                status,
                                note: String::new(),
                            },
                        )
                        .await
                }
            };
            decide(DossierStatus::Received).await.expect("decided");
            assert!(matches!(
                decide(DossierStatus::Refused).await,
                Err(StoreError::Conflict)
            ));
            let events = database.dossier(None, new.id).await.expect("there").events;
            assert_eq!(
                events.iter().map(|e| e.status).collect::<Vec<_>>(),
                [DossierStatus::New, DossierStatus::Received]
            );
        })
        .await;
    }
}
