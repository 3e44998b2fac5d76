//! PAdES signatures: revisions, incremental update, appearance, CMS, X.509, validation; no browser, no clock, no network.
//!
//! Creating: [`inspect`] says whether a document can be signed, [`prepare`] appends the field and gives the digest to be
//! signed elsewhere, [`finish`] embeds the value; [`complete`] also embeds a timestamp and validation data (see [`timestamp`]) and
//! validates what comes out. [`archive`] adds a timestamp over the whole file (B-LTA). [`preview`] draws the appearance alone.

mod appearance;
pub mod archive;
mod ber;
pub mod blank;
mod caution;
pub mod certificate;
mod cms;
mod complete;
mod digests;
mod error;
mod finish;
mod inspect;
pub mod key;
mod known;
mod pdf;
pub mod photo;
mod place;
mod prepare;
mod preview;
pub mod report;
mod seed;
pub mod status;
mod store;
mod terms;
pub mod timestamp;
mod tlv;
pub mod trusted;
mod unlock;
mod update;
mod validate;
mod value;
mod values;

pub use caution::{cautions, covers};
pub use complete::{Completed, Embedded, complete, complete_knowing, embed_knowing};
pub use digests::{Ahead, Digests, Parts};
pub use error::SignError;
pub use finish::{Signed, finish};
pub use inspect::{Inspection, inspect, inspect_with, needs_password};
pub use prepare::{Begun, ROOM, begin, prepare, prepare_on, prepare_owned};
pub use preview::preview;
pub use terms::{FieldLock, Permitted, Terms};
pub use unlock::unlock;
pub use validate::{
    added, asked, brought, validate, validate_asking, validate_knowing, validate_with,
};
pub use value::{VerifyError, claims, normalize_value, verify_value};
pub use values::{Claim, Values};
