//! `server doctor`: tries everything that the portal depends on, and says what to do about what does not work.
//!
//! It changes nothing: no table is made or migrated, and what it writes into the store of files to see whether that can be done it
//! takes away again.

mod look;

use crate::config::{Config, Settings};
use anyhow::Result;
use serde::Serialize;
use std::process::ExitCode;

/// How a part stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It works.
    Good,
    /// The portal runs, but not as one would want.
    Doubtful,
    /// The portal does not start, or people cannot do what they come for.
    Bad,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Whose of several tenants; none where there is one portal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// The part, e.g. `database` or `provider vnpt-ca`.
    pub part: String,
    /// How it stands.
    pub state: State,
    /// What was seen, and what to do.
    pub says: String,
}

impl Finding {
    fn new(part: impl Into<String>, state: State, says: impl Into<String>) -> Self {
        Self {
            tenant: None,
            part: part.into(),
            state,
            says: says.into(),
        }
    }

    fn good(part: impl Into<String>, says: impl Into<String>) -> Self {
        Self::new(part, State::Good, says)
    }

    fn doubtful(part: impl Into<String>, says: impl Into<String>) -> Self {
        Self::new(part, State::Doubtful, says)
    }

    fn bad(part: impl Into<String>, says: impl Into<String>) -> Self {
        Self::new(part, State::Bad, says)
    }
}

/// Everything that was found about the portals of a process with these settings. Without settings that hold nothing else can be tried.
pub async fn examine(settings: Settings) -> Vec<Finding> {
    let configs = match settings.resolve_all() {
        Ok(configs) => configs,
        Err(wrong) => {
            return wrong
                .into_iter()
                .map(|error| Finding::bad("settings", error))
                .collect();
        }
    };
    let mut found = Vec::new();
    for config in &configs {
        let tenant = config.tenant.as_ref().map(|tenant| tenant.name.clone());
        let of_one = examine_one(config).await;
        found.extend(of_one.into_iter().map(|finding| Finding {
            tenant: tenant.clone(),
            ..finding
        }));
    }
    found
}

async fn examine_one(config: &Config) -> Vec<Finding> {
    let mut found = vec![Finding::good("settings", "complete")];
    found.extend(look::settings(config));
    found.extend(look::province(config));
    found.extend(look::site(config));
    found.extend(look::roots(config));
    found.extend(look::seals(config));
    found.extend(look::holidays(config));
    found.extend(look::conversion(config));
    let (database, files, providers, identities, stamps, mail, scanner) = tokio::join!(
        look::database(config),
        look::files(config),
        look::providers(config),
        look::identity_providers(config),
        look::timestamps(config),
        look::mail(config),
        look::scanner(config),
    );
    for more in [
        database, files, providers, identities, stamps, mail, scanner,
    ] {
        found.extend(more);
    }
    found
}

/// Examines and tells. The exit status is 0 when nothing is bad, else 1.
///
/// # Errors
/// When the findings cannot be written.
pub async fn run(settings: Settings, json: bool) -> Result<ExitCode> {
    let found = examine(settings).await;
    if json {
        println!("{}", serde_json::to_string_pretty(&found)?);
    } else {
        for finding in &found {
            let mark = match finding.state {
                State::Good => "ok   ",
                State::Doubtful => "look ",
                State::Bad => "WRONG",
            };
            let whose = finding.tenant.as_deref().unwrap_or_default();
            let apart = if whose.is_empty() { "" } else { ": " };
            println!("{mark}  {whose}{apart}{}: {}", finding.part, finding.says);
        }
    }
    let is_bad = found.iter().any(|finding| finding.state == State::Bad);
    Ok(if is_bad {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}
