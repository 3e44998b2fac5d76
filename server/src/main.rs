//! The portal server.
fn main() {}
