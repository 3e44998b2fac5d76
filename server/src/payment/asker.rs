//! Asks the gateway by itself about payments that were begun and have not ended: its message may be lost, and nobody may look.
//!
//! What is due is taken under a lease that any instance can take over. Pauses grow; a try of which nothing was heard for a week after its
//! end is asked about only when somebody looks at it.

use super::{gateway::PaymentGateway, look};
use crate::pace::milliseconds;
use crate::problem::Answer;
use crate::state::{Portal, now};
use contract::value::Timestamp;
use std::time::{Duration, Instant};

/// How often is looked for what is due.
const TICK: Duration = Duration::from_secs(5);
/// Most payments taken at a time: they are asked about one after the other.
const TAKEN: i64 = 20;
/// How long one instance has them to itself.
const LEASE: Duration = Duration::from_secs(120);
/// Longest that one look takes.
const PATIENCE: Duration = Duration::from_secs(10);
/// So long after its end a try is asked about by itself.
const GIVE_UP: Duration = Duration::from_secs(7 * 24 * 3600);

/// Asks until dropped; at once over without a gateway.
pub async fn run(portal: Portal) {
    let Some(gateway) = portal.gateway.clone() else {
        return;
    };
    let tick = TICK.min(portal.config.pace.tick.saturating_mul(20));
    loop {
        if let Err(failure) = round(&portal, gateway.as_ref()).await {
            tracing::error!(code = ?failure.code, "payments cannot be asked about");
        }
        tokio::time::sleep(tick).await;
    }
}

/// When to ask after so many looks.
pub(super) fn next_look(pauses: &[Duration], looks: i64, now: Timestamp) -> Timestamp {
    let position = usize::try_from(looks).unwrap_or(0);
    let pause = pauses.get(position).or(pauses.last()).copied();
    Timestamp(now.0.saturating_add(milliseconds(pause.unwrap_or(LEASE))))
}

/// What is due now.
async fn round(portal: &Portal, gateway: &dyn PaymentGateway) -> Answer<()> {
    let (began, mut given_up) = (Instant::now(), 0_u32);
    let lease = milliseconds(LEASE);
    for due in portal.database.due_online(now(), lease, TAKEN).await? {
        // Behind a slow gateway the rest is left to whoever takes it when the lease is over.
        if began.elapsed() + PATIENCE > LEASE {
            break;
        }
        let answers = match look(portal, gateway, &due.attempt).await {
            Ok(answers) => answers,
            // One that cannot be noted holds up no other.
            Err(failure) => {
                tracing::error!(attempt = %due.attempt.id, code = ?failure.code, "a payment cannot be noted");
                true
            }
        };
        let now = now();
        let is_news = now.0
            < due
                .attempt
                .expires_at
                .0
                .saturating_add(milliseconds(GIVE_UP));
        let next = is_news.then(|| next_look(&portal.config.pace.gateway_looks, due.looks, now));
        given_up += u32::from(!is_news);
        // One that has ended meanwhile is not due any more, whatever stands here.
        portal.database.asked_online(&due, next).await?;
        if !answers {
            break;
        }
    }
    if given_up > 0 {
        tracing::warn!(given_up, "payments of which the gateway says nothing");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_the_last_one_repeats() {
        let pauses = [Duration::from_secs(1), Duration::from_secs(5)];
        let all: Vec<_> = (0..4)
            .map(|looks| next_look(&pauses, looks, Timestamp(7)).0)
            .collect();
        assert_eq!(all, [1007, 5007, 5007, 5007]);
        assert_eq!(next_look(&[], 3, Timestamp(0)).0, 120_000);
    }
}
