//! Base documents written by hand.
