//! The only crate with SQL and the object store: one SQL text for SQLite and PostgreSQL.
//!
//! Rules: columns are TEXT, BIGINT and DOUBLE; writes on SQLite begin immediately, so that two writers wait instead of failing;
//! every change of a signing or a dossier writes its event row in the same transaction.

mod account;
mod audit;
pub mod backup;
mod bell;
mod clock;
mod database;
mod dossier;
mod edition;
mod external;
mod feedback;
mod files;
mod hook;
mod inbox;
mod kept;
mod keys;
mod mail;
mod message;
mod notice;
mod operations;
mod payment;
mod presence;
mod profile;
mod reminder;
mod reset;
mod retention;
mod rows;
mod second_factor;
mod session;
mod signing;
mod slip;
mod statistics;
mod together;
mod unused;
mod upload;
mod vault;
mod work;

pub use account::{NewAccount, StoredAccount};
pub use audit::{AuditFilter, Broken, Chain, NewRecord};
pub use bell::{Bell, Ring};
pub use clock::Clock;
pub use database::{Database, StoreError};
pub use dossier::{
    LifeChange, NewDossier, StoredAttachment, StoredDossier, StoredResult, Submission, Submitted,
    With,
};
pub use edition::{NewDraft, StoredEdition};
pub use external::{EndedThere, ExternalIdentity, OidcLogin, OidcSession};
pub use files::{FileError, Files, Place, S3Place};
pub use hook::{DueHook, HookEvent, HookLine};
pub use inbox::{InboxEntry, InboxQuery, InboxRows, Scope, ScopePart};
pub use kept::{KEPT_FILES_MAX, NewKept};
pub use keys::{KeyError, Keys};
pub use mail::{AccountMail, DueMail, MailAbout};
pub use operations::{Backlog, Probe};
pub use payment::{DueTry, NewPayment, OnlineOutcome, OnlineTry, PaymentChange, StoredPayment};
pub use retention::OverDossier;
pub use second_factor::SecondFactor;
pub use session::{ListedSession, NewSession, Proved, StoredSession};
pub use signing::{
    Attempt, Change, ChangedSigning, DueSigning, Looked, NewSigning, StoredCertificate,
    StoredSigning,
};
pub use slip::StoredSlip;
pub use statistics::DayFigures;
pub use unused::LOOKED_UP_MAX;
pub use upload::{Upload, UploadBounds};
pub use vault::{KeysInUse, Vault};
pub use work::{StepChange, WorkChange};

/// A database for tests: SQLite in a fresh folder, or PostgreSQL when `TEST_POSTGRES_URL` is set and asked for.
#[doc(hidden)]
pub mod testing;
