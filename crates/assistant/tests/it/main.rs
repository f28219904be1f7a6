//! Promises of the assistant: it asks what it may, and says only what a fact stands behind.

mod asking;
mod facts;
mod server;
mod shared;
