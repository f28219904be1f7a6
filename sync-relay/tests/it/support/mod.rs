//! A team with keys, and a client that speaks the protocol: what tests and the benchmark need to use a relay.
//!
//! The client knows nothing of sealing: bodies are any bytes, as they are to the relay.
#![allow(dead_code, unused_imports, reason = "tests and the benchmark each use a part of it")]

mod client;
mod process;
mod relay;
mod team;

pub use client::{Client, Event};
pub use process::Process;
pub use relay::{expect_brought, open_config, start};
pub use team::{Author, Member, Team};
