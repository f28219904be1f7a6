//! Promises of sync, kept by many devices and a forgetful relay in one thread, from a seed.
//!
//! `SEEDS=1000 cargo test -p custory-sync --test it` runs more of them; a failing seed is printed and
//! `SEED=n` runs that one alone.

#![expect(clippy::unwrap_used, reason = "what fails here is a failed test")]

mod convergence;
mod device;
mod dice;
mod liar;
mod people;
mod pictures;
mod relay;
mod snapshots;
mod versions;
mod world;
