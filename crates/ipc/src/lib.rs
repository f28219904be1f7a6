//! What windows, command line and engine say to each other: requests, replies, events.
//!
//! Pure values, the same on both sides, so that no type exists twice. Everything that changes a
//! journey is a [`custory_domain::Command`] inside [`Request::Dispatch`]; every change comes back
//! as [`Event::Patched`], whoever made it.

mod asking;
mod connectors;
mod event;
mod models;
mod reply;
mod request;
mod team;
mod view;

pub use asking::*;
pub use connectors::*;
pub use event::Event;
pub use models::*;
pub use reply::*;
pub use request::*;
pub use team::*;
pub use view::*;
