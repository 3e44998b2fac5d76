//! What a dossier costs and how it was paid; receipts. Every change writes its event in the same transaction.

mod online;

pub use online::{DueTry, OnlineOutcome, OnlineTry};

use crate::audit::{NewRecord, append};
use crate::database::{Database, StoreError, as_word, uuid, word};
use crate::rows::{self, Cell};
use contract::audit::AuditAction;
use contract::dossier::{DossierManifest, FeePayment};
use contract::notice::NoticeAbout;
use contract::payment::{
    Bill, Exemption, FeeChoices, PaymentAct, PaymentEvent, PaymentLine, PaymentState, Standing,
    bill, is_closed,
};
use contract::procedure::Procedure;
use contract::value::{Dong, DossierCode, Sha256, Timestamp};
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};
use uuid::Uuid;

/// A payment as it begins at submission.
#[derive(Debug, Clone)]
pub struct NewPayment {
    /// Dossier.
    pub dossier: Uuid,
    /// The bill.
    pub bill: Bill,
    /// What it would come to without the exemption.
    pub full: Dong,
    /// The exemption that is claimed.
    pub exemption: Option<Exemption>,
    /// How it is to be paid.
    pub method: FeePayment,
    /// Now.
    pub now: Timestamp,
}

/// A payment.
#[derive(Debug, Clone)]
pub struct StoredPayment {
    /// The bill as it was at submission.
    pub bill: Bill,
    /// Amounts and state.
    pub standing: Standing,
    /// How.
    pub method: FeePayment,
    /// The exemption that is claimed.
    pub exemption: Option<Exemption>,
    /// Oldest first.
    pub events: Vec<PaymentEvent>,
    /// Grows with every change.
    pub version: i64,
}

/// Something that happens to a payment.
#[derive(Debug, Clone)]
pub struct PaymentChange<'a> {
    /// What.
    pub act: PaymentAct,
    /// Money that came with it.
    pub money: Dong,
    /// Another way to pay.
    pub method: Option<FeePayment>,
    /// Who, by name.
    pub actor: &'a str,
    /// Who, by account; none: the gateway or the portal.
    pub by: Option<Uuid>,
    /// Number of a transfer or receipt.
    pub reference: &'a str,
    /// Note.
    pub note: &'a str,
    /// The version that was seen; none where it does not matter.
    pub version: Option<i64>,
    /// Now.
    pub now: Timestamp,
}

impl NewPayment {
    /// What a dossier costs as it was handed in.
    #[must_use]
    pub fn of(
        dossier: Uuid,
        manifest: &DossierManifest,
        definition: &Procedure,
        now: Timestamp,
    ) -> Self {
        let own = bill::bill(definition, &manifest.form, &manifest.fees);
        let whole = FeeChoices {
            exemption: None,
            ..manifest.fees.clone()
        };
        let full = bill::bill(definition, &manifest.form, &whole).total;
        let exemption = bill::exemptions(definition)
            .into_iter()
            .find(|known| Some(&known.code) == manifest.fees.exemption.as_ref())
            .cloned();
        let method = match manifest.payment {
            FeePayment::None if own.total.0 > 0 => FeePayment::AtCounter,
            _ if own.total.0 == 0 => FeePayment::None,
            method => method,
        };
        Self {
            dossier,
            bill: own,
            full,
            exemption,
            method,
            now,
        }
    }
}

fn stored(row: &AnyRow, events: Vec<PaymentEvent>) -> Result<StoredPayment, StoreError> {
    let exemption: Option<Exemption> = row
        .try_get::<Option<String>, _>("exemption")?
        .map(|text| serde_json::from_str(&text))
        .transpose()?;
    Ok(StoredPayment {
        bill: serde_json::from_str(&row.try_get::<String, _>("bill")?)?,
        standing: Standing {
            amount: Dong(row.try_get("amount")?),
            full: Dong(row.try_get("full_amount")?),
            paid: Dong(row.try_get("paid")?),
            state: word(row.try_get("state")?)?,
            exempt: exemption.is_some(),
            accepted: row
                .try_get::<Option<i64>, _>("accepted")?
                .map(|accepted| accepted == 1),
        },
        method: word(row.try_get("method")?)?,
        exemption,
        events,
        version: row.try_get("version")?,
    })
}

fn event(row: &AnyRow) -> Result<PaymentEvent, StoreError> {
    Ok(PaymentEvent {
        at: Timestamp(row.try_get("at")?),
        actor: row.try_get("actor")?,
        what: word(row.try_get("what")?)?,
        state: word(row.try_get("state")?)?,
        amount: Dong(row.try_get("amount")?),
        reference: row.try_get("reference")?,
        note: row.try_get("note")?,
    })
}

/// Begins payments; one that is there stays as it is.
pub(crate) async fn open_all(
    write: &mut Transaction<'static, Any>,
    all: &[NewPayment],
) -> Result<(), StoreError> {
    let rows: Vec<[Cell; 11]> = all
        .iter()
        .map(|new| {
            let begun = Standing::new(new.bill.total, new.full, new.exemption.is_some());
            let exemption = new.exemption.as_ref().map(serde_json::to_string);
            Ok([
                new.dossier.into(),
                serde_json::to_string(&new.bill)?.into(),
                begun.amount.0.into(),
                begun.full.0.into(),
                0.into(),
                as_word(&begun.state)?.into(),
                as_word(&new.method)?.into(),
                exemption.transpose()?.into(),
                Cell::Number(None),
                new.now.0.into(),
                1.into(),
            ])
        })
        .collect::<Result<_, StoreError>>()?;
    rows::insert(
        write,
        "INSERT INTO payment (dossier_id, bill, amount, full_amount, paid, state, method, exemption, accepted, updated_at, version)",
        &rows,
        "ON CONFLICT (dossier_id) DO NOTHING",
    )
    .await?;
    Ok(())
}

/// Applies a change inside a transaction: the row is taken first, so that two changes follow each other.
async fn apply(
    write: &mut Transaction<'static, Any>,
    dossier: Uuid,
    change: &PaymentChange<'_>,
) -> Result<(), StoreError> {
    let row =
        sqlx::query("UPDATE payment SET version = version + 1 WHERE dossier_id = $1 RETURNING *")
            .bind(dossier.to_string())
            .fetch_optional(&mut **write)
            .await?
            .ok_or(StoreError::NotFound)?;
    let before = stored(&row, Vec::new())?;
    if change
        .version
        .is_some_and(|seen| seen != before.version - 1)
    {
        return Err(StoreError::Conflict);
    }
    let after = before
        .standing
        .after(change.act, change.money)
        .map_err(|_| StoreError::Conflict)?;
    sqlx::query(
        "UPDATE payment SET amount = $1, paid = $2, state = $3, method = $4, accepted = $5, updated_at = $6 WHERE dossier_id = $7",
    )
    .bind(after.amount.0)
    .bind(after.paid.0)
    .bind(as_word(&after.state)?)
    .bind(as_word(&change.method.unwrap_or(before.method))?)
    .bind(after.accepted.map(i64::from))
    .bind(change.now.0)
    .bind(dossier.to_string())
    .execute(&mut **write)
    .await?;
    let moved = after.paid.0.saturating_sub(before.standing.paid.0);
    sqlx::query(
        "INSERT INTO payment_event (id, dossier_id, at, actor, what, state, amount, reference, note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(Uuid::now_v7().to_string())
    .bind(dossier.to_string())
    .bind(change.now.0)
    .bind(change.actor)
    .bind(as_word(&change.act)?)
    .bind(as_word(&after.state)?)
    .bind(if moved == 0 { change.money.0 } else { moved })
    .bind(change.reference)
    .bind(change.note)
    .execute(&mut **write)
    .await?;
    Ok(())
}

/// Whose a dossier is.
async fn owner(write: &mut Transaction<'static, Any>, dossier: Uuid) -> Result<Uuid, StoreError> {
    let row = sqlx::query("SELECT account_id FROM dossier WHERE id = $1")
        .bind(dossier.to_string())
        .fetch_one(&mut **write)
        .await?;
    uuid(&row.try_get::<String, _>("account_id")?)
}

/// Adds what happened to the journal, last of all.
async fn journal(
    write: &mut Transaction<'static, Any>,
    dossier: Uuid,
    change: &PaymentChange<'_>,
) -> Result<(), StoreError> {
    let record = NewRecord {
        at: change.now,
        actor: change.by,
        action: AuditAction::PaymentChanged,
        dossier: Some(dossier),
        subject: None,
        detail: &as_word(&change.act)?,
    };
    append(write, &record).await
}

/// Tells the applicant what somebody in the agency did.
async fn tell(
    write: &mut Transaction<'static, Any>,
    dossier: Uuid,
    change: &PaymentChange<'_>,
) -> Result<(), StoreError> {
    let row = sqlx::query("SELECT account_id, code, procedure_name FROM dossier WHERE id = $1")
        .bind(dossier.to_string())
        .fetch_one(&mut **write)
        .await?;
    let Some(code) = row.try_get::<Option<String>, _>("code")? else {
        return Ok(());
    };
    let about = NoticeAbout::Payment {
        dossier,
        code: DossierCode::try_from(code).map_err(|_| StoreError::Malformed("code"))?,
        procedure_name: row.try_get("procedure_name")?,
        act: change.act,
    };
    let account = uuid(&row.try_get::<String, _>("account_id")?)?;
    crate::notice::notify(write, account, change.now, &about).await
}

impl Database {
    /// Begins a payment unless there is one; gives what is there.
    ///
    /// # Errors
    /// When the database fails or the dossier does not exist.
    pub async fn open_payment(&self, new: &NewPayment) -> Result<StoredPayment, StoreError> {
        let mut write = self.write().await?;
        open_all(&mut write, std::slice::from_ref(new)).await?;
        write.commit().await?;
        self.payment(new.dossier).await
    }

    /// A payment with its events.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn payment(&self, dossier: Uuid) -> Result<StoredPayment, StoreError> {
        let row = sqlx::query("SELECT * FROM payment WHERE dossier_id = $1")
            .bind(dossier.to_string())
            .fetch_optional(&self.pool)
            .await?
            .ok_or(StoreError::NotFound)?;
        let events =
            sqlx::query("SELECT * FROM payment_event WHERE dossier_id = $1 ORDER BY at, id")
                .bind(dossier.to_string())
                .fetch_all(&self.pool)
                .await?
                .iter()
                .map(event)
                .collect::<Result<_, _>>()?;
        stored(&row, events)
    }

    /// Something happens to a payment.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the state does not allow it or another version was seen, [`StoreError::NotFound`].
    pub async fn change_payment(
        &self,
        dossier: Uuid,
        change: &PaymentChange<'_>,
    ) -> Result<StoredPayment, StoreError> {
        let mut write = self.write().await?;
        apply(&mut write, dossier, change).await?;
        if change.act.is_officers() {
            tell(&mut write, dossier, change).await?;
        }
        journal(&mut write, dossier, change).await?;
        write.commit().await?;
        self.payment(dossier).await
    }

    /// An account's payments, newest first: dossiers that cost, or would cost, something.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn payments_of(&self, owner: Uuid) -> Result<Vec<PaymentLine>, StoreError> {
        let rows = sqlx::query(
            "SELECT d.id, d.code, d.procedure_name, d.fee_total, d.submitted_at, d.status, p.amount, p.paid, p.state, p.method, p.updated_at
             FROM dossier d LEFT JOIN payment p ON p.dossier_id = d.id WHERE d.account_id = $1 AND d.code IS NOT NULL
             AND (d.fee_total > 0 OR p.full_amount > 0) ORDER BY d.submitted_at DESC, d.id DESC LIMIT 200",
        )
        .bind(owner.to_string())
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                let code: String = row.try_get("code")?;
                let known = row.try_get::<Option<String>, _>("state")?;
                let method = row.try_get::<Option<String>, _>("method")?;
                let amount = row.try_get::<Option<i64>, _>("amount")?;
                Ok(PaymentLine {
                    dossier: uuid(&row.try_get::<String, _>("id")?)?,
                    code: DossierCode::try_from(code).map_err(|_| StoreError::Malformed("code"))?,
                    procedure_name: row.try_get("procedure_name")?,
                    amount: Dong(amount.unwrap_or(row.try_get("fee_total")?)),
                    paid: Dong(row.try_get::<Option<i64>, _>("paid")?.unwrap_or(0)),
                    // Submitted before payments were kept: something is owed and nothing known.
                    state: known.map_or(Ok(PaymentState::Unpaid), word)?,
                    closed: row
                        .try_get::<Option<String>, _>("status")?
                        .map_or(Ok(false), |status| word(status).map(is_closed))?,
                    method: method.map_or(Ok(FeePayment::AtCounter), word)?,
                    at: Timestamp(match row.try_get::<Option<i64>, _>("updated_at")? {
                        Some(at) => at,
                        None => row
                            .try_get::<Option<i64>, _>("submitted_at")?
                            .unwrap_or_default(),
                    }),
                })
            })
            .collect()
    }

    /// The id and whose it is of a submitted dossier.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn dossier_of_code(&self, code: &DossierCode) -> Result<Uuid, StoreError> {
        let row = sqlx::query("SELECT id FROM dossier WHERE code = $1")
            .bind(code.as_str())
            .fetch_optional(&self.pool)
            .await?
            .ok_or(StoreError::NotFound)?;
        uuid(&row.try_get::<String, _>("id")?)
    }

    /// Keeps the receipt of a submission unless there is one; gives the one that counts and whether it is sealed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_receipt(
        &self,
        dossier: Uuid,
        sha256: Sha256,
        sealed: bool,
        now: Timestamp,
    ) -> Result<Sha256, StoreError> {
        sqlx::query(
            "INSERT INTO receipt (dossier_id, sha256, sealed, made_at) VALUES ($1, $2, $3, $4) ON CONFLICT (dossier_id) DO NOTHING",
        )
        .bind(dossier.to_string())
        .bind(sha256.to_string())
        .bind(i64::from(sealed))
        .bind(now.0)
        .execute(&self.pool)
        .await?;
        self.receipt(dossier).await?.ok_or(StoreError::NotFound)
    }

    /// The receipt of a submission, once it was made.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn receipt(&self, dossier: Uuid) -> Result<Option<Sha256>, StoreError> {
        sqlx::query("SELECT sha256 FROM receipt WHERE dossier_id = $1")
            .bind(dossier.to_string())
            .fetch_optional(&self.pool)
            .await?
            .map(|row| {
                Sha256::try_from(row.try_get::<String, _>("sha256")?)
                    .map_err(|_| StoreError::Malformed("digest"))
            })
            .transpose()
    }
}

#[cfg(test)]
mod tests;
