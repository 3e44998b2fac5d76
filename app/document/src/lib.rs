//! Reads, draws, finds and proposes: PDF pages without a browser, a clock or a network.
//!
//! hayro stands behind this face and nothing of it shows: positions are in view space (`contract::geometry`), errors are typed,
//! sizes are bounded.

mod draw;
mod limits;
mod locate;
mod open;
mod propose;
mod text;

pub use draw::Picture;
pub use limits::{BYTES_MAX, PAGES_MAX, PIXELS_MAX};
pub use open::{Document, OpenError, PageError};
