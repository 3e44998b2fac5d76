//! What an operator needs to run the portal: numbers (Prometheus), traces (OTLP), readiness, and `server doctor`.
//!
//! Nothing here knows a person: routes are told by their pattern, providers by their code, never by what was asked.

pub mod doctor;
mod listen;
mod measured;
mod metrics;
mod observe;
mod ready;
mod together;
pub mod trace;

pub use listen::serve;
pub use measured::Measured;
pub use metrics::Metrics;
pub use observe::{observe, request_id};
pub use ready::{Draining, Unready, ready};
