//! Formulas: what follows from what people wrote and what was measured.
//!
//! Every one is a pure function that states its formula, unit and source, shows the inputs it used
//! and names those that are missing. The time comes in as an argument, randomness as a generator
//! whose state the caller chose: the same board gives the same numbers on every device, and the
//! command line can work out again any number that a window shows. Nothing here changes a board, and
//! what is unknown stays unknown: it is never counted as zero.
//!
//! Start at [`Scores::of`], which computes everything about a journey; [`claim::evidence_behind`] shows
//! what one score rests on.

pub mod axis;
pub mod bootstrap;
pub mod claim;
pub mod confidence;
pub mod evidence;
#[cfg(test)]
pub(crate) mod fixture;
pub mod freshness;
pub mod funnel;
pub mod health;
pub mod impact;
pub mod interval;
mod journey;
pub mod keep;
pub mod opportunity;
pub mod priority;
pub mod reach;
pub mod results;
pub mod sentiment;
pub mod verdict;
pub mod window;

pub use journey::{Friction, Scores, StepScore};
