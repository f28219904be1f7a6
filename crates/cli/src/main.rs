//! The command line of Custory.

fn main() {}
