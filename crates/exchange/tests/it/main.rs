//! Promises of what comes in and goes out: nothing is lost in silence, and the same state gives the same bytes.

mod common;
mod foreign;
mod hostile;
mod markdown;
mod others;
mod round_trip;
mod sample;
