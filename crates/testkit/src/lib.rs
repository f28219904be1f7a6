//! Builders and stand-ins for tests: ids and stamps without randomness or a clock, journeys of any
//! size, strategies for entities and gestures, and replicas that talk over a bad line.
//!
//! Seen by tests only. Panics where a test should fail.

#[cfg(all(feature = "bus", unix))]
pub mod bus;
pub mod entity;
pub mod gesture;
pub mod journey;
#[cfg(all(feature = "bus", unix))]
pub mod keyring;
mod mint;
#[cfg(all(feature = "bus", unix))]
pub mod notices;
pub mod offline;
pub mod ollama;
#[cfg(feature = "relay")]
pub mod relay;
pub mod replica;
#[cfg(feature = "relay")]
pub mod tap;
#[cfg(feature = "vendors")]
pub mod vendors;
#[cfg(feature = "relay")]
pub mod way;

pub use mint::Mint;

/// How many cases a property is tried on: `usual`, or what `PROPTEST_CASES` says for a longer look.
pub fn cases(usual: u32) -> proptest::test_runner::Config {
    let asked_for = std::env::var("PROPTEST_CASES").ok().and_then(|it| it.parse().ok());
    proptest::test_runner::Config::with_cases(asked_for.unwrap_or(usual))
}
