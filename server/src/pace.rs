//! How fast the portal does what it does by itself: pauses, patience, bounds. Operators keep the defaults; tests and benches shorten them.

use serde::{Deserialize, Deserializer};
use std::time::Duration;

/// `[pace]` of the settings file: times in seconds, everything optional.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pace {
    /// How often the poller takes what is due.
    #[serde(deserialize_with = "seconds")]
    pub tick: Duration,
    /// Pauses between looks at one transaction; the last one repeats. Each is varied by a fifth, so that people do not ask in step.
    #[serde(deserialize_with = "list_of_seconds")]
    pub looks: Vec<Duration>,
    /// The same while the provider calls back by itself: its call wakes a transaction at once, a look only finds lost calls.
    #[serde(deserialize_with = "list_of_seconds")]
    pub looks_beside_callbacks: Vec<Duration>,
    /// Most looks a second at one provider by one instance. 20,000 people who wait would ask 4,000 times a second at five seconds'
    /// pause, which no provider bears: with more waiting than this allows, pauses grow evenly for all (20,000 / 500 = 40 s).
    pub looks_per_second: u32,
    /// Most looks at one provider that run at a time: one that hangs holds up nobody who waits for another.
    pub looks_at_once: usize,
    /// Longest look.
    #[serde(deserialize_with = "seconds")]
    pub look: Duration,
    /// How long one instance has a transaction to itself; longer than a look or a sending takes.
    #[serde(deserialize_with = "seconds")]
    pub lease: Duration,
    /// Longest sending of a request. Shorter than [`Pace::lost`].
    #[serde(deserialize_with = "seconds")]
    pub send: Duration,
    /// If nobody noted the provider's answer until then, the process that sent the request died.
    #[serde(deserialize_with = "seconds")]
    pub lost: Duration,
    /// For how long "I do not know this transaction" is not believed after a lost answer: the request may be on its way still.
    #[serde(deserialize_with = "seconds")]
    pub unknown: Duration,
    /// How long further values are waited for when some files of a transaction have theirs.
    #[serde(deserialize_with = "seconds")]
    pub partial: Duration,
    /// After the end one last look is taken: the person may have confirmed in the last second.
    #[serde(deserialize_with = "seconds")]
    pub grace: Duration,
    /// When an attempt that is over is looked at again, after its end, to log signatures that came late. They are never used.
    #[serde(deserialize_with = "list_of_seconds")]
    pub look_backs: Vec<Duration>,
    /// How often changes by other instances are looked for.
    #[serde(deserialize_with = "seconds")]
    pub hub: Duration,
    /// How often a stream says that it is there.
    #[serde(deserialize_with = "seconds")]
    pub heartbeat: Duration,
    /// How often the sessions behind streams are checked.
    #[serde(deserialize_with = "seconds")]
    pub session: Duration,
    /// Most transactions a person may start in a minute: each rings a phone.
    pub starts_per_minute: i64,
    /// Most requests of the API by one address a second, ten seconds' worth of them at once: a whole office may share an address.
    pub requests_per_address: u32,
    /// The same by one session.
    pub requests_per_person: u32,
    /// How often the payment gateway is asked about one payment at most.
    #[serde(deserialize_with = "seconds")]
    pub gateway: Duration,
    /// Pauses after which the gateway is asked by itself about a payment that was begun and has not ended; the last one repeats.
    #[serde(deserialize_with = "list_of_seconds")]
    pub gateway_looks: Vec<Duration>,
    /// Longest that another system may take to hear of an event.
    #[serde(deserialize_with = "seconds")]
    pub hook: Duration,
    /// Pauses after which it is told again; the last one repeats, for a day.
    #[serde(deserialize_with = "list_of_seconds")]
    pub hook_pauses: Vec<Duration>,
    /// Most messages of one provider a second; more are answered "later".
    pub callbacks_per_second: u32,
    /// How long a server that was asked to end goes on as before, saying that it is not ready: until load balancers have noticed.
    #[serde(deserialize_with = "seconds")]
    pub drain: Duration,
    /// How long a server that ends waits for providers' answers to requests it sent.
    #[serde(deserialize_with = "seconds")]
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
            requests_per_address: 200,
            requests_per_person: 50,
            gateway: Duration::from_secs(3),
            gateway_looks: seconds(&[60, 120, 300, 600, 900, 1800, 3600]),
            hook: Duration::from_secs(15),
            hook_pauses: seconds(&[5, 60, 300, 1800, 7200, 14_400]),
            callbacks_per_second: 200,
            drain: Duration::ZERO,
            shutdown: Duration::from_secs(20),
        }
    }
}

/// Seconds as somebody writes them: `45` or `0.5`.
fn seconds<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    Duration::try_from_secs_f64(f64::deserialize(from)?).map_err(serde::de::Error::custom)
}

fn list_of_seconds<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Duration>, D::Error> {
    Vec::<f64>::deserialize(from)?
        .into_iter()
        .map(|number| Duration::try_from_secs_f64(number).map_err(serde::de::Error::custom))
        .collect()
}

/// Milliseconds, for adding to a time.
#[must_use]
pub fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX / 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_of_it_is_set_in_seconds_and_the_rest_stays() {
        let pace: Pace =
            toml::from_str("lost = 1.5\nlooks = [0.1, 2]\nlooks_per_second = 7").expect("read");
        assert_eq!(pace.lost, Duration::from_millis(1500));
        assert_eq!(
            pace.looks,
            [Duration::from_millis(100), Duration::from_secs(2)]
        );
        assert_eq!((pace.looks_per_second, pace.starts_per_minute), (7, 10));
        assert!(toml::from_str::<Pace>("lost = -1").is_err());
        assert!(toml::from_str::<Pace>("lots = 1").is_err());
    }
}
