//! Whether an officer may: asked before anything is shown or done, and noted in the journal when something is looked at.

use crate::problem::Answer;
use crate::state::{Portal, now};
use anyhow::{Context as _, Result};
use contract::audit::AuditAction;
use contract::problem::ProblemCode;
use contract::right::{Action, Grant, Refusal, may, may_at_desk, works_on_dossiers};
use contract::session::Account;
use serde::Deserialize;
use std::path::Path;
use store::{Database, NewRecord, StoredDossier};
use uuid::Uuid;

/// Whether an officer may do something to a dossier that was read.
///
/// # Errors
/// Not found for what is none of theirs, forbidden for another duty's, conflict for another state's.
pub fn check(
    portal: &Portal,
    account: &Account,
    action: Action,
    stored: &StoredDossier,
) -> Answer<()> {
    let subject = portal.office.subject(stored).ok_or(ProblemCode::NotFound)?;
    may(&account.grants, action, &subject).map_err(|refusal| match refusal {
        Refusal::Hidden => ProblemCode::NotFound.into(),
        Refusal::Duty => ProblemCode::Forbidden.into(),
        Refusal::State => ProblemCode::Conflict.into(),
    })
}

/// A submitted dossier that an officer may do something to.
pub async fn dossier(
    portal: &Portal,
    account: &Account,
    action: Action,
    id: Uuid,
) -> Answer<StoredDossier> {
    // Before the database is asked: who sees no dossiers learns of none.
    if !works_on_dossiers(&account.grants) {
        return Err(ProblemCode::Forbidden.into());
    }
    let stored = portal.database.dossier(None, id).await?;
    check(portal, account, action, &stored)?;
    Ok(stored)
}

/// Whether an officer may do something that is about no dossier.
pub fn desk(account: &Account, action: Action) -> Answer<()> {
    if may_at_desk(&account.grants, action) {
        Ok(())
    } else {
        Err(ProblemCode::Forbidden.into())
    }
}

/// Notes that somebody looked: before it is shown, and not shown when it cannot be noted.
pub async fn looked(
    portal: &Portal,
    account: &Account,
    action: AuditAction,
    dossier: Option<Uuid>,
    subject: Option<Uuid>,
) -> Answer<()> {
    let record = NewRecord {
        dossier,
        subject,
        ..NewRecord::of(now(), account.id, action)
    };
    Ok(portal.database.journal(&record).await?)
}

/// Tells at start when officers have no rights at all, as after an upgrade from a release without them: they would see an empty desk.
///
/// # Errors
/// When the database fails.
pub async fn warn(database: &Database) -> Result<()> {
    let without = database.officers_without_rights().await?;
    if without > 0 {
        tracing::warn!(
            without,
            "officers have no rights and see no dossiers: give them some with `server rights FILE`, or as an administrator in the portal"
        );
    }
    Ok(())
}

/// One officer of a file of rights.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    user_name: String,
    #[serde(default)]
    grants: Vec<Grant>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rights {
    officer: Vec<Named>,
}

/// Gives the officers that a TOML file names the rights it says, in place of those they have; how many there were.
///
/// # Errors
/// When the file cannot be read, or names somebody who is no officer: then nobody's rights are changed.
pub async fn apply(database: &Database, file: &Path) -> Result<usize> {
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file).with_context(|| name.clone())?;
    let rights: Rights = toml::from_str(&text).with_context(|| name.clone())?;
    let officers = database.officers().await?;
    let mut found = Vec::new();
    for named in &rights.officer {
        let (_, account) = officers
            .iter()
            .find(|(user_name, _)| *user_name == named.user_name)
            .with_context(|| format!("{name}: {} is no officer", named.user_name))?;
        found.push((account.id, &named.grants));
    }
    for (id, grants) in &found {
        database.set_grants(*id, grants, None, now()).await?;
    }
    Ok(found.len())
}
