//! Percentiles and other figures, rounded for people.

use std::time::Duration;

/// The value below which `percent` of a hundred lie; nothing of nothing.
pub fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    let last = sorted.len().saturating_sub(1);
    let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(place.min(last)).copied().unwrap_or_default()
}

/// Milliseconds.
pub fn milliseconds(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1000.0)
}
