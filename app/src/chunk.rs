//! What is not in the first download: parts of the page's own wasm that are fetched when they are first needed.
//!
//! `cargo xtask build` cuts the module at the functions below; all functions of one chunk travel in one file, what several chunks need
//! in a file beside them. The service worker keeps every chunk, so that they are there without a network. The quick build
//! of development is not cut: the same functions answer at once.

use crate::api::Answer;
use crate::door;
use crate::draft::{DraftError, vault};
use crate::outbox;
use crate::part::search;
use crate::screen::dossier::begin::{self, Begun};
use crate::signing;
use contract::procedure::{Procedure, ProcedureSummary};
use contract::session::Account;
use contract::value::Timestamp;
use leptos::prelude::*;
use std::future::Future;
use std::pin::Pin;
use uuid::Uuid;

/// A chunk did not arrive; the next try asks the network again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing;

#[cfg(feature = "split")]
impl From<leptos::wasm_split::SplitLoaderError> for Missing {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        Self
    }
}

/// Makes a screen.
pub type Screen = fn() -> AnyView;

/// A screen that is being fetched.
pub type Fetch = fn() -> Pin<Box<dyn Future<Output = Result<Screen, Missing>>>>;

/// Searches a catalogue for what is typed: see [`search::searched`].
pub type Search = fn(
    Signal<Option<Answer<Vec<ProcedureSummary>>>>,
    Signal<String>,
) -> Memo<Option<search::Searched>>;

/// Begins a draft, or finds one: see [`begin::begin`].
pub type Begin = fn(
    Account,
    Procedure,
    Timestamp,
    bool,
) -> Pin<Box<dyn Future<Output = Result<Begun, DraftError>>>>;

/// Takes up the outbox of an account: see [`outbox::resume`].
pub type Outbox = door::Resume<outbox::Outbox>;

/// Takes up the signings of an account that wait: see [`signing::resume`].
pub type Resume = door::Resume<signing::Signings>;

type Later<T> = Pin<Box<dyn Future<Output = T>>>;

/// Whose data the device holds open: see [`crate::draft::vault`].
#[derive(Clone, Copy)]
pub struct Vault {
    /// Somebody signed in; whether the device is shared.
    pub enter: fn(Account, bool) -> Later<()>,
    /// Who was signed in.
    pub recall: fn() -> Later<Option<Account>>,
    /// Nobody is signed in; with an account, everything of it goes.
    pub leave: fn(Option<Uuid>) -> Later<()>,
    /// Another window signed out: this one forgets the keys it has in memory.
    pub forget: fn(),
    /// How many drafts would go.
    pub drafts: fn(Uuid) -> Later<usize>,
    /// Bytes that are left, when they are few.
    pub room: fn() -> Later<Option<f64>>,
}

/// Functions that give what lies in a chunk. The cut goes through the call, so that nothing but a pointer crosses it.
macro_rules! chunk {
    ($($chunk:ident: $name:ident -> $what:ty { $($body:tt)+ })+) => {
        $(
            #[cfg(feature = "split")]
            #[leptos::wasm_split::wasm_split($chunk, wasm_split_path = leptos::wasm_split, fallible)]
            fn $name() -> Result<$what, Missing> {
                Ok($($body)+)
            }

            #[cfg(not(feature = "split"))]
            async fn $name() -> Result<$what, Missing> {
                Ok($($body)+)
            }
        )+
    };
}

macro_rules! screens {
    ($($chunk:ident: $name:ident => $screen:path;)+) => {
        chunk! { $($chunk: $name -> Screen { || $screen().into_any() })+ }

        /// Screens that come later.
        pub mod screen {
            use super::Fetch;
            $(
                /// Fetches the screen.
                #[allow(non_upper_case_globals)]
                pub const $name: Fetch = || Box::pin(super::$name());
            )+
        }
    };
}

screens! {
    enter: sign_in => crate::screen::sign_in::SignIn;
    enter: forgotten => crate::screen::reset::Forgotten;
    enter: new_password => crate::screen::reset::NewPassword;
    security: security => crate::screen::security::Security;
    catalogue: procedures => crate::screen::procedures::Procedures;
    procedure: procedure => crate::screen::procedure::Procedure;
    citizen: account => crate::screen::account::Account;
    citizen: profiles => crate::screen::profiles::Profiles;
    citizen: sign_kind => crate::screen::sign_kind::SignKind;
    citizen: information => crate::screen::dossier::information::Information;
    citizen: components => crate::screen::dossier::components::Components;
    citizen: fees => crate::screen::dossier::fees::Fees;
    citizen: payments => crate::screen::payment::Payments;
    citizen: payment => crate::screen::payment::OnePayment;
    citizen: review => crate::screen::dossier::review::Review;
    citizen: kept => crate::screen::kept::Kept;
    citizen: my_dossiers => crate::screen::my_dossiers::MyDossiers;
    citizen: bell => crate::part::bell::Bell;
    after: my_dossier => crate::screen::my_dossier::MyDossier;
    after: notices => crate::screen::notices::NoticeList;
    after: reminders => crate::screen::reminders::ReminderList;
    content: track => crate::screen::track::Track;
    citizen: unfinished => crate::screen::home::unfinished::Unfinished;
    citizen: password => crate::screen::password::Password;
    sign: sign => crate::screen::sign::Sign;
    content: help => crate::screen::help::Help;
    content: help_topic => crate::screen::help::HelpTopic;
    content: news => crate::screen::news::News;
    content: article => crate::screen::news::Article;
    content: send_feedback => crate::screen::feedback::SendAFeedback;
    content: survey => crate::screen::survey::Survey;
    content: design => crate::screen::design::Design;
    check: check => crate::screen::check::Check;
    officer: officer_feedback => crate::screen::officer::feedback::OfficerFeedback;
    officer: statistics => crate::screen::statistics::Statistics;
    admin: admin_catalogue => crate::screen::officer::admin::list::Catalogue;
    admin: admin_document => crate::screen::officer::admin::document::Document;
    admin: admin_rights => crate::screen::officer::admin::rights::Rights;
    officer: audit => crate::screen::officer::audit::Audit;
    officer: inbox => crate::screen::officer::inbox::Inbox;
    officer: officer_dossier => crate::screen::officer::dossier::OfficerDossier;
}

chunk! {
    catalogue: fetch_search -> Search { search::searched }
    citizen: fetch_begin -> Begin {
        |account, procedure, now, fresh| Box::pin(begin::begin(account, procedure, now, fresh))
    }
    citizen: fetch_resume -> Resume { signing::resume }
    citizen: fetch_outbox -> Outbox { outbox::resume }
    citizen: fetch_vault -> Vault {
        Vault {
            enter: |account, shared| Box::pin(async move {
                let citizen = account.role == contract::session::Role::Citizen;
                let _ = vault::enter(&account, shared).await;
                if citizen {
                    signing::known::prepare().await;
                }
            }),
            recall: || Box::pin(vault::recall()),
            leave: |wiped| Box::pin(async move {
                let _ = match wiped {
                    Some(account) => vault::wipe(account).await,
                    None => Ok(()),
                };
                let _ = vault::leave().await;
            }),
            forget: vault::forget,
            drafts: |account| Box::pin(vault::drafts(account)),
            room: || Box::pin(vault::room()),
        }
    }
}

/// What searches the catalogue.
pub async fn searching() -> Result<Search, Missing> {
    fetch_search().await
}

/// What begins a draft.
pub async fn begin() -> Result<Begin, Missing> {
    fetch_begin().await
}

/// What takes up signings that wait.
pub async fn resume() -> Result<Resume, Missing> {
    fetch_resume().await
}

/// What takes up the outbox.
pub async fn outbox() -> Result<Outbox, Missing> {
    fetch_outbox().await
}

/// What opens and locks the device's data.
pub async fn vault() -> Result<Vault, Missing> {
    fetch_vault().await
}
