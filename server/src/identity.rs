//! Who asks: sessions by cookie, roles by type.

pub mod password;

use crate::problem::{Answer, Failure};
use crate::state::{Portal, now};
use axum::extract::FromRequestParts;
use axum::http::{HeaderMap, HeaderValue, header, request::Parts};
use contract::problem::ProblemCode;
use contract::right::works_on_dossiers;
use contract::session::{Account, Role};
use contract::value::Timestamp;
use sha2::{Digest as _, Sha256};
use store::{StoreError, StoredAccount};

/// A session ends after so long without use.
const IDLE_MS: i64 = 2 * 3600 * 1000;
/// A session ends so long after sign-in whatever happens.
const WHOLE_MS: i64 = 12 * 3600 * 1000;
/// Five wrong passwords lock an account for so long.
const LOCK_MS: i64 = 10 * 60 * 1000;

/// A signed-in person of any role.
pub struct SignedIn(pub Account);
/// A signed-in citizen.
pub struct Citizen(pub Account);
/// Somebody who may sign and the hash of the session's token, for what lasts longer than a request.
pub struct SignerSession {
    /// Who.
    pub account: Account,
    /// The hash.
    pub session: String,
}
/// A signed-in officer.
pub struct Officer(pub Account);
/// Somebody who may sign with a profile of their own: a citizen, or an officer who works on dossiers.
pub struct Signer(pub Account);

/// Name of the cookie: the prefix makes browsers insist on `Secure` and the root path.
const fn cookie_name(https: bool) -> &'static str {
    if https { "__Host-session" } else { "session" }
}

fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}

fn token(headers: &HeaderMap, https: bool) -> Option<String> {
    let name = cookie_name(https);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| {
            Some(
                pair.trim()
                    .strip_prefix(name)?
                    .strip_prefix('=')?
                    .to_owned(),
            )
        })
}

/// What tells the sessions of requests apart, for counting them: the beginning of the token's digest, whether or not it is a session.
pub fn session_mark(headers: &HeaderMap, https: bool) -> Option<u64> {
    let digest: [u8; 32] = Sha256::digest(token(headers, https)?).into();
    let (begins, _) = digest.split_first_chunk::<8>()?;
    Some(u64::from_be_bytes(*begins))
}

/// When a session seen now ends by itself.
pub const fn expires_at(now: Timestamp) -> Timestamp {
    Timestamp(now.0 + IDLE_MS)
}

/// Sessions last used before this have ended.
pub const fn idle_since(now: Timestamp) -> Timestamp {
    Timestamp(now.0 - IDLE_MS)
}

/// Sessions begun before this have ended.
pub const fn begun_since(now: Timestamp) -> Timestamp {
    Timestamp(now.0 - WHOLE_MS)
}

/// Checks a password; a wrong one and an unknown name take the same time and say the same.
pub async fn check(portal: &Portal, user_name: &str, secret: String) -> Answer<Account> {
    match portal.database.account_by_name(user_name.trim()).await {
        Ok(stored) => believe(portal, stored, secret).await,
        Err(StoreError::NotFound) => {
            password::waste(secret).await;
            Err(ProblemCode::WrongCredentials.into())
        }
        Err(error) => Err(error.into()),
    }
}

/// Whether a password belongs to an account; failures count, whatever they were tried for.
async fn believe(portal: &Portal, stored: StoredAccount, secret: String) -> Answer<Account> {
    let now = now();
    if stored.locked_until > now {
        return Err(ProblemCode::AccountLocked.into());
    }
    if password::verify(secret, stored.password).await {
        Ok(stored.account)
    } else {
        let until = Timestamp(now.0 + LOCK_MS);
        portal
            .database
            .sign_in_failed(stored.account.id, until, now)
            .await?;
        Err(ProblemCode::WrongCredentials.into())
    }
}

/// Changes the password of who asks, if the current one is right; every other session of the account ends.
pub async fn change_password(
    portal: &Portal,
    account: &Account,
    headers: &HeaderMap,
    current: String,
    wanted: String,
) -> Answer<()> {
    let token = token(headers, portal.config.https).ok_or(ProblemCode::SignInRequired)?;
    let stored = portal.database.stored_account(account.id).await?;
    believe(portal, stored, current).await?;
    let hashed = password::hash(wanted)
        .await
        .map_err(|error| Failure::internal(&error))?;
    let ended = portal
        .database
        .set_password(account.id, &hashed, &hash(&token), now())
        .await?;
    for session in ended {
        portal.hub.end_session(&session);
    }
    Ok(())
}

/// Begins a session; the cookie to set.
pub async fn begin(portal: &Portal, account: &Account) -> Answer<HeaderValue> {
    let token = hex::encode(rand::random::<[u8; 32]>());
    portal
        .database
        .begin_session(&hash(&token), account.id, now())
        .await?;
    cookie(&token, portal.config.https, WHOLE_MS / 1000)
}

/// Ends the session of a request; the cookie that forgets it.
pub async fn end(portal: &Portal, headers: &HeaderMap) -> Answer<HeaderValue> {
    if let Some(token) = token(headers, portal.config.https) {
        let session = hash(&token);
        portal.database.end_session(&session, now()).await?;
        portal.hub.end_session(&session);
    }
    cookie("", portal.config.https, 0)
}

fn cookie(token: &str, https: bool, seconds: i64) -> Answer<HeaderValue> {
    let secure = if https { "; Secure" } else { "" };
    let name = cookie_name(https);
    HeaderValue::from_str(&format!(
        "{name}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}"
    ))
    .map_err(|error| Failure::internal(&error))
}

impl FromRequestParts<Portal> for SignedIn {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Answer<Self> {
        let token =
            token(&parts.headers, portal.config.https).ok_or(ProblemCode::SignInRequired)?;
        let now = now();
        let account = portal
            .database
            .session(&hash(&token), now, idle_since(now), begun_since(now))
            .await;
        match account {
            Ok(account) => Ok(Self(account)),
            Err(StoreError::NotFound) => Err(ProblemCode::SignInRequired.into()),
            Err(error) => Err(error.into()),
        }
    }
}

async fn with_role(parts: &mut Parts, portal: &Portal, role: Role) -> Answer<Account> {
    let SignedIn(account) = SignedIn::from_request_parts(parts, portal).await?;
    if account.role == role {
        Ok(account)
    } else {
        Err(ProblemCode::Forbidden.into())
    }
}

impl FromRequestParts<Portal> for Citizen {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Answer<Self> {
        with_role(parts, portal, Role::Citizen).await.map(Self)
    }
}

impl FromRequestParts<Portal> for Signer {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Answer<Self> {
        let SignedIn(account) = SignedIn::from_request_parts(parts, portal).await?;
        if account.role == Role::Citizen || works_on_dossiers(&account.grants) {
            Ok(Self(account))
        } else {
            Err(ProblemCode::Forbidden.into())
        }
    }
}

impl FromRequestParts<Portal> for SignerSession {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Answer<Self> {
        let Signer(account) = Signer::from_request_parts(parts, portal).await?;
        let token =
            token(&parts.headers, portal.config.https).ok_or(ProblemCode::SignInRequired)?;
        Ok(Self {
            account,
            session: hash(&token),
        })
    }
}

impl FromRequestParts<Portal> for Officer {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Answer<Self> {
        with_role(parts, portal, Role::Officer).await.map(Self)
    }
}
