//! Setting up and taking away codes of an authenticator app, and the sign-in that waits for one.

use super::{AnySession, cookie, half_name, hash, prove, random_token, renew, token_of, totp};
use crate::problem::{Answer, Failure};
use crate::state::{Portal, now};
use axum::http::{HeaderMap, HeaderValue};
use contract::access::{OfferedSecret, RecoveryCodes, SecondFactorState, SignInMethod};
use contract::problem::ProblemCode;
use contract::session::{Account, Role};
use contract::value::Timestamp;
use store::{Proved, SecondFactor, StoreError};
use uuid::Uuid;

/// The code comes within so long after the password.
const HALF_MS: i64 = 5 * 60 * 1000;

/// Sign-ins that began before this wait no more.
pub const fn half_since(now: Timestamp) -> Timestamp {
    Timestamp(now.0 - HALF_MS)
}

/// What an account's secret is sealed for.
fn place(account: Uuid) -> String {
    format!("second-factor {account}")
}

/// The secret of a second factor.
pub fn opened(portal: &Portal, account: Uuid, factor: &SecondFactor) -> Answer<Vec<u8>> {
    let key = &portal.config.identity.key;
    let key = key
        .as_ref()
        .ok_or_else(|| Failure::internal(&"codes are set up, but there is no key to open them"))?;
    key.open(&place(account), &factor.secret)
        .map_err(|error| Failure::internal(&error))
}

/// The second factor that counts for an account.
pub async fn confirmed(portal: &Portal, account: Uuid) -> Answer<Option<SecondFactor>> {
    let factor = portal.database.second_factor(account).await?;
    Ok(factor.filter(|factor| factor.confirmed))
}

/// Whether this portal demands one of an account with a password.
pub fn demanded(portal: &Portal, account: &Account) -> bool {
    account.role == Role::Officer && portal.config.identity.officers_need_second_factor
}

/// How it stands.
pub async fn state(portal: &Portal, session: &AnySession) -> Answer<SecondFactorState> {
    let factor = confirmed(portal, session.account.id).await?;
    Ok(SecondFactorState {
        offered: portal.config.identity.key.is_some(),
        on: factor.is_some(),
        demanded: demanded(portal, &session.account),
        recovery_left: factor.map_or(0, |factor| factor.recovery_left),
    })
}

/// A fresh secret, which counts once a code of it was given.
pub async fn offer(portal: &Portal, session: &AnySession) -> Answer<OfferedSecret> {
    session.must_be_fresh(portal)?;
    let key = portal.config.identity.key.as_ref();
    let key = key.ok_or(ProblemCode::NotFound)?;
    let account = session.account.id;
    let secret = rand::random::<[u8; totp::SECRET]>();
    let sealed = key
        .seal(&place(account), &secret)
        .map_err(|error| Failure::internal(&error))?;
    portal
        .database
        .offer_second_factor(account, &sealed, now())
        .await?;
    let secret = totp::base32(&secret);
    // Who stands in the app beside the code.
    let issuer = &portal.config.province.name;
    Ok(OfferedSecret {
        address: totp::address(&secret, issuer, session.account.name.as_str()),
        secret,
    })
}

/// The first code: from now on codes are asked for. Other sessions end, this one has a new token; recovery codes are told this once.
pub async fn confirm(
    portal: &Portal,
    session: &AnySession,
    typed: &str,
) -> Answer<(HeaderValue, RecoveryCodes)> {
    let account = session.account.id;
    let stored = portal.database.stored_account(account).await?;
    let factor = portal.database.second_factor(account).await?;
    let factor = factor.ok_or(ProblemCode::NotFound)?;
    if factor.confirmed {
        return Err(ProblemCode::Conflict.into());
    }
    let step = prove::first_code(portal, &stored, &factor, typed).await?;
    let codes = totp::recovery_codes();
    let hashes: Vec<String> = codes.iter().map(|code| hash(code)).collect();
    let ended = portal
        .database
        .confirm_second_factor(account, &factor.secret, step, &hashes, session.id, now())
        .await?;
    for other in ended {
        portal.hub.end_session(other);
    }
    let proved = Proved::Before(session.authenticated_at);
    let cookie = renew(portal, session, SignInMethod::PasswordAndCode, proved).await?;
    let codes = codes.iter().map(|code| totp::written(code)).collect();
    Ok((cookie, RecoveryCodes { codes }))
}

/// Takes one's own away. Other sessions end, this one has a new token.
pub async fn remove(portal: &Portal, session: &AnySession) -> Answer<HeaderValue> {
    session.must_be_fresh(portal)?;
    let account = session.account.id;
    let ended = portal
        .database
        .remove_second_factor(account, account, Some(session.id), now())
        .await?;
    for other in ended {
        portal.hub.end_session(other);
    }
    let method = match session.method {
        SignInMethod::OpenId => SignInMethod::OpenId,
        SignInMethod::Password | SignInMethod::PasswordAndCode => SignInMethod::Password,
    };
    let proved = Proved::Before(session.authenticated_at);
    renew(portal, session, method, proved).await
}

/// An administrator takes away that of an officer who lost the device: they are signed out everywhere.
pub async fn remove_of(portal: &Portal, by: &AnySession, officer: Uuid) -> Answer<()> {
    by.must_be_fresh(portal)?;
    // One's own goes where one's own is: with what protects it.
    if officer == by.account.id {
        return Err(ProblemCode::Conflict.into());
    }
    portal.database.officer(officer).await?;
    let ended = portal
        .database
        .remove_second_factor(officer, by.account.id, None, now())
        .await?;
    for session in ended {
        portal.hub.end_session(session);
    }
    Ok(())
}

/// The password was right and a code is wanted; the cookie that stands for that, and is good for nothing else.
pub async fn begin_half(portal: &Portal, account: &Account) -> Answer<HeaderValue> {
    let fresh = random_token();
    portal
        .database
        .begin_half_session(&hash(&fresh), account.id, now())
        .await?;
    cookie(
        half_name(portal.config.https),
        &fresh,
        portal.config.https,
        HALF_MS / 1000,
    )
}

/// The cookie that forgets it.
pub fn forget_half(portal: &Portal) -> Answer<HeaderValue> {
    let https = portal.config.https;
    cookie(half_name(https), "", https, 0)
}

/// The code of a sign-in that waits for one: whose it is.
pub async fn finish_half(portal: &Portal, headers: &HeaderMap, typed: &str) -> Answer<Account> {
    let token = token_of(headers, half_name(portal.config.https));
    let token_sha256 = hash(&token.ok_or(ProblemCode::SignInTooSlow)?);
    let half = portal
        .database
        .half_session(&token_sha256, half_since(now()))
        .await;
    let account = match half {
        Err(StoreError::NotFound) => return Err(ProblemCode::SignInTooSlow.into()),
        half => half?,
    };
    let stored = portal.database.stored_account(account).await?;
    // Taken away meanwhile: begun anew, it needs none.
    let factor = confirmed(portal, account).await?;
    let factor = factor.ok_or(ProblemCode::SignInTooSlow)?;
    prove::code(portal, &stored, &factor, typed).await?;
    if portal.database.end_half_session(&token_sha256).await? {
        Ok(stored.account)
    } else {
        Err(ProblemCode::SignInTooSlow.into())
    }
}
