//! Upkeep of the map by itself: when a recipe runs, what it looks at, and what it would do.
//!
//! Pure: a board and a time in, a [`Plan`] out. Whoever has a plan may show it (a dry run), or carry it out.
//! Nothing here writes, so a dry run cannot.
//!
//! Invariant: everything that a plan adds has an identifier made from what it is about (`names`). Two
//! devices that carry out the same plan, or one that does it twice around a crash, add one thing: a board
//! refuses what it has.
//!
//! Recipes wake by the clock, or when a person marks something in a chat. What a person makes wakes when an item comes to
//! be what it watches for, unless an automation made it so: none can wake itself or another.

mod automation;
mod back;
mod backtest;
mod condition;
mod names;
mod plan;
mod recipes;
mod schedule;
mod sentence;

pub use automation::{Automation, Key, Recipe, RecipeKind, Room};
pub use back::back;
pub use backtest::{BACKTEST_DAYS, Firing, backtest};
pub use condition::About;
pub use names::{duty, incoming_run_id, post_id, run_id, signal_run_id};
pub use plan::{Check, Effect, Heard, Known, Plan};
pub use recipes::plan;
pub use schedule::{Rhythm, Schedule};
pub use sentence::sentence;
