//! What windows, command line and engine say to each other: requests, replies, events.
//!
//! Pure values, the same on both sides, so that no type exists twice. Everything that changes a
//! journey is a [`custory_domain::Command`] inside [`Request::Dispatch`]; every change comes back
//! as [`Event::Patched`], whoever made it.

mod asking;
mod automations;
mod conditions;
mod connectors;
mod event;
mod files;
mod history;
mod models;
mod news;
mod presence;
mod reply;
mod request;
mod signals;
mod team;
mod verdicts;
mod view;

pub use asking::*;
pub use automations::*;
pub use conditions::*;
pub use connectors::*;
pub use event::{Event, INBOX_LINK};
pub use files::{Beginning, ExportFormat, FolderPlace, ImportFile, JourneyParts, Picture, PictureWish};
pub use history::*;
pub use models::*;
pub use news::*;
pub use presence::*;
pub use reply::*;
pub use request::*;
pub use signals::*;
pub use team::*;
pub use verdicts::*;
pub use view::*;
