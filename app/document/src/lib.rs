//! Reads, draws, finds and proposes: PDF pages without a browser, a clock or a network.
//!
//! hayro stands behind this face and nothing of it shows: positions are in view space (`contract::geometry`), errors are typed,
//! sizes are bounded.

mod annotation;
mod area;
mod attachment;
mod catalog;
#[cfg(feature = "builtin-fonts")]
mod cmaps;
mod details;
mod draw;
mod fonts;
mod form;
mod limits;
mod link;
mod locate;
mod mesh;
mod open;
mod outline;
mod owner;
mod propose;
mod text;
mod text_string;
mod unpack;
mod unseen;
mod watch;
mod work;

pub use attachment::AttachmentError;
pub use draw::Picture;
pub use fonts::Resources;
#[cfg(feature = "builtin-fonts")]
pub use fonts::builtin_packs;
pub use limits::{ATTACHMENT_MAX, BYTES_MAX, PAGES_MAX, PIXELS_MAX};
pub use locate::Found;
pub use open::{Document, OpenError, PageError};
