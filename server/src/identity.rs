//! Who asks: sessions by cookie, roles by type.

pub mod guessed;
pub mod leaked;
pub mod oidc;
pub mod password;
pub mod prove;
pub mod reset;
pub mod second_factor;
mod secret;
mod settings;
mod totp;

pub use settings::{Identity, IdentitySettings};

use crate::problem::{Answer, Failure};
use crate::state::{Portal, now};
use axum::extract::FromRequestParts;
use axum::http::{HeaderMap, HeaderValue, header, request::Parts};
use contract::access::{Device, SignInMethod};
use contract::problem::ProblemCode;
use contract::right::works_on_dossiers;
use contract::session::{Account, Role};
use contract::value::Timestamp;
use sha2::{Digest as _, Sha256};
use std::time::Duration;
use store::{NewSession, Proved, StoreError};
use uuid::Uuid;

/// A session ends after so long without use.
const IDLE_MS: i64 = 2 * 3600 * 1000;
/// A session ends so long after sign-in whatever happens.
const WHOLE_MS: i64 = 12 * 3600 * 1000;
/// How often what ended by itself is forgotten.
const SWEEP: Duration = Duration::from_secs(3600);

/// Why a password is none, if others would try it: a frequent one, a word of this place, or one that leaked by the operator's list.
/// A list that cannot be read keeps nobody from a new password; the log says so.
pub async fn known_to_others(portal: &Portal, password: &str) -> Option<ProblemCode> {
    if guessed::is_guessed(password) {
        return Some(ProblemCode::PasswordGuessed);
    }
    let leaked = portal.config.identity.leaked.clone()?;
    let password = password.to_owned();
    match tokio::task::spawn_blocking(move || leaked.contains(&password)).await {
        Ok(Ok(found)) => found.then_some(ProblemCode::PasswordLeaked),
        Ok(Err(error)) => {
            tracing::error!("identity.leaked_passwords cannot be read: {error}");
            None
        }
        Err(_) => None,
    }
}

/// A session that holds, whatever it may do.
pub struct AnySession {
    /// Whose.
    pub account: Account,
    /// Its public name; nil for one that an older release began.
    pub id: Uuid,
    /// How the person proved who they are.
    pub method: SignInMethod,
    /// When they last did.
    pub authenticated_at: Timestamp,
    token_sha256: String,
}

impl AnySession {
    /// Whether it may do nothing but set up codes: an officer's, where codes are demanded and none are set up.
    #[must_use]
    pub fn is_limited(&self, portal: &Portal) -> bool {
        self.method == SignInMethod::Password && second_factor::demanded(portal, &self.account)
    }

    /// Whether the person proved not long ago who they are.
    #[must_use]
    pub fn is_fresh(&self, portal: &Portal) -> bool {
        now().0 - self.authenticated_at.0 <= portal.config.identity.fresh_ms
    }

    /// The same as an error.
    pub fn must_be_fresh(&self, portal: &Portal) -> Answer<()> {
        if self.is_fresh(portal) {
            Ok(())
        } else {
            Err(ProblemCode::ConfirmationRequired.into())
        }
    }
}

/// A session that may do what its account may do.
pub struct Session(pub AnySession);
/// A signed-in person of any role.
pub struct SignedIn(pub Account);
/// A signed-in citizen.
pub struct Citizen(pub Account);
/// The session of somebody who may sign.
pub struct SignerSession(pub AnySession);
/// A signed-in officer.
pub struct Officer(pub Account);
/// Somebody who may sign with a profile of their own: a citizen, or an officer who works on dossiers.
pub struct Signer(pub Account);

/// Name of the cookie: the prefix makes browsers insist on `Secure` and the root path.
pub const fn cookie_name(https: bool) -> &'static str {
    if https { "__Host-session" } else { "session" }
}

fn random_token() -> String {
    hex::encode(rand::random::<[u8; 32]>())
}

fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}

/// The same for a sign-in that waits for a code.
const fn half_name(https: bool) -> &'static str {
    if https { "__Host-half" } else { "half" }
}

fn token(headers: &HeaderMap, https: bool) -> Option<String> {
    token_of(headers, cookie_name(https))
}

fn token_of(headers: &HeaderMap, name: &str) -> Option<String> {
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

/// Changes the password of who asks, if the current one is right; every other session of the account ends and this one has a new token.
pub async fn change_password(
    portal: &Portal,
    session: &AnySession,
    current: String,
    wanted: String,
) -> Answer<HeaderValue> {
    let account = session.account.id;
    let stored = portal.database.stored_account(account).await?;
    prove::password(portal, &stored, current).await?;
    let hashed = password::hash(wanted)
        .await
        .map_err(|error| Failure::internal(&error))?;
    let ended = portal
        .database
        .set_password(account, &hashed, session.id, now())
        .await?;
    for other in ended {
        portal.hub.end_session(other);
    }
    // The password alone proves nothing anew where a code is asked for too.
    let proved = Proved::Before(session.authenticated_at);
    renew(portal, session, session.method, proved).await
}

/// A session that began.
pub struct Begun {
    /// The cookie to set.
    pub cookie: HeaderValue,
    /// The session's public name.
    pub session: Uuid,
    /// The hash of its token.
    pub token_sha256: String,
}

/// Begins a session in place of the one the browser had. `authenticated_at` is when the person proved who they are:
/// at a provider of identities that may have been before now.
pub async fn begin(
    portal: &Portal,
    account: &Account,
    method: SignInMethod,
    authenticated_at: Timestamp,
    headers: &HeaderMap,
) -> Answer<Begun> {
    let fresh = random_token();
    let before = token(headers, portal.config.https).map(|token| hash(&token));
    let agent = headers.get(header::USER_AGENT);
    let agent = agent.and_then(|value| value.to_str().ok());
    let (id, token_sha256) = (Uuid::new_v4(), hash(&fresh));
    let new = NewSession {
        id,
        token_sha256: &token_sha256,
        account: account.id,
        method,
        // Another's clock may be ahead.
        authenticated_at: authenticated_at.min(now()),
        device: &Device::of(agent.unwrap_or_default()),
        replaces: before.as_deref(),
    };
    if let Some(replaced) = portal.database.begin_session(&new, now()).await? {
        portal.hub.end_session(replaced);
    }
    Ok(Begun {
        cookie: session_cookie(portal, &fresh, WHOLE_MS / 1000)?,
        session: id,
        token_sha256,
    })
}

/// The provider's session behind the session of a request, where it began at one.
pub async fn oidc_session(
    portal: &Portal,
    headers: &HeaderMap,
) -> Answer<Option<store::OidcSession>> {
    match token(headers, portal.config.https) {
        Some(token) => Ok(portal.database.oidc_session(&hash(&token)).await?),
        None => Ok(None),
    }
}

/// The provider a session began at.
pub async fn provider(portal: &Portal, session: &AnySession) -> Answer<Option<String>> {
    if session.method != SignInMethod::OpenId {
        return Ok(None);
    }
    let there = portal.database.oidc_session(&session.token_sha256).await?;
    Ok(there.map(|there| there.provider))
}

/// Gives a session a new token; the old one is nobody's at once. The cookie to set.
pub async fn renew(
    portal: &Portal,
    session: &AnySession,
    method: SignInMethod,
    proved: Proved,
) -> Answer<HeaderValue> {
    let fresh = random_token();
    let renewed = portal
        .database
        .renew_session(&session.token_sha256, &hash(&fresh), method, proved, now())
        .await;
    match renewed {
        Ok(()) => session_cookie(portal, &fresh, WHOLE_MS / 1000),
        Err(StoreError::NotFound) => Err(ProblemCode::SignInRequired.into()),
        Err(error) => Err(error.into()),
    }
}

/// Ends the session of a request; the cookie that forgets it.
pub async fn end(portal: &Portal, headers: &HeaderMap) -> Answer<HeaderValue> {
    if let Some(token) = token(headers, portal.config.https)
        && let Some(session) = portal.database.end_session(&hash(&token), now()).await?
    {
        portal.hub.end_session(session);
    }
    session_cookie(portal, "", 0)
}

/// Forgets what ended by itself, for ever.
pub async fn sweep(portal: Portal) {
    loop {
        let now = now();
        let done = portal
            .database
            .forget_sessions(idle_since(now), begun_since(now))
            .await;
        if let Err(error) = done {
            tracing::error!(%error, "sessions that ended cannot be forgotten");
        }
        let since = second_factor::half_since(now);
        if let Err(error) = portal.database.forget_half_sessions(since).await {
            tracing::error!(%error, "sign-ins without a code cannot be forgotten");
        }
        tokio::time::sleep(SWEEP).await;
    }
}

fn session_cookie(portal: &Portal, token: &str, seconds: i64) -> Answer<HeaderValue> {
    let https = portal.config.https;
    cookie(cookie_name(https), token, https, seconds)
}

fn cookie(name: &str, token: &str, https: bool, seconds: i64) -> Answer<HeaderValue> {
    let secure = if https { "; Secure" } else { "" };
    HeaderValue::from_str(&format!(
        "{name}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}"
    ))
    .map_err(|error| Failure::internal(&error))
}

impl FromRequestParts<Portal> for AnySession {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Answer<Self> {
        let token =
            token(&parts.headers, portal.config.https).ok_or(ProblemCode::SignInRequired)?;
        let (now, token_sha256) = (now(), hash(&token));
        let stored = portal
            .database
            .session(&token_sha256, now, idle_since(now), begun_since(now))
            .await;
        match stored {
            Ok(stored) => Ok(Self {
                account: stored.account,
                id: stored.id,
                method: stored.method,
                authenticated_at: stored.authenticated_at,
                token_sha256,
            }),
            Err(StoreError::NotFound) => Err(ProblemCode::SignInRequired.into()),
            Err(error) => Err(error.into()),
        }
    }
}

impl FromRequestParts<Portal> for Session {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Answer<Self> {
        let session = AnySession::from_request_parts(parts, portal).await?;
        if session.is_limited(portal) {
            return Err(ProblemCode::SecondFactorRequired.into());
        }
        Ok(Self(session))
    }
}

impl FromRequestParts<Portal> for SignedIn {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Answer<Self> {
        let Session(session) = Session::from_request_parts(parts, portal).await?;
        Ok(Self(session.account))
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

impl FromRequestParts<Portal> for SignerSession {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Answer<Self> {
        let Session(session) = Session::from_request_parts(parts, portal).await?;
        let account = &session.account;
        if account.role == Role::Citizen || works_on_dossiers(&account.grants) {
            Ok(Self(session))
        } else {
            Err(ProblemCode::Forbidden.into())
        }
    }
}

impl FromRequestParts<Portal> for Signer {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Answer<Self> {
        let SignerSession(session) = SignerSession::from_request_parts(parts, portal).await?;
        Ok(Self(session.account))
    }
}

impl FromRequestParts<Portal> for Officer {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Answer<Self> {
        with_role(parts, portal, Role::Officer).await.map(Self)
    }
}
