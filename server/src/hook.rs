//! Other systems of the province are told of events: signed messages by the Standard Webhooks specification (1.0), tried again for a day.
//!
//! What is told is written by the store in the transaction of its event (`store/src/hook.rs`); here it is delivered, at least once and
//! always with the same id.

mod command;
mod settings;
mod sign;

pub use command::{list, retry};
pub use settings::{WebhookSettings, check};

use crate::config::Config;
use crate::evidence::public_only;
use crate::pace::milliseconds;
use crate::state::{Portal, now};
use contract::value::Timestamp;
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use sign::Key;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use store::{Database, DueHook, HookEvent, StoreError};

/// How often is looked for what is due.
const TICK: Duration = Duration::from_secs(2);
/// Most messages taken at a time.
const TAKEN: i64 = 50;
/// How long one instance has them to itself, in times of the patience with one receiver.
const LEASE: u32 = 8;
/// After so long a message is given up.
const GIVE_UP: Duration = Duration::from_secs(24 * 3600);
/// Messages that arrived are kept for so long.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);
/// Most of those that are forgotten in one round.
const FORGOTTEN: i64 = 500;

/// One system that is told.
struct Receiver {
    url: String,
    key: Key,
    client: Client,
}

/// All of them.
#[derive(Default)]
pub struct Receivers(BTreeMap<String, Receiver>);

impl Receivers {
    /// Sets them up; nothing is sent yet.
    ///
    /// # Errors
    /// When TLS cannot be set up, or a secret cannot be read.
    pub fn new(config: &Config) -> anyhow::Result<Self> {
        let mut receivers = BTreeMap::new();
        for hook in &config.webhooks {
            let client = provider::http_builder()
                // Whoever receives stands in the settings, not in an answer.
                .redirect(Policy::none())
                // A proxy would resolve names by itself, past the check.
                .no_proxy()
                .connect_timeout(config.pace.hook / 3)
                .timeout(config.pace.hook)
                .user_agent("ho-so-ky-so");
            let client = if hook.internal {
                client
            } else {
                client.dns_resolver(public_only())
            };
            let receiver = Receiver {
                url: hook.url.clone(),
                key: hook.key().map_err(anyhow::Error::msg)?,
                client: client.build()?,
            };
            receivers.insert(hook.name.clone(), receiver);
        }
        Ok(Self(receivers))
    }
}

/// Tells the store who is told of what.
///
/// # Errors
/// When the database fails.
pub async fn agree(database: &Database, config: &Config) -> Result<(), StoreError> {
    let hooks: Vec<(String, Vec<HookEvent>)> = config
        .webhooks
        .iter()
        .map(|hook| (hook.name.clone(), hook.events.clone()))
        .collect();
    database.set_hooks(&hooks).await
}

/// Delivers until dropped; at once over where nobody is told.
pub async fn run(portal: Portal) {
    if portal.receivers.0.is_empty() {
        return;
    }
    let tick = TICK.min(portal.config.pace.tick.saturating_mul(8));
    loop {
        match round(&portal, now()).await {
            // More is due.
            Ok(taken) if taken > 0 => continue,
            Ok(_) => {}
            Err(error) => {
                tracing::error!(%error, "messages to other systems cannot be read or noted")
            }
        }
        tokio::time::sleep(tick).await;
    }
}

/// What is due now; how many messages were taken. The clock is an argument, so that tests move it.
async fn round(portal: &Portal, at: Timestamp) -> Result<usize, StoreError> {
    let kept_since = Timestamp(at.0.saturating_sub(milliseconds(KEPT)));
    portal.database.forget_hooks(kept_since, FORGOTTEN).await?;
    let due = portal
        .database
        .due_hooks(at, milliseconds(portal.config.pace.hook * LEASE), TAKEN)
        .await?;
    let taken = due.len();
    let mut by_hook: BTreeMap<String, Vec<DueHook>> = BTreeMap::new();
    for message in due {
        by_hook
            .entry(message.hook.clone())
            .or_default()
            .push(message);
    }
    // A slow system holds up no other one.
    let all = by_hook
        .iter()
        .map(|(hook, messages)| deliver(portal, hook, messages));
    for done in futures_util::future::join_all(all).await {
        done?;
    }
    Ok(taken)
}

async fn deliver(portal: &Portal, hook: &str, messages: &[DueHook]) -> Result<(), StoreError> {
    let Some(receiver) = portal.receivers.0.get(hook) else {
        // Another instance knows it already; this one has older settings.
        return Ok(());
    };
    let (began, pace) = (Instant::now(), &portal.config.pace);
    for message in messages {
        // Behind a slow system the rest is left to whoever takes it when the lease is over.
        if began.elapsed() + pace.hook * 2 > pace.hook * LEASE {
            break;
        }
        let outcome = post(receiver, message, now()).await;
        let now = now();
        match outcome {
            Ok(()) => portal.database.hook_delivered(message.id, now).await?,
            Err(problem) => {
                let next = next_try(&pace.hook_pauses, message.begun_at, message.tries, now);
                if next.is_some() {
                    tracing::warn!(hook, message = %message.id, tries = message.tries, problem, "another system was not told");
                } else {
                    tracing::error!(hook, message = %message.id, tries = message.tries, problem,
                        "another system was not told for a day: given up until `server webhooks retry`");
                }
                portal
                    .database
                    .hook_failed(message, next, &problem, now)
                    .await?;
                // What did not work a moment ago need not be tried with the others at once: they keep their turn.
                if problem == NO_ANSWER {
                    break;
                }
            }
        }
    }
    Ok(())
}

const NO_ANSWER: &str = "no answer";

async fn post(receiver: &Receiver, message: &DueHook, now: Timestamp) -> Result<(), String> {
    let id = message.id.to_string();
    let seconds = now.0.div_euclid(1000).to_string();
    let signature = receiver.key.signature(&id, &seconds, &message.body);
    let answer = receiver
        .client
        .post(&receiver.url)
        .header("content-type", "application/json")
        .header("webhook-id", id)
        .header("webhook-timestamp", seconds)
        .header("webhook-signature", signature)
        .body(message.body.clone())
        .send()
        .await
        .map_err(|_| NO_ANSWER.to_owned())?;
    // What is answered beyond the status is not read.
    match answer.status() {
        status if status.is_success() => Ok(()),
        StatusCode::TOO_MANY_REQUESTS => Err("429, too many".to_owned()),
        status => Err(status.as_u16().to_string()),
    }
}

/// When to try again; none once it is a day old.
fn next_try(
    pauses: &[Duration],
    begun_at: Timestamp,
    tries: i64,
    now: Timestamp,
) -> Option<Timestamp> {
    let position = usize::try_from(tries.max(1) - 1).unwrap_or(usize::MAX);
    let pause = pauses
        .get(position)
        .or(pauses.last())
        .copied()
        .unwrap_or(GIVE_UP);
    let next = Timestamp(now.0.saturating_add(milliseconds(pause)));
    (next.0.saturating_sub(begun_at.0) < milliseconds(GIVE_UP)).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_after_a_day_it_is_given_up() {
        let usual = crate::pace::Pace::default().hook_pauses;
        let (mut now, mut tries) = (Timestamp(0), 1);
        let mut pauses = Vec::new();
        while let Some(next) = next_try(&usual, Timestamp(0), tries, now) {
            pauses.push((next.0 - now.0) / 1000);
            now = next;
            tries += 1;
        }
        assert_eq!(
            pauses,
            [
                5, 60, 300, 1800, 7200, 14_400, 14_400, 14_400, 14_400, 14_400
            ]
        );
        assert!(now.0 < milliseconds(GIVE_UP));
    }
}
