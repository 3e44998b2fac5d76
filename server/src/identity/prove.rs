//! Proving who somebody is. A try is counted before it is looked at, so that many at the same time are no way around the lock.

use super::totp::{self, Typed};
use super::{hash, password, second_factor};
use crate::problem::Answer;
use crate::state::{Portal, now};
use contract::problem::ProblemCode;
use contract::session::Account;
use contract::value::Timestamp;
use store::{SecondFactor, StoreError, StoredAccount};

/// Five wrong tries lock an account for so long, in milliseconds.
const LOCK_MS: i64 = 10 * 60 * 1000;

/// A try that was counted.
struct Try<'a> {
    portal: &'a Portal,
    stored: &'a StoredAccount,
    until: Timestamp,
}

impl<'a> Try<'a> {
    async fn begin(portal: &'a Portal, stored: &'a StoredAccount) -> Answer<Self> {
        let now = now();
        let until = Timestamp(now.0 + LOCK_MS);
        match portal
            .database
            .begin_try(stored.account.id, until, now)
            .await
        {
            Ok(()) => Ok(Self {
                portal,
                stored,
                until,
            }),
            Err(StoreError::TooMany) => Err(ProblemCode::AccountLocked.into()),
            Err(error) => Err(error.into()),
        }
    }

    /// What came of it: the error that is told when it was wrong.
    async fn ended(self, held: bool, wrong: ProblemCode) -> Answer<()> {
        let (database, id) = (&self.portal.database, self.stored.account.id);
        if held {
            Ok(database.try_held(id, self.until).await?)
        } else {
            database.try_failed(id, now()).await?;
            Err(wrong.into())
        }
    }
}

/// Checks a password; a wrong one and an unknown name take the same time and say the same.
pub async fn check(portal: &Portal, user_name: &str, secret: String) -> Answer<Account> {
    match portal.database.account_by_name(user_name.trim()).await {
        Ok(stored) => {
            password(portal, &stored, secret).await?;
            Ok(stored.account)
        }
        Err(StoreError::NotFound) => {
            password::waste(secret).await;
            Err(ProblemCode::WrongCredentials.into())
        }
        Err(error) => Err(error.into()),
    }
}

/// Whether a password belongs to an account; failures count, whatever they were tried for.
pub async fn password(portal: &Portal, stored: &StoredAccount, secret: String) -> Answer<()> {
    let attempt = Try::begin(portal, stored).await?;
    let held = password::verify(secret, stored.password.clone()).await;
    attempt.ended(held, ProblemCode::WrongCredentials).await
}

/// Whether a code belongs to an account's confirmed second factor. A code of the app counts once, a recovery code is used up.
pub async fn code(
    portal: &Portal,
    stored: &StoredAccount,
    factor: &SecondFactor,
    typed: &str,
) -> Answer<()> {
    let attempt = Try::begin(portal, stored).await?;
    let account = stored.account.id;
    let held = match Typed::read(typed) {
        Some(Typed::Code(code)) => {
            let secret = second_factor::opened(portal, account, factor)?;
            match totp::step_of(&secret, code, now()) {
                Some(step) => portal.database.use_step(account, step).await?,
                None => false,
            }
        }
        Some(Typed::Recovery(code)) => {
            let code = hash(&code);
            portal
                .database
                .use_recovery_code(account, &code, now())
                .await?
        }
        None => false,
    };
    attempt.ended(held, ProblemCode::WrongCode).await
}

/// The step of the first code of a secret that is yet to be confirmed.
pub async fn first_code(
    portal: &Portal,
    stored: &StoredAccount,
    factor: &SecondFactor,
    typed: &str,
) -> Answer<i64> {
    let attempt = Try::begin(portal, stored).await?;
    let step = match Typed::read(typed) {
        Some(Typed::Code(code)) => {
            let secret = second_factor::opened(portal, stored.account.id, factor)?;
            totp::step_of(&secret, code, now())
        }
        Some(Typed::Recovery(_)) | None => None,
    };
    attempt
        .ended(step.is_some(), ProblemCode::WrongCode)
        .await?;
    step.ok_or_else(|| ProblemCode::WrongCode.into())
}

/// Whether somebody who is signed in is still who they were: the password, and a code where codes are asked for; whether they are.
pub async fn again(
    portal: &Portal,
    account: &Account,
    secret: String,
    typed: &str,
) -> Answer<bool> {
    let stored = portal.database.stored_account(account.id).await?;
    password(portal, &stored, secret).await?;
    let factor = second_factor::confirmed(portal, account.id).await?;
    match &factor {
        Some(_) if typed.trim().is_empty() => Err(ProblemCode::CodeRequired.into()),
        Some(factor) => code(portal, &stored, factor, typed).await.map(|()| true),
        None => Ok(false),
    }
}
