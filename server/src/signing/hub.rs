//! One for an instance: tells every waiting browser of changes, so that none of them asks the database.
//!
//! Changes this instance makes are told at once, and rung at the others ([`store::Bell`]). Those of other instances are read once for all
//! listeners when they ring, and every now and then in case a ring was lost, by the time of change. Clocks
//! of instances differ and transactions commit out of order, so a stretch of the past is read again each time; what was told already
//! is known by its version. A listener that does not read is let go: its browser reconnects and says what it saw last.

use crate::identity::{begun_since, idle_since};
use crate::pace::milliseconds;
use crate::state::{Portal, now};
use contract::signing::SigningView;
use contract::value::Timestamp;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use store::{Bell, Ring};
use tokio::sync::{Notify, mpsc};
use uuid::Uuid;

/// How far clocks and commits may be apart, in milliseconds.
pub const APART_MS: i64 = 5000;
/// Changes a listener may be behind; what a channel takes of memory anyway.
const BEHIND_MAX: usize = 32;
/// Pause before the bell is hung again after the database was gone.
const HEAR_AGAIN: Duration = Duration::from_secs(2);
/// Changes read at a time.
const READ_MAX: i64 = 2000;

/// A change, in the words every listener gets.
#[derive(Debug)]
pub struct Told {
    /// Transaction.
    pub id: Uuid,
    /// Its version.
    pub version: i64,
    /// When it changed.
    pub at: Timestamp,
    /// Nothing more will come of it.
    pub over: bool,
    /// [`SigningView`] as JSON.
    pub json: String,
}

impl Told {
    /// From what people see.
    pub fn new(view: &SigningView, at: Timestamp) -> Self {
        Self {
            id: view.id,
            version: view.version,
            at,
            over: view.state.is_final(),
            // A view has no map with other keys than text, which is all that could fail.
            json: serde_json::to_string(view).unwrap_or_default(),
        }
    }
}

/// Shortest pause between two rings, and between two readings because of them: under load many changes are one ring.
const TOGETHER: Duration = Duration::from_millis(25);

/// See the module.
#[derive(Debug, Default)]
pub struct Hub {
    inner: Mutex<Inner>,
    /// This instance changed a transaction, or ended a session.
    changed: [Notify; 2],
    /// Another instance did.
    heard: [Notify; 2],
}

/// Places in [`Hub::changed`] and [`Hub::heard`].
const SIGNINGS: usize = 0;
const SESSIONS: usize = 1;

#[derive(Debug, Default)]
struct Inner {
    listeners: HashMap<Uuid, Vec<Listener>>,
    /// The version told last of what changed lately, and when it changed.
    told: HashMap<Uuid, (i64, Timestamp)>,
    number: u64,
    closed: bool,
}

#[derive(Debug)]
struct Listener {
    number: u64,
    signing: Option<Uuid>,
    session: Option<Uuid>,
    sender: mpsc::Sender<Arc<Told>>,
}

/// What a listener holds; dropping it ends listening.
#[derive(Debug)]
pub struct Subscription {
    hub: Arc<Hub>,
    account: Uuid,
    number: u64,
    receiver: mpsc::Receiver<Arc<Told>>,
}

impl Subscription {
    /// The next change; none when the session or the server ended, or the listener was too slow.
    pub async fn next(&mut self) -> Option<Arc<Told>> {
        self.receiver.recv().await
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut inner = self.hub.inner();
        if let Some(list) = inner.listeners.get_mut(&self.account) {
            list.retain(|listener| listener.number != self.number);
            if list.is_empty() {
                inner.listeners.remove(&self.account);
            }
        }
    }
}

impl Hub {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Listens to one transaction of an account, or to all of them. `session` is the session's name, none for the portal itself.
    pub fn subscribe(
        self: &Arc<Self>,
        account: Uuid,
        signing: Option<Uuid>,
        session: Option<Uuid>,
    ) -> Subscription {
        let (sender, receiver) = mpsc::channel(BEHIND_MAX);
        let mut inner = self.inner();
        inner.number += 1;
        let number = inner.number;
        if !inner.closed {
            inner.listeners.entry(account).or_default().push(Listener {
                number,
                signing,
                session,
                sender,
            });
        }
        Subscription {
            hub: self.clone(),
            account,
            number,
            receiver,
        }
    }

    /// Tells a change of this instance to who listens here, and to the other instances. The view is made only when somebody listens.
    pub fn tell(&self, account: Uuid, at: Timestamp, view: impl FnOnce() -> SigningView) {
        self.changed[SIGNINGS].notify_one();
        self.spread(account, at, view);
    }

    /// Tells a change to who listens here.
    fn spread(&self, account: Uuid, at: Timestamp, view: impl FnOnce() -> SigningView) {
        let mut inner = self.inner();
        if !inner.listeners.contains_key(&account) {
            return;
        }
        let told = Arc::new(Told::new(&view(), at));
        if inner
            .told
            .get(&told.id)
            .is_some_and(|(version, _)| *version >= told.version)
        {
            return;
        }
        inner.told.insert(told.id, (told.version, at));
        if let Some(list) = inner.listeners.get_mut(&account) {
            list.retain(|listener| {
                listener.signing.is_some_and(|id| id != told.id)
                    || listener.sender.try_send(told.clone()).is_ok()
            });
        }
    }

    /// Ends the streams of a session, here and at the other instances.
    pub fn end_session(&self, session: Uuid) {
        self.changed[SESSIONS].notify_one();
        self.drop_session(session);
    }

    fn drop_session(&self, session: Uuid) {
        for list in self.inner().listeners.values_mut() {
            list.retain(|listener| listener.session != Some(session));
        }
    }

    /// Ends all streams: the server ends.
    pub fn close(&self) {
        let mut inner = self.inner();
        inner.closed = true;
        inner.listeners.clear();
    }

    /// How many listen.
    pub fn listeners(&self) -> usize {
        self.inner().listeners.values().map(Vec::len).sum()
    }

    /// Whether a change is news to somebody.
    fn wants(&self, change: &store::ChangedSigning) -> bool {
        let inner = self.inner();
        inner.listeners.contains_key(&change.account)
            && inner
                .told
                .get(&change.id)
                .is_none_or(|(version, _)| *version < change.version)
    }

    fn forget_before(&self, moment: Timestamp) {
        self.inner().told.retain(|_, (_, at)| *at >= moment);
    }

    fn sessions(&self) -> BTreeSet<Uuid> {
        let inner = self.inner();
        let all = inner.listeners.values().flatten();
        all.filter_map(|listener| listener.session).collect()
    }
}

/// Reads what other instances changed, for ever.
pub async fn read(portal: &Portal) {
    let mut since = Timestamp(now().0 - APART_MS);
    loop {
        tokio::select! {
            () = tokio::time::sleep(portal.config.pace.hub) => {}
            () = portal.hub.heard[SIGNINGS].notified() => {}
        }
        if portal.hub.listeners() == 0 {
            since = Timestamp(now().0 - APART_MS);
            continue;
        }
        match read_once(portal, since).await {
            Ok(read) => since = read,
            Err(error) => tracing::error!(%error, "changes of signings cannot be read"),
        }
        tokio::time::sleep(TOGETHER).await;
    }
}

/// Tells what changed since a moment; from where to read next.
async fn read_once(portal: &Portal, mut since: Timestamp) -> Result<Timestamp, store::StoreError> {
    let begun = now();
    loop {
        let changes = portal.database.changed_signings(since, READ_MAX).await?;
        for change in &changes {
            if portal.hub.wants(change) {
                let stored = portal.database.any_signing(change.id).await?;
                portal
                    .hub
                    .spread(stored.account, stored.changed_at, || super::shown(stored));
            }
        }
        let last = changes.last().map_or(since, |change| change.at);
        let full = i64::try_from(changes.len()).is_ok_and(|read| read == READ_MAX);
        // All in one millisecond cannot be told apart by time; then the next round reads them again.
        if !full || last == since {
            break;
        }
        since = last;
    }
    let next = Timestamp(begun.0 - APART_MS);
    portal
        .hub
        .forget_before(Timestamp(next.0 - milliseconds(portal.config.pace.hub)));
    Ok(next)
}

/// Rings at the other instances after changes of this one, for ever. What was changed is in the database by then.
pub async fn ring(portal: &Portal) {
    let hub = &portal.hub;
    loop {
        let what = tokio::select! {
            () = hub.changed[SIGNINGS].notified() => Ring::Signings,
            () = hub.changed[SESSIONS].notified() => Ring::Sessions,
        };
        if let Err(error) = portal.database.ring(what).await {
            tracing::warn!(%error, "other instances cannot be told of a change; they find out by themselves");
        }
        tokio::time::sleep(TOGETHER).await;
    }
}

/// Hears the other instances, for ever.
pub async fn hear(portal: &Portal) {
    loop {
        match Bell::hang(&portal.config.database_url).await {
            Ok(None) => return,
            Ok(Some(mut bell)) => loop {
                match bell.rung().await {
                    Ok(Ring::Signings) => portal.hub.heard[SIGNINGS].notify_one(),
                    Ok(Ring::Sessions) => portal.hub.heard[SESSIONS].notify_one(),
                    Ok(Ring::Anything) => portal.hub.heard.iter().for_each(Notify::notify_one),
                    Err(error) => {
                        tracing::warn!(%error, "other instances are not heard");
                        break;
                    }
                }
            },
            Err(error) => tracing::warn!(%error, "other instances are not heard"),
        }
        tokio::time::sleep(HEAR_AGAIN).await;
    }
}

/// Ends streams whose session ended elsewhere or by itself, for ever.
pub async fn watch_sessions(portal: &Portal) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(portal.config.pace.session.max(Duration::from_millis(50))) => {}
            () = portal.hub.heard[SESSIONS].notified() => tokio::time::sleep(TOGETHER).await,
        }
        let open: Vec<Uuid> = portal.hub.sessions().into_iter().collect();
        for some in open.chunks(200) {
            let now = now();
            match portal
                .database
                .live_sessions(some, idle_since(now), begun_since(now))
                .await
            {
                Ok(live) => {
                    for ended in some.iter().filter(|session| !live.contains(session)) {
                        portal.hub.drop_session(*ended);
                    }
                }
                Err(error) => tracing::error!(%error, "sessions cannot be read"),
            }
        }
    }
}
