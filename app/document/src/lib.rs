//! Reads, draws, finds and proposes: PDF pages without a browser, a clock or a network.
//!
//! hayro stands behind this face and nothing of it shows: positions are in view space (`contract::geometry`), errors are typed,
//! sizes are bounded.

mod area;
mod attachment;
mod catalog;
mod details;
mod draw;
mod form;
mod limits;
mod link;
mod locate;
mod open;
mod outline;
mod propose;
mod text;
mod text_string;
mod unpack;
mod work;

pub use attachment::AttachmentError;
pub use draw::Picture;
pub use limits::{ATTACHMENT_MAX, BYTES_MAX, PAGES_MAX, PIXELS_MAX};
pub use open::{Document, OpenError, PageError};
