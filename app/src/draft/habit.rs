//! What the device remembers of how somebody signs: the place on a form, and what a profile's signature shows. Never sent anywhere.

use super::DraftError;
use super::database::Store;
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
}
