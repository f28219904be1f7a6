//! Promises of the wire: what is written is read back the same, and nothing else is read.

#![expect(clippy::unwrap_used, reason = "what fails here is a failed test")]

mod roster;
mod round_trip;
