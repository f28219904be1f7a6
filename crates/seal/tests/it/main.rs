//! Promises of the seal, and the vectors that another implementation can hold itself against.

#![expect(clippy::unwrap_used, reason = "what fails here is a failed test")]

mod promises;
mod vectors;
