//! How fast the store is.

fn main() {}
