//! The sandbox provider as a program.
fn main() {}
