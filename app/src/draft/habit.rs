//! What the device remembers for somebody: how they sign, and what the server told them last. Never sent anywhere.

use super::DraftError;
use super::database::{self, Store};
use super::record;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// What is remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Habit<'a> {
    /// Where a component of a procedure was signed.
    Place {
        /// Whose.
        account: Uuid,
        /// Procedure's code.
        procedure: &'a str,
        /// Component's code.
        component: &'a str,
    },
    /// What the personal document store held when it was last asked for, and which of its files lie on this device.
    Shelf {
        /// Whose.
        account: Uuid,
    },
    /// What the signature of a profile shows.
    Look {
        /// Whose.
        account: Uuid,
        /// The profile.
        profile: Uuid,
    },
    /// The signature profiles, as the server had them last.
    Profiles {
        /// Whose.
        account: Uuid,
    },
    /// What the server told last, e.g. the list of dossiers, to be read without a network.
    Seen {
        /// Whose.
        account: Uuid,
        /// Of what: see [`crate::part::seen`].
        what: &'a str,
    },
    /// Files of a draft that are about to be signed, and where their boxes stand: for all that were chosen, or for the one that is
    /// signed alone.
    Gathered {
        /// Whose.
        account: Uuid,
        /// The draft.
        draft: Uuid,
        /// The one file.
        attachment: Option<Uuid>,
    },
}

impl Habit<'_> {
    const fn account(&self) -> Uuid {
        match self {
            Self::Place { account, .. }
            | Self::Shelf { account }
            | Self::Look { account, .. }
            | Self::Profiles { account }
            | Self::Seen { account, .. }
            | Self::Gathered { account, .. } => *account,
        }
    }

    fn key(&self) -> String {
        match self {
            Self::Place {
                account,
                procedure,
                component,
            } => format!("place/{account}/{procedure}/{component}"),
            Self::Shelf { account } => format!("shelf/{account}"),
            Self::Look { account, profile } => format!("look/{account}/{profile}"),
            Self::Profiles { account } => format!("profiles/{account}/"),
            Self::Seen { account, what } => format!("seen/{account}/{what}"),
            Self::Gathered {
                account,
                draft,
                attachment: None,
            } => format!("gathered/{account}/{draft}"),
            Self::Gathered {
                account,
                draft,
                attachment: Some(attachment),
            } => format!("gathered/{account}/{draft}/{attachment}"),
        }
    }
}

/// Remembers; what was remembered before is replaced.
pub async fn remember<T: Serialize>(habit: Habit<'_>, value: &T) -> Result<(), DraftError> {
    record::write(habit.account(), Store::Habit, &habit.key(), value).await
}

/// What is remembered; what an older version kept in another form counts as nothing.
pub async fn recall<T: DeserializeOwned>(habit: Habit<'_>) -> Option<T> {
    record::read(Store::Habit, &habit.key()).await.ok()?
}

/// Forgets what belongs to a draft that is gone.
pub(super) async fn forget_draft(account: Uuid, draft: Uuid) -> Result<(), DraftError> {
    let all = Habit::Gathered {
        account,
        draft,
        attachment: None,
    };
    // The one of all files, and those of single ones below it.
    forget(&all.key(), |_| false).await
}

/// Forgets what the server told of things it does not have any more: `what` begins so, and its rest is none of those that stay.
pub async fn forget_seen(
    account: Uuid,
    what: &str,
    stays: impl Fn(&str) -> bool,
) -> Result<(), DraftError> {
    forget(&Habit::Seen { account, what }.key(), stays).await
}

async fn forget(begins: &str, stays: impl Fn(&str) -> bool) -> Result<(), DraftError> {
    for at in database::keys(Store::Habit).await? {
        if at.strip_prefix(begins).is_some_and(|rest| !stays(rest)) {
            database::delete(Store::Habit, &at).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    async fn a_habit_is_kept_for_one_person_and_one_form() {
        let account = Uuid::new_v4();
        let place = |account, component| Habit::Place {
            account,
            procedure: "1.001193",
            component,
        };
        remember(place(account, "to-khai"), &7).await.expect("kept");
        remember(place(account, "to-khai"), &8).await.expect("kept");
        assert_eq!(recall::<u32>(place(account, "to-khai")).await, Some(8));
        assert_eq!(recall::<u32>(place(account, "khac")).await, None);
        assert_eq!(recall::<u32>(place(Uuid::new_v4(), "to-khai")).await, None);
        assert_eq!(recall::<String>(place(account, "to-khai")).await, None);
    }

    #[wasm_bindgen_test]
    async fn what_the_server_does_not_have_any_more_is_forgotten_and_nothing_else() {
        let (account, other) = (Uuid::new_v4(), Uuid::new_v4());
        let seen = |account, what| Habit::Seen { account, what };
        for (account, what) in [
            (account, "dossier/a"),
            (account, "dossier/b"),
            (account, "dossiers"),
            (other, "dossier/a"),
        ] {
            remember(seen(account, what), &1).await.expect("kept");
        }
        forget_seen(account, "dossier/", |rest| rest == "b")
            .await
            .expect("forgotten");
        assert_eq!(recall::<u32>(seen(account, "dossier/a")).await, None);
        assert_eq!(recall::<u32>(seen(account, "dossier/b")).await, Some(1));
        assert_eq!(recall::<u32>(seen(account, "dossiers")).await, Some(1));
        assert_eq!(recall::<u32>(seen(other, "dossier/a")).await, Some(1));
    }
}
