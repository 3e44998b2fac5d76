//! What placing a signature needs of the server, from this device when the server is not reached.

use crate::api::{self, Answer};
use crate::draft::habit::{Habit, recall, remember};
use crate::session;
use contract::problem::ProblemCode;
use contract::profile::SignatureProfile;

/// One's own signature profiles; without a network as they were when they were last asked for.
pub async fn profiles() -> Answer<Vec<SignatureProfile>> {
    let habit = session::signed_in().map(|account| Habit::Profiles { account });
    match (api::profiles().await, habit) {
        (Ok(profiles), Some(habit)) => {
            // Only for the time without a network: nothing is lost when there is no room for it.
            let _ = remember(habit, &profiles).await;
            Ok(profiles)
        }
        (Err(error), Some(habit)) if error.code == ProblemCode::Offline => {
            recall(habit).await.ok_or(error)
        }
        (answer, _) => answer,
    }
}

/// Asks for them once, so that they are known before the first signature is placed.
pub async fn prepare() {
    let Some(account) = session::signed_in() else {
        return;
    };
    let known: Option<Vec<SignatureProfile>> = recall(Habit::Profiles { account }).await;
    if known.is_none() {
        let _ = profiles().await;
    }
}
