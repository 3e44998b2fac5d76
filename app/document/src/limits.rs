//! How much is ever opened, drawn or read.

/// Largest file, in bytes.
pub const BYTES_MAX: usize = 256 * 1024 * 1024;
/// Most pages.
pub const PAGES_MAX: usize = 20_000;
/// Most pixels of one picture: one such page costs 64 MB of memory that wasm never gives back.
pub const PIXELS_MAX: f64 = 16_000_000.0;
/// Longest side of a picture, in pixels: the renderer counts in 16 bits.
pub(crate) const SIDE_MAX: f64 = 32_000.0;
/// Most letters that are read from one page.
pub(crate) const LETTERS_MAX: usize = 500_000;
/// Most places a search returns.
pub(crate) const HITS_MAX: usize = 5_000;
