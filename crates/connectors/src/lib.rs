//! What other tools know and do: numbers from product analytics, issues in trackers.
//!
//! A connector is a value in [`ALL`]: who the vendor is, what a person creates there to connect it, what
//! is read and written, and its halves: a *source* that gives numbers ([`Numbers`]), a *sink* that
//! takes issues and says how they stand ([`Tracker`]), a *talking* half that hears and posts ([`Chat`]). Adding a vendor is one folder and one line.
//!
//! Everything goes through a [`Context`]: one HTTP client with time limits, capped bodies, retries of
//! temporary faults, and a log without keys. Cancelling is dropping the future. Time, randomness and
//! waiting come in through [`Surroundings`]. Nothing here keeps anything, and a key is never printed.

mod address;
mod chat;
mod context;
mod error;
mod key;
mod linear;
mod log;
mod numbers;
mod posthog;
mod registry;
mod reply;
mod sign_in;
mod slack;
mod surroundings;
mod tracker;

pub use chat::{Act, Channel, Chat, Frame, Message, Part, Place, Post, Told, Words};
pub use context::{Context, Patience};
pub use error::ConnectError;
pub use key::Key;
pub use log::Logged;
pub use numbers::{EventName, Numbers, closed_weeks};
pub use registry::{ALL, Account, Auth, Connector, SecondKey, Setting, Settings, SignIn, find};
pub use sign_in::{FLOW_BYTES, Flow, Keeper, Tokens};
pub use surroundings::Surroundings;
pub use tracker::{Draft, Issue, Team, Tracker, issue_id};
