//! Who somebody is at an identity provider: sign-ins on their way, accounts bound to identities, and the provider's sessions.

use crate::account::{NewAccount, StoredAccount, account};
use crate::audit::{NewRecord, append};
use crate::database::{Database, StoreError, as_word, one, uuid};
use contract::audit::AuditAction;
use contract::session::{Account, Person, Role};
use contract::value::{CitizenId, Timestamp};
use sqlx::{Any, Row as _, Transaction};
use uuid::Uuid;

/// What the journal says of what an identity provider did.
const BY_PROVIDER: &str = "identity-provider";

/// A sign-in on its way to the provider and back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcLogin {
    /// Hash of the state that comes back.
    pub state_sha256: String,
    /// Hash of what only the browser knows that began it.
    pub browser_sha256: String,
    /// The provider's code.
    pub provider: String,
    /// What must stand in the identity token.
    pub nonce: String,
    /// What proves to the provider that the code is ours (PKCE, RFC 7636).
    pub verifier: String,
    /// Where the person goes on; empty when nowhere in particular.
    pub next: String,
    /// When it is too late.
    pub expires_at: Timestamp,
}

/// Somebody as a provider vouches for them.
#[derive(Debug, Clone)]
pub struct ExternalIdentity {
    /// Who says so.
    pub issuer: String,
    /// The provider's name for them, for ever the same.
    pub subject: String,
    /// User name of the officer whose account it is.
    pub user_name: Option<String>,
    /// Full name; none makes no new account.
    pub name: Option<String>,
    /// What is known of them. An identity number in it is believed.
    pub person: Person,
}

/// The provider's session behind one of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcSession {
    /// The provider's code.
    pub provider: String,
    /// Who issued it.
    pub issuer: String,
    /// Whose it is there.
    pub subject: String,
    /// Its name there.
    pub sid: Option<String>,
    /// The identity token, where nothing personal stands in it.
    pub id_token: Option<String>,
}

/// What a provider says ended.
#[derive(Debug, Clone, Copy)]
pub struct EndedThere<'a> {
    /// Who says so.
    pub issuer: &'a str,
    /// Whose sessions.
    pub subject: Option<&'a str>,
    /// Which one.
    pub sid: Option<&'a str>,
    /// The message's own name and until when it could be sent again; none where there is no message.
    pub heard: Option<(&'a str, Timestamp)>,
}

impl Database {
    /// Keeps a sign-in that begins; forgets those that came to nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin_oidc_login(
        &self,
        login: &OidcLogin,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM oidc_login WHERE expires_at <= $1")
            .bind(now.0)
            .execute(&self.pool)
            .await?;
        sqlx::query(
            "INSERT INTO oidc_login (state_sha256, browser_sha256, provider, nonce, verifier, next, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(&login.state_sha256)
        .bind(&login.browser_sha256)
        .bind(&login.provider)
        .bind(&login.nonce)
        .bind(&login.verifier)
        .bind(&login.next)
        .bind(login.expires_at.0)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Takes a sign-in that comes back: once, by the browser that began it, from the provider it went to, in time.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn take_oidc_login(
        &self,
        state_sha256: &str,
        browser_sha256: &str,
        provider: &str,
        now: Timestamp,
    ) -> Result<OidcLogin, StoreError> {
        let row = sqlx::query(
            "DELETE FROM oidc_login WHERE state_sha256 = $1 AND browser_sha256 = $2 AND provider = $3 AND expires_at > $4
             RETURNING nonce, verifier, next, expires_at",
        )
        .bind(state_sha256)
        .bind(browser_sha256)
        .bind(provider)
        .bind(now.0)
        .fetch_optional(&self.pool)
        .await?
        .ok_or(StoreError::NotFound)?;
        Ok(OidcLogin {
            state_sha256: state_sha256.to_owned(),
            browser_sha256: browser_sha256.to_owned(),
            provider: provider.to_owned(),
            nonce: row.try_get("nonce")?,
            verifier: row.try_get("verifier")?,
            next: row.try_get("next")?,
            expires_at: Timestamp(row.try_get("expires_at")?),
        })
    }

    /// The account of an identity. The first time it is bound: to the officer of that user name, to the account of that identity
    /// number, or to a new citizen's account without a password. What an account does not know yet is filled in then.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is neither account nor name, [`StoreError::Conflict`] when the identity number is the
    /// user name of an account of another person.
    pub async fn account_of_identity(
        &self,
        identity: &ExternalIdentity,
        now: Timestamp,
    ) -> Result<Account, StoreError> {
        let mut write = self.write().await?;
        let known = sqlx::query(
            "UPDATE external_identity SET seen_at = $1 WHERE issuer = $2 AND subject = $3 RETURNING account_id",
        )
        .bind(now.0)
        .bind(&identity.issuer)
        .bind(&identity.subject)
        .fetch_optional(&mut *write)
        .await?;
        if let Some(row) = known {
            let id: String = row.try_get("account_id")?;
            let row = sqlx::query("SELECT * FROM account WHERE id = $1")
                .bind(id)
                .fetch_one(&mut *write)
                .await?;
            let found = account(&row)?.account;
            write.commit().await?;
            return Ok(found);
        }
        let account = match found(&mut write, identity).await? {
            Some(StoredAccount { mut account, .. }) => {
                let filled = filled(account.person.clone(), &identity.person);
                if account.role == Role::Citizen && filled != account.person {
                    sqlx::query("UPDATE account SET person = $1 WHERE id = $2")
                        .bind(serde_json::to_string(&filled)?)
                        .bind(account.id.to_string())
                        .execute(&mut *write)
                        .await?;
                    account.person = filled;
                }
                account
            }
            None => made(&mut write, identity).await?,
        };
        let bound = sqlx::query(
            "INSERT INTO external_identity (issuer, subject, account_id, created_at, seen_at)
             VALUES ($1, $2, $3, $4, $4) ON CONFLICT (issuer, subject) DO NOTHING",
        )
        .bind(&identity.issuer)
        .bind(&identity.subject)
        .bind(account.id.to_string())
        .bind(now.0)
        .execute(&mut *write)
        .await?;
        // Somebody came twice at the same moment.
        one(&bound, StoreError::Conflict)?;
        let record = NewRecord {
            subject: Some(account.id),
            detail: BY_PROVIDER,
            ..NewRecord::of(now, account.id, AuditAction::IdentityBound)
        };
        append(&mut write, &record).await?;
        write.commit().await?;
        Ok(account)
    }

    /// Notes the provider's session behind one of ours.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_oidc_session(
        &self,
        token_sha256: &str,
        session: &OidcSession,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO oidc_session (token_sha256, provider, issuer, subject, sid, id_token) VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(token_sha256)
        .bind(&session.provider)
        .bind(&session.issuer)
        .bind(&session.subject)
        .bind(&session.sid)
        .bind(&session.id_token)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The provider's session behind one of ours.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn oidc_session(
        &self,
        token_sha256: &str,
    ) -> Result<Option<OidcSession>, StoreError> {
        let row = sqlx::query("SELECT * FROM oidc_session WHERE token_sha256 = $1")
            .bind(token_sha256)
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| {
            Ok(OidcSession {
                provider: row.try_get("provider")?,
                issuer: row.try_get("issuer")?,
                subject: row.try_get("subject")?,
                sid: row.try_get("sid")?,
                id_token: row.try_get("id_token")?,
            })
        })
        .transpose()
    }

    /// Ends the sessions that a provider says ended: the one of that name, or all of that person; their names.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when this message was heard before.
    pub async fn end_oidc_sessions(
        &self,
        ended: EndedThere<'_>,
        now: Timestamp,
    ) -> Result<Vec<Uuid>, StoreError> {
        let mut write = self.write().await?;
        if let Some((jti, until)) = ended.heard {
            sqlx::query("DELETE FROM oidc_logout WHERE expires_at <= $1")
                .bind(now.0)
                .execute(&mut *write)
                .await?;
            let heard = sqlx::query(
                "INSERT INTO oidc_logout (issuer, jti, expires_at) VALUES ($1, $2, $3) ON CONFLICT (issuer, jti) DO NOTHING",
            )
            .bind(ended.issuer)
            .bind(jti)
            .bind(until.0)
            .execute(&mut *write)
            .await?;
            one(&heard, StoreError::Conflict)?;
        }
        let (which, names) = match (ended.sid, ended.subject) {
            (Some(sid), Some(subject)) => ("sid = $2 AND subject = $3", vec![sid, subject]),
            (Some(sid), None) => ("sid = $2", vec![sid]),
            (None, Some(subject)) => ("subject = $2", vec![subject]),
            (None, None) => return Ok(Vec::new()),
        };
        let text = format!(
            "DELETE FROM session WHERE token_sha256 IN
             (SELECT token_sha256 FROM oidc_session WHERE issuer = $1 AND {which})
             RETURNING id AS session_id, account_id"
        );
        let mut query = sqlx::query(sqlx::AssertSqlSafe(text)).bind(ended.issuer);
        for name in names {
            query = query.bind(name);
        }
        let rows = query.fetch_all(&mut *write).await?;
        for row in &rows {
            let id = uuid(&row.try_get::<String, _>("account_id")?)?;
            let record = NewRecord {
                actor: None,
                subject: Some(id),
                detail: BY_PROVIDER,
                ..NewRecord::of(now, id, AuditAction::SignOut)
            };
            append(&mut write, &record).await?;
        }
        write.commit().await?;
        crate::session::names(&rows)
    }
}

/// What `person` begins with for an identity number; see the migration.
fn beginning(number: &CitizenId) -> String {
    format!("{{\"citizen_id\":\"{number}\"")
}

/// The account that an identity belongs to although it never came before.
async fn found(
    write: &mut Transaction<'static, Any>,
    identity: &ExternalIdentity,
) -> Result<Option<StoredAccount>, StoreError> {
    if let Some(user_name) = &identity.user_name {
        let row = sqlx::query("SELECT * FROM account WHERE user_name = $1 AND role = 'officer'")
            .bind(user_name)
            .fetch_optional(&mut **write)
            .await?;
        if let Some(row) = row {
            return account(&row).map(Some);
        }
    }
    let Some(number) = &identity.person.citizen_id else {
        return Ok(None);
    };
    let beginning = beginning(number);
    // Two accounts of one number: the older one.
    let row = sqlx::query(
        "SELECT * FROM account WHERE substr(person, 1, 24) = $1 AND substr(person, 1, CAST($2 AS INTEGER)) = $3 ORDER BY id LIMIT 1",
    )
    .bind(beginning.get(..24).unwrap_or_default())
    .bind(i64::try_from(beginning.len()).unwrap_or_default())
    .bind(&beginning)
    .fetch_optional(&mut **write)
    .await?;
    if let Some(row) = row {
        return account(&row).map(Some);
    }
    let row = sqlx::query("SELECT * FROM account WHERE user_name = $1")
        .bind(number.as_str())
        .fetch_optional(&mut **write)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let named = account(&row)?;
    if named.account.person.citizen_id.is_some() {
        return Err(StoreError::Conflict);
    }
    Ok(Some(named))
}

/// A new citizen's account. Nobody signs in to it with a password: no password belongs to an empty hash.
async fn made(
    write: &mut Transaction<'static, Any>,
    identity: &ExternalIdentity,
) -> Result<Account, StoreError> {
    let name = identity.name.clone().ok_or(StoreError::NotFound)?;
    let new = NewAccount {
        user_name: match &identity.person.citizen_id {
            Some(number) => number.to_string(),
            None => format!("oidc:{}", Uuid::new_v4()),
        },
        password: String::new(),
        role: Role::Citizen,
        name,
        agency: None,
        person: identity.person.clone(),
        grants: Vec::new(),
    };
    let row = sqlx::query(
        "INSERT INTO account (id, user_name, password, role, name, agency, person, grants)
         VALUES ($1, $2, $3, $4, $5, NULL, $6, '[]') ON CONFLICT (user_name) DO NOTHING RETURNING *",
    )
    .bind(Uuid::now_v7().to_string())
    .bind(&new.user_name)
    .bind(&new.password)
    .bind(as_word(&new.role)?)
    .bind(&new.name)
    .bind(serde_json::to_string(&new.person)?)
    .fetch_optional(&mut **write)
    .await?
    .ok_or(StoreError::Conflict)?;
    Ok(account(&row)?.account)
}

/// A person, and what is said of them where nothing was known.
fn filled(known: Person, said: &Person) -> Person {
    let said = said.clone();
    Person {
        citizen_id: known.citizen_id.or(said.citizen_id),
        id_issued_on: known.id_issued_on.or(said.id_issued_on),
        id_issued_by: known.id_issued_by.or(said.id_issued_by),
        born_on: known.born_on.or(said.born_on),
        sex: known.sex.or(said.sex),
        nationality: known.nationality.or(said.nationality),
        phone: known.phone.or(said.phone),
        email: known.email.or(said.email),
        province: known.province.or(said.province),
        district: known.district.or(said.district),
        ward: known.ward.or(said.ward),
        address: known.address.or(said.address),
        fax: known.fax.or(said.fax),
        organisation: known.organisation.or(said.organisation),
    }
}

#[cfg(test)]
mod tests;
