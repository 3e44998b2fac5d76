//! What the portal needs of a payment gateway. One adapter a gateway.

use contract::value::{Dong, Timestamp};
use std::future::Future;
use std::pin::Pin;
use uuid::Uuid;

/// A future of a [`PaymentGateway`].
pub type GatewayAnswer<'a, T> = Pin<Box<dyn Future<Output = Result<T, GatewayError>> + Send + 'a>>;

/// A payment gateway.
pub trait PaymentGateway: Send + Sync {
    /// Its name, as people read it.
    fn name(&self) -> &str;
    /// Begins a payment; the same id begins it once.
    fn start<'a>(&'a self, start: &'a Start) -> GatewayAnswer<'a, Started>;
    /// How a payment stands. Safe to repeat.
    fn status(&self, id: Uuid) -> GatewayAnswer<'_, Found>;
    /// Reads what the gateway posted by itself; none unless its signature holds.
    fn callback(&self, body: &serde_json::Value) -> Option<Found>;
}

/// What is to be paid.
#[derive(Debug, Clone)]
pub struct Start {
    /// Our reference.
    pub id: Uuid,
    /// How much.
    pub amount: Dong,
    /// What it says, ASCII.
    pub purpose: String,
    /// Where the person comes back to.
    pub back: String,
    /// Where the gateway posts how it ended.
    pub callback: String,
}

/// A payment that was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// The gateway's reference.
    pub reference: String,
    /// Where the person pays.
    pub address: String,
    /// When that page ends; none when the gateway does not say.
    pub expires_at: Option<Timestamp>,
}

/// How a payment stands, as the gateway says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Our reference.
    pub id: Uuid,
    /// How much was, or would be, paid.
    pub amount: Dong,
    /// State.
    pub outcome: Outcome,
}

/// State of a payment at the gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nobody paid yet.
    Open,
    /// Paid.
    Paid,
    /// Declined.
    Declined,
    /// Its time is over.
    Expired,
}

/// What went wrong with a gateway.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// No answer.
    #[error("no answer: {0}")]
    Unreachable(#[from] reqwest::Error),
    /// It does not know this payment.
    #[error("it does not know this payment")]
    Unknown,
    /// It refused, with this status.
    #[error("it refused with status {0}")]
    Refused(u16),
    /// What it said cannot be read, or its signature does not hold.
    #[error("its answer cannot be believed")]
    Malformed,
}
