//! Answers kept in memory until they go stale, bounded in bytes; who asks for what is being fetched waits for it (single flight).

use contract::value::Timestamp;
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Most answers, whatever their size.
const ENTRIES_MAX: usize = 4096;

/// What an answer is kept under.
pub(super) type Key = [u8; 32];

/// A fresh answer.
pub(super) struct Fresh<V> {
    pub(super) value: V,
    /// Until when it may be given again.
    pub(super) until: Timestamp,
    /// What keeping it costs, in bytes.
    pub(super) bytes: usize,
}

struct Slot<V> {
    value: tokio::sync::Mutex<Option<V>>,
    until: AtomicI64,
    bytes: AtomicUsize,
}

/// See the module.
pub(super) struct Cache<V> {
    bytes_max: usize,
    slots: Mutex<HashMap<Key, Arc<Slot<V>>>>,
}

impl<V: Clone> Cache<V> {
    pub(super) fn new(bytes_max: usize) -> Self {
        Self {
            bytes_max,
            slots: Mutex::default(),
        }
    }

    /// What is kept, else what `make` gives. A maker that is dropped half-way leaves the work to the next who waits.
    pub(super) async fn get<F>(&self, key: Key, now: fn() -> Timestamp, make: F) -> V
    where
        F: Future<Output = Fresh<V>>,
    {
        let slot = {
            let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
            let slot = slots.entry(key).or_insert_with(|| {
                Arc::new(Slot {
                    value: tokio::sync::Mutex::new(None),
                    until: AtomicI64::new(i64::MIN),
                    bytes: AtomicUsize::new(0),
                })
            });
            Arc::clone(slot)
        };
        let mut value = slot.value.lock().await;
        if let Some(kept) = &*value
            && now().0 < slot.until.load(Ordering::Relaxed)
        {
            return kept.clone();
        }
        let fresh = make.await;
        slot.until.store(fresh.until.0, Ordering::Relaxed);
        slot.bytes.store(fresh.bytes, Ordering::Relaxed);
        *value = Some(fresh.value.clone());
        drop(value);
        drop(slot);
        self.shrink(now());
        fresh.value
    }

    /// Forgets what is stale, and what goes stale soonest while there is too much.
    fn shrink(&self, now: Timestamp) {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let until = |slot: &Slot<V>| slot.until.load(Ordering::Relaxed);
        // A slot that somebody holds is at work.
        slots.retain(|_, slot| Arc::strong_count(slot) > 1 || until(slot) > now.0);
        let mut bytes: usize = slots
            .values()
            .map(|slot| slot.bytes.load(Ordering::Relaxed))
            .sum();
        if bytes <= self.bytes_max && slots.len() <= ENTRIES_MAX {
            return;
        }
        let mut order: Vec<(i64, Key)> = slots
            .iter()
            .map(|(key, slot)| (until(slot), *key))
            .collect();
        order.sort_unstable();
        for (_, key) in order {
            if bytes <= self.bytes_max && slots.len() <= ENTRIES_MAX {
                return;
            }
            if let Some(slot) = slots.remove(&key) {
                bytes = bytes.saturating_sub(slot.bytes.load(Ordering::Relaxed));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(moment: i64) -> Timestamp {
        Timestamp(moment)
    }

    async fn ask(cache: &Cache<u32>, key: u8, now: fn() -> Timestamp, made: &AtomicUsize) -> u32 {
        let make = async {
            let made = made.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            Fresh {
                value: u32::try_from(made).expect("few"),
                until: at(100),
                bytes: 40,
            }
        };
        cache.get([key; 32], now, make).await
    }

    #[tokio::test]
    async fn many_who_ask_at_once_cause_one_fetch() {
        let (cache, made) = (Cache::new(1000), AtomicUsize::new(0));
        let asks = (0..20).map(|_| ask(&cache, 1, || at(1), &made));
        let answers = futures_util::future::join_all(asks).await;
        assert!(answers.iter().all(|answer| *answer == 0));
        assert_eq!(made.load(Ordering::Relaxed), 1);
        ask(&cache, 1, || at(99), &made).await;
        assert_eq!(made.load(Ordering::Relaxed), 1, "kept");
        ask(&cache, 1, || at(100), &made).await;
        assert_eq!(made.load(Ordering::Relaxed), 2, "stale");
    }

    #[tokio::test]
    async fn a_fetch_that_is_given_up_hinders_nobody() {
        let (cache, made) = (Cache::new(1000), AtomicUsize::new(0));
        let never = cache.get([1; 32], || at(1), std::future::pending());
        let gone = tokio::time::timeout(std::time::Duration::from_millis(5), never).await;
        assert!(gone.is_err());
        assert_eq!(ask(&cache, 1, || at(1), &made).await, 0);
    }

    #[tokio::test]
    async fn what_is_kept_is_bounded() {
        let (cache, made) = (Cache::new(100), AtomicUsize::new(0));
        for key in 0..50 {
            ask(&cache, key, || at(1), &made).await;
        }
        assert_eq!(cache.slots.lock().expect("lock").len(), 2);
    }
}
