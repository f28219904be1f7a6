//! Promises of reading: what is read keeps its proof, and everything that is read is bounded.

mod fixtures_read;
mod folder_limits;
mod progress;
mod shared;
mod website_limits;
