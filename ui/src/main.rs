//! The windows of Custory.

fn main() {}
