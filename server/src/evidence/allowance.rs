//! How often an account may ask in a minute. Kept in memory: with several instances each grants its own.

use crate::state::now;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

const MINUTE_MS: i64 = 60_000;
/// Beyond so many accounts those of earlier minutes are forgotten.
const ACCOUNTS_MAX: usize = 10_000;

/// Counts by account and minute.
pub(crate) struct Allowance {
    most: u32,
    asked: Mutex<HashMap<Uuid, (i64, u32)>>,
}

impl Allowance {
    pub(crate) fn new(most: u32) -> Self {
        Self {
            most,
            asked: Mutex::default(),
        }
    }

    /// Takes one, if there is one left.
    pub(crate) fn take(&self, account: Uuid) -> bool {
        self.take_at(account, now().0 / MINUTE_MS)
    }

    fn take_at(&self, account: Uuid, minute: i64) -> bool {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if asked.len() >= ACCOUNTS_MAX {
            asked.retain(|_, (then, _)| *then == minute);
        }
        let entry = asked.entry(account).or_insert((minute, 0));
        if entry.0 != minute {
            *entry = (minute, 0);
        }
        entry.1 = entry.1.saturating_add(1);
        entry.1 <= self.most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_account_has_its_own_allowance_and_a_new_one_every_minute() {
        let allowance = Allowance::new(2);
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert!(allowance.take_at(one, 5) && allowance.take_at(one, 5));
        assert!(!allowance.take_at(one, 5));
        assert!(allowance.take_at(other, 5));
        assert!(allowance.take_at(one, 6));
    }
}
