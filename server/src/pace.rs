//! How fast the portal does what it does by itself: pauses, patience, bounds. Operators keep the defaults; tests and benches shorten them.

use std::time::Duration;

/// See the fields.
#[derive(Debug, Clone)]
pub struct Pace {
    /// How often the poller takes what is due.
    pub tick: Duration,
    /// Pauses between looks at one transaction; the last one repeats. Each is varied by a fifth, so that people do not ask in step.
    pub looks: Vec<Duration>,
    /// The same while the provider calls back by itself: its call wakes a transaction at once, a look only finds lost calls.
    pub looks_beside_callbacks: Vec<Duration>,
    /// Most looks a second at one provider by one instance. 20,000 people who wait would ask 4,000 times a second at five seconds'
    /// pause, which no provider bears: with more waiting than this allows, pauses grow evenly for all (20,000 / 500 = 40 s).
    pub looks_per_second: u32,
    /// Most looks at one provider that run at a time: one that hangs holds up nobody who waits for another.
    pub looks_at_once: usize,
    /// Longest look.
    pub look: Duration,
    /// How long one instance has a transaction to itself; longer than a look or a sending takes.
    pub lease: Duration,
    /// Longest sending of a request. Shorter than [`Pace::lost`].
    pub send: Duration,
    /// If nobody noted the provider's answer until then, the process that sent the request died.
    pub lost: Duration,
    /// For how long "I do not know this transaction" is not believed after a lost answer: the request may be on its way still.
    pub unknown: Duration,
    /// How long further values are waited for when some files of a transaction have theirs.
    pub partial: Duration,
    /// After the end one last look is taken: the person may have confirmed in the last second.
    pub grace: Duration,
    /// When an attempt that is over is looked at again, after its end, to log signatures that came late. They are never used.
    pub look_backs: Vec<Duration>,
    /// How often changes by other instances are looked for.
    pub hub: Duration,
    /// How often a stream says that it is there.
    pub heartbeat: Duration,
    /// How often the sessions behind streams are checked.
    pub session: Duration,
    /// Most transactions a person may start in a minute: each rings a phone.
    pub starts_per_minute: i64,
    /// Most messages of one provider a second; more are answered "later".
    pub callbacks_per_second: u32,
    /// How long a server that ends waits for providers' answers to requests it sent.
    pub shutdown: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        let seconds = |list: &[u64]| list.iter().copied().map(Duration::from_secs).collect();
        Self {
            tick: Duration::from_millis(250),
            looks: seconds(&[2, 2, 3, 3, 5]),
            looks_beside_callbacks: seconds(&[5, 10, 15]),
            looks_per_second: 500,
            looks_at_once: 128,
            look: Duration::from_secs(30),
            lease: Duration::from_secs(40),
            send: Duration::from_secs(40),
            lost: Duration::from_secs(45),
            unknown: Duration::from_secs(10),
            partial: Duration::from_secs(10),
            grace: Duration::from_secs(15),
            look_backs: seconds(&[15, 300, 3600, 86_400]),
            hub: Duration::from_secs(1),
            heartbeat: Duration::from_secs(10),
            session: Duration::from_secs(15),
            starts_per_minute: 10,
            callbacks_per_second: 200,
            shutdown: Duration::from_secs(20),
        }
    }
}

/// Milliseconds, for adding to a time.
#[must_use]
pub fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX / 4)
}
