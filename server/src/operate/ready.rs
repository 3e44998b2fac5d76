//! Whether a load balancer shall send people here.

use crate::state::Portal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Longest wait for the database or the store of files.
const PATIENCE: Duration = Duration::from_secs(2);

/// Set once the server was asked to end: it answers what comes, and says that it wants no more.
#[derive(Debug, Default)]
pub struct Draining(AtomicBool);

impl Draining {
    /// No more people, please.
    pub fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_begun(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Why an instance is not ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unready {
    /// It was asked to end.
    #[error("ending")]
    Draining,
    /// The database does not answer, or too late.
    #[error("database")]
    Database,
    /// The store of files does not answer, or too late.
    #[error("files")]
    Files,
}

/// Whether requests can be answered here.
///
/// # Errors
/// Why not.
pub async fn ready(portal: &Portal) -> Result<(), Unready> {
    if portal.draining.is_begun() {
        return Err(Unready::Draining);
    }
    let database = tokio::time::timeout(PATIENCE, portal.database.ping());
    let files = tokio::time::timeout(PATIENCE, portal.files.ping());
    let (database, files) = tokio::join!(database, files);
    if !matches!(database, Ok(Ok(()))) {
        return Err(Unready::Database);
    }
    if !matches!(files, Ok(Ok(()))) {
        return Err(Unready::Files);
    }
    Ok(())
}
