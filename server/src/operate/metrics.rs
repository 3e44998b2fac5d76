//! Numbers for Prometheus, in the OpenMetrics text format.
//!
//! Counted here: requests, calls of providers. Asked for when the numbers are read: what waits in the database, streams, memory.

use crate::state::{Portal, now};
use prometheus_client::encoding::{EncodeLabelSet, text::encode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

/// Bounds of the classes of durations, in seconds: from what a read takes to what a person no longer waits for.
const SECONDS: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0,
];

/// One kind of request.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    method: String,
    route: String,
    status: u16,
}

/// One route.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    method: String,
    route: String,
}

/// One kind of outcome of a provider's call.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CallLabels {
    provider: String,
    call: &'static str,
    outcome: &'static str,
}

/// One kind of call.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ProviderLabels {
    provider: String,
    call: &'static str,
}

/// How long something took; a function, since [`Family`] makes each by it.
type Durations<L> = Family<L, Histogram, fn() -> Histogram>;

fn durations() -> Histogram {
    Histogram::new(SECONDS)
}

/// Counters of this process; cheap to clone.
#[derive(Debug, Clone)]
pub struct Metrics(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    request_seconds: Durations<RouteLabels>,
    calls: Family<CallLabels, Counter>,
    call_seconds: Durations<ProviderLabels>,
    streams: Gauge,
    connections: Gauge,
    idle_connections: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("portal");
        let requests = Family::default();
        let request_seconds =
            Durations::<RouteLabels>::new_with_constructor(durations as fn() -> Histogram);
        let calls = Family::default();
        let call_seconds =
            Durations::<ProviderLabels>::new_with_constructor(durations as fn() -> Histogram);
        let (streams, connections, idle_connections) =
            (Gauge::default(), Gauge::default(), Gauge::default());
        registry.register(
            "requests",
            "Requests that were answered, by route and status",
            requests.clone(),
        );
        registry.register_with_unit(
            "request",
            "Time until an answer began",
            Unit::Seconds,
            request_seconds.clone(),
        );
        registry.register(
            "provider_calls",
            "Calls of signing providers, by what came of them",
            calls.clone(),
        );
        registry.register_with_unit(
            "provider_call",
            "Time until a provider answered",
            Unit::Seconds,
            call_seconds.clone(),
        );
        registry.register(
            "event_streams",
            "Browsers that listen for changes at this instance",
            streams.clone(),
        );
        registry.register(
            "database_connections",
            "Connections to the database",
            connections.clone(),
        );
        registry.register(
            "database_connections_idle",
            "Connections to the database that nobody uses",
            idle_connections.clone(),
        );
        Self(Arc::new(Inner {
            registry,
            requests,
            request_seconds,
            calls,
            call_seconds,
            streams,
            connections,
            idle_connections,
        }))
    }
}

impl Metrics {
    /// Counts an answer. `route` is the pattern, e.g. `/api/dossiers/{id}`: never what stands in its place.
    pub fn request(&self, method: &str, route: &str, status: u16, took: Duration) {
        self.0
            .requests
            .get_or_create(&RequestLabels {
                method: method.to_owned(),
                route: route.to_owned(),
                status,
            })
            .inc();
        self.0
            .request_seconds
            .get_or_create(&RouteLabels {
                method: method.to_owned(),
                route: route.to_owned(),
            })
            .observe(took.as_secs_f64());
    }

    /// Counts a provider's call.
    pub fn call(&self, provider: &str, call: &'static str, outcome: &'static str, took: Duration) {
        self.0
            .calls
            .get_or_create(&CallLabels {
                provider: provider.to_owned(),
                call,
                outcome,
            })
            .inc();
        self.0
            .call_seconds
            .get_or_create(&ProviderLabels {
                provider: provider.to_owned(),
                call,
            })
            .observe(took.as_secs_f64());
    }

    /// The portal's numbers, as Prometheus reads them. What the database does not tell in time is left out: numbers are wanted most when
    /// something is slow.
    pub async fn text(&self, portal: &Portal) -> Result<String, std::fmt::Error> {
        self.0
            .streams
            .set(i64::try_from(portal.hub.listeners()).unwrap_or(i64::MAX));
        let (all, idle) = portal.database.connections();
        self.0.connections.set(i64::from(all));
        self.0
            .idle_connections
            .set(i64::try_from(idle).unwrap_or(i64::MAX));
        let mut text = String::new();
        // The end mark comes behind what is added here.
        encode(&mut text, &self.0.registry)?;
        let mut text = text.trim_end().trim_end_matches("# EOF").to_owned();
        let asked = portal.database.backlog(now());
        if let Ok(Ok(backlog)) = tokio::time::timeout(Duration::from_secs(2), asked).await {
            for (name, help, value) in [
                (
                    "signings_open",
                    "Signing transactions that wait",
                    backlog.signings_open,
                ),
                (
                    "signings_overdue",
                    "Signing transactions that should have been looked at a minute ago",
                    backlog.signings_overdue,
                ),
                (
                    "mails_waiting",
                    "E-mails that are due and not sent",
                    backlog.mails_waiting,
                ),
                ("sessions", "Sessions that have not ended", backlog.sessions),
            ] {
                gauge(&mut text, name, help, value)?;
            }
        } else {
            tracing::warn!("the database did not tell in time what waits");
        }
        text.push_str("# EOF\n");
        Ok(text)
    }
}

fn gauge(text: &mut String, name: &str, help: &str, value: i64) -> std::fmt::Result {
    writeln!(text, "# HELP portal_{name} {help}.")?;
    writeln!(text, "# TYPE portal_{name} gauge")?;
    writeln!(text, "portal_{name} {value}")
}

/// Memory and open files of this process, by the names that Prometheus' own libraries give them. Nothing where there is no `/proc`.
pub(super) fn process(text: &mut String) -> std::fmt::Result {
    let number = |line: &str| line.split_whitespace().nth(1)?.parse::<i64>().ok();
    let resident = std::fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|status| number(status.lines().find(|line| line.starts_with("VmRSS:"))?));
    if let Some(kilobytes) = resident {
        writeln!(text, "# TYPE process_resident_memory_bytes gauge")?;
        writeln!(text, "process_resident_memory_bytes {}", kilobytes * 1024)?;
    }
    if let Ok(open) = std::fs::read_dir("/proc/self/fd") {
        writeln!(text, "# TYPE process_open_fds gauge")?;
        writeln!(text, "process_open_fds {}", open.count())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_and_calls_are_told_by_pattern_and_outcome() {
        let metrics = Metrics::default();
        let took = Duration::from_millis(3);
        metrics.request("GET", "/api/dossiers/{id}", 200, took);
        metrics.request("GET", "/api/dossiers/{id}", 200, took);
        metrics.call("vnpt-ca", "start", "no-answer", took);
        let mut text = String::new();
        encode(&mut text, &metrics.0.registry).expect("text");
        for line in [
            "portal_requests_total{method=\"GET\",route=\"/api/dossiers/{id}\",status=\"200\"} 2",
            "portal_request_seconds_bucket{le=\"0.005\",method=\"GET\",route=\"/api/dossiers/{id}\"} 2",
            "portal_provider_calls_total{provider=\"vnpt-ca\",call=\"start\",outcome=\"no-answer\"} 1",
        ] {
            assert!(text.contains(line), "{line} in\n{text}");
        }
    }
}
