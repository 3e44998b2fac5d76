//! What people are told outside the portal: e-mail, and reminders on their day. Notices themselves are written by the store, in the
//! transaction of what they tell.

mod post;
mod settings;
mod words;

pub use post::{Post, deliver};
pub use settings::{MailSettings, Tls};

use crate::pace::milliseconds;
use crate::state::{Portal, now};
use contract::value::Timestamp;
use std::time::Duration;

/// How often is looked for what is due.
const TICK: Duration = Duration::from_secs(5);
/// Most reminders told in one transaction.
const REMINDERS: i64 = 100;

/// Tells and sends until dropped.
pub async fn run(portal: Portal) {
    let tick = TICK.min(portal.config.pace.tick.saturating_mul(20));
    loop {
        round(&portal, now()).await;
        tokio::time::sleep(tick).await;
    }
}

/// What is due now. The clock is an argument, so that tests move it.
pub async fn round(portal: &Portal, now: Timestamp) {
    match portal.database.tell_reminders(now, REMINDERS).await {
        Ok(0) => {}
        Ok(told) => tracing::info!(told, "reminders"),
        Err(error) => tracing::error!(%error, "reminders cannot be told"),
    }
    if let Some(post) = &portal.post
        && let Err(error) = deliver(&portal.database, post, now).await
    {
        tracing::error!(%error, "the mail cannot be read or noted");
    }
}

/// How long one instance has an e-mail to itself: longer than sending takes.
const LEASE: Duration = Duration::from_secs(120);
/// Pauses after the first, second … failed try; the last one repeats.
const PAUSES: [Duration; 6] = [
    Duration::from_secs(60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(15 * 60),
    Duration::from_secs(60 * 60),
    Duration::from_secs(2 * 60 * 60),
    Duration::from_secs(4 * 60 * 60),
];
/// After so long a message is news no more.
const GIVE_UP: Duration = Duration::from_secs(24 * 60 * 60);

/// When to try again; none once it is a day old.
fn next_try(created_at: Timestamp, tries: i64, now: Timestamp) -> Option<Timestamp> {
    let position = usize::try_from(tries.max(1) - 1).unwrap_or(usize::MAX);
    let pause = PAUSES
        .get(position)
        .or(PAUSES.last())
        .copied()
        .unwrap_or(GIVE_UP);
    let next = Timestamp(now.0 + milliseconds(pause));
    (next.0 - created_at.0 < milliseconds(GIVE_UP)).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_after_a_day_nothing_is_tried() {
        let (mut now, mut tries) = (Timestamp(0), 1);
        let mut pauses = Vec::new();
        while let Some(next) = next_try(Timestamp(0), tries, now) {
            pauses.push((next.0 - now.0) / 60_000);
            now = next;
            tries += 1;
        }
        assert_eq!(pauses, [1, 5, 15, 60, 120, 240, 240, 240, 240, 240]);
        assert!(now.0 < milliseconds(GIVE_UP));
    }
}
