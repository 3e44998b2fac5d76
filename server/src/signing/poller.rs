//! Takes what is due and has it looked at. Any instance can, several do at once: a lease gives each look to one of them.

use super::schedule::Admission;
use super::{hub, look};
use crate::pace::milliseconds;
use crate::state::{Portal, now};
use store::Looked;
use tokio::task::JoinSet;

/// Most transactions taken at a time.
const TAKE_MAX: usize = 500;
/// Most looks in memory, whatever the number of providers: each is a small task that waits for an answer.
const LOOKS_MAX: usize = 2000;

/// Works until dropped; looks that run are dropped with it, and their leases run out.
pub async fn poll(portal: Portal) {
    tokio::join!(
        looks(&portal),
        hub::read(&portal),
        hub::ring(&portal),
        hub::hear(&portal),
        hub::watch_sessions(&portal)
    );
}

async fn looks(portal: &Portal) {
    let pace = &portal.config.pace;
    let mut running: JoinSet<Option<Looked>> = JoinSet::new();
    let mut looked: Vec<Looked> = Vec::new();
    loop {
        while let Some(done) = running.try_join_next() {
            looked.extend(done.ok().flatten());
        }
        write(portal, &mut looked).await;
        let most = TAKE_MAX.min(LOOKS_MAX.saturating_sub(running.len()));
        let taken = if most == 0 {
            0
        } else {
            take(portal, most, &mut running, &mut looked).await
        };
        // A full batch means that more is due.
        if taken < most || most == 0 {
            tokio::select! {
                () = tokio::time::sleep(pace.tick) => {}
                () = portal.schedule.poked() => {}
            }
        }
    }
}

/// Takes what is due; how much it was.
async fn take(
    portal: &Portal,
    most: usize,
    running: &mut JoinSet<Option<Looked>>,
    looked: &mut Vec<Looked>,
) -> usize {
    let pace = &portal.config.pace;
    let now = now();
    let due = portal
        .database
        .due_signings(
            now,
            milliseconds(pace.lease),
            i64::try_from(most).unwrap_or(1),
        )
        .await;
    let due = match due {
        Ok(due) => due,
        Err(error) => {
            tracing::error!(%error, "the poller cannot read");
            return 0;
        }
    };
    let taken = due.len();
    for due in due {
        match portal.schedule.admit(pace, &due.request.provider, now) {
            Admission::Now => {
                let portal = portal.clone();
                running.spawn(async move {
                    let _place = Place(&portal, &due.request.provider);
                    look::look(&portal, &due).await
                });
            }
            Admission::Later(at) => looked.push(Looked {
                id: due.request.id,
                leased_until: due.leased_until,
                next_poll_at: Some(at),
            }),
        }
    }
    taken
}

/// A look's place among those of its provider, given back however the look ends.
struct Place<'a>(&'a Portal, &'a contract::provider::ProviderCode);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.schedule.done(self.1);
    }
}

/// Writes looks that changed nothing, many in one transaction: one commit each would be all the database does.
async fn write(portal: &Portal, looked: &mut Vec<Looked>) {
    for some in looked.chunks_mut(TAKE_MAX) {
        // Not written means looked at again when the lease is over.
        if let Err(error) = portal.database.looked_at(some).await {
            tracing::error!(%error, "the poller cannot write");
        }
    }
    looked.clear();
}
