//! Work of many that is written in one transaction.
//!
//! Some rows everybody waits for: the end of the journal, the counters of codes. Whoever writes one holds it until the commit is on the
//! disk, so that one after the other no more could be written in a second than the disk syncs. Here those who come while others are being
//! written are written next, together. Nobody is answered before the commit.
//!
//! What nearly every request asks first is asked together too: a question costs much the same for one and for ten.

use crate::database::{Database, PATIENCE, StoreError};
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Semaphore, oneshot};

/// Most that is written in one transaction.
const AT_ONCE: usize = 64;

/// Somebody who waits, and where the answer goes.
type Waiting<Job, Done> = (Job, oneshot::Sender<Result<Done, StoreError>>);

/// An answer of what only asks: who waits for longer than a connection is waited for is told so.
pub(crate) async fn patiently<Done>(
    asking: impl Future<Output = Result<Done, StoreError>>,
) -> Result<Done, StoreError> {
    tokio::time::timeout(PATIENCE, asking)
        .await
        .unwrap_or(Err(StoreError::Database(sqlx::Error::PoolTimedOut)))
}

/// Who waits for one kind of work.
pub(crate) struct Together<Job, Done> {
    waiting: Mutex<Vec<Waiting<Job, Done>>>,
    turns: Semaphore,
}

impl<Job, Done> Default for Together<Job, Done> {
    fn default() -> Self {
        Self::turns(1)
    }
}

impl<Job, Done> Together<Job, Done> {
    /// So many transactions at the same time. With two, one reads and prepares while the other waits for the disk; where both want the
    /// same row the database lets one wait, as it does with two instances.
    pub(crate) fn turns(many: usize) -> Self {
        Self {
            waiting: Mutex::default(),
            turns: Semaphore::new(many),
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
            // Nobody closes it.
            let _turn = all.turns.acquire().await;
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
        // Nobody among them is to blame, and each alone would wait as long again.
        Err(error) if error.is_unavailable() => {
            tracing::warn!(%error, many = jobs.len(), "not to be had");
            for answer in answers {
                let _ = answer.send(Err(StoreError::Database(sqlx::Error::PoolTimedOut)));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::on_each;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    /// Lets several jobs come while the first is worked on; how often there was work, and what each was told.
    async fn several(
        database: &Database,
        fails: fn(&[usize]) -> Option<StoreError>,
    ) -> (usize, Vec<Result<usize, StoreError>>) {
        let (all, count): (Arc<Together<usize, usize>>, Arc<AtomicUsize>) = Default::default();
        let mut told = Vec::new();
        for job in 0..5 {
            let (all, count, database) = (all.clone(), count.clone(), database.clone());
            told.push(tokio::spawn(async move {
                all.add(&database, job, move |_, jobs: Vec<usize>| {
                    count.fetch_add(1, Ordering::Relaxed);
                    async move {
                        tokio::time::sleep(Duration::from_millis(100)).await;
                        match fails(&jobs) {
                            Some(error) => Err(error),
                            None => Ok(jobs.into_iter().map(Ok).collect()),
                        }
                    }
                })
                .await
            }));
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let mut answers = Vec::new();
        for one in told {
            answers.push(one.await.expect("answered"));
        }
        (count.load(Ordering::Relaxed), answers)
    }

    #[tokio::test]
    async fn those_who_come_meanwhile_are_worked_on_together() {
        on_each(|database| async move {
            let (times, answers) = several(&database, |_| None).await;
            assert_eq!(times, 2);
            let answers: Vec<usize> = answers.into_iter().map(|one| one.expect("done")).collect();
            assert_eq!(answers, [0, 1, 2, 3, 4]);
        })
        .await;
    }

    #[tokio::test]
    async fn nobody_fails_because_of_what_another_sent() {
        on_each(|database| async move {
            let wrong = |jobs: &[usize]| jobs.contains(&2).then_some(StoreError::Conflict);
            let (_, answers) = several(&database, wrong).await;
            for (job, answer) in answers.into_iter().enumerate() {
                assert_eq!(answer.is_err(), job == 2, "{job}");
            }
        })
        .await;
    }

    #[tokio::test]
    async fn when_the_database_is_gone_all_are_told_at_once() {
        on_each(|database| async move {
            let gone = |_: &[usize]| Some(StoreError::Database(sqlx::Error::PoolTimedOut));
            let (times, answers) = several(&database, gone).await;
            assert_eq!(times, 2, "not one by one");
            for answer in answers {
                assert!(answer.expect_err("gone").is_unavailable());
            }
        })
        .await;
    }
}
