//! What a customer journey is: entities, the one vocabulary of [`Command`]s that changes them,
//! the rules a change must keep, and the formulas that read them.
//!
//! Pure by construction: no clock, no randomness, no IO. Whoever calls passes the time and fresh
//! ids in, so everything here also runs in a web view and gives the same answer on every device.
//!
//! Straight path of a change: [`carry_out()`] checks a [`Command`] against a [`Board`] and answers
//! with the entities as they will be; a document turns the difference into a CRDT change; the
//! resulting [`Patch`] keeps every copy of the board current.

pub mod agenda;
pub mod board;
pub mod carry_out;
pub mod command;
mod common;
pub mod draft;
pub mod entity;
pub mod filter;
mod id;
pub mod import;
pub mod kind;
mod link;
pub mod news;
pub mod order;
pub mod patch;
pub mod placement;
mod restore;
pub mod score;
mod signal;
pub mod template;
mod time;
pub mod wording;

pub use agenda::{Agenda, How, Trace, agenda};
pub use board::Board;
pub use carry_out::{Changes, carry_out, placed_on};
pub use command::{Change, Command, CommandError};
pub use common::{ItemState, owner_change, owner_of};
pub use entity::*;
pub use id::*;
pub use kind::{ItemKind, KindSpec};
pub use link::Link;
pub use order::Order;
pub use patch::Patch;
pub use restore::back_to;
pub use signal::{Shelf, Signal, SignalState};
pub use time::{Stamp, Timestamp, Via};
