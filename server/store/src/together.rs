//! Work of many that is written in one transaction.
//!
//! Some rows everybody waits for: the end of the journal, the counters of codes. Whoever writes one holds it until the commit is on the
//! disk, so that one after the other no more could be written in a second than the disk syncs. Here those who come while others are being
//! written are written next, together. Nobody is answered before the commit.

use crate::database::{Database, StoreError};
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

/// Most that is written in one transaction.
const AT_ONCE: usize = 64;

/// Somebody who waits, and where the answer goes.
type Waiting<Job, Done> = (Job, oneshot::Sender<Result<Done, StoreError>>);

/// Who waits for one kind of work.
pub(crate) struct Together<Job, Done> {
    waiting: Mutex<Vec<Waiting<Job, Done>>>,
    turn: tokio::sync::Mutex<()>,
}

impl<Job, Done> Default for Together<Job, Done> {
    fn default() -> Self {
        Self {
            waiting: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
        }
    }
}

impl<Job, Done> std::fmt::Debug for Together<Job, Done> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Together")
    }
}

impl<Job, Done> Together<Job, Done>
where
    Job: Clone + Send + Sync + 'static,
    Done: Send + 'static,
{
    /// Waits until a job was written with those beside it. `work` writes all or nothing, and has one answer for each; where it fails for
    /// several, it is tried for each alone: nobody fails because of what another sent.
    ///
    /// The writing goes on when who asked goes away: others wait for it too.
    pub(crate) async fn add<Work, Writing>(
        self: &Arc<Self>,
        database: &Database,
        job: Job,
        work: Work,
    ) -> Result<Done, StoreError>
    where
        Work: Fn(Database, Vec<Job>) -> Writing + Send + Sync + 'static,
        Writing: Future<Output = Result<Vec<Result<Done, StoreError>>, StoreError>> + Send,
    {
        let (answer, told) = oneshot::channel();
        self.waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push((job, answer));
        let (all, database) = (self.clone(), database.clone());
        tokio::spawn(async move {
            let _turn = all.turn.lock().await;
            let next = all.next();
            if !next.is_empty() {
                write(&database, next, &work).await;
            }
        });
        // Without an answer the task was ended with the process.
        told.await
            .unwrap_or(Err(StoreError::Database(sqlx::Error::WorkerCrashed)))
    }

    /// Who came first. As many tasks come here as jobs were added, so that nobody is left.
    fn next(&self) -> Vec<Waiting<Job, Done>> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let many = waiting.len().min(AT_ONCE);
        waiting.drain(..many).collect()
    }
}

async fn write<Job, Done, Work, Writing>(
    database: &Database,
    waiting: Vec<Waiting<Job, Done>>,
    work: &Work,
) where
    Job: Clone,
    Work: Fn(Database, Vec<Job>) -> Writing,
    Writing: Future<Output = Result<Vec<Result<Done, StoreError>>, StoreError>>,
{
    let (jobs, answers): (Vec<Job>, Vec<_>) = waiting.into_iter().unzip();
    match work(database.clone(), jobs.clone()).await {
        Ok(done) => {
            for (answer, done) in answers.into_iter().zip(done) {
                // Who hung up asks again and is told the same.
                let _ = answer.send(done);
            }
        }
        Err(error) if jobs.len() == 1 => {
            if let Some(answer) = answers.into_iter().next() {
                let _ = answer.send(Err(error));
            }
        }
        Err(error) => {
            tracing::warn!(%error, "written one by one");
            for (job, answer) in jobs.into_iter().zip(answers) {
                let done = work(database.clone(), vec![job]).await;
                let done = done.and_then(|mut all| all.pop().unwrap_or(Err(StoreError::NotFound)));
                let _ = answer.send(done);
            }
        }
    }
}
